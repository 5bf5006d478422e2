"""Maximum likelihood: always a state, at least as likely as any other, and what a slower search finds."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qlearn.qubits import density, fidelity, ket, random_state
from qlearn.qubits.noise import (
    depolarising,
    likelihood,
    linear_inversion,
    maximum_likelihood,
    pauli_counts,
    pauli_settings,
)
from qlearn.qubits.noise.tomography import outcome_vectors

seeds = st.integers(0, 2**32 - 1)


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
    monkeypatch.setattr(likelihood, "_TOLERANCE", -1.0)
    with pytest.raises(ArithmeticError, match="nats a copy from the most likely state"):
        maximum_likelihood([[5, 4], [3, 4], [9, 1]])


def test_refuses_what_inversion_refuses():
    with pytest.raises(ValueError, match="X has none"):
        maximum_likelihood([[0, 0], [1, 1], [1, 1]])
    with pytest.raises(ValueError, match="counts must have shape"):
        maximum_likelihood(np.ones((len(pauli_settings(2)), 2)))
