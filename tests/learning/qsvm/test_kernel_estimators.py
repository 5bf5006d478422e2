"""What the machines on a quantum kernel share: whose kernel, counted or not, weights of rows, blocks, refusals."""

import pickle

import numpy as np
import pandas as pd
import pytest
from sklearn import config_context, utils
from sklearn.base import clone
from sklearn.datasets import load_iris
from sklearn.exceptions import ConvergenceWarning
from sklearn.metrics.pairwise import rbf_kernel
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC, SVR, OneClassSVM
from sklearn.utils.estimator_checks import parametrize_with_checks

from qlearn.learning.encodings import AmplitudeEncoding
from qlearn.learning.qsvm import (
    QSVC,
    QSVR,
    CountedKernel,
    FidelityKernel,
    OneClassQSVM,
    ProjectedKernel,
    QuantumNystroem,
    _kernel_estimators as shared,
    sampled_gram,
    to_psd,
)

MACHINES = [QSVC, QSVR, OneClassQSVM, QuantumNystroem]
SWITCHES = [
    {"encoding": "z", "reps": 1, "shots": 300, "random_state": 0},
    {"encoding": "z", "reps": 1, "kernel": "projected", "gamma": 0.5},
    {"kernel": "precomputed"},
    {"kernel": rbf_kernel},
]
MORE_SWITCHES = [
    {"encoding": "z", "reps": 1, "shots": 300, "noise": 0.05, "repair": "shift", "random_state": 0},
    {"kernel": FidelityKernel("z", bandwidth=0.2)},
    {"kernel": ProjectedKernel("z", bandwidth=0.2), "shots": 300, "random_state": 0},
    {"kernel": CountedKernel(FidelityKernel("z", bandwidth=0.2), 300, random_state=0)},
]


@pytest.mark.filterwarnings("ignore:X is no table of likenesses")  # the checks give such tables
@parametrize_with_checks(
    [machine(**switches) for machine in MACHINES for switches in SWITCHES]
    + [QSVC(**switches) for switches in MORE_SWITCHES]
)
def test_scikit_learns_contract_with_every_switch_on(estimator, check):
    if "check_sample_weight_equivalence" in str(check) or "kind='zeros'" in str(check):
        pytest.skip(
            "30 features are 30 qubits, and two orders of rows differ by the solver's tolerance: see below"
        )
    if (
        isinstance(estimator, OneClassQSVM)
        and estimator.kernel == "precomputed"
        and "check_outliers" in str(check)
    ):
        pytest.skip(
            "it gives no square table: scikit-learn's own OneClassSVM(kernel='precomputed') fails it, too"
        )
    check(estimator)


@parametrize_with_checks(
    [
        QSVC("amplitude", tol=1e-12, C=0.5),
        QSVC(kernel=rbf_kernel, tol=1e-12),
        QSVR("amplitude", tol=1e-12),
        OneClassQSVM("amplitude", tol=1e-12, nu=0.5),
    ]
)
def test_a_weight_is_a_number_of_rows_to_scikit_learns_own_check(estimator, check):
    if "sample_weight" in str(check):
        check(estimator)


@pytest.fixture(scope="module")
def iris():
    X, y = load_iris(return_X_y=True)
    X = StandardScaler().fit_transform(X)
    order = np.random.default_rng(0).permutation(len(y))
    return X[order[:60]], y[order[:60]], X[order[60:100]]


def answers(machine, X):
    """What a machine says of rows, whatever it is."""
    for name in ("decision_function", "transform", "predict"):
        if hasattr(machine, name):
            return getattr(machine, name)(X)
    raise AssertionError("a machine that says nothing")


