"""The tree: scikit-learn's whole contract, scikit-learn's own tree where nothing is quantum, and QSVC in one node."""

import pickle

import numpy as np
import pytest
import sklearn
from hypothesis import given, settings, strategies as st
from sklearn.base import clone
from sklearn.datasets import load_iris, load_wine
from sklearn.decomposition import PCA
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MinMaxScaler, StandardScaler
from sklearn.tree import DecisionTreeClassifier
from sklearn.utils.estimator_checks import parametrize_with_checks

from qlearn.learning import QSVC, ZZFeatureMap, ad_hoc_data
from qlearn.learning.decision_trees import QuantumDecisionTreeClassifier, QuantumForestClassifier
from qlearn.learning.decision_trees.splits import ExemplarSplit
from qlearn.qubits import random_state

# What scikit-learn calls it in its newer versions and in 1.5.
EQUIVALENCE = ("check_sample_weight_equivalence", "check_sample_weights_invariance(kind=zeros)")


@parametrize_with_checks(
    [
        QuantumDecisionTreeClassifier(),
        QuantumDecisionTreeClassifier(class_weight="balanced"),  # no draws: weights have to be as good as rows
        QuantumDecisionTreeClassifier("fidelity", bandwidth=0.1),
        QuantumDecisionTreeClassifier("kernel", landmarks=8, trials=2),
        QuantumDecisionTreeClassifier(
            class_weight="balanced", max_features="log2", min_samples_leaf=0.02, min_samples_split=0.05,
            min_weight_fraction_leaf=0.01, ccp_alpha=0.001,
        ),
        QuantumDecisionTreeClassifier("fidelity", shots=100, noise=0.01, class_weight="balanced"),
        QuantumDecisionTreeClassifier("kernel", shots=2000, ccp_alpha=0.001, landmarks=8, trials=1),
        QuantumDecisionTreeClassifier("kernel", noise=0.1, landmarks=4, trials=1),
    ],
)  # fmt: skip
def test_scikit_learns_contract(estimator, check, request):
    drawn = estimator.criterion != "entropy" or estimator.max_features is not None
    if drawn and any(name in request.node.name for name in EQUIVALENCE):
        pytest.skip("exemplars and features are drawn: other draws, where a row stands twice or is not there")
    check(estimator)


@pytest.fixture(scope="module")
def iris():
    X, y = load_iris(return_X_y=True)
    X = MinMaxScaler().fit_transform(X)
    order = np.random.default_rng(0).permutation(len(y))
    return X[order[:100]], y[order[:100]], X[order[100:]], y[order[100:]]


@pytest.mark.parametrize("seed", range(6))
def test_with_orthogonal_classes_it_is_scikit_learns_tree(seed):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(400, 4)).astype(np.float32).astype(float)
    y = (X[:, 0] + X[:, 1] ** 2 + rng.normal(size=400) > 1).astype(int) + (X[:, 2] > rng.normal(size=400))
    settings = {"max_depth": 4, "min_samples_leaf": 20}  # small nodes have ties, which chance decides
    orthogonal = np.linalg.qr(random_state(3, 3, rng=seed).T)[0].T
    ours = QuantumDecisionTreeClassifier(class_states=orthogonal, **settings).fit(X, y)
    theirs = DecisionTreeClassifier(criterion="entropy", random_state=0, **settings).fit(X, y)
    new = rng.normal(size=(1000, 4)).astype(np.float32).astype(float)
    np.testing.assert_allclose(ours.predict_proba(new), theirs.predict_proba(new), atol=1e-12)
    assert ours.get_n_leaves() == theirs.get_n_leaves()
    assert ours.get_depth() == theirs.get_depth()


