// Ports of qlearn/control/state_selection: three states, what unequal bases are worth. A line is [m, t] as in qubits/noise.mjs:
// r -> diag(m) r + t.

const half = e => Math.min(e, 0.5), root = square => Math.sqrt(Math.max(0, square));

// qlearn.control.state_selection.three_states.lowest_minus(e_z, e_plus)
function lowest_minus(qber, plus_error) {
  const omega = Math.acos(1 - 2 * half(qber)), theta = Math.acos(1 - 2 * half(plus_error));
  return Math.cos(Math.min(theta + 2 * omega, Math.PI));
}

// qlearn.control.state_selection.worst_phase_error(qber, plus_error)
export const worst_phase_error = (qber, plus_error) => Math.min(0.5, Math.max(0, (1 - (1 - 2 * half(plus_error) + lowest_minus(qber, plus_error)) / 2) / 2));

// qlearn.control.state_selection.pushed_line(qber, plus_error, push)
export function pushed_line(qber, plus_error, push) {
  const t = push * Math.max(0, (1 - 2 * half(plus_error) - lowest_minus(qber, plus_error)) / 2);
  const z = 1 - 2 * half(qber), x = 1 - 2 * half(plus_error) - t;
  const y = Math.min(z + root((1 - x) ** 2 - t ** 2), root((1 + x) ** 2 - t ** 2) - z);
  return [[x, y, z], [t, 0, 0]];
}

// qlearn.control.state_selection.x_yields(line)
export const x_yields = ([[x], [t]]) => [t, t, x + t].map(at => Math.min(1, Math.max(-1, at))).map(at => [(1 + at) / 2, (1 - at) / 2]);

// qlearn.control.state_selection.fourth_state(yields)
export const fourth_state = ([zero, one, plus]) => zero.map((_, b) => zero[b] + one[b] - plus[b]);

// qlearn.control.state_selection.phase_error_of_three(x_yields)
export function phase_error_of_three(rows) {
  const [zero, one, plus] = rows, arrived = zero[0] + one[0] + (zero[1] + one[1]);
  return Math.min(1, Math.max(0, (plus[1] + fourth_state(rows)[0]) / arrived));
}
