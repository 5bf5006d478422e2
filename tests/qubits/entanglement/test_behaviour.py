"""What two sides see: Born's rule by Qiskit, and no-signalling for random states, measurements and acts."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from qiskit.quantum_info import DensityMatrix, Kraus, Operator, random_unitary
from qiskit.quantum_info import partial_trace as qiskit_trace

from qlearn.qubits import bell_state, bloch, partial_trace, probabilities, random_state
from qlearn.qubits.entanglement import behaviour, direction, signalling
from qlearn.qubits.entanglement.behaviour import draw_answers

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
    with pytest.raises(ValueError, match="angle must be finite numbers"):
        direction(angle)
