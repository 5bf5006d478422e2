"""Measured outputs and gradients: exact without shots, unbiased with them, the same on every device."""

import numpy as np
import pennylane as qml
import pytest
from qiskit.primitives import StatevectorEstimator, StatevectorSampler

from qlearn.learning.encodings.feature_maps import ZZFeatureMap
from qlearn.learning.neural_networks import Ansatz, SampledExpectations
from qlearn.learning.neural_networks.circuit_ansatz import CircuitAnsatz
from qlearn.qubits import Circuit, Parameter, parameters, random_state

MIXED = [{"XYI": 0.5, "IZX": -1.5}, "ZZI", "IIY"]


def setting(ansatz, samples=4, seed=0):
    rng = np.random.default_rng(seed)
    z = ansatz.forward(np.zeros(ansatz.shape), ansatz.encode(np.zeros((1, ansatz.n_qubits))))[0]
    return (
        rng.uniform(-3, 3, ansatz.shape),
        rng.uniform(-3, 3, (samples, ansatz.n_qubits)),
        rng.normal(size=(samples, z.shape[1])),
    )


MEANS = [{}, {"reupload": True, "observables": MIXED}, {"observables": "global"}]
OUTCOMES = [{"readout": "probabilities"}, {"readout": lambda outcome: outcome.bit_count() % 2}]
PENNYLANE = lambda: qml.device("default.qubit")  # noqa: E731


@pytest.mark.parametrize(
    ("options", "device"),
    [
        *((options, device) for options in MEANS for device in (None, StatevectorEstimator, PENNYLANE)),
        *((options, device) for options in OUTCOMES for device in (None, PENNYLANE)),
    ],
)
def test_without_shots_it_is_the_exact_output_and_the_exact_gradient(options, device):
    ansatz = Ansatz(3, 2, **options)
    angles, X, dz = setting(ansatz)
    z, tape = ansatz.forward(angles, ansatz.encode(X))
    sampled = SampledExpectations(ansatz, None, device=None if device is None else device())
    measured, own = sampled.forward(angles, X)
    np.testing.assert_allclose(measured, z, atol=1e-12)
    np.testing.assert_allclose(sampled.backward(own, dz), ansatz.backward(tape, dz), atol=1e-11)
    for got, exact in zip(
        sampled.backward_to_features(own, dz), ansatz.backward_to_features(tape, dz), strict=True
    ):
        np.testing.assert_allclose(got, exact, atol=1e-11)


def test_blocks_of_shifted_circuits_are_all_run(monkeypatch):
    ansatz = Ansatz(3, 2)
    angles, X, dz = setting(ansatz)
    sampled = SampledExpectations(ansatz, None)
    tape = sampled.forward(angles, X)[1]
    whole = sampled.backward(tape, dz)
    monkeypatch.setattr("qlearn.learning.neural_networks.sampled._AMPLITUDES", 8 * 4 * 5)
    np.testing.assert_allclose(sampled.backward(tape, dz), whole, atol=1e-13)


@pytest.mark.parametrize("readout", ["expectations", "probabilities"])
def test_states_and_circuits_that_prepare_them_come_first(readout):
    ansatz, encoding = Ansatz(3, 2, readout=readout), ZZFeatureMap()
    angles, X, dz = setting(ansatz)
    states = encoding.states(X)
    z, tape = ansatz.forward(angles, states)
    for inputs in (states, encoding.circuit(X)):
        sampled = SampledExpectations(ansatz, None)
        measured, own = sampled.forward(angles, inputs)
        np.testing.assert_allclose(measured, z, atol=1e-12)
        np.testing.assert_allclose(sampled.backward(own, dz), ansatz.backward(tape, dz), atol=1e-11)
        with pytest.raises(ValueError, match="inputs must be features for a gradient in them"):
            sampled.backward_to_features(own, dz)


def turned(wires, last):
    """Rotations, pairs turned together, controlled turns: an angle each."""
    theta, circuit = parameters("theta", 2 * wires), Circuit(wires)
    for wire in range(wires):
        circuit = circuit.ry(theta[wire], wire)
    for wire in range(wires):
        circuit = getattr(circuit, last)(theta[wires + wire], wire, (wire + 1) % wires)
    return circuit.rx(-1 * Parameter("end") + 0.3, 0)


