// What a kernel holds to be alike, and what a machine makes of it: drag the point, change the map, its bandwidth, and the
// data. Variant "concentration": how much the entries of a table still differ when qubits are added.
import {draw} from './frame.mjs';
import {heat, scale} from './heat.mjs';
import {states} from './ports/learning/encodings.mjs';
import {POINTS} from './ports/learning/kernels.mjs';
import {dual_coef, overlap, rbf_kernel} from './ports/learning/qsvm.mjs';

const CELLS = 48, SIDE = 240, LEFT = 52, TOP = 12, FULL = 2 * Math.PI, TRAIN = 40, ALPHA = 0.1;
const MAPS = [['zz', 'ZZ, coupled'], ['none', 'without coupling'], ['rbf', 'RBF, classical']];
const BEGIN = {x: 2, y: 3.4, data: 'moons', map: 'zz', bandwidth: 1, see: 'likeness'};
const at = k => (k + 0.5) * FULL / CELLS;
const PLANE = Array.from({length: CELLS * CELLS}, (_, k) => [at(k % CELLS), at(Math.floor(k / CELLS))]);
const DATA = Object.fromEntries(Object.entries(POINTS).map(([name, {X, Y}]) => [name, {X, y: [...Y].map(one => one === '1' ? 1 : -1)}]));

