// One question of a tree: drag the line through pulses of three polarisations, and see what the question is worth by three
// measures, and how many filters it sets right.
import {draw, fixed, line, percent, random} from './frame.mjs';
import {gain, gini_gain} from './ports/learning/decision_trees.mjs';

const PULSES = 200, LOW = -1.6, HIGH = 2.6, MEANS = [[0, 0], [1, 0], [0.5, 1]];
const LOOKS = ['orange', 'purple', 'bob'];
const RANGE = [-1.2, 2.2];
const X = reading => 34 + 232 * (reading - LOW) / (HIGH - LOW), Y = reading => 228 - 216 * (reading - LOW) / (HIGH - LOW), V = worth => 210 - 188 * worth;
const clamp = reading => Math.min(RANGE[1], Math.max(RANGE[0], reading));
const bits = worth => `${fixed(Math.abs(worth) < 5e-4 ? 0 : worth, 3)} bits`;

export default function begin(frame) {
  frame.caption('First drawing: 200 pulses, drawn anew by the rule of the text’s, by what two monitors read; squares 0°, circles the angle that you choose, triangles 90°. Drag the line: it is the question. '
    + 'Second: what each place of the line is worth, by Shannon’s entropy, by that of the states (von Neumann), by Gini, and the share of filters set right if each side takes its commonest angle. Marks on the upper edge, one row for each measure: where it is highest on this monitor.');
  const svg = frame.stage('0 0 280 272', 'Pulses by the readings of two monitors, with a line that parts them'), side = frame.stage('0 0 280 290', 'What the question is worth, against its threshold');
  const marks = draw('g'), rule = draw('line', {class: 'live-axis', 'stroke-width': 2.2});
  const grip = draw('g', {}, draw('circle', {r: 22, fill: 'transparent'}), draw('circle', {r: 8, class: 'live-fill live-alice'}));
  svg.append(draw('rect', {x: 34, y: 12, width: 232, height: 216, class: 'live-thin'}), marks, rule, grip,
    ...[-1, 0, 1, 2].flatMap(one => [draw('text', {x: X(one), y: 244, class: 'live-middle'}, fixed(one, 0)), draw('text', {x: 29, y: Y(one) + 4, class: 'live-end'}, fixed(one, 0))]),
    draw('text', {x: 150, y: 264, class: 'live-middle'}, 'monitor 1 (upwards: monitor 2)'));
  frame.choice('monitor', {label: 'The question asks', options: [['1', 'monitor 1'], ['2', 'monitor 2']]});
  frame.number('t', {min: RANGE[0], max: RANGE[1], value: 0.5});
  frame.slider('angle', {label: 'Second polarisation', min: 5, max: 85, step: 1, value: 20, show: one => `${one}°`});
  frame.slider('share', {label: 'Share of 90° pulses', min: 0.02, max: 0.6, step: 0.02, value: 0.2, show: one => percent(one, 0)});
  frame.slider('noise', {label: 'Noise of the monitors', min: 0.1, max: 0.8, step: 0.05, value: 0.35, show: one => one.toFixed(2)});
  frame.number('seed', {min: 1, max: 9999, round: true, value: 1});
  frame.button('Other pulses', () => frame.set({seed: frame.state.seed % 9999 + 1}));

  const pulses = ({share, noise, seed}) => {
    const roll = random(seed), normal = () => Math.sqrt(-2 * Math.log(1 - roll())) * Math.cos(2 * Math.PI * roll());
    return Array.from({length: PULSES}, () => {
      const which = roll(), kind = which < (1 - share) / 2 ? 0 : which < 1 - share ? 1 : 2;
      return {kind, at: MEANS[kind].map(mean => mean + noise * normal())};
    });
  };
  const sides = (all, axis, t) => {
    const yes = [0, 0, 0], no = [0, 0, 0];
    for (const {kind, at} of all) (at[axis] <= t ? yes : no)[kind]++;
    return [yes, no];
  };
  const most = counts => counts.indexOf(Math.max(...counts)), total = counts => counts[0] + counts[1] + counts[2];
  const right = (yes, no) => (Math.max(...yes) + Math.max(...no)) / PULSES;

  frame.draw = state => {
    const {monitor, t, angle} = state, axis = monitor - 1, all = pulses(state), polar = [0, angle, 90].map(one => one * Math.PI / 180), names = ['0°', `${angle}°`, '90°'];
    const states = polar.map(one => [Math.cos(one), Math.sin(one)]);
    const MEASURES = {Shannon: ['orange', (yes, no) => gain(yes, no)], 'von Neumann': ['purple', (yes, no) => gain(yes, no, states), '9 3 2 3'], Gini: ['sky', gini_gain, '2 2.5'], 'filters right': ['grey', right, '6 4']};
    // Halfway between neighbours, as the tree asks.
    const scan = [0, 1].map(which => {
      const sorted = all.map(({at}) => at[which]).sort((a, b) => a - b);
      return sorted.slice(1).map((one, k) => (one + sorted[k]) / 2).map(at => [at, sides(all, which, at)]);
    });
    const best = Object.fromEntries(Object.entries(MEASURES).map(([name, [, worth]]) => [name, scan.map(places =>
      places.map(([at, two]) => ({at, worth: worth(...two)})).reduce((a, b) => b.worth > a.worth + 1e-12 ? b : a))]));
    marks.replaceChildren(...all.filter(({at}) => at.every(one => one > LOW && one < HIGH)).map(({kind, at: [u, v]}) => kind === 0 ? draw('rect', {x: X(u) - 3, y: Y(v) - 3, width: 6, height: 6, class: `live-fill live-${LOOKS[0]}`})
      : kind === 1 ? draw('circle', {cx: X(u), cy: Y(v), r: 3.2, class: `live-stroke live-${LOOKS[1]}`, 'stroke-width': 1.8}) : draw('path', {d: `M${X(u) - 4} ${Y(v) + 3}h8l-4 -7Z`, class: `live-fill live-${LOOKS[2]}`})));
    const ends = axis ? {x1: 34, x2: 266, y1: Y(t), y2: Y(t)} : {x1: X(t), x2: X(t), y1: 12, y2: 228};
    for (const [name, value] of Object.entries(ends)) rule.setAttribute(name, value);
    grip.setAttribute('transform', axis ? `translate(258 ${Y(t)})` : `translate(${X(t)} 20)`);

    const U = reading => 34 + 236 * (reading - RANGE[0]) / (RANGE[1] - RANGE[0]), fine = Array.from({length: 171}, (_, k) => RANGE[0] + k * 0.02).map(at => [at, sides(all, axis, at)]);
    side.replaceChildren(...[0, 0.5, 1].flatMap(one => [draw('line', {x1: 34, x2: 270, y1: V(one), y2: V(one), class: 'live-thin'}), draw('text', {x: 29, y: V(one) + 4, class: 'live-end'}, one)]),
      ...[-1, 0, 1, 2].map(one => draw('text', {x: U(one), y: 226, class: 'live-middle'}, fixed(one, 0))),
      draw('line', {x1: U(t), x2: U(t), y1: V(1), y2: V(0), class: 'live-axis', 'stroke-width': 1.5}),
      ...Object.entries(MEASURES).flatMap(([name, [who, worth, dash]], k) => {
        const top = best[name][axis], [x, y] = [[34, 248], [128, 248], [34, 267], [128, 267]][k];
        return [draw('path', {d: line(fine.map(([at, two]) => [U(at), V(worth(...two))])), class: `live-stroke live-${who}`, 'stroke-width': 2.2, 'stroke-dasharray': dash}),
          draw('line', {x1: U(clamp(top.at)), x2: U(clamp(top.at)), y1: V(1) - 17 + 4 * k, y2: V(1) - 13.5 + 4 * k, class: `live-stroke live-${who}`, 'stroke-width': 6}),
          draw('line', {x1: x, x2: x + 22, y1: y - 4, y2: y - 4, class: `live-stroke live-${who}`, 'stroke-width': 2.2, 'stroke-dasharray': dash}), draw('text', {x: x + 27, y, class: `live-${who} live-tint`}, name)];
      }),
      draw('text', {x: 270, y: 286, class: 'live-end'}, `threshold of monitor ${monitor}`));

    const [yes, no] = sides(all, axis, t), asked = [yes, no].filter(total), worth = name => MEASURES[name][1](yes, no), kinds = asked.map(most);
    const light = asked.reduce((sum, counts) => sum + counts.reduce((part, many, c) => part + many * Math.cos(polar[c] - polar[most(counts)]) ** 2, 0), 0) / PULSES;
    const first = name => { const [one, two] = best[name]; return two.worth > one.worth + 1e-12 ? [2, two] : [1, one]; };
    const [[ours, a], [theirs, b]] = ['Shannon', 'von Neumann'].map(first);
    frame.say((asked.length < 2 ? 'Every pulse is on one side: this asks nothing. '
      : `Monitor ${monitor} at most ${fixed(t, 2)}: ${total(yes)} ${total(yes) === 1 ? 'pulse says' : 'pulses say'} yes, ${total(no)} no. Worth ${bits(worth('Shannon'))} by Shannon, ${bits(worth('von Neumann'))} by von Neumann; Gini falls by ${fixed(worth('Gini'), 3)}. `)
      + (asked.length > 1 && kinds[0] === kinds[1] ? `Both sides set ${names[kinds[0]]}, as without a question: the filters right, ${percent(right(yes, no), 0)}, do not move. `
        : `${percent(right(yes, no), 0)} of the filters are right, ${percent(light, 0)} of the light passes. `)
      + (ours === theirs ? `Both trees ask monitor ${ours} first` : `Shannon’s tree asks monitor ${ours} first, von Neumann’s monitor ${theirs}`) + ` (best: ${bits(a.worth)} and ${bits(b.worth)}).`);
  };
  frame.handle(grip, {label: 'The threshold', move: (x, y) => frame.set({t: clamp(frame.state.monitor === '1' ? LOW + (x - 34) * (HIGH - LOW) / 232 : LOW + (228 - y) * (HIGH - LOW) / 216)}),
    step: (right, up) => frame.set({t: clamp(frame.state.t + 0.05 * (right + up))}),
    value: () => ({now: frame.state.t.toFixed(2), min: RANGE[0], max: RANGE[1], text: `monitor ${frame.state.monitor} at most ${frame.state.t.toFixed(2)}`})});
}
