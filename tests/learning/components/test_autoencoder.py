"""The quantum autoencoder: its fidelities by definition, its bound, and the encoder that meets it.

The best encoder: no other passes the eigenvalues, and that of the eigenvectors meets them.

Schumacher compression: equal to the sorted spectrum of the block, and a jump at the entropy.
"""

import numpy as np
import pytest
from hypothesis import given, strategies as st
from qiskit.quantum_info import DensityMatrix, partial_trace as theirs
from scipy.linalg import expm
from sklearn.decomposition import TruncatedSVD

from qlearn.learning.components import (
    Autoencoder,
    best_trash_fidelity,
    block_fidelity,
    decoded_autoencoder,
    ising_ground_states,
    principal_autoencoder,
    train_autoencoder,
)
from qlearn.learning.neural_networks.ansatz import Ansatz
from qlearn.qubits import Circuit, fidelity, partial_trace, random_state
from qlearn.qubits.entropies import binary_entropy


def random_coder(n, k, seed):
    angles = np.random.default_rng(seed).uniform(-np.pi, np.pi, (3, n, 2))
    return Autoencoder(Ansatz(n, 3).circuit(angles), k)


@given(st.integers(2, 4), st.data(), st.integers(0, 50))
def test_fidelities_are_what_the_circuit_does(n, data, seed):
    k = data.draw(st.integers(1, n - 1))
    coder, states = random_coder(n, k, seed), random_state(n, 3, rng=seed)
    latent = coder.encode(states)
    fresh = np.zeros((1 << (n - k), 1 << (n - k)))
    fresh[0, 0] = 1
    back = coder.encoder.inverse().matrix()
    decoded = np.array([back @ np.kron(fresh, rho) @ back.conj().T for rho in latent])
    np.testing.assert_allclose(coder.fidelity(states), fidelity(states, decoded), atol=1e-10)
    trash = partial_trace(coder.encoder.run(states), range(n - k))
    np.testing.assert_allclose(coder.trash_fidelity(states), trash[:, 0, 0].real, atol=1e-12)
    assert (coder.fidelity(states) >= coder.trash_fidelity(states) ** 2 - 1e-12).all()


def test_encode_equals_qiskit():
    coder, states = random_coder(3, 2, 1), random_state(3, 2, rng=2)
    for state, mine in zip(states, coder.encode(states), strict=True):
        after = DensityMatrix(
            coder.encoder.run(state)
        )  # its qubits, counted from the right: 0, 1, 2 are our 2, 1, 0
        np.testing.assert_allclose(mine, theirs(after, [2]).data, atol=1e-12)


def test_training_reaches_the_bound_on_ground_states():
    states = ising_ground_states(4, np.linspace(0.2, 2, 12))
    coder = train_autoencoder(states, 1, layers=8, rng=1)
    bound = best_trash_fidelity(states, 1)
    assert bound - 0.002 < coder.trash_fidelity(states).mean() <= bound + 1e-12
    product = train_autoencoder(states, 1, layers=8, entanglement="none", rng=1)
    assert product.trash_fidelity(states).mean() < bound - 0.1


def test_local_cost_is_between_the_chance_of_any_one_and_its_share():
    states = random_state(4, 5, rng=3)
    coder = train_autoencoder(states, 1, layers=2, epochs=10, rng=3)
    missed = 1 - coder.trash_fidelity(states).mean()
    assert missed / 3 <= coder.losses[-1] <= missed


@pytest.mark.parametrize(
    ("call", "error", "says"),
    [
        (lambda: train_autoencoder(np.eye(4), 0), ValueError, "n_latent must be at least 1"),
        (lambda: train_autoencoder(np.eye(4), 2), ValueError, "something is kept and something goes"),
        (lambda: train_autoencoder(np.eye(2), 1), ValueError, "at least 2 qubits"),
        (lambda: train_autoencoder(np.ones((2, 4)), 1), ValueError, "must be normalised"),
        (lambda: Autoencoder(Circuit(2, bits=1), 1), ValueError, "no classical bits"),
        (lambda: Autoencoder(Circuit(2), 1).fidelity(np.eye(8)), ValueError, "4 amplitudes for 2 qubits"),
    ],
)
def test_refuses(call, error, says):
    with pytest.raises(error, match=says):
        call()


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
def test_refuses_optimum(call, error, says):
    with pytest.raises(error, match=says):
        call()


def by_sorting(p, n, rate):
    spectrum = np.ones(1)
    for _ in range(n):
        spectrum = np.kron(spectrum, [p, 1 - p])
    kept = np.concatenate([[0], np.cumsum(np.sort(spectrum)[::-1])])
    return np.interp(2.0 ** (rate * n), np.arange(len(kept)), kept)


@given(st.floats(0, 1), st.integers(1, 10), st.floats(0, 1))
def test_equals_the_sorted_spectrum(p, n, rate):
    assert float(block_fidelity(p, n, rate)) == pytest.approx(by_sorting(p, n, rate), abs=1e-10)


def test_is_the_bound_of_an_autoencoder_of_the_block():
    p, amplitudes = 0.8, np.sqrt([0.8, 0.2])
    signs = np.array([[1, 1], [1, -1]]) * amplitudes  # an even mixture of these has eigenvalues 0.8, 0.2
    block = np.array([np.kron(np.kron(a, b), c) for a in signs for b in signs for c in signs])
    for k in (1, 2):
        assert best_trash_fidelity(block, k) == pytest.approx(float(block_fidelity(p, 3, k / 3)), abs=1e-12)


def test_long_blocks_jump_at_the_entropy():
    entropy = float(binary_entropy(0.9))
    below, above = block_fidelity(0.9, 20_000, [entropy - 0.03, entropy + 0.03])
    assert below < 1e-4
    assert above > 1 - 1e-4


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((1.2, 5, 0.5), "p must be a probability"),
        ((0.9, 0, 0.5), "block must be at least 1"),
        ((0.9, 5, 1.5), "rate must be finite and between 0 and 1"),
    ],
)
def test_refuses_schumacher(arguments, says):
    with pytest.raises(ValueError, match=says):
        block_fidelity(*arguments)
