// A qubit to turn: the arrow on the Bloch sphere, its two amplitudes as the hands of two clocks, and the chances of three
// questions. Gates act on the amplitudes, the arrow follows. Variant "shots": ask again and again, and count.
import {draw, fixed, line, power, random, whole} from './frame.mjs';
import {run} from './ports/qubits/gates.mjs';
import {probabilities} from './ports/qubits/measurement.mjs';
import {bloch, bloch_vector} from './ports/qubits/superposition.mjs';

const R = 100, TILT = 0.36, TURN = 0.7;
const place = ([x, y, z]) => {
  const right = -Math.sin(TURN) * x + Math.cos(TURN) * y, near = Math.cos(TURN) * x + Math.sin(TURN) * y;
  return [R * right, -R * (Math.cos(TILT) * z - Math.sin(TILT) * near), Math.cos(TILT) * near + Math.sin(TILT) * z];
};
const ring = at => line(Array.from({length: 73}, (_, k) => place(at(k * Math.PI / 36))));
const degrees = angle => `${fixed(angle * 180 / Math.PI, 0)}°`;
const ENDS = {Z: ['0', '1'], X: ['+', '−'], Y: ['i', '−i']};
const AXES = {X: [1, 0, 0], Y: [0, 1, 0], Z: [0, 0, 1]};
// The turn that draws the way of a gate; H is none of an axis of its own.
const FIXED = {x: ['rx', Math.PI], y: ['ry', Math.PI], z: ['rz', Math.PI], s: ['p', Math.PI / 2], t: ['p', Math.PI / 4]};

