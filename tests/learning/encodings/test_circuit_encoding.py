"""Encodings by a circuit of one's own: states, slopes in its angles against differences and parameter shift, and refusals."""

import pickle

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from qlearn.learning import ZZFeatureMap
from qlearn.learning.encodings import CircuitEncoding, Encoding, trainable_embedding
from qlearn.learning.neural_networks import parameter_shift
from qlearn.qubits import Circuit, Parameter, expectation, parameters

x, theta, t = parameters("x", 2), parameters("theta", 3), Parameter("t")
MIXED = (
    Circuit(3)
    .h(0)
    .ry(x[0] + 0.5 * theta[0], 0)
    .rx(2 * theta[1] - theta[0], 1)
    .crx(theta[1], 0, 2)
    .cp(t, 1, 2)
    .p(x[1] - t, 1)
    .rzz(theta[2], 0, 1)
    .rxx(x[0] * 0.3, 1, 2)
    .cry(theta[2], 2, 0)
    .ryy(theta[0], 0, 2)
    .rz(x[1], 0)
    .ccx(0, 1, 2)
    .ry(x[0], 2)
)
ROWS = np.random.default_rng(0).normal(size=(5, 2))


def test_states_by_binding_and_what_it_says_of_itself():
    values = {"theta": [0.1, 0.2, 0.3], "t": 0.4}
    encoding = CircuitEncoding(MIXED, theta=[0.1, 0.2, 0.4, 0.3])
    assert encoding.angles(2) == (theta[0], theta[1], t, theta[2])  # in order of first use
    by_hand = [MIXED.bind(values | {"x": row}).run() for row in ROWS]
    np.testing.assert_allclose(encoding.states(ROWS), by_hand, atol=1e-14)
    np.testing.assert_allclose(encoding.circuit(ROWS).run(), by_hand, atol=1e-14)
    assert encoding.n_qubits(2) == 3
    assert isinstance(encoding, Encoding)
    assert pickle.loads(pickle.dumps(encoding)).theta == encoding.theta


def test_a_map_of_the_library_written_as_a_circuit_is_the_same_map():
    features = parameters("x", 3)
    circuit = Circuit(3)
    for _ in range(2):
        for wire in range(3):
            circuit = circuit.h(wire).p(2 * features[wire], wire)
    rows = np.random.default_rng(1).normal(size=(4, 3))
    ours = CircuitEncoding(circuit).states(rows)
    np.testing.assert_allclose(ours, ZZFeatureMap(entanglement="none").states(rows), atol=1e-13)


@settings(max_examples=25)
@given(st.integers(0, 2**32 - 1))
def test_slopes_are_those_of_finite_differences(seed):
    rng = np.random.default_rng(seed)
    values, slopes = rng.uniform(-3, 3, 4), rng.normal(size=(5, 8)) + 1j * rng.normal(size=(5, 8))

    def value(angles):
        return np.vdot(CircuitEncoding(MIXED, angles).states(ROWS), slopes).real

    found = CircuitEncoding(MIXED, values).pull_back(ROWS, slopes)
    step = 1e-5 * np.eye(4)
    numeric = [(value(values + h) - value(values - h)) / 2e-5 for h in step]
    np.testing.assert_allclose(found, numeric, atol=1e-8)


def test_slopes_in_factors_of_features_are_those_of_finite_differences():
    w, step, rng = parameters("w", 2), 1e-6, np.random.default_rng(3)
    circuit = (
        Circuit(2).h(0).rz(w[0] * x[0] + t, 0).ry(w[1] * x[1] - w[0], 1).cx(0, 1).crx(w[0] * w[1] + x[0] * x[1], 0, 1)
        .cp(x[1] * t, 1, 0).ry(w[1], 0)
    )  # fmt: skip
    theta, slopes = rng.normal(size=3), rng.normal(size=(5, 4)) + 1j * rng.normal(size=(5, 4))
    assert CircuitEncoding(circuit).angles(2) == (w[0], t, w[1])

    def value(theta):
        return np.vdot(CircuitEncoding(circuit, theta).states(ROWS), slopes).real

    by_steps = [(value(theta + move) - value(theta - move)) / (2 * step) for move in step * np.eye(3)]
    np.testing.assert_allclose(CircuitEncoding(circuit, theta).pull_back(ROWS, slopes), by_steps, atol=1e-7)