@pytest.mark.parametrize("machine", MACHINES)
def test_one_kernel_five_ways_is_one_machine(iris, machine):
    X, y, X_new = iris
    kernel = FidelityKernel("z", bandwidth=0.2)
    options = {"random_state": 0}
    named = machine("z", bandwidth=0.2, **options).fit(X, y)
    table = machine(kernel="precomputed", **options).fit(kernel.gram(X), y)
    expected = answers(named, X_new)
    assert named.bandwidth_ == 0.2
    assert table.bandwidth_ is None
    np.testing.assert_allclose(answers(table, kernel.gram(X_new, X)), expected, atol=1e-9)
    for given in (kernel, lambda A, B: kernel.gram(A, B)):
        np.testing.assert_allclose(
            answers(machine(kernel=given, **options).fit(X, y), X_new), expected, atol=1e-9
        )


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (QSVC(kernel="precomputed", C=2), SVC(kernel="precomputed", C=2, break_ties=True)),
        (QSVR(kernel="precomputed", epsilon=0.2), SVR(kernel="precomputed", epsilon=0.2)),
        (OneClassQSVM(kernel="precomputed", nu=0.2), OneClassSVM(kernel="precomputed", nu=0.2)),
    ],
)
def test_weighted_machines_are_those_of_scikit_learn_on_the_same_table(iris, ours, theirs):
    X, y, X_new = iris
    kernel = ProjectedKernel("zz", bandwidth=0.1)
    weights = np.random.default_rng(1).integers(0, 4, len(y)).astype(float)
    train, new, there = kernel.gram(X), kernel.gram(X_new, X), weights > 0
    ours.fit(train, y, sample_weight=weights)
    theirs.fit(train[np.ix_(there, there)], y[there], sample_weight=weights[there])
    names = ("predict",) if isinstance(ours, QSVR) else ("decision_function", "predict")
    for name in names:
        np.testing.assert_allclose(getattr(ours, name)(new), getattr(theirs, name)(new[:, there]), atol=1e-12)
    np.testing.assert_array_equal(ours.support_, np.flatnonzero(there)[theirs.support_])


def test_probabilities_of_weighted_rows_are_those_of_repeated_rows():
    # two clouds, weights of 1 and 2: the folds differ, so the temperatures agree only roughly; the border agrees
    rng = np.random.default_rng(0)
    y = rng.integers(0, 2, 150)
    X = rng.normal(size=(150, 2)) + y[:, None]
    weights = rng.integers(0, 3, 150)
    weighted = QSVC("z", bandwidth=0.2, probability=True, tol=1e-8).fit(X, y, sample_weight=weights)
    many = QSVC("z", bandwidth=0.2, probability=True, tol=1e-8).fit(X.repeat(weights, 0), y.repeat(weights))
    np.testing.assert_allclose(weighted.decision_function(X), many.decision_function(X), atol=1e-5)
    np.testing.assert_array_equal(weighted.predict_proba(X).argmax(axis=1), weighted.predict(X))
    assert weighted.temperature_ == pytest.approx(many.temperature_, rel=0.3)


class TestCounting:
    def test_the_table_of_training_rows_is_sampled_and_repaired(self, iris):
        X, y, _ = iris
        machine = QSVC("z", bandwidth=0.2, shots=100, repair="shift", random_state=3).fit(X, y)
        exact = FidelityKernel("z", bandwidth=0.2)
        table = CountedKernel(exact, 100, repair="shift", random_state=3).gram(X)
        same = SVC(kernel="precomputed", break_ties=True).fit(table, y)
        np.testing.assert_array_equal(machine.support_, same.support_)
        np.testing.assert_allclose(machine.svc_.dual_coef_, same.dual_coef_, atol=1e-12)

    def test_shots_without_end_are_the_exact_machine(self, iris):
        # an entry of 10^10 shots has a standard error of at most 5e-6; a sum of 60 of them with C=1: under 6 x 4e-5
        X, y, X_new = iris
        exact = QSVC("z", bandwidth=0.2).fit(X, y).decision_function(X_new)
        counted = QSVC("z", bandwidth=0.2, shots=10**10, random_state=0).fit(X, y).decision_function(X_new)
        np.testing.assert_allclose(counted, exact, atol=5e-3)  # the solver's tolerance is 1e-3

    @pytest.mark.parametrize("machine", MACHINES)
    def test_a_seed_is_a_machine_and_each_call_counts_alike(self, iris, machine):
        X, y, X_new = iris
        first, again, other = (
            machine("z", reps=1, shots=50, random_state=seed).fit(X, y) for seed in (1, 1, 2)
        )
        np.testing.assert_array_equal(answers(first, X_new), answers(first, X_new))
        np.testing.assert_array_equal(answers(first, X_new), answers(again, X_new))
        assert not np.array_equal(answers(first, X_new), answers(other, X_new))
        copy = pickle.loads(pickle.dumps(first))
        np.testing.assert_array_equal(answers(copy, X_new), answers(first, X_new))

    def test_the_most_probable_class_is_the_predicted_one_under_shots(self, iris):
        X, y, X_new = iris
        machine = QSVC("z", shots=100, probability=True, random_state=0).fit(X, y)
        np.testing.assert_array_equal(machine.predict_proba(X_new).argmax(axis=1), machine.predict(X_new))

    def test_a_kernel_of_ones_own_is_counted_too(self, iris):
        X, y, X_new = iris
        kernel = FidelityKernel("z", bandwidth=0.2)
        named = QSVC("z", bandwidth=0.2, shots=100, noise=0.1, random_state=1).fit(X, y)
        given = QSVC(kernel=kernel, shots=100, noise=0.1, random_state=1).fit(X, y)
        object_ = QSVC(kernel=CountedKernel(kernel, 100, noise=0.1, random_state=1)).fit(X, y)
        for other in (given, object_):
            np.testing.assert_array_equal(other.decision_function(X_new), named.decision_function(X_new))

    def test_a_counted_table_that_nobody_repaired_is_refused(self, iris):
        X, y, _ = iris
        with pytest.raises(ValueError, match="matrix of kernel must be positive semidefinite"):
            QSVC("z", bandwidth=0.2, shots=50, repair=None, random_state=0).fit(X, y)

    def test_a_precomputed_one_is_mended_with_a_warning(self, iris):
        X, y, _ = iris
        table = sampled_gram(FidelityKernel("z", bandwidth=0.2).gram(X), 50, rng=0)
        for repair in ("clip", "shift"):
            with pytest.warns(UserWarning, match=f"repair='{repair}' has mended it"):
                ours = QSVC(kernel="precomputed", repair=repair).fit(table, y)
            theirs = SVC(kernel="precomputed", break_ties=True).fit(to_psd(table, repair), y)
            np.testing.assert_array_equal(ours.decision_function(table), theirs.decision_function(table))
        with pytest.raises(ValueError, match="X must be positive semidefinite"):
            QSVC(kernel="precomputed", repair=None).fit(table, y)


