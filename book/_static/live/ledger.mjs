// The ledger of a session: what is paid, item by item, between the sifted bits and the secret key, and what ends the key.
// Variant "front": length and error rate alone, always with the best share of bits compared.
import {draw, line, percent, power, whole} from './frame.mjs';
import {key_rate, tolerable_qber} from './ports/communication/key_rate.mjs';
import {binary_entropy} from './ports/qubits/entropies.mjs';
import {ledger, sample_sizes} from './ports/communication/secret_key.mjs';

const CORRECTNESS = 1e-15;
const WHO = ['grey', 'orange', 'grey', 'eve', 'eve', 'grey', 'grey'];
const WHAT = ['compared in public', 'said to correct errors', 'tags: are the keys equal?', 'Eve: the errors seen',
  'Eve: what the sample leaves open', 'margin of the hashing', 'authentication, paid back'];
const LEFT = 2, WIDE = 414, ROW = 29;

// Half of the sifted bits (a round number of them), and how many of these are compared.
const halves = log => Math.round(10 ** log / 2);
const rounded = log => Math.round(+(10 ** log).toPrecision(2) / 2);
const compared = (half, share) => Array(2).fill(Math.min(half - 1, Math.max(1, Math.round(half * share))));

// Items of the bill; Eve's share is shown in two: what the errors seen explain, and the rest.
function bill(half, samples, {qber, f, eps}) {
  const [shown, said, tags, eve, margin, paid] = ledger(half, samples, qber, f, 10 ** eps, CORRECTNESS);
  const seen = -Math.round((2 * half + shown) * binary_entropy(qber));
  return [shown, said, tags, seen, eve - seen, margin, paid];
}
const short = bits => bits < 1e6 ? whole(bits) : `${+(bits / 1e6).toPrecision(2)} million`;
const near = bits => whole(+bits.toPrecision(2));
const left = (half, samples, state) => bill(half, samples, state).reduce((sum, one) => sum + one, 2 * half);