@pytest.mark.parametrize("last", ["rxx", "crx", "cp"])
@pytest.mark.parametrize("features", [False, True])
def test_circuits_of_ones_own(last, features):
    x, circuit = parameters("x", 3), Circuit(3)
    for wire in range(3 if features else 0):
        circuit = circuit.ry(2 * x[wire] + 0.1, wire)
    ansatz = CircuitAnsatz(circuit.then(turned(3, last)), MIXED)
    rng = np.random.default_rng(0)
    angles, X = rng.uniform(-3, 3, ansatz.shape), rng.uniform(-3, 3, (4, 3))
    dz = rng.normal(size=(4, 3))
    z, tape = ansatz.forward(angles, ansatz.encode(X))
    for device in (None, StatevectorEstimator()):
        sampled = SampledExpectations(ansatz, None, device=device)
        measured, own = sampled.forward(angles, X)
        np.testing.assert_allclose(measured, z, atol=1e-12)
        np.testing.assert_allclose(sampled.backward(own, dz), ansatz.backward(tape, dz), atol=1e-11)
    for got, exact in zip(
        sampled.backward_to_features(own, dz), ansatz.backward_to_features(tape, dz), strict=True
    ):
        np.testing.assert_allclose(got, exact, atol=1e-11)


def test_an_angle_in_several_gates_is_shifted_gate_by_gate():
    a, b = Parameter("a"), Parameter("b")
    circuit = Circuit(2).ry(a, 0).cry(a - 2 * b, 0, 1).rz(-1 * b, 1).ry(0.3 - a, 1)
    ansatz = CircuitAnsatz(circuit, ["ZZ", {"XI": 0.5, "IY": 2.0}])
    angles, X, dz = (
        np.array([0.4, -0.7]),
        np.array([[0.3, 1.1], [0.2, 0.4]]),
        np.array([[1.0, 0.5], [-0.3, 0.2]]),
    )
    sampled = SampledExpectations(ansatz, None)
    _, tape = ansatz.forward(angles, ansatz.encode(X))
    got = sampled.backward(sampled.forward(angles, X)[1], dz)
    np.testing.assert_allclose(got, ansatz.backward(tape, dz), atol=1e-12)


class Own:
    """A circuit of one's own: one angle in two gates, a controlled turn, a feature times two."""

    n_qubits, measured = 2, [{"ZZ": 1.0}, {"XI": 0.5, "IY": 2.0}]

    def circuit(self, angles, x=None):
        first, second = angles
        circuit = Circuit(2).h(0).rx(0.4, 1)
        if x is not None:
            circuit = circuit.rz(2 * np.asarray(x)[..., 0] + 0.1, 0)
        return circuit.ry(first, 0).cry(2 * first - second, 0, 1).rz(second + 0.3, 1).rxx(-0.5 * second, 0, 1)


def test_one_angle_in_many_gates_and_controlled_turns_have_the_slope_of_a_small_step():
    rng = np.random.default_rng(1)
    angles, X, dz = rng.normal(size=2), rng.normal(size=(5, 1)), rng.normal(size=(5, 2))
    sampled = SampledExpectations(Own(), None)
    of_angles, of_features = sampled.backward_to_features(sampled.forward(angles, X)[1], dz)

    def loss(angles, X):
        return (sampled.forward(angles, X)[0] * dz).sum(axis=1)

    h = 1e-5
    for k, unit in enumerate(np.eye(2)):
        slope = (loss(angles + h * unit, X) - loss(angles - h * unit, X)).sum() / (2 * h)
        assert of_angles[k] == pytest.approx(slope, abs=1e-8)
    np.testing.assert_allclose(
        of_features[:, 0], (loss(angles, X + h) - loss(angles, X - h)) / (2 * h), atol=1e-8
    )


