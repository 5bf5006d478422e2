// Ports of qlearn/communication/continuous_variables: what Bob's readings tell Alice and, at most, Eve. A line is
// {modulation_variance, excess_noise, efficiency, electronic_noise}, its detector homodyne.

const xlogx = x => x > 0 ? x * Math.log(x) : 0;

// qlearn.communication.continuous_variables.mode_entropy(nu)
export function mode_entropy(nu) {
  const photons = Math.max(nu - 1, 0) / 2;
  return (xlogx(photons + 1) - xlogx(photons)) / Math.LN2;
}

// qlearn.communication.continuous_variables.mutual_information(t, **line)
export function mutual_information(t, {modulation_variance, excess_noise, efficiency, electronic_noise}) {
  const gain = efficiency * t;
  return Math.log1p(gain * modulation_variance / (1 + electronic_noise + gain * excess_noise)) / (2 * Math.LN2);
}

// the entropy of two modes, from the sum and the product of their squared eigenvalues
function entropy(total, product) {
  const larger = (total + Math.sqrt(Math.max(total ** 2 - 4 * product, 0))) / 2;
  return mode_entropy(Math.sqrt(larger)) + mode_entropy(Math.sqrt(product / larger));
}

// qlearn.communication.continuous_variables.holevo_bound(t, **line, trusted=trusted)
export function holevo_bound(t, {modulation_variance, excess_noise, efficiency, electronic_noise}, trusted) {
  const variance = modulation_variance, xi = excess_noise, outside = trusted ? 0 : electronic_noise;
  const passes = trusted ? t : efficiency * t, chi = trusted ? (1 + electronic_noise) / efficiency - 1 : 0;
  const a = 1 + variance, b = 1 + passes * (variance + xi) + outside, c2 = passes * variance * (variance + 2);
  const root = 1 + variance * (1 - passes) + (1 + variance) * (passes * xi + outside), before = a * a + b * b - 2 * c2;
  const after = (a * root + b + before * chi) / (b + chi), product = root * (a + root * chi) / (b + chi);
  return Math.max(entropy(before, root ** 2) - entropy(after, product), 0);
}

// qlearn.communication.continuous_variables.rate_at(t, beta=beta, trusted=trusted, **line)
export function rate_at(t, line, beta, trusted) {
  const raw = beta * mutual_information(t, line) - holevo_bound(t, line, trusted);
  return raw > 1e-12 ? raw : 0;
}

// qlearn.communication.continuous_variables.excess_noise_error(m, t, excess_noise=..., efficiency=..., electronic_noise=...)
export const excess_noise_error = (m, t, {excess_noise, efficiency, electronic_noise}) =>
  ((1 + electronic_noise) / (efficiency * t) + excess_noise) * Math.sqrt(2 / m);
