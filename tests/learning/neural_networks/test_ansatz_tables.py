"""Ansatz tables: Qiskit's and PennyLane's circuits, angle by angle, and the built-in one."""

import numpy as np
import pennylane as qml
import pytest
from qiskit.circuit import library
from qiskit.quantum_info import Statevector

from qlearn.learning.neural_networks import (
    ANSATZE,
    Ansatz,
    basic_entangler,
    efficient_su2,
    hardware_efficient,
    real_amplitudes,
    strongly_entangling,
)

PATTERNS = ["linear", "reverse_linear", "circular", "full", "pairwise", "sca", [(0, 2), (2, 1)]]


def equal_to_qiskits(ours, theirs, rng):
    """The same states, qubit for wire, for values in the order of the other's parameters."""
    values = rng.uniform(-4, 4, (3, theirs.num_parameters))
    assert len(ours.parameters) == theirs.num_parameters
    for got, row in zip(ours.bind({"theta": values}).run(), values, strict=True):
        expected = Statevector(theirs.assign_parameters(row).reverse_bits()).data
        np.testing.assert_allclose(got, expected, atol=1e-12)
    # the order of first use is the order of the indices: values may be given by either
    np.testing.assert_array_equal(ours.bind(values).run(), ours.bind({"theta": values}).run())


@pytest.mark.parametrize("skip", [False, True])
@pytest.mark.parametrize("reps", [1, 3])
@pytest.mark.parametrize("entanglement", PATTERNS, ids=str)
def test_real_amplitudes_are_qiskits(entanglement, reps, skip):
    options = {"reps": reps, "entanglement": entanglement, "skip_final_rotation_layer": skip}
    equal_to_qiskits(
        real_amplitudes(4, **options), library.real_amplitudes(4, **options), np.random.default_rng(reps)
    )


@pytest.mark.parametrize("gates", [("ry", "rz"), ("rx",), ("rz", "rx", "ry")], ids=str)
@pytest.mark.parametrize("entanglement", PATTERNS, ids=str)
def test_efficient_su2_is_qiskits(entanglement, gates):
    options = {"reps": 2, "entanglement": entanglement, "su2_gates": list(gates)}
    equal_to_qiskits(
        efficient_su2(3, **options), library.efficient_su2(3, **options), np.random.default_rng(2)
    )


@pytest.mark.parametrize("n", [1, 2, 5])
@pytest.mark.parametrize("name", ["real_amplitudes", "efficient_su2"])
def test_the_defaults_are_qiskits(name, n):
    equal_to_qiskits(ANSATZE[name](n), getattr(library, name)(n), np.random.default_rng(n))


def test_real_amplitudes_are_real():
    values = np.random.default_rng(0).uniform(-4, 4, 9)
    assert not real_amplitudes(3, 2).bind(values).run().imag.any()


@pytest.mark.parametrize(
    ("n", "layers", "ranges"), [(1, 2, None), (2, 3, None), (4, 5, None), (4, 2, [3, 2])]
)
def test_strongly_entangling_layers_are_pennylanes(n, layers, ranges):
    rng = np.random.default_rng(n)
    circuit = strongly_entangling(n, layers, ranges)

    @qml.qnode(qml.device("default.qubit", wires=n))
    def theirs(weights):
        qml.StronglyEntanglingLayers(weights, wires=range(n), ranges=ranges)
        return qml.state()

    for _ in range(3):
        weights = rng.uniform(-4, 4, qml.StronglyEntanglingLayers.shape(layers, n))
        got = circuit.bind({"theta": weights}).run()
        np.testing.assert_allclose(got, theirs(weights), atol=1e-12)
        np.testing.assert_array_equal(circuit.bind(weights.ravel()).run(), got)


@pytest.mark.parametrize("n", [1, 2, 3, 4])
@pytest.mark.parametrize("rotation", ["rx", "ry", "rz"])
def test_basic_entangler_layers_are_pennylanes(n, rotation):
    weights = np.random.default_rng(n).uniform(-4, 4, (3, n))

    @qml.qnode(qml.device("default.qubit", wires=n))
    def theirs():
        for wire in range(n):
            qml.Hadamard(wire)
        qml.BasicEntanglerLayers(weights, wires=range(n), rotation=getattr(qml, rotation.upper()))
        return qml.state()

    start = np.full(1 << n, 2 ** (-n / 2))
    got = basic_entangler(n, 3, rotation).bind({"theta": weights}).run(start)
    np.testing.assert_allclose(got, theirs(), atol=1e-12)


@pytest.mark.parametrize("entanglement", ["circular", "linear", "full", "none", [(2, 0)]], ids=str)
def test_the_hardware_efficient_one_is_the_built_in_ansatz(entanglement):
    ansatz, rng = Ansatz(3, 2, entanglement=entanglement), np.random.default_rng(0)
    angles = rng.uniform(-4, 4, ansatz.shape)
    circuit = hardware_efficient(3, 2, entanglement)
    assert str(circuit.bind({"theta": angles})) == str(ansatz.circuit(angles))
    np.testing.assert_array_equal(circuit.bind(angles.ravel()).run(), ansatz.circuit(angles).run())


@pytest.mark.parametrize("name", ANSATZE)
def test_each_takes_wires_and_layers_and_a_name_for_its_angles(name):
    circuit = ANSATZE[name](3, 2, vector="w")
    assert circuit.n_qubits == 3
    assert {parameter.vector for parameter in circuit.parameters} == {"w"}
    used = [free for step in circuit.operations for free in step.parameters]
    assert len(used) == len(set(used))
    assert len(ANSATZE[name](3, 4).parameters) > len(circuit.parameters)
    for wires, layers in ((0, 2), (3, -1)):
        with pytest.raises(ValueError, match="must be at least"):
            ANSATZE[name](wires, layers)


@pytest.mark.parametrize(
    ("build", "says"),
    [
        (lambda: efficient_su2(2, su2_gates=[]), "at least one turn"),
        (lambda: efficient_su2(2, su2_gates=["ry", "h"]), "su2_gates must be one of rx, ry, rz, not 'h'"),
        (lambda: real_amplitudes(2, 0, skip_final_rotation_layer=True), "no angle would be left"),
        (lambda: real_amplitudes(2, entanglement="ring"), "entanglement must be one of"),
        (lambda: hardware_efficient(2, 0), "layers must be at least 1"),
        (lambda: hardware_efficient(2, 1, [(0, 2)]), "must lie in 0 to 1"),
        (lambda: strongly_entangling(3, 2, [1]), "one number for each of the 2 layers, not 1"),
        (lambda: strongly_entangling(3, 2, [1, 3]), "no multiples of the 3 wires, not 3"),
        (lambda: hardware_efficient(2, 1, vector="a[0]"), "without an index"),
        (lambda: basic_entangler(2, 1, "rot"), "rotation must be one of rx, ry, rz, not 'rot'"),
    ],
)
def test_refuses(build, says):
    with pytest.raises(ValueError, match=says):
        build()


def test_refuses_one_range_for_all_layers():
    with pytest.raises(TypeError, match="ranges must be a list of whole numbers, one for each layer, not 2"):
        strongly_entangling(3, 2, 2)
