// Ports of qlearn/qubits/noise: a map of the ball r -> diag(m) r + (0, 0, t), as [m, [0, 0, t]]. A channel is told by its
// map, so each of these is qlearn.qubits.noise.bloch_map of the channel of that name.

const map = (x, y, z, shift = 0) => [[x, y, z], [0, 0, shift]];

// qlearn.qubits.noise.bit_flip(p)
export const bit_flip = p => map(1, 1 - 2 * p, 1 - 2 * p);
// qlearn.qubits.noise.phase_flip(p)
export const phase_flip = p => map(1 - 2 * p, 1 - 2 * p, 1);
// qlearn.qubits.noise.depolarising(p)
export const depolarising = p => map(1 - p, 1 - p, 1 - p);
// qlearn.qubits.noise.amplitude_damping(gamma)
export const amplitude_damping = gamma => map(Math.sqrt(1 - gamma), Math.sqrt(1 - gamma), 1 - gamma, gamma);
// qlearn.qubits.noise.phase_damping(lam)
export const phase_damping = lam => map(Math.sqrt(1 - lam), Math.sqrt(1 - lam), 1);
// qlearn.qubits.noise.thermal_relaxation(time, t1, t2), as if every t2 were allowed
export const thermal_relaxation = (time, t1, t2) =>
  map(Math.exp(-time / t2), Math.exp(-time / t2), Math.exp(-time / t1), -Math.expm1(-time / t1));

// qlearn.qubits.noise.Channel.then(first, second) (a module that exports a `then` could not be awaited)
export const channel_then = ([m, t], [n, u]) => [m.map((one, k) => n[k] * one), t.map((one, k) => n[k] * one + u[k])];
// qlearn.qubits.noise.Channel.apply(channel, state), of an arrow: where it ends
export const apply = ([m, t], arrow) => arrow.map((one, k) => m[k] * one + t[k]);

// qlearn.qubits.noise.choi(channel): real, rows 00, 01, 10, 11
export function choi([[x, y, z], [, , t]]) {
  const [even, odd] = [(x + y) / 2, (x - y) / 2];
  return [[(1 + t + z) / 2, 0, 0, even], [0, (1 - t - z) / 2, odd, 0], [0, odd, (1 + t - z) / 2, 0], [even, 0, 0, (1 - t + z) / 2]];
}
// numpy.linalg.eigvalsh(choi), from the lowest: the matrix falls into two of two rows
export const eigvalsh = j => [...block_eigvalsh(j, 0, 3), ...block_eigvalsh(j, 1, 2)].sort((a, b) => a - b);
// numpy.linalg.eigvalsh(choi[[a, b]][:, [a, b]])
export function block_eigvalsh(j, a, b) {
  const mean = (j[a][a] + j[b][b]) / 2, off = Math.hypot((j[a][a] - j[b][b]) / 2, j[a][b]);
  return [mean - off, mean + off];
}
// qlearn.qubits.noise.is_cptp(choi), of a map that keeps the trace
export const is_cptp = j => eigvalsh(j)[0] >= -1e-10;

// The longest arrow that the map makes of an arrow of length 1 (numpy: max |m r + t|); over 1 a qubit alone would show it
export function longest([[x, y, z], [, , t]]) {
  const c = Math.max(Math.abs(x), Math.abs(y)), at = u => Math.sqrt(c * c * (1 - u * u) + (t + z * u) ** 2);
  const inner = t * z / (c * c - z * z);  // the slope is 0 there; a largest value only where c > |z|
  return Math.max(at(-1), at(1), c > Math.abs(z) && Math.abs(inner) <= 1 ? at(inner) : 0);
}

// qlearn.qubits.noise.db_to_transmittance(loss_db)
export const db_to_transmittance = loss => 10 ** (-loss / 10);

// qlearn.qubits.noise.transmittance(length_km, loss_db_per_km)
export const transmittance = (length, loss = 0.2) => db_to_transmittance(loss * length);
