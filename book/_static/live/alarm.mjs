// Two distributions of an error count, an alarm threshold to drag, and what an alarm is worth where Eve is rare.
import {draw, line, percent, power as digits, whole} from './frame.mjs';
import {base_rate, roc, threshold_at} from './ports/control/eavesdropper_detection.mjs';

const LEFT = 14, WIDE = 254, FLOOR = 200, HIGH = 176;
const U = chance => 44 + 36 * (6 + Math.log10(Math.max(chance, 1e-6))), V = power => 190 - 164 * power;
const chance = one => one < 1e-12 ? 'less than once in 10¹² times' : one < 1e-3 ? `${digits(one)} of the time` : one > 0.9995 ? one > 1 - 1e-9 ? 'practically always' : 'more than 99.9 % of the time' : `${percent(one)} of the time`;
const many = blocks => blocks < 1e-6 ? 'practically none' : blocks < 10 ? digits(blocks) : whole(+blocks.toPrecision(2));

export default function begin(frame) {
  frame.caption('First drawing: how often a block has so many errors, on a quiet line (blue) and with Eve (orange, dashed). Drag the line: from there on there is an alarm. Blue area: false alarms; orange area: Eve is missed. '
    + 'Second: the curve of all thresholds, false alarms on a logarithmic scale, and yours on it. On the dotted line half of all alarms are true, to its right most are false. Below it, the alarms.');
  const svg = frame.stage('0 0 280 282', 'Chances of error counts without and with Eve, with an alarm threshold'), side = frame.stage('0 0 280 282', 'Power against false alarms, and how many alarms are true', {class: 'live-stage live-later'});
  const marks = draw('g'), rule = draw('line', {class: 'live-axis', 'stroke-width': 2.2, y1: 16, y2: FLOOR});
  const grip = draw('g', {}, draw('circle', {r: 22, fill: 'transparent'}), draw('circle', {r: 8, class: 'live-fill live-purple'}));
  svg.append(marks, rule, grip, draw('text', {x: LEFT, y: 12, class: 'live-alice live-tint'}, 'quiet'), draw('text', {x: LEFT + WIDE, y: 12, class: 'live-end live-eve live-tint'}, 'with Eve (dashed)'),
    draw('text', {x: LEFT + WIDE / 2, y: 240, class: 'live-middle'}, 'error rate of a block'));
  frame.number('rate', {min: 0, max: 0.5, value: 0.0291});
  frame.slider('log', {label: 'Sifted bits a block', min: 2, max: 4.5, step: 0.05, value: 3.2, show: one => whole(size(one))});
  frame.slider('share', {label: 'Eve intercepts', min: 0.005, max: 0.3, step: 0.005, value: 0.05, show: one => percent(one)});
  frame.slider('qber', {label: 'Errors of the line', min: 0.005, max: 0.1, step: 0.005, value: 0.02, show: one => percent(one)});
  frame.slider('rare', {label: 'Eve is in one block of', min: 0.3, max: 6, step: 0.1, value: 3, show: one => one < 1 ? (10 ** one).toFixed(1) : whole(+(10 ** one).toPrecision(2))});
  const size = log => Math.round(10 ** log);
  let held = ['', undefined];
  const curve = ({log, qber, share}) => {
    const asked = `${log} ${qber} ${share}`;
    if (held[0] !== asked) held = [asked, roc(size(log), qber, share)];
    return held[1];
  };
  const ends = ({log, qber, share}) => {
    const attacked = qber + share * (0.25 - qber / 2);
    return Math.min(0.5, attacked + Math.max(5 * Math.sqrt(attacked / size(log)), 0.4 * attacked));
  };
  const first = state => Math.min(size(state.log) + 1, Math.ceil(state.rate * size(state.log) - 1e-9));
  // halfway below the threshold, so that no rounding of the address moves it
  const to = (state, errors) => frame.set({rate: Math.min(0.5, Math.max(0, (errors - 0.5) / size(state.log)))});
  for (const [name, most] of [['1 false alarm in 100', 0.01], ['in 1,000', 0.001], ['in a million', 1e-6]]) frame.button(name, () => to(frame.state, threshold_at(curve(frame.state), most)));
  frame.button('Half of the alarms true', () => {
    const {false_alarm, power} = curve(frame.state), share = 10 ** -frame.state.rare, found = power.findIndex((one, k) => one * share >= false_alarm[k] * (1 - share));
    to(frame.state, found);
  });

  frame.draw = state => {
    const {log, rare, rate} = state, n = size(log), all = curve(state), {quiet, attacked, false_alarm, power} = all, end = ends(state), errors = first(state);
    const X = count => LEFT + WIDE * count / n / end, top = [quiet, attacked].reduce((most, chances) => chances.reduce((a, b) => Math.max(a, b), most), 0), Y = one => FLOOR - HIGH * one / top;
    const last = Math.min(n, Math.floor(end * n)), step = Math.max(1, Math.ceil(last / 254));
    const part = (chances, from, until) => {
      const at = [];
      for (let k = Math.max(0, from); k <= Math.min(last, until); k += step) at.push([X(k), Y(chances[k])]);
      return at;
    };
    const area = at => at.length ? `${line(at)}L${at.at(-1)[0]} ${FLOOR}L${at[0][0]} ${FLOOR}Z` : '';
    marks.replaceChildren(draw('path', {d: area(part(quiet, errors, last)), class: 'live-fill live-alice', opacity: 0.45}), draw('path', {d: area(part(attacked, 0, errors - 1)), class: 'live-fill live-eve', opacity: 0.45}),
      draw('path', {d: line(part(quiet, 0, last)), class: 'live-stroke live-alice', 'stroke-width': 2}), draw('path', {d: line(part(attacked, 0, last)), class: 'live-stroke live-eve', 'stroke-width': 2, 'stroke-dasharray': '5 3'}),
      draw('path', {d: `M${LEFT} ${FLOOR}H${LEFT + WIDE}`, class: 'live-axis'}),
      ...[0, 1].map(one => draw('text', {x: LEFT + WIDE * one, y: 225, class: one ? 'live-end' : ''}, percent(one * end))));
    const at = Math.min(LEFT + WIDE, LEFT + WIDE * rate / end);
    rule.setAttribute('x1', at);
    rule.setAttribute('x2', at);
    grip.setAttribute('transform', `translate(${at} ${FLOOR + 1})`);

    const share = 10 ** -rare, cry = false_alarm[errors], found = power[errors], alarms = share * found + (1 - share) * cry;
    const worth = alarms > 0 ? base_rate(cry, found, share, [true]) : 0, hidden = base_rate(cry, found, share, [false]);
    const half = Array.from({length: 73}, (_, k) => 10 ** (-6 + k / 12)).map(one => [U(one), V(Math.min(1.02, one * (1 - share) / share))]).filter(([, y]) => y >= V(1) - 1);
    const points = Array.from(power.subarray(0, last + 2), (one, k) => [false_alarm[k], one]).filter(([one]) => one >= 1e-6).filter((_, k) => k % step === 0).map(([a, b]) => [U(a), V(b)]);
    side.replaceChildren(draw('path', {d: 'M44 22V190H264', class: 'live-axis'}),
      ...[0, 0.5, 1].flatMap(one => [draw('line', {x1: 44, x2: 262, y1: V(one), y2: V(one), class: 'live-thin'}), draw('text', {x: 40, y: V(one) + 4, class: 'live-end'}, percent(one, 0))]),
      ...[-6, -4, -2, 0].map(one => draw('text', {x: U(10 ** one), y: 207, class: 'live-middle'}, one ? `10⁻${'⁰¹²³⁴⁵⁶'[-one]}` : '1')),
      draw('text', {x: 46, y: 13}, 'Eve is found'), draw('text', {x: 262, y: 224, class: 'live-end'}, 'false alarms a quiet block'),
      draw('path', {d: line(half), class: 'live-axis', 'stroke-width': 1.6, 'stroke-dasharray': '2 4'}),
      draw('path', {d: line(points), class: 'live-stroke live-eve', 'stroke-width': 2.2}),
      draw('circle', {cx: U(cry), cy: V(found), r: 6, class: 'live-fill live-purple'}),
      ...(alarms > 0 ? [draw('rect', {x: 14, y: 234, width: 254 * worth, height: 16, class: 'live-fill live-bob'}),
        draw('rect', {x: 14 + 254 * worth, y: 234, width: 254 * (1 - worth), height: 16, class: 'live-stroke live-grey', 'stroke-width': 1.5}),
        draw('text', {x: 14, y: 270, class: 'live-bob live-tint'}, `alarms that are true: ${worth < 1e-3 ? '< 0.1 %' : percent(worth)}`)] : [draw('text', {x: 140, y: 250, class: 'live-middle'}, 'no alarm')]));

    const blocks = 1e6;
    frame.say(errors > n || alarms <= 0 ? 'So many errors practically never come, with Eve neither: there is no alarm, and she is not found.'
      : errors === 0 ? 'Every block raises an alarm, quiet or not: an alarm says nothing.'
        : `Alarm from ${whole(errors)} ${errors === 1 ? 'error' : 'errors'} of ${whole(n)} on: on a quiet line ${chance(cry)}, with Eve ${chance(found)}. `
          + `Of a million blocks, ${many(share * blocks)} of them hers, ${many(share * found * blocks)} raise a true alarm and ${many((1 - share) * cry * blocks)} a false one: ${worth > 0.9995 ? 'nearly all alarms are' : worth < 1e-3 ? 'less than one alarm in a thousand is' : `${percent(worth)} of the alarms are`} true. `
          + (worth < 0.5 ? `For half of them to be true false alarms would have to come ${cry > 0 ? `${digits((1 - share) * cry / (share * found))} times more rarely, with Eve found as often` : 'never'}. ` : '')
          + `Of the blocks without an alarm ${hidden < 1e-9 ? 'next to none is' : `a share of ${hidden < 1e-3 ? digits(hidden) : percent(hidden)} is`} hers all the same.`);
  };
  frame.handle(grip, {label: 'The alarm threshold', move: x => frame.set({rate: Math.min(ends(frame.state), Math.max(0, (x - LEFT) / WIDE * ends(frame.state)))}),
    step: (right, up) => frame.set({rate: Math.min(0.5, Math.max(0, (first(frame.state) - 0.5 + right + up) / size(frame.state.log)))}),
    value: () => ({now: (100 * frame.state.rate).toFixed(2), min: 0, max: 50, text: `alarm from ${whole(first(frame.state))} errors on`})});
}
