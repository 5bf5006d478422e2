"""Entropies: of a bit and of probabilities as SciPy has them, of states in closed form."""

import numpy as np
import pytest
from hypothesis import given, strategies as st
from scipy import stats

from qlearn.qubits import random_state
from qlearn.qubits.entropies import binary_entropy, entropy, shannon


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


@pytest.mark.parametrize("p", [-0.1, 1.1, float("nan"), [0.2, 3]])
def test_refuses_what_is_no_probability(p):
    with pytest.raises(ValueError, match="p must be probabilities"):
        binary_entropy(p)


@pytest.mark.parametrize("p", [None, "half", 1j])
def test_refuses_what_is_no_number(p):
    with pytest.raises(TypeError, match="p must be probabilities, numbers between 0 and 1"):
        binary_entropy(p)


def test_entropy_of_noise_and_of_pure_states():
    assert entropy(np.eye(8) / 8) == pytest.approx(3)
    np.testing.assert_array_equal(entropy(random_state(2, size=3, rng=1)), np.zeros(3))
    weights = np.array([0.5, 0.25, 0.125, 0.125])
    assert entropy(np.diag(weights)) == pytest.approx(1.75)


@given(st.integers(0, 2**32 - 1))
def test_shannons_entropy_is_scipys(seed):
    p = np.random.default_rng(seed).dirichlet(np.ones(5), size=3)
    np.testing.assert_allclose(shannon(p), stats.entropy(p, base=2, axis=-1), atol=1e-12)


def test_what_rounding_made_negative_has_no_entropy():
    assert shannon(np.array([1.0, -1e-17])) == 0
    assert shannon(np.array([0.5, 0.5])) == pytest.approx(1)
