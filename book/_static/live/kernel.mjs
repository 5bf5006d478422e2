// What a kernel holds to be alike: drag the point, and see the whole plane's likeness to it. Variant "concentration": how
// much the entries of a table still differ when qubits are added, and from where on counting drowns it.
import {draw, line, power, random, whole} from './frame.mjs';
import {heat, scale} from './heat.mjs';
import {states} from './ports/learning/encodings.mjs';
import {concentration, overlap, rbf_kernel} from './ports/learning/qsvm.mjs';

const CELLS = 48, SIDE = 240, LEFT = 44, TOP = 12, FULL = 2 * Math.PI;
const MAPS = [['zz', 'ZZ, coupled'], ['none', 'without coupling'], ['rbf', 'RBF, classical']];

export default (frame, variant) => variant === 'concentration' ? spread(frame) : landscape(frame);

function landscape(frame) {
  frame.caption('How alike is every point of the plane to the ringed one? Drag the ring; change the map and its bandwidth. '
    + 'A kernel is a belief about which points go together, held before any data came.');
  const svg = frame.stage('0 0 330 300', 'Heat map of the likeness of each point of the plane to the ringed one');
  const {image, paint} = heat({x: LEFT, y: TOP, width: SIDE, height: SIDE, columns: CELLS, rows: CELLS});
  svg.append(image, ...scale(110, TOP + SIDE + 31, 120, '0', 'kernel 1'));
  ['0', 'π', '2π'].forEach((name, k) => svg.append(
    draw('text', {x: LEFT + k * SIDE / 2, y: TOP + SIDE + 17, class: 'live-middle'}, name),
    draw('text', {x: LEFT - 6, y: TOP + SIDE - k * SIDE / 2 + 5, class: 'live-end'}, name)));
  svg.append(draw('text', {x: LEFT + 3 * SIDE / 4, y: TOP + SIDE + 17, class: 'live-middle'}, 'x₁'), draw('text', {x: LEFT - 6, y: TOP + SIDE / 4 + 4, class: 'live-end'}, 'x₂'));
  const ring = draw('g', {}, draw('circle', {r: 20, fill: 'transparent'}),
    draw('circle', {r: 7, fill: 'none', stroke: '#fff', 'stroke-width': 5}), draw('circle', {r: 7, class: 'live-stroke live-eve', 'stroke-width': 3}));
  svg.append(ring);
  frame.number('x', {min: 0, max: FULL, value: 2});
  frame.number('y', {min: 0, max: FULL, value: 3.4});
  frame.choice('map', {label: 'Map', options: MAPS});
  frame.slider('bandwidth', {label: 'Bandwidth', min: 0.05, max: 1.5, step: 0.05, value: 1, show: one => one.toFixed(2)});
  const at = k => (k + 0.5) * FULL / CELLS;
  let kept = '', plane = [];
  frame.draw = ({x, y, map, bandwidth}) => {
    const given = {reps: 2, entanglement: map === 'zz' ? 'full' : 'none', bandwidth}, rbf = map === 'rbf';
    if (!rbf && kept !== map + bandwidth) {  // the states of the plane change with the map alone
      kept = map + bandwidth;
      plane = Array.from({length: CELLS * CELLS}, (_, k) => states([at(k % CELLS), at(Math.floor(k / CELLS))], given));
    }
    const here = rbf ? [x, y] : states([x, y], given), values = new Float64Array(CELLS * CELLS);
    for (let k = 0; k < values.length; k++) {
      values[k] = rbf ? rbf_kernel([at(k % CELLS), at(Math.floor(k / CELLS))], here, bandwidth ** 2) : overlap(plane[k], here);
    }
    paint((column, row) => values[row * CELLS + column]);
    ring.setAttribute('transform', `translate(${LEFT + x * SIDE / FULL} ${TOP + SIDE - y * SIDE / FULL})`);
    let far = 0, near = 1, mean = 0;
    values.forEach((value, k) => {
      const distance = Math.hypot(at(k % CELLS) - x, at(Math.floor(k / CELLS)) - y);
      if (distance > 2) far = Math.max(far, value);
      else if (distance > 0.4 && distance < 0.6) near = Math.min(near, value);
      mean += value / values.length;
    });
    frame.say(`Ring at (${x.toFixed(2)}, ${y.toFixed(2)}). The mean likeness of the plane is ${mean.toFixed(3)}. `
      + `About half a radian away it falls to ${near.toFixed(2)} in the worst direction; of the points farther than 2 away the likest has ${far.toFixed(2)}.`);
  };
  const put = (x, y) => frame.set({x: Math.min(FULL, Math.max(0, x)), y: Math.min(FULL, Math.max(0, y))});
  frame.handle(ring, {label: 'The point that all others are compared with',
    move: (u, v) => put((u - LEFT) * FULL / SIDE, (TOP + SIDE - v) * FULL / SIDE),
    step: (right, up) => put(frame.state.x + right * 0.1, frame.state.y + up * 0.1),
    value: () => ({now: frame.state.x.toFixed(2), min: 0, max: FULL.toFixed(2), text: `${frame.state.x.toFixed(2)}, ${frame.state.y.toFixed(2)}`})});
}

