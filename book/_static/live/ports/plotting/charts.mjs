// Ports of qlearn/plotting/charts.py.

// qlearn.plotting.binomial_error(p_hat, n)
export const binomial_error = (p, n) => Math.sqrt(p * (1 - p) / n + 1 / (4 * n * n)) / (1 + 1 / n);
