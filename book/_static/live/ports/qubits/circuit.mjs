// Port of qlearn/qubits/circuit.py and measurement.py for a few wires; wire 0 is the leftmost letter of a basis state.
// A state is [re, im], two Float64Arrays of 2**n numbers; a step is [name, wires, angle].
import {matrix} from './gates.mjs';

// qlearn.qubits.Circuit(n).<steps>.run()
export function run(n, steps, start) {
  const size = 1 << n, re = new Float64Array(size), im = new Float64Array(size);
  if (start) [re, im].forEach((part, k) => part.set(start[k]));
  else re[0] = 1;
  for (const [name, wires, angle] of steps) {
    const controls = name.startsWith('cc') ? 2 : +(name.startsWith('c'));
    const gate = matrix(name.slice(controls), angle), bit = 1 << (n - 1 - wires[controls]);
    const needed = wires.slice(0, controls).reduce((mask, wire) => mask | 1 << (n - 1 - wire), 0);
    const [[[a, b], [c, d]], [[e, f], [g, h]]] = gate;
    for (let k = 0; k < size; k++) {
      if (k & bit || (k & needed) !== needed) continue;
      const l = k | bit, [p, q, r, s] = [re[k], im[k], re[l], im[l]];
      re[k] = a * p - b * q + c * r - d * s;
      im[k] = a * q + b * p + c * s + d * r;
      re[l] = e * p - f * q + g * r - h * s;
      im[l] = e * q + f * p + g * s + h * r;
    }
  }
  return [re, im];
}

// qlearn.qubits.expectation(state, observable)
export function expectation([re, im], observable) {
  const n = observable.length;
  let flip = 0, sign = 0, turns = 0, mean = 0;
  [...observable].forEach((letter, wire) => {
    const bit = 1 << (n - 1 - wire);
    if (letter === 'X' || letter === 'Y') flip |= bit;
    if (letter === 'Z' || letter === 'Y') sign |= bit;
    turns += letter === 'Y';
  });
  for (let k = 0; k < re.length; k++) {  // <psi| P |psi>: P takes k to k ^ flip, with a sign and i for each Y
    const l = k ^ flip, odd = parity(k & sign) ? -1 : 1;
    const real = re[l] * re[k] + im[l] * im[k], imaginary = re[l] * im[k] - im[l] * re[k];
    mean += odd * [real, -imaginary, -real, imaginary][turns % 4];
  }
  return mean;
}

function parity(bits) {
  let odd = 0;
  for (; bits; bits &= bits - 1) odd ^= 1;
  return odd;
}
