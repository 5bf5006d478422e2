// One pass of a satellite: what arrives second by second, and the key of a session that listens to its middle seconds alone.
import {draw, line, percent, power, whole} from './frame.mjs';
import {expected_counts, finite_key} from './ports/communication/finite_keys.mjs';
import {DOWNLINKS, atmospheric_transmittance, geometric_transmittance, overpass} from './ports/communication/satellite.mjs';

const HEIGHT = 500, LOWEST = 10, STEP = 2, SECURITY = 1e-9, FAR = 230, LONGEST = 2 * FAR;
const near = bits => whole(+bits.toPrecision(3));
const short = bits => bits >= 1e6 ? `${power(bits / 1e6, 2)} million` : near(bits);

export default function begin(frame) {
  frame.caption('Drag the edge of the green window, or the slider of the seconds: the session listens to the middle of the pass alone. The other chart has the key of each such session. Then let more stray light in (background), and see which session makes most. '
    + '(Every setting is turned by itself; a real telescope that is larger also collects more stray light. The lowest elevation used is 10°.)');
  const {laser, receiver, ...beam} = DOWNLINKS('micius');
  frame.slider('seconds', {label: 'Listen for at most', min: 10, max: LONGEST, step: 10, value: LONGEST, show: one => one === LONGEST ? 'all' : `${one} s`});
  frame.slider('top', {label: 'Highest elevation', min: 15, max: 90, step: 1, value: 49, show: one => `${one}°`});
  frame.slider('dark', {label: 'Background a pulse', min: -7, max: -3.5, step: 0.05, value: -6.7, show: log => power(10 ** log)});
  frame.slider('wide', {label: 'Telescope', min: 0.2, max: 2, step: 0.05, value: 1, show: one => `${one.toFixed(2)} m`});
  frame.slider('jitter', {label: 'Trembling', min: 0, max: 10, step: 0.2, value: 1.2, show: one => `${one.toFixed(1)} µrad`});

  const sky = frame.stage('0 0 290 196', 'Sifted bits a second and their error rate during the pass'), back = draw('g');
  const price = frame.stage('0 0 290 196', 'Secret bits against the seconds that are used');
  const grip = draw('g', {}, draw('rect', {x: -18, y: 24, width: 36, height: 132, fill: 'transparent'}), draw('line', {y1: 38, y2: 156, class: 'live-stroke live-bob', 'stroke-width': 2}),
    draw('circle', {cy: 90, r: 7, class: 'live-fill live-bob'}));
  sky.append(back, grip);
  const X = t => 38 + 216 * (t + FAR) / LONGEST, S = one => 44 + 230 * one / LONGEST;

  // Two counts are added entry by entry; the first is changed.
  const add = (all, one) => all.forEach((table, i) => table.forEach((row, k) => row.forEach((_, b) => { row[b] += one[i][k][b]; })));
  const none = () => [0, 1].map(() => laser.intensities.map(() => [0, 0]));
  const signal = counts => counts.map(([row]) => row[0] + row[1]);  // sifted bits of the signal, and errors
  // The counts of the middle seconds, one pair of steps more at a time.
  function sessions({top, dark, wide, jitter}) {
    const [step, steps] = overpass(HEIGHT, top, LOWEST, STEP), link = {...receiver, background: 10 ** dark}, n = steps.length;
    const each = steps.map(([time, angle, km]) => {
      const t = geometric_transmittance(km, beam.divergence_urad, wide, jitter) * atmospheric_transmittance(angle, beam.zenith_loss_db);
      return [time, expected_counts(beam.pulse_rate_hz * step, t, link, laser)];
    });
    const all = none(), made = [];
    for (let k = Math.ceil(n / 2) - 1; k >= 0; k--) {
      add(all, each[k][1]);
      if (n - 1 - k !== k) add(all, each[n - 1 - k][1]);
      made.push([step * (n - 2 * k), structuredClone(all)]);
    }
    return {step, each, made, link};
  }
  // Half of the bits of each basis: laser and detectors treat both alike.
  const key = (counts, security) => 2 * finite_key(counts, laser, security && security / 2, receiver.error_correction, 0);
  const length = counts => 2 * Math.max(0, Math.floor(key(counts, SECURITY) / 2));

  let known = '', flown, curve;
  frame.draw = state => {
    const asked = [state.top, state.dark, state.wide, state.jitter].join();
    if (known !== asked) {
      flown = sessions(state);
      const {made, step: step_s} = flown, gap = Math.max(1, Math.floor(made.length / 32));
      const every = step => made.filter((_, k) => (made.length - 1 - k) % step === 0).map(([seconds, counts]) => [seconds, length(counts)]);
      curve = every(gap);
      if (curve.every(([, bits]) => !bits)) curve = every(1);  // no key may be said of all of them
      else {  // the steps beside the highest point, so that "at most" is so
        const [peak] = curve.reduce((one, other) => other[1] > one[1] ? other : one);
        const near_peak = made.filter(([seconds]) => seconds !== peak && Math.abs(seconds - peak) < 2 * step_s * gap);
        curve = [...curve.filter(([seconds]) => seconds === peak || Math.abs(seconds - peak) >= 2 * step_s * gap), ...near_peak.map(([seconds, counts]) => [seconds, length(counts)])].sort(([a], [b]) => a - b);
      }
      known = asked;
    }
    const {step, each, made} = flown, last = made.at(-1)[0];
    const [used, counts] = made.reduce((best, one) => one[0] <= state.seconds + 1e-9 ? one : best, made[0]), whole_pass = used === last;
    const mine = length(counts), [sifted, wrong] = signal(counts), rates = each.map(([time, one]) => [time, ...signal(one)]);
    const most = Math.max(...rates.map(([, bits]) => bits / step)), y = bits => 156 - 112 * bits / most, e = share => 156 - 112 * Math.min(1, share / 0.12);
    const inside = rates.filter(([time]) => Math.abs(time) < used / 2), edge = X(Math.min(used / 2, FAR));
    const area = inside.length > 1 ? `M${X(inside[0][0])} 156${line(inside.map(([time, bits]) => [X(time), y(bits / step)])).replace('M', 'L')}L${X(inside.at(-1)[0])} 156Z` : '';
    back.replaceChildren(draw('path', {d: 'M38 40V156H258', class: 'live-axis'}),
      draw('path', {d: area, class: 'live-fill live-bob', opacity: 0.3}),
      draw('rect', {x: X(-used / 2), y: 152, width: X(used / 2) - X(-used / 2), height: 4, class: 'live-fill live-bob'}),
      draw('path', {d: line(rates.map(([time, bits]) => [X(time), y(bits / step)])), class: 'live-stroke live-bob', 'stroke-width': 2}),
      draw('path', {d: line(rates.map(([time, bits, bad]) => [X(time), bad / bits > 0.12 ? NaN : e(bad / bits)])), class: 'live-stroke live-eve', 'stroke-width': 2, 'stroke-dasharray': '4 3'}),
      draw('text', {x: 2, y: 14, class: 'live-tint live-bob'}, `sifted, at most ${whole(+most.toPrecision(2))} bit/s`),
      draw('text', {x: 288, y: 32, class: 'live-end live-tint live-eve'}, rates.every(([, bits, bad]) => bad / bits > 0.12) ? 'errors: above 12 %' : 'errors, dashed'),
      ...[0, 0.04, 0.08, 0.12].map(one => draw('text', {x: 286, y: e(one) + 4, class: 'live-end live-tint live-eve'}, percent(one, 0))),
      ...[-200, -100, 0, 100, 200].map(one => draw('text', {x: X(one), y: 174, class: 'live-middle'}, String(one).replace('-', '−'))),
      draw('text', {x: X(0), y: 192, class: 'live-middle'}, 'seconds from the highest point'));
    grip.setAttribute('transform', `translate(${edge} 0)`);

    const [best, top] = curve.reduce((one, other) => other[1] > one[1] ? other : one, [used, mine]), high = top;
    const h = bits => 156 - 112 * (high ? bits / high : 0);
    price.replaceChildren(draw('path', {d: 'M44 40V156H280', class: 'live-axis'}),
      draw('text', {x: 2, y: 14}, high ? `secret bits, at most ${short(high)}` : 'secret bits: none, however long'),
      ...[0, 100, 200, 300, 400].map(one => draw('text', {x: S(one), y: 174, class: 'live-middle'}, String(one))), draw('text', {x: S(LONGEST / 2), y: 192, class: 'live-middle'}, 'seconds used, in the middle'),
      draw('text', {x: 38, y: 160, class: 'live-end'}, '0'), ...(high ? [draw('text', {x: 38, y: 48, class: 'live-end'}, 'most')] : []),
      draw('path', {d: line(curve.map(([seconds, bits]) => [S(seconds), h(bits)])), class: 'live-stroke live-alice', 'stroke-width': 2.5}),
      draw('line', {x1: S(used), x2: S(used), y1: 40, y2: 156, class: 'live-thin'}),
      draw('circle', {cx: S(used), cy: h(mine), r: 6, class: `live-fill live-${mine ? 'alice' : 'eve'}`}));

    const endless = key(counts, null), all = length(made.at(-1)[1]);
    const better = made.find(([seconds]) => seconds === best);
    const ends = better && key(better[1], null) > key(made.at(-1)[1], null) ? 'the errors of the ends count for all bits alike' : 'the ends bring few bits and a larger allowance for chance';
    const session = whole_pass ? `The whole pass, ${whole(used)} s` : `The middle ${whole(used)} s of ${whole(last)}`;
    frame.say(`${session}: ${short(sifted)} sifted bits, ${percent(wrong / sifted)} wrong. `
      + (mine ? `${whole(mine)} secret bits; without the allowance for chance ${short(endless)}. `
        : endless >= 1 ? `No key: the allowance for chance takes it, without it ${short(endless)} bits would be left. ` : 'No key, not even without the allowance for chance. ')
      + (!high ? 'No session in the middle of this pass makes one.'
        : top > 1.02 * all && best < last ? (all ? `More seconds are not more key: the middle ${whole(best)} s make ${short(top)}, the whole pass ${short(all)}: ${ends}.`
          : `The whole pass makes no key, its middle ${whole(best)} s make ${short(top)} bits: ${ends}.`)
          : `The middle half of the seconds makes ${percent(length(made[Math.floor(made.length / 2)][1]) / all, 0)} of the key of all.`));
  };
  const go = seconds => frame.set({seconds: Math.min(LONGEST, Math.max(10, 10 * Math.round(seconds / 10)))});
  frame.handle(grip, {label: 'How long the session listens', move: x => go(2 * ((x - 38) * LONGEST / 216 - FAR)), step: (right, up) => {
    const end = Math.min(frame.state.seconds, 10 * Math.ceil(flown.made.at(-1)[0] / 10));  // beyond the pass there is nothing to take away
    go(end + 10 * (right + up));
  }, value: () => ({now: frame.state.seconds, min: 10, max: LONGEST, text: frame.state.seconds === LONGEST ? 'all seconds' : `${frame.state.seconds} seconds`})});
}
