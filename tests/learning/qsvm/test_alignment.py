"""Alignment: the cosine of an angle, PennyLane's number, and its derivative.

KernelAligner: scikit-learn's contract, exact slopes, and factors that find the features that count.
"""

import pickle

import numpy as np
import pennylane as qml
import pytest
from hypothesis import given, strategies as st
from sklearn.base import clone
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.utils.estimator_checks import parametrize_with_checks

from qlearn.learning.encodings import ReuploadingEncoding
from qlearn.learning.qsvm import QSVC, FidelityKernel, KernelAligner, ProjectedKernel, kernel_alignment
from qlearn.learning.qsvm.alignment import alignment_by_scales, alignment_gradient, centre, target_matrix


def sample(n=12, seed=0):
    rng = np.random.default_rng(seed)
    X = rng.uniform(0, 2, (n, 2))
    return X, np.where(rng.random(n) < 0.4, 1, -1)


def test_pennylane_says_the_same_without_centring():
    X, y = sample()
    kernel = FidelityKernel()
    theirs = qml.kernels.target_alignment(
        X, y, lambda a, b: kernel.gram([a], [b]).item(), rescale_class_labels=False
    )
    assert kernel_alignment(kernel.gram(X), y, centred=False) == pytest.approx(float(theirs), abs=1e-12)


def test_centred_is_the_definition():
    X, y = sample()
    K, H = FidelityKernel().gram(X), np.eye(12) - 1 / 12
    Kc, T = H @ K @ H, H @ np.outer(y, y) @ H
    np.testing.assert_allclose(centre(K), Kc, atol=1e-14)
    assert kernel_alignment(K, y) == pytest.approx(np.vdot(Kc, T) / np.linalg.norm(Kc) / np.linalg.norm(T))


@given(st.integers(0, 2**32 - 1), st.sampled_from(["two", "three", "real"]))
def test_is_1_for_the_ideal_matrix_and_never_more(seed, kind):
    rng = np.random.default_rng(seed)
    y = {"two": [0, 1] * 5, "three": [0, 1, 2] * 4, "real": rng.normal(size=10)}[kind]
    assert kernel_alignment(target_matrix(y), y) == pytest.approx(1)
    A = rng.normal(size=(len(y), 4))
    assert abs(kernel_alignment(A @ A.T, y)) <= 1 + 1e-12


def test_names_of_classes_and_scale_of_the_kernel_do_not_matter():
    X, y = sample()
    K = FidelityKernel().gram(X)
    names = np.where(y > 0, "signal", "noise")
    assert kernel_alignment(5 * K, names) == pytest.approx(kernel_alignment(K, y))
    assert kernel_alignment(K + 0.7, y) == pytest.approx(kernel_alignment(K, y))  # a constant is centred away


def test_derivative_by_entries_is_that_of_finite_differences():
    X, y = sample()
    K, T = FidelityKernel().gram(X), target_matrix(y)
    value, slope = alignment_gradient(K, T)
    assert value == pytest.approx(kernel_alignment(K, y))
    D = np.random.default_rng(1).normal(size=K.shape)
    D = D + D.T
    there, back = (kernel_alignment(K + h * D, y) for h in (1e-6, -1e-6))
    assert np.vdot(slope, D) == pytest.approx((there - back) / 2e-6, abs=1e-7)


@pytest.mark.parametrize(
    ("K", "y", "says"),
    [
        (np.eye(3), [1, 1, 1], "at least two classes"),
        (np.eye(3), [1, 2], "K and y must have the same length"),
        (np.ones((3, 3)), [0, 1, 1], "equally alike"),
        (np.eye(3), [[1], [2], [3]], "a label for each row"),
        ([[1, 0.5], [0.2, 1]], [0, 1], "symmetric"),
    ],
)
def test_refuses(K, y, says):
    with pytest.raises(ValueError, match=says):
        kernel_alignment(K, y)


@parametrize_with_checks([KernelAligner(FidelityKernel(reps=1, entanglement="linear"), max_iter=2)])
def test_scikit_learns_contract(estimator, check):
    check(estimator)


def rows(n=40, q=3, seed=0):
    X = np.random.default_rng(seed).normal(size=(n, q))
    return X, np.where(X[:, 0] > 0, "right", "left")


