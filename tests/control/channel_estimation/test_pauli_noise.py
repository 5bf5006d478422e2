"""Pauli channels by likelihood: against a general optimiser, against the library's own channels, and what is refused."""

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from scipy.optimize import minimize
from scipy.special import softmax, xlogy

from qlearn.control.channel_estimation import pauli_from_errors, pauli_from_pairs
from qlearn.qubits.noise import choi, pauli_channel

FLIPS = np.array([[0, 0, 1, 1], [0, 1, 0, 1], [0, 1, 1, 0]])


def _nats(chances, errors, shots):
    rate = np.clip(FLIPS @ chances, 0, 1)
    return (xlogy(errors, rate) + xlogy(shots - errors, 1 - rate)).sum()


@settings(max_examples=25)
@given(st.lists(st.integers(0, 20), min_size=3, max_size=3))
def test_no_channel_explains_the_errors_better(errors):
    errors, shots = np.array(errors), np.array([20, 20, 20])
    told = pauli_from_errors(errors, shots)
    assert told.chances.min() >= 0
    assert told.chances.sum() == pytest.approx(1)
    assert told.log_likelihood == pytest.approx(_nats(told.chances, errors, shots), abs=1e-9)
    for start in (np.zeros(4), np.array([2.0, 0, 0, 0])):
        rival = minimize(lambda x: -_nats(softmax(x), errors, shots), start, method="Nelder-Mead")
        assert told.log_likelihood >= -rival.fun - 1e-4


def test_the_equations_where_they_name_a_channel():
    # e_x = p_y + p_z and so on
    x, y, z = 0.01, 0.03, 0.07
    rates = np.array([y + z, x + z, x + y])
    told = pauli_from_errors(1000 * rates, [1000] * 3)
    assert np.allclose(told.chances, [1 - x - y - z, x, y, z])
    assert np.allclose(told.errors, np.sqrt((rates * (1 - rates) / 1000).sum()) / 2)


def test_pairs_see_each_error_by_itself():
    S = np.sqrt(0.5)
    bell = np.array([[S, 0, 0, S], [0, S, S, 0], [0, S, -S, 0], [S, 0, 0, -S]])  # phi+, psi+, psi-, phi-
    state = choi(pauli_channel(0.1, 0.2, 0.3)) / 2
    assert np.allclose(np.einsum("ba,ac,bc->b", bell, state, bell), [0.4, 0.1, 0.2, 0.3])


def test_pairs_are_shares_with_their_binomial_errors():
    told = pauli_from_pairs([70, 10, 0, 20])
    assert told.chances.tolist() == [0.7, 0.1, 0.0, 0.2]
    assert np.allclose(told.errors, np.sqrt(told.chances * (1 - told.chances) / 100))
    assert told.log_likelihood == pytest.approx(70 * np.log(0.7) + 10 * np.log(0.1) + 20 * np.log(0.2))


def test_the_standard_errors_are_those_of_the_estimates():
    # 4000 repetitions: a standard deviation has the relative error 1/sqrt(8000) = .0112; 6 sigma at 8 places: 2e-8
    rng = np.random.default_rng(6)
    truth = np.array([0.7, 0.1, 0.05, 0.15])
    pairs = rng.multinomial(300, truth, size=4000)
    shares = np.array([pauli_from_pairs(row).chances for row in pairs])
    assert np.allclose(shares.std(axis=0), np.sqrt(truth * (1 - truth) / 300), rtol=6 * 0.0112)
    rates = FLIPS @ truth
    errors = rng.binomial(1000, rates, size=(4000, 3))
    solved = np.array([pauli_from_errors(row, [1000] * 3).chances for row in errors])
    assert np.allclose(solved.std(axis=0), np.sqrt((rates * (1 - rates) / 1000).sum()) / 2, rtol=6 * 0.0112)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: pauli_from_pairs([1, 2, 3]), "four whole numbers"),
        (lambda: pauli_from_pairs([0, 0, 0, 0]), "not all 0"),
        (lambda: pauli_from_pairs([0.5, 0, 0, 1]), "four whole numbers"),
        (lambda: pauli_from_errors([1, 2], [5, 5]), "three numbers"),
        (lambda: pauli_from_errors([6, 0, 0], [5, 5, 5]), "up to the shots"),
        (lambda: pauli_from_errors([1, 0, 0], [5, 0, 5]), "shots must be whole numbers of trials"),
    ],
)
def test_refuses(call, says):
    with pytest.raises(ValueError, match=says):
        call()
