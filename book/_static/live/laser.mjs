// A key from laser light: Bob's readings against Alice's values, and beside them what Alice and Eve know, against excess noise.
import {draw, fixed, line, percent, power, random, whole} from './frame.mjs';
import {excess_noise_error, holevo_bound, mutual_information, rate_at} from './ports/communication/continuous_variables.mjs';
import {transmittance} from './ports/qubits/noise.mjs';

const SURE = 6.467;  // the errors on one side of which a Gaussian falls with half of 10⁻¹⁰
const MOST = 0.3, DOTS = 400, RECEIVER = {efficiency: 0.6, electronic_noise: 0.01};
const wider = share => share < 1e-5 ? 'less than 0.001\u00a0%' : percent(share, 3);
const tiny = one => one >= 0.01 ? fixed(one) : power(one);

export default function begin(frame) {
  frame.caption('The cloud: what Bob reads of Alice’s pulses, and the band of one standard deviation about the line; dotted: the same band without the excess noise. '
    + 'Turn the excess noise up until the key is gone, and watch the cloud. The curves: what Alice’s code brings in, and the most that Eve may know (dashed), against the excess noise; the bar at the upper end of the mark is the standard error with which the disclosed symbols know it. '
    + 'Then make the fibre longer, and the light brighter. (The same luck in all clouds; fibre of 0.2 dB a km, 60 % of the light seen, electronics 0.01.)');
  frame.slider('xi', {label: 'Excess noise', min: 0, max: MOST, step: 0.001, value: 0.01, show: one => one.toFixed(3)});
  frame.slider('km', {label: 'Fibre', min: 1, max: 120, step: 1, value: 25, show: one => `${one} km`});
  frame.slider('bright', {label: 'Modulation variance', min: 0, max: 2, step: 0.02, value: 0.6, show: log => power(10 ** log)});
  frame.slider('beta', {label: 'The code brings in', min: 0.8, max: 1, step: 0.01, value: 0.95, show: one => percent(one, 0)});
  frame.slider('m', {label: 'Symbols disclosed', min: 3, max: 10, step: 0.1, value: 5, show: log => log < 6 ? whole(+(10 ** log).toPrecision(2)) : power(10 ** log)});
  frame.choice('trusted', {label: 'Detector', options: [['yes', 'trusted'], ['no', 'charged to Eve']]});

  const cloud = frame.stage('0 0 290 214', 'Bob’s readings against Alice’s values'), race = frame.stage('0 0 290 214', 'What Alice and Eve know of a reading, against the excess noise');
  const next = random(7), normal = () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
  const luck = Array.from({length: DOTS}, () => [normal(), normal()]);
  const grip = draw('g', {}, draw('rect', {x: -18, y: 30, width: 36, height: 142, fill: 'transparent'}), draw('line', {y1: 42, y2: 172, class: 'live-axis'})), marks = draw('g');
  race.append(marks, grip);
  const X = xi => 40 + 236 * xi / MOST;

  frame.draw = state => {
    const t = transmittance(state.km, 0.2), trusted = state.trusted === 'yes', V = 10 ** state.bright;
    const at = xi => ({...RECEIVER, modulation_variance: V, excess_noise: xi});
    const gain = RECEIVER.efficiency * t, quiet = 1 + RECEIVER.electronic_noise, noise = quiet + gain * state.xi;
    const reach = 3 * Math.sqrt(V), high = 3.4 * Math.sqrt(gain * V + quiet + gain * MOST);
    const x = one => 150 + 118 * one / reach, y = one => 100 - 76 * one / high;
    const band = (size, way) => line([-reach, reach].map(one => [x(one), y(Math.sqrt(gain) * one + way * Math.sqrt(size))]));
    const dots = luck.map(([a, b]) => [Math.sqrt(V) * a, Math.sqrt(gain * V) * a + Math.sqrt(noise) * b]).filter(([a, b]) => Math.abs(a) <= reach && Math.abs(b) <= high);
    cloud.replaceChildren(draw('path', {d: `M32 100H268M150 24V176`, class: 'live-thin'}),
      draw('path', {d: dots.map(([a, b]) => `M${x(a).toFixed(1)} ${y(b).toFixed(1)}h.01`).join(''), class: 'live-stroke live-bob', 'stroke-width': 3, 'stroke-linecap': 'round', opacity: 0.6}),
      ...[-1, 1].flatMap(way => [draw('path', {d: band(noise, way), class: 'live-stroke live-eve', 'stroke-width': 2}), draw('path', {d: band(quiet, way), class: 'live-axis', 'stroke-width': 1.5, 'stroke-dasharray': '2 4'})]),
      draw('text', {x: 4, y: 14, class: 'live-tint live-bob'}, 'what Bob reads'),
      draw('text', {x: 268, y: 192, class: 'live-end'}, `what Alice sent, ±${power(reach)}`),
      draw('text', {x: 4, y: 210, class: 'live-tint live-eve'}, `band ±${Math.sqrt(noise).toFixed(4)}, dotted ±${Math.sqrt(quiet).toFixed(4)}`));

    const alice = xi => state.beta * mutual_information(t, at(xi)), eve = xi => holevo_bound(t, at(xi), trusted), rate = xi => rate_at(t, at(xi), state.beta, trusted);
    let end = 0, beyond = rate(MOST) > 0 ? MOST : 0;
    if (!beyond && rate(0) > 0) {
      let most = MOST;
      for (let k = 0; k < 24; k++) { const middle = (end + most) / 2; if (rate(middle) > 0) end = middle; else most = middle; }
    }
    const grid = Array.from({length: 61}, (_, k) => MOST * k / 60), all = [0, MOST, state.xi].flatMap(xi => [alice(xi), eve(xi)]), [least, top] = [Math.min(...all), Math.max(...all)];
    const h = bits => 166 - 116 * (bits - least) / (top - least), error = excess_noise_error(10 ** state.m, t, at(state.xi)), mine = h(alice(state.xi)), hers = h(eve(state.xi));
    marks.replaceChildren(draw('path', {d: 'M40 42V172H278', class: 'live-axis'}),
      draw('path', {d: line(grid.map(xi => [X(xi), h(alice(xi))])), class: 'live-stroke live-alice', 'stroke-width': 2.5}),
      draw('path', {d: line(grid.map(xi => [X(xi), h(eve(xi))])), class: 'live-stroke live-eve', 'stroke-width': 2.5, 'stroke-dasharray': '6 3'}),
      draw('line', {x1: X(state.xi), x2: X(state.xi), y1: mine, y2: hers, class: `live-stroke live-${rate(state.xi) ? 'alice' : 'eve'}`, 'stroke-width': 7, opacity: 0.55}),
      draw('path', {d: `M${X(Math.max(0, state.xi - error))} ${Math.min(mine, hers) - 5}v10m0 -5H${X(Math.min(MOST, state.xi + error))}m0 -5v10`, class: 'live-axis', 'stroke-width': 1.6}),
      draw('circle', {cx: X(state.xi), cy: mine, r: 5, class: 'live-fill live-alice'}), draw('circle', {cx: X(state.xi), cy: hers, r: 5, class: 'live-fill live-eve'}),
      draw('text', {x: 4, y: 14}, `bits a reading, ${tiny(least)} to ${tiny(top)}`),
      draw('text', {x: 48, y: 34, class: 'live-tint live-alice'}, 'Alice’s code'), draw('text', {x: 288, y: 34, class: 'live-end live-tint live-eve'}, 'Eve, at most (dashed)'),
      ...[0, 0.1, 0.2, 0.3].map(one => draw('text', {x: X(one), y: 190, class: 'live-middle'}, String(one))), draw('text', {x: X(MOST / 2), y: 210, class: 'live-middle'}, 'excess noise'));
    grip.setAttribute('transform', `translate(${X(state.xi)} 0)`);

    const key = rate(state.xi), away = Math.abs(end - state.xi) / error;
    frame.say(`${percent(t)} of the light arrives. Of the variance of Bob’s readings about the line ${state.xi ? tiny(1 - quiet / noise) : 'nothing'} is excess noise. `
      + (key ? `Key: ${tiny(key)} bits a reading, what is left of ${tiny(alice(state.xi))} from Alice’s code if Eve knows ${tiny(eve(state.xi))}` : `No key: Alice’s code brings in ${tiny(alice(state.xi))} bits a reading, and Eve may know ${tiny(eve(state.xi) - alice(state.xi))} more`)
      + (beyond ? `, and there is one at every noise up to ${MOST}. ` : !end ? (key ? '. ' : `; there is none without any noise either, ${rate_at(t, at(0), 1, trusted) ? `though a perfect code would make ${tiny(rate_at(t, at(0), 1, trusted))} bits of it: this one leaves ${tiny((1 / state.beta - 1) * alice(0))} unused` : 'not even with a perfect code'}. `)
        : `. The key ends at a noise of ${tiny(end)}, where the band is ${wider(Math.sqrt((quiet + gain * end) / quiet) - 1)} wider than without. `)
      + `${state.m < 6 ? whole(+(10 ** state.m).toPrecision(2)) : power(10 ** state.m)} symbols know the noise to ±${tiny(error)}`
      + (beyond || !end ? '.' : away < 1 ? ': too few to tell whether there is a key.' : `: the end is ${away < 1e3 ? away.toFixed(1) : whole(+away.toPrecision(2))} of these errors away`
        + (key && away < SURE ? ', and to be wrong only once in 10¹⁰ takes about 6.5: as a rule they vouch for no key.' : '.')));
  };
  const go = xi => frame.set({xi: Math.round(1000 * Math.min(MOST, Math.max(0, xi))) / 1000});
  frame.handle(grip, {label: 'The excess noise', move: x => go((x - 40) * MOST / 236), step: (right, up) => go(frame.state.xi + 0.01 * (right + up)),
    value: () => ({now: frame.state.xi, min: 0, max: MOST, text: `excess noise ${frame.state.xi.toFixed(3)}`})});
}
