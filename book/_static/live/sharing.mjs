// A GHZ state as a shared secret: what two parties, or one, hold of Alice's bit at the letters that were measured, and which kept rounds are wrong.
import {draw, percent} from './frame.mjs';
import {insider, reconstruct, share} from './ports/communication/multi_party.mjs';

const SETTINGS = Array.from({length: 8}, (_, k) => [1 + (k >> 2), 1 + (k >> 1 & 1), 1 + (k & 1)]);
const text = bases => bases.map(one => '?XY'[one]).join(''), ys = bases => bases.filter(one => one === 2).length, useful = bases => ys(bases) % 2 === 0;
const LEFT = 44, TOP = 44, WIDE = 244, HIGH = 128;
const HOLD = {both: ['Bob and Charlie', [1, 2]], bob: ['Bob alone', [1]], charlie: ['Charlie alone', [2]], nobody: ['whoever holds nothing', []]};

export default function begin(frame) {
  frame.caption('Choose what each measures, and who looks. The columns: what the one who looks holds, as wide as it is frequent; filled, the part in which Alice’s bit is 1. A column that is all one colour knows her bit. '
    + 'The list: of the rounds that are kept, the part that is wrong, for each of the eight settings. Then take another source, or let somebody have Charlie’s particle.');
  const mosaic = frame.stage('0 0 300 226', 'Alice’s bit, by what is held'), list = frame.stage('0 0 300 250', 'The eight settings: which are kept, and how many of those are wrong');
  for (const [key, name] of [['a', 'Alice'], ['b', 'Bob'], ['c', 'Charlie']]) frame.choice(key, {label: `${name} measures`, options: ['X', 'Y']});
  frame.choice('who', {label: 'Who guesses her bit', options: Object.entries(HOLD).map(([key, [name]]) => [key, name])});
  const made = frame.choice('source', {label: 'Source', options: [['ghz', 'GHZ states'], ['plus', 'three separate |+⟩']]}).parentNode;
  frame.choice('eve', {label: 'Charlie’s particle', options: [['none', 'reaches him'], ['tap', 'is read on its way'], ['after the dealer', 'Bob has it, hears Alice'], ['first', 'Bob has it, speaks first']]});
  const noise = frame.slider('v', {label: 'Visibility', min: 0, max: 1, step: 0.01, value: 1, show: one => one.toFixed(2)}).parentNode;

  frame.draw = ({a, b, c, who, source, eve, v}) => {
    const inside = eve === 'first' || eve === 'after the dealer', bases = [a, b, c].map(one => 'XY'.indexOf(one) + 1);
    noise.hidden = made.hidden = inside;
    // The chances of [Alice's bit, Bob's word, Charlie's bit, what Bob takes Alice's for]
    const law = at => inside ? insider(at, eve) : share(at, v, source, eve === 'tap' ? 2 : null).flatMap((one, k) => k >> 1 & 1 ? [0, one] : [one, 0]);
    const bits = k => [k >> 3, k >> 2 & 1, k >> 1 & 1, k & 1];
    const wrong = at => law(at).reduce((sum, one, k) => sum + (reconstruct(bits(k).slice(1, 3), at) === bits(k)[0] ? 0 : one), 0);
    // (An insider's word is not what he holds.)
    const places = HOLD[who][1], name = inside && who === 'both' ? 'somebody who hears both' : HOLD[who][0];
    const looks = inside && who === 'bob' ? [3] : places, held = new Map();
    law(bases).forEach((one, k) => {
      const key = looks.map(place => bits(k)[place]).join('');
      if (!held.has(key)) held.set(key, [0, 0]);
      held.get(key)[bits(k)[0]] += one;
    });
    const columns = [...held].sort(([x], [y]) => x < y ? -1 : 1).filter(([, [p, q]]) => p + q > 1e-9);
    const right = columns.reduce((sum, [, [p, q]]) => sum + Math.max(p, q), 0);
    let from = LEFT;
    mosaic.replaceChildren(draw('text', {x: 4, y: 14}, looks.length ? `held by ${name}: the columns` : 'held: nothing'),
      ...columns.flatMap(([key, [p, q]]) => {
        const wide = WIDE * (p + q), one = q / (p + q), cut = TOP + HIGH * (1 - one), x = from, middle = x + wide / 2;
        from += wide;
        return [draw('text', {x: middle, y: TOP - 8, class: 'live-middle'}, key || '–'), draw('rect', {x: x + 1.5, y: TOP, width: Math.max(0, wide - 3), height: HIGH, class: 'live-axis'}),
          draw('rect', {x: x + 1.5, y: cut, width: Math.max(0, wide - 3), height: HIGH * one, class: 'live-fill live-alice'}),
          ...[[0, 1 - one, (TOP + cut) / 2], [1, one, (cut + TOP + HIGH) / 2]].filter(([, part]) => part > 0.13 && wide > 16).map(([bit, , y]) => draw('text', {x: middle, y: y + 4, class: 'live-middle live-halo'}, bit))];
      }),
      ...[[0, '0'], [0.5, '½'], [1, '1']].map(([part, label]) => draw('text', {x: LEFT - 8, y: TOP + HIGH * (1 - part) + 4, class: 'live-end'}, label)),
      draw('text', {x: 12, y: TOP + HIGH / 2, class: 'live-middle', transform: `rotate(-90 12 ${TOP + HIGH / 2})`}, 'Alice has 1 (share)'),
      draw('text', {x: LEFT + WIDE / 2, y: TOP + HIGH + 20, class: 'live-middle'}, 'width: how often (share of rounds)'),
      draw('text', {x: LEFT + WIDE / 2, y: TOP + HIGH + 42, class: 'live-middle', 'font-weight': 'bold'}, `best guess: right in ${percent(right)}`));

    const found = SETTINGS.map(at => useful(at) ? wrong(at) : NaN), good = found.filter(Number.isFinite), all = good.reduce((sum, one) => sum + one / good.length, 0);
    const L = 140, W = 110;
    list.replaceChildren(draw('text', {x: 16, y: 14}, 'setting'), draw('text', {x: L, y: 14}, 'wrong, of those kept'),
      ...SETTINGS.flatMap((at, k) => {
        const y = 22 + 23 * k, here = text(at) === text(bases);
        return [...(here ? [draw('rect', {x: 2, y: y + 1, width: 296, height: 21, class: 'live-axis', rx: 3})] : []),
          draw('text', {x: 16, y: y + 16, 'font-weight': here ? 'bold' : undefined}, text(at)), draw('text', {x: 62, y: y + 16, class: useful(at) ? 'live-tint live-bob' : 'live-tint live-grey'}, useful(at) ? 'kept' : 'thrown away'),
          ...(useful(at) ? [draw('rect', {x: L, y: y + 5, width: W, height: 13, class: 'live-thin'}), draw('rect', {x: L, y: y + 5, width: 2 * W * found[k], height: 13, class: 'live-fill live-eve'}),
            draw('text', {x: 296, y: y + 16, class: 'live-end'}, percent(found[k], 0))] : [])];
      }),
      ...[[0, '0'], [0.25, '25'], [0.5, '50 %']].map(([part, label]) => draw('text', {x: L + 2 * W * part, y: 222, class: 'live-middle'}, label)),
      draw('text', {x: 16, y: 244, 'font-weight': 'bold'}, `together ${percent(all)} wrong`));

    const k = ys(bases), kept = useful(bases);
    const begun = `${text(bases)}, ${k || 'no'} ${k === 1 ? 'letter' : 'letters'} Y: ${kept ? 'kept' : 'thrown away'}. ${name[0].toUpperCase() + name.slice(1)} can guess Alice’s bit right in ${percent(right)}. `;
    const sum = `Of the rounds that are kept ${percent(all)} are wrong`;
    const separate = source === 'plus' && !inside;
    frame.say(begun + (eve === 'after the dealer' ? `${sum}: a test that lets Bob hear her letter first does not show him, and he alone has her bit, in the rounds that are thrown away too. He sent Charlie a particle of another GHZ state.`
      : eve === 'first' ? `${sum}: what Bob has to say before he knows her letter he pays for. In rounds that are not tested he waits, and has her bit.`
        : separate ? `${sum}, in XXX ${percent(found[0])}${v === 1 && eve === 'none' ? ': that setting never shows that the particles have nothing to do with each other. What Alice finds in X needs no guess.' : '.'}`
          : `${sum}${all < 1e-9 ? '.' : eve === 'tap' && v < 1 ? `, the same in each setting: somebody alone makes 25.0\u00a0%, noise alone ${percent((1 - v) / 2)}.`
            : `, the same in each setting${eve === 'none' && Math.abs(all - 0.25) < 1e-9 ? ': just what somebody makes who reads Charlie’s particle' : eve === 'tap' ? ': just what a source of visibility 0.50 makes with nobody there' : ''}.`}`));
  };
}
