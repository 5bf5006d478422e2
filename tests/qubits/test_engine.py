"""The NumPy engine: equal to multiplying by the whole matrix, masks and controls included."""

from functools import reduce

import numpy as np
from hypothesis import given, strategies as st

from qlearn.qubits import gates, random_state
from qlearn.qubits.engine import apply, as_tensor


def whole_matrix(gate, wire, controls, n):
    """The definition: identity, plus (gate - 1) where all controls are 1."""
    change = [np.eye(2)] * n
    for control in controls:
        change[control] = np.diag([0, 1])
    change[wire] = gate - np.eye(2)
    return np.eye(2**n) + reduce(np.kron, change)


@given(
    st.integers(0, 2**32 - 1),
    st.permutations(range(3)),
    st.integers(0, 2),
    st.sampled_from([*gates.ROTATIONS, "h", "y"]),
)
def test_equals_the_definition(seed, order, n_controls, name):
    rng = np.random.default_rng(seed)
    angles = rng.uniform(-4, 4, 6) if name in gates.ROTATIONS else None
    mask = rng.random(6) < 0.5
    states = random_state(3, size=6, rng=rng)
    after = states.copy()
    wire, controls = order[0], order[1 : 1 + n_controls]
    apply(as_tensor(after, 3), gates.matrix(name, angles), [wire], controls, mask)
    for i in range(6):
        gate = gates.matrix(name, None if angles is None else angles[i])
        expected = whole_matrix(gate, wire, controls, 3) @ states[i] if mask[i] else states[i]
        np.testing.assert_allclose(after[i], expected, atol=1e-12)


@given(
    st.integers(0, 2**32 - 1),
    st.permutations(range(4)),
    st.sampled_from([*gates.PAIR_ROTATIONS, "swap", "phases"]),
)
def test_two_wires_are_the_product_with_the_other_wires_left_alone(seed, order, name):
    rng = np.random.default_rng(seed)
    states, mask = random_state(4, size=6, rng=rng), rng.random(6) < 0.5
    if name == "phases":  # diagonal, and no two of its entries alike
        matrices = np.exp(1j * rng.uniform(-3, 3, (6, 4)))[:, :, None] * np.eye(4)
    else:
        matrices = np.broadcast_to(
            gates.matrix(name, rng.uniform(-4, 4, 6) if name in gates.ANGLED else None), (6, 4, 4)
        )
    after = states.copy()
    apply(as_tensor(after, 4), matrices, order[:2], (), mask)
    moved = states.reshape(6, 2, 2, 2, 2).transpose(0, *(1 + wire for wire in order)).reshape(6, 4, 4)
    moved = np.where(mask[:, None, None], matrices @ moved, moved).reshape(6, 2, 2, 2, 2)
    expected = moved.transpose(0, *(1 + place for place in np.argsort(order))).reshape(6, 16)
    np.testing.assert_allclose(after, expected, atol=1e-12)


def test_an_empty_mask_changes_nothing():
    states = random_state(2, size=3, rng=0)
    after = states.copy()
    for wires, matrix in (([0], gates.FIXED["x"]), ([1, 0], gates.FIXED["swap"])):
        apply(as_tensor(after, 2), matrix, wires, mask=np.zeros(3, bool))
    np.testing.assert_array_equal(after, states)
