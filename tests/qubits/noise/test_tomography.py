"""Tomography by inversion: exact for exact frequencies, the least-squares fit for all others."""

from functools import reduce

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from qiskit.quantum_info import Pauli

from qlearn.qubits import density, ket, probabilities, random_state
from qlearn.qubits.gates import BASES
from qlearn.qubits.noise import linear_inversion, pauli_counts, pauli_settings
from qlearn.qubits.noise.tomography import outcome_vectors

seeds = st.integers(0, 2**32 - 1)


def exact(state, n, shots=10**12):
    """Counts without chance: the Born rule in every setting, rounded to 1e-12."""
    return np.array([np.rint(probabilities(state, basis=word) * shots) for word in pauli_settings(n)])


def least_squares(frequencies, n):
    """Solve for the density matrix that fits the frequencies best, with a general solver."""
    rows = []
    for word in pauli_settings(n):
        basis = reduce(np.kron, [BASES[letter] for letter in word])
        rows += [np.outer(column.conj(), column).ravel() for column in basis.T]
    return np.linalg.lstsq(np.array(rows), frequencies.ravel(), rcond=None)[0].reshape(2**n, 2**n)


@given(seeds, st.integers(1, 3))
def test_exact_frequencies_give_the_state(seed, n):
    state = random_state(n, rng=seed)
    np.testing.assert_allclose(linear_inversion(exact(state, n)), density(state), atol=1e-9)


@given(seeds, st.integers(1, 2))
def test_is_the_least_squares_fit(seed, n):
    counts = np.random.default_rng(seed).integers(1, 50, (3**n, 2**n))
    frequencies = counts / counts.sum(-1, keepdims=True)
    np.testing.assert_allclose(linear_inversion(counts), least_squares(frequencies, n), atol=1e-9)


@given(seeds, st.integers(1, 3))
def test_reads_each_pauli_mean_from_the_settings_that_hold_it(seed, n):
    counts = np.random.default_rng(seed).integers(1, 50, (3**n, 2**n))
    frequencies = counts / counts.sum(-1, keepdims=True)
    rho = linear_inversion(counts)
    np.testing.assert_allclose(np.trace(rho), 1, atol=1e-12)
    np.testing.assert_allclose(rho, rho.conj().T, atol=1e-12)
    for label in ("Z" * n, "X" + "I" * (n - 1), "I" * (n - 1) + "Y"):
        fits = [all(a in ("I", b) for a, b in zip(label, word, strict=True)) for word in pauli_settings(n)]
        mask = int("".join("0" if letter == "I" else "1" for letter in label), 2)
        signs = np.array([(-1) ** (outcome & mask).bit_count() for outcome in range(2**n)])
        seen = (frequencies[fits] @ signs).mean()
        np.testing.assert_allclose(np.trace(rho @ Pauli(label).to_matrix()), seen, atol=1e-10)


def test_of_one_qubit_it_gives_the_frequencies_and_of_two_no_matrix_does():
    for n, shots in ((1, 100), (2, 100)):
        counts = pauli_counts(random_state(n, rng=3), shots, rng=5)
        vectors = outcome_vectors(n)
        given = np.einsum("sio,ij,sjo->so", vectors.conj(), linear_inversion(counts), vectors).real
        off = np.abs(given - counts / shots).max()
        # of all Hermitian matrices the inversion is the nearest (test above), so none meets the frequencies
        assert off < 1e-12 if n == 1 else off > 0.01


def test_is_unbiased_and_often_no_state():
    # 4,000 experiments of 3 x 100 shots on |0>: an entry varies by at most 0.1, 6 sigma of the mean is 0.0095
    counts = pauli_counts(np.tile(ket("0"), (4000, 1)), 100, rng=3)
    found = linear_inversion(counts)
    np.testing.assert_allclose(found.mean(0), density(ket("0")), atol=0.0095)
    # <Z> is always 1, so any answer to X or Y that is not half and half leaves the ball
    negative = (np.linalg.eigvalsh(found)[:, 0] < -1e-9).mean()
    assert negative > 0.98


def test_counts_follow_the_born_rule():
    # 9 settings x 4 outcomes of n = 10^5: sd at most 0.0016; 6 sigma, false alarm 36 x 2e-9
    state = random_state(2, rng=8)
    counts = pauli_counts(state, 10**5, rng=4)
    assert (counts.sum(-1) == 10**5).all()
    expected = [probabilities(state, basis=word) for word in pauli_settings(2)]
    np.testing.assert_allclose(counts / 10**5, expected, atol=6 * 0.0016)
    assert pauli_counts(density(random_state(1, size=(2, 3), rng=1)), 5, rng=1).shape == (2, 3, 3, 2)


def test_settings_may_have_different_numbers_of_shots():
    counts = np.array([[30, 10], [5, 5], [1, 3]])
    rho = linear_inversion(counts)
    np.testing.assert_allclose(rho, [[0.25, 0.25], [0.25, 0.75]], atol=1e-12)


def test_a_batch_is_done_at_once():
    counts = np.random.default_rng(1).integers(1, 9, (2, 3, 9, 4))
    whole = linear_inversion(counts)
    assert whole.shape == (2, 3, 4, 4)
    np.testing.assert_allclose(whole[1, 2], linear_inversion(counts[1, 2]), atol=1e-12)


@pytest.mark.parametrize(
    ("call", "error", "says"),
    [
        (lambda: pauli_settings(0), ValueError, "n_qubits must be at least 1"),
        (lambda: pauli_counts([1, 1], 5), ValueError, "normalised"),
        (lambda: pauli_counts([1, 0], 0), ValueError, "shots must be at least 1"),
        (lambda: linear_inversion([[1, 1], [1, 1]]), ValueError, r"counts must have shape .*\(2, 2\)"),
        (lambda: linear_inversion([5, 5]), ValueError, "counts must have shape"),
        (lambda: linear_inversion(np.ones((9, 2))), ValueError, "counts must have shape"),
        (lambda: linear_inversion(np.ones((3, 2), complex)), ValueError, "of complex128"),
        (lambda: linear_inversion([[1, 1], [1, -1], [1, 1]]), ValueError, "whole numbers, 0 or more"),
        (lambda: linear_inversion([[1, 0.5], [1, 1], [1, 1]]), ValueError, "whole numbers"),
        (lambda: linear_inversion([[1, np.nan], [1, 1], [1, 1]]), ValueError, "whole numbers"),
        (lambda: linear_inversion([[1, 1], [0, 0], [1, 1]]), ValueError, "Y has none"),
    ],
)
def test_refuses(call, error, says):
    with pytest.raises(error, match=says):
        call()
