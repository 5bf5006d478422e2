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
