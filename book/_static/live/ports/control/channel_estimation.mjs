// Ports of qlearn/control/channel_estimation: how strong is depolarising noise, from a count of errors?
import {binomial} from './eavesdropper_detection.mjs';

const SHARES = {qubit: 1 / 2, bell: 3 / 4};

// qlearn.control.channel_estimation.error_chance(p, probe)
export const error_chance = (p, probe) => SHARES[probe] * p;

// qlearn.control.channel_estimation.cramer_rao(p, n, probe)
export function cramer_rao(p, n, probe) {
  const e = error_chance(p, probe);
  return e * (1 - e) / SHARES[probe] ** 2 / n;
}

// qlearn.control.channel_estimation.maximum_likelihood_noise(errors, n, probe)
export const maximum_likelihood_noise = (errors, n, probe) => Math.min(1, errors / (SHARES[probe] * n));

// qlearn.control.channel_estimation.posterior_mean_noise(n, strengths, probe=probe)
export function posterior_mean_noise(n, strengths, probe) {
  const laws = strengths.map(p => binomial(n, error_chance(p, probe)));
  return Array.from({length: n + 1}, (_, k) => {
    const total = laws.reduce((sum, law) => sum + law[k], 0);
    return total > 0 ? laws.reduce((sum, law, j) => sum + law[k] * strengths[j], 0) / total
      : strengths.reduce((sum, p) => sum + p, 0) / strengths.length;
  });
}

// BetaPosterior(alpha, beta).mean
export const beta_mean = (alpha, beta) => alpha / (alpha + beta);

// qlearn.control.channel_estimation.mean_squared_error(table, strengths, probe)
export const mean_squared_error = (table, strengths, probe) => strengths.map(p =>
  binomial(table.length - 1, error_chance(p, probe)).reduce((sum, chance, k) => sum + chance * (table[k] - p) ** 2, 0));
