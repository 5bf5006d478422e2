"""Fusion: what two senses tell only together is learned by a circuit that joins them, and by no other."""

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.utils.estimator_checks import parametrize_with_checks

from qlearn.learning.neural_networks.fusion import FusionClassifier

RNG = np.random.default_rng(0)
X = RNG.normal(size=(400, 6))
AGREE = (X[:, :3].sum(axis=1) > 0) == (X[:, 3:].sum(axis=1) > 0)


@parametrize_with_checks(
    [FusionClassifier(qubits_each=1, epochs=2, learning_rate=0.1, batch_size=None, random_state=0)]
)
def test_keeps_scikit_learns_contract(estimator, check):
    if any(asks in str(check) for asks in ("check_classifiers_train", "check_classifiers_classes")):
        estimator.set_params(epochs=40)  # those that ask for a good fit get the epochs for it
    check(estimator)


def test_agreement_is_learned_by_entangling_the_senses_only():
    options = {"modalities": [3, 3], "qubits_each": 2, "epochs": 60, "random_state": 0}
    joined = FusionClassifier(**options).fit(X[:200], AGREE[:200])
    assert joined.score(X[200:], AGREE[200:]) > 0.85
    apart = FusionClassifier(entanglement="within", **options).fit(X[:200], AGREE[:200])
    # over 200 test samples chance is .5 +- .035; .72 is 6 sigma above
    assert apart.score(X[200:], AGREE[200:]) < 0.72


def test_within_a_score_is_a_sum_of_one_function_of_each_sense():
    model = FusionClassifier(entanglement="within", epochs=3, random_state=0).fit(X, AGREE)
    one, other = X[:10], X[10:20]
    mixed, crossed = np.hstack([one[:, :3], other[:, 3:]]), np.hstack([other[:, :3], one[:, 3:]])
    score = model.decision_function
    assert np.allclose(score(one) + score(other), score(mixed) + score(crossed), atol=1e-12)
    assert model.ansatz_.pairs == [(0, 1), (1, 0), (2, 3), (3, 2)]


def test_each_sense_has_layers_of_its_own():
    model = FusionClassifier([1, 2, 3], 1, hidden=[4], random_state=0).initialise(6, [0, 1])
    shapes = [p.shape for p in model.get_parameters()]
    towers = [shape for n in (1, 2, 3) for shape in ((n, 4), (4,), (4, 1), (1,))]
    assert shapes == [*towers, (2, 3, 2), (3, 1), (1,)]
    moved = X.copy()
    moved[:, 1:3] += 1
    changed = np.abs(model.angles(moved) - model.angles(X)).max(axis=0) > 0
    assert changed.tolist() == [False, True, False]


def test_gradients_are_slopes_in_every_array():
    model = FusionClassifier([2, 4], hidden=[3], random_state=0).initialise(6, [0, 1])
    at, rng = model.get_parameters(), np.random.default_rng(0)
    _, gradients = model.loss_and_gradient(at, X, AGREE.astype(int))
    for which, gradient in enumerate(gradients):
        way = [rng.normal(size=p.shape) if i == which else np.zeros(p.shape) for i, p in enumerate(at)]
        ahead, behind = (
            model.loss_and_gradient(
                [p + s * 1e-5 * w for p, w in zip(at, way, strict=True)], X, AGREE.astype(int)
            )[0]
            for s in (1, -1)
        )
        assert (gradient * way[which]).sum() == pytest.approx((ahead - behind) / 2e-5, abs=1e-7)


def test_clones():
    model = FusionClassifier([3, 3], qubits_each=1)
    assert clone(model).get_params()["modalities"] == [3, 3]
    assert "n_qubits" not in model.get_params()


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"modalities": [3, 4]}, r"add up to the 6 of X, not \[3, 4\]"),
        ({"modalities": [6]}, "two or more numbers of columns"),
        ({"modalities": [0, 6]}, "modalities must be at least 1"),
        ({"qubits_each": 7}, "at most 12 qubits in all, not 2 times 7"),
        ({"entanglement": "across"}, "entanglement must be one of"),
    ],
)
def test_refuses(options, says):
    with pytest.raises(ValueError, match=says):
        FusionClassifier(**options).fit(X, AGREE)
