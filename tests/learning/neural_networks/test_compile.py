"""A circuit compiled into groups: few of them, each gate where it belongs, and circuits that cannot be trained refused."""

import numpy as np
import pytest

from qlearn.learning.neural_networks._compile import Compiled, checked_ansatz, n_features
from qlearn.learning.neural_networks._trained_turns import LongitudeTurns
from qlearn.learning.neural_networks.ansatz import Ansatz
from qlearn.qubits import Circuit, Parameter, parameters

X, THETA = parameters("x", 4), parameters("theta", 4)
T = Parameter("t")


def kinds(circuit):
    return [type(group).__name__ for group in Compiled(circuit).groups]


def layered(ansatz):
    """The library's own layers, gate by gate, with parameters for angles."""
    theta = parameters("theta", *ansatz.shape)
    circuit = Circuit(ansatz.n_qubits)
    for wire in range(ansatz.n_qubits):
        circuit = circuit.h(wire)
    for depth in range(ansatz.layers):
        for wire in range(ansatz.n_qubits):
            if ansatz.reupload or not depth:
                circuit = circuit.rz(X[wire], wire)
            circuit = circuit.rz(theta[depth, wire, 0], wire).ry(theta[depth, wire, 1], wire)
        for control, target in ansatz.pairs:
            circuit = circuit.cx(control, target)
    return circuit


def test_the_librarys_layers_become_the_groups_that_it_makes_itself():
    for reupload in (False, True):
        compiled = Compiled(layered(Ansatz(4, 2, reupload=reupload)))
        names = [type(group).__name__ for group in compiled.groups]
        again = ["Featured"] if reupload else []
        assert names == ["Turn", "Featured", "Turn", "Move", *again, "Turn", "Move"]
        assert isinstance(compiled.turns, LongitudeTurns)
        assert len(compiled.phases) == 1  # the same features twice are the same phases


@pytest.mark.parametrize(
    ("circuit", "groups"),
    [
        # gates of one qubit join however they come, those that move amplitudes too
        (Circuit(2).h(0).ry(T, 0).s(0).rx(T, 1).z(1), ["Turn"]),
        (Circuit(3).ry(T, 0).cx(0, 1).cz(1, 2).swap(0, 2).ccx(0, 1, 2).cp(0.3, 0, 1).crz(0.2, 1, 2), ["Turn", "Move"]),
        # what stands on other wires does not part a layer
        (Circuit(4).ry(T, 0).cx(0, 1).ry(T, 2).cx(2, 3).ry(T, 3), ["Turn", "Move", "Turn"]),
        (Circuit(2).rzz(T, 0, 1).cp(T, 0, 1).crz(T, 1, 0), ["Diagonal"]),
        # the turns between two RXX take each other back
        (Circuit(3).rxx(T, 0, 1).rxx(T, 1, 2), ["Turn", "Diagonal", "Diagonal", "Turn"]),
        (Circuit(2).crx(T, 0, 1), ["Turn", "Diagonal", "Turn"]),
        (Circuit(2).ry(T, 0).unitary(np.eye(4)[[0, 2, 1, 3]], 0, 1).unitary([[0, 1], [1, 0]], 1), ["Turn", "Dense", "Turn"]),
        (Circuit(1).ry(T + X[0], 0), ["Turn", "Featured", "Turn"]),
    ],
)  # fmt: skip
def test_groups(circuit, groups):
    found = kinds(circuit)
    if "rxx" in repr(circuit):  # one of two ways to say that nothing is left between them
        assert found.count("Diagonal") == 2
        assert len(found) <= 5
    else:
        assert found == groups


def test_parameters_keep_the_order_of_their_first_use_and_features_stand_apart():
    circuit = Circuit(2).ry(THETA[1], 0).rz(2 * THETA[0] - 0.5 * T + X[1] + 0.25, 0).rx(X[0], 1)
    compiled = Compiled(circuit)
    assert compiled.parameters == (THETA[1], THETA[0], T)
    assert compiled.n_features == 2
    assert compiled.weights.tolist() == [[1, 0, 0], [0, 2, -0.5]]
    assert compiled.offsets.tolist() == [0, 0.25]


def test_phases_are_those_of_the_gates():
    rng = np.random.default_rng(0)
    values = rng.normal(size=(5, 3))
    for circuit in (
        Circuit(3).rz(X[0], 0).rz(2 * X[1], 2).p(X[2] - X[0], 1),
        Circuit(3).rzz(X[0], 0, 2).cp(X[1] + 2 * X[2], 1, 2).crz(X[0], 2, 1).rz(X[1], 0),
    ):
        phases = Compiled(circuit.ry(T, 0)).phases[0].forward(values)
        matrix = circuit.bind({"x": values}).matrix().diagonal(axis1=-2, axis2=-1)
        ratio = phases / matrix
        assert np.allclose(ratio, ratio[:, :1], atol=1e-13)  # but for a global phase


@pytest.mark.parametrize(
    ("circuit", "error", "says"),
    [
        ("real_amplitudes", TypeError, "ansatz must be a Circuit, not str"),
        (Circuit(1).h(0), ValueError, r"must have a free angle to train.*Circuit\(1\).h\(0\) has none"),
        (Circuit(1).rz(X[0], 0), ValueError, "must have a free angle to train"),
        (Circuit(1, bits=1).ry(T, 0).measure(0, 0), ValueError, r"without measurements, and measure\(0, 0\) has them"),
        (Circuit(1).ry(T, 0).x(0, where=[0, 1]), ValueError, "without a mask"),
        (Circuit(1).ry(T, 0).rx([0.1, 0.2], 0), ValueError, "without arrays of angles or matrices"),
        (Circuit(2).ry(T, 0).rz(X[0], 0).rz(X[2], 0), ValueError, r"each feature up to x\[2\], and x\[1\] does not occur"),
        (Circuit(1).ry(T, 0).rz(Parameter("x"), 0), ValueError, r"must name its features x\[0\], x\[1\]"),
        (Circuit(1).ry(T, 0).rz(Parameter("x[0,1]"), 0), ValueError, r"by one number, x\[0\], not x\[0,1\]"),
    ],
)  # fmt: skip
def test_refuses(circuit, error, says):
    with pytest.raises(error, match=says):
        checked_ansatz(circuit)


def test_counts_features():
    assert n_features(Circuit(1).ry(T, 0)) == 0
    assert n_features(Circuit(2).ry(X[1], 0).rz(X[0] + X[1], 1)) == 2
