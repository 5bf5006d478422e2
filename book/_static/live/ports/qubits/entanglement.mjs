// Ports of qlearn/qubits/entanglement: a density matrix of a pair is four rows of complex numbers [real, imaginary].
import {random} from '../../frame.mjs';

const FOUR = [0, 1, 2, 3], BITS = [0, 1];
// In its row r each of 1, X, Y, Z has one entry: in column r ^ FLIP, of this value.
const FLIP = [0, 1, 1, 0];
const entry = (i, r) => [[1, 0], [1, 0], [0, 2 * r - 1], [1 - 2 * r, 0]][i];
const sum = (m, f) => m.reduce((all, one, k) => all + f(one, k), 0);

// qlearn.qubits.entanglement.bell_inequality.moments(rho)
export const moments = rho => FOUR.map(i => FOUR.map(j => sum(FOUR, row => {
  const [r, s] = [row >> 1, row & 1], column = ((r ^ FLIP[i]) << 1) | (s ^ FLIP[j]);
  const [a, b] = entry(i, r), [c, d] = entry(j, s), [re, im] = rho[column][row];
  return (a * c - b * d) * re - (a * d + b * c) * im;
})));

// qlearn.qubits.density(state), of a pair
export const density = state => state.map(([a, b]) => state.map(([c, d]) => [a * c + b * d, b * c - a * d]));

const NAMES = ['phi+', 'psi+', 'phi-', 'psi-'];
// qlearn.qubits.bell_state(name)
export const bell_state = name => [[1, 0, 0, 1], [0, 1, 1, 0], [1, 0, 0, -1], [0, 1, -1, 0]][NAMES.indexOf(name)]
  .map(one => [one * Math.SQRT1_2, 0]);

// qlearn.qubits.entanglement.werner(f)
export const werner = f => density(bell_state('phi+')).map((row, i) => row.map(([re], j) =>
  [f * re + (1 - f) / 3 * ((i === j) - re), 0]));

// qlearn.qubits.entanglement.direction(angle)
export const direction = angle => [Math.sin(angle), 0, Math.cos(angle)];

// qlearn.qubits.entanglement.chsh_at(rho, alice, bob)
export function chsh_at(rho, alice, bob) {
  const mean = moments(rho);
  const e = (a, b) => sum(a, (p, i) => sum(b, (q, j) => p * mean[i + 1][j + 1] * q));
  return e(alice[0], bob[0]) + e(alice[0], bob[1]) + e(alice[1], bob[0]) - e(alice[1], bob[1]);
}

// qlearn.qubits.entanglement.behaviour(rho, alice, bob): p[x][y][a][b]
export function behaviour(rho, alice, bob) {
  const mean = moments(rho), answer = (n, a) => [0.5, ...n.map(one => (a ? -one : one) / 2)];
  return alice.map(n => bob.map(m => BITS.map(a => BITS.map(b => {
    const p = sum(answer(n, a), (u, i) => sum(answer(m, b), (v, j) => u * mean[i][j] * v));
    return Math.min(1, Math.max(0, p));
  }))));
}

// qlearn.qubits.entanglement.winning_probability(p)
export const winning_probability = p => sum(BITS, x => sum(BITS, y => sum(BITS, a => p[x][y][a][a ^ (x & y)]))) / 4;

// qlearn.qubits.entanglement.play_chsh(state, rounds, alice, bob, rng), with p = behaviour(state, alice, bob): how often each
// pair of questions came, and how often its answers differed, at 2x + y
export function play_chsh(p, rounds, seed) {
  const roll = random(seed), asked = [0, 0, 0, 0], differ = [0, 0, 0, 0];
  const limits = p.flat().map(([[a, b], [c, d]]) => [a, a + b, a + b + c].map(one => one / (a + b + c + d)));
  for (let k = 0; k < rounds; k++) {
    const cell = Math.floor(4 * roll()), u = roll(), [a, b, c] = limits[cell];
    asked[cell]++;
    differ[cell] += u >= a && u < c;  // 01 or 10
  }
  return [asked, differ];
}

// qlearn.qubits.entanglement.GameRounds: its correlations (four), wins, chsh and chsh_error
export function GameRounds(asked, differ) {
  const e = asked.map((n, k) => 1 - 2 * differ[k] / n);
  const wins = sum(asked, (n, k) => k < 3 ? n - differ[k] : differ[k]);
  const error = Math.sqrt(sum(asked, (n, k) => (1 - (e[k] * n / (n + 1)) ** 2) / n));
  return [...e, wins, e[0] + e[1] + e[2] - e[3], error];
}
