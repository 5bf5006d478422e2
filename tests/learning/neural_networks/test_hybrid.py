"""Dense layers: angles that fit a qubit, gradients that are slopes.

The hybrid network: scikit-learn's contract, exact gradients through the circuit, and its circuit elsewhere.
"""

import pickle
from itertools import pairwise

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.utils.estimator_checks import parametrize_with_checks

from qlearn.learning.neural_networks.hybrid import DenseLayers, HybridClassifier
from qlearn.qubits import expectation


@pytest.mark.parametrize("sizes", [[3, 2], [5, 4, 3, 2]])
def test_gradients_are_slopes(sizes):
    dense, rng = DenseLayers(sizes), np.random.default_rng(0)
    parameters = dense.start(rng)
    assert [p.shape for p in parameters[::2]] == list(pairwise(sizes))
    assert len(parameters) == dense.n_arrays
    X, way_out = rng.normal(size=(6, sizes[0])), rng.normal(size=(6, sizes[-1]))
    _, tape = dense.forward(parameters, X)
    gradients = dense.backward(parameters, tape, way_out)
    ways = [rng.normal(size=p.shape) for p in parameters]
    ahead, behind = (
        (
            dense.forward([p + s * 1e-5 * w for p, w in zip(parameters, ways, strict=True)], X)[0] * way_out
        ).sum()
        for s in (1, -1)
    )
    slope = sum((g * w).sum() for g, w in zip(gradients, ways, strict=True))
    assert slope == pytest.approx((ahead - behind) / 2e-5, abs=1e-7)


def test_is_the_hidden_layer_of_scikit_learns_mlp():
    from sklearn.neural_network import MLPClassifier

    rng = np.random.default_rng(0)
    X = rng.normal(size=(40, 3))
    theirs = MLPClassifier((4, 2), activation="tanh", solver="lbfgs", max_iter=5, random_state=0)
    with pytest.warns(match="failed to converge"):
        theirs.fit(X, X[:, 0] > 0)
    pairs = zip(theirs.coefs_, theirs.intercepts_, strict=True)
    ours, _ = DenseLayers([3, 4, 2, 1]).forward([p for pair in pairs for p in pair], X)
    # their last layer is a logistic score s; ours is pi/2 tanh(s), and tanh(s) = 2 logistic(2 s) - 1
    p = theirs.predict_proba(X)[:, 1]
    assert np.allclose(np.arctanh(ours[:, 0] * 2 / np.pi), np.log(p / (1 - p)), atol=1e-9)


def test_no_feature_is_too_large_for_an_angle():
    dense = DenseLayers([2, 3])
    angles, _ = dense.forward(dense.start(np.random.default_rng(0)), np.array([[1e6, -1e6]]))
    assert np.abs(angles).max() <= np.pi / 2


RNG = np.random.default_rng(0)
X = RNG.normal(size=(120, 9))
y = (X[:, :4].sum(axis=1) > 0).astype(int)


@parametrize_with_checks([HybridClassifier(2, epochs=2, learning_rate=0.1, batch_size=None, random_state=0)])
def test_keeps_scikit_learns_contract(estimator, check):
    if any(asks in str(check) for asks in ("check_classifiers_train", "check_classifiers_classes")):
        estimator.set_params(epochs=40)  # those that ask for a good fit get the epochs for it
    check(estimator)


@pytest.mark.parametrize("n_samples", [5, 60])
@pytest.mark.parametrize("reupload", [False, True])
@pytest.mark.parametrize("hidden", [(), (5,)])
@pytest.mark.parametrize("labels", [y, y + (X[:, 5] > 1)])
def test_gradients_through_the_circuit_are_slopes(n_samples, reupload, hidden, labels):
    model = HybridClassifier(3, hidden, reupload=reupload, random_state=0).initialise(9, np.unique(labels))
    rows, targets = X[:n_samples], labels[:n_samples]
    at, rng = model.get_parameters(), np.random.default_rng(0)
    loss, gradients = model.loss_and_gradient(at, rows, targets)
    for which, gradient in enumerate(gradients):  # every array by itself, so that none hides behind another
        way = [rng.normal(size=p.shape) if i == which else np.zeros(p.shape) for i, p in enumerate(at)]
        ahead, behind = (
            model.loss_and_gradient([p + s * 1e-5 * w for p, w in zip(at, way, strict=True)], rows, targets)[
                0
            ]
            for s in (1, -1)
        )
        assert (gradient * way[which]).sum() == pytest.approx((ahead - behind) / 2e-5, abs=1e-7)
    assert np.isfinite(loss)


