// Ports of qlearn/control/side_channels/detection_times.py: d is the offset, r the ratio of the jitters.
import {ndtr} from '../evidence/statistical_power.mjs';

const REACH = 12, POINTS = 40;  // as there

// numpy.polynomial.legendre.leggauss(40): places and weights, by Newton's steps
const GAUSS = Array.from({length: POINTS}, (_, k) => {
  let x = Math.cos(Math.PI * (k + 0.75) / (POINTS + 0.5)), slope;
  for (let turn = 0; turn < 8; turn++) {
    let before = 1, now = x;
    for (let n = 2; n <= POINTS; n++) [before, now] = [now, ((2 * n - 1) * x * now - (n - 1) * before) / n];
    slope = POINTS * (x * now - before) / (x * x - 1);
    x -= now / slope;
  }
  return [x, 2 / ((1 - x * x) * slope * slope)];
});

const xlogx = p => p > 0 ? p * Math.log(p) : 0;
const held = ([p, q]) => ((xlogx(p) + xlogx(q)) / 2 - xlogx((p + q) / 2)) / Math.LN2;

// qlearn.control.side_channels.DetectionTimes(d, r)._below(t): the chance of an earlier stamp, for each bit
export const _below = (d, r, times) => [times.map(ndtr), times.map(t => ndtr((t - d) / r))];

// qlearn.control.side_channels.DetectionTimes(d, r)._edges(): where the likelier bit changes
export function _edges(d, r) {
  const square = (1 - r ** -2) / 2, linear = d / r ** 2, rest = -(d ** 2) / (2 * r ** 2) - Math.log(r);
  if (!square) return [-Infinity, ...(linear ? [-rest / linear] : []), Infinity];
  const q = -(linear + (linear < 0 ? -1 : 1) * Math.sqrt(Math.max(0, linear * linear - 4 * square * rest))) / 2;
  return [-Infinity, ...[q / square, rest / q].sort((a, b) => a - b), Infinity];
}

// The chances of the bins between edges, for each bit: [[p, q], ...]
export const _bins = (d, r, edges) => {
  const [p, q] = _below(d, r, edges);
  return p.slice(1).map((_, k) => [Math.max(0, p[k + 1] - p[k]), Math.max(0, q[k + 1] - q[k])]);
};

// qlearn.control.side_channels.DetectionTimes(d, r).guess
export const guess = (d, r) => _bins(d, r, _edges(d, r)).reduce((sum, [p, q]) => sum + Math.max(p, q) / 2, 0);

// qlearn.control.side_channels.DetectionTimes(d, r).information
export function information(d, r) {
  const steps = Array.from({length: 2 * REACH + 1}, (_, k) => k - REACH);
  const edges = [...steps, ...steps.map(one => d + r * one)].sort((a, b) => a - b), root = Math.sqrt(2 * Math.PI);
  let sum = 0;
  for (let k = 0; k + 1 < edges.length; k++) {
    const half = (edges[k + 1] - edges[k]) / 2;
    if (half) for (const [x, weight] of GAUSS) {
      const t = edges[k] + half * (1 + x);
      sum += half * weight * held([Math.exp(-t * t / 2) / root, Math.exp(-(((t - d) / r) ** 2) / 2) / root / r]);
    }
  }
  return sum;
}

// qlearn.control.side_channels.DetectionTimes(d, r).information_in_bins(width, edge=edge)
export function information_in_bins(d, r, width, edge = 0) {
  const low = Math.min(-REACH, d - REACH * r), high = Math.max(REACH, d + REACH * r), first = Math.floor((low - edge) / width);
  const edges = Array.from({length: Math.ceil((high - low) / width) + 2}, (_, k) => edge + width * (first + k));
  return _bins(d, r, [-Infinity, ...edges, Infinity]).reduce((sum, one) => sum + held(one), 0);
}

// qlearn.control.side_channels.DetectionTimes(d, r).read(times): the likelier bit
export const read = (d, r, times) => times.map(t => +(t ** 2 / 2 - ((t - d) / r) ** 2 / 2 - Math.log(r) > 0));
