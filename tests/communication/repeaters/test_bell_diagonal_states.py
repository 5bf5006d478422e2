"""Bell-diagonal pairs: the order of their weights, and what a twirl leaves."""

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from qlearn.communication.repeaters import (
    BELL_ORDER,
    bell_diagonal,
    bell_vector,
    error_rates,
    werner_vector,
)
from qlearn.qubits import bell_state, partial_trace, random_state
from qlearn.qubits.entanglement import werner
from qlearn.qubits.paulis import IXYZ

seeds = st.integers(0, 2**32 - 1)


def test_the_order_is_that_of_deutsch_and_not_of_bell_names():
    assert BELL_ORDER == ("phi+", "psi-", "psi+", "phi-")
    for place, name in enumerate(BELL_ORDER):
        np.testing.assert_allclose(bell_vector(bell_state(name)), np.eye(4)[place], atol=1e-15)


@settings(max_examples=25)
@given(seeds)
def test_vector_and_matrix_are_inverse_to_each_other(seed):
    p = np.random.default_rng(seed).dirichlet(np.ones(4), size=(2, 3))
    rho = bell_diagonal(p)
    assert rho.shape == (2, 3, 4, 4)
    np.testing.assert_allclose(np.trace(rho, axis1=-2, axis2=-1), 1, atol=1e-14)
    np.testing.assert_allclose(bell_vector(rho), p, atol=1e-14)


@settings(max_examples=25)
@given(seeds)
def test_the_weights_are_those_after_equal_pauli_gates_on_both_sides(seed):
    rho = partial_trace(random_state(4, rng=seed), [0, 1])
    turns = [np.kron(pauli, pauli.conj()) for pauli in IXYZ]
    twirled = np.mean([turn @ rho @ turn.conj().T for turn in turns], axis=0)
    np.testing.assert_allclose(bell_diagonal(bell_vector(rho)), twirled, atol=1e-14)


def test_a_werner_vector_is_the_diagonal_of_the_werner_state():
    f = np.linspace(0, 1, 9)
    np.testing.assert_allclose(bell_vector(werner(f)), werner_vector(f), atol=1e-15)
    assert werner_vector(0.7).shape == (4,)


@settings(max_examples=25)
@given(seeds)
def test_error_rates_are_how_often_measured_halves_disagree(seed):
    p = np.random.default_rng(seed).dirichlet(np.ones(4))
    in_z, in_x = error_rates(p)
    rho = bell_diagonal(p)
    hadamards = np.kron([[1, 1], [1, -1]], [[1, 1], [1, -1]]) / 2
    assert in_z == pytest.approx(rho[1, 1].real + rho[2, 2].real, abs=1e-14)
    turned = hadamards @ rho @ hadamards
    assert in_x == pytest.approx(turned[1, 1].real + turned[2, 2].real, abs=1e-14)


@pytest.mark.parametrize("p", [[0.1, 0.2, 0.3, 0.4], [0.8, 0.02, 0.05, 0.13]])
def test_single_precision_is_taken_and_brought_to_double(p):
    coarse = np.float32(p)
    rho = bell_diagonal(coarse)
    np.testing.assert_allclose(bell_vector(rho), p, atol=1e-7)
    assert np.trace(rho).real == pytest.approx(1, abs=1e-15)
    with pytest.raises(ValueError, match=r"must sum to 1, not 1\.00000005"):
        bell_diagonal(np.array(p) * (1 + 5e-8))


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: bell_diagonal([0.5, 0.5]), "four probabilities on its last axis"),
        (lambda: bell_diagonal(0.9), "werner_vector"),
        (lambda: bell_diagonal([0.5, 0.5, 0.5, 0]), "must sum to 1, not 1.5"),
        (lambda: bell_diagonal([1.2, -0.2, 0, 0]), "between 0 and 1"),
        (lambda: bell_diagonal([np.nan, 0, 0, 1]), "between 0 and 1"),
        (lambda: werner_vector(1.1), "f must be fidelities between 0 and 1"),
        (lambda: bell_vector([1, 0]), "two qubits"),
        (lambda: error_rates([1, 1, 0, 0]), "must sum to 1"),
    ],
)
def test_refuses(call, says):
    with pytest.raises(ValueError, match=says):
        call()
