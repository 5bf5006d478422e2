// Ports of qlearn/learning/qsvm: kernels of rows, and how much they differ.
import {states} from './encodings.mjs';

// The overlap squared of two states [re, im]: an entry of qlearn.learning.FidelityKernel(...).gram
export function overlap([a, b], [c, d]) {
  let real = 0, imaginary = 0;
  for (let k = 0; k < a.length; k++) {
    real += a[k] * c[k] + b[k] * d[k];
    imaginary += a[k] * d[k] - b[k] * c[k];
  }
  return real * real + imaginary * imaginary;
}

// qlearn.learning.FidelityKernel("zz", reps=..., entanglement=..., bandwidth=...).gram(X, Y)
export function gram(X, Y, map) {
  const [rows, columns] = [X, Y].map(points => points.map(x => states(x, map)));
  return rows.map(row => columns.map(column => overlap(row, column)));
}

// sklearn.metrics.pairwise.rbf_kernel([x], [y], gamma)
export const rbf_kernel = (x, y, gamma) => Math.exp(-gamma * x.reduce((sum, one, k) => sum + (one - y[k]) ** 2, 0));

// qlearn.learning.qsvm.measure_concentration, for the rows X: mean and spread of the entries of different rows
export function concentration(X, map) {
  const vectors = X.map(x => states(x, map)), entries = [];
  for (let i = 0; i < vectors.length; i++) for (let j = i + 1; j < vectors.length; j++) entries.push(overlap(vectors[i], vectors[j]));
  const mean = entries.reduce((sum, one) => sum + one, 0) / entries.length;
  return {mean, std: Math.sqrt(entries.reduce((sum, one) => sum + (one - mean) ** 2, 0) / entries.length), entries};
}
