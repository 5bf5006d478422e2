"""Overlaps: the definition, in blocks, symmetric to the last bit.

The fidelity kernel: a probability that can be measured, a matrix without negative eigenvalues, bounded memory.

gram, for every kernel: one matrix, however it is computed; resumed where it broke; refused before it begins.
"""

import pickle
import tracemalloc
from dataclasses import replace

import numpy as np
import pennylane as qml
import pytest
from hypothesis import given, strategies as st
from joblib import parallel_config
from sklearn.datasets import load_iris
from sklearn.decomposition import KernelPCA
from sklearn.kernel_approximation import Nystroem
from sklearn.kernel_ridge import KernelRidge
from sklearn.metrics.pairwise import pairwise_kernels
from sklearn.model_selection import GridSearchCV
from sklearn.svm import SVC

from qlearn.learning import QSVC, CountedKernel, FidelityKernel, ProjectedKernel, ZZFeatureMap
from qlearn.learning.qsvm import fidelity_kernel as kernels_module, overlap
from qlearn.learning.qsvm.fidelity_kernel import squared_overlaps
from qlearn.qubits import fidelity, ket, probabilities, random_state


@given(st.integers(1, 4), st.integers(1, 6), st.integers(1, 6), st.integers(0, 2**32 - 1))
def test_is_the_definition(q, n, m, seed):
    rng = np.random.default_rng(seed)
    A, B = random_state(q, n, rng), random_state(q, m, rng)
    K = overlap(A, B)
    np.testing.assert_allclose(K, np.abs(A.conj() @ B.T) ** 2, atol=1e-14)
    assert K[0, 0] == pytest.approx(fidelity(A[0], B[0]), abs=1e-14)


@pytest.mark.parametrize("n", [1, 127, 128, 129, 300])
def test_blocks_leave_no_seam(n):
    A, B = random_state(3, n, rng=n), random_state(3, 200, rng=0)
    np.testing.assert_allclose(overlap(A, B), np.abs(A.conj() @ B.T) ** 2, atol=1e-14)
    K = overlap(A)
    np.testing.assert_allclose(K, np.abs(A.conj() @ A.T) ** 2, atol=1e-14)
    assert (K == K.T).all()
    np.testing.assert_allclose(np.diag(K), 1, atol=1e-12)


@given(st.integers(1, 4), st.integers(2, 40), st.integers(0, 2**32 - 1))
def test_a_gram_matrix_has_no_negative_eigenvalue(q, n, seed):
    assert np.linalg.eigvalsh(overlap(random_state(q, n, seed))).min() >= -1e-10


@pytest.mark.parametrize("q", [1, 4, 8])
def test_single_precision_is_off_by_as_little_as_it_says(q):
    A = random_state(q, 150, rng=q)
    wide, single = overlap(A), overlap(A.astype(np.complex64))
    assert single.dtype == np.float32
    assert (single == single.T).all()
    assert np.abs(single - wide).max() < 5e-6
    assert overlap(A, A.astype(np.complex64)).dtype == np.float64
    with pytest.raises(ValueError, match="normalised"):
        overlap(1.001 * A.astype(np.complex64))


def test_equal_and_orthogonal_states():
    bell = np.array([ket("00"), ket("11"), ket("++")])
    np.testing.assert_allclose(overlap(bell), [[1, 0, 0.25], [0, 1, 0.25], [0.25, 0.25, 1]], atol=1e-15)


@pytest.mark.parametrize(
    ("A", "B", "error", "says"),
    [
        ([[1.0, 1.0]], None, ValueError, "A must be normalised"),
        ([[1.0, 0.0]], [[0.0, 2.0]], ValueError, "B must be normalised"),
        ([1.0, 0.0], None, ValueError, "a state for each sample"),
        ([[1.0, 0.0]], [[1.0, 0, 0, 0]], ValueError, "states of one size"),
        ([[1.0, 0.0, 0.0]], None, ValueError, "2, 4, 8"),
        ([["0"]], None, TypeError, "amplitudes"),
        ([[np.nan, 1.0]], None, ValueError, "finite"),
    ],
)
def test_refuses(A, B, error, says):
    with pytest.raises(error, match=says):
        overlap(A, B)


