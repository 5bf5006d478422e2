"""The circuit as a function of JAX: values and gradients to 1e-10, under jit and vmap, and refusals."""

import numpy as np
import pytest

from qlearn.learning import neural_networks
from qlearn.learning.neural_networks import Ansatz, adjoint, as_jax
from qlearn.qubits import Circuit, expectation, parameters

# A wide range of circuits: re-uploading, none, several observables, more rows than basis states and fewer.
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
def jax():
    found = pytest.importorskip("jax", reason="jax is an optional extra")
    # for the whole process: what a `with` sets is not seen by the threads that run callbacks
    before = found.config.jax_enable_x64
    found.config.update("jax_enable_x64", True)
    yield found
    found.config.update("jax_enable_x64", before)


def problem(ansatz, rows, seed=0):
    rng = np.random.default_rng(seed)
    angles = rng.uniform(-np.pi, np.pi, ansatz.shape)
    return angles, rng.uniform(-2, 2, (rows, ansatz.n_qubits)), rng.normal(size=(rows, len(ansatz.measured)))


def exact(ansatz, angles, X, weights):
    """The library's own sweep."""
    z, tape = ansatz.forward(angles, ansatz.encode(X))
    return z, *ansatz.backward_to_features(tape, weights)


@pytest.mark.parametrize(("ansatz", "rows"), CASES)
@pytest.mark.parametrize("compiled", [False, True])
def test_values_and_gradients_are_those_of_the_circuit(jax, ansatz, rows, compiled):
    f = as_jax(ansatz)
    angles, X, weights = problem(ansatz, rows)

    def loss(angles, X):
        return (f(angles, X) * weights).sum()

    value, slope = f, jax.grad(loss, argnums=(0, 1))
    if compiled:
        value, slope = jax.jit(value), jax.jit(slope)
    z, of_angles, of_features = exact(ansatz, angles, X, weights)
    assert np.asarray(value(angles, X)).dtype == np.float64
    np.testing.assert_allclose(value(angles, X), z, atol=1e-10)
    np.testing.assert_allclose(slope(angles, X)[0], of_angles, atol=1e-10)
    np.testing.assert_allclose(slope(angles, X)[1], of_features, atol=1e-10)


def test_gradient_equals_that_of_the_circuit_gate_by_gate(jax):
    """The oracle is `adjoint` of the circuit itself, feature gates first, which no layer of the fast path shares."""
    ansatz = Ansatz(2, 2)
    angles, X, _ = problem(ansatz, 1)
    f = as_jax(ansatz)
    of_angles, of_features = jax.grad(lambda a, x: f(a, x)[0], argnums=(0, 1))(angles, X[0])
    slopes = adjoint(ansatz.circuit(angles, X[0]), "ZI")
    # the gates are, wire by wire: feature, z, y of the first layer; then z, y of the second
    first = slopes[:6].reshape(2, 3)
    np.testing.assert_allclose(of_features, first[:, 0], atol=1e-10)
    np.testing.assert_allclose(of_angles[0], first[:, 1:], atol=1e-10)
    np.testing.assert_allclose(of_angles[1], slopes[6:].reshape(2, 2), atol=1e-10)


def test_a_circuit_of_ones_own_is_a_function(jax):
    rng = np.random.default_rng(3)
    angles, X = rng.uniform(-3, 3, 3), rng.uniform(-1, 1, (4, 2))
    f = as_jax(own_circuit())
    slopes = jax.jit(jax.grad(lambda a, x: f(a, x).sum(), argnums=(0, 1)))(angles, X)
    for ours, theirs in zip(slopes, shifted(own_circuit(), angles, X), strict=True):
        np.testing.assert_allclose(ours, theirs, atol=1e-8)


def test_vmap_over_features_angles_and_both(jax):
    ansatz = Ansatz(2, 2, reupload=True)
    f = as_jax(ansatz)
    rng = np.random.default_rng(1)
    many = rng.uniform(-np.pi, np.pi, (3, *ansatz.shape))
    X = rng.uniform(-1, 1, (3, 4, 2))
    by_hand = np.array([[exact(ansatz, a, x, np.ones((4, 2)))[0] for x in X] for a in many])
    np.testing.assert_allclose(jax.vmap(f, (None, 0))(many[0], X), by_hand[0], atol=1e-12)
    np.testing.assert_allclose(jax.vmap(f, (0, None))(many, X[0]), by_hand[:, 0], atol=1e-12)
    np.testing.assert_allclose(jax.vmap(f)(many, X), by_hand[range(3), range(3)], atol=1e-12)
    both = jax.jit(jax.vmap(jax.vmap(f, (None, 0)), (0, None)))
    np.testing.assert_allclose(both(many, X), by_hand, atol=1e-12)


