// A circuit that turns by x up to three times is a Fourier series: which waves it has, what the best of such series makes of
// data on a grid, and what it says between the points.
import {draw, line, percent, power, whole} from './frame.mjs';
import {accessible_frequencies, fit, fourier_series} from './ports/learning/encodings.mjs';

const FINE = 720, LAST = 28, LEFT = 34, WIDE = 376, HIGH = 150, TOP = 14, SHIFT = 0.37;  // (no point where a stripe ends)
const X = x => LEFT + WIDE * (x + Math.PI) / (2 * Math.PI), Y = y => TOP + HIGH / 2 - HIGH * y / 3.2;
const SHAPES = {wave: x => Math.sin(x), stripes: x => Math.sign(Math.sin(x))};
const all = Array.from({length: FINE}, (_, k) => -Math.PI + 2 * Math.PI * (k + 0.5) / FINE);

// 0, 1, 2, 3, 6 -> "0 to 3 and 6"
function ranges(numbers) {
  const parts = [];
  for (const k of numbers) {
    const last = parts.at(-1);
    if (last && k === last[1] + 1) last[1] = k; else parts.push([k, k]);
  }
  const words = parts.flatMap(([a, b]) => b > a + 1 ? [`${a} to ${b}`] : b > a ? [`${a}`, `${b}`] : [`${a}`]);
  return words.length > 1 ? `${words.slice(0, -1).join(', ')} and ${words.at(-1)}` : words[0];
}
const turn = factor => factor === 0 ? 'left out' : factor === 1 ? 'by x' : `by ${factor} x`;