@pytest.mark.parametrize(
    "kernel",
    [FidelityKernel(), FidelityKernel("z", reps=1), ProjectedKernel(gamma=0.7), ProjectedKernel(locality=2)],
)
def test_slopes_are_those_of_finite_differences(kernel):
    X, y = rows(15)
    theta, T = np.log([0.3, 0.2, 0.1]), target_matrix(y)
    value, slopes = alignment_by_scales(kernel, X, theta, T)
    assert value == pytest.approx(kernel_alignment(kernel.gram(X * np.exp(theta)), y))
    for f in range(3):
        step = 1e-5 * np.eye(3)[f]
        there, back = (kernel_alignment(kernel.gram(X * np.exp(theta + sign * step)), y) for sign in (1, -1))
        assert slopes[f] == pytest.approx((there - back) / 2e-5, abs=1e-7)


def test_finds_the_feature_that_counts():
    X, y = rows()
    aligner = KernelAligner().fit(X, y)
    assert aligner.weights_[0] > 3 * aligner.weights_[1:].max()
    assert aligner.alignment_ > aligner.start_ + 0.1
    K = FidelityKernel().gram(aligner.transform(X))
    assert kernel_alignment(K, y) == pytest.approx(aligner.alignment_)
    np.testing.assert_allclose(aligner.transform(X), X * aligner.weights_)


def test_shared_is_the_search_alone():
    X, y = rows()
    shared = KernelAligner(weights="shared").fit(X, y)
    assert np.ptp(shared.weights_) == 0
    assert shared.alignment_ == shared.start_
    grid = [kernel_alignment(FidelityKernel().gram(w * X), y) for w in np.geomspace(1 / 300, 1, 12)]
    assert shared.alignment_ == pytest.approx(max(grid))


def test_real_targets():
    X, _ = rows()
    y = np.tanh(X[:, 1])
    aligner = KernelAligner().fit(X, y)
    assert aligner.weights_.argmax() == 1
    assert aligner.alignment_ > 0.8


@pytest.mark.parametrize(
    "kernel",
    [
        FidelityKernel("angle"),
        ProjectedKernel("angle", bandwidth=3),
        FidelityKernel(ReuploadingEncoding(2)),
        FidelityKernel("amplitude"),
    ],
)
@pytest.mark.parametrize("unit", [1.0, 1e4])
def test_it_takes_every_encoding_that_factors_can_scale(kernel, unit):
    X, y = rows()
    X = unit * X
    aligner = KernelAligner(kernel, max_iter=3).fit(X, y)
    assert np.isfinite(aligner.weights_).all()
    assert aligner.alignment_ == pytest.approx(kernel_alignment(kernel.gram(aligner.transform(X)), y))
    assert aligner.alignment_ >= aligner.start_
    assert kernel.gram(aligner.transform(1.9 * X)).shape == (40, 40)  # rows nearly twice as far out still fit
    shared = KernelAligner(kernel, weights="shared").fit(X, y)
    assert np.ptp(shared.weights_) == 0


def test_pipeline_grid_search_clone_and_pickle():
    X, y = rows(60)
    model = make_pipeline(KernelAligner(max_iter=5), QSVC(C=10, bandwidth=1))
    search = GridSearchCV(model, {"kernelaligner__weights": ["each", "shared"]}, cv=3).fit(X[:40], y[:40])
    assert search.score(X[40:], y[40:]) > 0.8
    assert clone(model).get_params()["kernelaligner__max_iter"] == 5
    again = pickle.loads(pickle.dumps(search))
    np.testing.assert_array_equal(again.predict(X), search.predict(X))


@pytest.mark.parametrize(
    ("model", "y", "error", "says"),
    [
        (KernelAligner("zz"), [0, 1], TypeError, "kernel must be a FidelityKernel or ProjectedKernel"),
        (
            KernelAligner(FidelityKernel("basis")),
            [0, 1],
            ValueError,
            "not 'basis': its features are whole numbers",
        ),
        (KernelAligner(weights="some"), [0, 1], ValueError, "weights must be 'each' or 'shared'"),
        (KernelAligner(max_iter=-1), [0, 1], ValueError, "max_iter must be at least 0"),
        (KernelAligner(), [1, 1], ValueError, "at least two classes"),
        (KernelAligner(), [0, 1, 1], ValueError, "inconsistent numbers of samples"),
    ],
)
def test_refuses_aligner(model, y, error, says):
    with pytest.raises(error, match=says):
        model.fit([[0.1], [0.2]], y)