def test_on_wine_it_has_the_same_splits_as_scikit_learn():
    X, y = load_wine(return_X_y=True)
    X = X.astype(np.float32).astype(float)
    ours = QuantumDecisionTreeClassifier(max_depth=2).fit(X, y).tree_
    theirs = DecisionTreeClassifier(criterion="entropy", max_depth=2, random_state=0).fit(X, y).tree_
    expected = [
        (f, pytest.approx(t)) for f, t in zip(theirs.feature, theirs.threshold, strict=True) if f >= 0
    ]
    assert [(q.feature, q.threshold) for q in ours.questions if q is not None] == expected


def test_a_kernel_tree_of_one_node_is_qsvc():
    data = ad_hoc_data(20, 100, rng=4)
    one = QuantumDecisionTreeClassifier(
        "kernel", bandwidth=1.0, landmarks=40, trials=1, C=1.0, max_depth=1, random_state=0
    )
    machine = QSVC(C=1.0, bandwidth=1.0).fit(data.X_train, data.y_train)
    clear = np.abs(machine.decision_function(data.X_test)) > 0.01  # libsvm stops at 1e-3
    tree = one.fit(data.X_train, data.y_train)
    assert clear.mean() > 0.95
    np.testing.assert_array_equal(tree.predict(data.X_test)[clear], machine.predict(data.X_test)[clear])


def test_ad_hoc_data_needs_questions_for_states():
    # 5 data sets of 80 rows; 400 test points each: a share of 0.9 has a standard error of 0.015
    scores = {"entropy": [], "fidelity": [], "kernel": []}
    for seed in range(5):
        data = ad_hoc_data(40, 200, rng=seed)
        for criterion, won in scores.items():
            options = {} if criterion == "entropy" else {"bandwidth": 1.0}
            tree = QuantumDecisionTreeClassifier(criterion, random_state=0, **options)
            tree.fit(data.X_train, data.y_train)
            won.append(tree.score(data.X_test, data.y_test))
    assert max(scores["entropy"]) < 0.85
    assert min(scores["kernel"]) > 0.9
    assert np.mean(scores["fidelity"]) > 0.85


@pytest.mark.parametrize("criterion", ["fidelity", "kernel"])
def test_the_default_bandwidth_is_that_of_the_data(criterion):
    # standardised and reduced: at bandwidth 1 the states of any two flowers are as good as unrelated
    X, y = load_iris(return_X_y=True)
    tree = QuantumDecisionTreeClassifier(criterion, random_state=0)
    model = make_pipeline(StandardScaler(), PCA(4), tree)
    assert cross_val_score(model, X, y, cv=5).mean() > 0.85  # 1/3 is chance; 150 rows, sigma 0.03
    rows = make_pipeline(StandardScaler(), PCA(4)).fit_transform(X)
    found = tree.fit(rows, y).bandwidth_
    assert tree.fit(10 * rows, y).bandwidth_ == pytest.approx(found / 10)
    with pytest.warns(UserWarning, match="hardly more than unrelated states of 4 qubits"):
        clone(tree).set_params(bandwidth=1.0).fit(rows, y)


def test_a_bandwidth_is_asked_for_only_where_one_is_used(iris):
    X, y, _, _ = iris
    for options in (
        {"criterion": "entropy"},
        {"criterion": "fidelity", "encoding": ZZFeatureMap(1, "linear", 0.5)},
    ):
        assert QuantumDecisionTreeClassifier(**options).fit(X, y).bandwidth_ == 1.0


def test_where_questions_tie_another_tree_is_scikit_learns_too():
    # what the class promises is the same gain, not the same question
    X = np.array([[0.0, 0.0], [1.0, 1.0]] * 4)
    y = X[:, 0].astype(int)
    asked = {
        DecisionTreeClassifier(criterion="entropy", random_state=seed).fit(X, y).tree_.feature[0]
        for seed in range(40)
    }  # one question only with probability 2**-39
    assert asked == {0, 1}
    assert QuantumDecisionTreeClassifier().fit(X, y).tree_.questions[0].feature == 0


