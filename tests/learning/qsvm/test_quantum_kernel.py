"""gram: one matrix, however it is computed; resumed where it broke; refused before it begins."""

import tracemalloc

import numpy as np
import pytest
from joblib import parallel_config
from sklearn.model_selection import GridSearchCV

from qlearn.learning.qsvm import QSVC, FidelityKernel, ProjectedKernel, fidelity_kernel as kernels_module
from qlearn.learning.qsvm.fidelity_kernel import squared_overlaps


def rows(n, q, seed=0):
    return np.random.default_rng(seed).uniform(0, 2 * np.pi, (n, q))


@pytest.mark.parametrize("kernel", [FidelityKernel(), ProjectedKernel(), FidelityKernel(dtype="complex64")])
@pytest.mark.parametrize("others", [None, 31])
def test_in_a_file_it_is_what_it_is_in_memory(kernel, others, tmp_path):
    X, Y = rows(45, 3), None if others is None else rows(others, 3, seed=1)
    K = kernel.gram(X, Y, out=tmp_path / "K.npy", block=16)
    expected = kernel.gram(X, Y)
    assert isinstance(K, np.memmap)
    assert K.dtype == expected.dtype
    np.testing.assert_allclose(K, expected, atol=1e-6 if K.dtype == np.float32 else 1e-13)
    if others is None:
        assert (K == K.T).all()
    with pytest.raises(ValueError, match="read-only"):
        K[0, 0] = 2


def test_two_processes_make_the_same_matrix():
    X, Y = rows(90, 3), rows(40, 3, seed=1)
    kernel = FidelityKernel()
    np.testing.assert_allclose(kernel.gram(X, n_jobs=2, block=40), kernel.gram(X), atol=1e-13)
    with parallel_config(backend="loky", n_jobs=2):
        np.testing.assert_allclose(kernel.gram(X, Y, block=40), kernel.gram(X, Y), atol=1e-13)


def test_a_sweep_runs_on_the_same_backends():
    X = rows(60, 2)
    y = X[:, 0] > np.pi
    search = GridSearchCV(QSVC(), {"bandwidth": [0.3, 1.0], "kernel": ["fidelity", "projected"]}, cv=3)
    here = search.fit(X, y).cv_results_["mean_test_score"]
    with parallel_config(backend="loky", n_jobs=2):
        there = search.fit(X, y).cv_results_["mean_test_score"]
    np.testing.assert_array_equal(here, there)


class Breaks:
    """Entries that fail at the third block, and count."""

    def __init__(self, at):
        self.asked, self.at = 0, at

    def __call__(self, A, B):
        self.asked += 1
        if self.asked == self.at:
            raise KeyboardInterrupt
        return squared_overlaps(A, B)


def test_a_broken_run_goes_on_where_it_broke(tmp_path, monkeypatch):
    X, out, kernel = rows(50, 3), tmp_path / "K.npy", FidelityKernel()
    breaks = Breaks(at=4)
    monkeypatch.setattr(kernels_module, "squared_overlaps", breaks)
    with pytest.raises(KeyboardInterrupt):
        kernel.gram(X, out=out, block=10)
    done = out.with_name("K.npy.blocks").read_text().splitlines()[1:]
    assert len(done) == 3
    rest = Breaks(at=99)
    monkeypatch.setattr(kernels_module, "squared_overlaps", rest)
    K = kernel.gram(X, out=out, block=10)
    assert rest.asked == 15 - 3
    monkeypatch.setattr(kernels_module, "squared_overlaps", squared_overlaps)
    np.testing.assert_allclose(K, kernel.gram(X), atol=1e-14)
    # and a third time it only opens the file, whatever the limit on memory
    monkeypatch.setattr(kernels_module, "squared_overlaps", Breaks(at=1))
    np.testing.assert_array_equal(FidelityKernel(max_gib=1.0).gram(X, out=out, block=10), K)


@pytest.mark.parametrize("kernel", [FidelityKernel(reps=1), FidelityKernel(bandwidth=0.5), ProjectedKernel()])
def test_a_file_of_another_kernel_or_of_other_rows_is_not_taken_for_this_one(kernel, tmp_path):
    X, out = rows(12, 2), tmp_path / "K.npy"
    FidelityKernel().gram(X, out=out)
    for wanted, Z in ((kernel, X), (FidelityKernel(), X + 0.1)):
        with pytest.raises(ValueError, match="other rows, another kernel"):
            wanted.gram(Z, out=out)


def test_a_matrix_larger_than_the_limit_lands_in_a_file(tmp_path):
    X = rows(1500, 6)  # 18 MB of matrix
    small = FidelityKernel(max_gib=0.006)
    with pytest.raises(ValueError, match="let out be a file"):
        small.gram(X)
    FidelityKernel().gram(X[:10])
    tracemalloc.start()
    K = small.gram(X, out=tmp_path / "K.npy", block=256)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 6e6
    np.testing.assert_allclose(K[1000:, :10], FidelityKernel().gram(X[1000:], X[:10]), atol=1e-13)


def test_it_shows_how_far_it_is(tmp_path, capsys):
    FidelityKernel().gram(rows(30, 2), out=tmp_path / "K.npy", block=10, progress=True)
    assert "6/6" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda path: FidelityKernel().gram(rows(4, 2), out=path / "no" / "K.npy"), "folder that exists"),
        (lambda path: FidelityKernel().gram(rows(4, 2), block=0), "block must be at least 1"),
        (lambda path: FidelityKernel().gram(rows(2, 40), out=path / "K.npy"), "40 qubits"),
        (lambda path: FidelityKernel().gram(rows(2, 3), rows(2, 2), out=path / "K.npy"), "same features"),
    ],
)
def test_refuses_before_a_file_is_made(call, says, tmp_path):
    with pytest.raises(ValueError, match=says):
        call(tmp_path)
    assert list(tmp_path.iterdir()) == []
