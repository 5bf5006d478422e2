// QAOA layer by layer: the landscape of the next layer's two angles, and what one then measures, beside tossed coins.
import {draw, percent} from './frame.mjs';
import {heat, scale} from './heat.mjs';
import {cut_values, histogram, state, waves} from './ports/learning/optimisation.mjs';

const GRAPHS = {
  petersen: ['Petersen', 10, [[0, 1], [0, 4], [0, 5], [1, 2], [1, 6], [2, 3], [2, 7], [3, 4], [3, 8], [4, 9], [5, 7], [5, 8], [6, 8], [6, 9], [7, 9]]],
  ring: ['a ring of 8', 8, Array.from({length: 8}, (_, k) => [k, (k + 1) % 8])],
  triangle: ['a triangle', 3, [[0, 1], [1, 2], [0, 2]]],
  pair: ['one edge', 2, [[0, 1]]],
  star: ['a star of 6', 7, [1, 2, 3, 4, 5, 6].map(k => [0, k])],
};
const within = (angle, most) => Math.min(most, Math.max(-most, angle));
const COLUMNS = 41, ROWS = 31, LEFT = 40, TOP = 10, WIDE = 210, HIGH = 160;
const MOST = [Math.PI, Math.PI / 4];
const gamma_at = column => -MOST[0] + 2 * MOST[0] * column / (COLUMNS - 1), beta_at = row => -MOST[1] + 2 * MOST[1] * row / (ROWS - 1);

