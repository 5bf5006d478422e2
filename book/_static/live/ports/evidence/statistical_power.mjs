// Ports of qlearn/evidence: statistical_power.py and winners_curse.py, to nine digits where the figures ask: 6 to 2,000 pairs (of
// fewer the sum in power_of_pairs is too coarse), levels from .0025, up to 40 methods.
import {student_border} from './significance.mjs';

// scipy.special.ndtr(z)
export function ndtr(z) {
  const x = Math.abs(z), density = Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
  if (x < 4) {
    let term = x, sum = x;
    for (let k = 3; term > 1e-17 * sum; k += 2) sum += term *= x * x / k;
    return 0.5 + Math.sign(z) * density * sum;
  }
  let tail = 0;
  for (let k = 60; k > 0; k--) tail = k / (x + tail);
  tail = density / (x + tail);
  return z < 0 ? tail : 1 - tail;
}

// qlearn.evidence.power_of_pairs(difference, spread, n, correlation=..., level=...): over the spread e**u that may be seen
export function power_of_pairs(difference, spread, n, correlation = 0, level = 0.05) {
  const free = n - 1, border = student_border(level, free), shift = difference / (spread * Math.sqrt(2 * (1 - correlation) / n));
  const fall = u => free * (Math.exp(2 * u) / 2 - u - 0.5);
  let low = -0.5, high = 0.25;
  while (fall(low) < 40) low *= 1.25;
  while (fall(high) < 40) high *= 1.25;
  while (fall(high / 1.1) > 40) high /= 1.1;
  while (fall(low / 1.1) > 40) low /= 1.1;
  const points = 160, step = (high - low) / points;
  let found = 0, all = 0;
  for (let k = 0; k <= points; k++) {
    const u = low + k * step, weight = Math.exp(-fall(u));
    all += weight;
    if (weight > 1e-17) found += weight * ndtr(shift - border * Math.exp(u));
  }
  return found / all;
}

// qlearn.evidence.lead_of_best(methods, error)
export function lead_of_best(methods, error = 1) {
  let sum = 0;
  for (let z = -12; z < 12.001; z += 0.05) sum += z * Math.exp(-z * z / 2) * ndtr(z) ** (methods - 1);
  return error * methods * sum * 0.05 / Math.sqrt(2 * Math.PI);
}

// qlearn.evidence.false_lead(methods, level)
export function false_lead(methods, level = 0.05) {
  let low = 0, high = 40;
  for (let k = 0; k < 60; k++) {
    const middle = (low + high) / 2;
    if (ndtr(-middle) > level / 2) low = middle; else high = middle;
  }
  let short = 0;
  for (let k = 0; k <= 480; k++) {
    const u = -12 + 0.05 * k;
    short += Math.exp(-u * u / 2) * ndtr(u + Math.SQRT2 * low) ** methods;
  }
  return 1 - short * 0.05 / Math.sqrt(2 * Math.PI);
}
