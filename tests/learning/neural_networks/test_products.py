"""Products of parameters: networks with trained factors have the values of the run and the gradients of four other ways."""

import pickle

import numpy as np
import pennylane as qml
import pytest
from hypothesis import given, settings, strategies as st
from pennylane import numpy as pnp
from qiskit.primitives import StatevectorEstimator

from qlearn.learning.neural_networks import (
    CircuitAnsatz,
    QNNClassifier,
    QNNRegressor,
    SampledExpectations,
    adjoint,
    as_jax,
    as_torch,
    jacobian,
)
from qlearn.learning.neural_networks._products import Products, products_of
from qlearn.qubits import Circuit, Parameter, expectation, parameters

GATES = ("rx", "ry", "rz", "p", "cp", "crx", "cry", "crz", "rxx", "ryy", "rzz")
W, B, X = Parameter("w"), Parameter("b"), parameters("x", 2)
REUPLOADING = Circuit(1).rz(W * X[0] + B, 0).ry(2 * (np.pi - X[0]) * (1 - X[1]), 0).rz(B * X[1], 0)
CASES = [
    Circuit(1).ry(W * X[0], 0),  # no angle of its own is trained
    REUPLOADING,
    Circuit(2)
    .ry(W * B, 0)
    .cx(0, 1)
    .rx(W, 1)
    .ry(0.3 * W * B + 1, 1),  # no features: it starts in encoded states
    Circuit(2).ry(X[0] * X[1], 0).cx(0, 1).rx(W, 1).ry(X[0], 1),
    Circuit(2).h(0).crx(-0.5 * W * B + X[1] * B, 0, 1).rxx(W + X[0], 0, 1).cp(X[0] * W, 1, 0).ry(X[1], 1),
]


def drawn(rng, n, features, trained, gates):
    """A random circuit whose angles are sums of numbers, parameters and products of two; each parameter occurs."""
    free = [*parameters("theta", trained), *parameters("x", max(features, 1))[:features]]

    def term():
        if len(free) > 1 and rng.random() < 0.6:
            one, two = rng.choice(len(free), 2, replace=False)
            return free[one] * free[two] * float(rng.normal())
        return free[rng.integers(len(free))] * float(rng.normal())

    circuit = Circuit(n)
    for place in rng.permutation(len(free)):
        other = free[place - 1]
        factor = other if other != free[place] and rng.random() < 0.5 else 1.0
        circuit = circuit.h(0).ry(free[place] * factor, int(rng.integers(n)))
    for _ in range(gates):
        wires = [int(wire) for wire in rng.permutation(n)]
        name = str(rng.choice(GATES if n > 1 else GATES[:4]))
        angle = term() + term() + float(rng.choice([0.0, 0.4]))
        circuit = getattr(circuit, name)(angle, *wires[: 1 if name in GATES[:4] else 2])
    return circuit


def weighed(ansatz, angles, inputs, dz):
    """A loss of the values and its two gradients."""
    z, tape = ansatz.forward(angles, inputs)
    return z, ansatz.backward(tape, dz), ansatz.backward_to_features(tape, dz)


def by_hand(circuit, word, angles, rows):
    """Value and slopes of each row: the adjoint of the bound circuit gate by gate, and the chain rule from slopes of angles."""
    trained = [p for p in circuit.parameters if p.vector != "x"]
    features = parameters("x", rows.shape[1])
    values, of_angles, of_features = [], [], []
    turns = [step.angle for step in circuit.operations if step.angle is not None]
    for row in rows:
        known = dict(zip([*trained, *features], [*angles, *row], strict=True))
        bound = circuit.bind({p: known[p] for p in circuit.parameters})
        values.append(expectation(bound.run(), word))
        of_gates = adjoint(bound, word)

        def slope(parameter, of_gates=of_gates, known=known):
            weights = [turn.weight(parameter) for turn in turns]
            return sum(
                s * (w.bind({p: known[p] for p in w.parameters}) if hasattr(w, "bind") else w)
                for s, w in zip(of_gates, weights, strict=True)
            )

        of_angles.append([slope(p) for p in trained])
        of_features.append([slope(p) for p in features])
    return np.array(values), np.array(of_angles), np.array(of_features)


