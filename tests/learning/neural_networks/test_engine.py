"""What is measured: products of Z, with the eigenvalues that the library's expectation has.

Turning all wires by one or two dense matrices: the same as gate by gate.

Forward and back through layers: both ways to follow the circuit give the same.
"""

import numpy as np
import pytest

from qlearn.learning.neural_networks._engine import (
    AnsatzSimulator,
    WireGroups,
    eigenvalues,
    observable_strings,
)
from qlearn.learning.neural_networks.entanglement_patterns import couplings
from qlearn.qubits import Circuit, expectation, random_state


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


@pytest.mark.parametrize("n", [1, 2, 5, 6, 7, 9])
def test_equals_the_gates_one_by_one(n):
    rng = np.random.default_rng(n)
    angles, states = rng.uniform(-7, 7, (2, n, 2)), random_state(n, 3, rng=rng)
    wires = WireGroups(n)
    for layer, factors in zip(angles, wires.factors(angles), strict=True):
        circuit = Circuit(n)
        for wire, (about_z, about_y) in enumerate(layer):
            circuit = circuit.rz(about_z, wire).ry(about_y, wire)
        turned = wires.turn(states, factors)
        assert np.allclose(turned, circuit.run(states), atol=1e-13)
        assert np.allclose(wires.turn(turned, [f.conj().T for f in factors]), states, atol=1e-13)


@pytest.mark.parametrize("n", [1, 3, 6, 8])
def test_pauli_overlaps_are_the_inner_products(n):
    rng = np.random.default_rng(n)
    states = random_state(n, 4, rng=rng)
    overlaps = WireGroups(n).pauli_overlaps(states, 1j * states)  # <i s|P|s> = -i <P>
    for wire in range(n):
        for k, letter in enumerate("XYZ"):
            pauli = "I" * wire + letter + "I" * (n - 1 - wire)
            assert overlaps[wire, k] == pytest.approx(-expectation(states, pauli).sum(), abs=1e-12)


@pytest.mark.parametrize("n", [2, 6])
@pytest.mark.parametrize("observables", ["local", "global"])
def test_following_the_samples_is_following_the_basis_states(n, observables):
    # one sample at a time is never contracted; all of them together (more than 2**n) are
    rng = np.random.default_rng(0)
    sweeps = AnsatzSimulator(n, couplings("circular", n), observable_strings(observables, n), reupload=False)
    angles, states = rng.uniform(-3, 3, (3, n, 2)), random_state(n, 80, rng=1)
    z, tape = sweeps.forward(angles, states)
    dz = rng.normal(size=z.shape)
    slopes, features = sweeps.backward(tape, dz, features=True)
    total = np.zeros_like(slopes)
    for state, value, weight, of_features in zip(states, z, dz, features, strict=True):
        alone, own = sweeps.forward(angles, state[None])
        assert np.allclose(alone[0], value, atol=1e-13)
        slope, feature = sweeps.backward(own, weight[None], features=True)
        total += slope
        assert np.allclose(feature[0], of_features, atol=1e-12)
    assert np.allclose(slopes, total, atol=1e-11)


def test_without_features_the_slopes_of_angles_are_the_same():
    rng = np.random.default_rng(0)
    sweeps = AnsatzSimulator(3, couplings("full", 3), ["ZZI"], reupload=True)
    phases = np.exp(1j * rng.normal(size=(4, 8))) / np.sqrt(8)
    angles = rng.uniform(-3, 3, (2, 3, 2))
    _, tape = sweeps.forward(angles, phases)
    with_them, _ = sweeps.backward(tape, np.ones((4, 1)), features=True)
    without, zeros = sweeps.backward(tape, np.ones((4, 1)), features=False)
    assert np.array_equal(with_them, without)
    assert not zeros.any()
