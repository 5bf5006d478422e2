// Ports of qlearn/control/eavesdropper_detection, and of what its chapter's exercise asks for.

// scipy.stats.binom.pmf(range(n + 1), n, p): outwards from the largest, each from its neighbour
export function binomial(n, p) {
  const chances = new Float64Array(n + 1), top = Math.min(n, Math.floor((n + 1) * p));
  let sum = chances[top] = 1;
  for (let k = top; k < n && chances[k]; k++) sum += chances[k + 1] = chances[k] * (n - k) / (k + 1) * p / (1 - p);
  for (let k = top; k > 0 && chances[k]; k--) sum += chances[k - 1] = chances[k] * k / (n - k + 1) * (1 - p) / p;
  return chances.map(one => one / sum);
}

// qlearn.control.eavesdropper_detection.roc(n, qber, intercepted): false_alarm and power at the thresholds 0 to n + 1, and auc
export function roc(n, qber, intercepted) {
  const quiet = binomial(n, qber), attacked = binomial(n, qber + intercepted * (0.25 - qber / 2));
  const from = chances => {
    const tail = new Float64Array(n + 2);
    for (let k = n; k >= 0; k--) tail[k] = Math.min(1, tail[k + 1] + chances[k]);
    tail[0] = 1;  // (but for rounding)
    return tail;
  };
  const false_alarm = from(quiet), power = from(attacked);
  const auc = quiet.reduce((sum, one, k) => sum + one * (power[k + 1] + (power[k] - power[k + 1]) / 2), 0);
  return {quiet, attacked, false_alarm, power, auc};
}

// qlearn.control.eavesdropper_detection.Roc.threshold_at(false_alarm)
export const threshold_at = (curve, false_alarm) => curve.false_alarm.findIndex(one => one <= false_alarm);

// qlearn.exercises.control.eavesdropper_detection.base_rate.solution(false_alarm, power, share, alarms)
export function base_rate(false_alarm, power, share, alarms) {
  const chance = alarm => alarms.reduce((product, one) => product * (one ? alarm : 1 - alarm), 1);
  const eve = share * chance(power), nobody = (1 - share) * chance(false_alarm);
  return eve / (eve + nobody);
}
