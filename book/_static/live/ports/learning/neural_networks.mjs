// Ports of qlearn/learning/neural_networks: exact slopes from a few values.

// qlearn.learning.neural_networks.parameter_shift_rule.shift_rule(gate): pairs of shift and weight
export function shift_rule(gate) {
  if (!/^cr[xyz]$/.test(gate)) return [[Math.PI / 2, 0.5]];
  return [[Math.PI / 2, (Math.SQRT2 + 1) / (4 * Math.SQRT2)], [3 * Math.PI / 2, (1 - Math.SQRT2) / (4 * Math.SQRT2)]];
}
