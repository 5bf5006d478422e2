// One angle of a random circuit: the cost as it turns, what shots see of it, and how many shots the slope takes, for two to
// eight qubits.
import {draw, fixed, line, power, random, whole} from './frame.mjs';
import {outcomes} from './ports/learning/barren_plateaus.mjs';
import {DEPTHS, TYPICAL} from './ports/learning/slopes.mjs';

const COSTS = {zz: 'two wires: equal?', local: 'each wire (local)', global: 'all wires (global)'};
const LEFT = 40, WIDE = 226, TOP = 20, HIGH = 200, DOTS = 17, EXACT = 1000;
const X = angle => LEFT + WIDE * (angle + Math.PI) / (2 * Math.PI);
const degrees = angle => `${fixed(angle * 180 / Math.PI, 0)}°`;
const near = shots => shots < 1e6 ? `${shots < 100 ? '' : 'about '}${whole(+Math.max(1, shots).toPrecision(2))}` : `about ${power(shots)}`;
const layers = depth => `${depth} ${depth === 1 ? 'layer' : 'layers'}`;

export default function begin(frame) {
  frame.caption('The curve: the cost of one random circuit as its first angle turns, all others left where they are. Blue: exact; shaded: one standard error of so many shots to both sides; points: counted. Drag the large point; the black line is the slope there. '
    + 'The other chart: the shots a value from which on the noise is as small as the slope; half of 6,000 random circuits need more than the point, half fewer. The orange line is what you have: below it points are filled. What makes them climb, the depth or the question?');
  const svg = frame.stage('0 0 280 280', 'The cost of a circuit against one angle, with the noise of counting');
  const side = frame.stage('0 0 280 280', 'Shots that a typical slope takes, against the number of qubits');
  const shade = draw('path', {fill: 'var(--live-faint)'}), curve = draw('path', {class: 'live-line'}), counted = draw('g'), ticks = draw('g');
  const tangent = draw('path', {class: 'live-axis', 'stroke-width': 2});
  const grip = draw('g', {}, draw('circle', {r: 22, fill: 'transparent'}), draw('circle', {r: 7.5, class: 'live-fill live-alice'}));
  svg.append(ticks, shade, counted, curve, tangent, grip);
  ['−π', '0', 'π'].forEach((name, k) => svg.append(draw('text', {x: LEFT + k * WIDE / 2, y: TOP + HIGH + 20, class: 'live-middle'}, name)));
  svg.append(draw('text', {x: LEFT + WIDE / 2, y: TOP + HIGH + 40, class: 'live-middle'}, 'turn of the first angle'), draw('text', {x: LEFT - 30, y: 11}, 'cost'));
  frame.number('theta', {min: -Math.PI, max: Math.PI, value: 0.8});
  frame.slider('qubits', {label: 'Qubits', min: 2, max: 8, step: 1, value: 4, show: whole});
  frame.slider('depth', {label: 'Layers', min: 0, max: DEPTHS.length - 1, step: 1, value: 5, show: k => whole(DEPTHS[k])});
  frame.choice('cost', {label: 'The cost asks', options: Object.entries(COSTS)});
  frame.slider('log', {label: 'Shots a value', min: 1, max: 6, step: 0.5, value: 2, show: one => whole(10 ** one)});
  frame.number('circuit', {min: 1, max: 9999, round: true, value: 1});
  frame.button('Another circuit', () => frame.set({circuit: frame.state.circuit % 9999 + 1}));

  // Each chance is a wave of the angle, so three circuits tell it everywhere: [value, mean, cosine, sine].
  let held = ['', []];
  const waves = ({qubits, depth, cost, circuit}) => {
    const asked = `${qubits} ${depth} ${cost} ${circuit}`;
    if (held[0] === asked) return held[1];
    const roll = random(circuit), all = Array.from({length: DEPTHS.at(-1)}, () => Array.from({length: 8}, () => [Math.floor(3 * roll()), 2 * Math.PI * roll()]));
    const part = all.slice(0, DEPTHS[depth]).map(row => row.slice(0, qubits)), axes = part.map(row => row.map(([axis]) => axis));
    const [down, here, up] = [-1, 0, 1].map(way => outcomes({axes, angles: part.map((row, k) => row.map(([, angle], w) => angle + (k || w ? 0 : way * Math.PI / 2)))}, cost));
    held = [asked, here.map(([value, chance], k) => {
      const mean = (up[k][1] + down[k][1]) / 2;
      return [value, mean, chance - mean, (up[k][1] - down[k][1]) / 2];
    })];
    return held[1];
  };
  // Mean and variance of one shot at an angle, and how steep the mean is.
  const at = (found, angle) => {
    const c = Math.cos(angle), s = Math.sin(angle);
    let mean = 0, square = 0, slope = 0;
    for (const [value, m, a, b] of found) {
      const chance = m + a * c + b * s;
      mean += value * chance;
      square += value * value * chance;
      slope += value * (b * c - a * s);
    }
    return {mean, noise: Math.max(0, square - mean * mean), slope};
  };
  const count = (found, angle, n, roll) => {
    const {mean, noise} = at(found, angle);
    if (n > EXACT) return mean + Math.sqrt(noise / n) * Math.sqrt(-2 * Math.log(1 - roll())) * Math.cos(2 * Math.PI * roll());  // so many add up to a normal number
    const chances = found.map(([value, m, a, b]) => [value, m + a * Math.cos(angle) + b * Math.sin(angle)]);
    let sum = 0;
    for (let k = 0; k < n; k++) {
      let left = roll();
      sum += (chances.find(([, chance]) => (left -= chance) < 0) ?? chances.at(-1))[0];
    }
    return sum / n;
  };

  frame.draw = state => {
    const {theta, qubits, depth, cost, log, circuit} = state, n = Math.round(10 ** log), found = waves(state);
    const low = cost === 'zz' ? -1 : 0, Y = value => TOP + HIGH * (1 - value) / (1 - low), here = at(found, theta);
    const all = Array.from({length: 91}, (_, k) => -Math.PI + k * Math.PI / 45), values = all.map(angle => at(found, angle));
    const edge = sign => values.map(({mean, noise}, k) => [X(all[k]), Y(Math.min(1, Math.max(low, mean + sign * Math.sqrt(noise / n))))]);
    shade.setAttribute('d', `${line(edge(1))}L${line(edge(-1).reverse()).slice(1)}Z`);
    curve.setAttribute('d', line(values.map(({mean}, k) => [X(all[k]), Y(mean)])));
    const reach = Math.min(0.9, 0.35 / Math.max(0.05, Math.abs(here.slope)));
    tangent.setAttribute('d', line([-reach, reach].map(d => Math.min(Math.PI, Math.max(-Math.PI, theta + d))).map(angle => [X(angle), Y(here.mean + (angle - theta) * here.slope)])));
    grip.setAttribute('transform', `translate(${X(theta)} ${Y(here.mean)})`);
    ticks.replaceChildren(...[1, (1 + low) / 2, low].flatMap(value => [draw('line', {x1: LEFT, x2: LEFT + WIDE, y1: Y(value), y2: Y(value), class: 'live-thin'}),
      draw('text', {x: LEFT - 5, y: Y(value) + 4, class: 'live-end'}, fixed(value, value % 1 ? 1 : 0))]));
    const roll = random(7919 * circuit + 31 * qubits + depth);
    counted.replaceChildren(...Array.from({length: DOTS}, (_, k) => {
      const angle = -Math.PI + 2 * Math.PI * k / (DOTS - 1);
      return draw('circle', {cx: X(angle), cy: Y(count(found, angle, n, roll)), r: 3, class: 'live-fill live-eve'});
    }));

    const needs = TYPICAL[cost].map(row => row[depth][1]), U = q => 52 + (q - 2) * 214 / 6, V = shots => 220 - 32 * Math.log10(Math.max(shots, 0.6));
    const both = (at(found, theta + Math.PI / 2).noise + at(found, theta - Math.PI / 2).noise) / 2;
    const error = Math.sqrt(both / (2 * n)), steep = Math.abs(here.slope), mine = both / (2 * steep * steep);
    const level = steep < 1e-9;
    side.replaceChildren(...[0, 1, 2, 3, 4, 5, 6].flatMap(k => [draw('line', {x1: 48, x2: 272, y1: V(10 ** k), y2: V(10 ** k), class: 'live-thin'}),
      draw('text', {x: 44, y: V(10 ** k) + 4, class: 'live-end'}, k ? `10${'⁰¹²³⁴⁵⁶'[k]}` : '1')]),
      draw('text', {x: 6, y: 11}, 'shots a value that a slope takes'),
      ...needs.map((_, k) => draw('text', {x: U(k + 2), y: 240, class: 'live-middle'}, k + 2)),
      draw('text', {x: U(5), y: 262, class: 'live-middle'}, 'qubits'),
      draw('line', {x1: 48, x2: 272, y1: V(n), y2: V(n), class: 'live-stroke live-eve', 'stroke-width': 2.5}),
      draw('path', {d: line(needs.map((one, k) => [U(k + 2), V(one)])), class: 'live-stroke live-alice', 'stroke-width': 1.2}),
      ...needs.map((one, k) => draw('circle', {cx: U(k + 2), cy: V(one), r: k + 2 === qubits ? 7 : 4.5, class: one > n ? 'live-alice' : 'live-fill live-alice',
        ...(one > n ? {fill: 'var(--live-paper)', stroke: 'var(--mark)', 'stroke-width': 2} : {})})));
    const [[size, shots], grows] = [TYPICAL[cost][qubits - 2][depth], needs[6] / needs[0]];
    frame.say((Math.max(...values.map(one => Math.abs(one.slope))) < 1e-9 ? 'This circuit’s cost does not feel its first angle at all. '
      : level ? 'The curve is level here: no number of shots sees a slope. '
        : `Slope here ${here.slope < 0 ? '−' : ''}${power(steep)} a radian; ${whole(n)} shots a value read it to ± ${power(error)}: it ${steep < error ? 'drowns' : steep < 2 * error ? 'barely shows' : 'stands out'}. ${mine <= 1 ? 'Even one shot a value has no more noise than that. ' : `The noise is as small as this slope from ${near(Math.ceil(mine))} shots on. `}`)
      + `At ${qubits} qubits and ${layers(DEPTHS[depth])} half of 6,000 random circuits have a slope below ${power(size)} and need more than ${near(shots)} shots. From 2 to 8 qubits the shots ${grows > 1.3 ? `grow ${grows < 10 ? fixed(grows, 1) : whole(+grows.toPrecision(2))} times` : 'hardly change'}`
      + (cost === 'zz' && depth === 0 ? ': two wires that feel no others.' : cost !== 'global' ? '.' : depth === 0 ? ', and no CZ counts there yet.'
        : `; in one layer, where no CZ counts yet, ${whole(+(TYPICAL.global[6][0][1] / TYPICAL.global[0][0][1]).toPrecision(2))} times.`));
  };
  const put = theta => frame.set({theta: Math.min(Math.PI, Math.max(-Math.PI, theta))});
  frame.handle(grip, {label: 'The first angle', move: x => put((x - LEFT) * 2 * Math.PI / WIDE - Math.PI),
    step: (right, up) => put(frame.state.theta + (right + up) * Math.PI / 60),
    value: () => ({now: Math.round(frame.state.theta * 180 / Math.PI), min: -180, max: 180, text: degrees(frame.state.theta)})});
}