export default function begin(frame) {
  frame.caption('Left: the expected share of edges cut, for every pair of angles of the next layer; drag the cross. Right: the chance to measure a cut of each size (blue), beside coins (grey outline). '
    + 'Keep a layer, and the landscape becomes that of the layer after it. What is kept stays: to move the angles of all layers together, as the text does, mostly finds more.');
  const svg = frame.stage('0 0 280 240', 'Landscape of the expected cut over two angles'), side = frame.stage('0 0 280 240', 'Chances of cuts of each size');
  const {image, paint} = heat({x: LEFT, y: TOP, width: WIDE, height: HIGH, columns: COLUMNS, rows: ROWS});
  const bar = scale(90, TOP + HIGH + 46, 90, '', '');
  svg.append(image, ...bar);
  ['−π', '0', 'π'].forEach((name, k) => svg.append(draw('text', {x: LEFT + k * WIDE / 2, y: TOP + HIGH + 16, class: 'live-middle'}, name)));
  ['−π/4', '0', 'π/4'].forEach((name, k) => svg.append(draw('text', {x: LEFT - 4, y: TOP + HIGH - k * HIGH / 2 + 4, class: 'live-end live-small'}, name)));
  svg.append(draw('text', {x: LEFT + WIDE / 2, y: TOP + HIGH + 33, class: 'live-middle'}, 'γ across, β upwards (radians)'));
  const cross = draw('g', {}, draw('circle', {r: 20, fill: 'transparent'}), draw('circle', {r: 8, fill: 'none', stroke: '#fff', 'stroke-width': 5}),
    draw('circle', {r: 8, class: 'live-stroke live-eve', 'stroke-width': 3}), draw('path', {d: 'M-8 0H8M0 -8V8', class: 'live-stroke live-eve', 'stroke-width': 2}));
  svg.append(cross);
  frame.choice('graph', {label: 'Graph', options: Object.entries(GRAPHS).map(([key, [name]]) => [key, name])});
  frame.number('gamma', {min: -MOST[0], max: MOST[0], value: 0.4});
  frame.number('beta', {min: -MOST[1], max: MOST[1], value: 0.2});
  frame.word('kept', {pattern: /^(?:-?\d\.\d{3}_-?\d\.\d{3}(?:~(?!$)|$)){0,4}$/, value: ''});
  const layers = ({kept}) => kept.split('~').filter(Boolean).map(pair => pair.split('_').map(Number));
  const angles = (now, extra) => [...layers(now), extra].reduce(([gammas, betas], [g, b]) => [[...gammas, g], [...betas, b]], [[], []]);
  const start = now => state(find(now).values, ...layers(now).reduce(([gammas, betas], [g, b]) => [[...gammas, g], [...betas, b]], [[], []]));
  const find = ({graph}) => {
    const [, n, edges] = GRAPHS[graph];
    return values_of[graph] ??= {values: cut_values(n, edges), edges: edges.length};
  };
  const values_of = {};
  frame.button('Climb to a top', () => {
    const {values} = find(frame.state);
    const before = start(frame.state), round = angle => Math.atan2(Math.sin(angle), Math.cos(angle));
    // For each gamma the best beta is known; so one climbs in gamma alone, and does not rest on a pass between two tops.
    const ridge = gamma => {
      const [m, c, s] = waves(values, before, gamma);
      return [m + Math.hypot(c, s), gamma, Math.atan2(s, c) / 4];
    };
    let here = ridge(frame.state.gamma);
    for (let step = 0.2; step > 1e-5;) {
      const [down, up] = [-step, step].map(way => ridge(round(here[1] + way))), next = up[0] >= down[0] ? up : down;
      if (next[0] > here[0] + 1e-12) here = next;
      else step /= 2;
    }
    frame.set({gamma: here[1], beta: here[2]});
  });
  const keep = frame.button('Keep this layer', () => {
    const {kept, gamma, beta} = frame.state, [g, b] = [gamma, beta].map(one => one.toFixed(3).replace('-0.000', '0.000'));
    frame.set({kept: kept + (kept && '~') + `${g}_${b}`, gamma: 0, beta: 0});
  });
  const drop = frame.button('Take the last away', () => {
    const kept = layers(frame.state), [gamma, beta] = kept.at(-1);
    frame.set({kept: kept.slice(0, -1).map(pair => pair.map(one => one.toFixed(3)).join('_')).join('~'), gamma: within(gamma, MOST[0]), beta: within(beta, MOST[1])});
  });
  let seen = '';
  frame.draw = now => {
    const {graph, kept, gamma, beta} = now, {values, edges} = find(now), before = layers(now);
    if (seen !== graph + kept) {  // the landscape is drawn anew for another graph or another layer only
      seen = graph + kept;
      const own = start(now), columns = Array.from({length: COLUMNS}, (_, k) => waves(values, own, gamma_at(k)));
      const heights = Array.from({length: ROWS * COLUMNS}, (_, k) => {
        const [m, c, s] = columns[k % COLUMNS], four = 4 * beta_at(Math.floor(k / COLUMNS));
        return (m + c * Math.cos(four) + s * Math.sin(four)) / edges;
      });
      const low = Math.min(...heights), high = Math.max(...heights);
      paint((column, row) => (heights[row * COLUMNS + column] - low) / Math.max(high - low, 1e-9));
      bar[1].textContent = percent(low, 0);
      bar[2].textContent = `${percent(high, 0)} cut`;
    }
    keep.disabled = before.length >= 4;
    drop.disabled = !before.length;
    cross.setAttribute('transform', `translate(${LEFT + WIDE * (gamma / MOST[0] + 1) / 2} ${TOP + HIGH * (1 - beta / MOST[1]) / 2})`);
    const shares = histogram(values, state(values, ...angles(now, [gamma, beta])));
    const coins = histogram(values, [new Float64Array(values.length).fill(1 / Math.sqrt(values.length)), new Float64Array(values.length)]);
    const best = shares.length - 1, mean = shares.reduce((sum, one, k) => sum + one * k, 0);
    const top = Math.max(0.25, ...shares, ...coins), wide = Math.min(34, 236 / shares.length), x = k => 34 + k * wide, y = share => 190 - 160 * share / top;
    side.replaceChildren(draw('line', {x1: 30, x2: 272, y1: 190, y2: 190, class: 'live-axis'}),
      ...shares.flatMap((share, k) => [
        draw('rect', {x: x(k) + 1, y: y(share), width: wide - 2, height: 190 - y(share), class: `live-fill ${k === best ? 'live-eve' : 'live-alice'}`}),
        draw('rect', {x: x(k) + 1, y: y(coins[k]), width: wide - 2, height: 190 - y(coins[k]), class: 'live-stroke live-grey', 'stroke-width': 1.5}),
        ...(shares.length < 10 || (best - k) % 2 === 0 ? [draw('text', {x: x(k) + wide / 2, y: 206, class: 'live-middle live-small'}, k)] : [])]),
      draw('text', {x: 150, y: 228, class: 'live-middle'}, 'edges cut'),
      draw('text', {x: 34, y: 14, class: 'live-eve live-tint'}, `a best cut: ${percent(shares[best])} of shots`));
    frame.say(`${before.length + 1} ${before.length ? 'layers' : 'layer'}: on average ${mean.toFixed(2)} of ${edges} edges are cut, ${(mean / best).toFixed(3)} of the best (${best}). `
      + `One shot shows a best cut with chance ${percent(shares[best])}; coins with ${percent(coins[best])} (and ${(edges / 2).toFixed(1)} edges on average)`
      + (mean < edges / 2 - 1e-6 ? ': on average these angles cut less than coins do.' : '.'));
  };
  const put = (gamma, beta) => frame.set({gamma: within(gamma, MOST[0]), beta: within(beta, MOST[1])});
  frame.handle(cross, {label: 'The two angles of the next layer', move: (u, v) => put((2 * (u - LEFT) / WIDE - 1) * MOST[0], (1 - 2 * (v - TOP) / HIGH) * MOST[1]),
    step: (right, up) => put(frame.state.gamma + right * 0.05, frame.state.beta + up * 0.025),
    value: () => ({now: frame.state.gamma.toFixed(2), min: -3.14, max: 3.14, text: `γ ${frame.state.gamma.toFixed(2)}, β ${frame.state.beta.toFixed(2)}`})});
}
