// Numbers as a reader sees them, and random ones.

// -0.5194 -> "−0.519", and never "−0.000"
export function fixed(value, digits = 3) {
  const text = Math.abs(value).toFixed(digits);
  return (value < 0 && +text ? '−' : '') + text;
}

// The same, but what would be rounded to 0 is told as it is: "−3.2 × 10⁻⁵"
export const small = (value, digits = 3) => +Math.abs(value).toFixed(digits) || !value ? fixed(value, digits)
  : (value < 0 ? '−' : '') + power(Math.abs(value));

export const percent = (value, digits = 1) => `${(100 * value).toFixed(digits)}\u00a0%`;

// 1234567 -> "1,234,567", as the text beside it
export const whole = value => Math.round(value).toString().replace(/\B(?=(\d{3})+$)/g, ',');

// 3.2e-5 -> "3.2 × 10⁻⁵"; what is near 1 stays as it is: 0.95, 0.20, 17, 8,900
export function power(value, digits = 1) {
  if (!value) return '0';
  const [mantissa, exponent] = value.toExponential(digits).split('e');
  if (+exponent >= -2 && +exponent <= 3) return +exponent <= digits ? value.toPrecision(digits + 1) : whole(+value.toPrecision(digits + 1));
  return `${mantissa} × 10${String(+exponent).replace(/./g, c => '⁰¹²³⁴⁵⁶⁷⁸⁹'[c] ?? '⁻')}`;
}

// Random numbers in [0, 1) that begin anew, the same, with each seed (Mulberry32): the address holds the seed.
export function random(seed) {
  let a = seed >>> 0;
  return () => {
    a = (a + 0x6D2B79F5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

// The value on the scale of a knob that is nearest; none for what is no number.
export function nearest(text, min, max, step) {
  const value = +text;
  if (!text.trim() || !Number.isFinite(value)) return undefined;
  const inside = Math.min(max, Math.max(min, value));
  return step ? Math.min(max, +(min + Math.round((inside - min) / step) * step).toPrecision(12)) : inside;
}
