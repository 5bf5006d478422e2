// What a pair that is not perfect delivers: the ball that arrives, the mean fidelity against F, and what Alice's bits tell.
import {draw, fixed, line, percent, whole} from './frame.mjs';
import {Ball, arrow_at, bar, grip} from './ball.mjs';
import {average_fidelity, fidelity, process_fidelity, share_of_yes, teleport} from './ports/communication/teleportation.mjs';
import {bell_state, density, moments, werner} from './ports/qubits/entanglement.mjs';

const FOUND = [['Φ⁺', '00'], ['Ψ⁺', '01'], ['Φ⁻', '10'], ['Ψ⁻', '11']], FOUR = [0, 1, 2, 3], NONE = [0, 0, 0];
const mixed = (p, one, two) => one.map((row, i) => row.map(([re, im], j) => [p * re + (1 - p) * two[i][j][0], p * im + (1 - p) * two[i][j][1]]));

export default function begin(frame) {
  frame.caption('Drag the blue arrow, choose a pair, and F, the share of the perfect pair Φ⁺ in it. Green: what arrives, on the average over Alice’s answers, of this arrow and of the whole ball. '
    + 'The chart: the mean fidelity of all inputs against F, counted for 1,000 random states (dot); grey: what measuring and telling does without a pair. Bars: the chances of Alice’s four answers. Let phase noise act and F fall to 1/4: is the pair worth nothing now? Then let Bob add one Z.');
  frame.number('in', {min: 0, max: Math.PI, value: 1.2});
  frame.number('around', {min: -Math.PI, max: Math.PI, value: -0.3});
  const stage = frame.stage('-140 -140 280 280', 'What is sent and what arrives, in the ball'), ball = new Ball(), body = draw('g');
  stage.append(...ball.drawn([]), body, ...ball.names());
  const hold = grip(frame, stage, ball, {theta: 'in', phi: 'around', label: 'The state that is sent: arrow keys turn it'});
  const side = frame.stage('0 0 280 290', 'Mean fidelity against F, and the chances of Alice’s answers');
  frame.choice('pair', {label: 'Pair', options: [['white', 'white noise (Werner)'], ['phase', 'phase noise'], ['uneven', 'pure, uneven halves']]});
  frame.slider('F', {label: 'F, share of Φ⁺', min: 0.25, max: 1, step: 0.01, value: 0.8, show: one => one.toFixed(2)});
  frame.toggle('z', {label: 'Bob adds a Z'});
  frame.number('seed', {min: 1, max: 9999, value: 1, round: true});
  frame.button('Send 1,000 others', () => frame.set({seed: frame.state.seed % 9999 + 1}));

  const phi = ['phi+', 'phi-'].map(name => density(bell_state(name)));
  const made = {white: werner, phase: F => mixed(F, ...phi), uneven: F => {
    const c = 2 * F - 1, p = (1 + Math.sqrt(1 - c * c)) / 2;  // F is half of (root p + root q) squared, and c twice their product
    return density([[Math.sqrt(p), 0], [0, 0], [0, 0], [Math.sign(c) * Math.sqrt(1 - p), 0]]);
  }};
  const [X, Y] = [F => 40 + 220 * F, f => 132 - 116 * f];
  // One more Z on Bob's half: his X and Y change their sign.
  const by_z = pair => pair.map(row => row.map((one, j) => j === 1 || j === 2 ? -one : one));
  const N = 1000;
  let counted = '', share = 0;
  frame.draw = ({in: theta, around, pair: kind, F, z, seed}) => {
    const sent = arrow_at(theta, around), bare = moments(made[kind](F)), resource = z ? by_z(bare) : bare, weight = process_fidelity(resource), each = FOUR.map(k => teleport(sent, resource, k));
    const got = NONE.map((_, j) => each.reduce((all, [chance, , after]) => all + (chance > 1e-12 ? chance * after[j] : 0), 0));
    const mean = average_fidelity(resource), own = fidelity(sent, got);
    if (counted !== `${kind} ${F} ${z} ${seed}`) share = share_of_yes(resource, N, seed);  // another arrow leaves the count as it is
    counted = `${kind} ${F} ${z} ${seed}`;
    const error = Math.sqrt(share * (1 - share) / N);
    body.replaceChildren(...ball.image([[resource[1][1], -resource[2][2], resource[3][3]], NONE], 'live-bob'), ball.arrow(sent, 'live-alice', {width: 1.5, dot: 2}), ball.arrow(got, 'live-bob', {dot: 6}));
    hold(sent);
    side.replaceChildren(draw('rect', {x: 40, y: Y(2 / 3), width: 220, height: 132 - Y(2 / 3), class: 'live-fill live-grey', opacity: 0.18}),
      draw('line', {x1: 40, x2: 260, y1: Y(2 / 3), y2: Y(2 / 3), class: 'live-stroke live-eve', 'stroke-width': 1.5}),
      draw('text', {x: 256, y: Y(2 / 3) + 15, class: 'live-end live-tint live-eve'}, '2/3: without a pair'),
      draw('text', {x: 34, y: Y(1) + 4, class: 'live-end'}, '1'), draw('text', {x: 34, y: Y(0.5) + 4, class: 'live-end'}, '1/2'), draw('text', {x: 34, y: Y(0) + 4, class: 'live-end'}, '0'),
      draw('path', {d: line([0, 1].map(one => [X(one), Y((2 * one + 1) / 3)])), class: 'live-axis', 'stroke-width': 2}), draw('text', {x: 62, y: Y(0.86)}, '(2F + 1) / 3'),
      ...(z ? [draw('path', {d: `M${X(F)} ${Y((2 * F + 1) / 3)}L${X(weight)} ${Y(mean)}`, class: 'live-stroke live-purple', 'stroke-width': 6, opacity: 0.45})] : []),
      draw('line', {x1: 40, x2: 260, y1: 132, y2: 132, class: 'live-axis'}), ...[[0, '0'], [0.25, '1/4'], [0.5, 'F = 1/2'], [1, '1']].map(([one, text]) => draw('text', {x: X(one), y: 148, class: 'live-middle'}, text)),
      draw('line', {x1: X(weight), x2: X(weight), y1: Y(share - error), y2: Y(share + error), class: 'live-stroke live-bob', 'stroke-width': 2}), draw('circle', {cx: X(weight), cy: Y(share), r: 5, class: 'live-fill live-bob'}),
      draw('path', {d: `M${X(weight) - 5} ${Y(own) - 5}l10 10m0 -10l-10 10`, class: 'live-stroke live-alice', 'stroke-width': 2}),
      draw('text', {x: 4, y: 174}, 'Alice finds, for this arrow'),
      ...FOUND.flatMap(([name, bits], k) => bar(184 + 26 * k, `${name} ${bits}`, each[k][0], 0.25, 'live-alice')));
    const leak = Math.max(...each.map(([chance]) => Math.abs(chance - 0.25)));
    const far = own - mean;
    frame.say(`F = ${fixed(F, 2)}${z ? `, and ${fixed(weight, 2)} after the Z` : ''}: this arrow arrives with fidelity ${fixed(own)} (cross), all inputs on the average with ${fixed(mean)}; ${whole(N)} states: ${percent(share)} ± ${percent(error)} yes. `
      + (z ? weight > F + 0.005 ? 'Φ⁻ was the larger part, and a Z makes Φ⁺ of it: what the pair was worth had not gone, Bob’s gates were made for another one. '
        : weight < F - 0.005 ? 'The Z spoils more than it mends here. ' : 'The Z changes nothing in the mean. '
        : F > 0.999 ? 'The perfect pair: every arrow arrives, and the bits are fair coins. '
          : F <= 0.5 ? kind === 'white' ? 'Measuring and telling does at least as well, whatever gates Bob has. ' : 'With these gates of Bob’s, measuring and telling does at least as well. ' : '')
      + (F > 0.999 ? '' : kind === 'uneven' && F === 0.5 ? 'This pair is |00⟩, not entangled at all: what arrives is carried by the bits alone.'
        : kind === 'white' ? z ? '' : 'White noise treats all arrows alike.' : kind === 'phase' ? far > 0.005 ? `This arrow has ${fixed(far)} more than the mean.` : far < -0.005 ? `This arrow pays ${fixed(-far)} below the mean.` : 'This arrow has just the mean.'
          : leak > 0.005 ? `Here the bits tell of the state: the chances stray by ${fixed(leak)} from 1/4, which phase noise of this F would not do.` : 'For an arrow near the equator the bits are nearly fair coins.'));
  };
}
