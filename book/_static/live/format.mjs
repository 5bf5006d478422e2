// Numbers as a reader sees them.

// -0.5194 -> "−0.519", and never "−0.000"
export function fixed(value, digits = 3) {
  const text = Math.abs(value).toFixed(digits);
  return (value < 0 && +text ? '−' : '') + text;
}

export const percent = (value, digits = 1) => `${(100 * value).toFixed(digits)}\u00a0%`;

// 1234567 -> "1 234 567", with narrow spaces that do not break
export const whole = value => Math.round(value).toString().replace(/\B(?=(\d{3})+$)/g, '\u202f');

// 3.2e-5 -> "3.2 × 10⁻⁵"; what is near 1 stays as it is: 0.95, 17
export function power(value, digits = 1) {
  if (!value) return '0';
  const [mantissa, exponent] = value.toExponential(digits).split('e');
  if (+exponent >= -2 && +exponent <= 3) return String(+value.toPrecision(digits + 1));
  return `${mantissa} × 10${String(+exponent).replace(/./g, c => '⁰¹²³⁴⁵⁶⁷⁸⁹'[c] ?? '⁻')}`;
}