@settings(max_examples=40)
@given(
    n=st.integers(1, 3),
    features=st.integers(1, 3),
    trained=st.integers(1, 4),
    gates=st.integers(0, 10),
    samples=st.sampled_from([1, 3, 20]),
    seed=st.integers(0, 2**32 - 1),
)
def test_gradients_are_those_of_the_adjoint_and_the_chain_rule(n, features, trained, gates, samples, seed):
    rng = np.random.default_rng(seed)
    circuit, word = drawn(rng, n, features, trained, gates), "".join(rng.choice(list("XYZ"), n))
    ansatz = CircuitAnsatz(circuit, word)
    angles, rows = rng.uniform(-2, 2, ansatz.shape), rng.uniform(-2, 2, (samples, features))
    dz = rng.normal(size=(samples, 1))
    z, plain, (slopes, of_rows) = weighed(ansatz, angles, ansatz.encode(rows), dz)
    values, of_angles, of_features = by_hand(circuit, word, angles, rows)
    np.testing.assert_allclose(z[:, 0], values, atol=1e-10)
    np.testing.assert_allclose(slopes, (dz * of_angles).sum(axis=0), atol=1e-9)
    np.testing.assert_allclose(plain, slopes, atol=1e-10)
    np.testing.assert_allclose(of_rows, dz * of_features, atol=1e-9)


@settings(max_examples=15)
@given(
    n=st.integers(1, 3), trained=st.integers(1, 3), features=st.integers(0, 2), seed=st.integers(0, 2**32 - 1)
)
def test_without_shots_the_shift_rule_and_the_chain_rule_say_the_same(n, trained, features, seed):
    rng = np.random.default_rng(seed)
    ansatz = CircuitAnsatz(drawn(rng, n, features, trained, 5), "local")
    angles, rows = rng.uniform(-2, 2, ansatz.shape), rng.uniform(-2, 2, (4, features or n))
    dz = rng.normal(size=(4, n))
    z, plain, (slopes, of_rows) = weighed(ansatz, angles, ansatz.encode(rows), dz)
    found = weighed(SampledExpectations(ansatz, shots=None), angles, rows, dz)
    np.testing.assert_allclose(found[0], z, atol=1e-9)
    np.testing.assert_allclose(found[1], plain, atol=1e-9)
    np.testing.assert_allclose(found[2][0], slopes, atol=1e-9)
    np.testing.assert_allclose(found[2][1], of_rows, atol=1e-9)


@pytest.mark.parametrize("circuit", CASES, ids=str)
@pytest.mark.parametrize("readout", ["expectations", "probabilities"])
def test_gradients_are_those_of_small_steps(circuit, readout):
    ansatz, rng, step = CircuitAnsatz(circuit, readout=readout), np.random.default_rng(0), 1e-5
    angles, rows = rng.normal(size=ansatz.shape), rng.normal(size=(5, ansatz.n_features or circuit.n_qubits))
    z, _ = ansatz.forward(angles, ansatz.encode(rows))
    dz = rng.normal(size=z.shape)

    def loss(angles, rows):
        return (ansatz.forward(angles, ansatz.encode(rows))[0] * dz).sum()

    _, _, (slopes, of_rows) = weighed(ansatz, angles, ansatz.encode(rows), dz)
    moves = step * np.eye(len(angles))
    by_steps = [(loss(angles + move, rows) - loss(angles - move, rows)) / (2 * step) for move in moves]
    np.testing.assert_allclose(slopes, by_steps, atol=1e-8)
    for place in np.ndindex(rows.shape):
        move = np.zeros_like(rows)
        move[place] = step
        change = loss(angles, rows + move) - loss(angles, rows - move)
        np.testing.assert_allclose(of_rows[place], change / (2 * step), atol=1e-8)


