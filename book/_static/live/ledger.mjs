// The ledger of a session: what is paid, item by item, between the sifted bits and the secret key, and what ends the key.
// Variant "front": length and error rate alone, always with the best share of bits compared.
import {draw, percent, power, whole} from './frame.mjs';
import {plot} from './ledger_curve.mjs';
import {key_rate, tolerable_qber} from './ports/communication/key_rate.mjs';
import {binary_entropy} from './ports/qubits/entropies.mjs';
import {ledger, sample_sizes} from './ports/communication/secret_key.mjs';

const CORRECTNESS = 1e-15;
const WHO = ['grey', 'orange', 'grey', 'eve', 'eve', 'grey', 'grey'];
const WHAT = ['compared in public', 'said to correct errors', 'tags: are the keys equal?', 'Eve: the errors seen',
  'Eve: what the sample leaves open', 'margin of the hashing', 'authentication, paid back'];
// The same for who has not read a chapter yet.
const PLAIN = [...WHAT.slice(0, 2), 'check that both keys are equal', ...WHAT.slice(3, 5), 'safety margin', 'to know who speaks, paid back'];
const LEFT = 2, WIDE = 330, ROW = 29, KNOBS = ['length', 'qber', 'share', 'f', 'eps'];
const SHARES = Array.from({length: 146}, (_, k) => +(-3 + 0.02 * k).toPrecision(12));

// Half of the sifted bits (a round number of them), and how many of these are compared.
export const halves = log => Math.round(10 ** log / 2);
const rounded = log => Math.round(+(10 ** log).toPrecision(2) / 2);
export const compared = (half, share) => Array(2).fill(Math.min(half - 1, Math.max(1, Math.round(half * share))));

// Items of the bill; Eve's share is shown in two: what the errors seen explain, and the rest.
function bill(half, samples, {qber, f, eps}) {
  const [shown, said, tags, eve, margin, paid] = ledger(half, samples, qber, f, 10 ** eps, CORRECTNESS);
  const seen = -Math.round((2 * half + shown) * binary_entropy(qber));
  return [shown, said, tags, seen, eve - seen, margin, paid];
}
const short = bits => bits < 1e6 ? whole(bits) : `${+(bits / 1e6).toPrecision(2)} million`;
const near = bits => whole(+bits.toPrecision(2));
export const left = (half, samples, state) => bill(half, samples, state).reduce((sum, one) => sum + one, 2 * half);

