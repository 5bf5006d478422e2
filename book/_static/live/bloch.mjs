// A qubit to turn: the arrow on the Bloch sphere, its two amplitudes as the hands of two clocks, and the chances of three
// questions. Gates act on the amplitudes, the arrow follows. Variant "shots" (bloch_shots.mjs): ask again and again, and count.
import {draw, line} from './frame.mjs';
import {Ball, arrow_at, bar, degrees, grip} from './ball.mjs';
import {shots} from './bloch_shots.mjs';
import {matrix, run} from './ports/qubits/gates.mjs';
import {probabilities} from './ports/qubits/measurement.mjs';
import {bloch, bloch_vector} from './ports/qubits/superposition.mjs';

const STEP = Math.PI / 6, H = Math.SQRT1_2;
// What a button does, and its turn: [gate, angle], the name, how far and about which axis. H is half a turn about x + z.
const [X, Y, Z] = [[1, 0, 0], [0, 1, 0], [0, 0, 1]];
const GATES = {h: ['H', 'half a turn about the axis half way between x and z', [H, 0, H]],
  x: ['X', 'half a turn about x', X, 'rx', Math.PI], y: ['Y', 'half a turn about y', Y, 'ry', Math.PI],
  z: ['Z', 'half a turn about z', Z, 'rz', Math.PI], s: ['S', 'a quarter turn about z', Z, 'p', Math.PI / 2],
  t: ['T', 'an eighth of a turn about z', Z, 'p', Math.PI / 4], a: ['RX 30°', 'a turn by 30° about x', X, 'rx', STEP],
  b: ['RY 30°', 'a turn by 30° about y', Y, 'ry', STEP], c: ['RZ 30°', 'a turn by 30° about z', Z, 'rz', STEP]};
const act = (key, state) => key < 'd' ? run(GATES[key][3], STEP, state) : run(key, 0, state);
// A share t of the way of a gate; a negative one leads back.
const along = (key, state, t) => key === 'h' ? run('ry', Math.PI / 4, run('rz', t * Math.PI, run('ry', -Math.PI / 4, state)))
  : run(GATES[key][3], t * GATES[key][4], state);
const SIX = [['|0⟩', 0, 0], ['|1⟩', Math.PI, 0], ['|+⟩', Math.PI / 2, 0], ['|−⟩', Math.PI / 2, Math.PI], ['|i⟩', Math.PI / 2, Math.PI / 2], ['|−i⟩', Math.PI / 2, -Math.PI / 2]];
const MOST = 24, SEEN = ['|0⟩', '|+⟩', '|i⟩'];
const near = (a, b) => Math.abs(a - b) < 1e-6;

// What several gates do together, if that has a name: the name, and the angle by which both hands are turned besides.
const ALONE = [['', ['p', 0]], ...'hxyzst'.split('').map(key => [GATES[key][0], [key, 0]]), ['S backwards', ['p', -Math.PI / 2]], ['T backwards', ['p', -Math.PI / 4]]];
function together(did) {
  const columns = [[[1, 0], [0, 0]], [[0, 0], [1, 0]]].map(state => [...did].reduce((now, key) => act(key, now), state));
  for (const [name, gate] of ALONE) {
    let [re, im] = [0, 0];  // half of the trace of (gate, conjugate transpose) times (all together): 1 in size where they are one
    matrix(...gate).forEach((row, r) => row.forEach(([a, b], c) => {
      const [u, v] = columns[c][r];
      re += (a * u + b * v) / 2;
      im += (a * v - b * u) / 2;
    }));
    if (near(Math.hypot(re, im), 1)) return [name, Math.atan2(im, re)];
  }
}

const half = angle => angle < -3.14 ? Math.PI : angle;  // half a turn, said one way

