// Ports of qlearn/qubits/superposition.py; a complex number is [real, imaginary], a state a list of them.

// qlearn.qubits.bloch(theta, phi)
export const bloch = (theta, phi) => {
  const sine = Math.sin(theta / 2);
  return [[Math.cos(theta / 2), 0], [sine * Math.cos(phi), sine * Math.sin(phi)]];
};

// qlearn.qubits.bloch_vector(state), of a pure state of length 1
export const bloch_vector = ([[a, b], [c, d]]) =>
  [2 * (a * c + b * d), 2 * (a * d - b * c), a * a + b * b - c * c - d * d];
