// Ports of qlearn/learning/encodings: rows of features to states; a state is [re, im], two Float64Arrays.

// qlearn.learning.encodings.ZZFeatureMap(reps=..., entanglement="full" or "none", bandwidth=...).states(x)
export function states(x, {reps, entanglement, bandwidth}) {
  const q = x.length, size = 1 << q, y = x.map(one => bandwidth * one);
  const re = new Float64Array(size), im = new Float64Array(size);
  const angles = new Float64Array(size), cos = new Float64Array(size), sin = new Float64Array(size);
  // In the first half the first bit is 0: angles of longer strings come from those of shorter ones.
  for (let wire = q - 1; wire >= 0; wire--) {
    const half = 1 << (q - 1 - wire);
    for (let k = 0; k < half; k++) {
      let own = 2 * y[wire], none = 0;
      if (entanglement === 'full') for (let other = wire + 1; other < q; other++) {
        const coupled = 2 * (Math.PI - y[wire]) * (Math.PI - y[other]);
        if (k >> (q - 1 - other) & 1) none += coupled; else own += coupled;
      }
      angles[half + k] = angles[k] + own;
      angles[k] += none;
    }
  }
  for (let k = 0; k < size; k++) {
    cos[k] = Math.cos(angles[k]);
    sin[k] = Math.sin(angles[k]);
  }
  re[0] = 1;
  for (let layer = 0; layer < reps; layer++) {
    for (const part of [re, im]) {  // H on every wire
      for (let half = 1; half < size; half *= 2) for (let low = 0; low < size; low += 2 * half) {
        for (let k = low; k < low + half; k++) {
          const a = part[k], b = part[k + half];
          part[k] = (a + b) * Math.SQRT1_2;
          part[k + half] = (a - b) * Math.SQRT1_2;
        }
      }
    }
    for (let k = 0; k < size; k++) {
      const real = re[k] * cos[k] - im[k] * sin[k];
      im[k] = re[k] * sin[k] + im[k] * cos[k];
      re[k] = real;
    }
  }
  return [re, im];
}

// qlearn.learning.encodings.accessible_frequencies(scales), for whole numbers: {frequencies, paths}
export function accessible_frequencies(scales) {
  let ways = new Map([[0, 1]]);
  for (const scale of scales) {
    const next = new Map();
    for (const [sum, count] of ways) for (const [step, times] of [[-scale, 1], [0, 2], [scale, 1]]) next.set(sum + step, (next.get(sum + step) ?? 0) + times * count);
    ways = next;
  }
  const kept = [...ways].filter(([sum]) => sum >= 0).sort(([a], [b]) => a - b);
  return {frequencies: kept.map(([sum]) => sum), paths: kept.map(([, count]) => count)};
}

// numpy.linalg.lstsq(exp(1j x k), y) for points x at equal distances around the circle, and all k in `frequencies` and their
// negatives: the shortest of the best fits, [re, im] for k = -K to K. (Waves that look alike on the points share evenly.)
export function fit(x, y, frequencies) {
  const n = x.length, top = frequencies.at(-1), found = Array.from({length: 2 * top + 1}, () => [0, 0]);
  const all = [...new Set(frequencies.flatMap(k => [k, -k]))], place = k => (k % n + n) % n, alike = new Map();
  for (const k of all) alike.set(place(k), (alike.get(place(k)) ?? 0) + 1);
  for (const k of all) {
    const share = n * alike.get(place(k)), here = found[k + top];
    for (let j = 0; j < n; j++) {
      here[0] += y[j] * Math.cos(k * x[j]) / share;
      here[1] -= y[j] * Math.sin(k * x[j]) / share;
    }
  }
  return found;
}

// qlearn.learning.encodings.fourier_series(coefficients, [[x]]).real
export function fourier_series(coefficients, x) {
  const top = (coefficients.length - 1) / 2;
  return coefficients.reduce((sum, [re, im], j) => re || im ? sum + re * Math.cos((j - top) * x) - im * Math.sin((j - top) * x) : sum, 0);
}