@pytest.mark.parametrize("labels", [y, y + (X[:, 5] > 1)])
def test_the_switch_takes_out_the_circuit_and_nothing_else(labels):
    classes = np.unique(labels)
    both = {"hidden": [5], "random_state": 3, "batch_size": 16, "epochs": 4}
    whole = HybridClassifier(3, **both).initialise(9, classes)
    bare = HybridClassifier(3, with_circuit=False, **both).initialise(9, classes)
    # the same first parameters, the same batches in the same order, by the same optimiser
    for a, b in zip(whole.get_parameters(), bare.get_parameters(), strict=True):
        np.testing.assert_array_equal(a, b)
    seen = {True: [], False: []}
    for model in (whole, bare):
        step = model._step
        model._step = lambda p, rows, t, log=seen[model.with_circuit], step=step: (
            log.append(rows),
            step(p, rows, t),
        )[1]
        model.train(model.prepare(X, labels), 2, rng=7)
    for a, b in zip(seen[True], seen[False], strict=True):
        np.testing.assert_array_equal(a, b)
    # the units stand where the means stood: written out, without the library's layers
    (V, c, V2, c2), angles, weights, offset = bare.parameters_[:4], *bare.parameters_[4:]
    scores = np.tanh(np.tanh(X @ V + c) @ V2 + c2) @ weights + offset
    np.testing.assert_allclose(bare._all_scores(X), scores, atol=1e-12)
    np.testing.assert_array_equal(angles, whole.initialise(9, classes).parameters_[4])
    with pytest.raises(ValueError, match="it has no circuit"):
        bare.circuit(X)


def test_layers_and_circuit_leave_the_first_dense_weights_and_readout_as_they_are():
    options = [{"layers": 1}, {"layers": 2}, {"layers": 3}, {"layers": 2, "with_circuit": False}]
    starts = [
        HybridClassifier(3, random_state=7, **each).initialise(9, [0, 1]).get_parameters() for each in options
    ]
    for V, c, _, W, b in starts[1:]:
        for a, first in zip((V, c, W, b), (*starts[0][:2], *starts[0][3:]), strict=True):
            np.testing.assert_array_equal(a, first)


def test_the_slopes_of_the_ablation_are_slopes():
    model = HybridClassifier(3, with_circuit=False, random_state=0).initialise(9, [0, 1])
    at, rng = model.get_parameters(), np.random.default_rng(0)
    way = [rng.normal(size=p.shape) for p in at]
    _, gradients = model.loss_and_gradient(at, X, y)
    ahead, behind = (
        model.loss_and_gradient([p + s * 1e-5 * w for p, w in zip(at, way, strict=True)], X, y)[0]
        for s in (1, -1)
    )
    slope = sum((g * w).sum() for g, w in zip(gradients, way, strict=True))
    assert slope == pytest.approx((ahead - behind) / 2e-5, abs=1e-7)


def test_predicts_what_its_circuit_measures():
    model = HybridClassifier(3, epochs=3, observables="global", random_state=0).fit(X, y)
    *_, weights, offset = model.get_parameters()
    z = expectation(model.circuit(X).run(), "ZZZ")[:, None]
    assert np.allclose(model.decision_function(X), (z @ weights + offset)[:, 0], atol=1e-12)
    assert np.allclose(model.circuit(X[7]).run(), model.circuit(X).at(7).run(), atol=1e-14)
    assert np.abs(model.angles(X)).max() < np.pi / 2


def test_learns_which_of_many_features_matter():
    model = HybridClassifier(2, random_state=0).fit(X[:80], y[:80])
    assert model.score(X[80:], y[80:]) > 0.85


def test_clone_and_pickle():
    model = HybridClassifier(2, [4], epochs=2, random_state=0).fit(X, y)
    assert (pickle.loads(pickle.dumps(model)).predict(X) == model.predict(X)).all()
    assert not hasattr(clone(model), "parameters_")


@pytest.mark.parametrize(
    ("options", "error", "says"),
    [
        ({"n_qubits": 13}, ValueError, "n_qubits must be at most 12, not 13"),
        ({"n_qubits": 0}, ValueError, "n_qubits must be at least 1"),
        ({"hidden": 8}, TypeError, r"hidden must be a list of numbers of units such as \[8\], not 8"),
        ({"hidden": "8"}, TypeError, "hidden must be a list"),
        ({"hidden": [0]}, ValueError, "hidden must be at least 1"),
        ({"layers": 0}, ValueError, "layers must be at least 1"),
        ({"entanglement": "within"}, ValueError, "entanglement must be one of"),
        ({"with_circuit": "no"}, TypeError, "with_circuit must be True or False, not 'no'"),
        ({"with_circuit": False, "observables": "global"}, ValueError, 'needs observables="local"'),
    ],
)
def test_refuses(options, error, says):
    with pytest.raises(error, match=says):
        HybridClassifier(**options).fit(X, y)
