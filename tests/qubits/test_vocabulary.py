"""The vocabulary: each method adds the operation of its name."""

import pytest

from qlearn.qubits import Circuit, gates


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


@pytest.mark.parametrize("name", ["cp", "crx", "cry", "crz", "rxx", "ryy", "rzz"])
def test_turns_of_two_wires(name):
    (step,) = getattr(Circuit(3), name)(0.3, 2, 0).operations
    assert (step.name, step.wires, step.angle) == (name, (2, 0), 0.3)
    with pytest.raises(TypeError, match=f"angle of {name} must be radians"):
        getattr(Circuit(3), name)(None, 2, 0)


@pytest.mark.parametrize("angle", [None, "pi", 1j, [None, 1.0]])
@pytest.mark.parametrize("name", ["rx", "ry", "rz", "p"])
def test_an_angle_is_a_real_number_when_the_gate_is_added(name, angle):
    with pytest.raises(TypeError, match=f"angle of {name} must be radians"):
        getattr(Circuit(1), name)(angle, 0)


def test_there_is_a_method_for_every_gate():
    for name in {*gates.FIXED, *gates.ANGLED, *gates.CONTROLLED}:
        assert getattr(Circuit, name).__doc__
