// Ports of qlearn/communication/satellite: what a beam from above loses.
import {db_to_transmittance} from '../qubits/noise.mjs';

// qlearn.communication.satellite.DOWNLINKS[name]: its beam, its air, its laser and its receiver
export const DOWNLINKS = name => ({micius: {divergence_urad: 7.41, jitter_urad: 1.2, aperture_m: 1, zenith_loss_db: 3.2, pulse_rate_hz: 1e8,
  laser: {intensities: [0.8, 0.1, 0], probabilities: [0.5, 0.25, 0.25], p_x: 0.5},
  receiver: {loss_db_per_km: 0, receiver_efficiency: 0.08, background: 2e-7, misalignment: 0.00356, error_correction: 1.16}}})[name];

// qlearn.communication.satellite.geometric_transmittance(range_km, divergence_urad=..., aperture_m=..., jitter_urad=...)
export const geometric_transmittance = (range, divergence, aperture, jitter) =>
  -Math.expm1(-2 * (aperture / 2 / (range * 1e3 * Math.hypot(divergence * 1e-6, 2 * jitter * 1e-6))) ** 2);

// qlearn.communication.satellite.airmass(elevation_deg)
export const airmass = angle => 1 / (Math.sin(angle * Math.PI / 180) + 0.50572 * (angle + 6.07995) ** -1.6364);

// qlearn.communication.satellite.atmospheric_transmittance(elevation_deg, zenith_loss_db=zenith)
export const atmospheric_transmittance = (angle, zenith) => db_to_transmittance(zenith * airmass(angle));

// qlearn.communication.satellite.overpass(height_km=..., max_elevation_deg=..., min_elevation_deg=..., step_s=...): the length of
// a step, and [time, elevation, distance] of each
export function overpass(height, top, low, step) {
  const R = 6371, r = R + height, rad = Math.PI / 180, central = angle => Math.acos(R * Math.cos(angle) / r) - angle;
  const nearest = central(top * rad), edge = central(low * rad), omega = Math.sqrt(398600.4418 / r ** 3);
  const half = Math.acos(Math.cos(edge) / Math.cos(nearest)) / omega, n = Math.max(1, Math.ceil(2 * half / step));
  return [2 * half / n, Array.from({length: n}, (_, k) => {
    const time = (k + 0.5) * (2 * half / n) - half, cosine = Math.cos(nearest) * Math.cos(omega * time);
    const distance = Math.sqrt(R ** 2 + r ** 2 - 2 * R * r * cosine);
    return [time, Math.asin(Math.min(1, (r * cosine - R) / distance)) / rad, distance];
  })];
}
