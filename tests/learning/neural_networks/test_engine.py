"""What is measured: products of Z, with the eigenvalues that the library's expectation has.

The matrices of a layer and the permutation of its CNOTs: the same as gate by gate.

Forward and back through layers: both ways to follow the circuit give the same.
"""

import numpy as np
import pytest

from qlearn.learning.neural_networks._engine import (
    AnsatzSimulator,
    eigenvalues,
    observable_strings,
    permutation,
    rotations,
)
from qlearn.qubits import Circuit, expectation, random_state
from qlearn.qubits.entanglement_patterns import ENTANGLEMENTS, entanglement_pairs
from qlearn.qubits.rotation_layers import RotationLayer


@pytest.mark.parametrize("observables", ["local", "global", ["ZIZ", "IZZ", "ZZZ"]])
def test_the_mean_of_eigenvalues_is_the_expectation(observables):
    strings = observable_strings(observables, 3)
    states = random_state(3, 5, rng=0)
    mean = np.abs(states) ** 2 @ eigenvalues(strings).T
    assert np.allclose(mean, np.stack([expectation(states, s) for s in strings], axis=-1), atol=1e-14)


@pytest.mark.parametrize("observables", ["parity", [], ["ZZ"], ["IXZ"], ["III"], "ZZZ", [3], 3, None])
def test_refuses(observables):
    with pytest.raises(
        (ValueError, TypeError), match="observables must be 'local', 'global' or strings of 3"
    ):
        observable_strings(observables, 3)


@pytest.mark.parametrize("n", [1, 2, 5, 6])
def test_rotations_are_those_of_the_gates(n):
    rng = np.random.default_rng(n)
    angles, states = rng.uniform(-7, 7, (n, 2)), random_state(n, 3, rng=rng)
    circuit = Circuit(n)
    for wire, (about_z, about_y) in enumerate(angles):
        circuit = circuit.rz(about_z, wire).ry(about_y, wire)
    layer = RotationLayer(n)
    assert np.allclose(layer.apply(states, layer.factors(rotations(angles))), circuit.run(states), atol=1e-13)


@pytest.mark.parametrize("name", list(ENTANGLEMENTS))
@pytest.mark.parametrize("n", [1, 2, 3, 5])
def test_moving_amplitudes_is_applying_the_cnots(name, n):
    circuit = Circuit(n)
    for control, target in entanglement_pairs(name, n):
        circuit = circuit.cx(control, target)
    states = np.random.default_rng(0).normal(size=(3, 1 << n))
    states /= np.linalg.norm(states, axis=1, keepdims=True)
    assert np.array_equal(states[:, permutation(entanglement_pairs(name, n), n)], circuit.run(states).real)


@pytest.mark.parametrize("n", [2, 6])
@pytest.mark.parametrize("observables", ["local", "global"])
def test_following_the_samples_is_following_the_basis_states(n, observables):
    # one sample at a time is never contracted; all of them together (more than 2**n) are
    rng = np.random.default_rng(0)
    simulator = AnsatzSimulator(
        n, entanglement_pairs("circular", n), observable_strings(observables, n), reupload=False
    )
    angles, states = rng.uniform(-3, 3, (3, n, 2)), random_state(n, 80, rng=1)
    z, tape = simulator.forward(angles, states)
    dz = rng.normal(size=z.shape)
    slopes, features = simulator.backward(tape, dz, features=True)
    total = np.zeros_like(slopes)
    for state, value, weight, of_features in zip(states, z, dz, features, strict=True):
        alone, own = simulator.forward(angles, state[None])
        assert np.allclose(alone[0], value, atol=1e-13)
        slope, feature = simulator.backward(own, weight[None], features=True)
        total += slope
        assert np.allclose(feature[0], of_features, atol=1e-12)
    assert np.allclose(slopes, total, atol=1e-11)


def test_without_features_the_slopes_of_angles_are_the_same():
    rng = np.random.default_rng(0)
    simulator = AnsatzSimulator(3, entanglement_pairs("full", 3), ["ZZI"], reupload=True)
    phases = np.exp(1j * rng.normal(size=(4, 8))) / np.sqrt(8)
    angles = rng.uniform(-3, 3, (2, 3, 2))
    _, tape = simulator.forward(angles, phases)
    with_them, _ = simulator.backward(tape, np.ones((4, 1)), features=True)
    without, zeros = simulator.backward(tape, np.ones((4, 1)), features=False)
    assert np.array_equal(with_them, without)
    assert not zeros.any()