export default function begin(frame, variant) {
  const front = variant === 'front';
  const what = front ? PLAIN : WHAT;
  frame.caption(front
    ? 'Move the two sliders. From the bits that Alice and Bob happened to measure in the same way, the sifted ones, hang the losses; the green bar is the key. As many bits are compared as leave most key. A thousand bits make none, even without an error: which item ends it? (Outlined in grey: the bill as it was before.)'
    : 'Turn a knob: outlined in grey is the bill as it was before, in shares of its own sifted bits, and beside the key what the turn did to it. Which costs more at half a million bits: an ε of 10⁻³⁰, or one more per cent of errors? Then make the session shorter until the key is gone, see which item ends it, and repair it with the other knobs. (It begins with less key than the session in the text: correction here says f = 1.10 times the least, more than Cascade said there.)');
  const taken = () => { ghost = drawn; };
  const knob = node => { for (const event of ['pointerdown', 'focus']) node.addEventListener(event, taken); };
  knob(frame.slider('length', {label: 'Sifted bits', min: 3, max: 9, step: 0.05, value: 5.7, show: log => short(2 * rounded(log))}));
  knob(frame.slider('qber', {label: 'Error rate', min: 0, max: 0.12, step: 0.001, value: 0.03, show: one => percent(one)}));
  if (front) Object.assign(frame.state, {f: 1.1, eps: -10});
  else {
    knob(frame.slider('share', {label: 'Share compared', min: -3, max: -0.1, step: 0.02, value: -0.94, show: log => percent(10 ** log)}));
    knob(frame.slider('f', {label: 'Correction: f times the least', min: 1, max: 1.6, step: 0.01, value: 1.1, show: one => `f = ${one.toFixed(2)}`}));
    knob(frame.slider('eps', {label: 'Failure allowed, ε', min: -40, max: -4, step: 1, value: -10, show: one => power(10 ** one, 0).replace('1 × ', '')}));
    frame.choice('against', {label: 'Curve against', options: [['length', 'sifted bits'], ['qber', 'error rate']], value: 'length'});
    frame.button('Best share for this length', () => {
      taken();
      frame.set({share: best(rounded(frame.state.length), frame.state)[0]});
    });
  }
  const rows = WHAT.length + 2;
  const falls = frame.stage(`0 0 336 ${rows * ROW + 4}`, 'Waterfall from the sifted bits to the secret key', front ? {style: 'max-width: 28rem'} : {});
  const curve = front ? undefined : frame.stage('0 0 336 236', 'Secret bits a sifted bit, against what is chosen');
  // The front page compares as distill does: at its best, which in a short session is all of one basis.
  const samples_of = (half, state) => {
    if (!front) return compared(half, 10 ** state.share);
    const best = sample_sizes(half, half, 10 ** state.eps, state.qber);
    return best[0] + best[1] < 2 * half ? best : compared(half, 0.1);  // (where nothing helps, the best would keep no bit)
  };

  const FIRST = [5.7, 0.03, front ? undefined : -0.94, 1.1, -10];
  // What is drawn now, and what was when the knob in hand was taken: its bars, and its key.
  let drawn, ghost;
  frame.draw = state => {
    const half = rounded(state.length), total = 2 * half, samples = samples_of(half, state), items = bill(half, samples, state);
    const marks = [], bars = [];
    const row = (k, label, bits, from, to, who, lost) => {
      const y = k * ROW, at = one => LEFT + WIDE * Math.max(0, one) / total, text = bits < 0 ? `−${whole(-bits)}` : whole(bits);
      marks.push(draw('text', {x: 7, y: y + 13, opacity: lost ? 0.75 : 1}, label),
        draw('text', {x: LEFT + WIDE, y: y + 13, class: 'live-end', opacity: lost ? 0.75 : 1}, text));
      if (lost) return;
      const bar = {x: Math.min(at(from), at(to)), y: y + 17, width: Math.max(1, Math.abs(at(from) - at(to))), height: 9};
      bars.push(bar);
      marks.push(draw('rect', {...bar, class: `live-fill live-${who}`}));
    };
    row(0, 'sifted', total, 0, total, 'alice');
    let balance = total, killer = -1;
    items.forEach((bits, k) => {
      const dead = killer >= 0;
      row(k + 1, what[k], bits, balance, balance + bits, WHO[k], dead);
      balance += bits;
      if (!dead && balance <= 0) {
        killer = k;
        marks.push(draw('rect', {x: 0.5, y: (k + 1) * ROW - 1, width: 335, height: ROW, rx: 3, class: 'live-stroke live-eve', 'stroke-width': 1.5}));
      }
    });
    const key = Math.max(0, balance);
    const asked = KNOBS.map(one => state[one]).join();
    // Another knob than the last is turned: what stood is what is compared with. (A hand that takes a knob has said so itself.)
    if (asked !== drawn?.asked) {
      const turned = KNOBS.filter(one => drawn && state[one] !== drawn.state[one]).join();
      if (drawn && turned !== drawn.turned) ghost = drawn;
      drawn = {asked, bars, key, total, turned, state: {...state}};
    }
    const moved = asked !== FIRST.join();
    if (!moved) ghost = undefined;
    const old = ghost && ghost.asked !== asked ? ghost : undefined;
    // (in the drawing, not in the sentence: a link holds the setting, not how it was come by)
    const price = old?.total === total && old.key !== key ? ` (${whole(Math.abs(key - old.key))} ${key > old.key ? 'more' : 'fewer'})` : '';
    row(rows - 1, (killer < 0 ? 'secret key' : '✗ no key') + price, key, 0, key, 'bob', killer >= 0);
    falls.replaceChildren(draw('line', {x1: LEFT, x2: LEFT, y1: 0, y2: rows * ROW, class: 'live-axis'}), ...marks,
      ...(old?.bars ?? []).map(bar => draw('rect', {...bar, y: bar.y - 1.5, height: 12, class: 'live-stroke live-grey', 'stroke-width': 1.3})));

    const limit = key_rate(state.qber, state.f), doubt = -items[4], eve = doubt - items[3];
    const ends = moved ? `This key ends below about ${near(first(state))} sifted bits, or above ${percent(last(half, state))} of errors.` : '';
    if (key > 0) frame.say(`${whole(key)} secret bits, ${(key / total).toFixed(3)} of each sifted bit. `
      + `${percent(doubt / eve, 0)} of what Eve is charged with is doubt: errors that were not seen, and that ${whole(-items[0])} compared bits cannot rule out. ${ends}`);
    else frame.say(`No key: “${what[killer]}” takes more than is left. `
      + (killer === 4 && balance + doubt > 0 ? `The errors seen, taken for exact, would have left ${whole(balance + doubt)} bits. ` : '')
      + (!limit ? `No session is long enough: ${front ? 'with real error correction' : `at f = ${state.f.toFixed(2)}`} the key ends at ${percent(tolerable_qber(state.f))} of errors, however many bits there are.`
        : front ? begins('A key', first(state))
          : `${best(half, state)[1] > 0 ? 'Another share would leave one here' : 'No share that is the same in both bases gives a key at this length'}. ${begins('With this share a key', first(state))} ${begins('With the best such share for each length it', fewest(there => best(there, state)[1] > 0))}`));
    if (!front) plot(curve, state, half, samples, key / total, limit);
  };
  const begins = (how, from) => Number.isFinite(from) ? `${how} begins at about ${near(from)} sifted bits.` : `${how} does not begin before 10¹⁰ sifted bits.`;
  // The share on the slider that leaves most, and what it leaves.
  let found = [''];
  const best = (half, state) => {
    const asked = [half, state.qber, state.f, state.eps].join();
    if (found[0] !== asked) {
      const lefts = SHARES.map(log => left(half, compared(half, 10 ** log), state)), most = Math.max(...lefts);
      found = [asked, [SHARES[lefts.indexOf(most)], most]];
    }
    return found[1];
  };

  const fewest = lives => {
    let low = 2, high = 10;
    if (!lives(halves(high))) return Infinity;
    for (let k = 0; k < 10; k++) { const middle = (low + high) / 2; if (lives(halves(middle))) high = middle; else low = middle; }
    return 2 * halves(high);
  };
  // The fewest sifted bits that leave a key, and the highest error rate, everything else as it is.
  let known = ['', 0];
  const first = state => {
    const asked = [state.qber, state.share, state.f, state.eps].join();
    if (asked !== known[0]) known = [asked, fewest(half => left(half, samples_of(half, state), state) > 0)];
    return known[1];
  };
  // (The best samples depend on the error rate: the front page chooses them anew for each.)
  let held = ['', 0];
  const last = (half, state) => {
    const asked = [half, state.share, state.f, state.eps].join();
    if (asked === held[0]) return held[1];
    let low = 0, high = 0.5;
    for (let k = 0; k < 12; k++) {
      const middle = (low + high) / 2, there = {...state, qber: middle};
      if (left(half, samples_of(half, there), there) > 0) low = middle; else high = middle;
    }
    held = [asked, low];
    return low;
  };
}