export default async function begin(frame, variant) {
  if (variant === 'concentration') return (await import('./kernel_spread.mjs')).begin(frame);
  frame.caption('Colours: how alike every point of the plane is to the ringed one (drag it), before any data came; or what a machine says that weighs the likeness to the forty '
    + 'points by least squares (bright, where it says square; dark, where it says circle). A hundred other points judge it. Bandwidth multiplies the features before they become angles; in RBF it is the root of γ. '
    + 'The moons were made by nobody’s map, the fringes by ZZ at bandwidth 1. Which bandwidth makes ZZ see the moons? And how exactly must it be right for the fringes?');
  const svg = frame.stage('0 0 330 322', 'Heat map of the plane with forty points of two classes, and the point that all others are compared with');
  const {image, paint} = heat({x: LEFT, y: TOP, width: SIDE, height: SIDE, columns: CELLS, rows: CELLS});
  const bar = scale(112, TOP + SIDE + 50, 90, '', ''), dots = draw('g', {'pointer-events': 'none'});
  svg.append(image, ...bar, dots);
  ['0', 'π', '2π'].forEach((name, k) => svg.append(
    draw('text', {x: LEFT + k * SIDE / 2, y: TOP + SIDE + 17, class: 'live-middle'}, name),
    draw('text', {x: LEFT - 6, y: TOP + SIDE - k * SIDE / 2 + 5, class: 'live-end'}, name)));
  svg.append(draw('text', {x: LEFT + SIDE / 2, y: TOP + SIDE + 35, class: 'live-middle'}, 'feature x₁'),
    draw('text', {x: 12, y: TOP + SIDE / 2 - 50, class: 'live-middle', transform: `rotate(-90 12 ${TOP + SIDE / 2 - 50})`}, 'feature x₂'));
  const ring = draw('g', {}, draw('circle', {r: 20, fill: 'transparent'}),
    draw('circle', {r: 9, fill: 'none', stroke: '#fff', 'stroke-width': 5}), draw('circle', {r: 9, class: 'live-stroke live-eve', 'stroke-width': 3}));
  svg.append(ring);
  frame.number('x', {min: 0, max: FULL, value: BEGIN.x});
  frame.number('y', {min: 0, max: FULL, value: BEGIN.y});
  frame.choice('data', {label: 'Points', options: ['moons', 'fringes']});
  frame.choice('map', {label: 'Map', options: MAPS});
  frame.choice('see', {label: 'Colours', options: [['likeness', 'likeness to the ring'], ['machine', 'what the machine says']]});
  frame.slider('bandwidth', {label: 'Bandwidth', min: 0.05, max: 1.5, step: 0.05, value: BEGIN.bandwidth, show: one => one.toFixed(2)});
  const place = ([u, v]) => [LEFT + u * SIDE / FULL, TOP + SIDE - v * SIDE / FULL];
  const kept = {};  // what was made last, by name: the plane changes with the map alone, the machine with the data, too
  const once = (name, key, made) => {
    if (kept[name]?.key !== key) kept[name] = {key, value: made()};
    return kept[name].value;
  };
  frame.draw = now => {
    const {x, y, data, map, bandwidth, see} = now, given = {reps: 2, entanglement: map === 'zz' ? 'full' : 'none', bandwidth}, rbf = map === 'rbf', setting = map + bandwidth;
    const put = rbf ? point => point : point => states(point, given), like = rbf ? (a, b) => rbf_kernel(a, b, bandwidth ** 2) : overlap;
    const plane = once('plane', setting, () => PLANE.map(put)), {X, y: sides} = DATA[data];
    const {rows, weights, right} = once('machine', data + setting, () => {
      const all = X.map(put), rows = all.slice(0, TRAIN);
      const weights = dual_coef(rows.map(a => rows.map(b => like(a, b))), sides.slice(0, TRAIN), ALPHA);
      const says = all.slice(TRAIN).map(one => rows.reduce((sum, row, k) => sum + weights[k] * like(row, one), 0));
      return {rows, weights, right: says.filter((one, k) => (one > 0) === (sides[TRAIN + k] > 0)).length};
    });
    const here = put([x, y]), machine = see === 'machine';
    const values = machine ? once('says', data + setting, () => plane.map(one => rows.reduce((sum, row, k) => sum + weights[k] * like(row, one), 0)))
      : plane.map(one => like(one, here));
    paint((column, row) => machine ? 0.5 + 0.4 * values[row * CELLS + column] : values[row * CELLS + column]);
    bar[1].textContent = machine ? 'circle' : '0';
    bar[2].textContent = machine ? 'square' : 'kernel 1';
    once('dots', data, () => dots.replaceChildren(...X.slice(0, TRAIN).map((point, k) => {
      const [u, v] = place(point);
      return sides[k] > 0 ? draw('rect', {x: u - 4, y: v - 4, width: 8, height: 8, fill: '#111', stroke: '#fff', 'stroke-width': 1.5})
        : draw('circle', {cx: u, cy: v, r: 4.5, fill: '#fff', stroke: '#111', 'stroke-width': 1.5});
    })));
    const [u, v] = place([x, y]);
    ring.setAttribute('transform', `translate(${u} ${v})`);
    ring.style.visibility = machine ? 'hidden' : '';  // (what the machine says does not depend on it)
    const mean = machine ? NaN : values.reduce((sum, one) => sum + one, 0) / values.length, moved = Object.keys(BEGIN).some(key => now[key] !== BEGIN[key]);
    frame.say(`With this belief a machine that has seen the forty points classifies ${right} of 100 others rightly (a coin: about 50). `
      + (machine ? '' : `The mean likeness of the plane to the ring at (${x.toFixed(2)}, ${y.toFixed(2)}) is ${mean.toFixed(3)}. `)
      + (moved && data === 'fringes' && map === 'zz' ? bandwidth === 1 ? 'These points were made with this very map.' : `They were made with this map at bandwidth 1: its belief is off by ${Math.round(100 * Math.abs(bandwidth - 1))} % of that.` : ''));
  };
  const put = (x, y) => frame.set({x: Math.min(FULL, Math.max(0, x)), y: Math.min(FULL, Math.max(0, y))});
  frame.handle(ring, {label: 'The point that all others are compared with',
    move: (u, v) => put((u - LEFT) * FULL / SIDE, (TOP + SIDE - v) * FULL / SIDE),
    step: (right, up) => put(frame.state.x + right * 0.1, frame.state.y + up * 0.1),
    value: () => ({now: frame.state.x.toFixed(2), min: 0, max: FULL.toFixed(2), text: `${frame.state.x.toFixed(2)}, ${frame.state.y.toFixed(2)}`})});
}