@pytest.mark.parametrize("machine", MACHINES)
def test_rows_in_blocks_are_rows_at_once(iris, machine, monkeypatch):
    X, y, _ = iris
    model = machine(random_state=0).fit(X, y)
    rows = np.tile(X, (5, 1))
    whole = answers(model, rows)
    monkeypatch.setattr(shared, "_ROWS", 128)
    np.testing.assert_allclose(answers(model, rows), whole, atol=1e-9)


def test_blocks_are_smaller_where_memory_is(iris):
    X, y, _ = iris
    # a state of 4 qubits is 256 bytes: 4096 rows and their table of 60 columns take 3.0 MiB, 512 take 0.4 MiB
    model = QSVC().fit(X, y).set_params(max_gib=0.6 / 1024)
    model.kernel_ = FidelityKernel(bandwidth=model.bandwidth_, max_gib=0.6 / 1024)
    columns = len(model.support_)
    step = model._rows_at_once(columns, 4)
    assert 128 <= step < 4096
    assert model.kernel_.gib(step + columns, step * columns, 4) <= 0.6 / 1024
    assert model.decision_function(np.tile(X, (100, 1))).shape == (6000, 3)


@pytest.mark.parametrize("machine", MACHINES)
def test_a_refit_that_fails_leaves_the_machine_as_it_was(iris, machine):
    X, y, X_new = iris
    model = machine("z", bandwidth=0.2, random_state=0).fit(X, y)
    before = answers(model, X_new)
    for wrong, rows in (({"kernel": "nope"}, X), ({"max_gib": 0.0}, X[:, :3]), ({}, X * np.nan)):
        kept = {name: getattr(model, name) for name in wrong}
        with pytest.raises(ValueError, match=r"kernel must be|max_gib is 0|contains NaN"):
            model.set_params(**wrong).fit(rows, y)
        np.testing.assert_array_equal(answers(model.set_params(**kept), X_new), before)


def test_too_few_steps_are_said():
    X, y = load_iris(return_X_y=True)
    for machine in (QSVC("z", max_iter=2), QSVR("z", max_iter=2), OneClassQSVM("z", max_iter=2)):
        with pytest.warns(ConvergenceWarning, match="Solver terminated early"):
            machine.fit(X, y)


def test_tags_are_true():
    for machine in MACHINES:
        for model, pairwise, chance in (
            (machine(), False, False),
            (machine(kernel="precomputed"), True, False),
            (machine(shots=10), False, True),
            (machine(kernel=CountedKernel(FidelityKernel())), False, True),
        ):
            if hasattr(utils, "get_tags"):  # since scikit-learn 1.6
                tags = utils.get_tags(model)
                assert (tags.input_tags.pairwise, tags.non_deterministic) == (pairwise, chance)
            else:
                tags = model._get_tags()
                assert (tags["pairwise"], tags["non_deterministic"]) == (pairwise, chance)


