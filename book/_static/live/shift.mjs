// One knob of a circuit, two values of its mean, and a slope: exact at any distance for a plain turn, if one divides by the
// right number; not exact for a controlled turn, which needs four values. With shots, the distance decides about the luck.
import {draw, fixed, line, random, small, whole} from './frame.mjs';
import {shift_rule} from './ports/learning/neural_networks.mjs';
import {expectation, run} from './ports/qubits/circuit.mjs';

const X = angle => 44 + (angle + Math.PI) * 340 / (2 * Math.PI), Y = value => 120 - 100 * value;
// The machine of the chapter; or with its knob on a controlled turn.
const mean = (gate, theta) => expectation(run(3, [['ry', [0], 0.8], ['ry', [1], 0.5], ['cx', [0, 1]],
  gate === 'crx' ? ['crx', [0, 1], theta] : ['rx', [1], theta],
  ['ry', [1], 0.8], ['cx', [1, 2]], ['ry', [2], -0.9], ['cx', [2, 0]], ['rx', [0], 0.5]]), 'YYX');
const slope = (gate, theta) => shift_rule(gate)
  .reduce((sum, [shift, weight]) => sum + weight * (mean(gate, theta + shift) - mean(gate, theta - shift)), 0);
const degrees = angle => `${fixed(angle * 180 / Math.PI, 0)}°`;
const TRIES = 60, ASKED = 0.05;  // estimates, and how exact one of them is to be

