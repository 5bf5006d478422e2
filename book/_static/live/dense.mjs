// Two bits on one qubit with a pair that is not perfect: what Bob reads, and what it is worth beside a bare qubit.
import {draw, fixed, line, percent, small} from './frame.mjs';
import {bare_bits, bell_bits, break_even, capacity, error_probabilities, rest_and_qubit} from './ports/communication/superdense.mjs';

const CASES = [['white', 'white, stored pair'], ['white_line', 'white, on the line'], ['phase', 'phase, stored pair'],
  ['phase_line', 'phase, on the line'], ['hers', 'decay, Alice’s half'], ['his', 'decay, Bob’s half']];
const LEFT = 30, TOP = 24, WIDE = 258, HIGH = 200;
const X = p => LEFT + WIDE * p, Y = bits => TOP + HIGH * (1 - bits / 2);
const fine = Array.from({length: 101}, (_, k) => k / 100);
const words = ['00', '01', '10', '11'];

export default function begin(frame) {
  frame.caption('Drag the point: how much noise there is. Green: bits that a qubit carries with a pair, when the codes are as good as codes get (dotted: by Bell measurements, where that is less); dashed: a bare qubit without a pair. '
    + 'The bars: what Bob reads of Alice’s message, and what that is worth. Then put the same noise somewhere else: who is ahead now?');
  const chart = frame.stage('0 0 300 272', 'Bits a qubit against the noise'), moving = draw('g');
  const point = draw('g', {}, draw('circle', {r: 20, fill: 'transparent'}), draw('circle', {r: 7, class: 'live-fill live-bob'}));
  chart.append(draw('path', {d: `M${LEFT} ${TOP}V${TOP + HIGH}H${LEFT + WIDE}`, class: 'live-axis'}), draw('text', {x: 2, y: 12}, 'bits a qubit'),
    ...[0, 1, 2].map(at => draw('text', {x: LEFT - 6, y: Y(at) + 4, class: 'live-end'}, String(at))), ...[0, 0.5, 1].map(at => draw('text', {x: X(at), y: TOP + HIGH + 18, class: 'live-middle'}, String(at))),
    draw('text', {x: LEFT + WIDE / 2, y: TOP + HIGH + 38, class: 'live-middle'}, 'strength of the noise'), moving, point);
  const side = frame.stage('0 0 300 262', 'What Bob reads, and bits a qubit');
  frame.choice('noise', {label: 'Noise', options: CASES});
  frame.slider('p', {label: 'Strength', min: 0, max: 1, step: 0.001, value: 0.2, show: one => one.toFixed(3)});
  frame.choice('message', {label: 'Alice writes z x', options: words, value: '10'});

  const ends = Object.fromEntries(['white', 'his'].map(kind => [kind, break_even(kind)]));
  frame.draw = ({noise, p, message}) => {
    const [kind, line_is] = noise.split('_'), on_line = line_is === 'line', best = capacity(kind, p), bell = bell_bits(kind, p), bare = bare_bits(kind, p, on_line);
    const wrong = error_probabilities(kind, p), sent = words.indexOf(message), read = words.map((_, k) => wrong[k ^ sent]);
    const curve = at => line(fine.map(one => [X(one), Y(at(one))]));
    moving.replaceChildren(draw('path', {d: curve(one => bare_bits(kind, one, on_line)), class: 'live-stroke live-eve', 'stroke-width': 2, 'stroke-dasharray': '6 3'}),
      ...(kind === 'hers' || kind === 'his' ? [draw('path', {d: curve(one => bell_bits(kind, one)), class: 'live-stroke live-bob', 'stroke-width': 1.3, 'stroke-dasharray': '2 3'})] : []),
      draw('path', {d: curve(one => capacity(kind, one)), class: 'live-stroke live-bob', 'stroke-width': 2.5}),
      draw('circle', {cx: X(p), cy: Y(bare), r: 5, class: 'live-fill live-eve'}),
      noise === 'white_line' ? draw('text', {x: X(0.03), y: Y(0.1), class: 'live-tint live-eve live-halo'}, 'bare qubit')
        : draw('text', {x: X(1), y: Y(1) + (capacity(kind, 0.9) < 1 ? -7 : 17), class: 'live-end live-tint live-eve live-halo'}, 'bare qubit'),
      draw('text', {x: X(0.1) + 9, y: Y(capacity(kind, 0.1)), class: 'live-tint live-bob live-halo'}, 'with pairs'));
    point.setAttribute('transform', `translate(${X(p)} ${Y(best)})`);

    const row = (y, label, part, text, party, strong) => [draw('text', {x: 118, y: y + 12, class: 'live-end', 'font-weight': strong ? 'bold' : undefined}, label),
      draw('rect', {x: 124, y, width: 120, height: 15, class: 'live-thin'}), draw('rect', {x: 124, y, width: 120 * part, height: 15, class: `live-fill ${party}`}), draw('text', {x: 250, y: y + 12}, text)];
    side.replaceChildren(draw('text', {x: 4, y: 14}, `Alice writes ${message}. Bob reads`),
      ...words.flatMap((word, k) => row(24 + 21 * k, word, read[k], fixed(read[k]), k === sent ? 'live-bob' : 'live-grey', k === sent)),
      draw('text', {x: 4, y: 132}, 'Bits a qubit, of 2 at most'),
      ...row(142, 'as Bob reads', bell / 2, fixed(bell), 'live-bob'), ...row(165, 'best codes', best / 2, fixed(best), 'live-bob'), ...row(188, 'bare qubit', bare / 2, fixed(bare), 'live-eve'),
      ...(on_line ? [] : row(219, 'Eve with the rest', rest_and_qubit(kind, p) / 2, fixed(rest_and_qubit(kind, p)), 'live-orange')));

    const reads = `Alice writes ${message}, and Bob reads ${message} in ${percent(read[sent])} of the cases. `, worth = `A qubit carries ${small(best)} bits with these pairs and ${small(bare)} without. `;
    const of = `Eve, if she holds the rest of the pair and catches the qubit, could read ${small(rest_and_qubit(kind, p))} bits: with what Bob could, always 2 together.`;
    let end;
    if (p === 0) end = 'A perfect pair: two bits a qubit, one more than the bare one.';
    else if (kind === 'phase') end = p === 1 ? 'Every z arrives wrong, and nothing is lost: Bob turns it round. A known error costs nothing.'
      : p > 0.5 ? 'The wrong z comes more often than the right one: Bob turns it round, and the bits come back.'
        : p === 0.5 ? 'The z is a coin now, and x comes unharmed: one bit, as many as a bare qubit brings.'
          : `Only z suffers, x always comes: phase noise takes one bit at the most${on_line ? ', and none of a bare qubit' : ''}.`;
    else if (on_line) end = p === 1 ? 'Nothing gets through, with a pair or without.'
      : `The bare qubit suffers as well: pairs carry ${fixed(best / bare, 2)} times as much. The same noise in the stored pair would ${best > 1 ? 'still leave the pair ahead' : 'leave a bare qubit ahead, with 1'}.`;
    else if (kind === 'white') end = best < 1 ? `The pair, used as it is, is worth less than none (level at strength ${fixed(ends.white)})${wrong[0] > 0.5 ? ', though it is entangled still' : ''}. The same noise on the line would leave the bare qubit ${small(bare_bits(kind, p, true))}.` : `Level with the bare qubit at strength ${fixed(ends.white)}. ${of}`;
    else if (kind === 'hers') end = p === 1 ? 'Her half is 0 whatever it was, Bob’s is a coin: one bit is left, as with a bare qubit.' : `Long codes and joint questions to many pairs get up to ${small(best - bell)} more than Bell measurements. ${of}`;
    else end = p === 1 ? 'His half is 0 and knows nothing of hers: no bit at all. She had better send a fresh qubit.'
      : best < 1 - 1e-9 ? `Less than a bare qubit: level at strength ${fixed(ends.his)}. In Alice’s half the same decay would leave ${fixed(capacity('hers', p))}.`
        : `Level with a bare qubit at strength ${fixed(ends.his)}; decay of Alice’s half never falls below it. ${of}`;
    frame.say(reads + worth + end);
  };
  const go = p => frame.set({p: Math.round(1000 * Math.min(1, Math.max(0, p))) / 1000});
  frame.handle(point, {label: 'Strength of the noise', move: px => go((px - LEFT) / WIDE), step: (right, up) => go(frame.state.p + 0.02 * (right + up)),
    value: () => ({now: frame.state.p, min: 0, max: 1, text: `strength ${frame.state.p.toFixed(3)}`})});
}
