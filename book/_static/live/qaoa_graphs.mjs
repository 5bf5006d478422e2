// The graphs of the figure, where their nodes are drawn, and a climb with all angles at once.

export const GRAPHS = {
  petersen: ['Petersen', 10, [[0, 1], [0, 4], [0, 5], [1, 2], [1, 6], [2, 3], [2, 7], [3, 4], [3, 8], [4, 9], [5, 7], [5, 8], [6, 8], [6, 9], [7, 9]]],
  ring: ['a ring of 8', 8, Array.from({length: 8}, (_, k) => [k, (k + 1) % 8])],
  triangle: ['a triangle', 3, [[0, 1], [1, 2], [0, 2]]],
  pair: ['one edge', 2, [[0, 1]]],
  star: ['a star of 6', 7, [1, 2, 3, 4, 5, 6].map(k => [0, k])],
};

// Where the nodes are drawn: on a circle; the Petersen graph has a second one inside, a star its first node in the middle.
export const spots = (graph, n) => Array.from({length: n}, (_, k) => {
  const inner = graph === 'petersen' && k > 4, [around, place] = graph === 'petersen' ? [5, k % 5] : graph === 'star' ? [n - 1, k] : [n, k];
  const r = graph === 'star' && !k ? 0 : inner ? 22 : 44, angle = 2 * Math.PI * place / around - (graph === 'pair' ? 0 : Math.PI / 2);
  return [150 + r * Math.cos(angle), 52 + r * Math.sin(angle)];
});

// Uphill with all angles at once: steps along slopes that earlier steps have corrected (BFGS), each halved until it gains.
export function ascend(height, angles) {
  const slope = at => at.map((_, k) => {
    const [up, down] = [1e-5, -1e-5].map(by => height(at.map((one, j) => one + (j === k ? by : 0))));
    return (up - down) / 2e-5;
  });
  const dot = (a, b) => a.reduce((sum, one, k) => sum + one * b[k], 0);
  let now = height(angles), g = slope(angles), H = angles.map((_, i) => angles.map((_, j) => i === j ? 0.05 : 0));
  for (let round = 0; round < 60 && Math.hypot(...g) > 1e-5; round++) {
    const way = H.map(row => dot(row, g));
    let size = 1, next, then = now;
    for (; size > 1e-6; size /= 2) {
      next = angles.map((one, k) => one + size * way[k]);
      then = height(next);
      if (then > now + 1e-4 * size * dot(way, g)) break;
    }
    if (then <= now) break;
    const after = slope(next), s = next.map((one, k) => one - angles[k]), y = g.map((one, k) => one - after[k]), sy = dot(s, y);
    if (sy > 1e-12) {
      const Hy = H.map(row => dot(row, y)), yHy = dot(y, Hy);
      H = H.map((row, i) => row.map((one, j) => one + (1 + yHy / sy) * s[i] * s[j] / sy - (Hy[i] * s[j] + s[i] * Hy[j]) / sy));
    }
    [angles, g, now] = [next, after, then];
  }
  return angles;
}
