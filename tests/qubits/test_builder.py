"""The vocabulary: each method adds the operation of its name."""

import numpy as np
import pytest

from qlearn.qubits import Circuit


@pytest.mark.parametrize("name", ["x", "y", "z", "h", "s", "sdg", "t", "tdg"])
def test_plain_gates(name):
    (step,) = getattr(Circuit(2), name)(1).operations
    assert (step.name, step.wires, step.angle) == (name, (1,), None)


@pytest.mark.parametrize("name", ["rx", "ry", "rz", "p"])
def test_turns(name):
    (step,) = getattr(Circuit(2), name)([0.1, 0.2], 1).operations
    assert (step.name, step.wires, step.angle.tolist()) == (name, (1,), [0.1, 0.2])


@pytest.mark.parametrize(
    ("name", "wires"), [("cx", (1, 0)), ("cz", (0, 2)), ("swap", (2, 1)), ("ccx", (2, 0, 1))]
)
def test_gates_on_several_wires(name, wires):
    (step,) = getattr(Circuit(3), name)(*wires).operations
    assert (step.name, step.wires) == (name, wires)


def test_a_mask_is_kept_as_bool_and_a_bit_as_int():
    circuit = Circuit(1, bits=1).x(0, where=[0, 1]).measure(0, 0).z(0, where=np.int64(0))
    mask, measure, conditional = circuit.operations
    assert mask.where.dtype == bool
    assert measure.bit == 0
    assert isinstance(conditional.where, int)
    assert circuit.shape == (2,)


@pytest.mark.parametrize("angle", [None, "pi", 1j, [None, 1.0]])
@pytest.mark.parametrize("name", ["rx", "ry", "rz", "p"])
def test_an_angle_is_a_real_number_when_the_gate_is_added(name, angle):
    with pytest.raises(TypeError, match=f"angle of {name} must be radians"):
        getattr(Circuit(1), name)(angle, 0)


def test_a_measurement_is_of_one_wire():
    with pytest.raises(TypeError, match=r"wire must be whole numbers, not \[0, 1\]"):
        Circuit(2, bits=1).measure([0, 1], 0)