def test_a_refused_fit_leaves_the_tree_that_was(iris):
    X, y, X_test, _ = iris
    model = QuantumDecisionTreeClassifier().fit(X, y)
    before = model.predict(X_test)
    with pytest.raises(ValueError, match="class_states"):
        model.set_params(class_states=[[1, 0]]).fit(X[:, :2], y)
    np.testing.assert_array_equal(model.predict(X_test), before)


def test_questions_remember_their_rows(iris):
    X, y, _, _ = iris
    encoding = ZZFeatureMap(1, "linear", 0.5)
    for criterion in ("fidelity", "kernel"):
        tree = QuantumDecisionTreeClassifier(criterion, encoding=encoding, random_state=1).fit(X, y).tree_
        asked = [question for question in tree.questions if question is not None]
        assert asked
        for question in asked:
            np.testing.assert_allclose(question.states, encoding.states(X[list(question.landmarks)]))


def test_equal_class_states_are_not_told_apart(iris):
    X, y, _, _ = iris
    same = np.array([[1, 0], [0, 1], [0, 1]])
    tree = QuantumDecisionTreeClassifier(class_states=same).fit(X, y)
    assert tree.get_n_leaves() == 2
    np.testing.assert_array_equal(tree.predict_proba(X)[:, 0] == 1, y == 0)


def test_leaves_and_probabilities(iris):
    X, y, X_test, y_test = iris
    names = np.array(["setosa", "versicolor", "virginica"])
    tree = QuantumDecisionTreeClassifier("kernel", bandwidth=0.5, max_depth=3, random_state=0).fit(
        X, names[y]
    )
    assert tree.score(X_test, names[y_test]) > 0.85
    p = tree.predict_proba(X_test)
    np.testing.assert_allclose(p.sum(axis=1), 1)
    np.testing.assert_array_equal(names[p.argmax(axis=1)], tree.predict(X_test))
    assert tree.get_depth() <= 3
    assert {tree.tree_.questions[leaf] for leaf in tree.apply(X_test)} == {None}


def test_pipeline_grid_search_clone_and_pickle(iris):
    X, y, X_test, y_test = iris
    model = make_pipeline(MinMaxScaler(), QuantumDecisionTreeClassifier(random_state=0))
    name = "quantumdecisiontreeclassifier__"
    grid = [
        {name + "criterion": ["entropy"]},
        {name + "criterion": ["fidelity", "kernel"], name + "bandwidth": [0.3, 1.0]},
    ]
    search = GridSearchCV(model, grid, cv=3).fit(X, y)
    assert search.score(X_test, y_test) > 0.85
    best = search.best_estimator_
    copy = pickle.loads(pickle.dumps(best))
    np.testing.assert_array_equal(copy.predict_proba(X_test), best.predict_proba(X_test))
    np.testing.assert_array_equal(clone(best).fit(X, y).predict(X_test), best.predict(X_test))


def test_the_same_seed_grows_the_same_tree(iris):
    X, y, X_test, _ = iris
    for criterion in ("fidelity", "kernel"):
        one, two, other = (
            QuantumDecisionTreeClassifier(criterion, random_state=seed).fit(X, y) for seed in (3, 3, 4)
        )
        np.testing.assert_array_equal(one.apply(X_test), two.apply(X_test))
        first = [tree.tree_.questions[0].landmarks for tree in (one, two, other)]
        assert first[0] == first[1] != first[2]
    assert isinstance(QuantumDecisionTreeClassifier("fidelity").fit(X, y).tree_.questions[0], ExemplarSplit)


