"""Nystroem's features: scikit-learn's own on the same table, exact between landmarks, and bounded in memory."""

import tracemalloc
from dataclasses import replace

import numpy as np
import pytest
from sklearn.kernel_approximation import Nystroem
from sklearn.utils.estimator_checks import parametrize_with_checks

from qlearn.learning.qsvm import FidelityKernel, ProjectedKernel, QuantumNystroem, sampled_gram


@parametrize_with_checks([QuantumNystroem(), QuantumNystroem("z", n_components=5, random_state=0)])
def test_scikit_learns_contract(estimator, check):
    check(estimator)


@pytest.fixture(scope="module")
def rows():
    return np.random.default_rng(0).normal(size=(80, 3))


@pytest.mark.parametrize("kernel", [FidelityKernel("zz", bandwidth=0.1), ProjectedKernel("z", bandwidth=0.3)])
def test_equals_scikit_learns_on_the_same_table_with_the_same_seed(rows, kernel):
    ours = QuantumNystroem(kernel=kernel, n_components=12, random_state=5).fit(rows)
    theirs = Nystroem(lambda a, b: kernel.gram([a], [b]).item(), n_components=12, random_state=5).fit(rows)
    np.testing.assert_array_equal(ours.component_indices_, theirs.component_indices_)
    np.testing.assert_array_equal(ours.components_, rows[ours.component_indices_])
    got, expected = ours.transform(rows), theirs.transform(rows)
    # the roots of eigenvalues near rounding differ with the order of sums; products do not
    np.testing.assert_allclose(got @ got.T, expected @ expected.T, atol=1e-5)


@pytest.mark.parametrize("encoding", ["z", "zz"])
def test_products_with_landmarks_are_the_kernel(rows, encoding):
    # k_m^T K_mm^+ K_mm = k_m wherever K_mm can be turned back: with 4**3 = 64 dimensions, 20 landmarks are independent
    features = QuantumNystroem(encoding, bandwidth=0.5, n_components=20, random_state=0).fit(rows)
    product = features.transform(rows) @ features.transform(features.components_).T
    exact = FidelityKernel(encoding, bandwidth=0.5).gram(rows, features.components_)
    np.testing.assert_allclose(product, exact, atol=1e-6)


def test_all_rows_as_landmarks_are_the_whole_kernel(rows):
    features = QuantumNystroem("z", bandwidth=0.3, n_components=500, random_state=0).fit_transform(rows)
    assert features.shape == (80, 80)
    np.testing.assert_allclose(
        features @ features.T, FidelityKernel("z", bandwidth=0.3).gram(rows), atol=1e-6
    )


def test_the_scale_is_that_of_all_training_rows(rows):
    # a landmark alone has no spread: the bandwidth comes from those who are no landmarks, too
    one = QuantumNystroem("z", n_components=1, random_state=0).fit(rows)
    assert one.bandwidth_ == QuantumNystroem("z", n_components=80, random_state=0).fit(rows).bandwidth_
    assert one.bandwidth_ != 1


def test_a_hundred_thousand_rows_take_the_memory_of_their_features_and_a_block():
    # 100,000 states of 8 qubits would be 400 MB. The answer is 16 MB, a block of states 17, three copies of it at most
    rows = np.random.default_rng(1).normal(size=(100_000, 8))
    model = QuantumNystroem("z", n_components=20, bandwidth=0.1, random_state=0).fit(rows)
    tracemalloc.start()
    features = model.transform(rows)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert features.shape == (100_000, 20)
    assert peak < 16e6 + 3 * 4200 * 256 * 16 + 7e6


def test_names_of_features(rows):
    model = QuantumNystroem("z", n_components=2, random_state=0).fit(rows)
    assert model.get_feature_names_out().tolist() == ["quantumnystroem0", "quantumnystroem1"]


@pytest.mark.parametrize(
    ("options", "error", "says"),
    [
        ({"n_components": 0}, ValueError, "n_components must be at least 1"),
        ({"n_components": 2.5}, TypeError, "n_components must be a whole number"),
        ({"bandwidth": "wide"}, ValueError, "bandwidth must be a number above 0 or 'scale'"),
    ],
)
def test_refuses(rows, options, error, says):
    with pytest.raises(error, match=says):
        QuantumNystroem(**options).fit(rows)


def test_refuses_features_that_do_not_fit(rows):
    model = QuantumNystroem("z", n_components=50).fit(rows)
    with pytest.raises(
        ValueError, match=r"80 rows, whose 50 features each would take .* transform fewer rows"
    ):
        model.set_params(max_gib=1e-6).transform(rows)


@pytest.mark.parametrize("repair", ["clip", "shift"])
def test_counted_features_are_as_near_to_the_kernel_as_its_entries(repair):
    # 60 landmarks of two qubits have 16 dimensions: of the others a counted table holds noise alone
    rows = np.random.default_rng(3).normal(size=(160, 2))
    exact = QuantumNystroem(n_components=60, random_state=0).fit(rows)
    kernel = FidelityKernel(bandwidth=exact.bandwidth_)
    features = QuantumNystroem(n_components=60, random_state=0, shots=1000, repair=repair).fit(rows)
    phi = features.transform(rows[60:])
    # an entry is counted to 0.016 at most
    assert np.sqrt(np.mean((phi @ phi.T - kernel.gram(rows[60:])) ** 2)) < 0.03
    table = sampled_gram(kernel.gram(rows[:60]), 1000, rng=0)
    with pytest.warns(UserWarning, match="has mended it"):
        given = QuantumNystroem(kernel="precomputed", n_components=60, repair=repair, random_state=0).fit(
            table
        )
    psi = given.transform(table)
    assert np.sqrt(np.mean((psi @ psi.T - kernel.gram(rows[:60])) ** 2)) < 0.03


def test_counted_projected_features_do_not_blow_up():
    rows = np.random.default_rng(3).normal(size=(160, 2))
    features = QuantumNystroem(kernel="projected", n_components=60, random_state=0, shots=1000).fit(rows)
    phi = features.transform(rows)
    assert np.sqrt(np.mean((phi @ phi.T - features.kernel_.kernel.gram(rows)) ** 2)) < 0.1


def test_single_precision_is_not_amplified():
    rows = np.random.default_rng(3).normal(size=(160, 2))
    kernel = FidelityKernel("zz", bandwidth=0.2)
    single = QuantumNystroem(kernel=replace(kernel, dtype="complex64"), n_components=60, random_state=0)
    phi = single.fit_transform(rows)
    np.testing.assert_allclose(phi @ phi.T, kernel.gram(rows), atol=2e-3)
