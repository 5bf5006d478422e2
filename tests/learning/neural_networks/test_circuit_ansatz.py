"""Any circuit as an ansatz: values as the circuit's run has them, gradients by four other ways, features wherever they stand."""

import pickle

import numpy as np
import pytest
from hypothesis import given, strategies as st

from qlearn.learning.neural_networks import Ansatz, CircuitAnsatz, adjoint
from qlearn.learning.neural_networks._readout import observable_strings
from qlearn.qubits import Circuit, Parameter, expectation, parameters, probabilities
from tests.learning.neural_networks.test_compile import layered

ONE = ("x", "y", "z", "h", "s", "sdg", "t", "tdg", "rx", "ry", "rz", "p")
TWO = ("cx", "cz", "swap", "cp", "crx", "cry", "crz", "rxx", "ryy", "rzz")
ANGLED = ("rx", "ry", "rz", "p", "cp", "crx", "cry", "crz", "rxx", "ryy", "rzz")


def drawn_circuit(rng, n, features, trained, gates):
    """A random circuit of every gate there is, in which each parameter occurs; angles are sums of features and others."""
    theta, x = parameters("theta", trained), parameters("x", max(features, 1))[:features]
    circuit = Circuit(n)

    def angle():
        terms = rng.normal() if rng.random() < 0.1 else theta[rng.integers(trained)] * rng.choice([1.0, -0.7])
        if rng.random() < 0.3:
            terms = terms + theta[rng.integers(trained)] + 0.3
        if features and rng.random() < 0.4:
            terms = terms + x[rng.integers(features)] * float(rng.normal())
        return x[rng.integers(features)] if features and rng.random() < 0.3 else terms

    for parameter in rng.permutation([*theta, *x]):
        circuit = getattr(circuit, str(rng.choice(["rx", "ry"])))(parameter, int(rng.integers(n)))
    for _ in range(gates):
        wires = [int(wire) for wire in rng.permutation(n)]
        name = str(rng.choice([*ONE, "unitary", *(TWO if n > 1 else ()), *(("ccx",) if n > 2 else ())]))
        needs = 1 if name in ONE else 3 if name == "ccx" else 2
        if name == "unitary":
            needs = min(n, int(rng.integers(1, 3)))
            size = (1 << needs, 1 << needs)
            matrix = np.linalg.qr(rng.normal(size=size) + 1j * rng.normal(size=size))[0]
            circuit = circuit.unitary(matrix, *wires[:needs])
        elif name in ANGLED:
            circuit = getattr(circuit, name)(angle(), *wires[:needs])
        else:
            circuit = getattr(circuit, name)(*wires[:needs])
    return circuit


def drawn_observables(rng, n):
    words = ["".join(rng.choice(list("IXYZ"), n)) for _ in range(3)]
    first, second, third = (word if word.strip("I") else "Y" * n for word in words)
    return [{first: 0.7, second: -1.2}, third, "Z" * n]


def means(ansatz, angles, X):
    """The values that the circuit's own run gives, by the library's general expectation."""
    states = ansatz.circuit(angles, X).run()
    states = np.broadcast_to(states, (len(X), states.shape[-1]))
    columns = []
    for one in observable_strings(ansatz.observables, ansatz.n_qubits):
        terms = one if isinstance(one, dict) else {one: 1.0}
        columns.append(sum(weight * expectation(states, word) for word, weight in terms.items()))
    return np.stack(columns, axis=-1)


@given(
    n=st.integers(1, 4),
    features=st.integers(0, 3),
    trained=st.integers(1, 4),
    gates=st.integers(0, 20),
    samples=st.sampled_from([1, 3, 20]),  # fewer and more than the basis states
    seed=st.integers(0, 2**32 - 1),
)
def test_values_are_those_of_the_run_and_gradients_those_of_differences(
    n, features, trained, gates, samples, seed
):
    rng = np.random.default_rng(seed)
    ansatz = CircuitAnsatz(drawn_circuit(rng, n, features, trained, gates), drawn_observables(rng, n))
    angles, X = rng.uniform(-3, 3, ansatz.shape), rng.uniform(-3, 3, (samples, features or n))
    z, tape = ansatz.forward(angles, ansatz.encode(X))
    assert np.allclose(z, means(ansatz, angles, X), atol=1e-12)

    dz = rng.normal(size=z.shape)
    of_angles, of_features = ansatz.backward_to_features(tape, dz)
    assert np.allclose(ansatz.backward(tape, dz), of_angles, atol=1e-12)
    step = 1e-5
    for k in range(len(angles)):
        moved = step * np.eye(len(angles))[k]
        ahead, behind = means(ansatz, angles + moved, X), means(ansatz, angles - moved, X)
        assert of_angles[k] == pytest.approx(((ahead - behind) * dz).sum() / (2 * step), abs=1e-6)
    for k in range(X.shape[1]):
        moved = step * np.eye(X.shape[1])[k]
        ahead, behind = means(ansatz, angles, X + moved), means(ansatz, angles, X - moved)
        assert np.allclose(of_features[:, k], ((ahead - behind) * dz).sum(axis=1) / (2 * step), atol=1e-6)