export default function begin(frame, variant) {
  const shots = variant === 'shots';
  frame.caption(shots
    ? 'Drag the arrow, choose a question, and ask it. Orange: the shadow of the arrow on the axis of the question; where it ends shares out the chance, at the middle one half. '
      + 'Each bar counts answers, each thin line is the chance that the Born rule gives. Few shots stray far, many do not.'
    : 'Drag the arrow, or let a button move it: each is a gate, a turn of the sphere, as this chapter tells below; the thin path is its way. Beside it the same state as two clock hands, and three chances: '
      + 'that the answer is |0⟩ and not |1⟩ (the question is called Z), |+⟩ and not |−⟩ (X), |i⟩ and not |−i⟩ (Y).');
  frame.number('theta', {min: 0, max: Math.PI, value: shots ? 1.05 : 0.9});
  frame.number('phi', {min: -Math.PI, max: Math.PI, value: shots ? 0.5 : 1.2});

  const sphere = frame.stage('-140 -140 280 280', 'The Bloch sphere of one qubit with its arrow');
  sphere.append(draw('circle', {r: R, class: 'live-axis'}),
    draw('path', {d: ring(t => [Math.cos(t), Math.sin(t), 0]), class: 'live-thin'}),
    draw('path', {d: ring(t => [Math.sin(t) * Math.cos(TURN), Math.sin(t) * Math.sin(TURN), Math.cos(t)]), class: 'live-thin'}));
  for (const [axis, vector] of Object.entries(AXES)) for (const side of [0, 1]) {
    const end = vector.map(one => one * (1 - 2 * side)), [x, y] = place(end), [u, v] = place(end.map(one => (axis === 'Y' ? 1.5 : 1.25) * one));  // outside of the circle
    sphere.append(draw('line', {x1: 0, y1: 0, x2: x, y2: y, class: 'live-thin'}),
      draw('text', {x: u, y: v + 4, class: 'live-middle'}, `|${ENDS[axis][side]}⟩`));
  }
  const way = draw('path', {class: 'live-stroke live-grey', 'stroke-width': 1.6});
  const arm = draw('line', {x1: 0, y1: 0, class: 'live-stroke live-alice', 'stroke-width': 3.5});
  const grip = draw('g', {}, draw('circle', {r: 22, fill: 'transparent'}), draw('circle', {r: 8, class: 'live-fill live-alice'}));
  // The shadow of the arrow on the axis of the question, and the way of the light
  const shadow = draw('path', {class: 'live-stroke live-eve', 'stroke-width': 6, opacity: 0.8}), light = draw('path', {class: 'live-stroke live-eve', 'stroke-width': 1.5, 'stroke-dasharray': '2 4'});
  sphere.append(way, shadow, light, arm, grip);

  const side = frame.stage(shots ? '0 0 250 136' : '0 0 250 236', shots ? 'Counted answers beside their chances' : 'Two amplitudes as clock hands, and chances', {class: 'live-stage live-later'});
  let path = [];
  const state = () => {
    const {theta, phi, gamma = 0} = frame.state;
    return bloch(theta, phi).map(([re, im]) =>
      [re * Math.cos(gamma) - im * Math.sin(gamma), re * Math.sin(gamma) + im * Math.cos(gamma)]);
  };
  // Angles of a state; what the phase of all is, the first hand tells (the second, where the first is gone).
  const set = ([zero, one], way) => {
    const [r0, r1] = [Math.hypot(...zero), Math.hypot(...one)];
    const [p0, p1] = [Math.atan2(zero[1], zero[0]), Math.atan2(one[1], one[0])];
    const turned = angle => Math.atan2(Math.sin(angle), Math.cos(angle));
    path = way ?? [];
    frame.set({theta: 2 * Math.atan2(r1, r0), phi: r0 < 1e-9 || r1 < 1e-9 ? 0 : turned(p1 - p0), gamma: r0 < 1e-9 ? p1 : p0});
  };
  // H is half a turn about the axis between x and z: RY(-45°), RZ, RY(45°).
  const along = (name, angle, before, t) => name === 'h'
    ? run('ry', Math.PI / 4, run('rz', t * Math.PI, run('ry', -Math.PI / 4, before)))
    : run(...(FIXED[name] ? [FIXED[name][0], t * FIXED[name][1]] : [name, t * angle]), before);
  const gate = (name, angle) => {
    const before = state();
    set(run(name, angle, before), Array.from({length: 31}, (_, k) => bloch_vector(along(name, angle, before, k / 30))));
  };

  if (shots) {
    frame.choice('ask', {label: 'Question', options: ['Z', 'X', 'Y'], value: 'Z'});
    frame.slider('log', {label: 'Shots', min: 0, max: 4, step: 0.5, value: 2, show: one => whole(10 ** one)});
    frame.number('seed', {min: 1, max: 9999, round: true, value: 1});
    frame.button('Ask again', () => frame.set({seed: frame.state.seed % 9999 + 1}));
  } else {
    for (const name of 'hxyzst') frame.button(name.toUpperCase(), () => gate(name));
    for (const name of ['rx', 'ry', 'rz']) frame.button(`${name.toUpperCase()} 30°`, () => gate(name, Math.PI / 6));
    frame.slider('gamma', {label: 'Turn both hands', min: -Math.PI, max: Math.PI, step: Math.PI / 180, value: 0, show: degrees, free: true});
  }

  const clock = (x, value, name) => {
    const [re, im] = value;
    return [draw('circle', {cx: x, cy: 62, r: 50, class: 'live-thin'}),
      draw('line', {x1: x, y1: 62, x2: x + 50 * re, y2: 62 - 50 * im, class: 'live-stroke live-eve', 'stroke-width': 3.5}),
      draw('circle', {cx: x + 50 * re, cy: 62 - 50 * im, r: 4, class: 'live-fill live-eve'}),
      draw('text', {x, y: 130, class: 'live-middle'}, `amplitude of |${name}⟩`)];
  };
  const bar = (y, label, value, line = value) => [
    draw('text', {x: 46, y: y + 12, class: 'live-end'}, label),
    draw('rect', {x: 54, y, width: 130, height: 15, class: 'live-thin'}),
    draw('rect', {x: 54, y, width: 130 * value, height: 15, class: 'live-fill live-sky'}),
    draw('line', {x1: 54 + 130 * line, x2: 54 + 130 * line, y1: y - 3, y2: y + 18, class: 'live-axis', 'stroke-width': 2}),
    draw('text', {x: 192, y: y + 12}, value.toFixed(3))];
  frame.draw = ({theta, phi, gamma, ask, log, seed}) => {
    const vector = bloch_vector(bloch(theta, phi)), [x, y, near] = place(vector);
    for (const [name, at] of Object.entries({x2: x, y2: y})) arm.setAttribute(name, at);
    grip.setAttribute('transform', `translate(${x} ${y})`);
    grip.setAttribute('opacity', near < 0 ? 0.55 : 1);
    way.setAttribute('d', line(path.map(place)));
    const where = `θ = ${degrees(theta)}, ${Math.sin(theta) < 1e-6 ? 'any φ' : `φ = ${degrees(phi)}`}`;
    if (shots) {
      const foot = AXES[ask].map((one, k) => one * vector[k]);
      shadow.setAttribute('d', line([place([0, 0, 0]), place(foot)]));
      light.setAttribute('d', line([place(vector), place(foot)]));
      const [p] = probabilities(bloch(theta, phi), ask), n = Math.round(10 ** log), roll = random(seed);
      let zero = 0;
      for (let k = 0; k < n; k++) zero += roll() < p;
      side.replaceChildren(draw('text', {x: 10, y: 24}, `Asked ${ask}, ${whole(n)} ${n === 1 ? 'time' : 'times'}`),
        ...bar(48, `|${ENDS[ask][0]}⟩`, zero / n, p), ...bar(86, `|${ENDS[ask][1]}⟩`, 1 - zero / n, 1 - p));
      const spread = Math.sqrt(p * (1 - p) / n);
      frame.say(`${where}. The chance of |${ENDS[ask][0]}⟩ is ${p.toFixed(3)}; counted ${whole(zero)} of ${whole(n)}, a share of ${(zero / n).toFixed(3)}. `
        + (Math.min(p, 1 - p) < 1e-9 ? 'The answer is sure: no luck is left.' : `The share of so many strays by ± ${power(spread)} (one standard error).`));
    } else {
      const own = state();
      const chances = ['Z', 'X', 'Y'].map(basis => probabilities(own, basis)[0]);
      side.replaceChildren(...clock(60, own[0], '0'), ...clock(186, own[1], '1'),
        ...['|0⟩', '|+⟩', '|i⟩'].flatMap((name, k) => bar(148 + 29 * k, name, chances[k])));
      const [z, x, y] = chances.map(p => p.toFixed(3));
      frame.say(`${where}. Chance of |0⟩ ${z} (asked Z), of |+⟩ ${x} (asked X), of |i⟩ ${y} (asked Y). `
        + (Math.abs(gamma) < 1e-6 ? 'Turn both hands by the same angle: none of the three changes.' : `Both hands together are turned by ${degrees(gamma)}, which none of the three shows.`));
    }
  };
  const turn = (dtheta, dphi) => {
    const {theta, phi} = frame.state;
    path = [];
    const to = phi + dphi;
    frame.set({theta: Math.min(Math.PI, Math.max(0, theta + dtheta)), phi: Math.atan2(Math.sin(to), Math.cos(to))});
  };
  const move = (x, y, right, down) => turn(down / R, right / R);
  frame.handle(grip, {label: 'The arrow: arrow keys turn it', move, step: (right, up) => turn(-up * Math.PI / 36, right * Math.PI / 36),
    value: () => ({now: Math.round(frame.state.theta * 180 / Math.PI), min: 0, max: 180,
      text: `θ ${degrees(frame.state.theta)}, φ ${degrees(frame.state.phi)}`})});
}
