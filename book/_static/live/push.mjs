// Eve pushes the Bloch ball towards +: what three states count, what they are charged for, and what key is left.
import {draw, fixed, line, percent, small} from './frame.mjs';
import {asymptotic_rate} from './ports/communication/key_rate.mjs';
import {fourth_state, phase_error_of_three, pushed_line, worst_phase_error, x_yields} from './ports/control/state_selection.mjs';

const CX = 150, CY = 114, R = 88, WIDE = 242, MOST = 0.12;
const place = (x, z) => [CX + R * x, CY - R * z];
const ring = ([[x, , z], [t]]) => `${line(Array.from({length: 73}, (_, k) => place(t + x * Math.sin(k * Math.PI / 36), z * Math.cos(k * Math.PI / 36))))}Z`;
const bits = rate => rate > 0 ? `${small(rate)} secret bits per sifted bit` : 'nothing';

export default function begin(frame) {
  frame.caption('The Bloch ball in the plane of X and Z. Purple: what arrives; blue dots: the states that are sent; hollow: |−⟩, which is not. Dashed: a line with the same errors and no push. Unequal rounds: 0 or 1 sent, X asked. No state is lost on the way. The key is 1 − h(phase error) − h(key bits wrong), the simple bound. '
    + 'Drag the purple ball to the right: which bars move, and by how much? Then go back to no push: who gets the key back? Last, set one of the two error rates to 0, and then the other: whose errors gave Eve the room?');
  const left = frame.stage('18 0 264 228', 'The Bloch ball, and what arrives of it'), side = frame.stage('0 0 250 228', 'What is counted, what is charged, and the key');
  const back = draw('g'), hold = draw('g'), front = draw('g', {'pointer-events': 'none'});
  const body = draw('path', {class: 'live-fill live-purple', 'fill-opacity': 0.22, stroke: 'var(--live-purple)', 'stroke-width': 2}), arrows = draw('path', {d: 'M-9 -7l-7 7l7 7M9 -7l7 7l-7 7', class: 'live-stroke live-purple', 'stroke-width': 2.5});
  hold.append(body, arrows);
  const [axis, pole] = [[place(-1, 0), place(1, 0)], [place(0, 1), place(0, -1)]].map(line);
  left.append(draw('circle', {cx: CX, cy: CY, r: R, class: 'live-axis'}), draw('path', {d: axis + pole, class: 'live-thin'}),
    ...[['|0⟩', CX, CY - R - 9], ['|1⟩', CX, CY + R + 19], ['|+⟩', CX + R + 20, CY + 4], ['|−⟩', CX - R - 20, CY + 4]].map(([text, x, y]) => draw('text', {x, y, class: 'live-middle'}, text)), back, hold, front);
  frame.slider('z', {label: 'Key bits wrong', min: 0, max: MOST, step: 0.005, value: 0.03, show: one => percent(one)});
  frame.slider('plus', {label: '+ wrong', min: 0, max: MOST, step: 0.005, value: 0.03, show: one => percent(one)});
  frame.slider('push', {label: 'Push (of the furthest)', min: 0, max: 1, step: 0.01, value: 0, show: one => percent(one, 0), free: true});
  const put = push => frame.set({push: Math.min(1, Math.max(0, push))});
  const room = () => pushed_line(frame.state.z, frame.state.plus, 1)[1][0];
  frame.draw = ({z, plus, push}) => {
    const made = pushed_line(z, plus, push), [[mx, , mz], [t]] = made, yields = x_yields(made), never = fourth_state(yields)[0];
    const lean = yields[0][0] - 0.5, phase = phase_error_of_three(yields), worst = worst_phase_error(z, plus), free = z > 0;
    const all = asymptotic_rate(z, phase), matched = asymptotic_rate(z, worst);
    body.setAttribute('d', ring(made));
    arrows.setAttribute('transform', `translate(${CX + R * t} ${CY})`);
    arrows.setAttribute('opacity', free ? 1 : 0.25);
    back.replaceChildren(draw('path', {d: ring(pushed_line(z, plus, 0)), class: 'live-stroke live-grey', 'stroke-width': 1.5, 'stroke-dasharray': '4 4'}));
    const dot = (x, z, hollow) => {
      const [cx, cy] = place(x, z);
      return draw('circle', {cx, cy, r: 5.5, ...(hollow ? {fill: 'var(--live-paper)', stroke: 'var(--live-alice)', 'stroke-width': 2} : {class: 'live-fill live-alice'})});
    };
    front.replaceChildren(...[mz, -mz].map(at => draw('path', {d: line([place(0, at), place(t, at)]), class: 'live-stroke live-purple', 'stroke-width': 4})),
      dot(t, mz), dot(t, -mz), dot(t + mx, 0), dot(t - mx, 0, true));
    const rows = [['key bits wrong', z, percent(z), [['grey', z]]], ['+ wrong', plus, percent(plus), [['alice', plus]]],
      ['unequal: + over one half', lean, percent(lean), [['purple', lean]]], null,
      ['phase error, all kept', phase, percent(phase), [['alice', plus], ['purple', phase - plus]]],
      ['phase error, unequal gone', worst, percent(worst), [['eve', worst]]], null,
      ['key, all kept', all / 2, fixed(all), [['bob', all / 2]]], ['key, unequal gone', matched / 2, fixed(matched), [['eve', matched / 2]]]];
    let y = -13;
    side.replaceChildren(...rows.flatMap(row => {
      if (!row) { y += 6; return []; }
      const [label, , text, parts] = row, nodes = [];
      y += 30;
      let x = 4;
      for (const [who, share] of parts) {
        const width = Math.max(0, 2 * WIDE * share);
        nodes.push(draw('rect', {x, y: y + 5, width, height: 7, class: `live-fill live-${who}`}));
        x += width;
      }
      return [draw('text', {x: 4, y}, label), draw('text', {x: 4 + WIDE, y, class: 'live-end'}, text), draw('rect', {x: 4, y: y + 5, width: WIDE, height: 7, class: 'live-thin'}), ...nodes];
    }));
    const counted = `Key bits wrong in ${percent(z)}, + in ${percent(plus)}, whatever the push. `;
    if (!free) return frame.say(`${counted}Where no key bit is wrong, 0 and 1 arrive as they were sent and Eve has no room to push, ${plus ? 'however often + is wrong' : 'and + is right, too'}: unequal rounds fall evenly. The key is ${bits(all)}, with them or without.`);
    const seen = push ? `${plus ? '' : 'Eve pushes though + is never wrong: wrong key bits alone give her the room. '}Unequal rounds show + in ${percent(0.5 + lean)}. What is over one half comes on top of the errors of +: a phase error of ${percent(phase)}. A − would be wrong in ${percent(never)}. `
      : 'Unequal rounds fall evenly, and the phase error is that of +. ';
    const charged = push === 1 ? `This is the furthest push: with all rounds or without the unequal ones, ${bits(all)} ${all > 0 ? 'are' : 'is'} proved.`
      : `Proved with all rounds: ${bits(all)}. Without the unequal ones, where the furthest push is charged (${percent(worst)}): ${bits(matched)}.`;
    frame.say(counted + seen + charged);
  };
  frame.handle(hold, {label: 'What arrives: push it towards +', move: (x, y, right) => { if (room() > 1e-9) put(frame.state.push + right / R / room()); },
    step: (right, up) => put(frame.state.push + 0.05 * (right + up)),
    value: () => ({now: Math.round(100 * frame.state.push), min: 0, max: 100, text: `pushed by ${fixed(100 * frame.state.push, 0)} per cent of the furthest`})});
}