function spread(frame) {
  frame.caption('Points: how much the entries of a table differ from pair to pair, for 20 random rows and 2 to 10 qubits. Shaded: how much counting with so '
    + 'many shots blurs an entry. An open point lies in the shade: its pairs differ by less than the luck of counting. Black line: 2 to the minus q. (The still picture has a third kernel, which looks at one wire at a time.)');
  const svg = frame.stage('0 0 400 280', 'Spread of the entries of a kernel against the number of qubits, with the noise of counting');
  const X = q => 58 + (q - 2) * 320 / 8, Y = value => 20 - Math.log10(Math.max(value, 1e-5)) * 52;
  const shade = draw('path', {fill: 'var(--live-faint)'}), marks = draw('g'), blur = draw('path', {class: 'live-stroke live-eve', 'stroke-width': 2, 'stroke-dasharray': '5 4'});
  svg.append(shade, blur);
  for (let k = 0; k <= 4; k++) svg.append(draw('line', {x1: 52, x2: 384, y1: Y(10 ** -k), y2: Y(10 ** -k), class: 'live-thin'}),
    draw('text', {x: 48, y: Y(10 ** -k) + 4, class: 'live-end'}, k ? `10${'⁻'}${'⁰¹²³⁴'[k]}` : '1'));
  for (let q = 2; q <= 10; q++) svg.append(draw('text', {x: X(q), y: 252, class: 'live-middle'}, q));
  svg.append(draw('text', {x: 218, y: 272, class: 'live-middle'}, 'features = qubits'),
    draw('path', {d: line([[X(2), Y(1 / 4)], [X(10), Y(1 / 1024)]]), class: 'live-axis', 'stroke-width': 1.5}), marks);
  frame.choice('map', {label: 'Map', options: MAPS.slice(0, 2)});
  frame.slider('bandwidth', {label: 'Bandwidth', min: 0.02, max: 1, step: 0.02, value: 1, show: one => one.toFixed(2)});
  frame.slider('log', {label: 'Shots an entry', min: 1, max: 6, step: 0.5, value: 2.5, show: one => whole(10 ** one)});
  const roll = random(7), rows = Array.from({length: 20}, () => Array.from({length: 10}, () => FULL * roll()));
  let kept = '', found = [];
  const wide = {};  // what ten qubits have at bandwidth 1
  frame.draw = ({map, bandwidth, log}) => {
    const shots = 10 ** log;
    if (kept !== map + bandwidth) {
      kept = map + bandwidth;
      const given = {reps: map === 'zz' ? 2 : 1, entanglement: map === 'zz' ? 'full' : 'none', bandwidth};
      wide[map] ??= concentration(rows, {...given, bandwidth: 1}).std;
      found = Array.from({length: 9}, (_, k) => concentration(rows.map(row => row.slice(0, k + 2)), given));
    }
    const noise = found.map(({mean}) => Math.sqrt(mean * (1 - mean) / shots)), at = noise.map((one, k) => [X(k + 2), Y(one)]);
    blur.setAttribute('d', line(at));
    shade.setAttribute('d', `${line(at)}L${X(10)} 236L${X(2)} 236Z`);
    marks.replaceChildren(...found.map(({std}, k) => draw('circle', {cx: X(k + 2), cy: Y(std), r: 5,
      class: std < noise[k] ? 'live-stroke live-alice' : 'live-fill live-alice', 'stroke-width': 2})));
    const lost = found.flatMap(({std}, k) => std < noise[k] ? [k + 2] : []), last = found[8], from = lost[0];
    const where = lost.length === 9 ? 'every number of qubits' : lost.length > 1 && lost.length === 11 - from ? `${from} qubits and more` : `${lost.join(', ')} qubits`;
    frame.say(`With ${whole(shots)} shots an entry ` + (lost.length ? `pairs differ by less than counting blurs at ${where} (open points). ` : 'the spread stands out up to 10 qubits. ')
      + `At 10 qubits the entries are ${power(last.mean)} on average and differ by ${power(last.std)}`
      + (bandwidth < 0.995 ? `, ${power(last.std / wide[map])} times as much as at bandwidth 1` : '')
      + (last.mean > 0.9 ? ': nearly all rows have become alike, and a still smaller bandwidth makes the spread small again.' : '.'));
  };
}
