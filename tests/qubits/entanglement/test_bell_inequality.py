"""Correlations of pairs: against expectation values, Qiskit's and our own.

What two sides see: Born's rule by Qiskit, and no-signalling for random states, measurements and acts.

The CHSH value: closed forms, a search over settings that never finds more, and its two bounds.
"""

import numpy as np
import pytest
from hypothesis import given, strategies as st
from qiskit.quantum_info import (
    DensityMatrix,
    Kraus,
    Operator,
    Pauli,
    SparsePauliOp,
    partial_trace as qiskit_trace,
    random_unitary,
)
from scipy.optimize import minimize

from qlearn.qubits import (
    BELL_NAMES,
    bell_state,
    bloch,
    density,
    expectation,
    ket,
    partial_trace,
    probabilities,
    random_state,
)
from qlearn.qubits.entanglement import (
    ALICE,
    BOB,
    behaviour,
    chsh,
    chsh_at,
    chsh_settings,
    concurrence,
    correlations,
    direction,
    signalling,
    werner,
)
from qlearn.qubits.entanglement.bell_inequality import draw_answers
from qlearn.qubits.paulis import PAULIS

LETTERS = "XYZ"


def test_equal_expectation_values_qiskits_and_ours():
    pairs = partial_trace(random_state(4, size=5, rng=1), [0, 1])
    for pair, matrix in zip(pairs, correlations(pairs), strict=True):
        for i, a in enumerate(LETTERS):
            for j, b in enumerate(LETTERS):
                assert matrix[i, j] == pytest.approx(expectation(pair, a + b), abs=1e-12)
                # Qiskit's label and its states are both written from the last wire to the first.
                assert matrix[i, j] == pytest.approx(
                    DensityMatrix(pair).expectation_value(Pauli(a + b)).real, abs=1e-12
                )


@pytest.mark.parametrize(
    ("name", "signs"),
    [("phi+", (1, -1, 1)), ("phi-", (-1, 1, 1)), ("psi+", (1, 1, -1)), ("psi-", (-1, -1, -1))],
)
def test_bell_states_agree_or_differ_along_every_axis(name, signs):
    np.testing.assert_allclose(correlations(bell_state(name)), np.diag(signs), atol=1e-15)


def test_mixtures_of_products_have_singular_values_that_add_to_one_at_most():
    products = np.einsum("na,nb->nab", *random_state(1, size=(2, 60), rng=2)).reshape(20, 3, 4)
    mixtures = density(products).mean(1)
    sums = np.linalg.svd(correlations(mixtures), compute_uv=False).sum(-1)
    assert (sums <= 1 + 1e-12).all()
    assert (concurrence(mixtures) < 1e-7).all()


def test_correlation_in_two_bases_is_no_mark_of_entanglement_by_itself():
    by_lot = density(np.stack([ket(label) for label in ("00", "11", "++", "--")])).mean(0)
    np.testing.assert_allclose(correlations(by_lot), np.diag([0.5, 0, 0.5]), atol=1e-15)
    np.testing.assert_allclose(partial_trace(by_lot, 0), np.eye(2) / 2, atol=1e-15)
    assert concurrence(by_lot) < 1e-7
    angle = np.deg2rad(20)  # entangled, and its half is no fair coin
    weak = np.cos(angle) * ket("00") + np.sin(angle) * ket("11")
    assert concurrence(weak) == pytest.approx(0.643, abs=5e-4)
    assert partial_trace(weak, 0)[0, 0].real == pytest.approx(0.883, abs=5e-4)


def test_refuses_what_is_no_pair():
    with pytest.raises(ValueError, match="state must be of two qubits"):
        correlations([1, 0])
    with pytest.raises(ValueError, match="state must be normalised"):
        correlations([1, 0, 0, 1])


seeds = st.integers(0, 2**32 - 1)


def random_directions(rng, *shape):
    arrows = rng.normal(size=(*shape, 3))
    return arrows / np.linalg.norm(arrows, axis=-1, keepdims=True)


def basis_along(arrow):
    """Return the unitary whose columns are the two states of a direction."""
    theta, phi = np.arccos(arrow[2]), np.arctan2(arrow[1], arrow[0])
    return np.stack([bloch(theta, phi), bloch(np.pi - theta, phi + np.pi)], axis=-1)


@given(seeds)
def test_is_borns_rule_by_qiskit_and_by_our_measurement(seed):
    rng = np.random.default_rng(seed)
    state = random_state(2, rng=rng)
    alice, bob = random_directions(rng, 2), random_directions(rng, 3)
    table = behaviour(state, alice, bob)
    for x in range(2):
        for y in range(3):
            both = np.kron(basis_along(alice[x]), basis_along(bob[y]))
            np.testing.assert_allclose(
                table[x, y].ravel(), probabilities(state, basis=both), atol=1e-9
            )  # arccos loses half of the digits near the poles
            turned = DensityMatrix(state).evolve(Operator(both).adjoint())
            np.testing.assert_allclose(table[x, y].ravel(), turned.probabilities(), atol=1e-9)


