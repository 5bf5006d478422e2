"""The vocabulary: each method adds the operation of its name."""

import copy
import pickle
import re

import numpy as np
import pennylane as qml
import pytest

from qlearn.qubits import Circuit, gates
from qlearn.qubits._vocabulary import ELSEWHERE


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


_A, _B, _C = 0.3, 1.1, -2.0
_THEIRS = {
    "rot": qml.Rot(_A, _B, _C, wires="w"),
    "u": qml.U3(_A, _B, _C, wires="w"),
    "u3": qml.U3(_A, _B, _C, wires="w"),
    "sx": qml.SX("w"),
    "cy": qml.CY(["w", "v"]),
    "ch": qml.CH(["w", "v"]),
    "iswap": qml.ISWAP(["w", "v"]),
    "cswap": qml.CSWAP(["w", "v", "u"]),
    "cnot": qml.CNOT(["w", "v"]),
    "toffoli": qml.Toffoli(["w", "v", "u"]),
    "hadamard": qml.Hadamard("w"),
}


@pytest.mark.parametrize("name", ELSEWHERE)
def test_the_names_of_others_are_answered_with_ours(name):
    with pytest.raises(
        AttributeError, match=re.escape(f"no attribute {name!r}: write circuit.{ELSEWHERE[name]}")
    ):
        getattr(Circuit(3), name)
    names = {"np": np, "circuit": Circuit(3), "a": _A, "b": _B, "c": _C, "w": 0, "v": 1, "u": 2}
    ours = eval("circuit." + ELSEWHERE[name], names)  # a line of our own table
    if name == "depth":
        assert ours == 0
        return
    theirs = qml.matrix(_THEIRS[name], wire_order=["w", "v", "u"])
    overlap = np.trace(theirs.conj().T @ ours.matrix()) / 8
    assert abs(overlap) == pytest.approx(1, abs=1e-12)


def test_what_is_not_there_is_still_an_attribute_error():
    circuit = Circuit(1).h(0)
    assert not hasattr(circuit, "no_such_gate")
    with pytest.raises(AttributeError, match=r"'no_such_gate': what is no gate here .* circuit.unitary"):
        circuit.no_such_gate
    for same in (copy.deepcopy(circuit), pickle.loads(pickle.dumps(circuit))):
        assert repr(same) == repr(circuit)
