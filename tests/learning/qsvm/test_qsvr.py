"""QSVR: scikit-learn's machine on the table of overlaps, and a curve that it learns."""

import numpy as np
import pytest
from sklearn.compose import TransformedTargetRegressor
from sklearn.datasets import load_diabetes
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVR
from sklearn.utils.estimator_checks import parametrize_with_checks

from qlearn.learning.qsvm import QSVR, FidelityKernel


@parametrize_with_checks([QSVR(), QSVR("z", reps=1, C=10, epsilon=0.01)])
def test_scikit_learns_contract(estimator, check):
    if "check_sample_weight_equivalence" in str(check):
        pytest.skip(
            "its 30 features are 30 qubits; test_kernel_estimators.py asks machines whose states hold them"
        )
    check(estimator)


def test_equals_the_classical_machine_on_the_table_of_overlaps():
    rng = np.random.default_rng(0)
    X, new = rng.normal(size=(60, 3)), rng.normal(size=(30, 3))
    y = np.sin(X[:, 0]) * X[:, 1]
    ours = QSVR("zz", bandwidth=0.1, C=5, epsilon=0.05, tol=1e-9).fit(X, y)
    kernel = FidelityKernel("zz", bandwidth=0.1)
    a, b = (np.array([kernel.circuit(row).run() for row in part]) for part in (X, new))
    theirs = SVR(kernel="precomputed", C=5, epsilon=0.05, tol=1e-9).fit(np.abs(a.conj() @ a.T) ** 2, y)
    np.testing.assert_array_equal(ours.support_, theirs.support_)
    np.testing.assert_array_equal(ours.support_vectors_, X[ours.support_])
    np.testing.assert_allclose(ours.predict(new), theirs.predict(np.abs(b.conj() @ a.T) ** 2), atol=1e-7)


def test_a_series_of_its_own_frequencies_is_learned_to_the_tube():
    # one qubit, H and P(2x) once: the kernel is cos^2(x - y), so its functions are a + b cos 2x + c sin 2x
    x = np.linspace(-1.5, 1.5, 50)[:, None]
    f = lambda t: 0.3 + np.cos(2 * t[:, 0]) - 0.5 * np.sin(2 * t[:, 0])  # noqa: E731
    machine = QSVR("z", reps=1, bandwidth=1, C=1e4, epsilon=0.01, tol=1e-6).fit(x, f(x))
    between = x[:-1] + 0.03
    assert np.abs(machine.predict(between) - f(between)).max() < 0.011


def test_beats_the_mean_on_data_of_nobody():
    X, y = load_diabetes(return_X_y=True)
    machine = make_pipeline(StandardScaler(), QSVR("z", C=1))
    model = TransformedTargetRegressor(machine, transformer=StandardScaler()).fit(X[:300, 2:6], y[:300])
    assert model.score(X[300:, 2:6], y[300:]) > 0.3  # the mean has 0


@pytest.mark.parametrize(
    ("options", "y", "error", "says"),
    [
        ({"epsilon": -0.1}, [0.0, 1.0], ValueError, "epsilon must be"),
        ({"C": 0}, [0.0, 1.0], ValueError, "C must be above 0"),
        ({}, [np.nan, 1.0], ValueError, "NaN"),
        ({}, ["a", "b"], ValueError, "could not convert|must be"),
        ({}, np.array([1, 2]).astype("datetime64[D]"), TypeError, "y must be numbers, not datetime64"),
    ],
)
def test_refuses(options, y, error, says):
    with pytest.raises(error, match=says):
        QSVR(**options).fit([[0.0], [1.0]], y)


@pytest.mark.parametrize("kernel", ["fidelity", "projected", "precomputed", lambda a, b: a @ b.T])
def test_a_tube_that_holds_every_row_leaves_a_constant(kernel):
    rng = np.random.default_rng(1)
    X, y = rng.normal(size=(20, 2)), rng.normal(size=20)
    table = X @ X.T if kernel == "precomputed" else X
    flat = QSVR(kernel=kernel, epsilon=10.0).fit(table, y)
    assert len(flat.support_) == 0
    expected = SVR(kernel="precomputed", epsilon=10.0).fit(X @ X.T, y).predict(X @ X.T)
    np.testing.assert_allclose(flat.predict(table), expected, atol=1e-12)
