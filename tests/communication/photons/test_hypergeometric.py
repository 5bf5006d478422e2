"""The hypergeometric tail: exact against whole numbers, and never below the truth where terms are bounded."""

from fractions import Fraction
from math import comb, exp, log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qlearn.communication.photons._hypergeometric import log_tail


def exact(seen, tested, untested, wrong):
    """P(at most `seen` of `wrong` items are among the `tested`), in whole numbers."""
    most = min(seen, tested, wrong)
    ways = sum(comb(tested, j) * comb(untested, wrong - j) for j in range(most + 1) if wrong - j <= untested)
    return Fraction(ways, comb(tested + untested, wrong))


@given(st.integers(1, 60), st.integers(1, 60), st.data())
def test_is_the_exact_tail(tested, untested, data):
    wrong = data.draw(st.integers(0, tested + untested))
    seen = data.draw(st.integers(0, tested))
    truth = exact(seen, tested, untested, wrong)
    if truth:
        assert log_tail(seen, tested, untested, wrong) == pytest.approx(log(truth), rel=1e-9, abs=1e-9)
    else:
        assert log_tail(seen, tested, untested, wrong) == -np.inf


def test_a_bound_of_few_terms_is_never_below_the_truth():
    for seen, wrong in ((40, 200), (90, 220), (140, 300)):
        whole = log_tail(seen, 1_000, 2_000, wrong)
        assert whole == pytest.approx(log(exact(seen, 1_000, 2_000, wrong)), rel=1e-9)
        for terms in (1, 3, 10):
            assert log_tail(seen, 1_000, 2_000, wrong, terms) >= whole - 1e-12


def test_huge_counts_have_their_digits():
    # a sample of half, ten errors in all, none seen: nearly 2**-10 whatever the size
    assert exp(log_tail(0, 1e18, 1e18, 10)) == pytest.approx(2**-10, rel=1e-9)