export default function begin(frame, variant) {
  const front = variant === 'front';
  frame.caption(front
    ? 'Move the two sliders. From the sifted bits hang the losses, the green bar is the key. A thousand bits make none, even without an error: look at which item ends it.'
    : 'Make the session shorter until the key is gone, and see which item ends it; then repair it with the other sliders. Which costs more at half a million bits: an ε of 10⁻³⁰, or one more per cent of errors?');
  frame.slider('length', {label: 'Sifted bits', min: 3, max: 9, step: 0.05, value: 5.7, show: log => short(2 * rounded(log))});
  frame.slider('qber', {label: 'Error rate', min: 0, max: 0.12, step: 0.001, value: 0.03, show: one => percent(one)});
  if (front) Object.assign(frame.state, {f: 1.1, eps: -10});
  else {
    frame.slider('share', {label: 'Share compared', min: -3, max: -0.1, step: 0.02, value: -0.94, show: log => percent(10 ** log)});
    frame.slider('f', {label: 'Correction says f h(e)', min: 1, max: 1.6, step: 0.01, value: 1.1, show: one => `f = ${one.toFixed(2)}`});
    frame.slider('eps', {label: 'Failure allowed, ε', min: -40, max: -4, step: 1, value: -10, show: one => power(10 ** one, 0).replace('1 × ', '')});
    frame.choice('against', {label: 'Curve against', options: [['length', 'sifted bits'], ['qber', 'error rate']], value: 'length'});
    frame.button('Best share', () => {
      const half = rounded(frame.state.length), shares = Array.from({length: 146}, (_, k) => +(-3 + 0.02 * k).toPrecision(12));
      const lefts = shares.map(log => left(half, compared(half, 10 ** log), frame.state));
      frame.set({share: shares[lefts.indexOf(Math.max(...lefts))]});
    });
  }
  const rows = WHAT.length + 2;
  const falls = frame.stage(`0 0 420 ${rows * ROW + 4}`, 'Waterfall from the sifted bits to the secret key');
  const curve = front ? undefined : frame.stage('0 0 420 236', 'Secret bits a sifted bit, against what is chosen', {class: 'live-stage live-later'});
  // The front page compares as distill does: at its best, which in a short session is all of one basis.
  const samples_of = (half, state) => {
    if (!front) return compared(half, 10 ** state.share);
    const best = sample_sizes(half, half, 10 ** state.eps, state.qber);
    return best[0] + best[1] < 2 * half ? best : compared(half, 0.1);  // (where nothing helps, the best would keep no bit)
  };

  frame.draw = state => {
    const half = rounded(state.length), total = 2 * half, samples = samples_of(half, state), items = bill(half, samples, state);
    const marks = [];
    const row = (k, label, bits, from, to, who, lost) => {
      const y = k * ROW, at = one => LEFT + WIDE * Math.max(0, one) / total, text = bits < 0 ? `−${whole(-bits)}` : whole(bits);
      marks.push(draw('text', {x: 7, y: y + 13, opacity: lost ? 0.75 : 1}, label),
        draw('text', {x: 416, y: y + 13, class: 'live-end', opacity: lost ? 0.75 : 1}, text));
      if (!lost) marks.push(draw('rect', {x: Math.min(at(from), at(to)), y: y + 17, width: Math.max(1, Math.abs(at(from) - at(to))), height: 9, class: `live-fill live-${who}`}));
    };
    row(0, 'sifted', total, 0, total, 'alice');
    let balance = total, killer = -1;
    items.forEach((bits, k) => {
      const dead = killer >= 0;
      row(k + 1, WHAT[k], bits, balance, balance + bits, WHO[k], dead);
      balance += bits;
      if (!dead && balance <= 0) {
        killer = k;
        marks.push(draw('rect', {x: 0.5, y: (k + 1) * ROW - 1, width: 419, height: ROW, rx: 3, class: 'live-stroke live-eve', 'stroke-width': 1.5}));
      }
    });
    const key = Math.max(0, balance);
    row(rows - 1, killer < 0 ? 'secret key' : '✗ no key', key, 0, key, 'bob', killer >= 0);
    falls.replaceChildren(draw('line', {x1: LEFT, x2: LEFT, y1: 0, y2: rows * ROW, class: 'live-axis'}), ...marks);

    const begins = first(state), limit = key_rate(state.qber, state.f), ends = last(half, state);
    const doubt = -items[4], eve = doubt - items[3];
    frame.say(key > 0
      ? `${whole(key)} secret bits: ${(key / total).toFixed(3)} of each sifted bit, where an endless session, which need compare next to nothing, would leave ${limit.toFixed(3)}. `
        + `${percent(doubt / eve, 0)} of what Eve may know is no error that was seen but doubt, which ${whole(-items[0])} compared bits cannot rule out. `
        + `This key ends below about ${near(begins)} sifted bits, or above ${percent(ends)} of errors.`
      : `No key. “${WHAT[killer]}” takes more than is left` + (killer !== 4 ? '. ' : balance + doubt > 0 ? `: the errors seen, taken for exact, would have left ${whole(balance + doubt)} bits. `
        : '; and without that doubt the small fees below it would have taken the rest. ')
        + (limit > 0 ? (Number.isFinite(begins) ? `With these settings a key begins at about ${near(begins)} sifted bits.` : 'Not even 10¹⁰ sifted bits make one.')
          : `No session is long enough: at f = ${state.f.toFixed(2)} even an endless one ends at ${percent(tolerable_qber(state.f))} of errors.`));
    if (!front) plot(state, half, samples, key / total, limit);
  };

  // The fewest sifted bits that leave a key, and the highest error rate, everything else as it is.
  let known = ['', 0];
  const first = state => {
    const asked = [state.qber, state.share, state.f, state.eps].join();
    if (asked === known[0]) return known[1];
    const lives = log => { const half = halves(log); return left(half, samples_of(half, state), state) > 0; };
    let low = 2, high = 10;
    if (lives(high)) for (let k = 0; k < 10; k++) { const middle = (low + high) / 2; if (lives(middle)) high = middle; else low = middle; }
    else high = Infinity;
    known = [asked, 2 * halves(high)];
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

  const plot = (state, half, samples, now, limit) => {
    const by = state.against, [low, high] = by === 'length' ? [3, 9] : [0, 0.12];
    const x = one => 46 + 350 * (one - low) / (high - low), y = one => 190 - 170 * one;
    const points = Array.from({length: 81}, (_, k) => {
      const at = low + (high - low) * k / 80, there = by === 'length' ? halves(at) : half;
      return [x(at), y(Math.max(0, left(there, by === 'length' ? compared(there, 10 ** state.share) : samples, {...state, [by]: at})) / (2 * there))];
    });
    const endless = by === 'length' ? [[x(low), y(limit)], [x(high), y(limit)]]
      : points.map((_, k) => [x(low + (high - low) * k / 80), y(key_rate(low + (high - low) * k / 80, state.f))]);
    const ticks = by === 'length' ? [3, 5, 7, 9].map(one => [one, `10${'⁰¹²³⁴⁵⁶⁷⁸⁹'[one]}`]) : [0, 0.04, 0.08, 0.12].map(one => [one, percent(one, 0)]);
    curve.replaceChildren(
      draw('path', {d: 'M46 20V190H398', class: 'live-axis'}),
      ...ticks.flatMap(([at, text]) => [draw('path', {d: `M${x(at)} 190v5`, class: 'live-axis'}), draw('text', {x: x(at), y: 210, class: 'live-middle'}, text)]),
      ...[0, 0.5, 1].flatMap(at => [draw('path', {d: `M46 ${y(at)}h-5`, class: 'live-axis'}), draw('text', {x: 38, y: y(at) + 4, class: 'live-end'}, String(at))]),
      draw('text', {x: 226, y: 231, class: 'live-middle'}, by === 'length' ? 'sifted bits' : 'error rate'),
      draw('text', {x: 52, y: 14}, 'secret bits a sifted bit'),
      draw('path', {d: line(endless), class: 'live-axis', 'stroke-dasharray': '3 4'}),
      draw('text', {x: 400, y: (by === 'length' ? y(limit) : y(0.9)) - 6, class: 'live-end'}, 'dotted: an endless session'),
      draw('path', {d: line(points), class: 'live-stroke live-bob', 'stroke-width': 2.5}),
      draw('circle', {cx: x(state[by]), cy: y(now), r: 6, class: `live-fill live-${now > 0 ? 'bob' : 'eve'}`}));
  };
}