def test_values_and_gradients_are_those_of_pennylane():
    rng = np.random.default_rng(1)
    angles, rows = rng.normal(size=2), rng.normal(size=(3, 2))

    @qml.qnode(qml.device("default.qubit"))
    def node(angles, row):
        w, b = angles
        qml.Hadamard(0)
        qml.RZ(w * row[0] + b, wires=0)
        qml.RY(2 * (np.pi - row[0]) * (1 - row[1]), wires=0)
        qml.RZ(b * row[1], wires=0)
        return qml.expval(qml.PauliX(0))

    ansatz = CircuitAnsatz(Circuit(1).h(0).then(REUPLOADING), "X")
    z, _, (slopes, of_rows) = weighed(ansatz, angles, ansatz.encode(rows), np.ones((3, 1)))
    one, two = zip(
        *(qml.grad(node)(*(pnp.array(each, requires_grad=True) for each in (angles, row))) for row in rows),
        strict=True,
    )
    np.testing.assert_allclose(z[:, 0], [node(angles, row) for row in rows], atol=1e-12)
    np.testing.assert_allclose(slopes, np.sum(one, axis=0), atol=1e-12)
    np.testing.assert_allclose(of_rows, two, atol=1e-12)


@pytest.mark.parametrize("circuit", CASES, ids=str)
def test_devices_read_and_differentiate_the_same(circuit):
    ansatz, rng = CircuitAnsatz(circuit), np.random.default_rng(2)
    angles, rows = rng.normal(size=ansatz.shape), rng.normal(size=(3, ansatz.n_features or circuit.n_qubits))
    dz = rng.normal(size=(3, circuit.n_qubits))
    exact = weighed(ansatz, angles, ansatz.encode(rows), dz)
    for device in (StatevectorEstimator(), qml.device("default.qubit")):
        found = weighed(SampledExpectations(ansatz, shots=None, device=device), angles, rows, dz)
        for ours, theirs in zip((*exact[:2], *exact[2]), (*found[:2], *found[2]), strict=True):
            np.testing.assert_allclose(ours, theirs, atol=1e-9)


def test_states_may_come_first():
    products_only = CircuitAnsatz(CASES[2])
    angles, rows = np.array([0.4, 1.1]), np.random.default_rng(3).normal(size=(4, 2))
    states, dz = products_only.encode(rows), np.ones((4, 2))
    counted = SampledExpectations(products_only, shots=None)
    z, tape = counted.forward(angles, states)
    exact, kept = products_only.forward(angles, states)
    np.testing.assert_allclose(z, exact, atol=1e-12)
    np.testing.assert_allclose(counted.backward(tape, dz), products_only.backward(kept, dz), atol=1e-9)
    featured = CircuitAnsatz(CASES[4])
    z, _ = featured.forward(angles[: featured.shape[0]], rows, states)
    whole = [featured.circuit(angles, row).run(state) for row, state in zip(rows, states, strict=True)]
    np.testing.assert_allclose(z[:, 0], [expectation(state, "ZI") for state in whole], atol=1e-12)


def test_counted_gradients_have_the_exact_mean():
    # 400 gradients of 100 shots: the mean is within 5.5 sd of the exact one in each of 2 entries, false alarm 8e-8
    ansatz, rng = CircuitAnsatz(Circuit(1).h(0).then(REUPLOADING), "X"), np.random.default_rng(4)
    angles, rows, dz = rng.normal(size=2), rng.normal(size=(2, 2)), np.ones((2, 1))
    exact = weighed(ansatz, angles, ansatz.encode(rows), dz)[1]
    counted = SampledExpectations(ansatz, shots=100, rng=5)
    drawn = np.array([weighed(counted, angles, rows, dz)[1] for _ in range(400)])
    spread = drawn.std(axis=0, ddof=1) / 20
    assert (spread > 0).all()
    assert (np.abs(drawn.mean(axis=0) - exact) < 5.5 * spread).all()


def test_row_slopes_add_up():
    ansatz, rows = CircuitAnsatz(REUPLOADING), np.random.default_rng(6).normal(size=(4, 2))
    slopes = jacobian(ansatz, [0.3, 0.5], rows)
    plain = weighed(ansatz, np.array([0.3, 0.5]), ansatz.encode(rows), np.ones((4, 1)))[1]
    np.testing.assert_allclose(slopes.sum(axis=(0, 1)), plain, atol=1e-12)


def layered(depth):
    """The classifier of Pérez-Salinas et al.: in each layer a trained factor and a trained offset of each feature."""
    w, b, x = parameters("w", depth, 2), parameters("b", depth, 2), parameters("x", 2)
    circuit = Circuit(1)
    for factors, offsets in zip(w, b, strict=True):
        circuit = circuit.rz(factors[0] * x[0] + offsets[0], 0).ry(factors[1] * x[1] + offsets[1], 0)
    return circuit