def rows(n, q, seed=0):
    return np.random.default_rng(seed).uniform(0, 2 * np.pi, (n, q))


@given(
    st.integers(1, 5),
    st.integers(2, 30),
    st.integers(1, 3),
    st.sampled_from(["full", "linear", "circular", "none"]),
    st.integers(0, 2**32 - 1),
)
def test_gram_is_symmetric_unit_and_positive(q, n, reps, entanglement, seed):
    K = FidelityKernel("zz", reps, entanglement).gram(rows(n, q, seed))
    assert (K == K.T).all()
    np.testing.assert_allclose(np.diag(K), 1, atol=1e-12)
    assert np.linalg.eigvalsh(K).min() >= -1e-10
    assert K.min() >= 0
    assert K.max() <= 1 + 1e-12


def test_an_entry_is_the_probability_of_all_zeros_after_compute_and_uncompute():
    kernel, X = FidelityKernel(), rows(6, 3)
    circuit = kernel.circuit(X[:3]).then(kernel.circuit(X[3:]).inverse())
    np.testing.assert_allclose(
        probabilities(circuit.run())[:, 0], np.diag(kernel.gram(X[:3], X[3:])), atol=1e-12
    )


def test_pennylane_says_the_same():
    X = rows(4, 3, seed=5)
    kernel = FidelityKernel("zz", 1, "linear")

    def layer(x):
        for i in range(3):
            qml.Hadamard(i)
            qml.PhaseShift(2 * x[i], i)
        for i in range(2):
            qml.IsingZZ(2 * (np.pi - x[i]) * (np.pi - x[i + 1]), wires=[i, i + 1])

    @qml.qnode(qml.device("default.qubit", wires=3))
    def zeros(x, y):
        layer(x)
        qml.adjoint(layer)(y)
        return qml.probs()

    expected = [[zeros(x, y)[0] for y in X] for x in X]
    np.testing.assert_allclose(kernel.gram(X), expected, atol=1e-12)


def test_states_once_overlap_often_is_gram():
    kernel, X, Y = FidelityKernel(), rows(7, 4), rows(5, 4, seed=1)
    A, B = kernel.states(X), kernel.states(Y)
    assert A.shape == (7, 16)
    np.testing.assert_allclose(kernel.overlap(A, B), kernel.gram(X, Y), atol=1e-14)
    np.testing.assert_array_equal(kernel.overlap(A), kernel.gram(X))
    np.testing.assert_array_equal(kernel.gram(X, X), kernel.gram(X))
    np.testing.assert_allclose(kernel.gram(X, X.copy()), kernel.gram(X), atol=1e-14)


def test_without_entanglement_it_is_a_product_of_one_feature_kernels():
    # one repetition of H and P(2x): |<x|y>|^2 = cos^2(x - y) for each feature
    X = rows(6, 3)
    expected = np.prod(np.cos(X[:, None] - X[None]) ** 2, axis=-1)
    np.testing.assert_allclose(FidelityKernel("z", reps=1).gram(X), expected, atol=1e-12)
    np.testing.assert_allclose(FidelityKernel("zz", 1, "none").gram(X), expected, atol=1e-12)


def test_it_concentrates_as_features_are_added():
    # overlaps of states that fill the space average to 1/2**q (Haar), so they halve with every qubit
    means = []
    for q in range(2, 9):
        K = FidelityKernel().gram(rows(300, q, seed=q))
        means.append(K[~np.eye(300, dtype=bool)].mean())
    slope = np.polyfit(range(2, 9), np.log2(means), 1)[0]
    assert -1.1 < slope < -0.8


def test_an_encoding_of_ones_own():
    kernel = FidelityKernel(ZZFeatureMap(1, "linear"))
    np.testing.assert_array_equal(kernel.gram(rows(4, 3)), FidelityKernel("zz", 1, "linear").gram(rows(4, 3)))


def test_scikit_learn_takes_it_as_a_kernel():
    X, y = load_iris(return_X_y=True)
    X = X / X.max(axis=0)
    search = GridSearchCV(
        SVC(), {"kernel": [FidelityKernel(reps=r, bandwidth=b) for r in (1, 2) for b in (0.5, 1.0)]}, cv=3
    )
    assert search.fit(X, y).best_score_ > 0.9
    assert pickle.loads(pickle.dumps(search)).predict(X[:3]).tolist() == search.predict(X[:3]).tolist()


