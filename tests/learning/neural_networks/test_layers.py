"""Layers: dense ones as scikit-learn has them, and pull-backs that are slopes."""

from itertools import pairwise

import numpy as np
import pytest

from qlearn.learning.neural_networks.ansatz import Ansatz
from qlearn.learning.neural_networks.layers import DenseLayers, circuit_scores, linear
from qlearn.qubits import expectation, random_state


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
    # their last layer is a logistic score s; ours is tanh(s)
    p = theirs.predict_proba(X)[:, 1]
    assert np.allclose(np.arctanh(ours[:, 0]), np.log(p / (1 - p)), atol=1e-9)


def test_no_layer_is_the_features():
    dense, X = DenseLayers([3]), np.eye(3)
    assert dense.start(np.random.default_rng(0)) == dense.backward([], [X], X) == []
    assert dense.forward([], X)[0] is X


@pytest.mark.parametrize("name", ["linear", "circuit"])
def test_pull_backs_of_scores_are_slopes(name):
    rng = np.random.default_rng(1)
    if name == "linear":
        inputs, first = rng.normal(size=(5, 3)), []
        scores = lambda p: linear(inputs, *p)  # noqa: E731
    else:
        ansatz, states = Ansatz(3, 2), random_state(3, 5, rng=rng)
        first = [rng.normal(size=ansatz.shape)]
        scores = lambda p: circuit_scores(ansatz, p, states)  # noqa: E731
    parameters = [*first, rng.normal(size=(3, 2)), rng.normal(size=2)]
    weighed = rng.normal(size=(5, 2))
    gradients = scores(parameters)[1](weighed)
    ways = [rng.normal(size=p.shape) for p in parameters]
    ahead, behind = (
        (scores([p + s * 1e-5 * w for p, w in zip(parameters, ways, strict=True)])[0] * weighed).sum()
        for s in (1, -1)
    )
    slope = sum((g * w).sum() for g, w in zip(gradients, ways, strict=True))
    assert slope == pytest.approx((ahead - behind) / 2e-5, abs=1e-6)


def test_the_scores_of_a_circuit_are_weighed_expectations():
    rng = np.random.default_rng(2)
    ansatz, states = Ansatz(2, 1, observables=["ZI", "ZZ"]), random_state(2, 4, rng=rng)
    angles, weights, offset = rng.normal(size=ansatz.shape), rng.normal(size=(2, 3)), rng.normal(size=3)
    after = ansatz.circuit(angles).run(states)
    z = np.stack([expectation(after, string) for string in ("ZI", "ZZ")], axis=-1)
    scores, _ = circuit_scores(ansatz, [angles, weights, offset], states)
    assert np.allclose(scores, z @ weights + offset, atol=1e-12)
