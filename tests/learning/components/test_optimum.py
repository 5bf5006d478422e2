"""The best encoder: no other passes the eigenvalues, and that of the eigenvectors meets them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.linalg import expm
from sklearn.decomposition import TruncatedSVD

from qlearn.learning.components import (
    Autoencoder,
    best_trash_fidelity,
    decoded_autoencoder,
    ising_ground_states,
    principal_autoencoder,
)
from qlearn.learning.neural_networks.ansatz import Ansatz
from qlearn.qubits import Circuit, random_state


def random_coder(n, k, seed):
    angles = np.random.default_rng(seed).uniform(-np.pi, np.pi, (3, n, 2))
    return Autoencoder(Ansatz(n, 3).circuit(angles), k)


@given(st.integers(2, 4), st.data(), st.integers(0, 50))
def test_no_encoder_beats_the_eigenvalues_and_the_principal_one_meets_them(n, data, seed):
    k, states = data.draw(st.integers(1, n - 1)), random_state(n, 6, rng=seed)
    bound = best_trash_fidelity(states, k)
    assert random_coder(n, k, seed).trash_fidelity(states).mean() <= bound + 1e-12
    assert principal_autoencoder(states, k).trash_fidelity(states).mean() == pytest.approx(bound, abs=1e-10)
    eigenvalues = np.linalg.eigvalsh(states.T @ states.conj() / 6)[::-1]
    assert bound == pytest.approx(eigenvalues[: 1 << k].sum(), abs=1e-12)


def test_two_states_always_fit_into_one_qubit():
    states = random_state(3, 2, rng=5)
    np.testing.assert_allclose(principal_autoencoder(states, 1).fidelity(states), 1, atol=1e-10)


def test_bound_is_the_share_that_classical_pca_keeps():
    states = ising_ground_states(4, np.linspace(0.2, 2, 12))
    svd = TruncatedSVD(2, algorithm="arpack", random_state=0).fit(states.real)
    assert best_trash_fidelity(states, 1) == pytest.approx((svd.singular_values_**2).sum() / 12, abs=1e-10)


@given(st.integers(2, 3), st.data(), st.integers(0, 50))
def test_decoded_fidelity_never_falls_below_the_principal_one_and_trash_never_rises_above(n, data, seed):
    k, states = data.draw(st.integers(1, n - 1)), random_state(n, 6, rng=seed)
    principal, climbed = principal_autoencoder(states, k), decoded_autoencoder(states, k, steps=30)
    assert climbed.fidelity(states).mean() >= principal.fidelity(states).mean() - 1e-12
    assert climbed.trash_fidelity(states).mean() <= best_trash_fidelity(states, k) + 1e-12
    unitary = climbed.encoder.matrix()
    np.testing.assert_allclose(unitary @ unitary.conj().T, np.eye(1 << n), atol=1e-10)


def test_the_best_trash_is_not_the_best_decoded_fidelity():
    states = random_state(2, 5, rng=1)
    assert principal_autoencoder(states, 1).fidelity(states).mean() == pytest.approx(0.5992, abs=1e-4)
    assert decoded_autoencoder(states, 1).fidelity(states).mean() > 0.728


def test_climbing_ends_where_no_small_turn_gains():
    states = random_state(2, 5, rng=3)
    top = decoded_autoencoder(states, 1, steps=1000)
    rng, reached = np.random.default_rng(0), top.fidelity(states).mean()
    for _ in range(200):
        turn = rng.normal(size=(4, 4)) + 1j * rng.normal(size=(4, 4))
        near = expm(1e-3 * (turn - turn.conj().T)) @ top.encoder.matrix()
        assert Autoencoder(Circuit(2).unitary(near, 0, 1), 1).fidelity(states).mean() < reached + 1e-7


@pytest.mark.parametrize(
    ("call", "error", "says"),
    [
        (lambda: principal_autoencoder([1, 0, 0, 0], 1), ValueError, "a state a row"),
        (lambda: best_trash_fidelity(np.eye(4), 1.5), TypeError, "n_latent must be a whole number"),
        (lambda: decoded_autoencoder(np.eye(4), 1, steps=0), ValueError, "steps must be at least 1"),
    ],
)
def test_refuses(call, error, says):
    with pytest.raises(error, match=says):
        call()
