// Secret bits a pulse against distance: light, detector and decoys to turn, the bound of every line without a node.
// Variant "repeaters": chains of stations (rate_chains.mjs).
import {draw, line, percent, power, whole} from './frame.mjs';
import {LINKS, gain, longest_distance, optimal_mu, plob, rate_at} from './ports/communication/photons.mjs';
import {transmittance} from './ports/qubits/noise.mjs';

const LOWEST = -9, HIGHEST = 1, LEFT = 52, WIDE = 346, TOP = 22, HIGH = 222, FAR = 400;
const short = one => one >= 0.01 ? one.toFixed(3) : power(one);
// The weak decoy stays fainter than the light: half of it at most.
const decoy = mu => Math.min(0.05, mu / 2);
const DIM = -4.2;  // no receiver that can be set here has its best light below
const FAINT = Array.from({length: 161}, (_, k) => 10 ** (DIM + 0.02 * k));
// The light that gives most, and what it gives; optimal_mu knows only lights brighter than the decoy.
function best_light(t, link, method) {
  const found = optimal_mu(t, link, method);
  let [best, most] = found ? [found, rate_at(t, link, found, method)] : [NaN, 0];
  if (method === 'vacuum+weak') for (const mu of FAINT) {
    const rate = rate_at(t, link, mu, method, decoy(mu));
    if (rate > most) [best, most] = [mu, rate];
  }
  return [best, most];
}

// A plot of logarithms of rates; what does not change is drawn once.
export function plot(frame, label, titles, [lowest, highest] = [LOWEST, HIGHEST]) {
  const svg = frame.stage('0 0 420 290', label, {style: 'max-width: 38rem'});
  const y = rate => rate > 0 ? TOP + HIGH * (highest - Math.max(lowest - 1, Math.log10(rate))) / (highest - lowest) : NaN;
  const moving = draw('g');
  const powers = Array.from({length: Math.floor((highest - lowest) / 2) + 1}, (_, k) => highest - 1 - 2 * k).filter(one => one >= lowest);
  svg.append(draw('path', {d: `M${LEFT} ${TOP}V${TOP + HIGH}H${LEFT + WIDE}`, class: 'live-axis'}),
    ...powers.map(one => draw('text', {x: LEFT - 6, y: y(10 ** one) + 4, class: 'live-end'}, one ? power(10 ** one, 0).replace('1 × ', '') : '1')),
    draw('text', {x: LEFT + 4, y: 13}, titles[0]), draw('text', {x: LEFT + WIDE, y: 286, class: 'live-end'}, titles[1]), moving);
  return {svg, y, moving, floor: TOP + HIGH,
    // A curve ends on the axis where there is no rate any more.
    curve: points => {
      const path = [];
      for (const [x, rate] of points) {
        const at = rate > 0 ? y(rate) : NaN;
        if (at <= TOP + HIGH) path.push([x, Math.max(TOP - 8, at)]);
        else { if (path.length) path.push([x, TOP + HIGH]); break; }
      }
      return line(path);
    }};
}
export const ticks = (x, all) => all.map(one => draw('text', {x: x(one), y: TOP + HIGH + 20, class: 'live-middle'}, whole(one)));

