// Ports of qlearn/qubits/measurement.py, for one qubit; a complex number is [real, imaginary].

// qlearn.qubits.probabilities(state, basis=basis): the chances of the answers 0 and 1
export function probabilities([[a, b], [c, d]], basis) {
  if (basis === 'Z') return [a * a + b * b, c * c + d * d];
  // (a + b) / sqrt 2 for X, (a - i b) / sqrt 2 for Y, and the difference
  const [re, im] = basis === 'X' ? [c, d] : [d, -c];
  const half = sign => ((a + sign * re) ** 2 + (b + sign * im) ** 2) / 2;
  return [half(1), half(-1)];
}
