// Eve at her line: what she learns of a sifted bit for the errors she makes, and what that leaves of it.
import {draw, fixed, line, percent, small} from './frame.mjs';
import {collective_information, end_of_lead, individual_guess, individual_information, memoryless_guess, predict,
  secret_bits} from './ports/communication/eavesdropping.mjs';
import {asymptotic_rate, tolerable_qber} from './ports/communication/key_rate.mjs';
import {binary_entropy} from './ports/qubits/entropies.mjs';

const LEFT = 38, TOP = 16, WIDE = 168, HIGH = 210, MOST = 0.25;
const EVES = [['one', 'probe, one by one'], ['probe', 'probe, all together'], ['clone', 'clone, all together'], ['universal', 'universal clone'],
  ['gentle', 'gentle reader'], ['coin', 'reads some, Z or X'], ['halfway', 'reads some, halfway'], ['dust', 'nobody: dust']];
const fine = Array.from({length: 101}, (_, k) => MOST * (k / 100) ** 2);
const X = e => LEFT + WIDE * e / MOST;

export default function begin(frame) {
  frame.caption('Drag the point: the errors that Eve allows herself. The chart: her curve (thick) against Bob’s (green), and the bounds for other Eves; the ring is where Bob’s lead in bits ends. (Clone and probe, asked one by one, tell her as much.) The bars, one sifted bit: what must be said aloud to correct Bob’s errors grows from the left, '
    + 'what Eve knows from the right, and the gap between them is the key. Then take another Eve, at the same errors.');
  const chart = frame.stage('0 0 300 270', 'What Eve and Bob know against the error rate'), moving = draw('g');
  const point = draw('g', {}, draw('circle', {r: 20, fill: 'transparent'}), draw('circle', {r: 7, class: 'live-fill live-eve'}));
  chart.append(draw('path', {d: `M${LEFT} ${TOP}V${TOP + HIGH}H${LEFT + WIDE}`, class: 'live-axis'}),
    ...[0, 0.1, 0.2].map(e => draw('text', {x: X(e), y: TOP + HIGH + 18, class: 'live-middle'}, percent(e, 0))),
    draw('text', {x: LEFT + WIDE / 2, y: TOP + HIGH + 38, class: 'live-middle'}, 'errors'), moving, point);
  const side = frame.stage('0 0 300 220', 'One sifted bit: what is said aloud, what Eve knows, what is left');
  frame.choice('eve', {label: 'Eve', options: EVES});
  frame.slider('errors', {label: 'Errors', min: 0, max: MOST, step: 0.001, value: 0.05, show: one => percent(one)});
  frame.choice('by', {label: 'Chart shows', options: [['bits', 'bits known'], ['guess', 'right guesses']]});

  const ends = Object.fromEntries(EVES.filter(([name]) => name !== 'dust').map(([name]) => [name, end_of_lead(name)]));
  frame.draw = ({eve, errors, by}) => {
    const bits = by === 'bits', Y = value => TOP + HIGH * (bits ? 1 - value : 2 * (1 - value)), pick = e => predict(eve, e)[bits ? 1 : 0];
    const bob = e => bits ? 1 - binary_entropy(e) : 1 - e, path = at => line(fine.map(e => [X(e), Y(at(e))]));
    const [guess, known] = predict(eve, errors), said = binary_entropy(errors), key = asymptotic_rate(errors), lead = 1 - said - known;
    const bounds = bits ? [[collective_information, 'all together', ''], [individual_information, 'one by one', '5 3']] : [[individual_guess, 'the best', '5 3'], [memoryless_guess, 'no memory', '2 3']];
    // Names at the ends of the curves, kept apart
    const names = [...bounds.map(([at, name]) => [Y(at(MOST)), name, 'live-ink']), [Y(bob(MOST)), 'Bob', 'live-bob'], [Y(pick(MOST)), 'this Eve', 'live-eve']].sort(([a], [b]) => a - b);
    names.forEach((one, k) => { if (k) one[0] = Math.max(one[0], names[k - 1][0] + 15); });
    const over = Math.max(0, names.at(-1)[0] - TOP - HIGH);
    moving.replaceChildren(draw('text', {x: LEFT + 4, y: 11, class: 'live-small'}, bits ? 'bits of a sifted bit' : 'share of the bits that is right'),
      ...(bits ? [[0, '0'], [0.5, '0.5'], [1, '1']] : [[0.5, '0.5'], [0.75, '0.75'], [1, '1']]).map(([at, text]) => draw('text', {x: LEFT - 5, y: Y(at) + 4, class: 'live-end'}, text)),
      ...bounds.map(([at, , dash]) => draw('path', {d: path(at), class: 'live-axis', 'stroke-dasharray': dash || undefined})),
      draw('path', {d: path(bob), class: 'live-stroke live-bob', 'stroke-width': 2}),
      draw('path', {d: path(pick), class: 'live-stroke live-eve', 'stroke-width': 3}),
      ...names.map(([y, name, party]) => draw('text', {x: LEFT + WIDE + 6, y: y - over + 4, class: `live-tint ${party}`}, name)),
      draw('line', {x1: X(errors), x2: X(errors), y1: TOP, y2: TOP + HIGH, class: 'live-thin'}),
      ...(bits && ends[eve] ? [draw('circle', {cx: X(ends[eve]), cy: Y(bob(ends[eve])), r: 6, class: 'live-axis', 'stroke-width': 1.8}),
        // (between the curves, on the side where the point is not)
        draw('text', {x: X(ends[eve]) + (errors > ends[eve] ? -11 : 11), y: Y(bob(ends[eve])) + 4, class: errors > ends[eve] ? 'live-end live-halo' : 'live-halo'}, percent(ends[eve]))] : []),
      draw('circle', {cx: X(errors), cy: Y(bob(errors)), r: 5, class: 'live-fill live-bob'}));
    point.setAttribute('transform', `translate(${X(errors)} ${Y(pick(errors))})`);

    const bar = (y, title, hers, left) => {
      const at = part => 8 + 284 * part, overlap = said + hers - 1;
      return [draw('text', {x: 8, y}, title), draw('rect', {x: 8, y: y + 8, width: 284, height: 26, class: 'live-thin'}),
        draw('rect', {x: at(0), y: y + 8, width: 284 * said, height: 26, class: 'live-fill live-grey'}),
        draw('rect', {x: at(1 - hers), y: y + 8, width: 284 * hers, height: 26, class: 'live-fill live-eve'}),
        ...(overlap > 0 ? [draw('rect', {x: at(1 - hers), y: y + 8, width: 284 * overlap, height: 26, class: 'live-fill', opacity: 0.55})]
          : [draw('rect', {x: at(said), y: y + 13, width: Math.max(0, -284 * overlap), height: 16, class: 'live-fill live-bob'})]),
        draw('text', {x: 8, y: y + 53, class: 'live-small'}, `aloud ${fixed(said)}, Eve ${fixed(hers)}: `
          + (left > 0 ? `left ${small(left, 3)}` : 'nothing left'))];
    };
    side.replaceChildren(...bar(22, eve === 'dust' ? 'As it is, with nobody there' : 'As this Eve is', known, secret_bits(errors, known)),
      ...bar(112, 'As it is charged: the worst Eve', said, key), draw('text', {x: 8, y: 202, class: 'live-small'}, 'grey: said aloud; orange: Eve; green: the key'));

    const p = percent(errors), all = key > 0 ? `leaves ${small(key, 3)}` : 'leaves nothing';
    if (eve === 'dust') {
      frame.say(`${p} of errors, and nobody listens. ` + (errors === 0 ? 'Nothing is said aloud and nothing is charged: the whole bit is key.'
        : `Bob and Alice see just what they would see with the probe; so they are charged for it: ${fixed(said)} of each bit said aloud and as much for her, which ${all}. Now choose the probe: does anything change in the lower bar?`));
      return;
    }
    const read = eve === 'coin' || eve === 'halfway' ? `reads ${percent(4 * errors)} of the pulses, ` : '';
    frame.say(errors === 0 ? 'No errors, no knowledge: with the best of Eves as with the worst.'
      : `At ${p} of errors this Eve ${read}guesses ${percent(guess)} of the sifted bits right and knows ${fixed(known)} bits of each; Bob’s lead over her ends at ${percent(ends[eve])}. `
      + (eve === 'probe' ? `She is the one who is charged: ${key > 0 ? `${small(key, 3)} bits are left` : 'nothing is left'}, and yet, bit by bit, she guesses no better than one who asks one by one.`
        : lead > 0 && !key ? `Bob is ahead by ${small(lead, 3)}, and still plain one-way processing leaves no key: her errors might be those of the probe, asked all together, and that ends it at ${percent(tolerable_qber())}.`
          : lead > 0 ? `Bob is ahead by ${small(lead, 3)}; but the worst Eve is charged, which ${all}.`
            : `She knows more than Bob.${guess > 1 - errors - 1e-9 ? '' : ` And yet Bob has more bits right than she guesses: ${eve === 'clone' ? 'her memories hold more together than they say one by one' : 'she knows which of hers are the better ones'}.`}`));
  };
  const go = e => frame.set({errors: Math.round(1000 * Math.min(MOST, Math.max(0, e))) / 1000});
  frame.handle(point, {label: 'The errors that Eve causes', move: px => go(MOST * (px - LEFT) / WIDE), step: (right, up) => go(frame.state.errors + 0.005 * (right + up)),
    value: () => ({now: frame.state.errors, min: 0, max: MOST, text: `${percent(frame.state.errors)} of errors`})});
}
