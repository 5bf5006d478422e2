// Cloning machines: what each makes of the ball for its two copies, and the border of the trade between them.
import {draw, fixed, line} from './frame.mjs';
import {Ball, arrow_at, grip} from './ball.mjs';
import {apply} from './ports/qubits/noise.mjs';
import {by_lot, cloning_bound, cnot_copier, copy_fidelities, mean_fidelities, phase_covariant_cloner, second_fidelity, touching_weight,
  universal_cloner} from './ports/qubits/no_cloning.mjs';

const MACHINES = {any: universal_cloner, circle: phase_covariant_cloner, lot: by_lot, cnot: cnot_copier};
const LEFT = 46, TOP = 24, SIZE = 214;
const X = f => LEFT + SIZE * (f - 0.5) / 0.5, Y = f => TOP + SIZE * (1 - f) / 0.5;
const fine = Array.from({length: 101}, (_, k) => 0.5 + 0.25 * (1 - Math.cos(Math.PI * k / 100)));
const curve = {any: f => second_fidelity(f), circle: f => second_fidelity(f, 'circle'), lot: f => 1.5 - f};

export default function begin(frame) {
  frame.caption('Drag the point along the border, or the arrow in the ball. The balls: what the machine makes of the arrow (thin, blue) and of the whole ball, for the first copy and for the second. '
    + 'The chart: their fidelities, as a mean over the states that the machine is made for (round), and of this arrow (cross). The dashed line is one that no machine crosses.');
  frame.number('in', {min: 0, max: Math.PI, value: 1.0});
  frame.number('around', {min: -Math.PI, max: Math.PI, value: -0.2});
  const stage = frame.stage('0 0 300 176', 'Two balls: the first copy and the second');
  const balls = [78, 224].map(x => new Ball({x, y: 104, radius: 51})), bodies = balls.map(() => draw('g'));
  stage.append(...balls.flatMap((ball, k) => [...ball.drawn([]), bodies[k], ...ball.names([0, 2], 1.34), ...ball.names([1], 1.38)]));
  const hold = grip(frame, stage, balls[0], {theta: 'in', phi: 'around', label: 'The state to be copied: arrow keys turn it', radius: 6});

  const chart = frame.stage('0 0 300 280', 'Fidelity of the second copy against that of the first');
  const moving = draw('g'), point = draw('g', {}, draw('circle', {r: 20, fill: 'transparent'}), draw('circle', {r: 7, class: 'live-fill live-alice'}));
  const ticks = [[0.5, '1/2'], [2 / 3, '2/3'], [5 / 6, '5/6'], [1, '1']];
  chart.append(draw('path', {d: `M${LEFT} ${TOP}V${TOP + SIZE}H${LEFT + SIZE}`, class: 'live-axis'}),
    ...ticks.flatMap(([f, text]) => [draw('text', {x: X(f), y: TOP + SIZE + 18, class: 'live-middle'}, text), draw('text', {x: LEFT - 6, y: Y(f) + 4, class: 'live-end'}, text)]),
    draw('text', {x: LEFT + SIZE / 2, y: 274, class: 'live-middle'}, 'fidelity of the first copy'), draw('text', {x: 4, y: 12}, 'fidelity of the second'),
    draw('text', {x: X(0.757), y: Y(0.62), class: 'live-small'}, 'a lot'), draw('text', {x: X(0.885), y: Y(0.89), class: 'live-small'}, 'the circle'),
    ...Object.entries(curve).map(([, at]) => draw('path', {d: line(fine.map(f => [X(f), Y(at(f))])), class: 'live-thin'})),
    moving, point);

  frame.choice('machine', {label: 'Machine', options: [['any', 'for any state'], ['circle', 'for the circle of BB84'], ['lot', 'a lot decides who has it'], ['cnot', 'CNOT: measure and tell']]});
  const share = frame.slider('first', {label: 'Fidelity of the first copy', min: 0.5, max: 1, step: 0.001, value: 5 / 6, show: one => one.toFixed(3), free: true}).parentNode;
  const even = frame.button('Share evenly', () => frame.set({first: {any: 5 / 6, circle: (1 + Math.SQRT1_2) / 2, lot: 0.75}[frame.state.machine] ?? frame.state.first}));

  frame.draw = ({in: theta, around, machine, first}) => {
    const arrow = arrow_at(theta, around), cloner = MACHINES[machine](first), own = copy_fidelities(cloner, arrow), all = mean_fidelities(cloner);
    const mean = machine === 'circle' ? [first, second_fidelity(first, 'circle')] : all, kind = machine === 'circle' ? 'circle' : 'all';
    for (const node of [share, even]) node.hidden = machine === 'cnot';
    balls.forEach((ball, k) => {
      const party = ['live-bob', 'live-eve'][k], made = apply(cloner[k], arrow);
      bodies[k].replaceChildren(draw('text', {x: ball.x, y: 14, class: `live-middle live-tint ${party}`, 'font-weight': 'bold'}, `${['first', 'second'][k]}: ${fixed(own[k])}`),
        ...(machine === 'circle' ? [draw('path', {d: ball.ring((c, s) => [c, 0, s]), class: 'live-stroke live-alice', 'stroke-width': 1, 'stroke-dasharray': '2 3'})] : []),
        ...ball.image(cloner[k], party), ball.arrow(arrow, 'live-alice', {width: 1.5, dot: k ? 4 : 2}), ball.arrow(made, party, {dot: 4.5}));
    });
    hold(arrow);
    const wall = [];
    if (machine === 'any' || machine === 'circle') {
      const w = touching_weight(first, kind), top = cloning_bound(w, kind), inside = (x, y) => x > 0.4999 && x < 1.0001 && y > 0.4999 && y < 1.0001;
      const ends = w > 1 - 1e-6 ? [[1, 0.5], [1, 1]] : w < 1e-6 ? [[0.5, 1], [1, 1]]
        : [[0.5, (top - w / 2) / (1 - w)], [1, (top - w) / (1 - w)], [(top - (1 - w) / 2) / w, 0.5], [(top - (1 - w)) / w, 1]].filter(([x, y]) => inside(x, y));
      wall.push(draw('path', {d: line(ends.map(([x, y]) => [X(x), Y(y)])), class: 'live-axis', 'stroke-dasharray': '5 3'}));
    }
    const told_on = machine === 'circle' ? 0.75 : 2 / 3;  // what measuring and telling gives to any number of copies
    moving.replaceChildren(...wall, draw('path', {d: `M${X(told_on)} ${Y(0.5)}V${Y(told_on)}H${X(0.5)}`, class: 'live-thin'}), draw('text', {x: LEFT + 4, y: Y(told_on) + 16, class: 'live-small'}, 'measuring'),
      ...(curve[machine] ? [draw('path', {d: line(fine.map(f => [X(f), Y(curve[machine](f))])), class: 'live-stroke live-alice', 'stroke-width': 2.5})] : []),
      draw('line', {x1: X(mean[0]), x2: X(mean[0]), y1: Y(mean[1]), y2: Y(0.5), class: 'live-stroke live-bob', 'stroke-width': 1.5, 'stroke-dasharray': '2 3'}),
      draw('line', {x1: X(mean[0]), x2: X(0.5), y1: Y(mean[1]), y2: Y(mean[1]), class: 'live-stroke live-eve', 'stroke-width': 1.5, 'stroke-dasharray': '2 3'}),
      ...(own.every(f => f > 0.47) ? [draw('path', {d: `M${X(own[0]) - 5} ${Y(own[1]) - 5}l10 10m0 -10l-10 10`, class: 'live-stroke live-purple', 'stroke-width': 2})] : []),
      ...(machine === 'cnot' ? [draw('circle', {cx: X(mean[0]), cy: Y(mean[1]), r: 7, class: 'live-fill live-alice'})] : []));
    point.setAttribute('transform', `translate(${X(mean[0])} ${Y(mean[1])})`);
    point.setAttribute('visibility', machine === 'cnot' ? 'hidden' : 'visible');
    frame.say(told(machine, first, mean, own, all, arrow));
  };

  const pair = ([a, b]) => `${fixed(a)} and ${fixed(b)}`;
  function told(machine, first, mean, own, all, arrow) {
    if (machine === 'cnot') return `First and second copy of this arrow: ${pair(own)}. In the mean of all states 2/3 each: the ball is pressed onto the axis of Z, and only |0⟩ and |1⟩ come out whole. `
      + 'That is measuring and telling, which could make a thousand such copies.';
    const [low, high] = [Math.min(...mean), Math.max(...mean)], at_end = low < 0.5005;
    if (machine === 'lot') return `By lot the copies have ${pair(mean)}: ${at_end ? 'one has the qubit, the other a coin. ' : `always 3/2 together. Beside the same first copy the machine for any state gives the second ${fixed(second_fidelity(first))}: to superpose “keep it” and “give it away” beats the lot. `}`
      + 'Turn the arrow: it makes no difference.';
    const measured = Math.abs(low - 2 / 3) < 0.0015 ? `The worse copy has what measuring would give both, 2/3; and the better one still has ${fixed(high)}.`
      : low < 2 / 3 ? 'Measuring would give both 2/3, the worse copy more than it has here.' : 'Both are better than 2/3, which measuring gives.';
    if (machine === 'any') {
      const w = touching_weight(first), price = Math.max(w, 1 - w) / Math.min(w, 1 - w);
      return `First copy ${fixed(mean[0])}, second ${fixed(mean[1])}, of this arrow as of any. ` + (at_end
        ? `${mean[0] > mean[1] ? 'The first' : 'The second'} has all, the other what a coin has. Here the border ${mean[0] > mean[1] ? 'stands upright' : 'lies flat'}: whatever little you take from the perfect copy, the other gains many times as much.`
        : high - low < 1e-4 ? 'Evenly shared: 5/6, and no machine whatever has a better mean of the two.'
          : `A trifle taken from the better gives the worse about ${price < 9.95 ? fixed(price, 1) : fixed(price, 0)} times that. ${measured}`);
    }
    const off = arrow[1], where = Math.abs(off) < 0.005 ? `This arrow lies on the circle and is copied with ${pair(own)}.`
      : own[0] > 0.9995 && own[1] > 0.9995 ? 'This arrow, |i⟩, is copied without a fault, twice: the machine is made so.'
        : off < -0.999 ? `This arrow, |−i⟩, has ${pair(own)}, 1 together.`
          : `This arrow lies beside the circle and has ${pair(own)}.`;
    return `Copies of the circle: ${pair(mean)}; measuring gives both 3/4. ${where} In the mean of all states it has ${pair(all)}`
      + (at_end ? ': one wire has the qubit, and the other |i⟩, whatever came.' : `; the machine for any state has ${fixed(second_fidelity(all[0]))} beside the first of these. What it knows of the circle is paid for beside it${off > 0.005 ? ', in the mean: near |i⟩ it gains, near |−i⟩ it loses more' : ''}.`);
  }

  const go = first => frame.set({first: Math.min(1, Math.max(0.5, first))});
  frame.handle(point, {label: 'How the quality is shared: arrow keys move along the border',
    move: (px, py) => {
      const x = 0.5 + 0.5 * (px - LEFT) / SIZE, y = 1 - 0.5 * (py - TOP) / SIZE, at = curve[frame.state.machine];
      if (!at) return;
      const slope = Math.atan2(Math.max(0, y - 0.5), Math.max(1e-9, x - 0.5));
      let low = 0.5, high = 1;
      for (let k = 0; k < 30; k++) { const f = (low + high) / 2; if (Math.atan2(at(f) - 0.5, f - 0.5) > slope) low = f; else high = f; }
      go((low + high) / 2);
    },
    step: (right, up) => go(frame.state.first + 0.005 * (right - up)),
    value: () => ({now: +frame.state.first.toFixed(3), min: 0.5, max: 1, text: `first copy ${fixed(frame.state.first)}`})});
}
