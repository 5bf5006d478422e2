// The border of what is a channel, for two families of maps of the Bloch ball, and the four chances of a pair of which one
// half was sent through the map.
import {draw, fixed, line, small} from './frame.mjs';
import {Ball} from './ball.mjs';
import * as noise from './ports/qubits/noise.mjs';

export default function begin(frame) {
  frame.caption('A map gives each axis its factor: drag the point, or press a map that has a name, and say before whether a qubit can do it. The ball: what the map makes of it. Green: all maps that are channels. Bars: the least chance of any answer of a qubit alone, '
    + 'and the four chances of a perfect pair of which one half went through the map, by the name of the answer (the eigenvalues of J/2: the still picture has those of J, twice as large). A chance cannot be negative. Then let a qubit wait: how long may T2 be?');
  frame.number('t1', {min: 4, max: 200, value: 100, step: 1});
  frame.number('t2', {min: 4, max: 400, value: 60, step: 1});
  frame.number('mx', {min: -1, max: 1, value: 0.6, step: 0.01});
  frame.number('my', {min: -1, max: 1, value: 0.3, step: 0.01});
  const stage = frame.stage('-140 -140 280 280', 'The ball and its image under the map'), body = draw('g');
  const views = {times: new Ball({tilt: 0, turn: -Math.PI / 2}), axes: new Ball()};
  stage.append(body);
  const side = frame.stage('0 0 280 300', 'The border of what is a channel, and chances that must not be negative'), plane = draw('g'), bars = draw('g');
  const point = draw('g', {}, draw('circle', {r: 22, fill: 'transparent'}), draw('circle', {r: 7, class: 'live-fill live-purple'}));
  side.append(plane, point, bars);
  frame.choice('map', {label: 'Map', options: [['axes', 'three axes by hand'], ['times', 'a qubit waits: T1, T2']]});
  const wait = frame.slider('wait', {label: 'Waiting time', min: 0, max: 300, step: 1, value: 50, show: one => `${one} µs`}).parentNode;
  const height = frame.slider('mz', {label: 'Factor of z', min: -1, max: 1, step: 0.01, value: 0.2, show: one => fixed(one, 2)}).parentNode;
  const named = [['Pancake', [1, 1, 0]], ['Mirror y', [1, -1, 1]], ['Mirror all', [-1, -1, -1]], ['Mirror all, a third as long', [-0.33, -0.33, -0.33]]]
    .map(([name, [mx, my, mz]]) => frame.button(name, () => frame.set({mx, my, mz})));

  // The plane of the point: 120 by 120 from (90, 8), T1 and T2, or the factors of x and y.
  const WIDE = 120, LEFT = 90, HEAD = 8;
  const scales = {times: [['t1', 0, 200, 4], ['t2', 0, 400, 4]], axes: [['mx', -1, 1, -1], ['my', -1, 1, -1]]};
  const u = ([, low, high], value) => LEFT + WIDE * (value - low) / (high - low), v = ([, low, high], value) => HEAD + WIDE * (high - value) / (high - low);
  const put = (one, two) => {
    const grid = frame.state.map === 'times' ? 1 : 100;
    frame.set(Object.fromEntries([one, two].map((value, k) => {
      const [key, , high, least] = scales[frame.state.map][k];
      return [key, Math.min(high, Math.max(least, Math.round(value * grid) / grid))];
    })));
  };
  const back = (low, high, share) => low + (high - low) * share;
  frame.handle(point, {label: 'The map: arrow keys move it over the plane', grows: [0, 1],
    move: (x, y) => {
      const [[, a, b], [, c, d]] = scales[frame.state.map];
      put(back(a, b, (x - LEFT) / WIDE), back(c, d, 1 - (y - HEAD) / WIDE));
    },
    step: (right, up) => {
      const {map} = frame.state, [one, two] = scales[map].map(([key]) => frame.state[key]), [h, w] = map === 'times' ? [4, 8] : [0.05, 0.05];
      put(one + h * right, two + w * up);
    },
    value: () => {
      const [[one], [two, low, high]] = scales[frame.state.map];
      return {now: frame.state[two], min: low, max: high, text: frame.state.map === 'times' ? `T1 ${frame.state[one]} and T2 ${frame.state[two]} microseconds`
        : `factors ${fixed(frame.state[one], 2)} of x and ${fixed(frame.state[two], 2)} of y`};
    }});

  frame.draw = state => {
    const {map, wait: time, t1, t2, mx, my, mz} = state, times = map === 'times', ball = views[map], scale = scales[map];
    wait.hidden = !times;
    for (const node of [height, ...named]) node.hidden = times;
    const made = times ? noise.thermal_relaxation(time, t1, t2) : [[mx, my, mz], [0, 0, 0]];
    const j = noise.choi(made), least = noise.eigvalsh(j)[0] / 2, fine = times ? t2 <= 2 * t1 || !time : noise.is_cptp(j), alone = (1 - noise.longest(made)) / 2;
    const outside = times ? ball.outline(made).map(([x, y]) => Math.hypot(x, y) > 100.02 ? [x, y] : [NaN, NaN]) : [];
    body.replaceChildren(...ball.drawn([]), ...ball.image(made, fine ? 'live-purple' : 'live-eve'), ...ball.names(times ? [0, 2] : [0, 1, 2], times ? 1.18 : 1.25),
      draw('path', {d: line(outside), class: 'live-stroke live-eve', 'stroke-width': 5}));

    const corners = times ? [[0, 0], [200, 400], [200, 0]] : [[1, mz], [mz, 1], [-1, -mz], [-mz, -1]];
    const [a, b] = scale, names = times ? ['T1 (µs)', 'T2 (µs)'] : ['factor of x', 'of y'];
    plane.replaceChildren(draw('rect', {x: LEFT, y: HEAD, width: WIDE, height: WIDE, class: 'live-axis'}),
      draw('path', {d: `${line(corners.map(([x, y]) => [u(a, x), v(b, y)]))}Z`, class: 'live-fill live-bob', 'fill-opacity': 0.3, stroke: 'var(--live-bob)', 'stroke-width': 2.5}),
      draw('text', {x: LEFT + WIDE / 2, y: HEAD + WIDE + 16, class: 'live-middle'}, names[0]), draw('text', {x: LEFT - 8, y: HEAD + WIDE / 2 + 4, class: 'live-end'}, names[1]),
      ...[[a, 0], [b, 1]].flatMap(([[, low, high], up]) => [low, high].map((value, k) => draw('text', up ? {x: LEFT - 6, y: v(b, value) + (k ? 11 : 1), class: 'live-end live-small'}
        : {x: u(a, value), y: HEAD + WIDE + 15, class: 'live-middle live-small'}, fixed(value, 0)))),
      draw('text', {x: LEFT + WIDE + 6, y: HEAD + WIDE - 8, class: 'live-tint live-bob'}, 'channels'));
    point.setAttribute('transform', `translate(${u(a, state[a[0]])} ${v(b, state[b[0]])})`);
    // The answers of the pair: of two in a block the larger chance is that of the sum where what is beside the diagonal is positive.
    const [[low, high], [less, more]] = [noise.block_eigvalsh(j, 0, 3), noise.block_eigvalsh(j, 1, 2)].map(two => two.map(one => one / 2));
    const four = times ? [['near Φ⁺', high], ['near Φ⁻', low], ['|10⟩', more], ['|01⟩', less]]
      : [...(j[0][3] < 0 ? [['Φ⁺', low], ['Φ⁻', high]] : [['Φ⁺', high], ['Φ⁻', low]]), ...(j[1][2] < 0 ? [['Ψ⁺', less], ['Ψ⁻', more]] : [['Ψ⁺', more], ['Ψ⁻', less]])];
    const rows = [['qubit alone', alone], ...four.map(([name, one], k) => [k ? name : `pair: ${name}`, one])];
    bars.replaceChildren(...rows.flatMap(([name, value], k) => {
      const y = 162 + 27 * k + (k ? 6 : 0) - (k > 1 ? 3 * (k - 1) : 0), bad = value < -1e-10;
      return [draw('text', {x: 84, y: y + 13, class: 'live-end'}, name),
        draw('rect', {x: bad ? 142 + 90 * value : 142, y, width: 90 * Math.abs(value), height: 16, class: `live-fill ${bad ? 'live-eve' : 'live-sky'}`}),
        draw('text', {x: 278, y: y + 13, class: 'live-end', 'font-weight': bad ? 'bold' : undefined}, fixed(value))];
    }), draw('line', {x1: 142, x2: 142, y1: 156, y2: 294, class: 'live-axis'}));

    // So late that nothing is left of the start, a double cannot hold the negative chance any more.
    const verdict = fine ? 'A channel: no chance is negative.' : least > -1e-10 ? 'Not a channel, though so late a chance below 0 is too small to be shown.'
      : `Not a channel: half of a pair would get an answer of chance ${small(least)}.`;
    if (times && !time) frame.say(`T1 = ${t1} µs, T2 = ${t2} µs, after 0 µs: nothing has happened yet. Wait, and see what T2 ${t2 > 2 * t1 ? 'over' : 'up to'} 2 T1 makes of the ball.`);
    else if (times) {
      const near = t2 === 2 * t1 ? ', and stands there: falling costs all the coherence that is lost' : t2 > 1.97 * t1 ? ', and nearly stands there: falling costs nearly all the coherence that is lost' : '';
      frame.say(`T1 = ${t1} µs, T2 = ${t2} µs, after ${time} µs. ${verdict} ` + (fine ? `T2 may be up to 2 T1 = ${2 * t1} µs${near}.`
        : `T2 is over 2 T1 = ${2 * t1} µs. Near |0⟩ the image leaves the ball${alone > -1e-10 ? '.' : `, but a qubit alone would show ${small(alone)} at worst.`}`));
    } else {
      frame.say(`Factors ${fixed(mx, 2)}, ${fixed(my, 2)} and ${fixed(mz, 2)}. ${verdict} `
        + (mx === my && my === mz && mx < 0 ? `Three equal mirrors may be a third as long, no longer. ${fine ? '' : 'The image lies in the ball, and only a partner shows it.'}`
          : Math.abs(mz) === 1 ? `Where z is kept whole${mz < 0 ? ' and turned over' : ''}, the factors of x and y must be ${mz < 0 ? 'opposite' : 'equal'}: the region is a line.${fine ? '' : ' Only a partner shows that the region is left.'}`
          : fine ? 'Move the point out of the region, or press a name. What shows that something is wrong, the ball or the bars?'
          : 'The image lies in the ball, and every qubit alone stays a proper state: only a partner shows it.'));
    }
  };
}