def test_vmap_of_a_gradient_is_the_gradient_of_each_row(jax):
    ansatz = Ansatz(2, 1)
    f = as_jax(ansatz)
    angles, X, _ = problem(ansatz, 5)
    each = jax.jit(jax.vmap(jax.grad(lambda a, x: f(a, x)[1]), (None, 0)))(angles, X)
    for row, slope in zip(X, each, strict=True):
        np.testing.assert_allclose(
            slope, exact(ansatz, angles, row[None], np.array([[0.0, 1.0]]))[1], atol=1e-12
        )


def test_any_shape_of_rows_and_the_precision_of_what_comes_in(jax):
    ansatz = Ansatz(2, 1)
    f = as_jax(ansatz)
    angles, X, _ = problem(ansatz, 6)
    assert f(angles, X[0]).shape == (2,)
    assert f(angles, X.reshape(2, 3, 2)).shape == (2, 3, 2)
    assert f(angles, X[:0]).shape == (0, 2)
    single = f(angles.astype(np.float32), X.astype(np.float32))
    assert single.dtype == np.float32
    np.testing.assert_allclose(single, f(angles, X), atol=1e-6)


def test_many_rows_go_through_a_compiled_step(jax):
    # callbacks with arrays of megabytes have hung elsewhere: 20,000 rows of 4 features, forward and back
    ansatz = Ansatz(4, 1)
    f = as_jax(ansatz)
    angles, X, _ = problem(ansatz, 20_000)
    slope = jax.jit(jax.grad(lambda a, x: f(a, x).mean()))(angles, X)
    np.testing.assert_allclose(
        slope, exact(ansatz, angles, X, np.full((20_000, 4), 1 / 80_000))[1], atol=1e-10
    )


def test_a_second_derivative_is_refused_with_the_reason(jax):
    f = as_jax(Ansatz(1, 1))
    angles, X = np.zeros((1, 1, 2)), np.ones((1, 1))
    first = jax.grad(lambda a: f(a, X).sum())
    with pytest.raises(NotImplementedError, match="second derivatives of the circuit are not computed"):
        jax.grad(lambda a: first(a).sum())(angles)
    with pytest.raises(TypeError, match="forward-mode"):
        jax.jvp(lambda a: f(a, X), (angles,), (angles,))


def test_refuses_what_does_not_fit(jax):
    f = as_jax(Ansatz(2, 1))
    with pytest.raises(
        ValueError, match=r"angles must have the shape \(1, 2, 2\) of this circuit, not \(4,\)"
    ):
        f(np.zeros(4), np.zeros((1, 2)))
    with pytest.raises(ValueError, match="features must have a last axis"):
        f(np.zeros((1, 2, 2)), 1.0)
    with pytest.raises(ValueError, match=r"features must have 2 on their last axis, not shape \(1, 3\)"):
        f(np.zeros((1, 2, 2)), np.zeros((1, 3)))


def test_without_jax_it_says_what_to_install(monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "jax", None)
    with pytest.raises(ModuleNotFoundError, match=r"jax is not installed.*pip install 'qlearn\[jax\]'"):
        neural_networks.as_jax(Ansatz(1, 1))


def test_refuses_what_is_no_circuit():
    with pytest.raises(TypeError, match="ansatz must be an Ansatz such as"):
        as_jax(Ansatz)


def test_a_circuit_without_features_runs_from_zero(jax):
    t = parameters("t", 2)
    free = Circuit(2).rx(t[0], 0).ry(t[1], 1).cx(0, 1).rx(2 * t[0], 1)  # one parameter in two gates
    f, angles, bound = as_jax(free), np.array([0.3, 0.7]), free.bind([0.3, 0.7])
    means = np.array([expectation(bound.run(), word) for word in ("ZI", "IZ")])
    by_gate = adjoint(bound, {"ZI": 1.0, "IZ": 1.0})
    slope = jax.jit(jax.grad(lambda angles: f(angles).sum()))
    np.testing.assert_allclose(f(angles), means, atol=1e-12)
    np.testing.assert_allclose(slope(angles), [by_gate[0] + 2 * by_gate[2], by_gate[1]], atol=1e-12)
    np.testing.assert_allclose(f(angles, np.zeros((3, 0))), np.tile(means, (3, 1)), atol=1e-12)
    np.testing.assert_allclose(jax.vmap(f)(np.stack([angles, angles])), np.tile(means, (2, 1)), atol=1e-12)
    several = jax.vmap(jax.grad(lambda angles: f(angles).sum()))(np.stack([angles, angles]))
    np.testing.assert_allclose(several, np.tile(slope(angles), (2, 1)), atol=1e-12)
    with pytest.raises(TypeError, match=r"features must be given, shape \(..., n_features\)"):
        as_jax(free.ry(parameters("x", 1)[0], 0))(angles)
