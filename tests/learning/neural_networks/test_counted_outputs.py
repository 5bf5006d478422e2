"""Networks read by counted runs: the shift rule is exact without shots, seeds decide, devices agree, refusals teach."""

import numpy as np
import pennylane as qml
import pytest
from qiskit.primitives import StatevectorEstimator, StatevectorSampler
from sklearn.base import clone
from sklearn.utils.estimator_checks import parametrize_with_checks

from qlearn.learning.neural_networks.hybrid import FusionClassifier, HybridClassifier
from qlearn.learning.neural_networks.qnn import QNNClassifier, QNNRegressor
from qlearn.learning.neural_networks.spsa import SPSA
from qlearn.qubits import Circuit, parameters, random_state

X = np.random.default_rng(0).uniform(-1.5, 1.5, (24, 2))
y = (X[:, 0] * X[:, 1] > 0).astype(int)
MODELS = [QNNClassifier, QNNRegressor, HybridClassifier, FusionClassifier]
CHEAP = {"layers": 1, "epochs": 2, "batch_size": 12, "random_state": 0}


def own(encoding=None):
    x, theta = parameters("x", 2), parameters("theta", 2)
    inside = Circuit(2).ry(x[0], 0).ry(x[1], 1).cx(0, 1).ry(theta[0], 0).rx(theta[1], 1)
    return {"ansatz": inside if encoding is None else Circuit(2).ry(theta[0], 0).cx(0, 1).rx(theta[1], 1)}


def same(one, other, atol=0.0):
    pairs = zip(one.get_parameters(), other.get_parameters(), strict=True)
    return all(np.allclose(a, b, rtol=0, atol=atol) for a, b in pairs)


@pytest.mark.parametrize("made", MODELS)
def test_the_shift_rule_without_shots_trains_the_same_model(made):
    assert same(made(**CHEAP).fit(X, y), made(gradient="parameter-shift", **CHEAP).fit(X, y), 1e-10)


@pytest.mark.parametrize(
    "options",
    [
        {"encoding": "reuploading"},
        {"encoding": "zz"},
        {"encoding": "angle"},
        own(),
        {"encoding": "phase", **own("phase")},
        {"observables": ["XX", {"ZI": 0.5, "IY": 1.0}]},
        {"readout": "probabilities"},
    ],
    ids=["reuploading", "zz", "angle", "own", "own after phase", "observables", "probabilities"],
)
def test_every_circuit_can_be_run(options):
    # plain steps: of a slope of zero Adam makes a step from its rounding
    options = {"epochs": 2, "batch_size": 12, "optimizer": "sgd", "random_state": 0, **options}
    exact = QNNClassifier(**options).fit(X, y)
    assert same(exact, QNNClassifier(gradient="parameter-shift", **options).fit(X, y), 1e-10)
    on_device = {"device": qml.device("default.qubit", wires=2), "epochs": 1}
    simulated = QNNClassifier(**{**options, **on_device}).fit(X, y)
    assert same(simulated, clone(exact).set_params(epochs=1).fit(X, y), 1e-8)
    np.testing.assert_allclose(
        simulated.predict_proba(X), exact.set_parameters(simulated.parameters_).predict_proba(X), atol=1e-8
    )


@pytest.mark.parametrize("made", MODELS)
def test_shots_are_their_seed(made):
    counted = made(shots=50, **CHEAP).fit(X, y)
    assert same(counted, clone(counted).fit(X, y))
    assert not same(counted, made(shots=50, **{**CHEAP, "random_state": 1}).fit(X, y), 1e-3)
    np.testing.assert_array_equal(counted.predict(X), counted.predict(X))
    assert "_counted" not in vars(counted)
    if hasattr(counted, "predict_proba"):
        np.testing.assert_array_equal(
            counted.classes_[counted.predict_proba(X).argmax(axis=1)], counted.predict(X)
        )
        anew = counted.set_params(random_state=None)
        assert (anew.predict_proba(X) != anew.predict_proba(X)).any()


def test_counted_gradients_are_right_in_the_mean():
    # means of 400 gradients of 100 shots each, held against their own standard errors: 5.5 of them in 7 numbers, 3e-7
    model = QNNRegressor(shots=100, layers=1, random_state=np.random.default_rng(0)).initialise(2)
    exact = QNNRegressor(layers=1).initialise(2)
    at = model.get_parameters()
    X_one, target = X[:1], np.array([0.3])

    def mean_score(parameters, inputs):
        scores, pull_back = model._scores(parameters, inputs)
        return pull_back(np.ones_like(scores))

    inputs = model.prepare(X_one, target).inputs
    found = [mean_score(at, inputs) for _ in range(400)]
    scores, pull_back = exact._scores(at, exact.prepare(X_one, target).inputs)
    for k, expected in enumerate(pull_back(np.ones_like(scores))):
        drawn = np.array([f[k] for f in found])
        error = drawn.std(axis=0) / 20
        assert (np.abs(drawn.mean(axis=0) - expected) <= 5.5 * error + 1e-12).all()


