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
