// Ports of qlearn/networks/secure_aggregation.

// qlearn.networks.secure_aggregation.KeyBudget(n_clients, words, word_bits, method).per_client
export function per_client(n_clients, words, word_bits, method) {
  if (method === 'sealed') return 256;
  const mask = method === 'stretched' ? 256 : words * word_bits;
  return (n_clients - 1) * (method === 'pads' ? 1 : 3) * mask;
}

// qlearn.networks.secure_aggregation.least_threshold(n, c): so many must answer, or the library refuses the sum
export const least_threshold = (n, c) => Math.floor((n + c) / 2) + 1;

// KeyBudget(...).seconds(rate)
export const seconds = (bits, rate) => bits / rate;

// scipy.stats.binom.sf(least - 1, n, p): the chance that at least so many of n come, each with chance p
export function sf(least, n, p) {
  let sum = 0;
  for (let k = Math.max(0, least), ways = 1; k <= n; k++) {
    if (k === Math.max(0, least)) for (let j = 1; j <= k; j++) ways = ways * (n - k + j) / j;
    else ways = ways * (n - k + 1) / k;
    sum += ways * p ** k * (1 - p) ** (n - k);
  }
  return sum;
}