def test_noise_without_shots_shrinks_every_mean():
    exact = QNNRegressor(layers=1, random_state=0).initialise(2)
    noisy = QNNRegressor(layers=1, random_state=0, noise=0.25).initialise(2)
    offset = exact.get_parameters()[2]
    np.testing.assert_allclose(noisy.predict(X) - offset, 0.75 * (exact.predict(X) - offset), atol=1e-12)


@pytest.mark.parametrize("device", [StatevectorEstimator(), StatevectorSampler(seed=1, default_shots=200)])
def test_primitives_of_qiskit_are_devices(device):
    few = {"epochs": 1, "batch_size": None, "layers": 1, "random_state": 0}
    counted = QNNClassifier(device=device, **few).fit(X[:6], y[:6])
    exact = QNNClassifier(**few).fit(X[:6], y[:6])
    if isinstance(device, StatevectorEstimator):
        assert same(counted, exact, 1e-8)
    assert np.abs(counted.loss_curve_[0] - exact.loss_curve_[0]) < 0.5
    assert counted.predict(X[:4]).shape == (4,)


def test_spsa_and_prepared_samples_run_on_what_reads_the_circuit():
    options = {"shots": 100, "batch_size": None, "layers": 1, "random_state": 0}
    model = QNNClassifier(optimizer=SPSA(0.3, shift=0.3), epochs=150, **options).fit(X, X[:, 0] > 0)
    assert np.mean(model.loss_curve_[-20:]) < 0.8 * np.mean(model.loss_curve_[:5])
    zz = QNNClassifier(encoding="zz", device=qml.device("default.qubit", wires=2), **{**CHEAP, "epochs": 1})
    zz.fit(X, y)
    samples = zz.prepare(X, y)
    zz.train(samples, 1, 0)
    assert zz.assess(samples)[1] == zz.score(X, y)


@pytest.mark.parametrize(
    ("options", "error", "says"),
    [
        ({"shots": 0}, ValueError, "shots must be at least 1"),
        ({"shots": 2.5}, TypeError, "shots must be a whole number"),
        ({"noise": 1.5}, ValueError, "noise must be a probability"),
        ({"gradient": "finite"}, ValueError, "gradient must be one of auto, adjoint, parameter-shift"),
        ({"gradient": "adjoint", "shots": 10}, ValueError, "gradient must be 'auto' or 'parameter-shift' with shots"),
        ({"optimizer": "l-bfgs", "batch_size": None, "shots": 10}, ValueError, "its line search takes every difference"),
        ({"device": "qpu"}, TypeError, "device must be None"),
        ({"device": qml.device("default.qubit", wires=1)}, ValueError, "wires"),
        ({"device": qml.device("default.qubit", wires=2), "noise": 0.1}, ValueError, "noise must be 0 with a device"),
        ({"shots": 10, "encoding": "zz", **own()}, ValueError, "put the gates of the encoding into the ansatz"),
    ],
)  # fmt: skip
def test_refuses_before_any_work_and_keeps_the_old_model(options, error, says):
    model = QNNClassifier(**CHEAP).fit(X, y)
    before = model.get_parameters()
    with pytest.raises(error, match=says):
        model.set_params(layers=2, **options).fit(X, y)
    assert all((a == b).all() for a, b in zip(before, model.parameters_, strict=True))
    assert "_counted" not in vars(model)


def test_states_cannot_be_loaded_into_a_device():
    states = random_state(2, 8, rng=0)
    counted = QNNClassifier(encoding="state", shots=20, **CHEAP).fit(states, y[:8])
    assert counted.predict(states).shape == (8,)
    with pytest.raises(ValueError, match='device must be None with encoding="state"'):
        counted.set_params(device=StatevectorSampler()).fit(states, y[:8])


@pytest.mark.filterwarnings("ignore:X holds angles that span")
@parametrize_with_checks(
    [
        QNNClassifier(shots=50, epochs=1, layers=1, batch_size=None, random_state=0),
    ]
)
def test_keeps_scikit_learns_contract(estimator, check):
    asked = str(check)
    if "check_sample_weight_equivalence" in asked:
        pytest.skip("its rows have 30 features, more than 12 qubits")
    good_fit = ("check_classifiers_train", "check_classifiers_classes", "check_class_weight")
    if any(fit in asked for fit in good_fit):
        estimator.set_params(epochs=25, learning_rate=0.2)
    check(estimator)


def test_says_when_its_answers_are_drawn():
    tags = [getattr(QNNClassifier(**o), "__sklearn_tags__")() for o in ({}, {"shots": 9}, {"noise": 0.1})]  # noqa: B009
    assert [t.non_deterministic for t in tags] == [False, True, False]
    assert QNNClassifier(shots=9)._more_tags() == {"non_deterministic": True}
