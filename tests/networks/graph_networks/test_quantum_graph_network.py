"""The circuit: reference values, matrices by hand, exact gradients, equivariance, and what it tells apart."""

from functools import reduce

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from scipy.linalg import expm

from qlearn.learning.neural_networks import adjoint
from qlearn.networks.graph_networks import QuantumGraphNetwork
from qlearn.qubits import expectation
from tests.networks.graph_networks.graphs import ANGLES, HEXAGON, KITE, TRIANGLES, X, drawn

Z, PAULI_X, ONE = np.diag([1.0, -1.0]), np.array([[0.0, 1.0], [1.0, 0.0]]), np.eye(2)


def on(n, *where):
    """Return a product of matrices on named wires."""
    return reduce(np.kron, [dict(where).get(wire, ONE) for wire in range(n)])


def by_matrices(x, weights, angles):
    """The definition with dense exponentials: the oracle."""
    n = len(x)
    coupling = sum(
        (weights[i, j] * on(n, (i, Z), (j, Z)) for i in range(n) for j in range(i)), np.zeros((2**n, 2**n))
    )
    mixer = sum(on(n, (i, PAULI_X)) for i in range(n))
    state = reduce(np.kron, [np.array([np.cos(t / 2), np.sin(t / 2)]) for t in x]).astype(complex)
    for gamma, beta in angles:
        state = expm(-1j * beta * mixer) @ expm(-1j * gamma * coupling) @ state
    return state


def test_reference_values():
    z, zz = QuantumGraphNetwork(2).expectations(X, KITE, ANGLES)
    np.testing.assert_allclose(z, [0.1044803196, 0.3588686443, 0.5752973179, 0.6574755935], atol=1e-10)
    assert zz[0, 1] == pytest.approx(0.0923218201, abs=1e-10)
    np.testing.assert_allclose(np.diag(zz), 1)


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 4), st.integers(1, 3), st.integers(0, 10**6))
def test_equals_the_definition(n, layers, seed):
    rng = np.random.default_rng(seed)
    x, weights = drawn(n, rng)
    angles = rng.uniform(-2, 2, (layers, 2))
    state, network = by_matrices(x, weights, angles), QuantumGraphNetwork(layers)
    built = network.circuit(x, weights, angles).run()
    assert abs(np.vdot(state, built)) == pytest.approx(1, abs=1e-12)
    z, zz = network.expectations(x, weights, angles)
    for i in range(n):
        assert z[i] == pytest.approx(np.vdot(state, on(n, (i, Z)) @ state).real, abs=1e-12)
        for j in range(i):
            assert zz[i, j] == pytest.approx(np.vdot(state, on(n, (i, Z), (j, Z)) @ state).real, abs=1e-12)


def test_a_batch_is_its_rows():
    rng = np.random.default_rng(3)
    pairs = [drawn(3, rng) for _ in range(6)]
    x, weights = (np.array(part).reshape(2, 3, *part[0].shape) for part in zip(*pairs, strict=True))
    z, zz = QuantumGraphNetwork(2).expectations(x, weights, ANGLES)
    state = QuantumGraphNetwork(2).circuit(x, weights, ANGLES).run()
    assert z.shape == (2, 3, 3)
    assert zz.shape == (2, 3, 3, 3)
    np.testing.assert_allclose(expectation(state, "ZII"), z[..., 0], atol=1e-12)
    np.testing.assert_allclose(expectation(state, "IZZ"), zz[..., 1, 2], atol=1e-12)
    one, _ = QuantumGraphNetwork(2).expectations(*pairs[4], ANGLES)
    np.testing.assert_allclose(z[1, 1], one, atol=1e-12)


def test_a_hexagon_is_not_two_triangles():
    """Every node has two neighbours and the same input: message passing sees no difference, one layer here does."""
    plus = np.full(6, np.pi / 2)
    mean = [
        np.sum(QuantumGraphNetwork(1).expectations(plus, w, [[0.7, 0.4]])[1] * w) / w.sum()
        for w in (HEXAGON, TRIANGLES)
    ]
    np.testing.assert_allclose(mean, [0.1674226561, 0.6671562324], atol=1e-10)


