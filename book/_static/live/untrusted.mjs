// Pairs and detectors that are not perfect: what is left with trusted devices, and what is left if nobody trusts them.
import {draw, fixed, line, percent, small} from './frame.mjs';
import {critical_efficiency, critical_qber, device_independent_rate, impostor_chsh, key_errors, key_limit, lossy_chsh} from './ports/communication/entangled_keys.mjs';
import {asymptotic_rate, tolerable_qber} from './ports/communication/key_rate.mjs';

const LEFT = 50, TOP = 24, WIDE = 236, HIGH = 206, [V0, E0] = [0.7, 0.67];
const X = v => LEFT + WIDE * (v - V0) / (1 - V0), Y = e => TOP + HIGH * (1 - e) / (1 - E0);
const GRID = Array.from({length: 61}, (_, k) => V0 + (1 - V0) * k / 60);
// The area above a border, for visibilities where it has one
const above = at => {
  const points = GRID.filter(v => at(v) <= 1).map(v => [X(v), Y(Math.max(E0, at(v)))]);
  return `${line([[points[0][0], Y(1)], ...points, [X(1), Y(1)]])}Z`;
};

export default function begin(frame) {
  frame.caption('Drag the point: how good the pairs are, and how often a detector clicks. Green lines: trusted detectors make a key. Blue: S is above 2. Purple: a key is left that trusts nobody. '
    + 'The bars: S and both keys of this point. Where does S pass 2, and how much farther must the detectors go for a key?');
  const map = frame.stage('0 0 300 282', 'Visibility of the pairs and efficiency of the detectors'), areas = draw('g');
  const point = draw('g', {}, draw('circle', {r: 20, fill: 'transparent'}), draw('circle', {r: 7.5, class: 'live-fill live-eve'}));
  const trusted = 1 - 2 * tolerable_qber(), free = 1 - 2 * critical_qber();
  const stripes = Array.from({length: 12}, (_, k) => trusted + (1 - trusted) * k / 12).map(v => `M${X(v)} ${Y(1)}V${Y(E0)}`).join('');
  map.append(areas, draw('path', {d: stripes, class: 'live-stroke live-bob', 'stroke-width': 1, opacity: 0.5}),
    draw('line', {x1: X(trusted), x2: X(trusted), y1: Y(1), y2: Y(E0), class: 'live-stroke live-bob', 'stroke-width': 2}),
    draw('path', {d: `M${LEFT} ${TOP}V${TOP + HIGH}H${LEFT + WIDE}`, class: 'live-axis'}),
    ...[0.7, 0.8, 0.9, 1].flatMap(at => [draw('text', {x: X(at), y: TOP + HIGH + 18, class: 'live-middle'}, String(at)), draw('text', {x: LEFT - 6, y: Y(at) + 4, class: 'live-end'}, percent(at, 0))]),
    draw('text', {x: LEFT + WIDE / 2, y: TOP + HIGH + 38, class: 'live-middle'}, 'visibility of the pairs'),
    draw('text', {x: 2, y: 12}, 'a detector clicks'),
    draw('text', {x: X(trusted) + 4, y: Y(E0) - 8, class: 'live-tint live-bob live-halo'}, 'trusted: key'), point);
  const side = frame.stage('0 0 300 232', 'S, and the keys with and without trust');
  frame.slider('v', {label: 'Visibility of the pairs', min: V0, max: 1, step: 0.001, value: 0.95, show: one => one.toFixed(3)});
  frame.slider('eta', {label: 'Detector clicks', min: E0, max: 1, step: 0.001, value: 0.9, show: one => percent(one)});
  frame.choice('silence', {label: 'No click', options: [['zero', 'counts as 0'], ['coin', 'counts, key by a coin'], ['drop', 'is dropped']]});

  const borders = {};
  const areas_of = silence => borders[silence] ??= silence === 'drop'
    ? [above(v => v > Math.SQRT1_2 ? E0 : 2), ''] : [above(critical_efficiency), above(v => key_limit(v, silence))];
  const beaten = line(GRID.filter(v => critical_efficiency(v) <= 1).map(v => [X(v), Y(critical_efficiency(v))]));

  frame.draw = ({v, eta, silence}) => {
    const drop = silence === 'drop', S = drop ? 2 * Math.SQRT2 * v : lossy_chsh(eta, v), wrong = key_errors(eta, v, silence), own = key_errors(eta, v, 'drop');
    const safe = asymptotic_rate(own), bare = drop && eta < 1 ? 0 : device_independent_rate(wrong, S), fooled = drop && eta <= critical_efficiency(v);
    const [test, key] = areas_of(silence);
    areas.replaceChildren(draw('path', {d: test, class: 'live-fill live-sky', opacity: 0.25}), draw('path', {d: key, class: 'live-fill live-purple', opacity: 0.5}),
      draw('path', {d: beaten, class: `live-stroke ${drop ? 'live-eve' : 'live-sky'}`, 'stroke-width': 2, 'stroke-dasharray': drop ? '5 3' : undefined}),
      draw('text', {x: X(1) - 4, y: Y(0.8), class: `live-end live-tint live-halo ${drop ? 'live-eve' : 'live-sky'}`}, drop ? 'below: a list does it' : 'above: S over 2'),
      ...(drop ? [] : [draw('text', {x: X(1) - 4, y: Y(1) + 15, class: 'live-end live-halo'}, 'no trust: key')]));
    point.setAttribute('transform', `translate(${X(v)} ${Y(eta)})`);
    const bar = (y, title, part, party, text) => [draw('text', {x: 8, y}, title), draw('rect', {x: 8, y: y + 7, width: 284, height: 18, class: 'live-thin'}),
      draw('rect', {x: 8, y: y + 7, width: 284 * part, height: 18, class: `live-fill ${party}`}), draw('text', {x: 8, y: y + 41, class: 'live-small'}, text)];
    const left = rate => rate > 0 ? small(rate, 3) : 'none', two = 8 + 284 / Math.SQRT2;
    side.replaceChildren(...bar(18, `S = ${fixed(S)}`, Math.min(1, S / 2 / Math.SQRT2), 'live-sky', ''),
      draw('path', {d: `M${two} 20v26`, class: 'live-axis', 'stroke-width': 2}), draw('text', {x: two, y: 60, class: 'live-middle live-small'}, '2: lists'), draw('text', {x: 292, y: 60, class: 'live-end live-small'}, '2√2'),
      ...bar(92, `key, devices trusted: ${left(safe)}`, safe, 'live-bob', `errors ${percent(own)}, silent rounds dropped`),
      ...bar(168, `key, no device trusted: ${drop && eta < 1 ? 'not proved' : left(bare)}`, bare, 'live-purple', `errors ${percent(wrong)}, silence ${drop ? 'dropped' : 'counted'}`));

    const border = critical_efficiency(v), passes = percent(border, 2);
    const at = `Visibility ${v.toFixed(3)}, ${percent(eta)} of the particles click: S = ${fixed(S, S > 2 && S < 2.0005 ? 5 : 3)}. `, limit = key_limit(v, silence);
    const with_trust = safe > 0 ? `Whoever trusts the detectors drops the silent rounds; of the others a bit leaves ${small(safe, 3)} secret bits, whatever the efficiency.` : `With trusted detectors the plain rate is 0 as well: ${percent(own)} of errors.`;
    const ends = limit <= 1 ? `it begins where ${percent(limit, 2)} click` : `for these pairs no detector is good enough, it takes a visibility above ${fixed(free)}`;
    if (drop) frame.say(at + (fooled
      ? `A list whose boxes are silent as often shows ${fixed(impostor_chsh(eta))} in the rounds that are left, and a key without errors that its maker knows: this S proves nothing. `
      : `A list whose boxes are silent as often shows ${fixed(impostor_chsh(eta))} in the rounds that are left, less than this. ${eta === 1 ? 'No round was dropped here. ' : 'Still, the rate without trust is for a test in which every round counts. '}`)
      + (border < 1 ? `The list catches up where ${passes} click, just where S passes 2 if silence is counted.` : 'Also if silence is counted, these pairs do not pass 2.'));
    else frame.say(at + (S <= 2 + 1e-9 ? `Lists reach that, so it vouches for nothing; ${border < 1 ? `S passes 2 where ${passes} click` : 'these pairs do not pass 2 with any detector'}. ${with_trust}`
      : bare > 0 ? `Without any trust a key bit leaves ${small(bare, 3)} secret bits. ${with_trust}`
        : `No list does that, and still the rate without trust is 0: the bits of the key rounds differ in ${percent(wrong)}; ${ends}. ${with_trust}`));
  };
  const clip = (one, low) => Math.round(1000 * Math.min(1, Math.max(low, one))) / 1000;
  const go = (v, eta) => frame.set({v: clip(v, V0), eta: clip(eta, E0)});
  frame.handle(point, {label: 'Visibility and efficiency', move: (px, py) => go(V0 + (1 - V0) * (px - LEFT) / WIDE, 1 - (1 - E0) * (py - TOP) / HIGH),
    step: (right, up) => go(frame.state.v + 0.005 * right, frame.state.eta + 0.005 * up),
    value: () => ({now: frame.state.v, min: V0, max: 1, text: `visibility ${frame.state.v.toFixed(3)}, clicks ${percent(frame.state.eta)}`})});
}
