// Ports of qlearn/communication/key_rate.py: secret bits that a sifted bit is worth in an endless session.
import {binary_entropy} from '../qubits/entropies.mjs';

// qlearn.communication.key_rate(qber, efficiency=efficiency), of BB84
export function key_rate(qber, efficiency = 1) {
  const h = binary_entropy(Math.min(qber, 0.5));
  return Math.max(0, 1 - efficiency * h - h);
}

// qlearn.communication.key_rate.tolerable_qber(efficiency=efficiency), by halving
export function tolerable_qber(efficiency = 1) {
  let low = 0, high = 0.5;
  while (high - low > 1e-15) {
    const middle = (low + high) / 2;
    if (1 - (1 + efficiency) * binary_entropy(middle) > 0) low = middle; else high = middle;
  }
  return low;
}

// qlearn.communication.bb84.asymptotic_rate(qber, phase)
export const asymptotic_rate = (qber, phase = qber) =>
  Math.max(0, 1 - binary_entropy(Math.min(qber, 0.5)) - binary_entropy(Math.min(phase, 0.5)));