@pytest.mark.parametrize("noise", [0.0, 0.2])
def test_measured_values_and_gradients_are_unbiased_and_scatter_as_shots_say(noise):
    """400 repetitions: means within 6 sd (18 comparisons, false alarm 4e-8), the spread of an output within 6 of its own sd."""
    ansatz, shots, n = Ansatz(2, 2), 50, 400
    angles, X, dz = setting(ansatz, samples=2)
    z, tape = ansatz.forward(angles, ansatz.encode(X))
    sampled = SampledExpectations(ansatz, shots, noise=noise, rng=3)
    values, slopes = [], []
    for _ in range(n):
        value, own = sampled.forward(angles, X)
        values.append(value)
        slopes.append(sampled.backward(own, dz))
    for drawn, exact in ((values, z), (slopes, ansatz.backward(tape, dz))):
        sd = np.std(drawn, axis=0, ddof=1) / np.sqrt(n)
        assert (np.abs(np.mean(drawn, axis=0) - (1 - noise) * exact) <= 6 * sd + 1e-9).all()
    variance = (1 - ((1 - noise) * z) ** 2) / shots
    assert (np.abs(np.var(values, axis=0, ddof=1) / variance - 1) < 6 * np.sqrt(2 / n) * 1.1).all()


@pytest.mark.parametrize(
    "device", [lambda: StatevectorSampler(seed=2), lambda: qml.device("lightning.qubit", wires=2, seed=2)]
)
def test_a_device_measures_the_same_within_its_shots(device):
    # 6 outputs and 8 slopes: six sd of 4000 runs, at most 1 each; a slope adds 6 differences of |dz| < 3
    ansatz, shots = Ansatz(2, 2), 4000
    angles, X, dz = setting(ansatz, samples=3)
    z, tape = ansatz.forward(angles, ansatz.encode(X))
    sampled = SampledExpectations(ansatz, shots, device=device())
    value, own = sampled.forward(angles, X)
    assert np.abs(value - z).max() < 6 / np.sqrt(shots)
    bound = 6 * np.sqrt((np.abs(dz).sum(axis=1) ** 2).sum() / 2 / shots)
    assert np.abs(sampled.backward(own, dz) - ansatz.backward(tape, dz)).max() < bound


class Jobs(StatevectorSampler):
    """Counts how often it is asked."""

    def run(self, pubs, *, shots=None):
        self.jobs = getattr(self, "jobs", 0) + 1
        return super().run(pubs, shots=shots)


def test_a_gradient_of_all_samples_is_one_job():
    ansatz, sampler = Ansatz(2, 2), Jobs(seed=1)
    angles, X, dz = setting(ansatz)
    sampled = SampledExpectations(ansatz, 10, device=sampler)
    sampled.backward(sampled.forward(angles, X)[1], dz)
    assert sampler.jobs == 2


ANSATZ = Ansatz(2, 1)
ANGLES, X = np.zeros((1, 2, 2)), np.zeros((3, 2))


@pytest.mark.parametrize(
    ("call", "error", "says"),
    [
        (lambda: SampledExpectations("layers"), TypeError, "ansatz must be an Ansatz"),
        (lambda: SampledExpectations(Ansatz), TypeError, "ansatz must be an Ansatz"),
        (lambda: SampledExpectations(ANSATZ, 0), ValueError, "shots must be at least 1, not 0"),
        (lambda: SampledExpectations(ANSATZ, noise=-1), ValueError, "noise must be a probability"),
        (
            lambda: SampledExpectations(ANSATZ, noise=0.1, device=StatevectorSampler()),
            ValueError,
            "noise must be 0 with a device",
        ),
        (
            lambda: SampledExpectations(ANSATZ, device=StatevectorSampler()).forward(
                ANGLES, random_state(2, 3)
            ),
            ValueError,
            "nobody can load amplitudes",
        ),
        (
            lambda: SampledExpectations(Ansatz(2, 1, reupload=True)).forward(ANGLES, random_state(2, 3)),
            ValueError,
            "where the circuit itself turns by them",
        ),
        (lambda: SampledExpectations(ANSATZ).forward(ANGLES, random_state(3, 2)), ValueError, "4 amplitudes"),
        (lambda: SampledExpectations(ANSATZ).forward(ANGLES[:, :1], X), ValueError, "angles must have shape"),
        (
            lambda: SampledExpectations(
                Ansatz(2, 1, readout="probabilities"), 5, device=StatevectorEstimator()
            ).forward(ANGLES, X),
            TypeError,
            "device must count outcomes",
        ),
        (
            lambda: SampledExpectations(ANSATZ, device=qml.device("default.qubit", wires=1)).forward(
                ANGLES, X
            ),
            ValueError,
            "device must have at least the circuit's 2 wires",
        ),
    ],
)
def test_refuses(call, error, says):
    with pytest.raises(error, match=says):
        call()


