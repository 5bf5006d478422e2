// Ports of qlearn/communication/random_numbers: what bits of a source are worth, and how many a hash may keep.
import {binary_entropy} from '../qubits/entropies.mjs';
import {hashing_margin} from './secret_key.mjs';

// qlearn.communication.random_numbers.MarkovSource(after_zero, after_one): its properties
export function MarkovSource(after_zero, after_one) {
  const changes = after_zero + 1 - after_one, ones = changes ? after_zero / changes : 0.5;
  return {ones, correlation: after_one - after_zero,
    shannon_rate: (1 - ones) * binary_entropy(after_zero) + ones * binary_entropy(after_one),
    guess_probability: (1 - ones) * Math.max(after_zero, 1 - after_zero) + ones * Math.max(after_one, 1 - after_one),
    min_entropy_rate: Math.abs(Math.log2(Math.max(1 - after_zero, after_one, Math.sqrt(after_zero * (1 - after_one)))))};
}

// qlearn.communication.random_numbers.MarkovSource(after_zero, after_one).sample(n, rng), from the numbers that rng draws
export function sample(after_zero, after_one, drawn) {
  let last = drawn[0] < MarkovSource(after_zero, after_one).ones ? 1 : 0;
  return drawn.map((u, k) => k ? last = u < (last ? after_one : after_zero) ? 1 : 0 : last);
}

// qlearn.communication.random_numbers.conditional_min_entropy(joint)
export const conditional_min_entropy = joint => Math.abs(Math.log2(Math.min(1,
  joint[0].reduce((sum, _, clue) => sum + Math.max(...joint.map(row => row[clue])), 0))));

const PATHS = [[1, 0, 127, 0, 0, 0], [1, 0, 0, 64, 63, 0], [1, 0, 0, 1, 0, 126], [0, 1, 126, 0, 1, 0], [0, 1, 0, 63, 64, 0], [0, 1, 0, 0, 0, 127]];
// qlearn.communication.random_numbers.min_entropy(bits, method), for "most_common" and "markov"
export function min_entropy(bits, method) {
  const n = bits.length, ones = bits.reduce((sum, bit) => sum + bit, 0);
  if (method === 'most_common') {
    const p = Math.max(ones, n - ones) / n;
    return Math.abs(Math.log2(Math.min(1, p + 2.5758293035489008 * Math.sqrt(p * (1 - p) / (n - 1)))));
  }
  const pairs = [0, 0, 0, 0];
  for (let k = 1; k < n; k++) pairs[2 * bits[k - 1] + bits[k]]++;
  const after = [0, 1].map(bit => Math.max(1, pairs[2 * bit] + pairs[2 * bit + 1]));
  const chances = [1 - ones / n, ones / n, ...pairs.map((many, k) => many / after[k >> 1])];
  const logs = PATHS.map(path => path.reduce((sum, times, k) => sum + (times ? times * Math.log(chances[k]) : 0), 0));
  return Math.min(1, Math.abs(Math.max(...logs) / Math.LN2) / 128);
}

// qlearn.communication.random_numbers.leftover_hash_length(k, distance)
export const leftover_hash_length = (k, distance) => Math.max(0, Math.floor(k - hashing_margin(2 * distance)));
