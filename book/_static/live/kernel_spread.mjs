// How much the entries of a table still differ when qubits are added, for three kernels, and from where on counting drowns it.
import {draw, line, power, whole} from './frame.mjs';
import {BANDWIDTHS, SPREAD} from './ports/learning/kernels.mjs';

const FIRST = 2, LAST = FIRST + SPREAD.zz[0].length - 1, FLOOR = 238;
const LOOKS = {zz: ['ZZ, whole states', 'ZZ', 'live-purple'], none: ['without coupling', 'uncoupled', 'live-orange'], wires: ['ZZ, one wire at a time', 'one wire', 'live-bob']};
const X = q => 62 + (q - FIRST) * 262 / (LAST - FIRST), Y = value => 24 - Math.log10(value) * 48;
const SHAPES = {zz: (x, y, r, look) => draw('circle', {cx: x, cy: y, r, ...look}), none: (x, y, r, look) => draw('rect', {x: x - r, y: y - r, width: 2 * r, height: 2 * r, ...look}),
  wires: (x, y, r, look) => draw('path', {d: `M${x - r - 1} ${y + r}h${2 * r + 2}L${x} ${y - r - 1}Z`, ...look})};

export function begin(frame) {
  frame.caption('How much the entries of a table differ from pair to pair, for 20 random rows: the signal that a machine can learn from. Large marks: the kernel that you choose. Shaded: how much counting with so '
    + 'many shots blurs an entry; an open mark lies in the shade. (One wire at a time: dashed, the most that counting blurs each of the 3 numbers that a wire gives, on any number of qubits.) Straight line: 2 to the minus q. '
    + 'Make the bandwidth smaller, step by step: where does each of the three gain, and where does it lose?');
  const svg = frame.stage('0 0 410 284', 'Spread of the entries of three kernels against the number of qubits, with the noise of counting');
  const shade = draw('path', {fill: 'var(--live-faint)'}), blur = draw('path', {class: 'live-axis', 'stroke-width': 2, 'stroke-dasharray': '5 4'}), marks = draw('g');
  svg.append(shade, blur, draw('text', {x: 8, y: 12}, 'spread from pair to pair'));
  for (let k = 0; k <= 4; k++) svg.append(draw('line', {x1: 56, x2: 330, y1: Y(10 ** -k), y2: Y(10 ** -k), class: 'live-thin'}),
    draw('text', {x: 50, y: Y(10 ** -k) + 4, class: 'live-end'}, k ? `10⁻${'⁰¹²³⁴'[k]}` : '1'));
  for (let q = FIRST; q <= LAST; q += 2) svg.append(draw('text', {x: X(q), y: FLOOR + 18, class: 'live-middle'}, q));
  svg.append(draw('text', {x: 193, y: FLOOR + 38, class: 'live-middle'}, 'features = qubits'),
    draw('path', {d: line([[X(FIRST), Y(2 ** -FIRST)], [X(LAST), Y(2 ** -LAST)]]), class: 'live-axis', 'stroke-width': 1.5}), marks);
  frame.choice('map', {label: 'Kernel', options: Object.entries(LOOKS).map(([key, [name]]) => [key, name])});
  frame.slider('bandwidth', {label: 'Bandwidth', min: 0, max: BANDWIDTHS.length - 1, step: 1, value: BANDWIDTHS.length - 1, show: k => String(BANDWIDTHS.at(-1 - k))});
  frame.slider('log', {label: 'Shots an entry', min: 1, max: 4.5, step: 0.5, value: 2.5, show: one => whole(10 ** one)});
  frame.draw = ({map, bandwidth: k, log}) => {
    const shots = 10 ** log, column = BANDWIDTHS.length - 1 - k, found = SPREAD[map][column], wires = map === 'wires';
    const noise = found.map(([mean]) => wires ? 1 / Math.sqrt(shots) : Math.sqrt(mean * (1 - mean) / shots)), edge = noise.map((one, j) => [X(FIRST + j), Math.min(FLOOR, Y(one))]);
    blur.setAttribute('d', line(edge));
    shade.setAttribute('d', wires ? '' : `${line(edge)}L${X(LAST)} ${FLOOR}L${X(FIRST)} ${FLOOR}Z`);
    const lost = wires ? [] : found.flatMap(([, std], j) => std < noise[j] ? [FIRST + j] : []);
    const ends = Object.keys(LOOKS).map(key => [key, Y(SPREAD[key][column].at(-1)[1]) + 5]).sort((a, b) => a[1] - b[1]);
    ends.forEach((end, j) => { if (j) end[1] = Math.max(end[1], ends[j - 1][1] + 15); });
    marks.replaceChildren(...ends.map(([key, y]) => draw('text', {x: 335, y, class: `live-tint ${LOOKS[key][2]}`}, LOOKS[key][1])),
      ...Object.entries(LOOKS).flatMap(([key, [, , colour]]) => SPREAD[key][column].map(([, std], j) => SHAPES[key](X(FIRST + j), Y(std), key === map ? 5 : 2.2,
        {class: `${key === map && lost.includes(FIRST + j) ? 'live-stroke' : 'live-fill'} ${colour}`, 'stroke-width': 2}))));
    const [mean, std] = found.at(-1), begun = map === 'zz' && !column && log === 2.5, before = SPREAD[map][0].at(-1)[1];
    const where = lost.length === found.length ? 'at every number of qubits' : lost.length > 1 && lost.length === LAST + 1 - lost[0] ? `from ${lost[0]} qubits on` : `at ${lost.join(', ')} qubits`;
    frame.say((wires ? `Each number of a wire is blurred by ${power(1 / Math.sqrt(shots))} at most, with ${whole(shots)} shots, on 2 qubits as on ${LAST}. `
      : begun ? `With ${whole(shots)} shots an entry the open marks are lost in the luck of counting. `
        : `With ${whole(shots)} shots an entry ${lost.length ? `pairs differ by less than counting blurs ${where} (open marks). ` : `the spread stands out at every number of qubits. `}`)
      + `At ${LAST} qubits the entries are ${mean.toPrecision(2) < 0.01 ? power(mean) : mean.toFixed(3)} on average and differ by ${power(std)}`
      + (column ? `, ${power(std / before) === '1.0' ? '' : `${power(std / before)} times `}as much as at bandwidth 1` : '')
      + (mean > 0.9 ? ' (near 1: all rows look alike to it)' : mean < 0.05 ? ' (near 0: no two rows look alike to it)' : '')
      + (wires || begun ? '.' : `: to count one as exactly as that takes ${whole(mean * (1 - mean) / std ** 2)} shots.`));
  };
}
