// Ports of qlearn/communication/secret_key: what a session of finite length pays, and what is left.
import {binary_entropy} from '../qubits/entropies.mjs';

// qlearn.communication.secret_key.serfling_deviation(n_key, n_sample, failure)
export const serfling_deviation = (n, k, failure) => Math.sqrt((n + k) / (n * k) * (k + 1) / k * -Math.log(failure) / 2);

// qlearn.communication.secret_key.hashing_margin(security)
export const hashing_margin = security => -2 * Math.log2(security);

// qlearn.communication.secret_key.finite_key.failure_of_one_basis(security)
export const failure_of_one_basis = security => (security / 4) ** 2 / 2;

// qlearn.communication.secret_key.verification.tag_bits(n, frame, failure): frames, and bits of the tag of each
export function tag_bits(n, frame, failure) {
  const frames = Math.ceil(n / Math.min(frame, n));
  return [frames, Math.ceil(Math.log2(frames) - Math.log2(failure))];
}

// np.append(np.geomspace(1e-3, 0.9, 60), 1.0), the shares that sample_sizes tries
const SHARES = [...Array.from({length: 60}, (_, k) => k === 0 ? 1e-3 : k === 59 ? 0.9 : 10 ** (-3 + (Math.log10(0.9) + 3) / 59 * k)), 1];

// qlearn.communication.secret_key.sample_sizes({"Z": z, "X": x}, security=security, expected_qber=qber): [of Z, of X]
export function sample_sizes(z, x, security, qber) {
  const failure = failure_of_one_basis(security), cost = 1.1 * binary_entropy(qber);
  const [of_z, of_x] = [z, x].map(bits => SHARES.map(share => Math.ceil(share * bits - 1e-9)));
  const left = (kept, sample) => {
    const worst = kept >= 1 && sample >= 1 ? qber + serfling_deviation(kept, sample, failure) : 0.5;
    return worst < 0.5 ? kept * (1 - binary_entropy(worst) - cost) : -kept * cost;
  };
  const lefts = (bits, mine, others) => mine.map(a => others.map(b => left(bits - a, b)));
  const in_z = lefts(z, of_z, of_x), in_x = z === x ? in_z : lefts(x, of_x, of_z);
  let best, most = -Infinity;
  of_z.forEach((a, i) => of_x.forEach((b, j) => {
    const total = in_z[i][j] + in_x[j][i];
    if (total > most) [most, best] = [total, [a, b]];
  }));
  return best;
}

// PhaseErrorBound.of(sizes, errors, kept, failure_of_one_basis(security)).secret_bits(): of each basis, [of Z, of X], so many
// bits were compared and kept, a share `qber` of them wrong. The sample of one basis vouches for what is kept of the other.
export const secret_bits = (compared, kept, qber, security) => [0, 1].reduce((sum, one) => {
  const n = kept[one], k = compared[1 - one];
  const worst = n && k ? Math.min(0.5, qber + serfling_deviation(n, k, failure_of_one_basis(security))) : 0.5;
  return sum + n * (1 - binary_entropy(worst));
}, 0);

// distill(...).ledger: the bits of its entries, for `half` sifted bits of each basis that meet the error rate exactly, of
// which `compared`, [of Z, of X], are compared. Compared, said to correct errors, tags of the frames, what Eve may know,
// margin of the hashing, renewal of the authentication key; what is left is the key. (Cascade corrects frames of 2**14 bits.)
export function ledger(half, compared, qber, efficiency, security, correctness) {
  const kept = compared.map(sample => half - sample), n = kept[0] + kept[1];
  const disclosed = Math.round(efficiency * n * binary_entropy(qber));
  const [frames, tag] = tag_bits(n, 2 ** 14, correctness), tags = frames * tag;
  const length = Math.floor(secret_bits(compared, kept, qber, security) - hashing_margin(security)) - disclosed - tags;
  const margin = Math.ceil(hashing_margin(security));
  return [n - 2 * half, -disclosed, -tags, length + margin - (n - disclosed - tags), -margin, -512];
}