export default function begin(frame) {
  frame.caption('The mean value of the machine above as its knob is turned. Solid: the true slope at the large point. Small points: two values, one step to each side; dotted, the line through them; '
    + 'dashed, what they say of the slope: their difference, divided by a number (the step in radians). Below: sixty estimates of the slope, each from new shots; the upright mark is the truth. '
    + 'You have 100 shots a value: which step would you pay for, and by what would you divide? Then let the knob turn a controlled gate.');
  const svg = frame.stage('0 0 400 330', 'A mean value against the angle of one knob, with a tangent and two shifted points');
  svg.append(draw('text', {x: 48, y: 14}, 'mean value f'), draw('text', {x: X(Math.PI / 2), y: 240, class: 'live-middle'}, 'knob θ'));
  for (const [name, value] of [['1', 1], ['0', 0], ['−1', -1]]) svg.append(
    draw('line', {x1: 44, x2: 384, y1: Y(value), y2: Y(value), class: 'live-thin'}), draw('text', {x: 38, y: Y(value) + 4, class: 'live-end'}, name));
  for (const [name, angle] of [['−π', -Math.PI], ['0', 0], ['π', Math.PI]]) svg.append(draw('text', {x: X(angle), y: 240, class: 'live-middle'}, name));
  const curve = draw('path', {class: 'live-line'}), chord = draw('path', {class: 'live-stroke live-orange', 'stroke-width': 1.5, 'stroke-dasharray': '3 4'});
  const tangent = draw('path', {class: 'live-axis', 'stroke-width': 2}), guess = draw('path', {class: 'live-stroke live-eve', 'stroke-width': 2, 'stroke-dasharray': '6 4'});
  const ends = [draw('circle', {r: 6, class: 'live-fill live-orange'}), draw('circle', {r: 6, class: 'live-fill live-orange'})];
  const grip = draw('g', {}, draw('circle', {r: 22, fill: 'transparent'}), draw('circle', {r: 8, class: 'live-fill live-alice'}));
  const strip = draw('g');
  svg.append(curve, chord, tangent, guess, ...ends, grip, strip);
  frame.number('theta', {min: -Math.PI, max: Math.PI, value: 0.6});
  frame.choice('gate', {label: 'The knob turns', options: [['rx', 'RX'], ['crx', 'a controlled RX']]});
  frame.choice('rule', {label: 'Divide by', options: [['shift', '2 sin(step): shift rule'], ['difference', '2 step: difference']], value: 'difference'});
  frame.slider('step', {label: 'Step', min: Math.PI / 60, max: 5 * Math.PI / 6, step: Math.PI / 60, value: Math.PI / 30, show: degrees});
  frame.choice('shots', {label: 'Shots a value', options: [['0', 'exact'], '10', '100', '1000'], value: '100'});
  frame.number('seed', {min: 1, max: 9999, round: true, value: 1});
  frame.button('New shots', () => frame.set({seed: frame.state.seed % 9999 + 1}));
  const all = Array.from({length: 121}, (_, k) => -Math.PI + k * Math.PI / 60);
  const curves = Object.fromEntries(['rx', 'crx'].map(gate => [gate, line(all.map(angle => [X(angle), Y(mean(gate, angle))]))]));
  const S = value => 214 + 120 * Math.min(1.35, Math.max(-1.35, value));
  frame.draw = ({theta, gate, rule, step, shots, seed}) => {
    const sides = [theta - step, theta + step], values = sides.map(angle => mean(gate, angle)), true_slope = slope(gate, theta);
    const by = rule === 'shift' ? 2 * Math.sin(step) : 2 * step, exact = (values[1] - values[0]) / by, f = mean(gate, theta);
    curve.setAttribute('d', curves[gate]);
    grip.setAttribute('transform', `translate(${X(theta)} ${Y(f)})`);
    const along = (way, k) => line([-0.8, 0.8].map(d => [X(theta + d), Y(f + k * d)]));
    tangent.setAttribute('d', along(tangent, true_slope));
    guess.setAttribute('d', along(guess, exact));
    // An angle beyond the edge comes in again on the other side: the curve repeats after a turn (the controlled one after two).
    const inside = gate === 'rx' ? sides.map(angle => Math.atan2(Math.sin(angle), Math.cos(angle))) : sides;
    ends.forEach((end, k) => {
      end.setAttribute('cx', X(inside[k]));
      end.setAttribute('cy', Y(values[k]));
      end.toggleAttribute('hidden', Math.abs(inside[k]) > Math.PI + 1e-9);
      end.setAttribute('opacity', Math.abs(inside[k]) > Math.PI + 1e-9 ? 0 : 1);
    });
    chord.setAttribute('d', inside.every((angle, k) => Math.abs(angle - sides[k]) < 1e-9) ? line(sides.map((angle, k) => [X(angle), Y(values[k])])) : '');
    const n = +shots, roll = random(seed), drawn = value => {
      let ones = 0;
      for (let k = 0; k < n; k++) ones += roll() < (1 + value) / 2;
      return 2 * ones / n - 1;
    };
    const tries = n ? Array.from({length: TRIES}, () => (drawn(values[1]) - drawn(values[0])) / by) : [exact];
    const outside = tries.filter(one => Math.abs(one) > 1.35).length;
    const shown = [-1, 0, 1].flatMap(value => [draw('line', {x1: S(value), x2: S(value), y1: 272, y2: 300, class: 'live-thin'}),
      draw('text', {x: S(value), y: 317, class: 'live-middle'}, String(value).replace('-', '−'))]);
    strip.replaceChildren(draw('text', {x: 8, y: 264}, 'estimates of the slope'), ...shown,
      ...tries.map((one, k) => draw('circle', {cx: S(one), cy: 286 + (k % 5 - 2) * 4 * (n ? 1 : 0), r: 3.4, class: 'live-fill live-eve', opacity: n ? 0.6 : 1})),
      draw('line', {x1: S(true_slope), x2: S(true_slope), y1: 268, y2: 304, class: 'live-axis', 'stroke-width': 2.5}));
    const sd = n ? Math.sqrt((2 - values[0] ** 2 - values[1] ** 2) / n) / Math.abs(by) : 0, miss = exact - true_slope;
    const price = n * sd ** 2 / (ASKED ** 2 - miss ** 2);  // so many shots, that luck and miss together are as asked, in the mean square
    frame.say(`Slope at θ = ${degrees(theta)}: ${fixed(true_slope)} (a radian). The two values say ${fixed(exact)}: `
      + (Math.abs(miss) < 1e-9 ? 'exact' : `off by ${small(miss)}, however many shots one takes`)
      + (n ? `; with ${n} shots each, ± ${sd.toFixed(2)}${outside ? ` (${outside} of ${TRIES} ${outside === 1 ? 'lies' : 'lie'} outside the scale)` : ''}.` : '.')
      + (n && (Math.abs(step - Math.PI / 30) > 1e-6 || rule !== 'difference' || gate !== 'rx') ? Math.abs(miss) < ASKED ? ` To be right to ${ASKED} takes ${price < 10 ? 'less than 10' : whole(price)} shots a value.`
        : ` No number of shots makes that right to ${ASKED}.` : '')
      + (gate === 'crx' && rule === 'shift' ? `${Math.abs(miss) < 1e-9 ? ' Exact here, but not at most angles.' : ''} A controlled turn has a second, slower wave in it: two values cannot tell the two apart, four can (they gave the solid line).` : ''));
  };
  const put = theta => frame.set({theta: Math.min(Math.PI, Math.max(-Math.PI, theta))});
  frame.handle(grip, {label: 'The angle of the knob', move: x => put((x - 44) * 2 * Math.PI / 340 - Math.PI),
    step: (right, up) => put(frame.state.theta + (right + up) * Math.PI / 60),
    value: () => ({now: Math.round(frame.state.theta * 180 / Math.PI), min: -180, max: 180, text: degrees(frame.state.theta)})});
}
