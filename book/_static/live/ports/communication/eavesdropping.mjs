// Ports of qlearn/communication/eavesdropping: what Eve learns of a sifted bit for an error rate that is the same in Z and X.
import {binary_entropy} from '../qubits/entropies.mjs';
import {second_fidelity} from '../qubits/no_cloning.mjs';

// qlearn.communication.eavesdropping.individual_guess(qber)
export function individual_guess(qber) {
  const d = Math.min(qber, 0.5);
  return 0.5 + Math.sqrt(d * (1 - d));
}

// qlearn.communication.eavesdropping.memoryless_guess(qber)
export function memoryless_guess(qber) {
  const d = Math.min(qber, 0.25);
  return 0.5 + Math.sqrt(d * (1 - 2 * d));
}

// qlearn.communication.eavesdropping.individual_information(qber)
export const individual_information = qber => 1 - binary_entropy(individual_guess(qber));

// qlearn.communication.eavesdropping.collective_information(qber)
export const collective_information = qber => binary_entropy(Math.min(qber, 0.5));

// qlearn.communication.eavesdropping.secret_bits(qber, known)
export const secret_bits = (qber, known) => Math.max(0, 1 - binary_entropy(Math.min(qber, 0.5)) - known);

const HALFWAY = (1 + Math.SQRT1_2) / 2;
// The universal cloner tells where it erred; elsewhere her two wires agree, and say a bit.
function universal(d) {
  const right = second_fidelity(1 - d) - d, kept = 1 - d;
  return [right + d, d + kept * (1 - binary_entropy(right / kept))];
}

// qlearn.communication.eavesdropping.predict(attack): [guess, information]. "one": entangling_probe(d) or cloning_attack(d),
// "universal": cloning_attack(d, "universal"), "gentle": weak_measurement(d), "halfway" and "coin": PartialAttack of
// InterceptResend(basis="breidbart") or InterceptResend(), of 4 d of the pulses; "dust" is nobody. Of "probe" and "clone",
// asked together, the information is holevo(attack).
export function predict(attack, d) {
  const guess = individual_guess(d), mixed = (1 - 2 * d) ** 2;
  return {
    one: () => [guess, individual_information(d)],
    probe: () => [guess, collective_information(d)],
    clone: () => [guess, binary_entropy((1 + mixed) / 2) - binary_entropy((1 + Math.sqrt(1 - mixed + mixed ** 2)) / 2)],
    universal: () => universal(d),
    gentle: () => [memoryless_guess(d), 1 - binary_entropy(memoryless_guess(d))],
    halfway: () => [0.5 + 4 * d * (HALFWAY - 0.5), 4 * d * (1 - binary_entropy(HALFWAY))],
    coin: () => [0.5 + d, 2 * d],
    dust: () => [0.5, 0],
  }[attack]();
}

// end_of_lead(known) of the chapter, for the information of that attack: where Bob's 1 - h(e) is no more than it
export function end_of_lead(attack) {
  let low = 0.01, high = 0.4;
  for (let k = 0; k < 60; k++) {
    const e = (low + high) / 2;
    if (1 - binary_entropy(e) > predict(attack, e)[1]) low = e; else high = e;
  }
  return low;
}
