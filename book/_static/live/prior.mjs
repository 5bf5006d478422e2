// Three estimates of a noise from a count of errors, their exact errors at every true strength, and what a belief does to them.
import {draw, fixed, line, small, whole} from './frame.mjs';
import {binomial} from './ports/control/eavesdropper_detection.mjs';
import {beta_mean, cramer_rao, error_chance, maximum_likelihood_noise, mean_squared_error, posterior_mean_noise} from './ports/control/channel_estimation.mjs';

const MOST = 0.6, LEFT = 34, WIDE = 256, FLOOR = 186, HIGH = 164, TRUTHS = Array.from({length: 61}, (_, k) => MOST * k / 60);
const RULES = {likely: ['maximum likelihood', 'alice', 'none'], told: ['Bayes, told the range', 'bob', 'none'], flat: ['Bayes, told nothing', 'purple', '6 3']};
const off = error => error < 1e-12 ? '0' : small(error);  // (rounding)
const X = p => LEFT + WIDE * p / MOST;

export default function begin(frame) {
  frame.caption('How far three estimates of a noise are off (root of the mean square, exact), at each true strength p. Broad grey: the least error of an estimate that is right on average, by Cramér and Rao. Shaded: the range of which the second estimate was told. (The learned circuit is in the still picture.) '
    + 'Drag the truth; beside it, what the three then answer: the larger a dot, the more often; the line is the truth. Put the truth outside of the range and send more probes: which of the three stays off, however many? And with the truth at 0.1, how wide may the range be for the second to lie below the bound?');
  const left = frame.stage('0 0 300 226', 'Errors of three estimates against the true strength'), side = frame.stage('0 0 250 226', 'What the three estimates answer');
  const id = `live-prior-${frame.host.id}`, curves = draw('g', {'clip-path': `url(#${id})`}), scale = draw('g');
  const range = draw('rect', {y: FLOOR - HIGH, height: HIGH, class: 'live-fill live-bob', opacity: 0.14});
  const grip = draw('g', {}, draw('rect', {x: -16, y: 8, width: 32, height: FLOOR - 4, fill: 'transparent'}),
    draw('path', {d: `M0 20V${FLOOR}`, class: 'live-stroke', 'stroke-width': 2}), draw('path', {d: 'M-8 9h16v7l-8 8l-8 -8z', fill: 'currentColor'}));
  left.append(draw('clipPath', {id}, draw('rect', {x: LEFT, y: FLOOR - HIGH, width: WIDE, height: HIGH})), range, draw('path', {d: `M${LEFT} ${FLOOR - HIGH}V${FLOOR}h${WIDE}`, class: 'live-axis'}),
    ...[0, 0.2, 0.4, 0.6].map(p => draw('text', {x: X(p), y: FLOOR + 17, class: 'live-middle'}, String(p))), draw('text', {x: LEFT + WIDE / 2, y: FLOOR + 34, class: 'live-middle'}, 'true strength p'), scale, curves, grip);
  frame.slider('log', {label: 'Probes', min: 0, max: 2.5, step: 0.05, value: 1.7, show: log => whole(10 ** log)});
  frame.slider('from', {label: 'Told: from', min: 0, max: 0.6, step: 0.01, value: 0, show: one => one.toFixed(2)});
  frame.slider('to', {label: 'Told: to', min: 0.02, max: 0.6, step: 0.01, value: 0.2, show: one => one.toFixed(2)});
  frame.choice('probe', {label: 'Probe', options: [['qubit', 'a qubit'], ['bell', 'half of a Bell pair']]});
  frame.number('p', {min: 0, max: MOST, value: 0.1});
  let known = [''];
  const made = (n, low, high, probe) => {
    const asked = [n, low, high, probe].join();
    if (known[0] === asked) return known[1];
    const counts = Array.from({length: n + 1}, (_, k) => k), share = error_chance(1, probe);
    const tables = {
      likely: counts.map(k => maximum_likelihood_noise(k, n, probe)),
      told: posterior_mean_noise(n, low === high ? [low] : Array.from({length: 41}, (_, k) => low + (high - low) * k / 40), probe),
      flat: counts.map(k => beta_mean(1 + k, 1 + n - k) / share),
    };
    const errors = Object.fromEntries(Object.entries(tables).map(([name, table]) => [name, mean_squared_error(table, TRUTHS, probe).map(Math.sqrt)]));
    known = [asked, {tables, errors}];
    return known[1];
  };
  frame.draw = ({log, from, to, probe, p}) => {
    const n = Math.round(10 ** log), [low, high] = [Math.min(from, to), Math.max(from, to)], {tables, errors} = made(n, low, high, probe);
    const bounds = TRUTHS.map(one => Math.sqrt(cramer_rao(one, n, probe))), top = 1.5 * Math.max(...errors.likely, bounds[60]);
    const y = error => FLOOR - HIGH * Math.min(2, error / top), tick = +(top / 2).toPrecision(1);
    range.setAttribute('x', X(low));
    range.setAttribute('width', Math.max(2, X(high) - X(low)));
    curves.replaceChildren(draw('path', {d: line(TRUTHS.map((one, k) => [X(one), y(bounds[k])])), class: 'live-stroke live-grey', 'stroke-width': 7, opacity: 0.4}),
      ...Object.entries(RULES).map(([name, [, who, dash]]) => draw('path', {d: line(TRUTHS.map((one, k) => [X(one), y(errors[name][k])])), class: `live-stroke live-${who}`, 'stroke-width': name === 'told' ? 3 : 2, 'stroke-dasharray': dash})));
    scale.replaceChildren(...[0, tick].map(error => draw('text', {x: LEFT - 5, y: y(error) + 4, class: 'live-end live-small'}, String(error))),
      draw('path', {d: `M${LEFT} ${y(tick)}h${WIDE}`, class: 'live-thin'}), draw('text', {x: LEFT, y: 14}, 'error'));
    grip.setAttribute('transform', `translate(${X(p)} 0)`);
    const law = binomial(n, error_chance(p, probe)), here = Object.fromEntries(Object.entries(tables).map(([name, table]) => [name, Math.sqrt(mean_squared_error(table, [p], probe)[0])]));
    const bound = Math.sqrt(cramer_rao(p, n, probe)), given = Object.values(tables).flatMap(table => table.filter((_, j) => law[j] >= 1e-3)),
      far = [0.6, 0.9, 1.5, 2.1].find(one => one >= Math.max(p, high, ...given)), S = value => 12 + 226 * value / far;
    side.replaceChildren(draw('rect', {x: S(low), y: 24, width: Math.max(2, S(high) - S(low)), height: 168, class: 'live-fill live-bob', opacity: 0.14}),
      ...Object.entries(RULES).flatMap(([name, [, who]], k) => {
        const at = 78 + 52 * k;
        return [draw('path', {d: `M12 ${at}h226`, class: 'live-thin'}),
          ...tables[name].flatMap((value, j) => law[j] < 1e-3 ? [] : [draw('circle', {cx: S(value), cy: at, r: 12 * Math.sqrt(law[j]) + 0.6, class: `live-fill live-${who}`, opacity: 0.7})])];
      }),
      draw('path', {d: `M${S(p)} 24V192`, class: 'live-stroke', 'stroke-width': 2}),
      ...Object.entries(RULES).flatMap(([name, [label]], k) => [draw('text', {x: 12, y: 52 + 52 * k, class: 'live-halo'}, label), draw('text', {x: 245, y: 52 + 52 * k, class: 'live-end live-halo'}, `off ${fixed(here[name])}`)]),
      ...[0, far / 3, 2 * far / 3, far].map(value => draw('text', {x: S(value), y: 209, class: 'live-middle'}, String(+value.toFixed(1)))), draw('text', {x: 12, y: 14}, 'their answers'));
    const out = p < low ? low - p : p > high ? p - high : 0, told = here.told;
    const what = low === high ? `that p is ${low.toFixed(2)} and answering so to every count` : `that p lies from ${low.toFixed(2)} to ${high.toFixed(2)}`;
    frame.say((from > to ? '“From” stands above “to”: the two are taken the other way round. ' : '') + `At p = ${p.toFixed(3)}, with ${n} ${n === 1 ? 'probe' : 'probes'}, maximum likelihood is off by ${off(here.likely)}; Bayes, told ${what}, by ${off(told)}; told nothing, by ${off(here.flat)}. `
      + (out > 1e-9 ? `The truth lies ${small(out)} outside of what was told: no number of probes brings that Bayes nearer than this.`
        : bound < 1e-9 ? `Without noise there is no error to count: the bound is 0, and maximum likelihood meets it.`
        : told < bound * (1 - 1e-9) ? `The bound is ${off(bound)}: who was told the range lies below it, since it binds only what is right on average.${here.likely < bound * (1 - 1e-6) ? ' So does maximum likelihood here, which never answers more than 1.' : ''}`
          : `The range holds the truth, and still this Bayes is off by no less than the bound, ${off(bound)}.`));
  };
  const put = p => frame.set({p: Math.min(MOST, Math.max(0, p))});
  frame.handle(grip, {label: 'The true strength', move: x => put((x - LEFT) / WIDE * MOST), step: (right, up) => put(frame.state.p + 0.005 * (right + up)),
    value: () => ({now: Math.round(1000 * frame.state.p), min: 0, max: 1000 * MOST, text: `p = ${frame.state.p.toFixed(3)}`})});
}
