"""The circuit as a layer of PyTorch: values and gradients to 1e-10, gradcheck, training, and refusals."""

import numpy as np
import pytest

from qlearn.learning.neural_networks import Ansatz, CircuitAnsatz, adjoint, as_torch
from qlearn.qubits import Circuit, expectation, parameters

CASES = [
    (Ansatz(1, 1), 3),
    (Ansatz(3, 2, reupload=True), 4),
    (Ansatz(3, 2, "linear", observables=["ZZI", "IIZ"]), 11),
    (Ansatz(2, 3, observables="global"), 1),
    (Ansatz(2, 1, observables=[{"XX": 0.5, "ZI": -1.0}, "YZ"]), 5),
    (Ansatz(2, 2, readout="probabilities"), 3),
]


def own_circuit():
    """Features in two places, one of them weighed, between trained turns; theta[1] stands twice."""
    x, theta = parameters("x", 2), parameters("theta", 3)
    return (
        Circuit(2).ry(x[0], 0).rx(theta[0], 1).rz(2 * x[1], 1).cx(0, 1).ry(theta[1], 0).rx(x[0], 1).cx(1, 0)
        .ry(theta[1], 1).crx(theta[2], 0, 1)
    )  # fmt: skip


def shifted(circuit, angles, X):
    """Central differences of the circuit that is run, gate by gate: right to 1e-9."""
    names, step = [p for p in circuit.parameters if p.vector != "x"], 1e-5

    def read(angles, X):
        bound = circuit.bind(dict(zip(names, angles, strict=True))).bind({"x": X})
        return np.stack([expectation(bound.run(), word) for word in ("ZI", "IZ")], axis=-1).sum()

    of_angles = [(read(angles + s, X) - read(angles - s, X)) / (2 * step) for s in step * np.eye(3)]
    of_features = np.empty_like(X)
    for at in np.ndindex(X.shape):
        move = np.zeros_like(X)
        move[at] = step
        of_features[at] = (read(angles, X + move) - read(angles, X - move)) / (2 * step)
    return np.array(of_angles), of_features


@pytest.fixture
def torch():
    found = pytest.importorskip("torch", reason="torch is an optional extra")
    found.manual_seed(7)
    return found


def problem(ansatz, rows, seed=0):
    rng = np.random.default_rng(seed)
    angles = rng.uniform(-np.pi, np.pi, ansatz.shape)
    return angles, rng.uniform(-2, 2, (rows, ansatz.n_qubits)), rng.normal(size=(rows, len(ansatz.measured)))


@pytest.mark.parametrize(("ansatz", "rows"), CASES)
def test_values_and_gradients_are_those_of_the_circuit(torch, ansatz, rows):
    angles, X, weights = problem(ansatz, rows)
    layer = as_torch(ansatz, angles)
    features = torch.tensor(X, requires_grad=True)
    z = layer(features)
    (z * torch.tensor(weights)).sum().backward()
    exact, tape = ansatz.forward(angles, ansatz.encode(X))
    of_angles, of_features = ansatz.backward_to_features(tape, weights)
    np.testing.assert_allclose(z.detach(), exact, atol=1e-10)
    np.testing.assert_allclose(layer.angles.grad, of_angles, atol=1e-10)
    np.testing.assert_allclose(features.grad, of_features, atol=1e-10)


def test_gradient_equals_that_of_the_circuit_gate_by_gate(torch):
    """The oracle is `adjoint` of the circuit itself, feature gates first, which no layer of the fast path shares."""
    ansatz = Ansatz(2, 2)
    angles, X, _ = problem(ansatz, 1)
    layer, x = as_torch(ansatz, angles), torch.tensor(X[0], requires_grad=True)
    layer(x)[0].backward()
    slopes = adjoint(ansatz.circuit(angles, X[0]), "ZI")
    first = slopes[:6].reshape(2, 3)
    np.testing.assert_allclose(x.grad, first[:, 0], atol=1e-10)
    np.testing.assert_allclose(layer.angles.grad[0], first[:, 1:], atol=1e-10)
    np.testing.assert_allclose(layer.angles.grad[1], slopes[6:].reshape(2, 2), atol=1e-10)


def test_equals_pennylanes_node_in_pytorch(torch):
    """The oracle is another library's simulator and PyTorch's own backpropagation through it."""
    import pennylane as qml

    @qml.qnode(qml.device("default.qubit", wires=3), interface="torch", diff_method="backprop")
    def node(angles, x):
        for wire in range(3):
            qml.Hadamard(wire)
        for layer in angles:
            for wire in range(3):
                qml.RZ(x[:, wire], wire)
                qml.RZ(layer[wire, 0], wire)
                qml.RY(layer[wire, 1], wire)
            qml.CNOT([0, 1])
            qml.CNOT([1, 2])
        return qml.expval(qml.X(0) @ qml.Y(2)), qml.expval(qml.Z(1))

    angles, X, weights = problem(Ansatz(3, 2, "linear", reupload=True, observables=["XIY", "IZI"]), 4)
    layer = as_torch(Ansatz(3, 2, "linear", reupload=True, observables=["XIY", "IZI"]), angles)
    theirs = torch.tensor(angles, requires_grad=True)
    mine, other = (torch.tensor(X, requires_grad=True) for _ in range(2))
    ours, hers = layer(mine), torch.stack(node(theirs, other), dim=-1)
    for z in (ours, hers):
        (z * torch.tensor(weights)).sum().backward()
    for a, b in ((ours, hers), (layer.angles.grad, theirs.grad), (mine.grad, other.grad)):
        np.testing.assert_allclose(a.detach(), b.detach(), atol=1e-10)


