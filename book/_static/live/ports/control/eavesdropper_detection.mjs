// Ports of qlearn/control/eavesdropper_detection: alarms by a count of errors.

// scipy.stats.binom.pmf(k, n, p) for k = 0 to n, from the likeliest count outwards
function counts(n, p) {
  const chances = new Float64Array(n + 1), top = Math.min(n, Math.floor((n + 1) * p));
  let sum = chances[top] = 1;
  if (p > 0 && p < 1) {
    const odds = p / (1 - p);
    for (let k = top; k < n; k++) sum += chances[k + 1] = chances[k] * (n - k) / (k + 1) * odds;
    for (let k = top; k > 0; k--) sum += chances[k - 1] = chances[k] * k / (n - k + 1) / odds;
  }
  return chances.map(one => one / sum);
}

// qlearn.control.eavesdropper_detection.roc(n, qber, intercepted): chances of an alarm from 0, 1, ... n + 1 errors on, without
// and with Eve, and the chances of each count themselves
export function roc(n, qber, intercepted) {
  const [quiet, attacked] = [qber, qber + intercepted * (0.25 - qber / 2)].map(p => counts(n, p));
  const [false_alarm, power] = [quiet, attacked].map(chances => {
    const above = new Float64Array(n + 2);
    for (let k = n; k >= 0; k--) above[k] = above[k + 1] + chances[k];
    return above;
  });
  let auc = 0;
  for (let k = 0; k <= n; k++) auc += quiet[k] * (power[k + 1] + (power[k] - power[k + 1]) / 2);
  return {false_alarm, power, auc, quiet, attacked};
}

// The lowest threshold with at most this chance of a false alarm: roc(...).threshold_at(false_alarm)
export const threshold_at = ({false_alarm}, most) => false_alarm.findIndex(one => one <= most);

// The answer of the exercise base_rate: the chance that Eve is on the line, given alarms (true) and blocks without (false)
export function base_rate(false_alarm, power, share, alarms) {
  let eve = share, nobody = 1 - share;
  for (const alarm of alarms) {
    eve *= alarm ? power : 1 - power;
    nobody *= alarm ? false_alarm : 1 - false_alarm;
  }
  return eve / (eve + nobody);
}