@pytest.mark.parametrize("n_features", [1, 2, 4])
def test_the_parameter_shift_rule_says_the_same_of_an_expectation_value(n_features):
    row = np.random.default_rng(n_features).normal(size=n_features)
    free = trainable_embedding(n_features)
    values = np.random.default_rng(2).uniform(-3, 3, len(CircuitEncoding(free).angles(n_features)))
    encoding = CircuitEncoding(trainable_embedding, values)
    string = "Z" + "I" * (n_features - 1)
    states = encoding.states([row])
    signs = np.where(np.arange(states.size) < states.size / 2, 1, -1)
    assert expectation(states[0], string) == pytest.approx((signs * np.abs(states[0]) ** 2).sum())
    found = encoding.pull_back([row], 2 * signs * states)
    steps = [step for step in free.operations if step.angle is not None]
    trained = [k for k, step in enumerate(steps) if step.angle.parameters[0].vector == "theta"]
    by_shift = parameter_shift(encoding.circuit(row), string)
    np.testing.assert_allclose(found, np.asarray(by_shift)[trained], atol=1e-12)


@pytest.mark.parametrize(
    ("make", "error", "says"),
    [
        (lambda: CircuitEncoding("zz"), TypeError, "template must be a Circuit with free angles"),
        (
            lambda: CircuitEncoding(Circuit(1).ry(t, 0)),
            ValueError,
            "must have features.*and has t: every row",
        ),
        (
            lambda: CircuitEncoding(Circuit(1).h(0)),
            ValueError,
            "and has none: every row would give one state",
        ),
        (
            lambda: CircuitEncoding(Circuit(2, 1).ry(x[0], 0).measure(0, 0)),
            ValueError,
            "without batch, masks",
        ),
        (lambda: CircuitEncoding(Circuit(1).ry(x[0], 0).rx([1, 2], 0)), ValueError, "without batch, masks"),
        (
            lambda: CircuitEncoding(Circuit(1).ry(parameters("x", 2, 2)[0, 0], 0)),
            ValueError,
            "by one index each",
        ),
        (
            lambda: CircuitEncoding(MIXED, [0.1]),
            ValueError,
            r"each of the 4 trained angles \(theta\[0\].*not 1",
        ),
        (lambda: CircuitEncoding(MIXED, [[0.1]]), ValueError, "theta must have shape"),
        (lambda: CircuitEncoding(MIXED, [np.nan] * 4), ValueError, "theta must be"),
        (
            lambda: CircuitEncoding(MIXED).states(ROWS),
            ValueError,
            "must have 4 values, and has none yet.*KernelTrainer",
        ),
        (
            lambda: CircuitEncoding(MIXED, [0] * 4).states(ROWS[:, :1]),
            ValueError,
            r"X has 1 features.*x\[0\] to x\[1\]",
        ),
        (lambda: CircuitEncoding(MIXED).n_qubits(3), ValueError, "X has 3 features"),
        (lambda: CircuitEncoding(lambda n: n).n_qubits(3), TypeError, "template must make a Circuit"),
        (
            lambda: CircuitEncoding(lambda n: Circuit(n).ry(x[0], 0)).n_qubits(2),
            ValueError,
            "X has 2 features",
        ),
        (
            lambda: CircuitEncoding(trainable_embedding, [0.1]).states(ROWS),
            ValueError,
            "each of the 8 trained angles",
        ),
        (lambda: trainable_embedding(0), ValueError, "n_features must be at least 1"),
    ],
)
def test_refuses(make, error, says):
    with pytest.raises(error, match=says):
        make()


def test_a_template_without_a_hash_is_called_all_the_same():
    class Maker:
        __hash__ = None

        def __call__(self, n_features):
            return trainable_embedding(n_features)

    theta, rows = np.arange(8) / 7, np.random.default_rng(0).normal(size=(3, 2))
    got = CircuitEncoding(Maker(), theta).states(rows)
    np.testing.assert_array_equal(got, CircuitEncoding(trainable_embedding, theta).states(rows))


def test_a_column_that_the_circuit_leaves_out_is_refused():
    x = parameters("x", 3)
    with pytest.raises(ValueError, match=r"each feature up to x\[2\], and x\[1\] does not occur"):
        CircuitEncoding(Circuit(2).ry(x[0], 0).ry(x[2], 1))
    made = CircuitEncoding(lambda n: Circuit(n).ry(parameters("x", n)[-1], 0))
    with pytest.raises(ValueError, match=r"x\[0\] does not occur"):
        made.states(np.ones((2, 3)))