export default function begin(frame, variant) {
  if (variant === 'shots') return shots(frame);
  frame.caption('Drag the arrow or begin at one of the six states; then press gates. Each is a turn of the sphere about the dashed axis; the thin path is the way of the last. '
    + 'Blue arc: θ; green: φ. Beside it the two amplitudes as clock hands, and the chances of |0⟩ (and not |1⟩), |+⟩ (and not |−⟩), |i⟩ (and not |−i⟩), with a line at one half. Which gates never move the first bar? Which way leads from |0⟩ to |−⟩ in two?');
  frame.number('theta', {min: 0, max: Math.PI, value: Math.PI / 3});
  frame.number('phi', {min: -Math.PI, max: Math.PI, value: Math.PI / 6});
  frame.word('did', {pattern: /^[hxyzstabc]{0,24}$/, value: ''});
  frame.number('left', {min: -Math.PI, max: Math.PI, value: 0});  // where the last gate left the hands
  const stage = frame.stage('-140 -140 280 280', 'The Bloch sphere of one qubit with its arrow'), ball = new Ball(), body = draw('g');
  stage.append(...ball.drawn(), body);
  let held = '';  // the place of the arrow when the last gate had acted: dragged from there, what the gates did is no more
  const hold = grip(frame, stage, ball, {theta: 'theta', phi: 'phi', label: 'The arrow: arrow keys turn it'});
  const side = frame.stage('0 0 280 246', 'Two amplitudes as clock hands, and chances');

  const state = () => {
    const {theta, phi, gamma} = frame.state, [c, s] = [Math.cos(gamma), Math.sin(gamma)];
    return bloch(theta, phi).map(([re, im]) => [re * c - im * s, re * s + im * c]);
  };
  for (const [name, theta, phi] of SIX) frame.button(name, () => frame.set({theta, phi, gamma: 0, left: 0, did: ''}));
  frame.slider('gamma', {label: 'Turn both hands', min: -Math.PI, max: Math.PI, step: Math.PI / 180, value: 0, show: degrees, free: true});
  // Angles of a state; what the phase of all is, the first hand tells (the second, where the first is gone).
  for (const key of 'hxyzstabc') frame.button(GATES[key][0], () => {
    const [zero, one] = act(key, state()), [r0, r1] = [Math.hypot(...zero), Math.hypot(...one)];
    const [p0, p1] = [Math.atan2(zero[1], zero[0]), Math.atan2(one[1], one[0])], flat = Math.min(r0, r1) < 1e-9, {did} = frame.state;
    const [theta, phi] = [2 * Math.atan2(r1, r0), flat ? 0 : Math.atan2(Math.sin(p1 - p0), Math.cos(p1 - p0))];
    held = `${theta} ${phi}`;
    const gamma = half(r0 < 1e-9 ? p1 : p0);
    frame.set({theta, phi, gamma, left: gamma, did: (did.length < MOST ? did : '') + key});
  });

  const clock = (x, [re, im], name) => [draw('circle', {cx: x, cy: 56, r: 50, class: 'live-thin'}),
    draw('line', {x1: x, y1: 56, x2: x + 50 * re, y2: 56 - 50 * im, class: 'live-stroke live-eve', 'stroke-width': 3.5}),
    draw('circle', {cx: x + 50 * re, cy: 56 - 50 * im, r: 4, class: 'live-fill live-eve'}),
    draw('text', {x, y: 126, class: 'live-middle'}, `amplitude of |${name}⟩`)];
  const arc = (points, party) => draw('path', {d: line(points.map(point => ball.place(point))), class: `live-stroke ${party}`, 'stroke-width': 1.6});
  const part = Array.from({length: 25}, (_, k) => k / 24);

  frame.draw = ({theta, phi, gamma, left, did: all}) => {
    if (held && held !== `${theta} ${phi}`) frame.state.did = all = '';
    held = all && `${theta} ${phi}`;
    const own = state(), vector = bloch_vector(own), last = all.at(-1), [, turn, axis] = GATES[last] ?? [];
    body.replaceChildren(arc(part.map(t => arrow_at(t * theta, phi)), 'live-alice'), arc(part.map(t => arrow_at(Math.PI / 2, t * phi)), 'live-bob'),
      ...(last ? [draw('path', {d: line([-1.12, 1.12].map(far => ball.place(axis.map(one => far * one)))), class: 'live-stroke live-purple', 'stroke-width': 2, 'stroke-dasharray': '6 4'}),
        draw('path', {d: line(Array.from({length: 31}, (_, k) => ball.place(bloch_vector(along(last, own, -k / 30))))), class: 'live-stroke live-eve', 'stroke-width': 2})] : []),
      ball.arrow(vector, 'live-alice', {width: 3.5}));
    hold(vector);
    const chances = ['Z', 'X', 'Y'].map(basis => probabilities(own, basis)[0]);
    side.replaceChildren(...clock(60, own[0], '0'), ...clock(210, own[1], '1'),
      ...SEEN.flatMap((name, k) => bar(150 + 31 * k, name, chances[k], 0.5, 'live-sky')));

    const where = `θ = ${degrees(theta)}, ${Math.sin(theta) < 1e-6 ? 'any φ' : `φ = ${degrees(phi)}`}; chances: ${SEEN.map((name, k) => `${name} ${chances[k].toFixed(3)}`).join(', ')}. `;
    const runs = all.match(/(.)\1*/g)?.map(one => GATES[one[0]][0] + (one.length > 1 ? ` (${one.length > 2 ? `${one.length} times` : 'twice'})` : '')).join(', then ');
    const found = all.length > 1 && together(all), hands = found && !near(found[1], 0);
    const by = hands && degrees(half(found[1]));
    const since = half(Math.atan2(Math.sin(gamma - left), Math.cos(gamma - left)));
    frame.say(where + (found ? `${runs}: together ` + (found[0] ? `the same as ${found[0]}${hands ? `, with both hands turned by ${by} besides, which no bar shows` : ''}.`
        : hands ? `they bring the arrow back, but not the hands: both are turned by ${by}, which no bar shows.` : 'they do nothing.')
      : all ? all.length > 1 && /^(a+|b+|c+)$/.test(all) ? `${runs}: a turn by ${30 * all.length}° about ${'xyz'['abc'.indexOf(last)]}.` : all.length > 1 ? `${runs}. The last is ${turn}.` : `${runs}: ${turn}.`
        : near(gamma, 0) ? 'Press a gate.' : `Both hands are turned by ${degrees(gamma)} together, which no bar shows.`)
      + (all && !near(since, 0) ? ` Since then you have turned both hands by ${degrees(since)}: the bars, and the arrow, stay as they were.` : ''));
  };
}
