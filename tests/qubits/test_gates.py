"""Gates: every matrix is Qiskit's.

An operation: its shape, its wires, its undoing.
"""

import numpy as np
import pytest
from hypothesis import given, strategies as st
from qiskit.circuit import library

from qlearn.qubits import Circuit, Operation, gates
from qlearn.qubits.gates import FIXED
from qlearn.qubits.paulis import PAULIS

QISKIT = {
    "x": library.XGate, "y": library.YGate, "z": library.ZGate, "h": library.HGate, "s": library.SGate,
    "sdg": library.SdgGate, "t": library.TGate, "tdg": library.TdgGate, "swap": library.SwapGate,
    "rxx": library.RXXGate, "ryy": library.RYYGate, "rzz": library.RZZGate,
    "rx": library.RXGate, "ry": library.RYGate, "rz": library.RZGate, "p": library.PhaseGate,
}  # fmt: skip


@pytest.mark.parametrize("name", list(gates.FIXED))
def test_fixed_gates(name):
    np.testing.assert_allclose(gates.matrix(name), QISKIT[name]().to_matrix(), atol=1e-15)


@given(st.sampled_from([*gates.ROTATIONS, *gates.PAIR_ROTATIONS]), st.floats(-20, 20))
def test_rotations(name, angle):
    np.testing.assert_allclose(gates.matrix(name, angle), QISKIT[name](angle).to_matrix(), atol=1e-12)


@pytest.mark.parametrize("name", [*gates.ROTATIONS, *gates.PAIR_ROTATIONS])
def test_angles_are_batched(name):
    angles = np.linspace(-4, 4, 6).reshape(2, 3)
    together = gates.matrix(name, angles)
    assert together.shape == ((2, 3, 2, 2) if name in gates.ROTATIONS else (2, 3, 4, 4))
    np.testing.assert_array_equal(together[1, 2], gates.matrix(name, angles[1, 2]))


def test_controlled_gates_are_their_gate_on_the_last_wire():
    assert np.array_equal(gates.matrix("ccx"), gates.FIXED["x"])


def test_the_columns_of_a_basis_are_eigenvectors():
    for letter, columns in gates.BASES.items():
        np.testing.assert_allclose(PAULIS[letter] @ columns, columns * [1, -1], atol=1e-15)


def test_adjoints_undo():
    for name, other in gates.ADJOINTS.items():
        np.testing.assert_allclose(gates.matrix(name) @ gates.matrix(other), np.eye(2), atol=1e-15)


def test_nobody_can_change_a_shared_gate():
    for table in (gates.FIXED, PAULIS, gates.BASES):
        for shared in table.values():
            with pytest.raises(ValueError, match="read-only"):
                shared[...] = np.eye(len(shared))
    step = Circuit(1).x(0).operations[0]
    with pytest.raises(ValueError, match="read-only"):
        step.matrix[0, 0] = 1
    np.testing.assert_array_equal(Circuit(1).x(0).run(), [0, 1])


@pytest.mark.parametrize("name", gates.ANGLED)
def test_a_rotation_needs_its_angle(name):
    with pytest.raises(ValueError, match=f"angle must be given for the gate {name}"):
        gates.matrix(name)


def test_the_gates_with_an_angle_are_those_that_turn():
    turns = {*gates.ROTATIONS, *gates.PAIR_ROTATIONS}
    assert set(gates.ANGLED) == turns | {
        name for name, (base, _) in gates.CONTROLLED.items() if base in turns
    }


def test_shape_is_that_of_all_arrays_together():
    step = Operation("rx", (0,), angle=np.zeros((4, 1)), where=np.ones(3, bool))
    assert step.shape == (4, 3)
    assert Operation("unitary", (0,), unitary=np.zeros((5, 2, 2))).shape == (5,)
    assert Operation("h", (0,), where=2).shape == ()


def test_controls_come_first():
    step = Operation("ccx", (2, 0, 1))
    assert (step.controls, step.targets) == ((2, 0), (1,))
    np.testing.assert_array_equal(step.matrix, FIXED["x"])
    assert Operation("swap", (1, 0)).targets == (1, 0)


def test_adjoint_undoes_each_kind():
    for step in (
        Operation("s", (0,)),
        Operation("tdg", (0,)),
        Operation("h", (0,)),
        Operation("rx", (0,), angle=np.array([0.3, -2.0])),
        Operation("unitary", (0,), unitary=np.array([[0, 1], [1j, 0]])),
    ):
        np.testing.assert_allclose(
            step.adjoint().matrix @ step.matrix, np.broadcast_to(np.eye(2), step.matrix.shape), atol=1e-15
        )


def test_it_prints_as_the_call_that_makes_it():
    assert repr(Operation("cp", (0, 1), angle=np.array(0.25))) == "cp(0.25, 0, 1)"
    assert repr(Operation("measure", (1,), bit=0)) == "measure(1, 0)"


def test_arrays_of_a_step_are_read_only_for_circuits_share_them():
    flip = FIXED["x"].copy()
    short = Circuit(1).unitary(flip, 0, where=[True, False]).rx([0.0, 0.0], 0)
    longer = short.z(0)
    matrix, turn = (step for step in short.operations)
    for array in (matrix.matrix, matrix.unitary, matrix.where, turn.angle, matrix.adjoint().matrix):
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 0
    flip[...] = np.eye(2)  # the caller's own stays his own, and is no part of the circuit
    np.testing.assert_array_equal(longer.run(), [[0, -1], [1, 0]])
