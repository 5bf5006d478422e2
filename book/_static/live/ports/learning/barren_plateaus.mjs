// Ports of qlearn/learning/barren_plateaus: a circuit is {axes, angles}, a row of numbers for each layer; CZ gates couple
// neighbours behind each layer.

// qlearn.learning.barren_plateaus.cost_diagonal(cost, n)
export function cost_diagonal(cost, n) {
  return Float64Array.from({length: 1 << n}, (_, k) => {
    if (cost === 'global') return +(k > 0);
    if (cost === 'zz') return 1 - 2 * ((k >> (n - 1) ^ k >> (n - 2)) & 1);
    let ones = 0;
    for (let rest = k; rest; rest &= rest - 1) ones++;
    return ones / n;
  });
}

// The chance of each basis state behind a circuit that starts with RY(pi/4) on every wire
function shares({axes, angles}) {
  const n = axes[0].length, size = 1 << n, re = new Float64Array(size), im = new Float64Array(size), odd = new Uint8Array(size);
  const [up, down] = [Math.cos(Math.PI / 8), Math.sin(Math.PI / 8)];
  for (let k = 0; k < size; k++) {
    re[k] = 1;
    for (let w = 0; w < n; w++) re[k] *= k >> w & 1 ? down : up;
    for (let both = k & k >> 1; both; both &= both - 1) odd[k] ^= 1;
  }
  axes.forEach((row, layer) => {
    row.forEach((axis, wire) => {
      const c = Math.cos(angles[layer][wire] / 2), s = Math.sin(angles[layer][wire] / 2), bit = 1 << (n - 1 - wire);
      for (let k = 0; k < size; k++) {
        if (k & bit) continue;
        const l = k | bit, p = re[k], q = im[k], r = re[l], t = im[l];
        if (axis === 0) {
          re[k] = c * p + s * t; im[k] = c * q - s * r; re[l] = c * r + s * q; im[l] = c * t - s * p;
        } else if (axis === 1) {
          re[k] = c * p - s * r; im[k] = c * q - s * t; re[l] = c * r + s * p; im[l] = c * t + s * q;
        } else {
          re[k] = c * p + s * q; im[k] = c * q - s * p; re[l] = c * r - s * t; im[l] = c * t + s * r;
        }
      }
    });
    for (let k = 0; k < size; k++) if (odd[k]) {
      re[k] = -re[k];
      im[k] = -im[k];
    }
  });
  return re.map((one, k) => one * one + im[k] * im[k]);
}

// The values that the cost of one shot can have, and the chance of each: [[value, chance], ...]
export function outcomes(circuit, cost) {
  const diagonal = cost_diagonal(cost, circuit.axes[0].length), found = new Map([...new Set(diagonal)].sort((a, b) => a - b).map(one => [one, 0]));
  shares(circuit).forEach((share, k) => found.set(diagonal[k], found.get(diagonal[k]) + share));
  return [...found];
}

// qlearn.learning.barren_plateaus.expected_cost(circuit, cost)
export const expected_cost = (circuit, cost) => outcomes(circuit, cost).reduce((sum, [value, chance]) => sum + value * chance, 0);

// qlearn.learning.barren_plateaus.first_gradients(circuit, cost): by the shift rule
export function first_gradients({axes, angles}, cost) {
  const [up, down] = [1, -1].map(side => expected_cost({axes, angles: angles.map((row, k) => k ? row : [row[0] + side * Math.PI / 2, ...row.slice(1)])}, cost));
  return (up - down) / 2;
}
