// Chains of repeaters: secret bits a use against distance, links and their faults to turn, and where it passes the line without a station. (A part of rate.mjs.)
import {draw, percent, power, whole} from './frame.mjs';
import {plot, ticks} from './rate.mjs';
import {asymptotic_rate} from './ports/communication/key_rate.mjs';
import {chain, chain_fidelity, repeater_bound} from './ports/communication/repeaters.mjs';
import {transmittance} from './ports/qubits/noise.mjs';

const MOST = 32, FAR = 500, LOSS = 0.2, LEFT = 52, WIDE = 346, PERFECT = -5;
const FIRST = {links: 2, fault: PERFECT, swap: 1, eps: 1};
const short = one => one >= 0.01 ? one.toFixed(3) : power(one), many = n => n === 1 ? 'one link' : `${n} links`;
const wrong = fault => fault <= PERFECT ? 0 : 10 ** fault;
const long = km => `${whole(km)} km (${(LOSS * km).toFixed(1)} dB)`;
const made = (km, links, {fault, swap, eps}) => chain(LOSS * km, links, eps, 1 - wrong(fault), swap);
const bare_at = km => repeater_bound(transmittance(km, LOSS), 0);

// From this length on, in km, the chain makes more than any line without a station may: the bare line falls more steeply, so
// they meet once. Infinity where they never do, on 10,000 km.
function ahead_from(links, state) {
  let low = 0.01, high = 1e4;
  if (!(made(high, links, state) > bare_at(high))) return Infinity;
  while (high - low > 1e-3) {
    const middle = (low + high) / 2;
    if (made(middle, links, state) > bare_at(middle)) high = middle; else low = middle;
  }
  return high;
}

