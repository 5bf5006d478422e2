// The key that a round costs, and the rounds that silent clients lose: which mask is cheaper?
import {draw, line, percent, power, random, whole} from './frame.mjs';
import {least_threshold, per_client, seconds, sf} from './ports/networks/secure_aggregation.mjs';

const TOKYO = 300e3, ROUNDS = 20, LEFT = 60, WIDE = 250, TOP = 20, FLOOR = 232, LOW = -3, HIGH = 6;
const METHODS = {pads: ['one-time pads', 'live-alice'], 'shared masks': ['shared masks', 'live-eve'], stretched: ['stretched pads', 'live-bob']};
const X = log => LEFT + WIDE * (log - 1) / 6, Y = value => FLOOR - (FLOOR - TOP) * (Math.log10(value) - LOW) / (HIGH - LOW);
const time = s => s < 0.1 ? `${(1000 * s).toFixed(s < 0.01 ? 1 : 0)} ms` : s < 120 ? `${s < 10 ? s.toFixed(2) : s.toFixed(0)} s` : s < 7200 ? `${(s / 60).toFixed(0)} min` : s < 172800 ? `${(s / 3600).toFixed(1)} h`
  : `${s < 864000 ? (s / 86400).toFixed(1) : s < 8.64e8 ? whole(s / 86400) : power(s / 86400)} days`;
// So many must answer that a round is not lost.
const least = (method, n) => method === 'pads' ? n : least_threshold(n, 0);
const price = (method, n, log) => seconds(per_client(n, Math.round(10 ** log) + 1, 64, method), TOKYO);

