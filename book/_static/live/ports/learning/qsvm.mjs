// Ports of qlearn/learning/qsvm: kernels of rows, and what a machine makes of them.
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

// sklearn.kernel_ridge.KernelRidge(alpha=alpha, kernel="precomputed").fit(K, y).dual_coef_: the weights of the rows, by
// least squares, from K + alpha I = L L^T
export function dual_coef(K, y, alpha) {
  const n = y.length, L = K.map(row => [...row]), a = [...y];
  for (let j = 0; j < n; j++) {
    for (let i = j; i < n; i++) {
      let sum = K[i][j] + (i === j ? alpha : 0);
      for (let k = 0; k < j; k++) sum -= L[i][k] * L[j][k];
      L[i][j] = i === j ? Math.sqrt(sum) : sum / L[j][j];
    }
  }
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < i; k++) a[i] -= L[i][k] * a[k];
    a[i] /= L[i][i];
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let k = i + 1; k < n; k++) a[i] -= L[k][i] * a[k];
    a[i] /= L[i][i];
  }
  return a;
}