@given(st.integers(0, 2**32 - 1))
def test_gradient_equals_that_of_adjoint_differentiation_gate_by_gate(seed):
    rng = np.random.default_rng(seed)
    circuit = drawn_circuit(rng, 3, 2, 3, 15)
    ansatz = CircuitAnsatz(circuit, {"XYZ": 0.5, "ZIX": 1.0})
    angles, X = rng.uniform(-3, 3, ansatz.shape), rng.uniform(-3, 3, (1, 2))
    _, tape = ansatz.forward(angles, X)
    of_angles, of_features = ansatz.backward_to_features(tape, np.ones((1, 1)))
    gates = adjoint(ansatz.circuit(angles, X[0]), {"XYZ": 0.5, "ZIX": 1.0})
    free = [step.angle for step in circuit.operations if step.angle is not None]
    for parameter in circuit.parameters:
        chain = sum(
            slope * expression.weight(parameter)
            for slope, expression in zip(gates, free, strict=True)
            if hasattr(expression, "weight")
        )
        if parameter.vector == "x":
            assert of_features[0, parameter.index[0]] == pytest.approx(chain, abs=1e-10)
        else:
            place = [p for p in circuit.parameters if p.vector != "x"].index(parameter)
            assert of_angles[place] == pytest.approx(chain, abs=1e-10)


@pytest.mark.parametrize("reupload", [False, True])
@pytest.mark.parametrize("samples", [4, 40])
def test_the_librarys_own_layers_written_as_a_circuit(reupload, samples):
    named = Ansatz(3, 2, reupload=reupload)
    own = CircuitAnsatz(layered(named))
    rng = np.random.default_rng(0)
    angles, X = rng.normal(size=named.shape), rng.normal(size=(samples, 3))
    z, tape = named.forward(angles, named.encode(X))
    same, own_tape = own.forward(angles.ravel(), own.encode(X))
    assert own.measured == named.measured
    assert np.allclose(same, z, atol=1e-13)
    dz = rng.normal(size=z.shape)
    for ours, theirs in zip(
        own.backward_to_features(own_tape, dz), named.backward_to_features(tape, dz), strict=True
    ):
        assert np.allclose(ours, theirs.reshape(ours.shape), atol=1e-12)


# PennyLane's own derivative of CRX, of real angles through complex phases, says so; the slopes that it gives are real.
@pytest.mark.filterwarnings("ignore:Casting complex values to real")
def test_gradients_equal_pennylanes():
    import pennylane as qml
    from pennylane import numpy as pnp

    x, theta = parameters("x", 2), parameters("theta", 5)
    circuit = Circuit(3).h(0).ry(x[0], 1).rx(theta[0], 0).crx(theta[1], 0, 2).rzz(x[1] + theta[2], 1, 2)
    circuit = circuit.cx(0, 1).cry(theta[3], 2, 0).rxx(2 * theta[4], 0, 1).p(x[0], 2).cz(0, 2).ry(theta[0], 2)
    ansatz = CircuitAnsatz(circuit, [{"XIZ": 0.5, "IYI": -1.0}, "ZZZ"])
    rng = np.random.default_rng(0)
    angles, X, dz = rng.normal(size=5), rng.normal(size=(7, 2)), rng.normal(size=(7, 2))

    @qml.qnode(qml.device("default.qubit", wires=3), diff_method="backprop")
    def model(a, x):
        qml.Hadamard(0)
        qml.RY(x[:, 0], 1)
        qml.RX(a[0], 0)
        qml.CRX(a[1], [0, 2])
        qml.IsingZZ(x[:, 1] + a[2], [1, 2])
        qml.CNOT([0, 1])
        qml.CRY(a[3], [2, 0])
        qml.IsingXX(2 * a[4], [0, 1])
        qml.PhaseShift(x[:, 0], 2)
        qml.CZ([0, 2])
        qml.RY(a[0], 2)
        return [qml.expval(0.5 * qml.X(0) @ qml.Z(2) - qml.Y(1)), qml.expval(qml.Z(0) @ qml.Z(1) @ qml.Z(2))]

    def loss(a, x):
        return pnp.sum(pnp.stack(model(a, x), axis=-1) * dz)

    theirs = [pnp.array(values, requires_grad=True) for values in (angles, X)]
    z, tape = ansatz.forward(angles, ansatz.encode(X))
    assert np.allclose(z, np.stack(model(*theirs), axis=-1), atol=1e-10)
    for ours, grad in zip(ansatz.backward_to_features(tape, dz), qml.grad(loss)(*theirs), strict=True):
        assert np.allclose(ours, grad, atol=1e-10)


