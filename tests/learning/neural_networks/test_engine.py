"""The permutation of CNOTs: the same as gate by gate.

Forward and back through groups: all ways to follow the circuit give the same.
"""

import numpy as np
import pytest

from qlearn.learning.neural_networks._compile import Compiled
from qlearn.learning.neural_networks._engine import Engine, permutation
from qlearn.learning.neural_networks._readout import new_readout
from qlearn.learning.neural_networks.ansatz import Ansatz
from qlearn.qubits import Circuit, parameters, random_state
from qlearn.qubits.entanglement_patterns import ENTANGLEMENTS, entanglement_pairs


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
@pytest.mark.parametrize("observables", ["local", "global", [{"X": 0.5, "Z": 1.0}]])
def test_following_the_samples_is_following_the_basis_states(n, observables):
    # one sample at a time is never contracted; all of them together (more than 2**n) are
    if isinstance(observables, list):
        observables = [{letter * n: weight for letter, weight in observables[0].items()}]
    rng = np.random.default_rng(0)
    ansatz = Ansatz(n, 3, observables=observables)
    angles, states = rng.uniform(-3, 3, ansatz.shape), random_state(n, 80, rng=1)
    z, tape = ansatz.forward(angles, states)
    dz = rng.normal(size=z.shape)
    slopes, features = ansatz.backward_to_features(tape, dz)
    total = np.zeros_like(slopes)
    for state, value, weight, of_features in zip(states, z, dz, features, strict=True):
        alone, own = ansatz.forward(angles, state[None])
        assert np.allclose(alone[0], value, atol=1e-13)
        slope, feature = ansatz.backward_to_features(own, weight[None])
        total += slope
        assert np.allclose(feature[0], of_features, atol=1e-12)
    assert np.allclose(slopes, total, atol=1e-11)


@pytest.mark.parametrize("samples", [3, 40])  # fewer and more than the basis states
@pytest.mark.parametrize("tail", [0, 1, 2])
@pytest.mark.parametrize("head", [0, 1])
def test_trained_layers_before_and_behind_the_features(samples, tail, head):
    # One state stands for all before the features, basis states for all behind them: sample by sample it is the same.
    rng = np.random.default_rng(7)
    x, theta = parameters("x", 2), parameters("theta", 3, 3)
    circuit = Circuit(3)
    for depth in range(head):
        for wire in range(3):
            circuit = circuit.ry(theta[depth, wire], wire)
        circuit = circuit.cx(0, 1).cx(1, 2)
    circuit = circuit.rz(x[0], 0).rx(x[1], 2)
    for depth in range(head, head + tail):
        for wire in range(3):
            circuit = circuit.rx(theta[depth, wire], wire)
        circuit = circuit.cz(0, 1).cx(1, 2)
    circuit = circuit.rzz(theta[2, 0], 0, 2).h(0)
    compiled = Compiled(circuit)
    engine = Engine(
        3,
        compiled.groups,
        compiled.turns,
        len(compiled.offsets),
        new_readout("expectations", ["XZI", "IIY"], 3),
    )
    angles, X = rng.normal(size=len(compiled.offsets)), rng.normal(size=(samples, 2))
    start = np.eye(1, 8, dtype=complex)
    phases = [phase.forward(X) for phase in compiled.phases]
    z, tape = engine.forward(angles, start, phases)
    dz = rng.normal(size=z.shape)
    whole = engine.backward(tape, dz, features=True)
    total = np.zeros_like(angles)
    for k in range(samples):
        one, own = engine.forward(angles, start, [phase[k : k + 1] for phase in phases])
        assert np.allclose(one[0], z[k], atol=1e-13)
        slopes = engine.backward(own, dz[k : k + 1], features=True)
        total += slopes.angles
        for (number, overlaps), (alone, of_one) in zip(whole.phases, slopes.phases, strict=True):
            assert number == alone
            assert np.allclose(overlaps[k], of_one[0], atol=1e-12)
    assert np.allclose(whole.angles, total, atol=1e-12)
    assert np.allclose(engine.backward(tape, dz, features=False).angles, total, atol=1e-12)


def test_without_features_the_slopes_of_angles_are_the_same():
    rng = np.random.default_rng(0)
    ansatz = Ansatz(3, 2, "full", reupload=True, observables=["ZZI"])
    angles = rng.uniform(-3, 3, ansatz.shape)
    _, tape = ansatz.forward(angles, ansatz.encode(rng.normal(size=(4, 3))))
    with_them, features = ansatz.backward_to_features(tape, np.ones((4, 1)))
    assert np.array_equal(with_them, ansatz.backward(tape, np.ones((4, 1))))
    assert np.abs(features).min() > 0