@pytest.mark.parametrize(
    ("model", "X", "y", "error", "says"),
    [
        ({}, [[0.0], [1.0]], [1, 1], ValueError, "The number of classes has to be greater than one; got 1"),
        ({}, [[np.nan], [1.0]], [0, 1], ValueError, "Input X contains NaN"),
        ({}, [[0.0], [1.0]], [0.5, 1.2], ValueError, "Unknown label type"),
        ({"criterion": "kernel"}, np.zeros((2, 40)), [0, 1], ValueError, r"40 qubits; .* GiB"),
        ({"criterion": "gini"}, [[0.0], [1.0]], [0, 1], ValueError, "criterion must be one of"),
        ({"encoding": "xx"}, [[0.0], [1.0]], [0, 1], ValueError, "encoding must be"),
        (
            {"bandwidth": "wide"},
            [[0.0], [1.0]],
            [0, 1],
            ValueError,
            "bandwidth must be a number above 0 or .scale.",
        ),
        (
            {"class_states": [[1, 0]]},
            [[0.0], [1.0]],
            [0, 1],
            ValueError,
            "class_states must be an array of 2",
        ),
        ({"class_states": [[1, 0], [2, 0]]}, [[0.0], [1.0]], [0, 1], ValueError, "class_states must be norm"),
    ],
)
def test_refuses_to_fit(model, X, y, error, says):
    with pytest.raises(error, match=says):
        QuantumDecisionTreeClassifier(**model).fit(X, y)


def test_refuses_to_predict_other_features(iris):
    X, y, X_test, _ = iris
    model = QuantumDecisionTreeClassifier("kernel").fit(X, y)
    with pytest.raises(
        ValueError, match="X has 2 features, but QuantumDecisionTreeClassifier is expecting 4"
    ):
        model.predict(X_test[:, :2])
    with pytest.raises(ValueError, match="contains NaN"):
        model.predict_proba(np.full((1, 4), np.nan))


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (
            {"criterion": "kernel", "encoding": "amplitude", "bandwidth": 0.1},
            "bandwidth=0.1 .* encoding='amplitude'",
        ),
        (
            {"criterion": "kernel", "encoding": "z", "entanglement": "linear"},
            "entanglement='linear' .* encoding='z'",
        ),
        ({"criterion": "fidelity", "trials": 5}, "trials=5 .* criterion='fidelity'"),
        ({"criterion": "kernel", "max_features": "sqrt"}, "max_features='sqrt' .* criterion='kernel'"),
        ({"criterion": "entropy", "landmarks": 4}, "landmarks=4 .* criterion='entropy'"),
        ({"criterion": "entropy", "shots": 4}, "shots=4 .* criterion='entropy'"),
        ({"criterion": "entropy", "noise": 0.5}, "noise=0.5 .* criterion='entropy'"),
    ],
)
def test_refuses_what_a_search_would_turn_in_vain(iris, options, says):
    X, y, *_ = iris
    set_so = QuantumDecisionTreeClassifier(random_state=0, max_depth=1, **options)
    for model in (set_so, QuantumForestClassifier(set_so, 1, random_state=0)):
        with pytest.raises(ValueError, match=says.replace(" .* ", " has no effect: ")):
            model.fit(X[::5], y[::5])
    # at its default a parameter was not set
    only = {"criterion": options["criterion"], "encoding": options.get("encoding", "zz")}
    if "landmarks" not in options and only["criterion"] != "entropy":
        QuantumDecisionTreeClassifier(random_state=0, max_depth=1, **only).fit(X[::5], y[::5])


