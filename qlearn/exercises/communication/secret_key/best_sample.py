"""Best sample."""

import numpy as np

from qlearn.communication.secret_key import serfling_deviation
from qlearn.exercises import exercise

# TODO given name 'h' = <function h at 0x7fcb19b6d760>


@exercise(
    level="stretch",
    right=(
        "About 7% of 1,000,000 bits, 21% of 20,000: the shorter the session, the larger the share that proves and is "
        "lost."
    ),
    because="""
        Each compared bit leaves the key, and the bound on the others grows like 1/sqrt(sample). The length has one
        peak: try sizes over the whole range, densely where they are small, and take the best. The constant terms do
        not move it.
    """,
)
def best_sample(n_signals, qber):
    """How many bits shall be compared? Write `best_sample(n_signals, qber)`: the sample size that leaves
    the longest key, for a security of 1e-10 and a leak of 1.1 h(qber) a kept bit. Given: `h`, `np` and
    `serfling_deviation(n_key, n_sample, failure)`. The failure probability is (1e-10 / 4) ** 2. Within
    1 % of the best length is good enough.
    """
    sample = np.unique(np.geomspace(1, n_signals - 1, 1000).astype(int))
    kept = n_signals - sample
    worst = np.minimum(0.5, qber + serfling_deviation(kept, sample, (1e-10 / 4) ** 2))
    eve = np.array([h(w) for w in worst])
    return sample[np.argmax(kept * (1 - eve - 1.1 * h(qber)))]


@best_sample.cases
def cases(rng):
    """TODO what they vary."""
    # TODO: see _grade_best_sample of the old module
    yield ()


@best_sample.mistake(
    "half of 20000: the errors are bounded closely, and half the key is gone. You keep 3966 bits, 5529 are "
    "possible."
)
def half(n_signals, qber):
    return n_signals // 2


@best_sample.mistake(
    "of 20000 bits you compare 2000, too few: the bound on the rest is loose. You keep 4733 bits; 5529 are "
    "possible."
)
def one_in_ten(n_signals, qber):
    return n_signals // 10


@best_sample.mistake("0.1 is a share. Return how many of the 20000 bits, a whole number.")
def a_share(n_signals, qber):
    return 0.1


@best_sample.mistake(
    "of 20000 bits you compare 18000, too many: they leave the key. You keep 422 bits; 5529 are possible."
)
def nearly_all(n_signals, qber):
    return int(0.9 * n_signals)


@best_sample.mistake("of 20000 bits you compare 0: at least one must be compared, and one kept.")
def none(n_signals, qber):
    return 0