def test_memory_is_that_of_states_and_matrix():
    # 1000 rows of 6 qubits: 1 MB of states, 8 MB of matrix; a complex matrix would be 16 MB more
    X = rows(1000, 6)
    FidelityKernel().gram(X[:10])
    tracemalloc.start()
    FidelityKernel().gram(X)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 20e6


@pytest.mark.parametrize("q", [2, 6, 10])
def test_single_precision_halves_the_memory_and_states_its_error(q):
    X = rows(200, q)
    wide, single = FidelityKernel(), FidelityKernel(dtype="complex64")
    assert single.states(X).nbytes == wide.states(X).nbytes / 2
    K, exact = single.gram(X), wide.gram(X)
    assert K.dtype == np.float32
    assert np.abs(K - exact).max() < 5e-6
    assert np.abs(np.linalg.eigvalsh(K.astype(float)) - np.linalg.eigvalsh(exact)).max() < 200 * 5e-6


def test_too_many_qubits_are_refused_before_memory_is_taken():
    tracemalloc.start()
    for q, gib in ((30, "32 GiB"), (2000, r"e\+\d+ GiB")):
        with pytest.raises(
            ValueError, match=rf"X has {q} features, so {q} qubits; .*{gib}.*Reduce the features"
        ):
            FidelityKernel().gram(np.zeros((2, q)))
        with pytest.raises(ValueError, match="max_gib is 4"):
            FidelityKernel().states(np.zeros((2, q)))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 10e6


class Handmade:
    """A map that a student might write: these states, whatever the rows are."""

    def __init__(self, made):
        self.made = made

    def n_qubits(self, n_features):
        return n_features

    def states(self, X):
        return self.made

    def circuit(self, x):
        raise AssertionError("a Gram matrix is made from states; it draws no circuit")


def test_a_map_of_ones_own_is_used_as_it_is():
    made = np.array([[1, 0], [np.sqrt(0.5), np.sqrt(0.5)]])
    np.testing.assert_allclose(FidelityKernel(Handmade(made)).gram(np.zeros((2, 1))), [[1, 0.5], [0.5, 1]])


def test_a_large_matrix_of_few_qubits_counts_too():
    with pytest.raises(ValueError, match=r"max_gib is 0\.001"):
        FidelityKernel(max_gib=0.001).gram(np.zeros((400, 1)))


@pytest.mark.parametrize(
    ("call", "error", "says"),
    [
        (lambda: FidelityKernel("xx"), ValueError, "encoding must be 'z', 'zz'"),
        (lambda: FidelityKernel(reps=0), ValueError, "reps must be at least 1"),
        (lambda: FidelityKernel(entanglement="all"), ValueError, "entanglement must be one of"),
        (lambda: FidelityKernel("z", entanglement="all"), ValueError, "entanglement must be one of"),
        (lambda: FidelityKernel(dtype="float32"), ValueError, "dtype must be 'complex128' or 'complex64'"),
        (lambda: FidelityKernel(max_gib=-1), ValueError, "max_gib must be"),
        (lambda: FidelityKernel().gram(np.zeros((2, 3)), np.zeros((2, 2))), ValueError, "same features"),
        (lambda: FidelityKernel().gram(np.zeros(3)), ValueError, "X must have shape"),
        (lambda: FidelityKernel().gram(np.zeros((2, 2)), np.zeros(2)), ValueError, "Y must have shape"),
        (lambda: FidelityKernel().gram([[np.nan]]), ValueError, "NaN or infinity"),
        (lambda: FidelityKernel(Handmade(np.ones((2, 4)))).gram(np.zeros((2, 2))), ValueError, "normalised"),
        (
            lambda: FidelityKernel(Handmade(np.eye(4)[:1])).states(np.zeros((2, 2))),
            ValueError,
            "of the 2 rows",
        ),
    ],
)
def test_refuses_kernels(call, error, says):
    with pytest.raises(error, match=says):
        call()


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