@pytest.mark.parametrize("options", [{}, {"optimizer": "l-bfgs"}, {"shots": 50, "epochs": 2}], ids=str)
def test_networks_train_it(options):
    rng = np.random.default_rng(7)
    rows = rng.uniform(-1, 1, (30, 2))
    inside = (rows**2).sum(axis=1) < 0.6
    network = QNNClassifier(
        ansatz=layered(3), encoding=None, random_state=0, **({"epochs": 30} | options)
    ).fit(rows, inside)
    assert network.loss_curve_[-1] < network.loss_curve_[0]
    copy = pickle.loads(pickle.dumps(network))
    np.testing.assert_array_equal(copy.predict(rows), network.predict(rows))


def test_the_other_networks_train_it():
    rows = np.random.default_rng(8).uniform(-1, 1, (20, 2))
    curve = (
        QNNRegressor(ansatz=layered(2), encoding=None, epochs=20, random_state=0)
        .fit(rows, rows[:, 0])
        .loss_curve_
    )
    assert curve[-1] < curve[0]
    # behind an encoding, where states differ from row to row before the first factor
    wide = Circuit(2).ry(W * X[0] + B, 0).cx(0, 1).ry(W * X[1], 1)
    both = QNNRegressor(ansatz=wide, encoding="phase", epochs=20, random_state=0).fit(rows, rows[:, 0])
    assert both.loss_curve_[-1] < both.loss_curve_[0]


def test_torch_follows_it():
    torch = pytest.importorskip("torch", reason="torch is an optional extra")
    angles, rows = np.array([0.3, -0.8]), np.random.default_rng(9).normal(size=(3, 2))
    layer, features = as_torch(REUPLOADING, angles), torch.tensor(rows, requires_grad=True)
    layer(features).sum().backward()
    ansatz = CircuitAnsatz(REUPLOADING)
    _, _, (slopes, of_rows) = weighed(ansatz, angles, ansatz.encode(rows), np.ones((3, 1)))
    np.testing.assert_allclose(layer.angles.grad, slopes, atol=1e-10)
    np.testing.assert_allclose(features.grad, of_rows, atol=1e-10)


@pytest.fixture
def jax():
    found = pytest.importorskip("jax", reason="jax is an optional extra")
    # for the whole process: what a `with` sets is not seen by the threads that run callbacks
    before = found.config.jax_enable_x64
    found.config.update("jax_enable_x64", True)
    yield found
    found.config.update("jax_enable_x64", before)


def test_jax_follows_it(jax):
    rows, angles = np.random.default_rng(10).normal(size=(3, 2)), np.array([0.3, -0.8])
    ansatz, f = CircuitAnsatz(REUPLOADING), as_jax(REUPLOADING)
    slopes, of_rows = jax.jit(jax.grad(lambda a, x: f(a, x).sum(), argnums=(0, 1)))(angles, rows)
    _, _, exact = weighed(ansatz, angles, ansatz.encode(rows), np.ones((3, 1)))
    np.testing.assert_allclose(slopes, exact[0], atol=1e-10)
    np.testing.assert_allclose(of_rows, exact[1], atol=1e-10)


def test_what_holds_no_product_is_compiled_as_ever():
    plain = Circuit(2).ry(X[0], 0).rx(2 * W + B, 1)
    assert products_of(plain) is None
    assert CircuitAnsatz(plain).phases_kept == 1
    assert CircuitAnsatz(REUPLOADING).phases_kept == 0
    products = Products(REUPLOADING)
    assert not any(
        isinstance(term, tuple) for step in products.circuit.operations for term, _ in step.angle.terms
    )


def test_refuses_rows_that_do_not_fit():
    with pytest.raises(ValueError, match="X must have the 2 features"):
        CircuitAnsatz(REUPLOADING).encode(np.zeros((3, 1)))
    with pytest.raises(ValueError, match="X must have the 2 features"):
        CircuitAnsatz(REUPLOADING).forward(np.zeros(2), np.zeros((3, 1)))
    with pytest.raises(ValueError, match="free angle to train"):
        CircuitAnsatz(Circuit(1).ry(X[0] * X[1], 0))
