// Ports of qlearn/communication/fibre: light of data channels beside the photons, clicks that nobody sent, and the key that is left.
import {db_to_transmittance, transmittance} from '../qubits/noise.mjs';
import {error_gain, gain, infinite_decoy, secret_rate} from './photons.mjs';

const DECIBEL = Math.LN10 / 10, exprel = x => x ? Math.expm1(x) / x : 1;

// qlearn.communication.fibre.SYSTEMS[name]
export const SYSTEMS = name => ({
  ...{pulse_rate_hz: 1e9, loss_db_per_km: 0.2, splice_db: 0.05, splices_per_km: 0.25, connectors_db: 1, filter_db: 1.5, receiver_db: 2.5,
    gate_s: 1e-10, visibility: 0.98, imbalance_db: 0.2, drift_rad: 0.1, bandwidth_nm: 0.2, wavelength_nm: 1550, error_correction: 1.16, sifting: 0.5},
  ...{gated: {efficiency: 0.2, dark_hz: 5000, hold_off_s: 5e-6, afterpulse: 0.4, decay_s: 2e-6},
    nanowire: {efficiency: 0.8, dark_hz: 100, hold_off_s: 5e-8, afterpulse: 0, decay_s: 1e-6}}[name]});

// qlearn.communication.fibre.dbm_to_watt(dbm)
export const dbm_to_watt = dbm => 10 ** (dbm / 10 - 3);

// qlearn.communication.fibre.raman_power(w, km, bandwidth_nm=..., coefficient=..., loss_db_per_km=..., direction=...)
export function raman_power(launch, km, bandwidth, coefficient, loss, direction) {
  const alpha = loss * DECIBEL;
  return launch * coefficient * bandwidth * km * (direction === 'forward' ? Math.exp(-alpha * km) : exprel(-2 * alpha * km));
}

// qlearn.communication.fibre.raman.crosstalk_power(w, km, isolation_db=..., loss_db_per_km=...)
export const crosstalk_power = (launch, km, isolation, loss) => launch * db_to_transmittance(loss * km + isolation);

// qlearn.communication.fibre.raman.noise_click_probability(w, gate_s=..., efficiency=..., wavelength_nm=...)
export const noise_click_probability = (power, gate, efficiency, wavelength) =>
  -Math.expm1(-power * wavelength * 1e-9 / (6.62607015e-34 * 299792458) * gate * efficiency);

// qlearn.communication.fibre.interferometer_error(v, drift_rad=drift)
export const interferometer_error = (v, drift) => (1 - v * Math.exp(-(drift ** 2) / 2)) / 2;

// qlearn.communication.fibre.afterpulse_probability(hold_off_s, total=..., decay_s=..., rate_hz=...)
export const afterpulse_probability = (hold, total, decay, rate) => total * Math.exp(-hold / decay) / (1 - rate * decay * Math.expm1(-hold / decay));

// qlearn.communication.fibre.key_rate_hz(t, link=link, mu=mu, pulse_rate_hz=..., dead_time_s=..., total=..., decay_s=...)
export function key_rate_hz(t, link, mu, {pulse_rate_hz, hold_off_s, afterpulse, decay_s}) {
  const first = gain(mu, t, link), chance = afterpulse_probability(hold_off_s, afterpulse, decay_s, pulse_rate_hz * first);
  const more = chance / (1 - chance), [clicks, errors] = infinite_decoy(t, link), seen = (1 + more) * first;
  const rate = secret_rate(mu, seen, error_gain(mu, t, link) + more / 2 * first, [(1 + more) * clicks, (errors + more / 2) / (1 + more)], link);
  return pulse_rate_hz * Math.max(0, rate) / (1 + pulse_rate_hz * seen * hold_off_s);
}

// qlearn.communication.fibre.key_rate.optimal_mu_per_second(t, link=link, ...): nan where there is no key
export function optimal_mu_per_second(t, link, system) {
  let low = Math.log(1e-4), high = Math.log(2), best = NaN, top = 0;
  for (let net = 0; net < 3; net++) {
    let peak = 0, found = -Infinity;
    for (let k = 0; k < 25; k++) {
      const rate = key_rate_hz(t, link, Math.exp(low + (high - low) * k / 24), system);
      if (rate > found) [peak, found] = [k, rate];
    }
    if (found > top) [best, top] = [Math.exp(low + (high - low) * peak / 24), found];
    [low, high] = [Math.max(peak - 1, 0), Math.min(peak + 1, 24)].map(k => low + (high - low) * k / 24);
  }
  return best;
}

// qlearn.communication.fibre.fibre_budget(km, system=system, traffic=Traffic(dbm, direction, coefficient, isolation_db)), with the
// chance `light` that the signal makes a click by itself
export function fibre_budget(km, system, {launch_dbm, direction, coefficient, isolation_db}) {
  const per_km = system.loss_db_per_km + system.splice_db * system.splices_per_km;
  const seen = db_to_transmittance(system.connectors_db + system.filter_db + system.receiver_db) * system.efficiency, launch = dbm_to_watt(launch_dbm);
  const click = power => noise_click_probability(power, system.gate_s, seen, system.wavelength_nm);
  const backgrounds = [-2 * Math.expm1(-system.dark_hz * system.gate_s), click(raman_power(launch, km, system.bandwidth_nm, coefficient, per_km, direction)),
    click(crosstalk_power(launch, direction === 'forward' ? km : 0, isolation_db, per_km))];
  const q = db_to_transmittance(system.imbalance_db), contrast = system.visibility * 2 * Math.sqrt(q) / (1 + q);
  const link = {loss_db_per_km: per_km, receiver_efficiency: seen, background: Math.min(1, backgrounds[0] + backgrounds[1] + backgrounds[2]),
    misalignment: interferometer_error(contrast, system.drift_rad), error_correction: system.error_correction};
  const t = transmittance(km, per_km), mu = optimal_mu_per_second(t, link, system), bright = Number.isFinite(mu) ? mu : 0.5;
  const first = gain(bright, t, link), chance = afterpulse_probability(system.hold_off_s, system.afterpulse, system.decay_s, system.pulse_rate_hz * first);
  const more = chance / (1 - chance);
  return {backgrounds, mu, qber: (error_gain(bright, t, link) + more / 2 * first) / ((1 + more) * first), key_hz: key_rate_hz(t, link, bright, system),
    light: gain(bright, t, {...link, background: 0})};
}
