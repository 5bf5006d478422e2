// Ports of qlearn/communication/multi_party/secret_sharing.py for three parties: in place of drawn rounds, the law of their bits.
// Letters are 1 for X and 2 for Y, the dealer's first.
import {run} from '../qubits/circuit.mjs';

const GHZ = [['h', [0]], ['cx', [0, 1]], ['cx', [0, 2]]], PLUS = [['h', [0]], ['h', [1]], ['h', [2]]];
const look = (letter, wire) => [...(letter === 2 ? [['p', [wire], -Math.PI / 2]] : []), ['h', [wire]]];

// The chances of the bits of some wires, whatever the others say
function law(n, steps, wires) {
  const [re, im] = run(n, steps), found = Array(1 << wires.length).fill(0);
  for (let k = 0; k < re.length; k++)
    found[wires.reduce((all, wire) => 2 * all + (k >> (n - 1 - wire) & 1), 0)] += re[k] ** 2 + im[k] ** 2;
  return found;
}

// qlearn.communication.multi_party.sharing_circuit(bases, prepare=False)
export const sharing_circuit = bases => bases.flatMap(look);

// qlearn.communication.multi_party.share(..., state=visibility * source + (1 - visibility) * white, outsider=outsider): bits 000 to 111
export function share(bases, visibility = 1, source = 'ghz', outsider = null) {
  const made = source === 'plus' ? PLUS : GHZ, end = sharing_circuit(bases), keep = [0, 1, 2];
  const tap = letter => law(4, [...made, ...look(letter, outsider), ['cx', [outsider, 3]], ['h', [outsider]], ...(letter === 2 ? [['s', [outsider]]] : []), ...end], keep);
  const pure = outsider === null ? law(3, [...made, ...end], keep) : tap(1).map((one, k) => (one + tap(2)[k]) / 2);
  return pure.map(one => visibility * one + (1 - visibility) / 8);
}

// qlearn.communication.multi_party.insider(..., speaks=speaks, fakes="entangled"): the dealer's bit, what party 1 says, the third's, and party 1's guess
export function insider(bases, speaks) {
  const [dealer, own, third] = bases, s = [['h', [0]], ['cx', [0, 1]], ['h', [2]], ['cx', [2, 3]]];
  if (speaks === 'first') return law(4, [...s, ['cx', [1, 2]], ...look(own, 1), ...look(dealer, 0), ...look(third, 3)], [0, 1, 3, 1]);
  const turn = dealer === 2 ? [['s', [1]]] : [], back = dealer === 2 ? [['p', [2], -Math.PI / 2]] : [];
  return law(4, [...s, ...look(dealer, 0), ...turn, ['h', [1]], ['cz', [1, 2]], ...back, ...look(own, 2), ...look(third, 3)], [0, 2, 3, 1]);
}

// qlearn.communication.multi_party.reconstruct(shares, bases)
export const reconstruct = (shares, bases) => shares.reduce((sum, bit) => sum ^ bit, 0) ^ (bases.filter(one => one === 2).length >> 1 & 1);