@pytest.mark.parametrize("couplings", [True, False])
def test_gradient_is_that_of_adjoint_differentiation(couplings):
    """Another engine, gate by gate: its slopes in all angles add up to those in the shared ones."""
    rng = np.random.default_rng(5)
    network, (values, weights) = QuantumGraphNetwork(2, couplings=couplings), drawn(4, rng)
    parameters, gradient = rng.normal(size=network.n_parameters), rng.normal(size=(1, 4))
    scores, pull_back = network.scores(parameters, values[None], weights[None])
    scale, angles, (to_node, to_edges) = parameters[0], parameters[1:-2].reshape(2, 2), parameters[-2:]
    observable: dict[str, float] = {}
    for i in range(4):
        observable[_string(4, i)] = to_node * gradient[0, i]
        for j in range(4):
            if i != j:
                key = _string(4, i, j)
                observable[key] = observable.get(key, 0.0) + to_edges * gradient[0, i] * weights[i, j]
    circuit = network.circuit(scale * values, weights, angles)
    slopes = iter(adjoint(circuit, observable))
    due = [sum(next(slopes) * value for value in values)]
    for _ in range(2):
        edges = [w for i in range(4) for w in weights[i, i + 1 :] if w] if couplings else []
        due += [sum(next(slopes) * 2 * w for w in edges), sum(next(slopes) * 2 for _ in range(4))]
    assert not list(slopes)
    np.testing.assert_allclose(pull_back(gradient)[:-2], due, atol=1e-12)
    assert np.sum(gradient * scores) == pytest.approx(
        sum(w * float(expectation(circuit.run(), s)) for s, w in observable.items())
    )


def _string(n, *wires):
    return "".join("Z" if wire in wires else "I" for wire in range(n))


def test_gradient_is_the_limit_of_differences():
    rng = np.random.default_rng(6)
    network = QuantumGraphNetwork(3)
    rows = [drawn(5, rng) for _ in range(7)]
    values, weights = (np.array(part) for part in zip(*rows, strict=True))
    parameters, gradient = rng.normal(size=9), rng.normal(size=(7, 5))

    def total(p):
        return np.sum(network.scores(p, values, weights)[0] * gradient)

    step = 1e-6
    numeric = [(total(parameters + step * e) - total(parameters - step * e)) / (2 * step) for e in np.eye(9)]
    np.testing.assert_allclose(network.scores(parameters, values, weights)[1](gradient), numeric, atol=1e-7)


def test_without_couplings_nodes_are_alone():
    network = QuantumGraphNetwork(2, couplings=False)
    z, zz = network.expectations(X, KITE, ANGLES)
    np.testing.assert_allclose(z, np.cos(X) * np.cos(2 * ANGLES[:, 1].sum()), atol=1e-12)
    off = ~np.eye(4, dtype=bool)
    np.testing.assert_allclose(zz[off], np.outer(z, z)[off], atol=1e-12)
    assert all(step.name != "cx" for step in network.circuit(X, KITE, ANGLES).operations)


def test_size_does_not_depend_on_the_graph():
    network = QuantumGraphNetwork(3)
    assert network.n_parameters == network.start(0).size == 9
    for n in (2, 5, 7):
        assert network.scores(network.start(0), np.zeros((1, n)), np.zeros((1, n, n)))[0].shape == (1, n)


@pytest.mark.parametrize(
    ("make", "error", "says"),
    [
        (lambda: QuantumGraphNetwork(0), ValueError, "n_layers must be at least 1"),
        (lambda: QuantumGraphNetwork(2.0), TypeError, "n_layers must be a whole number"),
        (lambda: QuantumGraphNetwork(couplings=1), TypeError, "couplings must be True or False"),
        (
            lambda: QuantumGraphNetwork(1).circuit(X, KITE, ANGLES),
            ValueError,
            r"angles must have shape \(1, 2\)",
        ),
        (
            lambda: QuantumGraphNetwork(2).circuit(X, KITE, ANGLES * np.nan),
            ValueError,
            "angles must be finite",
        ),
        (
            lambda: QuantumGraphNetwork(2).expectations(np.zeros(13), np.zeros((13, 13)), ANGLES),
            ValueError,
            "at most 12 nodes, not 13",
        ),
    ],
)
def test_refuses(make, error, says):
    with pytest.raises(error, match=says):
        make()
