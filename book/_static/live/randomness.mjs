// Three flaws of a source of bits that are worth the same to Eve and do not look the same: a bias, a memory, and a list that she has.
import {draw, fixed, percent, power, random, whole} from './frame.mjs';
import {MarkovSource, conditional_min_entropy, leftover_hash_length, min_entropy, sample} from './ports/communication/random_numbers.mjs';
import {hashing_margin} from './ports/communication/secret_key.mjs';

const COLUMNS = 24, ROWS = 16, CELL = 12, SHOWN = COLUMNS * ROWS;
const bits_of = one => one > 0 && one < 10 ? fixed(one, 1) : whole(one);

export default function begin(frame) {
  frame.caption('Filled squares are ones. Give the source one of three flaws, and turn its strength: whichever it is, Eve guesses a bit equally well. Which of them do you see, which do two of the estimates see (dashed bars), and how many bits may a hash keep? '
    + 'Mark what Eve guesses right. Then make the block shorter, and the distance smaller: which of the two costs more? (By the leftover hash lemma, from the min-entropy; many independent rounds of a known device are worth more, see below.)');
  frame.choice('flaw', {label: 'Flaw', options: [['bias', 'bias: more ones'], ['memory', 'memory: it repeats'], ['list', 'list: Eve has some']], value: 'list'});
  frame.slider('strength', {label: 'Strength', min: 0, max: 1, step: 0.01, value: 0.3, show: one => one.toFixed(2)});
  frame.slider('log', {label: 'Raw bits', min: 2, max: 5, step: 0.05, value: 3, show: log => whole(many(log))});
  frame.slider('distance', {label: 'Distance δ', min: -40, max: -1, step: 1, value: -10, show: one => power(10 ** one, 0).replace('1 × ', '')});
  frame.toggle('eve', {label: 'Mark Eve’s right guesses'});
  frame.number('seed', {min: 1, max: 9999, value: 1, round: true});
  frame.button('Draw others', () => frame.set({seed: frame.state.seed % 9999 + 1}));
  const many = log => Math.round(+(10 ** log).toPrecision(2));
  const picture = frame.stage(`0 0 ${COLUMNS * CELL + 2} 232`, 'The first bits of the block'), bars = frame.stage('0 0 290 232', 'How many bits the block is worth');

  let known = '', bits, guessed;
  frame.draw = state => {
    const {flaw, strength: s, seed, eve} = state, n = many(state.log), up = (1 + s) / 2;
    const [zero, one] = {bias: [up, up], memory: [1 - up, up], list: [0.5, 0.5]}[flaw], source = MarkovSource(zero, one);
    const asked = [flaw, s, n, seed].join();
    if (known !== asked) {
      // Other numbers say which bits stand in Eve's list, so that the bits stay as the strength is turned.
      const next = random(seed), other = random(seed + 20000);
      bits = sample(zero, one, Array.from({length: n}, next));
      guessed = bits.map((bit, k) => {
        const listed = other() < s;
        return bit === (flaw === 'bias' ? 1 : flaw === 'memory' ? (k ? bits[k - 1] : 1) : listed ? bit : 0);
      });
      known = asked;
    }
    const joint = [(1 - s) / 2, s / 2, 0];
    const worth = flaw === 'list' ? conditional_min_entropy([joint, [joint[0], 0, joint[1]]]) : source.min_entropy_rate;
    const right = flaw === 'list' ? 2 ** -worth : source.guess_probability, begins = flaw === 'memory' ? 1 : 0;  // its first bit is a fair one
    const k = begins + (n - begins) * worth, distance = 10 ** state.distance, kept = leftover_hash_length(k, distance);
    const place = j => [1 + CELL * (j % COLUMNS), 18 + CELL * Math.floor(j / COLUMNS)], shown = Math.min(n, SHOWN);
    const cells = Array.from({length: shown}, (_, j) => j), path = (chosen, mark) => cells.filter(chosen).map(j => mark(...place(j))).join('');
    picture.replaceChildren(draw('text', {x: 1, y: 12}, shown < n ? `the first ${shown} of ${whole(n)} bits` : `all ${whole(n)} bits`),
      draw('rect', {x: 0.5, y: 17.5, width: COLUMNS * CELL + 1, height: ROWS * CELL + 1, class: 'live-thin'}),
      draw('path', {d: path(j => bits[j], (x, y) => `M${x} ${y}h${CELL}v${CELL}h-${CELL}z`), class: 'live-fill live-grey'}),
      ...(eve ? [draw('path', {d: path(j => guessed[j], (x, y) => `M${x + 6} ${y + 6}h.01`), class: 'live-stroke live-eve', 'stroke-width': 6, 'stroke-linecap': 'round'}),
        draw('text', {x: 1, y: 226, class: 'live-tint live-eve'}, 'dots: Eve’s best guess was right')] : []));

    const ones = bits.reduce((sum, bit) => sum + bit, 0), same = bits.reduce((sum, bit, j) => sum + (j && bit === bits[j - 1] ? 1 : 0), 0), hits = guessed.reduce((sum, one) => sum + one, 0);
    const rows = [['raw bits', n, 'grey'], ['Shannon’s entropy, Eve left out', begins + (n - begins) * source.shannon_rate, 'sky'], ['estimate: most common value', n * min_entropy(bits, 'most_common'), 'orange', 1],
      ['estimate: Markov', n * min_entropy(bits, 'markov'), 'orange', 1], ['min-entropy, given what Eve has', k, 'purple'], ['a hash may keep', kept, 'bob']];
    bars.replaceChildren(...rows.flatMap(([name, value, tint, guess], j) => {
      const y = 38 * j, width = 284 * value / n;
      return [draw('text', {x: 2, y: y + 14}, name), draw('text', {x: 288, y: y + 14, class: 'live-end'}, bits_of(value)),
        guess ? draw('path', {d: `M2 ${y + 25}h${width.toFixed(2)}`, class: `live-stroke live-${tint}`, 'stroke-width': 8, 'stroke-dasharray': '5 3'}) : draw('rect', {x: 2, y: y + 20, width, height: 10, class: `live-fill live-${tint}`})];
    }));

    const margin = hashing_margin(2 * distance), first = worth && Math.ceil((margin + 1 - begins) / worth) + begins;
    frame.say(`${percent(ones / n)} of these bits are ones, and ${percent(same / (n - 1))} are like the one before. Eve’s best guess of a bit${begins ? ' from the one before' : ''} is right in ${percent(right)} of the cases, and was in ${percent(hits / n)}. `
      + (kept ? `Of ${whole(n)} raw bits with ${bits_of(k)} bits of min-entropy a hash may keep ${whole(kept)} by the lemma, ${power(distance, 0).replace('1 × ', '')} from uniform; the distance costs ${fixed(margin, 1)} of them, whatever the length.`
        : !worth ? 'Nothing is left for a hash to keep, however many bits come: Eve knows all of them' + (begins ? ' but the first.' : '.') : `By the lemma a hash keeps nothing: the distance ${power(distance, 0).replace('1 × ', '')} costs ${fixed(margin, 1)} bits, and there are ${bits_of(k)}. The first bit comes of ${whole(first)} raw ones.`)
      + (s && flaw === 'list' ? ` ${s === 1 ? 'They come like coins, and are worth nothing' : 'The bits come like those of coins'}: no test of them alone can see the list. (The estimates stay below ${whole(n)}, as they do for coins: bits that are found by counting differ by luck, and an allowance is made for it.)` : ''));
  };
}
