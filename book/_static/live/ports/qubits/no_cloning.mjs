// Ports of qlearn/qubits/no_cloning: a cloner is the two maps of the ball (noise.mjs) that make its copies, the first and the second.

const map = (x, y, z, shift = 0) => [[x, y, z], [0, shift, 0]];
const shrunk = f => map(2 * f - 1, 2 * f - 1, 2 * f - 1);

// qlearn.qubits.no_cloning.second_fidelity(first, states)
export const second_fidelity = (f, states = 'all') => states === 'circle' ? 0.5 + Math.sqrt(f * (1 - f))
  : 1 - f / 2 + Math.sqrt((1 - f) * (3 * f - 1)) / 2;

// qlearn.qubits.no_cloning.universal_cloner(fidelity)
export const universal_cloner = f => [shrunk(f), shrunk(second_fidelity(f))];

// qlearn.qubits.no_cloning.phase_covariant_cloner(fidelity), of the circle through Z and X: what lies beside it moves towards |i>
export function phase_covariant_cloner(f) {
  const c = 2 * f - 1, s = Math.sqrt(1 - c * c);
  return [map(c, c * c, c, s * s), map(s, s * s, s, c * c)];
}

// The CNOT of the chapter, Circuit(2).cx(0, 1): a measurement in Z, told to both
export const cnot_copier = () => [map(0, 0, 1), map(0, 0, 1)];

// A lot decides who gets the qubit: universal_cloner(1) or universal_cloner(1/2), so that the first copy has this mean fidelity
export const by_lot = f => [shrunk(f), shrunk(1.5 - f)];

// qlearn.qubits.no_cloning.copy_fidelities(cloner, state), of an arrow of length 1
export const copy_fidelities = (cloner, arrow) => cloner.map(([m, t]) =>
  (1 + arrow.reduce((all, one, k) => all + one * (m[k] * one + t[k]), 0)) / 2);

// The mean of that over all states: of all components of an arrow the squares have the mean 1/3
export const mean_fidelities = cloner => cloner.map(([m]) => 0.5 + (m[0] + m[1] + m[2]) / 6);

// qlearn.qubits.no_cloning.cloning_bound(states, (w, 1 - w)), of the six ends of the axes or the four of the circle
export const cloning_bound = (w, states = 'all') => states === 'circle' ? (1 + Math.hypot(w, 1 - w)) / 2
  : (2 + Math.sqrt(1 - 3 * w * (1 - w))) / 3;

// The weight of the first copy at which that bound is what the best cloner of this fidelity reaches
export function touching_weight(f, states = 'all') {
  if (states === 'circle') {
    const c = 2 * f - 1, s = Math.sqrt(1 - c * c);
    return c / (c + s);
  }
  const b = Math.sqrt(2 * (1 - f)), a = (Math.sqrt(4 - 3 * b * b) - b) / 2, first = a * (a + 2 * b);
  return first / (first + b * (2 * a + b));
}
