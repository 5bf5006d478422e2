// Ports of qlearn/communication/satellite: what a beam from above loses.
import {db_to_transmittance} from '../qubits/noise.mjs';

// qlearn.communication.satellite.DOWNLINKS[name]: its beam and its air
export const DOWNLINKS = name => ({micius: {divergence_urad: 7.41, jitter_urad: 1.2, aperture_m: 1, zenith_loss_db: 3.2}})[name];

// qlearn.communication.satellite.geometric_transmittance(range_km, divergence_urad=..., aperture_m=..., jitter_urad=...)
export const geometric_transmittance = (range, divergence, aperture, jitter) =>
  -Math.expm1(-2 * (aperture / 2 / (range * 1e3 * Math.hypot(divergence * 1e-6, 2 * jitter * 1e-6))) ** 2);

// qlearn.communication.satellite.airmass(elevation_deg)
export const airmass = angle => 1 / (Math.sin(angle * Math.PI / 180) + 0.50572 * (angle + 6.07995) ** -1.6364);

// qlearn.communication.satellite.atmospheric_transmittance(elevation_deg, zenith_loss_db=zenith)
export const atmospheric_transmittance = (angle, zenith) => db_to_transmittance(zenith * airmass(angle));