def _gates(theta, x):
    """A circuit whose parameters stand twice, in sums, in a controlled turn and beside a feature."""
    return (
        Circuit(2)
        .ry(x[0], 0)
        .rx(2 * theta[0] - theta[1], 0)
        .cry(theta[2], 0, 1)
        .h(1)
        .rzz(theta[1] + 0.3, 0, 1)
        .ry(x[0] - theta[0], 1)
        .h(0)
        .cp(theta[2], 1, 0)
    )


@pytest.mark.parametrize("noise", [0.0, 0.2])
def test_counted_gradients_of_an_own_circuit_have_the_mean_and_the_spread_of_theory(noise):
    # 800 gradients of 50 shots. Means: 5.5 standard errors in 4 numbers, 2e-7. Spreads: three numbers of relative error
    # 1/sqrt(2 * 800) = 0.025, allowed 6 of it (the sums of many binomials are close to normal), 6e-9
    shots, many = 50, 800
    names, x = parameters("theta", 3), parameters("x", 1)
    ansatz = CircuitAnsatz(_gates(names, x), [{"ZI": 0.5, "ZZ": 1.0}])
    order = [name.index[0] for name in ansatz.ansatz.parameters if name.vector == "theta"]
    theta, turn, dz = np.array([0.7, -1.1, 0.4]), np.array([[0.9]]), np.ones((1, 1))
    _, tape = ansatz.forward(theta[order], ansatz.encode(turn))
    of_angles, of_features = ansatz.backward_to_features(tape, dz)
    counted = SampledExpectations(ansatz, shots, noise=noise, rng=0)
    at = counted.forward(theta[order], turn)[1]
    both = [counted.backward_to_features(at, dz) for _ in range(many)]
    found = np.array([np.append(a, f) for a, f in both])
    exact = (1 - noise) * np.append(of_angles, of_features)
    off = (found.mean(axis=0) - exact) / (found.std(axis=0) / np.sqrt(many))
    assert np.abs(off).max() < 5.5
    # The theory by hand: a gate turned by s more has an outcome o of variance v(s); the rule weighs each run by r, and an
    # angle that turns the gate w times as fast by w r.
    outcome = np.array([1.5, -0.5, -1.5, 0.5])

    def variance(place, shift):
        bound = ansatz.circuit(theta[order], turn[0])
        further = Circuit(2)
        for number, step in enumerate(bound.operations):
            turned = () if step.angle is None else (float(step.angle) + (shift if number == place else 0.0),)
            further = getattr(further, step.name)(*turned, *step.wires)
        chance = (1 - noise) * np.abs(further.run()) ** 2 + noise / 4
        return (chance @ outcome**2 - (chance @ outcome) ** 2) / shots

    plus, minus = (np.sqrt(2) + 1) / (4 * np.sqrt(2)), (np.sqrt(2) - 1) / (4 * np.sqrt(2))
    two, four = [(np.pi / 2, 0.5)], [(np.pi / 2, plus), (3 * np.pi / 2, minus)]
    gates = [
        (1, {0: 2, 1: -1}, two),
        (2, {2: 1}, four),
        (4, {1: 1}, two),
        (5, {0: -1}, two),
        (7, {2: 1}, two),
    ]
    spread = np.zeros(3)
    for place, slopes, rule in gates:
        total = sum(r**2 * variance(place, side * s) for s, r in rule for side in (1, -1))
        for name, slope in slopes.items():
            spread[name] += slope**2 * total
    for run in (found[:, :3], np.array([counted.backward(at, dz) for _ in range(many)])):
        np.testing.assert_allclose(run.std(axis=0), np.sqrt(spread[order]), rtol=6 / np.sqrt(2 * many))
