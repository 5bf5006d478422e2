// Ports of qlearn/networks/federated/{robust_aggregation,outlier_removal,norm_clipping}: what a server makes of the models that
// n clients sent, a row each, of which some may lie. All claim one sample. Where the library refuses to merge there is null.
import {aggregate} from './federated.mjs';

const rising = (a, b) => a - b;
const mean = values => values.reduce((sum, one) => sum + one, 0) / values.length;
// numpy.median
function median(values) {
  const sorted = [...values].sort(rising), half = sorted.length >> 1;
  return sorted.length % 2 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}
const columns = rows => rows[0].map((_, j) => rows.map(row => row[j]));
const plain = rows => aggregate(rows.map(row => [row, 1]));
const middle = rows => columns(rows).map(median);
function squared(a, b) {
  let sum = 0;
  for (let j = 0; j < a.length; j++) sum += (a[j] - b[j]) * (a[j] - b[j]);
  return sum;
}
const first = (scores, m) => scores.map((score, k) => [score, k]).sort(([a, j], [b, k]) => a - b || j - k).slice(0, m).map(([, k]) => k);
// The squared distances of each row to all others, the nearest first.
function distances(rows) {
  const table = rows.map(() => []);
  for (let i = 0; i < rows.length; i++) for (let j = 0; j < i; j++) {
    const far = squared(rows[i], rows[j]);
    table[i].push(far);
    table[j].push(far);
  }
  return table.map(near => near.sort(rising));
}

// qlearn.networks.federated.FedMedian(n_malicious).aggregate(updates, current)
export const fed_median = (rows, n_malicious) => 2 * n_malicious < rows.length ? middle(rows) : null;

// qlearn.networks.federated.FedTrimmedAvg(beta, n_malicious).aggregate(updates, current), for a beta of few digits
export function fed_trimmed_avg(rows, beta, n_malicious) {
  const n = rows.length, k = Math.floor(beta * n + 1e-9);
  if (!(beta > 0 && beta < 0.5) || k < Math.max(1, n_malicious)) return null;
  return columns(rows).map(values => mean(values.sort(rising).slice(k, n - k)));
}

// qlearn.networks.federated.Krum(n_malicious).scores(updates)
export const scores = (rows, n_malicious) => 2 * n_malicious + 2 < rows.length
  ? distances(rows).map(near => near.slice(0, rows.length - n_malicious - 2).reduce((sum, one) => sum + one, 0)) : null;

// qlearn.networks.federated.MultiKrum(n_malicious, n_selected).selected(updates); with one selected, Krum's
export function selected(rows, n_malicious, n_selected) {
  const told = scores(rows, n_malicious);
  return told && n_selected <= rows.length - n_malicious ? first(told, n_selected) : null;
}

// qlearn.networks.federated.Krum(n_malicious).aggregate(updates, current)
export function krum(rows, n_malicious) {
  const chosen = selected(rows, n_malicious, 1);
  return chosen && [...rows[chosen[0]]];
}

// qlearn.networks.federated.MultiKrum(n_malicious, n_selected).aggregate(updates, current)
export function multi_krum(rows, n_malicious, n_selected) {
  const chosen = selected(rows, n_malicious, n_selected);
  return chosen && plain(chosen.map(k => rows[k]));
}

// qlearn.networks.federated.Bulyan(n_malicious).aggregate(updates, current), with its selection "iterated"
export function bulyan(rows, n_malicious) {
  if (rows.length < 4 * n_malicious + 3) return null;
  const left = [...rows], chosen = [];
  while (chosen.length < rows.length - 2 * n_malicious) {
    const neighbours = Math.max(1, left.length - n_malicious - 2);
    // Of equal scores the one nearer to its next neighbours counts, then the first.
    const sums = distances(left).map(near => near.map((sum => one => sum += one)(0)).slice(neighbours - 1));
    const less = (a, b) => { const at = a.findIndex((one, k) => one !== b[k]); return at >= 0 && a[at] < b[at]; };
    let best = 0;
    for (let k = 1; k < left.length; k++) if (less(sums[k], sums[best])) best = k;
    chosen.push(...left.splice(best, 1));
  }
  const averaged = chosen.length - 2 * n_malicious;
  return columns(chosen).map(values => {
    const sorted = values.sort(rising), centre = median(sorted);
    return mean(first(sorted.map(one => Math.abs(one - centre)), averaged).map(k => sorted[k]));
  });
}

// qlearn.networks.federated.OutlierRemoval(FedAvg(), cutoff).kept(updates)
export function kept(rows, cutoff) {
  const centre = middle(rows), far = rows.map(row => Math.sqrt(squared(row, centre))), usual = median(far);
  const spread = 1.4826 * median(far.map(one => Math.abs(one - usual)));
  return rows.flatMap((_, k) => far[k] > usual + cutoff * spread ? [] : [k]);
}

// qlearn.networks.federated.OutlierRemoval(FedAvg(), cutoff).aggregate(updates, current)
export const outlier_removal = (rows, cutoff) => plain(kept(rows, cutoff).map(k => rows[k]));

// qlearn.networks.federated.NormClipping(most, FedAvg()).aggregate(updates, current)
export const norm_clipping = (rows, most, current) => plain(rows.map(row => {
  const length = Math.sqrt(squared(row, current)), scale = length ? Math.min(1, most / length) : 1;
  return row.map((one, j) => current[j] + scale * (one - current[j]));
}));