def weighted_task(seed, n=300):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, 4)).astype(np.float32).astype(float)  # scikit-learn's trees see float32
    y = (X[:, 0] + X[:, 1] ** 2 + rng.normal(size=n) > 1).astype(int) + (X[:, 2] > rng.normal(size=n))
    return X, y, rng.exponential(size=n) * (rng.random(n) > 0.1), rng.normal(size=(500, 4))


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"class_weight": {0: 1.0, 1: 5.0, 2: 0.5}},
        {"min_weight_fraction_leaf": 0.1},
        {"min_samples_leaf": 0.08, "min_samples_split": 0.3},
        {"ccp_alpha": 0.02},
    ],
    ids=str,
)
@pytest.mark.parametrize("seed", range(3))
def test_with_weights_it_is_scikit_learns_tree_too(seed, options):
    X, y, weights, new = weighted_task(seed)
    if "min_samples_split" in options:  # shares are here of the rows that have a weight, there of all
        X, y, weights = X[weights > 0], y[weights > 0], weights[weights > 0]
    common = {
        "max_depth": 4,
        "min_samples_leaf": 20,
        **options,
    }  # small nodes have ties, which chance decides
    ours = QuantumDecisionTreeClassifier(**common).fit(X, y, weights)
    theirs = DecisionTreeClassifier(criterion="entropy", random_state=0, **common).fit(X, y, weights)
    new = new.astype(np.float32).astype(float)
    np.testing.assert_allclose(ours.predict_proba(new), theirs.predict_proba(new), atol=1e-9)
    with np.errstate(divide="ignore"):
        expected = np.log(theirs.predict_proba(new))
    np.testing.assert_allclose(ours.predict_log_proba(new), expected, atol=1e-9)
    np.testing.assert_allclose(ours.feature_importances_, theirs.feature_importances_, atol=1e-9)
    assert ours.get_n_leaves() == theirs.get_n_leaves()
    assert sorted(ours.tree_.n_rows) == sorted(theirs.tree_.n_node_samples)
    np.testing.assert_allclose(
        np.sort(ours.tree_.counts.sum(axis=1)), np.sort(theirs.tree_.weighted_n_node_samples)
    )
    path, other = ours.decision_path(new), theirs.decision_path(new)
    np.testing.assert_array_equal(path.sum(axis=1), other.sum(axis=1))
    assert path[np.arange(len(new)), ours.apply(new)].all()
    np.testing.assert_array_equal(path.sum(axis=1).ravel() - 1, ours.tree_.depths[ours.apply(new)][None])


def test_balanced_classes_are_those_of_scikit_learn():
    X, y, _, new = weighted_task(7)
    common = {"max_depth": 3, "min_samples_leaf": 25, "class_weight": "balanced"}
    ours = QuantumDecisionTreeClassifier(**common).fit(X, y)
    theirs = DecisionTreeClassifier(criterion="entropy", random_state=0, **common).fit(X, y)
    new = new.astype(np.float32).astype(float)
    np.testing.assert_allclose(ours.predict_proba(new), theirs.predict_proba(new), atol=1e-9)
    root = ours.tree_.counts[0]
    np.testing.assert_allclose(root, len(y) / 3)
    plain = QuantumDecisionTreeClassifier(max_depth=3).fit(X, y)
    assert np.ptp(plain.tree_.counts[0]) > 20


@settings(max_examples=25)
@given(st.integers(0, 2**32 - 1))
def test_a_whole_weight_is_a_row_that_stands_so_often(seed):
    rng = np.random.default_rng(seed)
    X, y, times = rng.integers(0, 6, (40, 3)), rng.integers(0, 3, 40), rng.integers(0, 4, 40)
    times[:3], y[:3] = 1, [0, 1, 2]
    again, labels = np.repeat(X, times, axis=0), np.repeat(y, times)
    # sums of whole numbers are exact: not even ties are decided otherwise
    weighted, repeated = (QuantumDecisionTreeClassifier() for _ in range(2))
    np.testing.assert_array_equal(
        weighted.fit(X, y, times).predict_proba(X), repeated.fit(again, labels).predict_proba(X)
    )
    np.testing.assert_array_equal(weighted.tree_.counts, repeated.tree_.counts)
    # sums that are not are rounded, and the root is worth the same
    weighted, repeated = (
        QuantumDecisionTreeClassifier(class_weight="balanced", max_depth=1) for _ in range(2)
    )
    one, other = weighted.fit(X, y, times).tree_, repeated.fit(again, labels).tree_
    np.testing.assert_allclose(one.counts[0], other.counts[0])
    assert one.gains[0] == pytest.approx(other.gains[0], abs=1e-12)


