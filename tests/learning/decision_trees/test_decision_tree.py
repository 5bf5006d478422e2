"""The tree: scikit-learn's whole contract, scikit-learn's own tree where nothing is quantum, and QSVC in one node."""

import pickle

import numpy as np
import pytest
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


@parametrize_with_checks(
    [
        QuantumDecisionTreeClassifier(),
        QuantumDecisionTreeClassifier("fidelity", bandwidth=0.1),
        QuantumDecisionTreeClassifier("kernel", landmarks=8, trials=2),
    ]
)
def test_scikit_learns_contract(estimator, check):
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


@pytest.mark.filterwarnings("ignore:bandwidth=.* has no effect")
def test_ad_hoc_data_needs_questions_for_states():
    # 5 data sets of 80 rows; 400 test points each: a share of 0.9 has a standard error of 0.015
    scores = {"entropy": [], "fidelity": [], "kernel": []}
    for seed in range(5):
        data = ad_hoc_data(40, 200, rng=seed)
        for criterion, won in scores.items():
            tree = QuantumDecisionTreeClassifier(criterion, bandwidth=1.0, random_state=0)
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
    for settings in (
        {"criterion": "entropy"},
        {"criterion": "fidelity", "encoding": ZZFeatureMap(1, "linear", 0.5)},
    ):
        assert QuantumDecisionTreeClassifier(**settings).fit(X, y).bandwidth_ == 1.0


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


@pytest.mark.filterwarnings("ignore:bandwidth=.* has no effect")
def test_pipeline_grid_search_clone_and_pickle(iris):
    X, y, X_test, y_test = iris
    model = make_pipeline(MinMaxScaler(), QuantumDecisionTreeClassifier(random_state=0))
    name = "quantumdecisiontreeclassifier__"
    grid = {name + "criterion": ["entropy", "fidelity", "kernel"], name + "bandwidth": [0.3, 1.0]}
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
    ],
)
def test_says_what_a_search_would_turn_in_vain(iris, options, says):
    X, y, *_ = iris
    few = slice(None, None, 5)
    set_so = QuantumDecisionTreeClassifier(random_state=0, max_depth=1, **options)
    for model in (set_so, QuantumForestClassifier(set_so, 1, random_state=0)):
        with pytest.warns(UserWarning, match=says.replace(" .* ", " has no effect: ")):
            model.fit(X[few], y[few])
    left = QuantumDecisionTreeClassifier(options["criterion"], encoding=options.get("encoding", "zz"), random_state=0,
                                         max_depth=1)  # fmt: skip
    other = left.fit(X[few], y[few]).predict_proba(X)  # no warning
    with pytest.warns(UserWarning, match="has no effect"):
        same = set_so.fit(X[few], y[few]).predict_proba(X)
    np.testing.assert_array_equal(same, other)