export default async function begin(frame, variant) {
  if (variant === 'repeaters') return (await import('./rate_chains.mjs')).begin(frame);
  frame.caption('Drag the point along the fibre, and make the light brighter or fainter. Then give the detector ten times its efficiency, and ten times its background: how much farther does the key reach? Take the decoys away: how faint must the light become before there is a key again? (A weak decoy has 0.05 photons a pulse, and half of the light’s where that is less.)');
  const gys = LINKS('gys'), onto = one => Math.round(50 * Math.log10(one)) / 50;
  const FIRST = {method: 'infinite', mu: -0.32, eta: onto(gys.receiver_efficiency), dark: onto(gys.background), wrong: gys.misalignment};
  frame.choice('method', {label: 'Decoys', options: [['infinite', 'infinitely many'], ['weak', 'vacuum and one weak'], ['none', 'none']], value: FIRST.method});
  frame.slider('mu', {label: 'Photons a pulse, μ', min: DIM, max: 0.3, step: 0.02, value: FIRST.mu, show: log => short(10 ** log)});
  frame.slider('eta', {label: 'Detector efficiency', min: -2, max: 0, step: 0.02, value: FIRST.eta, show: log => percent(10 ** log)});
  frame.slider('dark', {label: 'Background a pulse', min: -9, max: -4, step: 0.02, value: FIRST.dark, show: log => power(10 ** log)});
  frame.slider('wrong', {label: 'Misalignment', min: 0, max: 0.11, step: 0.001, value: FIRST.wrong, show: one => percent(one)});
  frame.number('km', {min: 1, max: FAR, round: true, value: 100});
  const {svg, y, moving, floor, curve} = plot(frame, 'Secret bits a pulse against distance', ['secret bits a pulse', 'km']);
  const grip = draw('g', {}, draw('circle', {r: 22, fill: 'transparent'}), draw('circle', {r: 7.5, class: 'live-fill live-alice'}));
  svg.append(grip);
  frame.button('Best μ here', () => {
    const {link, t, method} = setting(frame.state), [best] = best_light(t, link, method);
    if (best) frame.set({mu: +(DIM + 0.02 * Math.round((Math.min(0.3, Math.max(DIM, Math.log10(best))) - DIM) / 0.02)).toPrecision(12)});
  });

  const setting = state => {
    const link = {...gys, receiver_efficiency: 10 ** state.eta, background: 10 ** state.dark, misalignment: state.wrong};
    const mu = 10 ** state.mu, nu = decoy(mu);
    return {link, mu, nu, method: state.method === 'weak' ? 'vacuum+weak' : state.method, t: transmittance(state.km, link.loss_db_per_km)};
  };
  // The best light at each length is dear, 484 lights each: at few lengths, and again only when the receiver changes.
  const best_lights = (link, method) => {
    const loss = link.loss_db_per_km, best = km => best_light(transmittance(km, loss), link, method)[1];
    let low = 0, high = FAR;
    if (!best(high)) while (high - low > 0.8) { const middle = (low + high) / 2; if (best(middle)) low = middle; else high = middle; }
    const lengths = Array.from({length: 17}, (_, k) => (low || high) * (1 - (1 - k / 16) ** 2));
    return lengths.map(km => [x(km), best(km)]).concat([[x(high), 0]]);
  };
  const x = km => LEFT + WIDE * km / FAR, grid = Array.from({length: 161}, (_, k) => FAR * k / 160);
  let known = [''];
  frame.draw = state => {
    const {link, mu, nu, method, t} = setting(state), loss = link.loss_db_per_km;
    const asked = [state.eta, state.dark, state.wrong, method].join();
    if (known[0] !== asked) known = [asked, best_lights(link, method), method === 'none' ? [] : best_lights(link, 'none')];
    const end = longest_distance(link, mu, method, nu);
    const rates = grid.map(km => [km, rate_at(transmittance(km, loss), link, mu, method, nu)]);
    if (end < FAR) rates.splice(rates.findIndex(([km]) => km > end), 0, [end - 1e-3, rate_at(transmittance(end - 1e-3, loss), link, mu, method, nu)]);
    const rate = rate_at(t, link, mu, method, nu);
    moving.replaceChildren(...ticks(x, [0, 100, 200, 300, 400]),
      draw('path', {d: curve(grid.slice(1).map(km => [x(km), 2 * plob(transmittance(km, loss))])), class: 'live-axis', 'stroke-width': 1.6}),
      draw('text', {x: x(190), y: y(2 * plob(transmittance(190, loss))) - 6}, 'no node in this fibre (PLOB)'),
      draw('path', {d: curve(known[2]), class: 'live-stroke live-eve', 'stroke-width': 1.2}),
      draw('path', {d: curve(rates.map(([km, one]) => [x(km), one])), class: 'live-stroke live-alice', 'stroke-width': 2.5}),
      draw('path', {d: curve(known[1]), class: 'live-stroke live-purple', 'stroke-width': 2, 'stroke-dasharray': '2 4'}),
      draw('text', {x: LEFT + WIDE, y: 40, class: 'live-end live-tint live-alice'}, 'thick: this light'),
      draw('text', {x: LEFT + WIDE, y: 58, class: 'live-end live-tint live-purple'}, 'dotted: the best light at each length'),
      ...(method === 'none' ? [] : [draw('text', {x: LEFT + WIDE, y: 76, class: 'live-end live-tint live-eve'}, 'thin: the same without a decoy')]),
      draw('line', {x1: x(state.km), x2: x(state.km), y1: TOP, y2: floor, class: 'live-thin'}));
    grip.setAttribute('transform', `translate(${x(state.km)} ${Math.min(floor, Math.max(TOP, rate > 0 ? y(rate) : floor))})`);

    const lives = best_light(t, link, method)[0], there = link.background / gain(mu, transmittance(end, loss), link);
    // Efficiency and background moved alike, and nothing else: the question of the caption.
    const alike = state.eta !== FIRST.eta && Math.abs(state.eta - FIRST.eta - state.dark + FIRST.dark) < 1e-6
      && ['method', 'mu', 'wrong'].every(key => state[key] === FIRST[key]);
    const began = alike && longest_distance({...gys, receiver_efficiency: 10 ** FIRST.eta, background: 10 ** FIRST.dark}, mu, 'infinite', nu);
    frame.say(`${state.km} km: ` + (rate > 0 ? `${power(rate)} secret bits a pulse, one in ${whole(+(1 / rate).toPrecision(2))} pulses. ` : `no key${lives ? ', but another brightness makes one' : ', with any brightness'}. `)
      + (!end ? 'This light makes no key at any length' : `This light ends at ${end < 0.5 ? 'less than 1 km' : `${whole(end)} km`}`)
      + (method === 'none' && (end || lives) ? ': without decoys every pulse of two photons or more counts as Eve’s.' : end ? `, where ${percent(there)} of the clicks come without light.` : '.')
      + (alike && whole(began) === whole(end) ? ' No farther: the end hangs on background over efficiency, and that is as it was.' : ''));
  };
  frame.handle(grip, {label: 'The length of the fibre', move: px => go(FAR * (px - LEFT) / WIDE), step: (right, up) => go(frame.state.km + (right + up) * FAR / 80),
    value: () => ({now: frame.state.km, min: 1, max: FAR, text: `${frame.state.km} km`})});
  const go = km => frame.set({km: Math.round(Math.min(FAR, Math.max(1, km)))});
}