@given(seeds)
def test_no_setting_of_one_side_shows_at_the_other(seed):
    rng = np.random.default_rng(seed)
    pairs = partial_trace(random_state(4, size=5, rng=rng), [0, 1])
    table = behaviour(pairs, random_directions(rng, 5, 4), random_directions(rng, 5, 3))
    assert (signalling(table) < 1e-12).all()


@given(seeds)
def test_nor_does_a_joint_measurement_of_all_that_alice_has(seed):
    # Wires 0 and 1 are hers, 2 and 3 his; each side measures its two wires together, in a random basis.
    state = random_state(4, rng=seed)
    his = random_unitary(4, seed=seed).data
    alone = probabilities(state, [2, 3], basis=his)
    for number in range(3):
        hers = random_unitary(4, seed=seed // 2 + number + 1).data
        together = probabilities(state, basis=np.kron(hers, his)).reshape(4, 4)
        np.testing.assert_allclose(together.sum(0), alone, atol=1e-12)


@given(seeds, st.integers(1, 4))
def test_nor_anything_else_that_she_does_to_her_part(seed, n_kraus):
    # A random channel on her qubit: measurements, losses and gates are all of this form.
    state = random_state(2, rng=seed)
    columns = random_unitary(2 * n_kraus, seed=seed).data[:, :2]
    act = Kraus(list(columns.reshape(n_kraus, 2, 2)))
    # Qiskit's qubit 1 is our wire 0.
    after = DensityMatrix(state).evolve(act, qargs=[1])
    np.testing.assert_allclose(qiskit_trace(after, [1]).data, partial_trace(state, 1), atol=1e-12)


def test_a_telephone_signals_in_either_direction():
    to_bob, to_alice = np.zeros((2, 2, 2, 2, 2))
    for x in range(2):
        for y in range(2):
            to_bob[x, y, 0, x] = 1
            to_alice[x, y, y, 0] = 1
    np.testing.assert_array_equal(signalling([to_bob, to_alice]), [1, 1])
    noisy = 0.9 * np.full((2, 2, 2, 2), 0.25) + 0.1 * to_alice
    assert signalling(noisy) == pytest.approx(0.1)


def test_directions_are_those_of_the_bloch_sphere():
    np.testing.assert_allclose(
        direction([0, np.pi / 2, np.pi]), [[0, 0, 1], [1, 0, 0], [0, 0, -1]], atol=1e-15
    )
    assert direction(0.3).shape == (3,)


@pytest.mark.parametrize(
    ("state", "alice", "bob", "says"),
    [
        ([1, 0], direction([0]), direction([0]), "state must be of two qubits"),
        (bell_state("phi+"), [0, 1], direction([0]), r"alice must be directions of shape \(\.\.\., m, 3\)"),
        (bell_state("phi+"), direction([0]), [[0, 0, 2]], "bob must be directions of length 1"),
        (bell_state("phi+"), direction([0]), [[0, 0, np.nan]], "bob must be directions of length 1"),
        (np.stack([bell_state("phi+")] * 3), direction(np.zeros((2, 1))), direction([0]), "broadcast"),
    ],
)
def test_behaviour_refuses(state, alice, bob, says):
    with pytest.raises(ValueError, match=says):
        behaviour(state, alice, bob)


@pytest.mark.parametrize(
    ("p", "says"),
    [
        (np.full((2, 2, 2), 0.25), r"p must be a table p\[x, y, a, b\]"),
        (np.full((2, 2, 2, 2), 0.3), "p must sum to 1 over the answers of each pair of settings, not to 1.2"),
        (np.full((2, 2, 2, 2), -0.25), "p must be probabilities"),
        (np.zeros((0, 2, 2, 2)), "p must be a table"),
    ],
)
def test_signalling_refuses(p, says):
    with pytest.raises(ValueError, match=says):
        signalling(p)


def test_answers_are_drawn_by_the_table_and_never_against_it():
    # 100,000 rounds a cell: 6 sigma, a false alarm in 2e-9 an answer; what has no chance never comes
    p = np.array([[[[0.5, 0.0], [0.2, 0.3]], [[0.0, 0.0], [0.0, 1.0]]]])
    cell = np.repeat([0, 1], 100_000)
    a, b = draw_answers(p, cell, np.random.default_rng(1))
    for here, chances in ((cell == 0, p[0, 0]), (cell == 1, p[0, 1])):
        seen = np.bincount(2 * a[here] + b[here], minlength=4) / 100_000
        expected = chances.ravel()
        assert (np.abs(seen - expected) <= 6 * np.sqrt(expected * (1 - expected) / 100_000)).all()


@pytest.mark.parametrize("angle", [np.inf, np.nan, "0.3", 1j])
def test_direction_refuses(angle):
    with pytest.raises((TypeError, ValueError), match=r"angle must be (radians|finite angles)"):
        direction(angle)


TSIRELSON = 2 * np.sqrt(2)


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
