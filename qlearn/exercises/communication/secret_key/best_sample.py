"""How many bits to compare."""

import numpy as np

from qlearn.communication import binary_entropy as h
from qlearn.communication.secret_key import hashing_margin, serfling_deviation
from qlearn.exercises import Verdict, exercise
from qlearn.exercises.comparisons import NOTHING, a, as_numbers


@exercise(
    level="stretch",
    right=(
        "About 7% of 1,000,000 bits at 3 % of errors, 21% of 20,000 at 2 %: the shorter the session, and the noisier, the "
        "larger the share that proves and is lost."
    ),
    because="""
        Each compared bit leaves the key, and the bound on the others grows like 1/sqrt(sample). The length has one
        peak: try sizes over the whole range, densely where they are small, and take the best. The constant terms do
        not move it. The leak does, and the more the less is left: a kept bit that is worth little is given up more easily.
    """,
)
def best_sample(n_signals, qber):
    """How many bits shall be compared? Return the sample size that leaves the longest key of `n_signals`
    sifted bits, for a security of 1e-10 and a leak of 1.1 h(qber) a kept bit. Given: `h`, `np` and
    `serfling_deviation(n_key, n_sample, failure)`. The failure probability is (1e-10 / 4) ** 2. Within
    1 % of the best length is good enough.
    """
    most = n_signals - 1  # one at least is kept
    sample = np.unique(np.geomspace(1, most, 1000).astype(int))
    kept = n_signals - sample
    worst = np.minimum(0.5, qber + serfling_deviation(kept, sample, (1e-10 / 4) ** 2))
    return sample[np.argmax(kept * (1 - h(worst) - 1.1 * h(qber)))]


def _lengths(n_signals, sample, qber, leak=1.1):
    """Return the bits that samples leave."""
    kept = n_signals - sample
    worst = np.minimum(0.5, qber + serfling_deviation(kept, sample, (1e-10 / 4) ** 2))
    return kept * (1 - h(worst) - leak * h(qber)) - hashing_margin(1e-10) - 51


@best_sample.grader
def leaves_a_long_key(answer, rng):
    """Short and long sessions, quiet ones, and ones that are so noisy that the leak counts."""
    sessions = [
        (20_000, rng.uniform(0.015, 0.025)),
        (int(rng.integers(18_000, 25_000)), rng.uniform(0.038, 0.042)),
        (int(rng.integers(80_000, 120_000)), rng.uniform(0.055, 0.06)),
        (int(rng.integers(800_000, 1_200_000)), rng.uniform(0.025, 0.035)),
        (int(rng.integers(2_000_000, 4_000_000)), rng.uniform(0.005, 0.01)),
    ]
    for n, qber in sessions:
        got = answer(n, float(qber))
        if got is None:
            return Verdict.wrong(f"{NOTHING}.")
        number = as_numbers(got)
        if isinstance(number, str):
            return Verdict.wrong(f"{number}.")
        if number.size != 1 or number.dtype.kind not in "iuf":
            return Verdict.wrong(f"return a whole number of bits, and not {a(got)}.")
        compared = number.item()
        if 0 < compared < 1:
            return Verdict.wrong(
                f"{compared:.3g} is a share. Return how many of the {n} bits, a whole number."
            )
        if compared % 1 != 0:
            return Verdict.wrong(f"return a whole number of bits, and not {a(got)}.")
        if not 1 <= compared <= n - 1:
            return Verdict.wrong(
                f"of {n} bits you compare {compared:.0f}: at least one must be compared, and one kept."
            )
        sizes = np.unique(np.geomspace(1, n - 1, 2000).astype(int))
        lengths = _lengths(n, sizes, qber)
        best, length = lengths.max(), float(_lengths(n, int(compared), qber))
        if length >= 0.99 * best:
            continue
        where = f"of {n} bits with {qber:.1%} of errors you compare {int(compared)}"
        if abs(compared / sizes[_lengths(n, sizes, qber, 0).argmax()] - 1) < 0.02:
            return Verdict.wrong(
                f"{where}, which were best if nothing had to be said to correct errors. Each kept bit pays the leak."
            )
        if compared == n // 2:
            return Verdict.wrong(
                f"{where}, half of them: the errors are bounded closely, and half the key is gone."
            )
        side = (
            "few: the bound on the rest is loose"
            if compared < sizes[lengths.argmax()]
            else "many: they leave the key"
        )
        return Verdict.wrong(f"{where}, too {side}. More than 1 % of the longest key is lost.")
    return None


@best_sample.mistake()
def half(n_signals, qber):
    return n_signals // 2


@best_sample.mistake()
def one_in_ten(n_signals, qber):
    return n_signals // 10


@best_sample.mistake()
def a_share(n_signals, qber):
    return 0.1


@best_sample.mistake()
def nearly_all(n_signals, qber):
    return int(0.9 * n_signals)


@best_sample.mistake()
def none(n_signals, qber):
    return 0


@best_sample.mistake()
def without_the_leak(n_signals, qber):
    sample = np.unique(np.geomspace(1, n_signals - 1, 2000).astype(int))
    return sample[np.argmax(_lengths(n_signals, sample, qber, 0))]
