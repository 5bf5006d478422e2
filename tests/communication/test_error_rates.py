"""Error rates of both bases: counted where they belong, unknown where nothing is, and bounded as the binomial law says."""

import numpy as np
import pytest
from scipy.stats import binom

from qlearn.communication._error_rates import (
    count_by_basis,
    count_ones,
    error_rate,
    highest_rate,
    rates_by_basis,
)

ERRORS = np.array([1, 0, 1, 1, 0, 1], dtype=np.uint8)
BASES = np.array([0, 0, 1, 0, 1, 1], dtype=np.uint8)


def test_each_error_is_counted_in_its_basis():
    assert count_ones(ERRORS) == 4
    assert count_by_basis(ERRORS, BASES) == {"Z": 2, "X": 2}
    assert rates_by_basis({"Z": 2, "X": 2}, {"Z": 4, "X": 8}) == {"Z": 0.5, "X": 0.25}


def test_no_bits_have_no_rate():
    assert np.isnan(rates_by_basis({"Z": 0, "X": 1}, {"Z": 0, "X": 2})["Z"])
    assert error_rate(1, 4) == 0.25
    with pytest.raises(ValueError, match="the sifted key is empty"):
        error_rate(0, 0)


@pytest.mark.parametrize(("errors", "size"), [(0, 20), (3, 50), (49, 50)])
def test_at_the_highest_rate_so_few_errors_are_as_rare_as_was_asked(errors, size):
    assert binom.cdf(errors, size, highest_rate(errors, size, 1e-3)) == pytest.approx(1e-3)


def test_a_sample_of_errors_alone_excludes_no_rate():
    assert highest_rate(5, 5, 1e-3) == 1
