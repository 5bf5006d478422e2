"""Density matrices: Qiskit is the oracle for partial traces, of pure states and mixed ones."""

import numpy as np
import pytest
from hypothesis import given, strategies as st
from qiskit.quantum_info import (
    DensityMatrix,
    partial_trace as qiskit_partial_trace,
)

from qlearn.qubits import (
    density,
    expectation,
    fidelity,
    ket,
    partial_trace,
    probabilities,
    random_state,
)

seeds = st.integers(0, 2**32 - 1)


def mixed(n, seed, rank=2):
    return density(random_state(n, size=rank, rng=seed)).mean(0)


@given(seeds, st.permutations(range(3)), st.integers(1, 3))
def test_partial_trace_is_qiskits(seed, order, k):
    keep = sorted(order[:k])
    for state in (random_state(3, rng=seed), mixed(3, seed)):
        whole = DensityMatrix(state)
        expected = qiskit_partial_trace(whole, [2 - wire for wire in order[k:]]) if k < 3 else whole
        np.testing.assert_allclose(partial_trace(state, keep), expected.data, atol=1e-12)


@given(seeds)
def test_the_order_of_the_kept_wires_is_the_callers(seed):
    a, b = random_state(1, size=2, rng=seed)
    np.testing.assert_allclose(partial_trace(np.kron(a, b), [1, 0]), density(np.kron(b, a)), atol=1e-12)


def test_a_square_batch_of_vectors_is_not_a_matrix():
    assert density(np.eye(2)).shape == (2, 2, 2)  # two vectors
    assert density(np.eye(2) / 2).shape == (2, 2)  # one matrix
    assert fidelity(np.eye(4), ket("00")).tolist() == [1, 0, 0, 0]
    assert fidelity(np.eye(4) / 4, ket("00")) == pytest.approx(1 / 4)


@pytest.mark.parametrize("kind", [np.complex64, np.complex128])
def test_states_of_either_precision_are_states(kind):
    # of 200 random states of single precision 137 are off by more than 1e-8, and none by 2e-6
    states = random_state(3, size=200, rng=1)
    mixtures = density(states.reshape(50, 4, 8)).mean(1)
    rounded, mixed_rounded = states.astype(kind), mixtures.astype(kind)
    np.testing.assert_allclose(probabilities(rounded).sum(-1), 1, atol=1e-14)
    np.testing.assert_allclose(fidelity(rounded, states), 1, atol=1e-6)
    np.testing.assert_allclose(density(mixed_rounded), mixtures, atol=1e-6)
    for rho in (density(rounded), density(mixed_rounded), partial_trace(mixed_rounded, [0, 2])):
        assert rho.dtype == np.complex128
        np.testing.assert_array_equal(density(rho), rho)  # what left is accepted by what is strict
        np.testing.assert_allclose(np.trace(rho, axis1=-2, axis2=-1), 1, atol=1e-14)
    assert density(np.array([0.6, 0.8], dtype=np.float32)).trace() == pytest.approx(1, abs=1e-15)
    assert density(np.eye(2, dtype=kind)).shape == (2, 2, 2)  # still two vectors


def test_single_precision_is_no_excuse():
    with pytest.raises(ValueError, match="normalised"):
        density(np.array([0.6, 0.80001], dtype=np.float32))
    with pytest.raises(ValueError, match="trace is 1"):
        density(np.diag([0.5, 0.50001]).astype(np.complex64))
    with pytest.raises(ValueError, match="lowest eigenvalue"):
        density(np.diag([1.00001, -0.00001]).astype(np.complex64))


def test_an_empty_batch_of_matrices_is_one_of_matrices():
    none = np.zeros((0, 2, 2))
    assert density(none).shape == (0, 2, 2)
    assert expectation(none, "Z").shape == (0,)
    assert fidelity(none, ket("0")).shape == (0,)
    assert partial_trace(np.zeros((3, 0, 4, 4)), 0).shape == (3, 0, 2, 2)
    assert density(np.zeros((0, 2))).shape == (0, 2, 2)  # these are vectors
    with pytest.raises(ValueError, match="on its last axis"):
        density(np.zeros((0, 3, 3)))


def test_the_parts_that_go_with_the_other_wires_states_make_up_the_trace():
    psi = random_state(2, rng=4)
    parts = psi.reshape(2, 2).T  # row d: what stands beside |d> of wire 1
    np.testing.assert_allclose(partial_trace(psi, 0), sum(np.outer(p, p.conj()) for p in parts), atol=1e-12)
    np.testing.assert_allclose(  # other lots, the same density matrix
        density(np.stack([ket("0"), ket("1")])).mean(0), density(np.stack([ket("+"), ket("-")])).mean(0)
    )


def test_batches_broadcast():
    states = random_state(2, size=(3, 1), rng=0)
    assert fidelity(states, random_state(2, size=5, rng=1)).shape == (3, 5)
    assert partial_trace(density(states), 0).shape == (3, 1, 2, 2)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: density([1, 1]), "normalised"),
        (lambda: density([[1, 1], [1, 1]]), "trace is 2"),
        (lambda: density([[0.5, 1], [0, 0.5]]), "Hermitian"),
        (
            lambda: density([[1, 0], [2, 0]]),
            r"read as state vectors, one a row, their lengths are 1, 2, not all 1",
        ),
        (lambda: density([[1.5, 0], [0, -0.5]]), "lowest eigenvalue"),
        (lambda: density([[np.nan, 0], [0, 1]]), "finite"),
        (lambda: density(np.eye(3) / 3), "on its last axis"),
        (lambda: partial_trace(ket("00"), 2), "keep must lie in 0 to 1"),
        (lambda: partial_trace(ket("00"), [0, 0]), "different wires"),
        (lambda: partial_trace(ket("00"), []), "at least one wire"),
    ],
)
def test_refuses(call, says):
    with pytest.raises(ValueError, match=says):
        call()
