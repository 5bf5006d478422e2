// Ports of qlearn/communication/photons: clicks and errors of weak laser pulses, and the key that they are worth. A link is
// {loss_db_per_km, receiver_efficiency, background, misalignment, error_correction}: detectors without afterpulses, half of
// the background clicks wrong, half of the pulses sifted away.
import {binary_entropy} from '../qubits/entropies.mjs';
import {transmittance} from '../qubits/noise.mjs';

const error_rate = (wrong, clicks, empty) => clicks > 0 ? Math.min(0.5, Math.max(0, wrong / clicks)) : empty;
const known = (clicks, wrong) => { const seen = Math.max(clicks, 0); return [seen, error_rate(wrong, seen, 0.5)]; };

// qlearn.communication.photons.LINKS[name]
export const LINKS = name => ({gys: {loss_db_per_km: 0.21, receiver_efficiency: 0.045, background: 1.7e-6, misalignment: 0.033, error_correction: 1.22}})[name];

// qlearn.communication.photons.gain(mu, t, link=link)
export const gain = (mu, t, link) => link.background - (1 - link.background) * Math.expm1(-t * link.receiver_efficiency * mu);

// qlearn.communication.photons.error_gain(mu, t, link=link)
export const error_gain = (mu, t, link) => 0.5 * link.background - link.misalignment * Math.expm1(-t * link.receiver_efficiency * mu);

// qlearn.communication.photons.infinite_decoy(t, link=link): [clicks, errors] of single photons
export function infinite_decoy(t, link) {
  const light = t * link.receiver_efficiency;
  return known(link.background + (1 - link.background) * light, 0.5 * link.background + link.misalignment * light);
}

// qlearn.communication.photons.vacuum_weak(mu, nu, signal_gain=..., weak_gain=..., weak_error_gain=..., background=...)
export function vacuum_weak(mu, nu, signal_gain, weak_gain, weak_error_gain, background) {
  const ratio = (nu / mu) ** 2;
  const inner = weak_gain * Math.exp(nu) - ratio * signal_gain * Math.exp(mu) - (1 - ratio) * background;
  return known(mu / (mu * nu - nu * nu) * inner, (weak_error_gain * Math.exp(nu) - 0.5 * background) / nu);
}

// qlearn.communication.photons.decoy_states.no_decoy(mu, signal_gain=..., signal_error_gain=...)
export function no_decoy(mu, signal_gain, signal_error_gain) {
  const single = mu * Math.exp(-mu);
  return known((signal_gain + Math.expm1(-mu) + single) / single, signal_error_gain / single);
}

// qlearn.communication.photons.key_rate.secret_rate(mu, signal_gain, signal_error_gain, single, link=link)
export const secret_rate = (mu, clicks, wrong, [yields, errors], link) => 0.5 * (mu * Math.exp(-mu) * yields * (1 - binary_entropy(errors))
  - clicks * link.error_correction * binary_entropy(error_rate(wrong, clicks, 0)));

function unclipped(mu, t, link, method, nu) {
  const clicks = gain(mu, t, link), wrong = error_gain(mu, t, link);
  const single = method === 'infinite' ? infinite_decoy(t, link) : method === 'none' ? no_decoy(mu, clicks, wrong)
    : vacuum_weak(mu, nu, clicks, gain(nu, t, link), error_gain(nu, t, link), link.background);
  return secret_rate(mu, clicks, wrong, single, link);
}

// qlearn.communication.photons.rate_at(t, link=link, mu=mu, method=method, nu=nu)
export const rate_at = (t, link, mu, method, nu = 0.05) => Math.max(0, unclipped(mu, t, link, method, nu));

// qlearn.communication.photons.optimal_mu(t, link=link, method=method, nu=nu): nan where there is no key. (The net of
// qlearn.communication._grid_search.grid_maximum.)
export function optimal_mu(t, link, method, nu = 0.05) {
  let low = Math.log(method === 'vacuum+weak' ? nu * 1.001 : 1e-9), high = Math.log(2), best = NaN, top = -Infinity;
  for (const knots of [400, 21, 21, 21, 21]) {
    const at = k => low + (high - low) * (k / (knots - 1));
    let peak = 0, found = -Infinity;
    for (let k = 0; k < knots; k++) {
      const rate = unclipped(Math.exp(at(k)), t, link, method, nu);
      if (rate > found) [peak, found] = [k, rate];
    }
    if (found > top) [best, top] = [Math.exp(at(peak)), found];
    [low, high] = [at(Math.max(peak - 1, 0)), at(Math.min(peak + 1, knots - 1))];
  }
  return top > 0 ? best : NaN;
}

// qlearn.communication.photons.longest_distance(link=link, mu=mu, method=method, nu=nu)
export function longest_distance(link, mu, method, nu = 0.05) {
  const lives = length => rate_at(transmittance(length, link.loss_db_per_km), link, mu, method, nu) > 0;
  let low = 0, high = 300 / link.loss_db_per_km;
  if (!lives(low)) return 0;
  if (lives(high)) return Infinity;
  while (high - low > 1e-3) { const middle = (low + high) / 2; if (lives(middle)) low = middle; else high = middle; }
  return low;
}

// qlearn.communication.photons.plob(t)
export const plob = t => -Math.log1p(-t) / Math.LN2;
