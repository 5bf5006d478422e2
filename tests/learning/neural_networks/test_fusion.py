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


def test_a_global_readout_joins_the_senses_without_a_cnot():
    options = {
        "modalities": [3, 3],
        "qubits_each": 1,
        "epochs": 60,
        "random_state": 0,
        "observables": "global",
    }
    for entanglement in ("within", "none"):
        model = FusionClassifier(entanglement=entanglement, **options).fit(X[:200], AGREE[:200])
        assert model.ansatz_.pairs == []
        # what no sum can: more than three of four; .85 is 3 sigma above that, so the proof is the sum that fails
        assert model.score(X[200:], AGREE[200:]) > 0.85
        one, other = X[:10], X[10:20]
        mixed, crossed = np.hstack([one[:, :3], other[:, 3:]]), np.hstack([other[:, :3], one[:, 3:]])
        score = model.decision_function
        assert not np.allclose(score(one) + score(other), score(mixed) + score(crossed), atol=0.1)


def test_within_a_score_is_a_sum_of_one_function_of_each_sense():
    model = FusionClassifier(entanglement="within", epochs=3, random_state=0).fit(X, AGREE)
    one, other = X[:10], X[10:20]
    mixed, crossed = np.hstack([one[:, :3], other[:, 3:]]), np.hstack([other[:, :3], one[:, 3:]])
    score = model.decision_function
    assert np.allclose(score(one) + score(other), score(mixed) + score(crossed), atol=1e-12)
    assert model.ansatz_.pairs == [(0, 1), (2, 3)]


@pytest.mark.parametrize("modalities", [[3, 3], [2, 2, 2]])
@pytest.mark.parametrize("each", [1, 2, 3])
def test_within_takes_out_the_cnots_between_the_senses_and_adds_none(modalities, each):
    options = {"modalities": modalities, "qubits_each": each, "random_state": 0}
    whole = FusionClassifier(**options).initialise(6, [0, 1])
    apart = FusionClassifier(entanglement="within", **options).initialise(6, [0, 1])
    taken = [pair for pair in whole.ansatz_.pairs if pair not in apart.ansatz_.pairs]
    assert set(apart.ansatz_.pairs) <= set(whole.ansatz_.pairs)
    assert {control // each != target // each for control, target in taken} == {True}
    assert all(control // each == target // each for control, target in apart.ansatz_.pairs)
    for a, b in zip(whole.get_parameters(), apart.get_parameters(), strict=True):
        np.testing.assert_array_equal(a, b)


def test_a_sum_can_be_right_in_three_of_four_cases():
    # knobs set by hand: the Z of the first qubit of each sense becomes the sine of its angle, and -sin f + sin s + .7 is
    # positive but for (f, s) = (+, -): "do they agree?" is answered wrongly for (-, +) alone
    first, second = np.repeat([1.0, -1.0], 2), np.tile([1.0, -1.0], 2)
    rows, agree = np.stack([first, second], axis=1), (first == second).astype(int)
    steep, turned = [np.array([[30.0, 0.0]]), np.zeros(2)], np.zeros((2, 4, 2))
    turned[0, :, 1] = turned[0, [0, 2], 0] = -np.pi / 2
    readout = [np.array([[1.0], [0.0], [-1.0], [0.0]]), np.array([0.7])]
    model = FusionClassifier(
        [1, 1],
        2,
        entanglement="within",
        epochs=1,
        learning_rate=1e-12,
        initial=[*steep, *steep, turned, *readout],
    ).fit(rows, agree)
    assert model.score(rows, agree) == 0.75


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
