// QAOA layer by layer: the landscape of the next layer's two angles, and what one then measures, beside tossed coins.
import {draw, fixed, percent} from './frame.mjs';
import {heat, scale} from './heat.mjs';
import {cut_values, histogram, qaoa_energy, state, waves} from './ports/learning/optimisation.mjs';
import {GRAPHS, ascend, spots} from './qaoa_graphs.mjs';

const within = (angle, most) => Math.min(most, Math.max(-most, angle));
const rare = share => share > 0 && share < 5e-4 ? 'less than 0.1\u00a0%' : percent(share);
const write = pair => pair.map(one => one.toFixed(3).replace('-0.000', '0.000')).join('_');
// An angle brought into [-most, most): gammas repeat after a turn, betas after a quarter turn.
const turn = (angle, most) => angle - 2 * most * Math.floor((angle + most) / (2 * most));
const COLUMNS = 41, ROWS = 31, LEFT = 40, TOP = 10, WIDE = 210, HIGH = 160;
const MOST = [Math.PI, Math.PI / 4];
const gamma_at = column => -MOST[0] + 2 * MOST[0] * column / (COLUMNS - 1), beta_at = row => -MOST[1] + 2 * MOST[1] * row / (ROWS - 1);

export default function begin(frame) {
  frame.caption('Drawn: the graph with one of its best cuts (thin edges are cut, thick ones are not), and the chance to measure a cut of each size, beside coins (grey outline). '
    + 'Map: the expected share of edges cut, for every pair of angles of the last layer; drag the cross. Climb, and keep the layer: the map becomes that of a second one. Climb it. '
    + 'Each layer stands on a top now, for what came before. Then climb with all layers together: which way does the first one go? And on a star, is the top that a second layer climbs the highest of its map?');
  const svg = frame.stage('0 0 280 240', 'Landscape of the expected cut over two angles'), side = frame.stage('0 0 280 334', 'The graph, and the chances of cuts of each size');
  const picture = draw('g'), bars = draw('g', {transform: 'translate(0 98)'});
  side.append(picture, bars);
  const {image, paint} = heat({x: LEFT, y: TOP, width: WIDE, height: HIGH, columns: COLUMNS, rows: ROWS});
  const bar = scale(90, TOP + HIGH + 46, 90, '', '');
  svg.append(image, ...bar);
  ['−π', '0', 'π'].forEach((name, k) => svg.append(draw('text', {x: LEFT + k * WIDE / 2, y: TOP + HIGH + 16, class: 'live-middle'}, name)));
  ['−π/4', '0', 'π/4'].forEach((name, k) => svg.append(draw('text', {x: LEFT - 4, y: TOP + HIGH - k * HIGH / 2 + 4, class: 'live-end live-small'}, name)));
  svg.append(draw('text', {x: LEFT + WIDE / 2, y: TOP + HIGH + 33, class: 'live-middle'}, 'γ across, β upwards (radians)'));
  const cross = draw('g', {}, draw('circle', {r: 20, fill: 'transparent'}), draw('circle', {r: 8, fill: 'none', stroke: '#fff', 'stroke-width': 5}),
    draw('circle', {r: 8, class: 'live-stroke live-eve', 'stroke-width': 3}), draw('path', {d: 'M-8 0H8M0 -8V8', class: 'live-stroke live-eve', 'stroke-width': 2}));
  svg.append(cross);
  frame.choice('graph', {label: 'Graph', options: Object.entries(GRAPHS).map(([key, [name]]) => [key, name])})
    .addEventListener('input', () => frame.set({gamma: 0.4, beta: 0.2, kept: ''}));  // angles of another graph's tops mean little here
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
  // For each gamma the best beta of the last layer is known; so one climbs in gamma alone, and does not rest on a pass between two tops.
  const ridge = (values, before, gamma) => {
    const [m, c, s] = waves(values, before, gamma);
    return [m + Math.hypot(c, s), gamma, Math.atan2(s, c) / 4];
  };
  const climb = (values, before, from) => {
    let here = ridge(values, before, from);
    for (let step = 0.2; step > 1e-5;) {
      const [down, up] = [-step, step].map(way => ridge(values, before, turn(here[1] + way, MOST[0]))), next = up[0] >= down[0] ? up : down;
      if (next[0] > here[0] + 1e-12) here = next;
      else step /= 2;
    }
    return here.slice(1);
  };
  // No other beta is better here, and no gamma near by.
  const on_top = (values, before, gamma, mean) => ridge(values, before, gamma)[0] - mean < 1e-3
    && [-0.1, 0.1].every(way => ridge(values, before, gamma + way)[0] < mean);
  frame.button('Climb with this layer', () => {
    const [gamma, beta] = climb(find(frame.state).values, start(frame.state), frame.state.gamma);
    frame.set({gamma, beta});
  });
  const together = frame.button('Climb with all layers', () => {
    const {values} = find(frame.state), last = climb(values, start(frame.state), frame.state.gamma);
    const flat = ascend(angles => qaoa_energy(values, angles.filter((_, k) => k % 2 === 0), angles.filter((_, k) => k % 2)), [...layers(frame.state), last].flat());
    const pairs = Array.from({length: flat.length / 2}, (_, k) => [turn(flat[2 * k], MOST[0]), turn(flat[2 * k + 1], MOST[1])]), [gamma, beta] = pairs.at(-1);
    frame.set({kept: pairs.slice(0, -1).map(write).join('~'), gamma, beta});
  });
  const keep = frame.button('Keep this layer', () => {
    const {kept, gamma, beta} = frame.state;
    frame.set({kept: kept + (kept && '~') + write([gamma, beta]), gamma: 0, beta: 0});
  });
  const drop = frame.button('Take the last away', () => {
    const kept = layers(frame.state), [gamma, beta] = kept.at(-1);
    frame.set({kept: kept.slice(0, -1).map(write).join('~'), gamma: within(gamma, MOST[0]), beta: within(beta, MOST[1])});
  });
  let seen = '', drawn = '', own, high;
  frame.draw = now => {
    const {graph, kept, gamma, beta} = now, {values, edges} = find(now), before = layers(now);
    if (drawn !== graph) {  // one of the best cuts: the first that was found
      drawn = graph;
      const [, n, lines] = GRAPHS[graph], cut = values.indexOf(Math.max(...values)), on = node => cut >> (n - 1 - node) & 1;
      const spot = spots(graph, n);
      picture.replaceChildren(...lines.map(([u, v]) => draw('line', {x1: spot[u][0], y1: spot[u][1], x2: spot[v][0], y2: spot[v][1], class: 'live-axis', 'stroke-width': on(u) === on(v) ? 4 : 1})),
        ...spot.map(([x, y], node) => on(node) ? draw('rect', {x: x - 5, y: y - 5, width: 10, height: 10, class: 'live-fill live-orange'}) : draw('circle', {cx: x, cy: y, r: 5.5, class: 'live-fill live-alice'})));
    }
    if (seen !== graph + kept) {  // the landscape is drawn anew for another graph or another layer only
      seen = graph + kept;
      own = start(now);
      const columns = Array.from({length: COLUMNS}, (_, k) => waves(values, own, gamma_at(k)));
      const heights = Array.from({length: ROWS * COLUMNS}, (_, k) => {
        const [m, c, s] = columns[k % COLUMNS], four = 4 * beta_at(Math.floor(k / COLUMNS));
        return (m + c * Math.cos(four) + s * Math.sin(four)) / edges;
      });
      const low = Math.min(...heights);
      high = Math.max(...heights);
      paint((column, row) => (heights[row * COLUMNS + column] - low) / Math.max(high - low, 1e-9));
      bar[1].textContent = percent(low, 0);
      bar[2].textContent = `${percent(high, 0)} cut`;
    }
    keep.disabled = before.length >= 4;
    together.disabled = !before.length;
    drop.disabled = !before.length;
    cross.setAttribute('transform', `translate(${LEFT + WIDE * (gamma / MOST[0] + 1) / 2} ${TOP + HIGH * (1 - beta / MOST[1]) / 2})`);
    const shares = histogram(values, state(values, ...angles(now, [gamma, beta])));
    const coins = histogram(values, [new Float64Array(values.length).fill(1 / Math.sqrt(values.length)), new Float64Array(values.length)]);
    const best = shares.length - 1, mean = shares.reduce((sum, one, k) => sum + one * k, 0);
    const top = Math.max(0.25, ...shares, ...coins), wide = Math.min(34, 236 / shares.length), x = k => 34 + k * wide, y = share => 190 - 160 * share / top;
    bars.replaceChildren(draw('line', {x1: 30, x2: 272, y1: 190, y2: 190, class: 'live-axis'}),
      ...shares.flatMap((share, k) => [
        draw('rect', {x: x(k) + 1, y: y(share), width: wide - 2, height: 190 - y(share), class: `live-fill ${k === best ? 'live-eve' : 'live-alice'}`}),
        draw('rect', {x: x(k) + 1, y: y(coins[k]), width: wide - 2, height: 190 - y(coins[k]), class: 'live-stroke live-grey', 'stroke-width': 1.5}),
        ...(shares.length < 10 || (best - k) % 2 === 0 ? [draw('text', {x: x(k) + wide / 2, y: 206, class: 'live-middle live-small'}, k)] : [])]),
      draw('text', {x: 150, y: 228, class: 'live-middle'}, 'edges cut'),
      draw('text', {x: 34, y: 22, class: 'live-eve live-tint'}, `a best cut: ${rare(shares[best])} of shots`));
    const show = (name, k) => `${name} ${[...before, [gamma, beta]].map(pair => fixed(pair[k], 2)).join(', ')}`;
    frame.say(`${before.length + 1} ${before.length ? 'layers' : 'layer'}: on average ${mean.toFixed(2)} of ${edges} ${edges === 1 ? 'edge is' : 'edges are'} cut, ${(mean / best).toFixed(3)} of the best (${best}). `
      + (before.length && Math.hypot(gamma, beta) < 1e-9 ? 'The new layer does nothing yet: drag its cross, or climb. ' : '')
      + `One shot shows a best cut with chance ${rare(shares[best])}, coins with ${percent(coins[best])}`
      + (mean < edges / 2 - 1e-6 ? `; on average these angles cut less than coins do (${(edges / 2).toFixed(1)}).` : '.')
      + (mean / edges < high - 0.01 && on_top(values, own, gamma, mean) ? ` A top, though not the highest of this map (${percent(high, 0)} cut).` : '')
      + (before.length ? ` From layer to layer: ${show('γ', 0)}; ${show('β', 1)}.` : ''));
  };
  const put = (gamma, beta) => frame.set({gamma: within(gamma, MOST[0]), beta: within(beta, MOST[1])});
  frame.handle(cross, {label: 'The two angles of the next layer', move: (u, v) => put((2 * (u - LEFT) / WIDE - 1) * MOST[0], (1 - 2 * (v - TOP) / HIGH) * MOST[1]),
    step: (right, up) => put(frame.state.gamma + right * 0.05, frame.state.beta + up * 0.025),
    value: () => ({now: frame.state.gamma.toFixed(2), min: -3.14, max: 3.14, text: `γ ${frame.state.gamma.toFixed(2)}, β ${frame.state.beta.toFixed(2)}`})});
}