@pytest.mark.parametrize(("ansatz", "rows"), CASES)
def test_gradcheck(torch, ansatz, rows):
    layer = as_torch(ansatz)
    features = torch.tensor(problem(ansatz, rows)[1], requires_grad=True)
    assert torch.autograd.gradcheck(
        lambda angles, x: torch.func.functional_call(layer, {"angles": angles}, (x,)),
        (layer.angles, features),
    )


def test_a_circuit_of_ones_own_is_a_layer(torch):
    rng = np.random.default_rng(3)
    angles, X = rng.uniform(-3, 3, 3), rng.uniform(-1, 1, (4, 2))
    layer, x = as_torch(own_circuit(), angles), torch.tensor(X, requires_grad=True)
    layer(x).sum().backward()
    of_angles, of_features = shifted(own_circuit(), angles, X)
    np.testing.assert_allclose(layer.angles.grad, of_angles, atol=1e-8)
    np.testing.assert_allclose(x.grad, of_features, atol=1e-8)
    assert torch.autograd.gradcheck(layer, (x,))


def test_a_second_derivative_is_refused_with_the_reason(torch):
    layer = as_torch(Ansatz(2, 1))
    x = torch.ones(1, 2, dtype=torch.float64, requires_grad=True)
    (slope,) = torch.autograd.grad(layer(x).sum(), x, create_graph=True)  # this much is right
    np.testing.assert_allclose(slope.detach(), torch.autograd.grad(layer(x).sum(), x)[0], atol=1e-12)
    with pytest.raises(NotImplementedError, match="second derivatives of the circuit are not computed"):
        slope.sum().backward()


def test_trains_between_dense_layers_in_single_precision(torch):
    """A parity of two signs, which no linear layer alone can tell: mean squared error of a constant is 1."""
    X = torch.rand(200, 2) * 2 - 1
    y = torch.sign(X[:, :1] * X[:, 1:])
    network = torch.nn.Sequential(torch.nn.Linear(2, 2), as_torch(Ansatz(2, 2)), torch.nn.Linear(2, 1))
    optimizer = torch.optim.Adam(network.parameters(), 0.05)
    for _ in range(150):
        optimizer.zero_grad()
        loss = torch.nn.functional.mse_loss(network(X), y)
        loss.backward()
        optimizer.step()
    assert network[1](X).dtype == torch.float32
    assert loss.item() < 0.5


def test_rows_of_any_shape_none_at_all_and_the_seed(torch):
    layer = as_torch(Ansatz(2, 1, observables=["ZZ", "ZI", "IZ"]))
    x = torch.rand(4, 5, 2, dtype=torch.float64)
    assert layer(x).shape == (4, 5, 3)
    assert torch.allclose(layer(x)[1, 2], layer(x[1, 2]), atol=1e-14)
    assert layer(x[:0]).shape == (0, 5, 3)
    torch.manual_seed(1)
    first = as_torch(layer.ansatz).angles
    torch.manual_seed(1)
    assert torch.equal(first, as_torch(layer.ansatz).angles)
    assert first.abs().max() <= np.pi
    assert "n_qubits=2" in repr(layer)


@pytest.mark.parametrize(
    ("angles", "says"),
    [
        (np.zeros(3), r"angles must have the shape \(1, 2, 2\) of this circuit, not \(3,\)"),
        (np.full((1, 2, 2), np.nan), "angles must be finite"),
    ],
)
def test_refuses_angles(torch, angles, says):
    with pytest.raises(ValueError, match=says):
        as_torch(Ansatz(2, 1), angles)


def test_without_torch_it_says_what_to_install(monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "torch", None)
    with pytest.raises(ModuleNotFoundError, match=r"torch is not installed.*pip install 'qlearn\[torch\]'"):
        as_torch(Ansatz(1, 1))


def test_refuses_what_is_no_circuit():
    with pytest.raises(TypeError, match="ansatz must be an Ansatz such as"):
        as_torch(Ansatz)


def test_a_circuit_without_features_runs_from_zero(torch):
    t = parameters("t", 2)
    free = Circuit(2).rx(t[0], 0).ry(t[1], 1).cx(0, 1).rx(2 * t[0], 1)  # one parameter in two gates
    layer = as_torch(free, [0.3, 0.7])
    z = layer()
    z.sum().backward()
    bound = free.bind([0.3, 0.7])
    np.testing.assert_allclose(
        z.detach(), [expectation(bound.run(), word) for word in ("ZI", "IZ")], atol=1e-12
    )
    by_gate = adjoint(bound, {"ZI": 1.0, "IZ": 1.0})
    np.testing.assert_allclose(layer.angles.grad, [by_gate[0] + 2 * by_gate[2], by_gate[1]], atol=1e-12)
    several = layer(torch.zeros(3, 0, dtype=torch.float64))
    np.testing.assert_allclose(several.detach(), np.tile(z.detach(), (3, 1)), atol=1e-12)
    # given a feature for each wire it still starts in the states of "phase"
    ansatz = CircuitAnsatz(free)
    X = np.array([[0.1, 0.2]])
    there = ansatz.forward(np.array([0.3, 0.7]), ansatz.encode(X))[0]
    np.testing.assert_allclose(layer(torch.tensor(X)).detach(), there, atol=1e-12)
    with pytest.raises(TypeError, match=r"features must be given, shape \(..., n_features\)"):
        as_torch(free.ry(parameters("x", 1)[0], 0))()
