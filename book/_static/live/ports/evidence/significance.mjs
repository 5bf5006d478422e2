// Ports of qlearn/evidence/significance.py, and what they need of Student's t with a whole number of degrees of freedom.

// 1 - 2 scipy.stats.t.sf(t, free): the chance of a smaller size than t
function inside(t, free) {
  const angle = Math.atan(t / Math.sqrt(free)), square = Math.cos(angle) ** 2, odd = free % 2;
  let term = odd ? Math.cos(angle) : 1, sum = free > 1 ? term : 0;
  for (let k = 2 + odd; k < free; k += 2) sum += term *= square * (k - 1) / k;
  return odd ? 2 / Math.PI * (angle + Math.sin(angle) * sum) : Math.sin(angle) * sum;
}

// 2 scipy.stats.t.sf(abs(t), free)
export const student_chance = (t, free) => Math.min(1, Math.max(0, 1 - inside(Math.abs(t), free)));

// scipy.stats.t.isf(level / 2, free)
const borders = new Map();
export function student_border(level, free) {
  const asked = `${level} ${free}`;
  if (!borders.has(asked)) borders.set(asked, border(level, free));
  return borders.get(asked);
}
function border(level, free) {
  let low = 0, high = 1;
  while (inside(high, free) < 1 - level) high *= 2;
  for (let k = 0; k < 60; k++) {
    const middle = (low + high) / 2;
    if (inside(middle, free) < 1 - level) low = middle; else high = middle;
  }
  return (low + high) / 2;
}

// qlearn.evidence.paired(a, b) by Student's t, as it is from 21 pairs on (fewer: with an overlap of next to nothing)
export function paired(a, b) {
  const n = a.length;
  let mean = 0, square = 0;
  for (let j = 0; j < n; j++) mean += (a[j] - b[j]) / n;
  for (let j = 0; j < n; j++) square += (a[j] - b[j] - mean) ** 2;
  const error = Math.sqrt(square / (n - 1) / n), reach = student_border(0.05, n - 1) * error;
  return {mean, error, low: mean - reach, high: mean + reach, p: student_chance(mean / error, n - 1)};
}
