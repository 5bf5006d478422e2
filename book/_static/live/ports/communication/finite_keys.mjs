// Ports of qlearn/communication/photons for finite sessions: what counts prove, for three intensities and detectors without
// afterpulses. Counts are [sifted, errors], each [[Z, X] of the signal, of the weak decoy, of the vacuum].
import {binary_entropy} from '../qubits/entropies.mjs';
import {error_gain, gain} from './photons.mjs';

const EVENTS = 21;

// qlearn.communication.photons.expected_counts(n, link=link, transmittance=t, source=source): [sifted, errors]
export function expected_counts(n, t, link, {intensities, probabilities, p_x}) {
  const bases = [(1 - p_x) ** 2, p_x ** 2], of = rule => intensities.map((mu, k) => bases.map(share => n * probabilities[k] * share * rule(mu, t, link)));
  return [of(gain), of(error_gain)];
}

const spread = (total, security) => security === null ? 0 : Math.sqrt(total / 2 * Math.log(EVENTS / security));
const tau = (photons, {intensities, probabilities}) =>
  intensities.reduce((sum, mu, k) => sum + probabilities[k] * Math.exp(-mu) * mu ** photons, 0);
function between(counts, {intensities, probabilities}, security, k) {
  const away = spread(counts[0] + counts[1] + counts[2], security), scale = Math.exp(intensities[k]) / probabilities[k];
  return [scale * (counts[k] - away), scale * (counts[k] + away)];
}

// qlearn.communication.photons.vacuum_and_single(clicks, None, source, security)
export function vacuum_and_single(clicks, source, security) {
  const [mu1, mu2, mu3] = source.intensities, total = clicks[0] + clicks[1] + clicks[2];
  const [high1, [low2, high2], [low3, high3]] = [between(clicks, source, security, 0)[1], between(clicks, source, security, 1), between(clicks, source, security, 2)];
  const vacuum = Math.min(Math.max(0, tau(0, source) * (mu2 * low3 - mu3 * high2) / (mu2 - mu3)), total);
  const inner = low2 - high3 - (mu2 ** 2 - mu3 ** 2) / mu1 ** 2 * (high1 - vacuum / tau(0, source));
  const single = tau(1, source) * mu1 * inner / ((mu2 - mu3) * (mu1 - mu2 - mu3));
  return [vacuum, Math.min(Math.max(0, single), total - vacuum)];
}

// qlearn.communication.photons.single_errors(errors, source, security)
export const single_errors = (errors, source, security) => tau(1, source)
  * (between(errors, source, security, 1)[1] - between(errors, source, security, 2)[0]) / (source.intensities[1] - source.intensities[2]);

const ratio = (j, tested, untested, wrong) => j * (untested - wrong + j) / ((tested - j + 1) * (wrong - j + 1));
// n is whole here: log n! is a sum of few logarithms.
function stirling(n) {
  if (n < 16) {
    let product = 1;
    for (let k = 2; k <= n; k++) product *= k;
    return Math.log(product) - (n + 0.5) * Math.log(n) + n - 0.5 * Math.log(2 * Math.PI);
  }
  const square = n * n;
  return (1 / 12 - (1 / 360 - (1 / 1260 - 1 / (1680 * square)) / square) / square) / n;
}
function deviance(k, mean) {
  const w = (k - mean) / (k + mean);
  if (Math.abs(w) > 0.1) return k * Math.log(k / mean) + mean - k;
  let series = 0, power = w, j = 1;
  for (;;) {
    power *= w * w;
    j += 2;
    if (series + power / j === series) return w * (k - mean) + 2 * k * series;
    series += power / j;
  }
}
function log_binomial(k, n, p) {
  if (k <= 0) return n * Math.log1p(-p);
  if (k >= n) return n * Math.log(p);
  return stirling(n) - stirling(k) - stirling(n - k) - deviance(k, n * p) - deviance(n - k, n * (1 - p)) - 0.5 * Math.log(2 * Math.PI * k * (1 - k / n));
}
function log_tail(seen, tested, untested, wrong) {
  if (seen >= Math.min(tested, wrong)) return 0;
  if (wrong - seen > untested) return -Infinity;
  const first = ratio(seen, tested, untested, wrong), terms = Math.min(seen, 4096, first < 1 ? Math.ceil(40 / (1 - first)) : 4096);
  let total = 1, last = first, rest = 1;
  for (let k = 0; k < terms; k++) total += rest *= ratio(seen - k, tested, untested, wrong);
  if (terms > 0) last = ratio(seen - terms, tested, untested, wrong);
  if (terms < seen) {
    if (last >= 1) return 0;
    total += rest * last / (1 - last);
  }
  const share = wrong / (tested + untested);
  const mass = log_binomial(seen, tested, share) + log_binomial(wrong - seen, untested, share) - log_binomial(wrong, tested + untested, share);
  return Math.min(0, mass + Math.log(total));
}

// qlearn.communication.photons.phase_error(errors, tested, single, failure): the tail falls, so halves find where it passes
export function phase_error(errors, tested, single, failure) {
  if (!tested || !single || errors >= tested / 2) return 0.5;
  if (failure === null) return Math.min(0.5, errors / tested);
  const v = Math.ceil(errors), c = Math.floor(tested), d = Math.floor(single), goal = Math.log(failure);
  if (c < 1 || d < 1 || v >= c / 2) return 0.5;
  let low = v, high = v + Math.min(d, Math.ceil(d / 2) + 1);
  if (log_tail(v, c, d, high) > goal) return 0.5;
  let guess = v + (v + 1) * d / c - goal * (1 + d / c), before, slope = 0, reach = 1;
  while (high - low > 1) {
    guess = Math.floor(guess);
    if (!(low < guess && guess < high)) guess = low + Math.max(1, Math.floor((high - low) / 2));
    const excess = log_tail(v, c, d, guess) - goal;
    if (excess > 0) low = guess; else high = guess;
    if (!before) slope = Math.log((d - guess + v) / (guess - v + 1) * (guess + 1) / (c + d - guess));
    else if (Math.abs(guess - before[0]) > reach) slope = (excess - before[1]) / (guess - before[0]);
    before = [guess, excess];
    let step = slope < 0 ? -excess / slope : 0;
    if (Math.abs(step) < reach) [step, reach] = [excess > 0 ? reach : -reach, 4 * reach];
    guess += step;
  }
  return Math.min(0.5, (low - v) / d);
}

// qlearn.communication.photons.finite_key(counts, source=source, security=security, efficiency=f, key_basis="ZX"[key]).bits, of
// an honest line's counts: some yields explain them, and that is not asked
export function finite_key([sifted, errors], source, security, f, key) {
  const of = (table, basis) => table.map(row => row[basis]), n = of(sifted, key).reduce((a, b) => a + b);
  const [vacuum, single] = vacuum_and_single(of(sifted, key), source, security), [, tested] = vacuum_and_single(of(sifted, 1 - key), source, security);
  const wrong = single_errors(of(errors, 1 - key), source, security), failure = security === null ? null : (security / EVENTS) ** 2;
  const secret = vacuum + single * (1 - binary_entropy(wrong > 0 ? phase_error(wrong, tested, single, failure) : 0.5));
  const leak = n ? n * f * binary_entropy(Math.min(0.5, of(errors, key).reduce((a, b) => a + b) / n)) : 0;
  return secret - leak - (security === null ? 0 : 6 * Math.log2(EVENTS / security) + Math.log2(2e15));
}
