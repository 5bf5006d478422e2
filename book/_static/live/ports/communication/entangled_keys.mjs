// Ports of qlearn/communication/entangled_keys: pairs are Werner pairs, told by their visibility; detectors are alike on both sides.
import {binary_entropy} from '../qubits/entropies.mjs';

const MOST = 2 * Math.SQRT2;

// qlearn.communication.entangled_keys.eve_information(chsh)
export function eve_information(chsh) {
  const s = Math.min(MOST, Math.max(2, chsh)), c = Math.sqrt(s * s / 4 - 1);
  return binary_entropy((1 + Math.min(c, 1)) / 2);
}

const net = (qber, chsh) => 1 - binary_entropy(Math.min(qber, 0.5)) - eve_information(chsh);
// The root of a function that is at most 0 at `low` and above it at `high`
function root(at, low, high) {
  for (let k = 0; k < 60; k++) { const middle = (low + high) / 2; if (at(middle) > 0) high = middle; else low = middle; }
  return high;
}

// qlearn.communication.entangled_keys.device_independent_rate(qber, chsh)
export const device_independent_rate = (qber, chsh) => Math.max(0, net(qber, chsh));

// qlearn.communication.entangled_keys.critical_qber()
export const critical_qber = () => root(q => -net(q, MOST * (1 - 2 * q)), 0, 0.5);

// qlearn.communication.entangled_keys.lossy_chsh(efficiency, state=werner((1 + 3 * visibility) / 4))
export const lossy_chsh = (efficiency, visibility) => efficiency ** 2 * MOST * visibility + 2 * (1 - efficiency) ** 2;

// qlearn.communication.entangled_keys.critical_efficiency(state=werner((1 + 3 * visibility) / 4))
export const critical_efficiency = visibility => MOST * visibility > 2 ? 4 / (MOST * visibility + 2) : Infinity;

// 4 / efficiency - 2 of qlearn.communication.entangled_keys.DetectionLoopholeSource(efficiency), with chsh_from(rounds, no_click="discard")
export const impostor_chsh = efficiency => 4 / efficiency - 2;

// The share of matching_rounds in which the bits differ: silence says 0 ("zero"), Alice's is a coin ("coin"), or both must click ("drop")
export function key_errors(efficiency, visibility, silence) {
  const wrong = (1 - visibility) / 2, both = efficiency ** 2;
  return silence === 'drop' ? wrong : both * wrong + (silence === 'zero' ? efficiency * (1 - efficiency) : (1 - both) / 2);
}

// key_limit(errors) of the chapter, of these pairs: the efficiency above which a key is left; Infinity where none is
export function key_limit(visibility, silence) {
  const at = efficiency => net(key_errors(efficiency, visibility, silence), lossy_chsh(efficiency, visibility));
  return at(1) > 0 ? root(at, 0.85, 1) : Infinity;
}
