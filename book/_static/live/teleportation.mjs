// Teleportation step by step: what Alice, Bob and the line between them hold, and Bob's ball.
import {draw, fixed, whole} from './frame.mjs';
import {Ball, arrow_at, bar, degrees, grip} from './ball.mjs';
import {fidelity, share_without_call, teleport} from './ports/communication/teleportation.mjs';
import {bell_state, density, moments} from './ports/qubits/entanglement.mjs';

const FOUND = [['Φ⁺', '00', 'nothing'], ['Ψ⁺', '01', 'X'], ['Φ⁻', '10', 'Z'], ['Ψ⁻', '11', 'X, then Z']];
const KINDS = FOUND.map(([name, bits], k) => [k, `${name}, bits ${bits}`]);
const NONE = [0, 0, 0], FOUR = [0, 1, 2, 3];
const N = 1000, START = {theta: 0.8, phi: -0.3};
const PERFECT = moments(density(bell_state('phi+')));
export default function begin(frame) {
  frame.caption('Drag the blue arrow, the state that nobody knows, and go from step to step. The green mark in Bob’s ball, a dot before the call: all that the answers of his qubit can tell him. Thin: what he may hold, each as likely as the others; in blue the one that Alice’s bits name. '
    + 'Stop before the call, drag again, and watch his dot. Then let him guess one of his four gates without the call: how often will what he has pass for the state?');
  frame.number('theta', {min: 0, max: Math.PI, value: START.theta});
  frame.number('phi', {min: -Math.PI, max: Math.PI, value: START.phi});
  const story = frame.stage('0 0 300 332', 'Alice’s and Bob’s qubits in space and time, and as balls'), time = draw('g'), hers = draw('g'), his = draw('g');
  const alice = new Ball({x: 76, y: 250, radius: 56}), bob = new Ball({x: 224, y: 250, radius: 56});
  story.append(time, ...alice.drawn([2]), ...bob.drawn([2]), hers, his,
    draw('text', {x: 76, y: 173, class: 'live-middle live-tint live-alice'}, 'what is sent'), draw('text', {x: 224, y: 173, class: 'live-middle live-tint live-bob'}, 'Bob’s ball'));
  const hold = grip(frame, story, alice, {theta: 'theta', phi: 'phi', label: 'The state that is sent: arrow keys turn it', radius: 7});
  const side = frame.stage('0 0 280 318', 'Who holds what, and the chances of Bob’s answers');
  frame.slider('step', {label: 'Step', min: 0, max: 3, step: 1, value: 0, show: n => ['pair shared', 'measured', 'call came', 'corrected'][n]});
  frame.button('Next step', () => frame.set({step: (frame.state.step + 1) % 4}));
  const finds = frame.choice('found', {label: 'Alice finds', options: KINDS}).parentNode;
  frame.button('Let it be drawn', () => frame.set({found: String(Math.floor(4 * Math.random())), step: Math.max(1, frame.state.step)}));
  frame.number('guess', {min: 0, max: 9999, value: 0, round: true});
  frame.button('Bob guesses a gate, 1,000 times', () => frame.set({guess: frame.state.guess % 9999 + 1, step: Math.max(1, frame.state.step)}));

  // The story: distance to the right, time upwards, the call along the slanted line.
  const when = [112, 84, 34, 10];
  frame.draw = ({theta, phi, step, found: word, guess}) => {
    finds.hidden = !step;
    const found = +word, sent = arrow_at(theta, phi), made = FOUR.map(k => teleport(sent, PERFECT, k));
    const [, before, after] = made[found], knows = [NONE, NONE, before, after][step];
    const now = when[step], passed = guess && share_without_call(sent, PERFECT, N, guess);
    time.replaceChildren(draw('path', {d: 'M150 132L76 104V84', class: 'live-stroke live-purple', 'stroke-width': 2}), draw('path', {d: 'M150 132L224 104', class: 'live-stroke live-purple', 'stroke-width': 2}),
      draw('path', {d: 'M60 132V104L76 84', class: 'live-stroke live-alice', 'stroke-width': 2.5}),
      draw('path', {d: 'M224 104V34', class: 'live-stroke live-grey', 'stroke-width': 4, 'stroke-dasharray': '2 4'}), draw('path', {d: 'M224 34V4', class: 'live-stroke live-bob', 'stroke-width': 4}),
      draw('path', {d: 'M76 84L224 34', class: 'live-axis', 'stroke-dasharray': step > 1 ? undefined : '5 4'}),
      draw('text', {x: 150, y: 148, class: 'live-middle'}, 'source of pairs'), draw('text', {x: 4, y: 61}, 'Bell measurement'), draw('text', {x: 160, y: 76}, 'the call'), draw('text', {x: 232, y: 26}, 'gates'),
      draw('line', {x1: 0, x2: 300, y1: now, y2: now, class: 'live-stroke live-eve', 'stroke-width': 1.5}),
      draw('text', {x: 298, y: now - 4, class: 'live-end live-tint live-eve live-small'}, 'now'));
    hers.replaceChildren(alice.arrow(sent, 'live-alice', {dot: 3}));
    hold(sent);
    his.replaceChildren(...(step === 1 || step === 2 ? made.map(([, arrow], k) => bob.arrow(arrow, k === found ? 'live-alice' : 'live-grey', {width: k === found ? 2 : 1.2, dot: 3, opacity: k === found && step === 1 ? 1 : 0.6})) : []),
      bob.arrow(knows, 'live-bob', {width: 3.5, dot: 6}));
    const [name, bits, gates] = FOUND[found];
    const twist = ['the state', 'X of the state', 'Z of the state', 'XZ of the state'][found];
    const rows = [['Alice', step ? `found ${name}, bits ${bits}` : 'the state, half of a pair', 'live-alice'],
      ['the line', step > 1 ? `${bits} has arrived` : step ? `${bits} on its way` : 'silent', 'live-grey'],
      ['Bob', ['half of a pair', 'the same, for all he knows', `has ${twist}`, step === 3 && found ? `did ${gates}: has the state` : 'has the state'][step], 'live-bob']];
    side.replaceChildren(...rows.flatMap(([who, what, party], k) => [draw('text', {x: 4, y: 22 + 24 * k, class: `live-tint ${party}`, 'font-weight': 'bold'}, who), draw('text', {x: 72, y: 22 + 24 * k}, what)]),
      draw('text', {x: 4, y: 112}, 'Bob asks his qubit, answer'),
      ...[['Z', '|0⟩', 2], ['X', '|+⟩', 0], ['Y', '|i⟩', 1]].flatMap(([letter, ket, axis], k) => bar(126 + 31 * k, `${letter}: ${ket}`, (1 + knows[axis]) / 2, (1 + sent[axis]) / 2)),
      draw('text', {x: 4, y: 236}, 'thin lines: chances of what was sent'),
      ...(guess ? [draw('text', {x: 4, y: 264}, 'asked “are you the one I sent?”, yes'), ...bar(274, 'guessed', passed, 0.5), ...bar(300, 'by the bits', 1, 1)] : []));

    // At the end of an axis two of the four are one arrow.
    const kinds = made.filter(([, arrow], k) => !made.slice(0, k).some(([, other]) => Math.hypot(...arrow.map((one, j) => one - other[j])) < 1e-6)).length;
    const alike = FOUND.filter((_, k) => k !== found && Math.hypot(...made[k][1].map((one, j) => one - before[j])) < 1e-6).map(([other]) => other);
    const moved = theta !== START.theta || phi !== START.phi;
    const tried = guess ? ` Without the call, one of his four gates by guess: ${whole(passed * N)} of ${whole(N)} pass for the state. One guess in four is right, and the wrong ones pass one time in three: half of all, as a fair coin would.` : '';
    const shown = `Sent: θ = ${degrees(theta)}, ${Math.sin(theta) < 1e-6 ? 'any φ' : `φ = ${degrees(phi)}`}. `, length = Math.hypot(...knows);
    frame.say(shown + [
      `The pair is shared and nothing has been done. Bob’s arrow has length ${fixed(length, 1)}: each answer has chance 0.500.`,
      `Alice found ${name}, by a chance of ${fixed(made[found][0], 2)} whatever is sent, and her bits name one of ${kinds === 4 ? 'four' : 'two'} arrows as Bob’s${alike.length ? ` (for this state ${alike[0]} leaves the same)` : ''}. He has not got them: ${moved ? 'for him it is the mean of the arrows, the centre, whatever is sent.' : 'turn what is sent, and watch his dot.'}`,
      `The bits ${bits} have come, no sooner than light: Bob knows which of the arrows is his, though not where it points. Fidelity with what was sent ${fixed(fidelity(sent, knows))}; ${found ? `he needs ${gates}.` : 'there is nothing to undo.'}`,
      `Bob did ${gates}. His arrow is the one that was sent, fidelity ${fixed(fidelity(sent, knows))}, and neither of them knows where it points.`,
    ][step] + tried);
  };
}
