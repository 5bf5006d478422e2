"""Entropy of a bit: closed values, symmetry, an oracle, refusals."""

import numpy as np
import pytest
from scipy import stats

from qlearn.communication.entropy import as_error_rates, binary_entropy


def test_extremes_are_exact():
    assert binary_entropy([0, 1, 0.5]).tolist() == [0, 0, 1]


def test_equals_scipys_entropy():
    p = np.linspace(0, 1, 101)
    oracle = [stats.entropy([x, 1 - x], base=2) for x in p]
    np.testing.assert_allclose(binary_entropy(p), oracle, atol=1e-14)


def test_symmetric_and_concave():
    p = np.linspace(0, 1, 101)
    np.testing.assert_allclose(binary_entropy(p), binary_entropy(1 - p), atol=1e-14)
    assert (np.diff(binary_entropy(p), 2) < 0).all()


def test_keeps_the_shape():
    assert binary_entropy(np.full((2, 3), 0.1)).shape == (2, 3)
    assert binary_entropy(0.1).shape == ()


def test_error_rates_beyond_one_half_are_no_better():
    assert as_error_rates([0, 0.4, 0.5, 0.9, 1], "qber").tolist() == [0, 0.4, 0.5, 0.5, 0.5]
    with pytest.raises(ValueError, match="qber must be error rates between 0 and 1, not 2"):
        as_error_rates([0.1, 2], "qber")


@pytest.mark.parametrize("p", [-0.1, 1.1, float("nan"), [0.2, 3]])
def test_refuses_what_is_no_probability(p):
    with pytest.raises(ValueError, match="p must be probabilities"):
        binary_entropy(p)


@pytest.mark.parametrize("p", [None, "half", 1j])
def test_refuses_what_is_no_number(p):
    with pytest.raises(TypeError, match="p must be probabilities, numbers between 0 and 1"):
        binary_entropy(p)