export function begin(frame) {
  frame.caption('The round mark is where the chain passes what any line without a station may give. Go from 2 links to 8, and see which way it moves. Then let half of the swaps fail, and do it again. Last, let all swaps succeed again and each link be a little wrong: the dotted line has the best number of links at each length, and the words below the sliders tell it for the point. (A use is one mode, a place for one photon; the text also counts two. Nothing is purified.)');
  frame.slider('links', {label: 'Links', min: 1, max: MOST, step: 1, value: FIRST.links});
  frame.slider('swap', {label: 'Swaps that succeed', min: 0.3, max: 1, step: 0.01, value: FIRST.swap, show: one => percent(one, 0)});
  frame.slider('fault', {label: 'Error of a link, 1 − F', min: PERFECT, max: -1, step: 0.05, value: FIRST.fault, show: log => wrong(log) ? short(wrong(log)) : '0'});
  frame.slider('eps', {label: 'Efficiency besides fibre', min: 0.05, max: 1, step: 0.01, value: FIRST.eps, show: one => percent(one, 0)});
  frame.number('km', {min: 1, max: FAR, round: true, value: 200});
  const {svg, y, moving, floor, curve} = plot(frame, 'Secret bits a use of the line against distance', ['secret bits a use of the line', ''], [-9, 1]);
  svg.append(...[['km', 20], ['dB', 38]].map(([unit, down]) => draw('text', {x: LEFT - 14, y: floor + down, class: 'live-end'}, unit)),
    ...[0, 100, 200, 300, 400, 500].map(km => draw('text', {x: LEFT + WIDE * km / FAR, y: floor + 38, class: 'live-middle'}, whole(LOSS * km))));
  const grip = draw('g', {}, draw('circle', {r: 22, fill: 'transparent'}), draw('circle', {r: 7.5, class: 'live-fill live-alice'}));
  svg.append(grip);
  const x = km => LEFT + WIDE * km / FAR, grid = Array.from({length: 101}, (_, k) => FAR * k / 100);
  const best = (km, state) => {
    let links = 1, most = 0;
    for (let n = 1; n <= MOST; n++) { const rate = made(km, n, state); if (rate > most) [links, most] = [n, rate]; }
    return [links, most];
  };
  let known = [''];
  frame.draw = state => {
    const asked = [state.fault, state.swap, state.eps].join();
    if (known[0] !== asked) known = [asked, Array.from({length: 26}, (_, k) => [x(20 * k), best(20 * k, state)[1]])];
    const rate = made(state.km, state.links, state), bare = bare_at(state.km), from = ahead_from(state.links, state);
    const seen = from <= FAR && bare_at(from) > 1e-9;
    moving.replaceChildren(...ticks(x, [0, 100, 200, 300, 400, 500]),
      draw('path', {d: curve(grid.slice(1).map(km => [x(km), bare_at(km)])), class: 'live-axis', 'stroke-width': 1.6}),
      draw('path', {d: curve(grid.slice(1).map(km => [x(km), repeater_bound(transmittance(km, LOSS), state.links - 1)])), class: 'live-stroke live-alice', 'stroke-dasharray': '6 4', 'stroke-width': 1.3}),
      draw('path', {d: curve(grid.map(km => [x(km), made(km, state.links, state)])), class: 'live-stroke live-alice', 'stroke-width': 2.5}),
      draw('path', {d: curve(known[1]), class: 'live-stroke live-purple', 'stroke-dasharray': '0.1 7', 'stroke-linecap': 'round', 'stroke-width': 4}),
      draw('text', {x: LEFT + 7, y: floor - 46, class: 'live-halo'}, 'black: no station (PLOB)'),
      draw('text', {x: LEFT + 7, y: floor - 28, class: 'live-tint live-alice live-halo'}, 'this chain, dashed: its bound'),
      draw('text', {x: LEFT + 7, y: floor - 10, class: 'live-tint live-purple live-halo'}, 'dotted: the best number of links'),
      draw('line', {x1: x(state.km), x2: x(state.km), y1: 22, y2: floor, class: 'live-thin'}),
      ...(seen ? [draw('circle', {cx: x(from), cy: y(bare_at(from)), r: 5, fill: 'none', class: 'live-axis', 'stroke-width': 2})] : []),
      draw('text', {x: LEFT + 7, y: floor - 64, class: 'live-halo'}, from < Infinity ? `${seen ? '○ ' : ''}ahead from ${whole(from)} km` : 'never ahead'));
    grip.setAttribute('transform', `translate(${x(state.km)} ${rate > 0 ? Math.min(floor, y(rate)) : floor})`);

    const fidelity = chain_fidelity(1 - wrong(state.fault), state.links), [links, top] = best(state.km, state);
    // The most links that leave a key at all: what ends it is the fidelity, whatever the distance.
    let last = 0;
    while (last < MOST && asymptotic_rate(2 / 3 * (1 - chain_fidelity(1 - wrong(state.fault), last + 1))) > 0) last++;
    const so = bare > rate ? `; a line without a station may give ${short(bare)}` : `, ${rate / bare < 1e5 && rate / bare >= 100 ? whole(+(rate / bare).toPrecision(2)) : power(rate / bare)} times what any line without a station can`;
    const moved = Object.entries(FIRST).some(([key, one]) => state[key] !== one);
    frame.say(`${long(state.km)}, ${many(state.links)}: ${fidelity === 1 ? 'perfect pairs' : `pairs of fidelity ${fidelity.toFixed(fidelity < 0.9995 ? 3 : 5)}`}, `
      + (rate > 0 ? `${short(rate)} secret bits a use${so}. ` : 'and no key: each swap adds the errors of its links. ')
      + (from < Infinity ? `Ahead of any bare line from about ${long(from)} on. ` : rate > 0 ? 'At no length ahead of the bare line’s bound. ' : '')
      + (moved && top > 0 ? `Most key here${links === MOST ? `, of up to ${MOST}` : ''}: ${many(links)}, ${short(top)}. ` : '')
      + (last < MOST ? `${last + 1} links or more leave no key at any distance.` : ''));
  };
  const go = km => frame.set({km: Math.round(Math.min(FAR, Math.max(1, km)))});
  frame.handle(grip, {label: 'The length of the line', move: px => go(FAR * (px - LEFT) / WIDE), step: (right, up) => go(frame.state.km + 5 * (right + up)),
    value: () => ({now: frame.state.km, min: 1, max: FAR, text: `${frame.state.km} km`})});
}
