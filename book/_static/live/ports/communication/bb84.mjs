// Ports of qlearn/communication/bb84: pulses that are written, read and resent. A basis is 0 = Z, 1 = X, 2 = Y, 3 = breidbart.

const H = Math.SQRT1_2;
const DIRECTIONS = [[0, 0, 1], [1, 0, 0], [0, 1, 0], [H, 0, H]];

// qlearn.communication.bb84.transmission.FLIPS[written, read]
export const flips = (written, read) => FLIPS[written][read];
const FLIPS = DIRECTIONS.map(a => DIRECTIONS.map(b => (1 - (a[0] * b[0] + a[1] * b[1] + a[2] * b[2])) / 2));

// qlearn.communication.bb84.measure_pulses(Pulses([bit], [written]), [read]), with nature's coin, a number from 0 to 1, handed in
export const measure_pulses = (bit, written, read, coin) => bit ^ (coin < flips(written, read));

// qlearn.exercises.communication.bb84.bits_to_compare(fraction, miss)
export function bits_to_compare(fraction, miss) {
  const m = Math.ceil(Math.log(miss) / Math.log(1 - fraction / 4));
  return (1 - fraction / 4) ** (m - 1) <= miss ? m - 1 : m;
}

// qlearn.communication.bb84.InterceptResend(fraction, basis).joint: chances [basis][bit][Bob's bit][what Eve found]
export function joint(fraction, basis) {
  const bases = {random: [0, 1], Z: [0], X: [1], breidbart: [3]}[basis];
  const read = (bit, found, flip) => bit === found ? 1 - flip : flip;
  return [0, 1].map(b => [0, 1].map(bit => [0, 1].map(bob => [
    ...bases.flatMap(one => [0, 1].map(found => fraction * read(bit, found, flips(b, one)) * read(found, bob, flips(b, one)) / bases.length)),
    bit === bob ? 1 - fraction : 0])));
}