export function begin(frame) {
  frame.caption('The key that a client’s link of 300 kbit/s must make for a round that comes through, against the size of the model: solid, on average; dashed, if nobody is ever silent. '
    + 'Full point: your model; ring: what twenty rounds of chance cost. Squares: those rounds, a column each; a full square did not answer, a shaded column with a cross is lost, and its key is spent. '
    + 'Shared masks cost three times as much as pads. How many may be silent before they are the cheaper ones? And with thirty clients?');
  const svg = frame.stage('0 0 420 274', 'Seconds of key for a round that comes through, against the numbers in the model'), side = frame.stage('0 0 250 250', 'Twenty rounds, and who was silent in them');
  const moving = draw('g', {'clip-path': `url(#live-clip-${frame.place})`}), names = draw('g');
  svg.append(draw('clipPath', {id: `live-clip-${frame.place}`}, draw('rect', {x: LEFT, y: TOP - 8, width: WIDE + 10, height: FLOOR - TOP + 8})),
    draw('path', {d: `M${LEFT} ${TOP}V${FLOOR}H${LEFT + WIDE}`, class: 'live-axis'}),
    ...[['1 s', 1], ['1 min', 60], ['1 h', 3600], ['1 day', 86400]].flatMap(([name, value]) => [
      draw('line', {x1: LEFT, x2: LEFT + WIDE, y1: Y(value), y2: Y(value), class: 'live-thin'}), draw('text', {x: LEFT - 6, y: Y(value) + 4, class: 'live-end'}, name)]),
    draw('text', {x: LEFT - 6, y: FLOOR + 2, class: 'live-end'}, '1 ms'), draw('text', {x: 8, y: 12}, 'key for a round that comes through'),
    ...[1, 3, 5, 7].map(log => draw('text', {x: X(log), y: FLOOR + 18, class: 'live-middle'}, log < 7 ? whole(10 ** log) : '10⁷')),
    draw('text', {x: LEFT + WIDE, y: FLOOR + 37, class: 'live-end'}, 'numbers in the model'), moving, names);
  frame.slider('away', {label: 'Do not answer', min: 0, max: 0.5, step: 0.01, value: 0.02, show: one => percent(one, 0)});
  frame.slider('clients', {label: 'Clients', min: 3, max: 30, step: 1, value: 10});
  frame.slider('log', {label: 'Numbers in the model', min: 1, max: 7, step: 0.25, value: 3, show: one => whole(10 ** one)});
  frame.choice('method', {label: 'Masked by', options: Object.entries(METHODS).map(([key, [name]]) => [key, name])});
  frame.number('seed', {min: 1, max: 9999, round: true, value: 1});
  frame.button('Twenty other rounds', () => frame.set({seed: frame.state.seed % 9999 + 1}));
  frame.draw = ({away, clients: n, log, method, seed}) => {
    const roll = random(seed), here = Array.from({length: ROUNDS}, () => Array.from({length: n}, () => roll() >= away));
    const came = here.map(round => round.filter(Boolean).length >= least(method, n)), through = came.filter(Boolean).length;
    const chance = Object.fromEntries(Object.keys(METHODS).map(key => [key, sf(least(key, n), n, 1 - away)]));
    const mean = (key, size = log) => price(key, n, size) / chance[key];
    const cost = price(method, n, log), seen = cost * ROUNDS / through;
    const curve = (key, by) => line([1, 1.5, 2, 3, 4, 5, 6, 7].map(size => [X(size), Y(price(key, n, size) / by)]));
    moving.replaceChildren(...Object.entries(METHODS).flatMap(([key, [, colour]]) => [
      draw('path', {d: curve(key, 1), class: `live-stroke ${colour}`, 'stroke-width': 1.2, 'stroke-dasharray': '5 4'}),
      draw('path', {d: curve(key, chance[key]), class: `live-stroke ${colour}`, 'stroke-width': key === method ? 3.5 : 2})]),
      draw('circle', {cx: X(log), cy: Y(mean(method)), r: 6.5, class: `live-fill ${METHODS[method][1]}`}),
      ...(mean(method) > 10 ** HIGH ? [draw('path', {d: `M${X(log)} ${TOP + 24}v-22m-5 7l5 -7l5 7`, class: `live-stroke ${METHODS[method][1]}`, 'stroke-width': 2.5}),
        draw('text', {x: X(log) + (log < 4 ? 9 : -9), y: TOP + 14, class: log < 4 ? 'live-halo' : 'live-end live-halo'}, 'above the chart')] : []),
      ...(through ? [draw('circle', {cx: X(log), cy: Y(seen), r: 9, class: 'live-axis', 'stroke-width': 2})] : []));
    // The name of a curve at its end; two that lie together are kept apart.
    const ends = Object.keys(METHODS).map(key => [key, Math.min(FLOOR, Math.max(TOP + 4, Y(mean(key, 7)) + 4))]).sort((a, b) => a[1] - b[1]);
    ends.forEach((end, k) => { if (k) end[1] = Math.max(end[1], ends[k - 1][1] + 15); });
    names.replaceChildren(...ends.map(([key, y]) => draw('text', {x: LEFT + WIDE + 12, y, class: `live-tint ${METHODS[key][1]}`}, METHODS[key][0])));
    const w = 11.5, h = Math.min(18, 190 / n);
    const box = (r, k) => `M${(11.5 + r * w).toFixed(1)} ${(29 + k * h).toFixed(1)}h${w - 3}v${(h - 2).toFixed(1)}h${3 - w}Z`;
    const boxes = want => here.map((round, r) => round.map((on, k) => on === want ? box(r, k) : '').join('')).join('');
    side.replaceChildren(draw('text', {x: 10, y: 16}, `${ROUNDS} rounds of ${n} clients`),
      ...came.flatMap((on, r) => on ? [] : [draw('rect', {x: 10 + r * w, y: 26, width: w, height: n * h + 4, fill: 'var(--live-eve)', opacity: 0.35}),
        draw('text', {x: 10 + (r + 0.5) * w, y: 44 + n * h, class: 'live-middle live-eve live-tint'}, '×')]),
      draw('path', {d: boxes(true), class: 'live-thin'}), draw('path', {d: boxes(false), class: 'live-fill'}));
    const rival = method === 'shared masks' ? 'pads' : 'shared masks', less = mean(method) < mean(rival);
    const share = chance[method] > 0.9995 && chance[method] < 1 ? 'more than 99.9\u00a0%' : chance[method] < 0.001 ? power(chance[method]) : percent(chance[method]);
    frame.say(`${METHODS[method][0][0].toUpperCase()}${METHODS[method][0].slice(1)}: a round costs each client ${time(cost)} of key, and comes through if ${least(method, n) === n ? `all ${n}` : `at least ${least(method, n)} of ${n}`} answer, `
      + `a chance of ${share}. Expected for a round that comes through: ${time(mean(method))}; here ${through ? `${through} of ${ROUNDS} did, ${time(seen)} each` : `none of ${ROUNDS} did`}.`
      + (away === 0.02 && n === 10 && method === 'pads' ? '' : ` With ${METHODS[rival][0]} it would be ${time(mean(rival))}: ${less ? 'dearer' : 'cheaper'}.`));
  };
}