def test_gradients_equal_those_of_estimator_qnn():
    networks = pytest.importorskip(
        "qiskit_machine_learning.neural_networks", reason="qiskit-machine-learning is not installed: it is an oracle here"
    )  # fmt: skip
    from qiskit.circuit.library import real_amplitudes, zz_feature_map
    from qiskit.primitives import StatevectorEstimator
    from qiskit.quantum_info import SparsePauliOp
    from qiskit_machine_learning.gradients import ParamShiftEstimatorGradient

    maps = zz_feature_map(2, reps=1, data_map_func=lambda v: v[0] if len(v) == 1 else v[0] + v[1])
    layers = real_amplitudes(2, reps=1)
    estimator = StatevectorEstimator()
    network = networks.EstimatorQNN(
        circuit=maps.compose(layers), estimator=estimator, observables=[SparsePauliOp.from_list([("XZ", 0.5), ("ZI", 1.0)])],
        input_params=list(maps.parameters), weight_params=list(layers.parameters), input_gradients=True,
        gradient=ParamShiftEstimatorGradient(estimator), default_precision=0.0,
    )  # fmt: skip
    x, theta = parameters("x", 2), parameters("theta", 4)
    circuit = Circuit(2).h(0).h(1).p(2 * x[0], 0).p(2 * x[1], 1).cx(0, 1).p(2 * (x[0] + x[1]), 1).cx(0, 1)
    circuit = circuit.ry(theta[0], 0).ry(theta[1], 1).cx(0, 1).ry(theta[2], 0).ry(theta[3], 1)
    ansatz = CircuitAnsatz(circuit, {"ZX": 0.5, "IZ": 1.0})  # Qiskit writes qubit 0 last
    rng = np.random.default_rng(1)
    angles, X = rng.normal(size=4), rng.normal(size=(5, 2))
    z, tape = ansatz.forward(angles, ansatz.encode(X))
    assert np.allclose(z, network.forward(X, angles), atol=1e-10)
    of_inputs, of_weights = network.backward(X, angles)
    of_angles, of_features = ansatz.backward_to_features(tape, np.ones((5, 1)))
    assert np.allclose(of_angles, of_weights.sum(axis=(0, 1)), atol=1e-10)
    assert np.allclose(of_features, of_inputs[:, 0], atol=1e-10)


@pytest.mark.parametrize("readout", ["probabilities", lambda outcome: outcome.bit_count() % 2])
def test_a_samplers_readout(readout):
    rng = np.random.default_rng(0)
    ansatz = CircuitAnsatz(drawn_circuit(rng, 3, 2, 4, 12), readout=readout)
    angles, X = rng.normal(size=4), rng.normal(size=(6, 2))
    z, tape = ansatz.forward(angles, X)
    p = probabilities(ansatz.circuit(angles, X).run())
    parity = np.array([j.bit_count() % 2 for j in range(8)])
    expected = (
        p if readout == "probabilities" else np.stack([p[:, parity == k].sum(axis=1) for k in (0, 1)], 1)
    )
    assert np.allclose(z, expected, atol=1e-12)
    assert ansatz.measured == list(range(z.shape[1]))
    assert np.allclose(ansatz.backward(tape, np.ones_like(z)), 0, atol=1e-12)  # chances add up to one
    dz, step = rng.normal(size=z.shape), 1e-5
    slopes = ansatz.backward(tape, dz)
    for k in range(4):
        ahead, behind = (ansatz.forward(angles + s * step * np.eye(4)[k], X)[0] for s in (1, -1))
        assert slopes[k] == pytest.approx(((ahead - behind) * dz).sum() / (2 * step), abs=1e-7)


