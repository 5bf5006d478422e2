"""Block sizes: the published ones, and the limits."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qlearn.communication.postprocessing.reconciliation.cascade import VARIANTS, block_sizes

# Martinez-Mateo et al., arXiv:1407.3257, table 3: error rate, k1, k2, as measured at n = 2^14 with k3 = 4096.
PUBLISHED = [
    (0.005, 256, 1024),
    (0.010, 128, 512),
    (0.020, 64, 512),
    (0.030, 32, 512),
    (0.040, 32, 256),
    (0.050, 16, 256),
    (0.060, 16, 256),
    (0.070, 16, 256),
    (0.080, 8, 256),
    (0.090, 8, 256),
    (0.100, 8, 256),
    (0.110, 8, 256),
]


def formula(qber):
    """The closed form that the article gives for its table."""
    alpha = np.log2(1 / qber) - 0.5
    return int(2 ** np.ceil(alpha)), int(2 ** np.ceil((alpha + 12) / 2))


@pytest.mark.parametrize(("qber", "first", "second"), PUBLISHED)
def test_near_optimal_as_published(qber, first, second):
    assert block_sizes(2**14, qber) == (first, second, 4096) + 11 * (8192,)


def test_the_formula_doubles_one_size_at_three_rates_of_the_table():
    misfits = {qber: formula(qber) for qber, *sizes in PUBLISHED if formula(qber) != tuple(sizes)}
    assert misfits == {0.01: (128, 1024), 0.04: (32, 512), 0.08: (16, 256)}


@given(st.one_of(st.floats(0.001, 0.00499), st.floats(0.1101, 0.49)))
def test_the_formula_outside_of_the_table(qber):
    assert block_sizes(2**14, qber)[:2] == formula(qber)


def test_original_doubles():
    assert block_sizes(10_000, 0.01, "original") == (73, 146, 292, 584)
    assert block_sizes(10_000, 0.05, "original") == (15, 30, 60, 120)


@given(st.integers(1, 10**6), st.floats(0, 0.499), st.sampled_from(VARIANTS))
def test_no_block_exceeds_half_the_frame(n, qber, variant):
    sizes = block_sizes(n, qber, variant)
    assert len(sizes) == {"near-optimal": 14, "original": 4}[variant]
    assert min(sizes) >= 1
    assert max(sizes) <= (n + 1) // 2


@given(st.sampled_from(VARIANTS))
def test_without_errors_every_block_is_half_the_frame(variant):
    assert set(block_sizes(1000, 0.0, variant)) == {500}


@pytest.mark.parametrize(
    ("arguments", "error", "says"),
    [
        ((0, 0.1), ValueError, "n must be at least 1"),
        ((1.5, 0.1), TypeError, "n must be a whole number"),
        ((10, 0.5), ValueError, "nothing in common"),
        ((10, -0.1), ValueError, "qber must be a probability"),
        ((10, "0.1"), TypeError, "qber must be a number"),
        ((10, 0.1, "optimal"), ValueError, "variant must be"),
    ],
)
def test_refuses(arguments, error, says):
    with pytest.raises(error, match=says):
        block_sizes(*arguments)