@pytest.mark.parametrize("criterion", ["entropy", "fidelity", "kernel"])
def test_rows_without_weight_are_not_there(criterion):
    data = ad_hoc_data(20, 50, rng=5)
    options = {} if criterion == "entropy" else {"landmarks": 6}
    tree = QuantumDecisionTreeClassifier(criterion, max_depth=3, random_state=2, **options)
    wrong = 1 - data.y_train[:7]
    X, y = np.vstack([data.X_train, data.X_train[:7]]), np.concatenate([data.y_train, wrong])
    weights = np.concatenate([np.ones(40), np.zeros(7)])
    ours = clone(tree).fit(X, y, weights).predict_proba(data.X_test)
    np.testing.assert_allclose(ours, clone(tree).fit(data.X_train, data.y_train).predict_proba(data.X_test))


@pytest.mark.parametrize("criterion", ["fidelity", "kernel"])
def test_weights_move_the_questions_of_states(criterion):
    # a class that weighs ten times as much is found more often, whatever the questions
    data = ad_hoc_data(40, 200, rng=6)
    found = []
    for weight in (0.1, 1, 10):
        tree = QuantumDecisionTreeClassifier(
            criterion, max_depth=1, landmarks=4, random_state=0, class_weight={0: 1, 1: weight}
        )
        found.append(tree.fit(data.X_train, data.y_train).predict(data.X_test).mean())
    assert found[0] <= found[1] <= found[2]
    assert found[0] < found[2]


def test_routing_brings_the_weights():
    X, y, weights, _ = weighted_task(3)
    with sklearn.config_context(enable_metadata_routing=True):
        tree = QuantumDecisionTreeClassifier(max_depth=3).set_fit_request(sample_weight=True)
        model = make_pipeline(StandardScaler(), tree)
        model[0].set_fit_request(sample_weight=False)
        routed = model.fit(X, y, sample_weight=weights)
    expected = QuantumDecisionTreeClassifier(max_depth=3).fit(StandardScaler().fit_transform(X), y, weights)
    np.testing.assert_array_equal(routed[-1].tree_.counts, expected.tree_.counts)


def test_a_search_reaches_into_the_encoding(iris):
    X, y, *_ = iris
    given = ZZFeatureMap(1, "linear", 0.5)
    tree = QuantumDecisionTreeClassifier("kernel", encoding=given, random_state=0).set_params(
        encoding__reps=2
    )
    assert (tree.encoding.reps, given.reps) == (2, 1)
    forest = QuantumForestClassifier(tree, 2, random_state=0)
    assert forest.get_params()["estimator__encoding__reps"] == 2
    search = GridSearchCV(forest, {"estimator__encoding__bandwidth": [0.1, 0.4]}, cv=2).fit(X, y)
    assert search.best_estimator_.bandwidth_ == 1.0  # the encoding has its own


def test_states_have_no_importances(iris):
    X, y, *_ = iris
    tree = QuantumDecisionTreeClassifier("kernel", max_depth=2, random_state=0).fit(X, y)
    assert not hasattr(tree, "feature_importances_")
    with pytest.raises(
        AttributeError, match=r"needs criterion='entropy', not 'kernel'.*permutation_importance"
    ):
        _ = tree.feature_importances_
    # a single leaf, because so much is asked of a leaf: no bits, no shares
    alone = QuantumDecisionTreeClassifier(min_samples_leaf=80).fit(X, y)
    np.testing.assert_array_equal(alone.feature_importances_, np.zeros(4))


