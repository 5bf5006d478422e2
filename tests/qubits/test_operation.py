"""An operation: its shape, its wires, its undoing."""

import numpy as np
import pytest

from qlearn.qubits import Circuit, Operation
from qlearn.qubits.gates import FIXED


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