@pytest.mark.parametrize("kernel", [FidelityKernel("angle"), ProjectedKernel("z", gamma=2.0)])
def test_the_encoding_is_made_once_and_goes_with_copies(kernel):
    assert kernel.map is kernel.map
    for copy in (pickle.loads(pickle.dumps(kernel)), replace(kernel)):
        assert copy == kernel
        assert hash(copy) == hash(kernel)
        assert copy.map == kernel.map
    assert replace(kernel, bandwidth=0.5).map.bandwidth == 0.5


@pytest.mark.parametrize(
    ("n", "m", "q"),
    [
        (1, 1, 1),
        (3, 2, 12),
        (255, 257, 3),
        (513, 30, 2),
        (1030, 1100, 2),
    ],  # tiles of 256, blocks of 1024, depth of 2048
)
def test_overlaps_across_all_seams_are_one_plain_product(n, m, q):
    A, B = random_state(q, n, rng=0), random_state(q, m, rng=1)
    np.testing.assert_allclose(overlap(A, B), np.abs(A.conj() @ B.T) ** 2, atol=1e-14)
    own = overlap(A)
    np.testing.assert_allclose(own, np.abs(A.conj() @ A.T) ** 2, atol=1e-14)
    np.testing.assert_array_equal(own, own.T)


def test_real_states_in_single_precision_stay_single():
    A = np.random.default_rng(0).normal(size=(20, 8))
    A /= np.linalg.norm(A, axis=1, keepdims=True)
    single = overlap(A.astype(np.float32))
    assert single.dtype == np.float32
    np.testing.assert_allclose(single, (A @ A.T) ** 2, atol=5e-6)
    np.testing.assert_array_equal(single, single.T)
    mixed = overlap(A.astype(np.float32), A.astype(complex))
    assert mixed.dtype == np.float64
    rows = np.random.default_rng(1).normal(size=(5, 3))
    kernel = FidelityKernel(dtype="complex64").gram(rows.astype(np.float32))
    assert kernel.dtype == np.float32
    np.testing.assert_allclose(kernel, FidelityKernel().gram(rows.astype(np.float32)), atol=5e-6)


def test_a_machine_that_asks_pair_by_pair_is_told_of_the_whole_table_where_it_is_counted():
    X, kernel = np.random.default_rng(0).uniform(-1, 1, (6, 2)), CountedKernel(FidelityKernel("z"))
    with pytest.raises(ValueError, match=r"counted one pair of rows at a time.* give kernel='precomputed'"):
        KernelPCA(2, kernel=kernel).fit(X)
    assert KernelPCA(2, kernel="precomputed").fit_transform(kernel.gram(X)).shape == (6, 2)


@pytest.mark.parametrize("kernel", [FidelityKernel(bandwidth=0.4), ProjectedKernel("z", gamma=0.5)])
def test_machines_that_ask_for_single_pairs_find_what_they_find_in_the_table(kernel):
    rows = np.random.default_rng(0).uniform(-2, 2, (14, 3))
    table, target = kernel.gram(rows), rows.sum(axis=1)
    np.testing.assert_allclose(pairwise_kernels(rows, rows[:5], metric=kernel), table[:, :5], atol=1e-12)
    one, other = KernelRidge(kernel=kernel), KernelRidge(kernel="precomputed")
    np.testing.assert_allclose(
        one.fit(rows, target).predict(rows), other.fit(table, target).predict(table), atol=1e-10
    )
    whole = Nystroem(kernel, n_components=14, random_state=0).fit_transform(rows)
    np.testing.assert_allclose(whole @ whole.T, table, atol=1e-8)


def test_a_pair_is_a_number_and_a_search_takes_whole_kernels():
    kernel = FidelityKernel("z")
    assert np.ndim(kernel([0.1, 0.2], [0.3, 0.4])) == 0
    assert kernel([[0.1, 0.2]], [[0.3, 0.4]]).shape == (1, 1)
    for rows in ([0.1, 0.2], None), ([0.1, 0.2], [[0.3, 0.4]]):
        with pytest.raises(
            ValueError, match=r"X must have shape \(n, q\): a row for each sample, not \(2,\)"
        ):
            kernel(*rows)
    with pytest.raises(ValueError, match="X and Y must be finite"):
        kernel([0.1, np.nan], [0.3, 0.4])
    with pytest.raises(ValueError, match="20 qubits"):
        FidelityKernel(max_gib=1e-3)(np.zeros(20), np.zeros(20))