export default function begin(frame) {
  frame.caption('First drawing: data on a grid (points), the law behind them (grey), and the best fit by waves that a circuit with these turns can have (blue, by least squares; no such circuit fits the points better). '
    + 'Second: frequencies. A blue square below the axis: the circuit has it. Orange outline: how much of it is in the law; blue bar: in the fit. Which turns reach what the data ask for, and how few points can be trusted?');
  const svg = frame.stage('0 0 420 200', 'Data on a grid and the best series that the circuit can have'), side = frame.stage('0 0 420 200', 'Frequencies of the circuit, of the data and of the fit');
  const factor = (key, label, min, value) => frame.slider(key, {label, min, max: 9, step: 1, value, show: turn});
  factor('first', 'First turn', 1, 1);
  factor('second', 'Second turn', 0, 1);
  factor('third', 'Third turn', 0, 1);
  frame.choice('shape', {label: 'The law', options: [['wave', 'a wave'], ['stripes', 'stripes']], value: 'stripes'});
  frame.slider('frequency', {label: 'Its frequency', min: 1, max: 16, step: 1, value: 4, show: whole});
  frame.slider('points', {label: 'Points', min: 8, max: 64, step: 1, value: 48, show: whole});
  frame.draw = ({first, second, third, shape, frequency: f, points: n}) => {
    const scales = [first, second, third].filter(Boolean), {frequencies} = accessible_frequencies(scales), has = new Set(frequencies);
    const law = x => SHAPES[shape](f * x), x = Array.from({length: n}, (_, j) => -Math.PI + 2 * Math.PI * (j + SHIFT) / n), y = x.map(law);
    const c = fit(x, y, frequencies), top = frequencies.at(-1), made = all.map(one => fourier_series(c, one)), truth = all.map(law);
    const rms = (a, b) => Math.sqrt(a.reduce((sum, one, k) => sum + (one - b[k]) ** 2, 0) / a.length);
    const here = rms(x.map(one => fourier_series(c, one)), y), between = rms(made, truth), flat = Math.max(...made.map(Math.abs)) < 1e-9;
    svg.replaceChildren(
      ...[-1, 0, 1].flatMap(one => [draw('line', {x1: LEFT, x2: LEFT + WIDE, y1: Y(one), y2: Y(one), class: 'live-thin'}), draw('text', {x: LEFT - 6, y: Y(one) + 4, class: 'live-end'}, one < 0 ? '−1' : one)]),
      ...['−π', '0', 'π'].map((name, k) => draw('text', {x: LEFT + k * WIDE / 2 - (k === 2 ? 5 : 0), y: TOP + HIGH + 14, class: 'live-middle'}, name)), draw('text', {x: LEFT + WIDE * 0.75, y: TOP + HIGH + 14, class: 'live-middle'}, 'x'),
      draw('path', {d: line(all.map((one, k) => [X(one), Y(truth[k])])), class: 'live-stroke live-grey', 'stroke-width': 1.2, opacity: 0.8}),
      draw('path', {d: line(all.map((one, k) => [X(one), Y(Math.max(-1.55, Math.min(1.55, made[k])))])), class: 'live-line'}),
      ...x.map((one, j) => draw('circle', {cx: X(one), cy: Y(y[j]), r: 3.2, class: 'live-fill live-eve'})));
    const U = k => LEFT + 8 + (WIDE - 14) * k / LAST, V = size => 146 - 100 * size, wide = 9;
    const inside = k => shape === 'wave' ? +(k === f) : k % f === 0 && k / f % 2 === 1 ? 4 * f / (Math.PI * k) : 0;
    side.replaceChildren(draw('path', {d: `M${LEFT} 146H${LEFT + WIDE}`, class: 'live-axis'}),
      draw('text', {x: LEFT - 6, y: V(1) + 4, class: 'live-end'}, '1'), draw('line', {x1: LEFT, x2: LEFT + WIDE, y1: V(1), y2: V(1), class: 'live-thin'}),
      ...Array.from({length: LAST + 1}, (_, k) => {
        const size = has.has(k) ? (k ? 2 : 1) * Math.hypot(...c[k + top]) : 0, asked = inside(k);
        return [...(size > 1e-9 ? [draw('rect', {x: U(k) - wide / 2, y: V(size), width: wide, height: 146 - V(size), class: 'live-fill live-alice'})] : []),
          ...(asked ? [draw('rect', {x: U(k) - wide / 2 - 1.5, y: V(asked), width: wide + 3, height: 146 - V(asked), class: 'live-stroke live-eve', 'stroke-width': 2})] : []),
          draw('rect', {x: U(k) - 4, y: 151, width: 8, height: 8, class: has.has(k) ? 'live-fill live-alice' : 'live-thin'}),
          ...(k % 4 ? [] : [draw('text', {x: U(k), y: 176, class: 'live-middle'}, k)])];
      }).flat(),
      draw('text', {x: LEFT, y: 14}, 'size of each wave'), draw('text', {x: LEFT + WIDE, y: 196, class: 'live-end'}, 'frequency; filled: the circuit has it'));
    // Which of the waves of the circuit look, on these points, like that of the data?
    const alike = frequencies.filter(k => k !== f && ((k - f) % n === 0 || (k + f) % n === 0)), own = has.has(f), blind = 2 * f % n === 0;
    const right = truth.filter((one, k) => one * made[k] > 0).length / FINE, off = one => one < 1e-9 ? 'nothing' : power(one);
    const twins = alike.length ? `On ${n} points frequency ${f} looks like ${ranges(alike)}` : '';
    frame.say(`Turns ${scales.map(turn).join(', ')}: frequencies ${ranges(frequencies)}. ${f} is ${own ? 'among them' : 'not among them'}. `
      + (flat ? `The best fit is 0 everywhere${shape === 'stripes' ? ': it tells no stripe from the next.' : '.'} `
        : between < 1e-9 ? `The fit${n < 2 * frequencies.length - 1 ? ', the smallest of those that meet all points,' : ''} is the law itself, at the points and between them. `
          : `The best fit is off by ${off(here)} at the points and by ${off(between)} over the whole line (root mean square)${shape === 'stripes' ? `; it changes its sign ${made.filter((one, k) => one * made.at(k - 1) < 0).length} times, and its sign is right on ${right > 0.985 && right < 1 ? 'more than 98 %' : percent(right, 0)} of it` : ''}. `)
      + (twins && !flat ? own ? `${twins}, which the circuit has too: the points cannot choose.`
        : here < 1e-9 ? `${twins}, which the circuit has: the fit goes through every point and says something else between them.` : `${twins}, which the circuit has: part of the fit is that other wave.`
        : blind && own ? `${n} points see one phase of frequency ${f} only.`
          : !flat && here < 1e-9 && between > 1e-9 ? 'Every point is met, and yet not the law between them.' : ''));
  };
}
