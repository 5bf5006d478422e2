"""Qiskit's names: each class is the one that Qiskit has for our gate; angles are real sums of parameters."""

import numpy as np
import pytest
from qiskit.circuit import Parameter as QiskitParameter, library

from qlearn.qubits import Circuit, Parameter
from qlearn.qubits._qiskit_names import CLASSES, our_angle
from qlearn.qubits.gates import CONTROLLED, FIXED, ROTATIONS


@pytest.mark.parametrize("name", CLASSES)
def test_a_class_is_named_as_our_gate(name):
    assert (
        getattr(library, CLASSES[name])(*[0.3] * (name in ROTATIONS)).name == name if name in FIXED else True
    )
    assert hasattr(Circuit(3), name)


def test_every_gate_of_ours_has_a_class():
    assert {*FIXED, *ROTATIONS, *CONTROLLED} <= set(CLASSES)


def test_an_angle_is_a_sum():
    a, b = QiskitParameter("a"), QiskitParameter("b")
    found = our_angle(2 * a - b / 4 + 0.5, "here")
    assert (found.weight(Parameter("a")), found.weight(Parameter("b")), found.offset) == (2, -0.25, 0.5)
    assert np.isclose(our_angle(0.5, "here"), 0.5)


def test_an_angle_may_hold_products_of_two():
    a, b, c = QiskitParameter("a"), QiskitParameter("b"), QiskitParameter("c")
    ours = [Parameter(name) for name in "abc"]
    for make in (
        lambda a, b, c: a * b,
        lambda a, b, c: 2 * (3 - a) * (1 - b) + c / 4,
        lambda a, b, c: (a + b) * c - 0.5,
        lambda a, b, c: -c * b * 0.3 + a * (b - c) + a,
    ):
        assert our_angle(make(a, b, c), "here") == make(*ours)


@pytest.mark.parametrize(
    "bend",
    [
        lambda a, b, c: a * b * c,
        lambda a, b, c: (a + b) * (a - b),
        lambda a, b, c: a * b.sin(),
        lambda a, b, c: a / b,
        lambda a, b, c: 1j * a * b,
    ],
)
def test_refuses_more_than_products_of_two(bend):
    with pytest.raises(ValueError, match="products of two different ones"):
        our_angle(bend(*(QiskitParameter(name) for name in "abc")), "rx, step 3")


@pytest.mark.parametrize("bend", [lambda a: a * a, lambda a: 1 / a, lambda a: a.sin()])
def test_refuses_what_is_no_sum(bend):
    with pytest.raises(
        ValueError, match=r"the circuit has rx, step 3 with the angle .*real sum of parameters"
    ):
        our_angle(bend(QiskitParameter("a")), "rx, step 3")
