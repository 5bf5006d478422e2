"""The hybrid network: scikit-learn's contract, exact gradients through the circuit, and its circuit elsewhere.

Fusion: what two senses tell only together is learned by a circuit that joins them, and by no other.
"""

import pickle

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.utils.estimator_checks import parametrize_with_checks

from qlearn.learning.neural_networks.hybrid import FusionClassifier, HybridClassifier
from qlearn.qubits import expectation


def test_no_feature_is_too_large_for_an_angle():
    model = HybridClassifier(3, random_state=0).initialise(2, [0, 1])
    assert 0 < np.abs(model.angles(np.array([[1e6, -1e6]]))).max() <= np.pi / 2


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


X_FUSION = RNG.normal(size=(400, 6))
AGREE = (X_FUSION[:, :3].sum(axis=1) > 0) == (X_FUSION[:, 3:].sum(axis=1) > 0)


@parametrize_with_checks(
    [FusionClassifier(qubits_each=1, epochs=2, learning_rate=0.1, batch_size=None, random_state=0)]
)
def test_keeps_scikit_learns_contract_fusion(estimator, check):
    if any(asks in str(check) for asks in ("check_classifiers_train", "check_classifiers_classes")):
        estimator.set_params(epochs=40)  # those that ask for a good fit get the epochs for it
    check(estimator)


def test_agreement_is_learned_by_entangling_the_senses_only():
    options = {"modalities": [3, 3], "qubits_each": 2, "epochs": 60, "random_state": 0}
    joined = FusionClassifier(**options).fit(X_FUSION[:200], AGREE[:200])
    assert joined.score(X_FUSION[200:], AGREE[200:]) > 0.85
    apart = FusionClassifier(entanglement="within", **options).fit(X_FUSION[:200], AGREE[:200])
    # over 200 test samples chance is .5 +- .035; .72 is 6 sigma above
    assert apart.score(X_FUSION[200:], AGREE[200:]) < 0.72


def test_a_global_readout_joins_the_senses_without_a_cnot():
    options = {
        "modalities": [3, 3],
        "qubits_each": 1,
        "epochs": 60,
        "random_state": 0,
        "observables": "global",
    }
    for entanglement in ("within", "none"):
        model = FusionClassifier(entanglement=entanglement, **options).fit(X_FUSION[:200], AGREE[:200])
        assert model.ansatz_.pairs == []
        # what no sum can: more than three of four; .85 is 3 sigma above that, so the proof is the sum that fails
        assert model.score(X_FUSION[200:], AGREE[200:]) > 0.85
        one, other = X_FUSION[:10], X_FUSION[10:20]
        mixed, crossed = np.hstack([one[:, :3], other[:, 3:]]), np.hstack([other[:, :3], one[:, 3:]])
        score = model.decision_function
        assert not np.allclose(score(one) + score(other), score(mixed) + score(crossed), atol=0.1)


def test_within_a_score_is_a_sum_of_one_function_of_each_sense():
    model = FusionClassifier(entanglement="within", epochs=3, random_state=0).fit(X_FUSION, AGREE)
    one, other = X_FUSION[:10], X_FUSION[10:20]
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
    moved = X_FUSION.copy()
    moved[:, 1:3] += 1
    changed = np.abs(model.angles(moved) - model.angles(X_FUSION)).max(axis=0) > 0
    assert changed.tolist() == [False, True, False]


def test_gradients_are_slopes_in_every_array():
    model = FusionClassifier([2, 4], hidden=[3], random_state=0).initialise(6, [0, 1])
    at, rng = model.get_parameters(), np.random.default_rng(0)
    _, gradients = model.loss_and_gradient(at, X_FUSION, AGREE.astype(int))
    for which, gradient in enumerate(gradients):
        way = [rng.normal(size=p.shape) if i == which else np.zeros(p.shape) for i, p in enumerate(at)]
        ahead, behind = (
            model.loss_and_gradient(
                [p + s * 1e-5 * w for p, w in zip(at, way, strict=True)], X_FUSION, AGREE.astype(int)
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
def test_refuses_fusion(options, says):
    with pytest.raises(ValueError, match=says):
        FusionClassifier(**options).fit(X_FUSION, AGREE)
