// Ports of qlearn/learning/optimisation: cuts of a graph, and QAOA on them.

// qlearn.learning.optimisation.cut_values(graph): the size of every cut; node 0 is the leftmost bit
export function cut_values(n, edges) {
  return Float64Array.from({length: 1 << n}, (_, x) =>
    edges.reduce((size, [u, v]) => size + ((x >> (n - 1 - u) ^ x >> (n - 1 - v)) & 1), 0));
}

// qlearn.learning.optimisation.QAOASimulator(values).state(gammas, betas), up to a phase of the whole: [re, im]; or what
// these layers make of the state `start`
export function state(values, gammas, betas, start) {
  const size = values.length, re = new Float64Array(size).fill(1 / Math.sqrt(size)), im = new Float64Array(size);
  if (start) [re, im].forEach((part, k) => part.set(start[k]));
  const most = values.reduce((a, b) => Math.max(a, b));
  gammas.forEach((gamma, layer) => {
    const cosines = [], sines = [];
    for (let k = 0; k <= most; k++) {
      cosines.push(Math.cos(gamma * k));
      sines.push(Math.sin(gamma * k));
    }
    for (let k = 0; k < size; k++) {
      const c = cosines[values[k]], s = sines[values[k]], a = re[k], b = im[k];
      re[k] = a * c + b * s;
      im[k] = b * c - a * s;
    }
    const c = Math.cos(betas[layer]), s = Math.sin(betas[layer]);
    for (let half = 1; half < size; half *= 2) for (let k = 0; k < size; k++) if (!(k & half)) {  // cos - i sin X on every wire
      const l = k | half, p = re[k], q = im[k], r = re[l], t = im[l];
      re[k] = c * p + s * t;
      im[k] = c * q - s * r;
      re[l] = c * r + s * q;
      im[l] = c * t - s * p;
    }
  });
  return [re, im];
}

// The chances of cuts of each size: numpy.bincount(cut_values, abs(state) ** 2)
export function histogram(values, [re, im]) {
  const shares = new Array(values.reduce((a, b) => Math.max(a, b)) + 1).fill(0);
  for (let k = 0; k < values.length; k++) shares[values[k]] += re[k] * re[k] + im[k] * im[k];
  return shares;
}

// qlearn.learning.optimisation.qaoa_energy(graph, gammas, betas): the expected cut
export function qaoa_energy(values, gammas, betas, start) {
  const [re, im] = state(values, gammas, betas, start);
  let mean = 0;
  for (let k = 0; k < values.length; k++) mean += values[k] * (re[k] * re[k] + im[k] * im[k]);
  return mean;
}

// The same against the last beta, for a last gamma after the state `start`: [m, c, s] of m + c cos(4 beta) + s sin(4 beta)
export function waves(values, start, gamma) {
  const [none, up, down] = [0, Math.PI / 8, -Math.PI / 8].map(beta => qaoa_energy(values, [gamma], [beta], start));
  const m = (up + down) / 2;
  return [m, none - m, (up - down) / 2];
}