@pytest.mark.parametrize(
    ("options", "weights", "says"),
    [
        ({}, [1, -1, 1, 1], "sample_weight must be at least 0, not -1"),
        ({}, [0, 0, 0, 0], "(?i)sample.?weight"),  # newer scikit-learn refuses by itself, in its words
        ({}, [1, 1, 0, 0], "must leave rows of at least two classes"),
        ({}, [1, np.nan, 1, 1], "NaN"),
        ({}, [1, 1], r"sample_weight.shape == \(2,\), expected \(4,\)"),
        ({"class_weight": "heavy"}, None, "class_weight.*balanced"),
        ({"class_weight": {0: 1, 1: -2}}, None, "class_weight must not be negative; it holds -2"),
        ({"class_weight": {0: 0, 1: 1}}, None, "must leave rows of at least two classes"),
    ],
)
def test_refuses_weights(options, weights, says):
    X, y = [[0.0], [1.0], [2.0], [3.0]], [0, 0, 1, 1]
    for model in (QuantumDecisionTreeClassifier(**options),
                  QuantumForestClassifier(QuantumDecisionTreeClassifier(**options), 2)):  # fmt: skip
        with pytest.raises(ValueError, match=says):
            model.fit(X, y, sample_weight=weights)


@given(st.integers(0, 10_000), st.sampled_from([0.1, 1 / 3, 7.7, 1e-12, 1e12]))
@settings(max_examples=40, deadline=None)
def test_of_equal_questions_the_first_is_taken_in_whatever_unit_rows_are_weighed(seed, unit):
    rng = np.random.default_rng(seed)
    X, y = (
        rng.integers(0, 5, (60, 4)),
        rng.integers(0, 3, 60),
    )  # few values: many questions are worth the same
    y[:2] = 0, 1
    plain = QuantumDecisionTreeClassifier().fit(X, y)
    weighed = QuantumDecisionTreeClassifier().fit(X, y, np.full(60, unit))
    assert weighed.tree_.questions == plain.tree_.questions
    turned = QuantumDecisionTreeClassifier().fit(X, (y + 1) % 3)  # names of classes do not choose either
    assert turned.tree_.questions == plain.tree_.questions


@pytest.mark.parametrize("criterion", ["fidelity", "kernel"])
@pytest.mark.parametrize("rows", [2, 10])
def test_what_is_all_noise_tells_nothing_apart(criterion, rows):
    X, y = np.random.default_rng(0).normal(size=(rows, 2)), np.arange(rows) % 2
    for seed in range(8):  # exemplars in the order of the rows, and in another
        tree = QuantumDecisionTreeClassifier(criterion, noise=1.0, random_state=seed).fit(X, y)
        assert tree.get_n_leaves() == 1


def test_landmarks_that_no_run_finds_alike_ask_nothing():
    X, y = np.random.default_rng(3).normal(size=(40, 6)), np.arange(40) % 2
    for seed in range(5):  # one run in 64 ends in 0
        tree = QuantumDecisionTreeClassifier("kernel", noise=1.0, shots=1, random_state=seed, max_depth=3)
        assert tree.fit(X, y).get_depth() <= 3


@pytest.mark.parametrize("make", [QuantumDecisionTreeClassifier, QuantumForestClassifier])
def test_an_interrupt_leaves_the_old_model(make, monkeypatch):
    X, y = np.random.default_rng(3).normal(size=(40, 3)), np.arange(40) % 2
    model = make(random_state=0).fit(X, y)
    before = model.predict_proba(X)

    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("qlearn.learning.decision_trees._tree_parameters.grow", interrupted)
    with pytest.raises(KeyboardInterrupt):
        model.fit(X[:, :2], y)
    np.testing.assert_array_equal(model.predict_proba(X), before)


def test_a_default_of_numpys_is_not_given():
    model = QuantumDecisionTreeClassifier(landmarks=np.int64(10), noise=np.float32(0))
    assert model.fit([[0.0], [1.0]], [0, 1]).get_n_leaves() == 2
    with pytest.raises(ValueError, match=r"landmarks=.*11.* has no effect"):
        model.set_params(landmarks=np.int64(11)).fit([[0.0], [1.0]], [0, 1])
