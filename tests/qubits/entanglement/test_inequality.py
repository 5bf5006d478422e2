"""The CHSH value: closed forms, a search over settings that never finds more, and its two bounds."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from qiskit.quantum_info import DensityMatrix, SparsePauliOp
from scipy.optimize import minimize

from qlearn.qubits import BELL_NAMES, bell_state, partial_trace, random_state
from qlearn.qubits.entanglement import ALICE, BOB, chsh, chsh_at, chsh_settings, direction, werner
from qlearn.qubits.gates import PAULIS

TSIRELSON = 2 * np.sqrt(2)
seeds = st.integers(0, 2**32 - 1)


def random_pairs(seed, size=6):
    return partial_trace(random_state(4, size=size, rng=seed), [0, 1])


def arrows(angles):
    """Return four directions, (2, 2, 3), from eight angles."""
    theta, phi = angles.reshape(2, 2, 2)
    return np.stack([np.sin(theta) * np.cos(phi), np.sin(theta) * np.sin(phi), np.cos(theta)], axis=-1)


@pytest.mark.parametrize("name", BELL_NAMES)
def test_bell_states_reach_tsirelsons_bound(name):
    assert chsh(bell_state(name)) == pytest.approx(TSIRELSON, abs=1e-12)


def test_a_werner_pair_reaches_its_visibility_of_it():
    visibility = np.linspace(-1 / 3, 1, 9)
    np.testing.assert_allclose(
        chsh(werner((1 + 3 * visibility) / 4)), TSIRELSON * np.abs(visibility), atol=1e-12
    )


def test_a_werner_pair_exceeds_two_exactly_from_one_over_root_two_on():
    border = (1 + 3 / np.sqrt(2)) / 4
    assert chsh(werner(border)) == pytest.approx(2, abs=1e-12)
    assert chsh(werner(border + 1e-6)) > 2
    assert chsh(werner(border - 1e-6)) < 2
    assert chsh(werner(0.5 + 1e-6)) < 2  # entangled, and no more than agreed answers reach in this game


def test_below_pure_noise_the_visibility_is_negative_and_its_size_counts():
    assert chsh(werner(0)) == pytest.approx(TSIRELSON / 3, abs=1e-12)  # V = -1/3


def test_a_partly_entangled_pure_pair_always_exceeds_two():
    angle = np.linspace(0, np.pi / 4, 9)
    pairs = np.stack([np.cos(angle), 0 * angle, 0 * angle, np.sin(angle)], axis=-1)
    np.testing.assert_allclose(chsh(pairs), 2 * np.sqrt(1 + np.sin(2 * angle) ** 2), atol=1e-12)


def test_products_stay_at_two_and_their_mixtures_below():
    a, b = random_state(1, size=(2, 50), rng=1)
    products = np.einsum("na,nb->nab", a, b).reshape(50, 4)
    np.testing.assert_allclose(chsh(products), 2, atol=1e-12)
    mixtures = [(products[i : i + 5].T @ products[i : i + 5].conj()) / 5 for i in range(0, 50, 5)]
    assert (chsh(mixtures) <= 2).all()


@given(seeds)
def test_the_settings_that_it_names_reach_it_and_random_ones_never_exceed_it(seed):
    pairs = random_pairs(seed)
    best = chsh(pairs)
    np.testing.assert_allclose(chsh_at(pairs, *chsh_settings(pairs)), best, atol=1e-12)
    rng = np.random.default_rng(seed)
    for _ in range(20):
        assert (np.abs(chsh_at(pairs, *arrows(rng.uniform(0, 7, 8)))) <= best + 1e-12).all()
    assert (best <= TSIRELSON + 1e-12).all()


@pytest.mark.parametrize("seed", range(3))
def test_a_search_over_all_settings_finds_the_same(seed):
    (pair,) = random_pairs(seed, 1)
    rng = np.random.default_rng(seed)
    found = [minimize(lambda t: -chsh_at(pair, *arrows(t)), rng.uniform(0, 7, 8)).fun for _ in range(6)]
    assert -min(found) == pytest.approx(float(chsh(pair)), abs=1e-7)


@given(seeds)
def test_qiskit_measures_the_same_value_at_given_settings(seed):
    (pair,) = random_pairs(seed, 1)
    r = np.sqrt(0.5)  # Z (Z+X)r + Z (Z-X)r + X (Z+X)r - X (Z-X)r; the labels read from our wire 0
    operator = SparsePauliOp(["ZZ", "XX"], [2 * r, 2 * r])
    assert chsh_at(pair) == pytest.approx(DensityMatrix(pair).expectation_value(operator).real, abs=1e-12)


@given(seeds)
def test_two_neighbours_cannot_both_exceed_two(seed):
    # S_AB^2 + S_AC^2 <= 8 (Toner and Verstraete 2006), for qubits with the best settings of either pair, too
    # (Cheng and Hall 2017); random states by themselves are far from the border, so these start near it.
    rng = np.random.default_rng(seed)
    share, away = rng.uniform(0, np.pi / 2), rng.choice([0, 0.01, 0.3])
    state = np.zeros(8, dtype=complex)
    state[[0b000, 0b110, 0b101]] = np.sqrt(0.5) * np.array([1, np.cos(share), np.sin(share)])
    state += away * random_state(3, rng=rng)
    state /= np.linalg.norm(state)
    squares = [chsh(partial_trace(state, [0, other])) ** 2 for other in (1, 2)]
    assert sum(squares) <= 8 + 1e-9
    if not away:
        np.testing.assert_allclose(squares, [8 * np.cos(share) ** 2, 8 * np.sin(share) ** 2], atol=1e-9)


def test_settings_broadcast_with_pairs_and_the_defaults_are_safe():
    turns = np.linspace(0, 1, 5)
    bob = direction(turns[:, None] + [np.pi / 4, -np.pi / 4])
    np.testing.assert_allclose(chsh_at(bell_state("phi+"), ALICE, bob), TSIRELSON * np.cos(turns), atol=1e-12)
    assert chsh_at(np.stack([bell_state("phi+")] * 5), ALICE, bob).shape == (5,)
    with pytest.raises(ValueError, match="read-only"):
        BOB[0] = 0


def test_refuses():
    for function in (chsh, chsh_at):
        with pytest.raises(ValueError, match="rho must be of two qubits"):
            function(random_state(3, rng=1))
    with pytest.raises(ValueError, match="normalised"):
        chsh(2 * partial_trace(random_state(3, rng=1), [0, 1]))
    with pytest.raises(ValueError, match="state must be of two qubits"):
        chsh_settings([1, 0])
    with pytest.raises(ValueError, match="alice must be 2 directions, not 3"):
        chsh_at(bell_state("phi+"), direction([0, 1, 2]))
    with pytest.raises(ValueError, match="must have batches that broadcast"):
        chsh_at(np.stack([bell_state("phi+")] * 3), direction(np.zeros((4, 2))))


@given(seeds)
def test_the_square_of_the_sum_is_four_less_two_commutators(seed):
    sigma = np.array([PAULIS[letter] for letter in "XYZ"])
    arrows = np.random.default_rng(seed).normal(size=(4, 3))
    arrows /= np.linalg.norm(arrows, axis=1, keepdims=True)
    a0, a1, b0, b1 = np.tensordot(arrows, sigma, 1)
    total = np.kron(a0, b0) + np.kron(a0, b1) + np.kron(a1, b0) - np.kron(a1, b1)
    hers, his = a0 @ a1 - a1 @ a0, b0 @ b1 - b1 @ b0
    np.testing.assert_allclose(total @ total, 4 * np.eye(4) - np.kron(hers, his), atol=1e-12)
    sizes = np.linalg.norm(hers, 2), np.linalg.norm(his, 2)
    assert max(sizes) <= 2 + 1e-12
    assert np.linalg.eigvalsh(total)[-1] == pytest.approx(np.sqrt(4 + sizes[0] * sizes[1]))


@given(seeds)
def test_a_bell_pair_reaches_the_bound_in_every_plane(seed):
    hers, across = np.linalg.qr(np.random.default_rng(seed).normal(size=(3, 2)))[0].T
    his = np.stack([hers + across, hers - across]) / np.sqrt(2) * [1, -1, 1]  # T of phi+ is diag(1, -1, 1)
    assert chsh_at(bell_state("phi+"), [hers, across], his) == pytest.approx(TSIRELSON, abs=1e-12)


@given(seeds, st.floats(0, 1))
def test_a_detector_that_is_sometimes_silent_stays_under_the_bound_too(seed, efficiency):
    # silence counts as +1: the square of eta Z + (1 - eta) is not 1, and M^2 is not 4 - [ , ][ , ]
    sigma = np.array([PAULIS[letter] for letter in "XYZ"])
    arrows = np.random.default_rng(seed).normal(size=(4, 3))
    arrows /= np.linalg.norm(arrows, axis=1, keepdims=True)
    a0, a1, b0, b1 = efficiency * np.tensordot(arrows, sigma, 1) + (1 - efficiency) * np.eye(2)
    total = np.kron(a0, b0) + np.kron(a0, b1) + np.kron(a1, b0) - np.kron(a1, b1)
    assert np.abs(np.linalg.eigvalsh(total)).max() <= TSIRELSON + 1e-12
