// Ports of qlearn/qubits/entropies.py: entropies in bits.

const entr = p => p > 0 ? -p * Math.log(p) : 0;

// qlearn.qubits.entropies.binary_entropy(p)
export const binary_entropy = p => (entr(p) + entr(1 - p)) / Math.LN2;
