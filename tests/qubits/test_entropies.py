"""Entropies: of probabilities as SciPy has it, of states in closed form."""

import numpy as np
import pytest
from hypothesis import given, strategies as st
from scipy import stats

from qlearn.qubits import random_state
from qlearn.qubits.entropies import entropy, shannon


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
