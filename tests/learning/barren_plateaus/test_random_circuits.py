"""Random circuits: drawn as asked, and in blocks that cancel exactly when asked."""

import numpy as np
import pytest
from hypothesis import given, strategies as st

from qlearn.learning.barren_plateaus import draw_circuits
from qlearn.qubits.entanglement_patterns import ENTANGLEMENTS, entanglement_pairs


@given(
    n=st.integers(2, 4),
    half=st.integers(1, 6),
    block=st.sampled_from([2, 4, 10]),
    entanglement=st.sampled_from(list(ENTANGLEMENTS)),
    seed=st.integers(0, 2**32 - 1),
)
def test_identity_blocks_cancel_at_every_seam(n, half, block, entanglement, seed):
    batch = draw_circuits(
        n, 2 * half, samples=2, init="identity", block=block, entanglement=entanglement, rng=seed
    )
    for end in [*range(block, 2 * half, block), 2 * half]:
        np.testing.assert_allclose(batch.first(end).circuit(1).matrix(), np.eye(2**n), atol=1e-12)
    # and nowhere else: half a block is as random as any circuit
    assert abs(np.trace(batch.first(1).circuit(1).matrix())) < 2**n - 1e-9


def test_axes_and_angles_are_uniform():
    # 60,000 draws: each axis 1/3 with sd 0.0019; the mean angle pi with sd 0.0074. 6 sd: 2e-9 each
    batch = draw_circuits(5, 12, samples=1000, rng=4)
    counts = np.bincount(batch.axes.ravel(), minlength=3) / batch.axes.size
    assert np.abs(counts - 1 / 3).max() < 6 * 0.0019
    assert abs(batch.angles.mean() - np.pi) < 6 * 0.0074
    assert 0 <= batch.angles.min() < batch.angles.max() < 2 * np.pi


def test_the_circuit_has_the_gates_of_the_layers():
    batch = draw_circuits(4, 3, samples=2, rng=1)
    names = [operation.name for operation in batch.circuit(0).operations]
    assert names.count("cz") == 3 * 3
    assert len(names) == 3 * (4 + 3)
    none = draw_circuits(4, 3, samples=2, entanglement="none", rng=1)
    assert {operation.name for operation in none.circuit(0).operations} <= {"rx", "ry", "rz"}
    assert none.depth == 3
    assert none.samples == 2


@pytest.mark.parametrize("name", list(ENTANGLEMENTS))
def test_the_cz_gates_couple_the_pairs_of_the_pattern(name):
    circuit = draw_circuits(4, 1, samples=1, entanglement=name, rng=1).circuit(0)
    coupled = [(*step.controls, *step.targets) for step in circuit.operations if step.name == "cz"]
    assert coupled == entanglement_pairs(name, 4)


def test_a_seed_gives_the_same_circuits():
    one, two = (draw_circuits(3, 4, samples=2, rng=9) for _ in range(2))
    assert (one.angles == two.angles).all()
    assert (one.axes == two.axes).all()


@pytest.mark.parametrize(
    ("arguments", "error", "says"),
    [
        ({"n_qubits": 1}, ValueError, "n_qubits must be at least 2"),
        ({"n_qubits": 17}, ValueError, "n_qubits must be 2 to 16, not 17"),
        ({"depth": 0}, ValueError, "depth must be at least 1"),
        ({"samples": 0}, ValueError, "samples must be at least 1"),
        ({"samples": 1.5}, TypeError, "samples must be a whole number"),
        ({"init": "zero"}, ValueError, "init must be one of random, identity"),
        ({"init": "identity", "depth": 5}, ValueError, "depth and block must be even"),
        ({"init": "identity", "block": 3}, ValueError, "depth and block must be even"),
        ({"entanglement": "ladder"}, ValueError, "entanglement must be one of circular, linear"),
    ],
)
def test_refuses(arguments, error, says):
    with pytest.raises(error, match=says):
        draw_circuits(**{"n_qubits": 3, "depth": 4, "samples": 2, **arguments})
