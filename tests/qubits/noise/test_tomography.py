"""Tomography by inversion: exact for exact frequencies, the least-squares fit for all others.

Maximum likelihood: always a state, at least as likely as any other, and what a slower search finds.
"""

from functools import reduce

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from qiskit.quantum_info import Pauli

from qlearn.qubits import density, fidelity, ket, probabilities, random_state
from qlearn.qubits.gates import BASES
from qlearn.qubits.noise import (
    depolarising,
    linear_inversion,
    maximum_likelihood,
    outcome_vectors,
    pauli_counts,
    pauli_settings,
)

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


def log_likelihood(counts, rho):
    """By the definition, one projector at a time."""
    vectors = outcome_vectors(rho.shape[-1].bit_length() - 1)
    p = np.einsum("sio,ij,sjo->so", vectors.conj(), rho, vectors).real
    seen = counts > 0
    return np.sum(counts[seen] * np.log(p[seen]))


def iterated(counts, rounds=3000):
    """Hradil's fixed point R rho R, which climbs slowly and surely: the oracle."""
    n = counts.shape[-1].bit_length() - 1
    vectors, rho = outcome_vectors(n), np.eye(2**n) / 2**n
    for _ in range(rounds):
        p = np.einsum("sio,ij,sjo->so", vectors.conj(), rho, vectors).real
        weight = np.divide(counts, p, out=np.zeros_like(p), where=counts > 0) / counts.sum()
        r = np.einsum("sio,so,sjo->ij", vectors, weight, vectors.conj())
        rho = r @ rho @ r
        rho /= np.trace(rho).real
    return rho


@settings(max_examples=8)
@given(seeds, st.integers(1, 2))
def test_is_where_the_fixed_point_ends(seed, n):
    truth = depolarising(0.2, n).apply(random_state(n, rng=seed))
    counts = pauli_counts(truth, 200, rng=seed)
    np.testing.assert_allclose(maximum_likelihood(counts), iterated(counts), atol=2e-4)


@given(seeds, st.integers(1, 3), st.integers(1, 300))
def test_is_a_state_and_more_likely_than_the_truth(seed, n, shots):
    truth = random_state(n, rng=seed)
    counts = pauli_counts(truth, shots, rng=seed)
    rho = maximum_likelihood(counts)
    np.testing.assert_allclose(np.trace(rho), 1, atol=1e-12)
    np.testing.assert_allclose(rho, rho.conj().T, atol=1e-12)
    assert np.linalg.eigvalsh(rho)[0] > -1e-12
    best = log_likelihood(counts, rho)
    slack = 1e-6 * counts.sum()
    assert best >= log_likelihood(counts, density(truth)) - slack
    for other in random_state(n, size=5, rng=seed + 1):
        nearby = 0.99 * rho + 0.01 * density(other)
        assert best >= log_likelihood(counts, nearby) - slack


@given(seeds)
def test_agrees_with_inversion_where_that_is_a_state_of_one_qubit(seed):
    counts = np.random.default_rng(seed).integers(20, 40, (3, 2))
    inverted = linear_inversion(counts)
    assert np.linalg.eigvalsh(inverted)[0] > 0
    np.testing.assert_allclose(maximum_likelihood(counts), inverted, atol=1e-6)


def test_counts_that_no_state_explains():
    # always the first answer to X, Y and Z: the likeliest state points between the three axes
    rho = maximum_likelihood([[9, 0], [9, 0], [9, 0]])
    np.testing.assert_allclose(2 * rho[0, 1], (1 - 1j) / np.sqrt(3), atol=1e-5)
    assert np.linalg.eigvalsh(linear_inversion([[9, 0], [9, 0], [9, 0]]))[0] < -0.3


def test_leaves_a_saddle_on_the_surface_of_the_ball():
    # the inverted state lies just inside; the first climb ends on the surface, where small changes of T gain nothing
    counts = np.array([[83, 17], [54, 46], [87, 13]])
    inverted = linear_inversion(counts)
    assert 0 < np.linalg.eigvalsh(inverted)[0] < 0.01
    np.testing.assert_allclose(maximum_likelihood(counts), inverted, atol=1e-5)


def test_comes_closer_with_more_shots():
    # the mean distance of 40 experiments falls with the root of the shots: 10 times less for 100 times more
    states = random_state(1, size=40, rng=1)
    states = depolarising(0.3).apply(states)
    missed = []
    for shots in (100, 10_000):
        found = maximum_likelihood(pauli_counts(states, shots, rng=2))
        missed.append(np.linalg.norm(found - states, axis=(-1, -2)).mean())
    assert 5 < missed[0] / missed[1] < 20  # each mean is known to about 7 %, so 10 +- 1


def test_a_batch_of_shots_of_every_size():
    counts = pauli_counts(random_state(1, size=(2, 3), rng=1), 7, rng=1)
    assert maximum_likelihood(counts).shape == (2, 3, 2, 2)
    huge = pauli_counts(random_state(2, rng=2), 10**7, rng=3)
    assert fidelity(random_state(2, rng=2), maximum_likelihood(huge)) > 0.999


def test_settings_count_by_their_shots():
    # many shots of Z say 0; one shot of X and one of Y may not outvote them
    rho = maximum_likelihood([[1, 0], [1, 0], [100_000, 0]])
    assert fidelity(ket("0"), rho) > 0.999


def test_says_when_it_did_not_arrive(monkeypatch):
    monkeypatch.setattr("qlearn.qubits.noise.tomography._TOLERANCE", -1.0)
    with pytest.raises(ArithmeticError, match="nats a copy from the most likely state"):
        maximum_likelihood([[5, 4], [3, 4], [9, 1]])


def test_refuses_what_inversion_refuses():
    with pytest.raises(ValueError, match="X has none"):
        maximum_likelihood([[0, 0], [1, 1], [1, 1]])
    with pytest.raises(ValueError, match="counts must have shape"):
        maximum_likelihood(np.ones((len(pauli_settings(2)), 2)))
