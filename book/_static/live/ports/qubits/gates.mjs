// Ports of qlearn/qubits/gates.py: matrices of one qubit, rows of complex numbers [real, imaginary].

const H = Math.SQRT1_2;
const turn = angle => [Math.cos(angle), Math.sin(angle)];
const FIXED = {
  x: [[[0, 0], [1, 0]], [[1, 0], [0, 0]]],
  y: [[[0, 0], [0, -1]], [[0, 1], [0, 0]]],
  z: [[[1, 0], [0, 0]], [[0, 0], [-1, 0]]],
  h: [[[H, 0], [H, 0]], [[H, 0], [-H, 0]]],
  s: [[[1, 0], [0, 0]], [[0, 0], [0, 1]]],
  t: [[[1, 0], [0, 0]], [[0, 0], [H, H]]],
};
const TURNS = {
  rx: (c, s) => [[[c, 0], [0, -s]], [[0, -s], [c, 0]]],
  ry: (c, s) => [[[c, 0], [-s, 0]], [[s, 0], [c, 0]]],
  rz: (c, s) => [[[c, -s], [0, 0]], [[0, 0], [c, s]]],
};

// qlearn.qubits.gates.matrix(name, angle)
export function matrix(name, angle) {
  if (name === 'p') return [[[1, 0], [0, 0]], [[0, 0], turn(angle)]];
  return FIXED[name] ?? TURNS[name](Math.cos(angle / 2), Math.sin(angle / 2));
}

// Circuit(1).<name>(angle, 0).run(state)
export const run = (name, angle, state) => matrix(name, angle).map(row => row.reduce(
  ([re, im], [a, b], k) => [re + a * state[k][0] - b * state[k][1], im + a * state[k][1] + b * state[k][0]], [0, 0]));