def test_a_search_cuts_a_table_in_rows_and_columns(iris):
    X, y, _ = iris
    kernel = FidelityKernel("z", bandwidth=0.2)
    by_table = cross_val_score(QSVC(kernel="precomputed"), kernel.gram(X), y, cv=4)
    np.testing.assert_array_equal(by_table, cross_val_score(QSVC(kernel=kernel), X, y, cv=4))


def test_weights_are_routed_through_a_search(iris):
    X, y, X_new = iris
    weights = np.where(y == 0, 5.0, 1.0)
    model = QSVC("z", bandwidth=0.2)
    with config_context(enable_metadata_routing=True):
        asking = clone(model).set_fit_request(sample_weight=True).set_score_request(sample_weight=True)
        search = GridSearchCV(asking, {"C": [0.1]}, cv=3).fit(X, y, sample_weight=weights)
    direct = clone(model).set_params(C=0.1).fit(X, y, sample_weight=weights)
    np.testing.assert_array_equal(search.decision_function(X_new), direct.decision_function(X_new))
    assert not np.array_equal(search.decision_function(X_new), direct.fit(X, y).decision_function(X_new))


def test_a_search_reaches_through_a_counted_kernel(iris):
    X, y, _ = iris
    model = QSVC(kernel=CountedKernel(FidelityKernel("z"), 200, random_state=0))
    grid = {"kernel__shots": [200], "kernel__kernel__bandwidth": [0.02, 0.2]}
    best = GridSearchCV(model, grid, cv=3).fit(X, y).best_estimator_
    assert clone(best).get_params()["kernel__kernel__bandwidth"] in (0.02, 0.2)
    assert model.kernel.kernel.bandwidth == 1.0


class Wrong:
    """A kernel whose table has another shape."""

    def gram(self, X, Y=None):
        return np.ones(3)


@pytest.mark.parametrize(
    ("options", "error", "says"),
    [
        ({"kernel": "rbf"}, ValueError, "kernel must be 'fidelity', 'projected' or 'precomputed'"),
        ({"kernel": FidelityKernel}, ValueError, r"or a function \(X, Y\) -> table, not <class"),
        ({"kernel": 3}, ValueError, "kernel must be"),
        (
            {"kernel": Wrong()},
            ValueError,
            r"kernel must make a table of shape \(60, 60\) of these rows, not \(3,\)",
        ),
        (
            {"kernel": "precomputed"},
            ValueError,
            r"the square table .* not of shape \(60, 4\): give kernel.gram",
        ),
        ({"kernel": "precomputed", "shots": 9}, ValueError, "shots=9 has no effect: kernel='precomputed'"),
        (
            {"kernel": "precomputed", "encoding": "z"},
            ValueError,
            "encoding='z' has no effect: kernel='precomputed'",
        ),
        (
            {"kernel": rbf_kernel, "noise": 0.1},
            ValueError,
            "noise=0.1 has no effect: kernel=<function rbf_kernel",
        ),
        ({"kernel": rbf_kernel, "device": object()}, ValueError, "device=<object .* has no effect"),
        ({"repair": "shift"}, ValueError, "repair='shift' has no effect: shots=None"),
        ({"shots": 9, "repair": "bend"}, ValueError, "repair must be one of clip, shift"),
        (
            {"encoding": AmplitudeEncoding(), "bandwidth": 0.5},
            ValueError,
            "bandwidth=0.5 has no effect: encoding",
        ),
        (
            {"kernel": "projected", "shots": 9, "repair": "shift"},
            ValueError,
            "repair='shift' has no effect: kernel='proj",
        ),
        ({"device": object(), "noise": 0.1}, ValueError, "noise must be 0 with a device"),
        ({"shots": 0}, ValueError, "shots must be at least 1"),
        ({"shots": 9, "noise": 2.0}, ValueError, "noise must be"),
    ],
)
@pytest.mark.parametrize("machine", MACHINES)
def test_refuses(iris, machine, options, error, says):
    X, y, _ = iris
    limited = {"n_components": 60} if machine is QuantumNystroem else {}
    with pytest.raises(error, match=says):
        machine(**options, **limited).fit(X, y)


@pytest.mark.parametrize(
    ("weights", "says"),
    [
        ([-1.0] + [1.0] * 59, "sample_weight must be at least 0, not -1"),
        ([0.0] * 60, "non-zero|above 0"),
        ([1.0], "shape"),
    ],
)
@pytest.mark.parametrize("machine", [QSVC, QSVR, OneClassQSVM])
def test_refuses_weights(iris, machine, weights, says):
    X, y, _ = iris
    with pytest.raises(ValueError, match=says):
        machine().fit(X, y, sample_weight=weights)


