// Ports of qlearn/communication/teleportation: a state is its arrow, a pair its moments (../qubits/entanglement.mjs).
import {random} from '../../frame.mjs';

// The signs of XX, YY, ZZ in the Bell states number 2z + x, and what Bob's gates Z^z X^x do to the three axes.
const BELL = [[1, -1, 1], [1, 1, -1], [-1, 1, 1], [-1, -1, -1]];
const GATES = [[1, 1, 1], [1, -1, -1], [-1, -1, 1], [-1, 1, -1]];
const AXES = [0, 1, 2];

// Four times the chance that Alice finds it
const weight = (arrow, pair, found) => AXES.reduce((all, i) => all + BELL[found][i] * arrow[i] * pair[i + 1][0], 1);

// qlearn.communication.teleportation.teleport(state, resource=pair), where Alice finds number 2z + x: the chance of that,
// Bob's arrow before his gates and after them
export function teleport(arrow, pair, found) {
  const twisted = arrow.map((one, k) => BELL[found][k] * one);
  const weigh = j => pair[0][j] + AXES.reduce((all, i) => all + twisted[i] * pair[i + 1][j], 0);
  const all = weight(arrow, pair, found), before = AXES.map(j => weigh(j + 1) / all);
  return [all / 4, before, before.map((one, k) => GATES[found][k] * one)];
}

// qlearn.communication.teleportation.process_fidelity(pair)
export const process_fidelity = pair => (1 + pair[1][1] - pair[2][2] + pair[3][3]) / 4;
// qlearn.communication.teleportation.average_fidelity(pair)
export const average_fidelity = pair => (2 * process_fidelity(pair) + 1) / 3;
// qlearn.qubits.fidelity(state, mixed), of a state of length 1 and any other, by their arrows
export const fidelity = (state, mixed) => (1 + state.reduce((all, one, k) => all + one * mixed[k], 0)) / 2;

// share_of_yes(pair, shots) of the chapter: random states are sent, and each that arrives is asked whether it is the one sent
export function share_of_yes(pair, shots, seed) {
  const roll = random(seed);
  let yes = 0;
  for (let k = 0; k < shots; k++) {
    const z = 2 * roll() - 1, turn = 2 * Math.PI * roll(), flat = Math.sqrt(1 - z * z), sent = [flat * Math.cos(turn), flat * Math.sin(turn), z];
    let u = 4 * roll(), found = 0;
    for (let part; found < 3 && u >= (part = weight(sent, pair, found)); found++) u -= part;
    yes += roll() < fidelity(sent, teleport(sent, pair, found)[2]);
  }
  return yes / shots;
}

// The same of one state, where Bob has no bits and throws one of his four gates
export function share_without_call(arrow, pair, shots, seed) {
  const roll = random(seed), all = [0, 1, 2, 3], left = all.map(found => teleport(arrow, pair, found));
  const chance = left.map(([, before]) => GATES.map(gate => fidelity(arrow, before.map((one, k) => gate[k] * one))));
  let yes = 0;
  for (let k = 0; k < shots; k++) {
    let u = roll(), found = 0;
    for (; found < 3 && u >= left[found][0]; found++) u -= left[found][0];
    yes += roll() < chance[found][Math.floor(4 * roll())];
  }
  return yes / shots;
}
