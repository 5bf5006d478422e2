// Chains of repeaters: secret bits a use against distance, links and their faults to turn. (A part of rate.mjs.)
import {draw, percent, power} from './frame.mjs';
import {plot, ticks} from './rate.mjs';
import {asymptotic_rate} from './ports/communication/key_rate.mjs';
import {chain, chain_fidelity, repeater_bound} from './ports/communication/repeaters.mjs';
import {transmittance} from './ports/qubits/noise.mjs';

const MOST = 32, FAR = 500, LOSS = 0.2, LEFT = 52, WIDE = 346;
const short = one => one >= 0.01 ? one.toFixed(3) : power(one), many = n => n === 1 ? 'one link' : `${n} links`;

export function begin(frame) {
  frame.caption('Add links, and see the fall grow less steep. Then let each link be a little wrong: which number of links is best, and why not more? Let half of the swaps fail, and look how far the chain must be before it is worth its stations. (A use is one mode, a place for one photon. Nothing is purified.)');
  frame.slider('links', {label: 'Links', min: 1, max: MOST, step: 1, value: 4});
  frame.slider('fault', {label: 'Error of a link, 1 − F', min: -5, max: -1, step: 0.05, value: -2, show: log => short(10 ** log)});
  frame.slider('swap', {label: 'Swaps that succeed', min: 0.3, max: 1, step: 0.01, value: 1, show: one => percent(one, 0)});
  frame.slider('eps', {label: 'Efficiency besides fibre', min: 0.05, max: 1, step: 0.01, value: 1, show: one => percent(one, 0)});
  frame.number('km', {min: 1, max: FAR, round: true, value: 200});
  const {svg, y, moving, floor, curve} = plot(frame, 'Secret bits a use of the line against distance', ['secret bits a use of the line', 'km, 0.2 dB a km'], [-9, 1]);
  const grip = draw('g', {}, draw('circle', {r: 22, fill: 'transparent'}), draw('circle', {r: 7.5, class: 'live-fill live-alice'}));
  svg.append(grip);
  const x = km => LEFT + WIDE * km / FAR, grid = Array.from({length: 101}, (_, k) => FAR * k / 100);
  const made = (km, links, {fault, swap, eps}) => chain(LOSS * km, links, eps, 1 - 10 ** fault, swap);
  const best = (km, state) => {
    let links = 1, most = 0;
    for (let n = 1; n <= MOST; n++) { const rate = made(km, n, state); if (rate > most) [links, most] = [n, rate]; }
    return [links, most];
  };
  let known = [''];
  frame.draw = state => {
    const asked = [state.fault, state.swap, state.eps].join();
    if (known[0] !== asked) known = [asked, Array.from({length: 26}, (_, k) => [x(20 * k), best(20 * k, state)[1]])];
    const rate = made(state.km, state.links, state), t = transmittance(state.km, LOSS), bare = repeater_bound(t, 0), bound = repeater_bound(t, state.links - 1);
    moving.replaceChildren(...ticks(x, [0, 100, 200, 300, 400, 500]),
      draw('path', {d: curve(grid.slice(1).map(km => [x(km), repeater_bound(transmittance(km, LOSS), 0)])), class: 'live-axis', 'stroke-width': 1.6}),
      draw('path', {d: curve(grid.slice(1).map(km => [x(km), repeater_bound(transmittance(km, LOSS), state.links - 1)])), class: 'live-stroke live-alice', 'stroke-dasharray': '6 4', 'stroke-width': 1.3}),
      draw('path', {d: curve(known[1]), class: 'live-stroke live-purple', 'stroke-dasharray': '2 4', 'stroke-width': 1.8}),
      draw('path', {d: curve(grid.map(km => [x(km), made(km, state.links, state)])), class: 'live-stroke live-alice', 'stroke-width': 2.5}),
      draw('text', {x: x(285), y: y(10 ** -5)}, 'no station (PLOB)'),
      draw('text', {x: LEFT + 7, y: floor - 28, class: 'live-tint live-alice'}, 'this chain, dashed: its bound'),
      draw('text', {x: LEFT + 7, y: floor - 10, class: 'live-tint live-purple'}, 'dotted: the best number of links'),
      draw('line', {x1: x(state.km), x2: x(state.km), y1: 22, y2: floor, class: 'live-thin'}));
    grip.setAttribute('transform', `translate(${x(state.km)} ${rate > 0 ? Math.min(floor, y(rate)) : floor})`);

    const fidelity = chain_fidelity(1 - 10 ** state.fault, state.links), [links, top] = best(state.km, state);
    // The most links that leave a key at all: what ends it is the fidelity, whatever the distance.
    let last = 0;
    while (last < 1000 && asymptotic_rate(2 / 3 * (1 - chain_fidelity(1 - 10 ** state.fault, last + 1))) > 0) last++;
    const so = bare > rate ? `; a line without a station may give ${short(bare)}` : `, ${rate / bare < 1e5 ? +(rate / bare).toPrecision(2) : power(rate / bare)} times what any line without a station can`;
    frame.say(`${state.km} km, ${many(state.links)}: pairs of fidelity ${fidelity.toFixed(fidelity < 0.9995 ? 3 : 5)}, `
      + (rate > 0 ? `${short(rate)} secret bits a use${so}. ` : 'and no key: each swap adds the errors of its links. ')
      + (top > 0 ? `Best here${links === MOST ? `, of up to ${MOST}` : ''}: ${many(links)}, ${short(top)}. ` : '')
      + (last < 1000 ? `${last + 1} links or more leave no key at any distance.` : 'So good are the links that a thousand still leave a key.'));
  };
  const go = km => frame.set({km: Math.round(Math.min(FAR, Math.max(1, km)))});
  frame.handle(grip, {label: 'The length of the line', move: px => go(FAR * (px - LEFT) / WIDE), step: right => go(frame.state.km + 5 * right),
    value: () => ({now: frame.state.km, min: 1, max: FAR, text: `${frame.state.km} km`})});
}
