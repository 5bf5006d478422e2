// Three questions to many copies of one qubit: the shadows of its arrow on three axes, and what counting makes of them.
import {draw, fixed, line, power, random, whole} from './frame.mjs';
import {Ball, degrees, grip} from './ball.mjs';
import {probabilities} from './ports/qubits/measurement.mjs';
import {bloch, bloch_vector} from './ports/qubits/superposition.mjs';

const ASKED = [['Z', '|0⟩', 2, 'live-alice'], ['X', '|+⟩', 0, 'live-eve'], ['Y', '|i⟩', 1, 'live-purple']];
const error = variance => variance < 1e-8 ? power(Math.sqrt(variance)) : Math.sqrt(variance).toPrecision(2);
const AGAIN = 12;  // so many times the whole experiment is done: its spread is seen

export function shots(frame) {
  frame.caption('Drag the arrow. Its shadows on three axes share out the chances of three questions (thin lines). Bars: the share of first answers that was counted; '
    + 'dots: the shares in twelve such experiments. Can you make two of the questions sure? None of them a fair coin? How much narrower are the dots for a hundred times the shots?');
  frame.number('theta', {min: 0, max: Math.PI, value: Math.PI / 3});
  frame.number('phi', {min: -Math.PI, max: Math.PI, value: 0});
  const stage = frame.stage('-140 -140 280 280', 'The arrow and its shadows on three axes'), ball = new Ball(), body = draw('g');
  stage.append(...ball.drawn(), body);
  const hold = grip(frame, stage, ball, {theta: 'theta', phi: 'phi', label: 'The arrow: arrow keys turn it', party: 'live-bob'});
  const side = frame.stage('0 0 280 216', 'Counted answers to three questions beside their chances');
  frame.slider('log', {label: 'Shots', min: 0, max: 4, step: 0.5, value: 2, show: one => whole(10 ** one)});
  frame.number('seed', {min: 1, max: 9999, round: true, value: 1});
  frame.button('Ask again', () => frame.set({seed: frame.state.seed % 9999 + 1}));

  frame.draw = ({theta, phi, log, seed}) => {
    const state = bloch(theta, phi), vector = bloch_vector(state), n = Math.round(10 ** log);
    const chances = ASKED.map(([basis]) => probabilities(state, basis)[0]), sure = chances.map(p => Math.min(p, 1 - p) < 1e-9);
    // (other copies at each place of the arrow, and for each question)
    const place = Math.round(theta * 180 / Math.PI) * 361 + Math.round(phi * 180 / Math.PI) + 180;
    const shares = chances.map((p, k) => {
      const roll = random(seed * 7919 + place * 104729 + k);
      return Array.from({length: AGAIN}, () => {
        let first = 0;
        for (let shot = 0; shot < n; shot++) first += roll() < p;
        return sure[k] ? Math.round(p) : first / n;
      });
    });
    body.replaceChildren(...ASKED.flatMap(([, , axis, party]) => {
      const foot = [0, 0, 0];
      foot[axis] = vector[axis];
      return [draw('path', {d: line([[0, 0, 0], foot].map(one => ball.place(one))), class: `live-stroke ${party}`, 'stroke-width': 6, opacity: 0.8}),
        draw('path', {d: line([vector, foot].map(one => ball.place(one))), class: `live-stroke ${party}`, 'stroke-width': 1.5, 'stroke-dasharray': '2 4'})];
    }), ball.arrow(vector, 'live-bob', {width: 3}));
    hold(vector);
    side.replaceChildren(draw('text', {x: 4, y: 16}, `${whole(n)} ${n === 1 ? 'copy' : 'copies'} asked`), draw('text', {x: 276, y: 16, class: 'live-end'}, n > 999 ? 'first answers' : 'share of first answers'),
      ...ASKED.flatMap(([basis, ket, , party], k) => {
        const y = 36 + 62 * k, x = share => 66 + 150 * share, [own] = shares[k];
        return [draw('text', {x: 58, y: y + 15, class: `live-end live-tint ${party}`}, `${basis}: ${ket}`), draw('rect', {x: x(0), y, width: 150, height: 20, class: 'live-thin'}),
          draw('rect', {x: x(0), y, width: 150 * own, height: 20, class: `live-fill ${party}`, opacity: 0.55}),
          ...shares[k].map(one => draw('circle', {cx: x(one), cy: y + 29, r: 3.5, class: `live-fill ${party}`, opacity: 0.55})),
          draw('line', {x1: x(chances[k]), x2: x(chances[k]), y1: y - 4, y2: y + 37, class: 'live-axis', 'stroke-width': 2}),
          draw('text', {x: 224, y: y + 15}, own.toFixed(3))];
      }));

    const shadows = ASKED.map(([, , axis]) => vector[axis]), squares = values => values.reduce((all, one) => all + one * one, 0), left = sure.indexOf(true);
    const told = shadows.map((one, k) => `${ASKED[k][0]} ${fixed(one)}`).join(', '), seen = squares(shares.map(([one]) => 2 * one - 1));
    frame.say(`θ = ${degrees(theta)}, ${Math.sin(theta) < 1e-6 ? 'any φ' : `φ = ${degrees(phi)}`}. Shadows ${told}: their squares add to ${squares(shadows).toFixed(2)}; of the counted ones to ${seen.toFixed(2)}. `
      + (left >= 0 ? `${ASKED[left][0]} is sure: no luck is left there, and each of the others is a fair coin.`
        : n === 1 ? 'One copy is one answer, a whole shadow or its opposite, wherever the arrow points: it is not the arrow that was read.'
          : `The counted shares stray by ${ASKED.map(([basis], k) => `${basis} ± ${error(chances[k] * (1 - chances[k]) / n)}`).join(', ')} (one standard error)`
            + (Math.max(...shadows.map(Math.abs)) < 0.6 ? '. Three shadows alike: no question is a coin, and none is sure.' : '.')));
  };
}