def test_one_class_of_weight_above_zero_is_one_class(iris):
    X, y, _ = iris
    with pytest.raises(ValueError, match="got 1 class in the rows of weight above 0"):
        QSVC().fit(X, y, sample_weight=(y == 1).astype(float))


@pytest.mark.parametrize("machine", MACHINES)
def test_names_of_columns_are_kept_and_compared(iris, machine):
    X, y, X_new = iris
    named, new = (pd.DataFrame(part, columns=["a", "b", "c", "d"]) for part in (X, X_new))
    model = machine("z", random_state=0).fit(named, y)
    assert model.feature_names_in_.tolist() == ["a", "b", "c", "d"]
    np.testing.assert_array_equal(answers(model, new), answers(machine("z", random_state=0).fit(X, y), X_new))
    with pytest.raises(ValueError, match="feature names should match"):
        answers(model, new[["b", "a", "c", "d"]])


class Foreign:
    """Rows of another library, which scikit-learn may ask to work on them itself: this one would refuse."""

    def __init__(self, array):
        self.array, self.shape, self.dtype, self.ndim = array, array.shape, array.dtype, array.ndim

    def __len__(self):
        return len(self.array)

    def __array__(self, dtype=None, copy=None):
        return np.array(self.array, dtype=dtype)

    def __array_namespace__(self, *, api_version=None):
        raise AssertionError("the machine left its rows in another library")


@pytest.mark.parametrize("machine", MACHINES)
def test_rows_of_other_libraries_become_those_of_numpy(iris, machine, monkeypatch):
    X, y, X_new = iris
    if not hasattr(utils, "get_tags"):
        pytest.skip("before 1.6 scikit-learn needs another package to work on rows of other libraries")
    expected = answers(machine("z", random_state=0).fit(X, y), X_new)
    monkeypatch.setenv("SCIPY_ARRAY_API", "1")
    with config_context(array_api_dispatch=True):
        got = answers(machine("z", random_state=0).fit(Foreign(X), y), Foreign(X_new))
        if machine is QSVC:
            machine("z").fit(Foreign(X), Foreign(y), sample_weight=Foreign(np.ones(len(y))))
    np.testing.assert_array_equal(got, expected)


def test_numpys_whole_numbers_are_seeds_as_pythons():
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(40, 2)), np.arange(40) % 2
    one, other = (
        QSVC(shots=20, random_state=seed).fit(X, y).decision_function(X) for seed in (5, np.int64(5))
    )
    np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize(
    ("answer", "error", "says"),
    [
        (lambda K: K * np.nan, ValueError, "kernel must make a finite table"),
        (lambda K: K * 1j, TypeError, "kernel must make a table of real numbers, not of complex128"),
    ],
)
@pytest.mark.parametrize("machine", MACHINES)
def test_new_rows_that_a_kernel_cannot_compare_are_refused(machine, answer, error, says):
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(40, 2)), np.arange(40) % 2

    def kernel(A, B):
        table = np.exp(-((A[:, None] - B) ** 2).sum(axis=-1))
        return answer(table) if len(A) == 1 else table

    model = machine(kernel=kernel).fit(X, y)
    with pytest.raises(error, match=says):
        answers(model, X[:1])


@pytest.mark.parametrize(
    "kernel", [FidelityKernel(), CountedKernel(FidelityKernel()), "precomputed", lambda a, b: a @ b.T]
)
@pytest.mark.parametrize("machine", [QSVC, QSVR, OneClassQSVM])
def test_a_limit_that_limits_nothing_is_refused(machine, kernel):
    with pytest.raises(ValueError, match=r"max_gib=1\.0 has no effect"):
        machine(kernel=kernel, max_gib=1.0).fit(np.eye(4), [0, 1, 0, 1])


@pytest.mark.parametrize("machine", MACHINES)
def test_an_interrupted_refit_leaves_the_machine_as_it_was(machine):
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(40, 2)), np.arange(40) % 2
    model = machine(kernel=lambda a, b: a @ b.T).fit(X, y)
    before = answers(model, X)
    kept = model.kernel

    def stopped(a, b):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        model.set_params(kernel=stopped).fit(X[:, :1], y)
    np.testing.assert_array_equal(answers(model.set_params(kernel=kept), X), before)
