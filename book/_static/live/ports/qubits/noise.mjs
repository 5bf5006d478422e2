// Ports of qlearn/qubits/noise: light that is lost.

// qlearn.qubits.noise.db_to_transmittance(loss_db)
export const db_to_transmittance = loss => 10 ** (-loss / 10);

// qlearn.qubits.noise.transmittance(length_km, loss_db_per_km)
export const transmittance = (length, loss = 0.2) => db_to_transmittance(loss * length);
