"""An operation: its shape, its wires, its undoing."""

import numpy as np

from qlearn.qubits import Operation
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