def test_a_circuit_with_features_may_start_in_other_states():
    rng = np.random.default_rng(0)
    ansatz = CircuitAnsatz(drawn_circuit(rng, 2, 2, 3, 8), ["XY", "ZI"])
    angles, X = rng.normal(size=3), rng.normal(size=(5, 2))
    before = Circuit(2).h(0).ry(X[:, 0], 1).cx(0, 1)
    z, tape = ansatz.forward(angles, X, before.run())
    states = before.then(ansatz.circuit(angles, X)).run()
    assert np.allclose(
        z, np.stack([expectation(states, "XY"), expectation(states, "ZI")], axis=-1), atol=1e-12
    )
    assert ansatz.backward(tape, np.ones_like(z)).shape == (3,)


def test_circuits_with_values_for_some():
    x, theta = parameters("x", 1), parameters("theta", 1)
    ansatz = CircuitAnsatz(Circuit(1).ry(theta[0], 0).rz(x[0], 0))
    assert ansatz.circuit([0.5]).parameters == (x[0],)
    assert ansatz.circuit([0.5], [[0.1], [0.2]]).shape == (2,)
    alone = CircuitAnsatz(Circuit(2).ry(theta[0], 0))
    assert repr(alone.circuit([0.5], [0.1, 0.2])) == "Circuit(2).h(0).rz(0.1, 0).h(1).rz(0.2, 1).ry(0.5, 0)"
    assert (ansatz.n_features, alone.n_features) == (1, 0)


def test_is_pickled_with_what_it_has_compiled():
    ansatz = CircuitAnsatz(Circuit(1).ry(Parameter("t"), 0).rz(Parameter("x[0]"), 0), "X")
    z, _ = ansatz.forward(np.ones(1), np.ones((2, 1)))
    again, _ = pickle.loads(pickle.dumps(ansatz)).forward(np.ones(1), np.ones((2, 1)))
    assert np.array_equal(z, again)


def test_refuses_arrays_that_do_not_fit():
    theta, x = parameters("theta", 2), parameters("x", 2)
    inside = CircuitAnsatz(Circuit(2).ry(theta[0], 0).ry(theta[1] + x[0], 1).rz(x[1], 0))
    with pytest.raises(ValueError, match=r"X must have the 2 features x\[0\] to x\[1\] that the ansatz uses"):
        inside.encode(np.zeros((4, 3)))
    for angles in (np.zeros(3), np.zeros((1, 2))):
        with pytest.raises(ValueError, match=r"angles must have shape \(2,\), one for each parameter"):
            inside.forward(angles, np.zeros((4, 2)))
        with pytest.raises(ValueError, match=r"angles must have shape \(2,\)"):
            inside.circuit(angles)
    with pytest.raises(ValueError, match="X must have 2 features on its last axis"):
        CircuitAnsatz(Circuit(2).ry(theta[0], 0)).encode(np.zeros((4, 3)))
    with pytest.raises(ValueError, match="observables must have one letter"):
        CircuitAnsatz(Circuit(2).ry(theta[0], 0), "ZZZ")
    with pytest.raises(ValueError, match="must have a free angle to train"):
        CircuitAnsatz(Circuit(2).h(0))


def test_angles_may_be_a_list():
    ansatz = CircuitAnsatz(Circuit(1).ry(parameters("x", 1)[0], 0).ry(Parameter("t"), 0), ["Z"])
    z, tape = ansatz.forward([0.4], ansatz.encode([[0.3]]))
    np.testing.assert_allclose(z, [[np.cos(0.7)]])
    np.testing.assert_allclose(ansatz.backward(tape, np.ones((1, 1))), [-np.sin(0.7)])
    with pytest.raises(ValueError, match=r"angles must have shape \(1,\), one for each parameter"):
        ansatz.forward([0.4, 0.5], ansatz.encode([[0.3]]))
