// A threshold on the errors of a block: false alarms, misses, and which part of the alarms is true if Eve is rare.
import {draw, fixed, line, percent, power as ten, whole} from './frame.mjs';
import {base_rate, roc, threshold_at} from './ports/control/eavesdropper_detection.mjs';

const LEFT = 8, WIDE = 284, FLOOR = 176, HIGH = 132, GRID = 10;
// What is near nothing or near all is told as that, and not as 0 or 100 %.
const part = (x, sure = false) => sure ? `${100 * x}\u00a0%` : x > 0.9995 ? 'more than 99.9\u00a0%' : x < 1e-12 ? 'less than 10⁻¹⁰\u00a0%' : x < 0.0005 ? `${ten(100 * x)}\u00a0%` : percent(x);
const times = log => +(10 ** -log).toPrecision(2), rarity = log => times(log) < 10 ? String(times(log)) : whole(times(log));
const size = log => Math.round(10 ** log);

export default function begin(frame) {
  frame.caption('Errors in a block of sifted bits. Blue: nobody reads; orange: Eve reads a part of the pulses. Drag the threshold: from there on there is an alarm. Dark blue are false alarms, dark orange are blocks of Eve’s that pass. The other chart: the ROC with the threshold on it, and a hundred alarms: filled the true ones. '
    + 'Make a detector that is right in 99 blocks of a hundred of either kind (the button finds a length). Then make Eve rare: at which rarity are most of its alarms false, and how many alarms in a row mend that?');
  const left = frame.stage('0 0 300 212', 'Two distributions of the errors in a block, and a threshold'), side = frame.stage('0 0 250 212', 'The ROC, and a hundred alarms');
  const curves = draw('g'), grip = draw('g', {}, draw('rect', {x: -16, y: 22, width: 32, height: FLOOR - 14, fill: 'transparent'}),
    draw('path', {d: `M0 36V${FLOOR + 4}`, class: 'live-stroke', 'stroke-width': 2.5}), draw('path', {d: 'M-8 25h16v8l-8 8l-8 -8z', fill: 'currentColor'}));
  left.append(curves, draw('path', {d: `M${LEFT} ${FLOOR}h${WIDE}`, class: 'live-axis'}), grip);
  frame.slider('log', {label: 'Sifted bits a block', min: 2, max: 4.5, step: 0.05, value: 3.35, show: log => whole(size(log))});
  frame.slider('e', {label: 'Errors without Eve', min: 0, max: 0.1, step: 0.005, value: 0.03, show: one => percent(one)});
  frame.slider('r', {label: 'Pulses that Eve reads', min: 0, max: 0.5, step: 0.01, value: 0.05, show: one => percent(one, 0)});
  frame.slider('rare', {label: 'Eve’s: one block of', min: -5, max: -0.3, step: 0.1, value: -2, show: rarity});
  frame.slider('row', {label: 'Alarms in a row', min: 1, max: 5, step: 1, value: 1});
  frame.number('t', {min: 0, max: 0.5, value: 0.039});
  const curve = (() => {
    let known = ['', null];
    return (n, e, r) => {
      const asked = [n, e, r].join();
      if (known[0] !== asked) known = [asked, roc(n, e, r)];
      return known[1];
    };
  })();
  const put = t => frame.set({t: Math.min(0.5, Math.max(0, t))});
  frame.button('1 % of false alarms', () => {
    const {log, e, r} = frame.state, n = size(log);
    put((threshold_at(curve(n, e, r), 0.01) - 0.5) / n);
  });
  const both = frame.button('99 % right, both ways', () => {
    const {e, r} = frame.state;
    for (let k = 0; k <= 50; k++) {
      const log = +(2 + 0.05 * k).toFixed(2), n = size(log), found = roc(n, e, r), at = threshold_at(found, 0.01);
      if (found.power[at] >= 0.99 || k === 50) return frame.set({log, t: (at - 0.5) / n});
    }
  });
  // The counts that are drawn: 4.5 standard deviations around both.
  const range = (n, e, r) => {
    const f = e + r * (0.25 - e / 2), off = p => 4.5 * Math.sqrt(n * p * (1 - p));
    return [Math.max(0, Math.floor(n * e - off(e))) - 0.5, Math.min(n, Math.ceil(Math.max(3, n * f + off(f)))) + 0.5];
  };
  let span = [0, 1];
  frame.draw = ({log, e, r, rare, row, t}) => {
    const n = size(log), found = curve(n, e, r), at = Math.ceil(+(t * n).toFixed(9)), share = 1 / times(rare);
    const alarm = found.false_alarm[at], power = found.power[at], miss = 1 - power;
    span = range(n, e, r);
    const x = count => LEFT + WIDE * Math.min(1, Math.max(0, (count - span[0]) / (span[1] - span[0])));
    const peak = chances => chances.reduce((most, one) => Math.max(most, one)), top = Math.max(peak(found.quiet), peak(found.attacked)), y = chance => FLOOR - HIGH * chance / top;
    const stairs = (chances, from, to) => {
      const low = Math.max(Math.ceil(span[0]), from), high = Math.min(Math.floor(span[1]), to);
      if (high < low) return '';
      let path = `M${x(low - 0.5)} ${FLOOR}`;
      for (let k = low; k <= high; k++) path += `V${y(chances[k]).toFixed(2)}H${x(k + 0.5).toFixed(2)}`;
      return `${path}V${FLOOR}`;
    };
    const shape = (who, chances, from, to) => [draw('path', {d: stairs(chances, 0, n), class: `live-stroke live-${who}`, 'stroke-width': 1.8}),
      draw('path', {d: stairs(chances, from, to), class: `live-fill live-${who}`, opacity: 0.55})];
    const step = (span[1] - span[0]) / n / 3, ticks = [0.12, 0.5, 0.88].map(k => Math.round(span[0] + k * (span[1] - span[0])));
    curves.replaceChildren(...shape('alice', found.quiet, at, n), ...shape('eve', found.attacked, 0, at - 1),
      draw('text', {x: LEFT, y: 14, class: 'live-tint live-alice'}, 'blue: nobody'), draw('text', {x: LEFT + WIDE, y: 14, class: 'live-end live-tint live-eve'}, 'orange: Eve'),
      ...ticks.map(count => draw('text', {x: x(count), y: FLOOR + 17, class: 'live-middle'}, percent(count / n, step > 2e-3 ? 1 : step > 2e-4 ? 2 : 3))),
      draw('text', {x: LEFT + WIDE / 2, y: FLOOR + 33, class: 'live-middle'}, 'errors in a block'));
    grip.setAttribute('transform', `translate(${x(at - 0.5)} 0)`);

    const chance = base_rate(alarm, power, share, Array(row).fill(true)), true_ones = Math.round(100 * chance), silent = base_rate(alarm, power, share, [false]);
    const R = [34, 30, 88], points = [[R[0] + R[2], R[1]]];
    for (let k = 0; k <= n + 1; k++) if (found.power[k] < 0.9999 || found.false_alarm[k] < 0.9999) {
      points.push([R[0] + R[2] * found.false_alarm[k], R[1] + R[2] * (1 - found.power[k])]);
      if (found.power[k] < 1e-4) break;
    }
    points.push([R[0], R[1] + R[2]]);
    side.replaceChildren(draw('text', {x: R[0] - 26, y: 20}, 'ROC: Eve’s found'), draw('text', {x: R[0] + R[2], y: R[1] + R[2] + 17, class: 'live-end'}, 'false alarms'),
      ...[[0, '0'], [1, '1']].map(([value, text]) => draw('text', {x: R[0] - 6, y: R[1] + R[2] * (1 - value) + 5, class: 'live-end'}, text)),
      draw('rect', {x: R[0], y: R[1], width: R[2], height: R[2], class: 'live-thin'}), draw('path', {d: line([[R[0], R[1] + R[2]], [R[0] + R[2], R[1]]]), class: 'live-thin', 'stroke-dasharray': '3 4'}),
      draw('path', {d: line(points), class: 'live-stroke live-bob', 'stroke-width': 2}), draw('circle', {cx: R[0] + R[2] * alarm, cy: R[1] + R[2] * miss, r: 5, class: 'live-fill live-bob', stroke: 'var(--live-paper)'}),
      draw('text', {x: 146, y: 20}, row === 1 ? '100 alarms' : `100 × ${row} alarms`),
      ...(Number.isNaN(chance) ? [] : Array.from({length: GRID * GRID}, (_, k) => draw('rect', {x: 146 + 10 * (k % GRID), y: 30 + 10 * Math.floor(k / GRID), width: 8, height: 8, class: k < true_ones ? 'live-fill live-eve' : 'live-stroke live-alice'}))),
      draw('text', {x: 146, y: 147, class: 'live-tint live-eve'}, Number.isNaN(chance) ? 'none' : chance < 0.01 ? 'under 1 true' : chance > 1 - 1e-9 ? '100 true' : chance > 0.99 ? 'over 99 true' : `${true_ones} true`),
      ...[['false alarms, quiet blocks', alarm, 'alice'], ['missed, Eve’s blocks', miss, 'eve']].flatMap(([label, value, who], k) => {
        const at = 168 + 25 * k;
        return [draw('text', {x: 8, y: at}, label), draw('text', {x: 245, y: at, class: 'live-end'}, value > 0.0005 ? percent(value) : '< 0.1\u00a0%'),
          draw('rect', {x: 8, y: at + 4, width: 237, height: 5, class: 'live-thin'}), draw('rect', {x: 8, y: at + 4, width: 237 * Math.max(0, value), height: 5, class: `live-fill live-${who}`})];
      }));
    both.disabled = !r;
    const begun = `Alarm from ${whole(at)} ${at === 1 ? 'error' : 'errors'} of ${whole(n)} (${percent(at / n, 2)}): in ${part(alarm, !at || !e)} of the quiet blocks, and in ${part(power, !at || !(e + r))} of Eve’s. `;
    if (!r) return frame.say(`${begun}An Eve who reads nothing makes no errors: alarms are as frequent with her as without, and say nothing.`);
    if (Number.isNaN(chance)) return frame.say(`${begun}So many errors as good as never come: there is no alarm to judge.`);
    const right = Math.min(1 - alarm, power), worth = row === 1 ? `Of its alarms ${part(chance, !e && at > 0)} are true, if she is there in one block of ${rarity(rare)}. `
      : `${row} alarms in a row are true in ${part(chance, !e && at > 0)} of the cases, if she is in all blocks or in none, and there once in ${rarity(rare)}. `;
    // (what is left beside 1 is rounding below that)
    const silence = alarm === 1 || 1 - alarm < 1e-9 ? `${at ? 'As good as no' : 'No'} block is without an alarm.` : `Without an alarm she is there in ${part(silent)} of the blocks.`;
    frame.say(begun + worth + (row === 1 && chance < 0.5 && right >= 0.9 ? `It is right in ${percent(Math.floor(1000 * right) / 1000)} or more of the blocks of each kind, and most of its alarms are false: quiet blocks are so many. ` : '')
      + (log === 4.5 && found.power[threshold_at(found, 0.01)] < 0.99 ? 'No block up to this length is right in 99 % both ways: Eve reads too little. ' : '') + silence);
  };
  const rate = px => (span[0] + (px - LEFT) / WIDE * (span[1] - span[0])) / size(frame.state.log);
  frame.handle(grip, {label: 'The threshold of the alarm', move: px => put(rate(px)),
    step: (right, up) => put((Math.ceil(+(frame.state.t * size(frame.state.log)).toFixed(9)) - 0.5 + (right + up) * Math.max(1, Math.round((span[1] - span[0]) / 80))) / size(frame.state.log)),
    value: () => ({now: +(100 * frame.state.t).toFixed(3), min: 0, max: 50, text: `alarm from ${fixed(100 * frame.state.t, 2)} per cent of errors`})});
}
