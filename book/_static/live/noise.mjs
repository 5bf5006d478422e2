// What noise makes of the Bloch ball: the channels by name, step by step.
import {draw, fixed, line} from './frame.mjs';
import {Ball, arrow_at, degrees, grip} from './ball.mjs';
import {fidelity} from './ports/communication/teleportation.mjs';
import * as noise from './ports/qubits/noise.mjs';

const size = arrow => Math.hypot(...arrow);
const STEPS = 20;
const CHANNELS = {bit_flip: ['bit flip', 'p'], phase_flip: ['phase flip', 'p'], depolarising: ['depolarising', 'p'],
  amplitude_damping: ['amplitude damping', 'γ'], phase_damping: ['phase damping', 'λ']};

export default function begin(frame) {
  frame.caption('Choose a channel, drag the blue arrow, and let the noise act again and again. Purple: what it makes of the ball and of the arrow, with a dot for each step. Which strength of a bit flip hurts most? '
    + 'The curves: the length of the arrow (how much is known) and the fidelity with the start (the chance to pass for it; the centre of the ball has 1/2).');
  frame.number('theta', {min: 0, max: Math.PI, value: 2.1});
  frame.number('phi', {min: -Math.PI, max: Math.PI, value: 0.2});
  const stage = frame.stage('-140 -140 280 280', 'The Bloch ball and its image'), ball = new Ball(), body = draw('g');
  stage.append(...ball.drawn([]), body, ...ball.names());
  const hold = grip(frame, stage, ball, {theta: 'theta', phi: 'phi', label: 'The arrow that is sent: arrow keys turn it'});
  const side = frame.stage('0 0 280 236', 'Length of the arrow and fidelity with the start, against the number of steps');
  frame.choice('channel', {label: 'Channel', options: Object.entries(CHANNELS).map(([key, [name]]) => [key, name]), value: 'amplitude_damping'});
  frame.slider('p', {label: 'Strength', min: 0, max: 1, step: 0.01, value: 0.3, show: one => one.toFixed(2)});
  frame.slider('steps', {label: 'Applied', min: 0, max: STEPS, step: 1, value: 1, show: n => n === 1 ? 'once' : `${n} times`});

  const [X, Y] = [n => 36 + 230 * n / STEPS, v => 200 - 140 * v];
  frame.draw = ({theta, phi, channel, p, steps}) => {
    const one = noise[channel](p), sent = arrow_at(theta, phi), maps = [[[1, 1, 1], [0, 0, 0]]];
    for (let k = 0; k < STEPS; k++) maps.push(noise.channel_then(maps[k], one));
    const arrows = maps.map(map => noise.apply(map, sent)), now = arrows[steps];
    const lengths = arrows.map(size), same = arrows.map(arrow => fidelity(sent, arrow));
    // An image without a body, a line or a point, would hardly be seen.
    const [m, t] = maps[steps], [ox, oy] = ball.place(t), thin = [...m].sort((a, b) => Math.abs(b) - Math.abs(a)).map(Math.abs);
    const ghost = thin[1] > 0.06 ? [] : thin[0] > 0.06 ? [draw('path', {d: line(ball.outline(maps[steps])), class: 'live-stroke live-purple', 'stroke-width': 6, 'stroke-linejoin': 'round', opacity: 0.45}), draw('text', {x: -136, y: 134, class: 'live-tint live-purple'}, 'the ball: a line')]
      : [draw('circle', {cx: ox, cy: oy, r: 13, class: 'live-stroke live-purple', 'stroke-width': 1.5, 'stroke-dasharray': '4 3'}), draw('text', {x: -136, y: 134, class: 'live-tint live-purple'}, 'the ball: a point')];
    body.replaceChildren(...ball.image(maps[steps], 'live-purple'), ...ghost, ball.arrow(sent, 'live-alice', {width: 1.5, dot: 2}),
      draw('path', {d: line(arrows.slice(0, steps + 1).map(arrow => ball.place(arrow))), class: 'live-stroke live-purple', 'stroke-width': 0.8}),
      ...arrows.slice(0, steps).map(arrow => { const [cx, cy] = ball.place(arrow); return draw('circle', {cx, cy, r: 2.4, class: 'live-fill live-purple'}); }),
      ball.arrow(now, 'live-purple', {dot: 6}));
    hold(sent);
    const curve = (values, party, dash) => [draw('path', {d: line(values.map((v, n) => [X(n), Y(v)])), class: `live-stroke ${party}`, 'stroke-width': 2, 'stroke-dasharray': dash}),
      draw('circle', {cx: X(steps), cy: Y(values[steps]), r: 5, class: `live-fill ${party}`})];
    const key = (y, text, party, dash) => [draw('line', {x1: 36, x2: 62, y1: y - 4, y2: y - 4, class: `live-stroke ${party}`, 'stroke-width': 2, 'stroke-dasharray': dash}),
      draw('text', {x: 70, y}, text)];
    side.replaceChildren(...key(16, `length of the arrow: ${fixed(lengths[steps])}`, 'live-purple'), ...key(36, `fidelity with the start: ${fixed(same[steps])}`, 'live-alice', '6 3'),
      ...[0, 0.5, 1].flatMap(v => [draw('line', {x1: 36, x2: 266, y1: Y(v), y2: Y(v), class: 'live-thin'}), draw('text', {x: 30, y: Y(v) + 4, class: 'live-end'}, String(v))]),
      ...[0, 10, 20].map(n => draw('text', {x: X(n), y: 217, class: 'live-middle'}, String(n))), draw('text', {x: 150, y: 232, class: 'live-middle'}, 'times applied'),
      draw('line', {x1: X(steps), x2: X(steps), y1: 54, y2: 200, class: 'live-thin'}),
      ...curve(lengths, 'live-purple'), ...curve(same, 'live-alice', '6 3'));

    const [name, letter] = CHANNELS[channel], [spare] = {bit_flip: [0], phase_flip: [2], phase_damping: [2]}[channel] ?? [];
    const least = Math.min(...lengths.slice(0, steps + 1)), turn = lengths.indexOf(least);
    let what = 'An arrow shorter than 1 is a mixed state: what is missing, the surroundings could tell.';
    if (!steps) what = 'Nothing has acted yet: turn “Applied” up.';
    else if (p < 0.005) what = 'At strength 0 nothing happens.';
    else if (channel.endsWith('flip') && p > 0.995) what = `A flip that is sure is a gate: it turns the ball${steps % 2 ? '' : ' over and back'} and loses nothing.`;
    else if (channel.endsWith('flip') && Math.abs(p - 0.5) < 0.005) what = 'At one half the ball is a line after one step, and no step changes it again: the most noise is a fair coin, not a sure flip.';
    else if (channel.endsWith('flip') && p > 0.5) what = `More often a flip than not: the ball is ${steps % 2 ? 'turned over' : 'turned over and back'}, and as large as with strength ${fixed(1 - p, 2)}.`;
    else if (spare !== undefined && Math.abs(sent[spare]) > 0.985) what = `An arrow near the ${'xyz'[spare]} axis is spared; turn it away and see the others shrink.`;
    else if (channel === 'amplitude_damping' && least < lengths[steps] - 0.01) what = `The arrow was shortest after step ${turn} (${fixed(least)}) and grows again: this noise ends in one pure state, |0⟩, whatever was sent.`;
    else if (channel === 'amplitude_damping' && p > 0.995) what = 'Every arrow has become |0⟩: pure, and nothing is left of what was sent.';
    else if (channel === 'amplitude_damping') what = steps > 1 && lengths[steps] < 0.98 ? 'All are drawn towards |0⟩, and this arrow is shortened on the way.' : 'All are drawn towards |0⟩.';
    else if (channel === 'phase_damping') what = `One step makes the same ball as a phase flip with p = ${fixed((1 - one[0][0]) / 2)}: to be watched and to be kicked are one channel.`;
    else if (channel === 'depolarising') what = 'All directions shrink alike: no axis is spared.';
    frame.say(`${name}, ${letter} = ${p.toFixed(2)}, applied ${steps === 1 ? 'once' : `${steps} times`}. Arrow at θ = ${degrees(theta)}, ${Math.sin(theta) < 1e-6 ? 'any φ' : `φ = ${degrees(phi)}`}: `
      + `length ${fixed(lengths[steps])}, fidelity with the start ${fixed(same[steps])}. ${what}`);
  };
}
