// Ports of qlearn/communication/superdense: the pair is Phi+ with noise of a kind and a strength p in one half. Kinds: "white"
// (depolarising), "phase" (phase_flip), "hers" and "his" (amplitude_damping of Alice's half, or of Bob's).
import {binary_entropy} from '../qubits/entropies.mjs';

// qlearn.communication.superdense.error_probabilities(pair): no error, x wrong, z wrong, both wrong
export function error_probabilities(kind, p) {
  if (kind === 'white') return [1 - 0.75 * p, p / 4, p / 4, p / 4];
  if (kind === 'phase') return [1 - p, 0, p, 0];
  const root = Math.sqrt(1 - p);
  return [(1 + root) ** 2 / 4, p / 4, (1 - root) ** 2 / 4, p / 4];
}

// qlearn.qubits.entropies.shannon(p)
export const shannon = chances => chances.reduce((all, p) => all - (p > 0 ? p * Math.log2(p) : 0), 0);

// 2 - shannon(error_probabilities(pair)): what Bell measurements tell of evenly chosen messages
export const bell_bits = (kind, p) => 2 - shannon(error_probabilities(kind, p));

// qlearn.communication.superdense.capacity(pair)
export const capacity = (kind, p) => kind === 'hers' ? 2 - binary_entropy(p / 2)
  : kind === 'his' ? 1 + binary_entropy((1 - p) / 2) - binary_entropy(p / 2) : bell_bits(kind, p);

// What Eve has who caught the travelling qubit and holds the rest of the pair: rest_and_qubit(pair) of the chapter
export const rest_and_qubit = (kind, p) => 2 - capacity(kind, p);

// What a bare qubit carries: 1 on a clean line; on a line with white noise 1 - binary_entropy(p / 2) of the chapter; phase noise spares 0 and 1
export const bare_bits = (kind, p, on_line) => on_line && kind === 'white' ? 1 - binary_entropy(p / 2) : 1;

// even_point of the chapter, as a strength: where the capacity of a "white" pair (or "his") falls to what a bare qubit carries on a clean line
export function break_even(kind) {
  let low = 0, high = 1;
  for (let k = 0; k < 60; k++) { const p = (low + high) / 2; if (capacity(kind, p) > 1) low = p; else high = p; }
  return high;
}
