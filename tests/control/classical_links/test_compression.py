"""Compression: closed forms, scikit-learn's PCA, the contract of its estimators, and bounds that hold."""

import lzma

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from scipy.optimize import brentq
from sklearn.decomposition import PCA
from sklearn.utils.estimator_checks import parametrize_with_checks

from qlearn.control.classical_links import (
    BottleneckAutoencoder,
    coded_bits,
    pca_error,
    quantise,
    rate_distortion,
)

lags = np.arange(16)
DRIFT = 0.9 ** np.abs(lags[:, None] - lags)


@parametrize_with_checks([BottleneckAutoencoder(1, max_iter=50, random_state=0)])
def test_keeps_the_contract(estimator, check):
    check(estimator)


@pytest.mark.parametrize(
    ("k", "error"), [(0, 1.0), (1, 0.37957352), (2, 0.19528031), (4, 0.08928254), (8, 0.03512200), (16, 0.0)]
)
def test_the_error_of_pca_on_a_drift(k, error):
    assert pca_error(DRIFT, k) == pytest.approx(error, abs=1e-8)


def test_pca_error_is_what_scikit_learn_loses():
    X = np.random.default_rng(1).normal(size=(300, 5)) @ np.random.default_rng(2).normal(size=(5, 5))
    for k in range(1, 5):
        pca = PCA(k).fit(X)
        lost = ((pca.inverse_transform(pca.transform(X)) - X) ** 2).mean()
        assert pca_error(np.cov(X.T, bias=True), k) == pytest.approx(lost)


def test_no_linear_autoencoder_is_better_and_training_comes_close():
    X = np.random.default_rng(3).normal(size=(400, 6)) @ np.random.default_rng(4).normal(size=(6, 6))
    bound = pca_error(np.cov(X.T, bias=True), 2)
    for seed in range(3):
        coder = BottleneckAutoencoder(2, random_state=seed).fit(X)
        lost = ((coder.inverse_transform(coder.transform(X)) - X) ** 2).mean()
        assert bound - 1e-9 < lost < 1.05 * bound


@pytest.mark.parametrize("activation", ["identity", "tanh", "relu", "logistic"])
def test_the_two_halves_are_the_whole_network(activation):
    X = np.random.default_rng(5).normal(size=(60, 4))
    coder = BottleneckAutoencoder(2, (5,), activation, max_iter=30, random_state=0).fit(X)
    whole = coder.network_.predict((X - coder.mean_) / coder.scale_) * coder.scale_ + coder.mean_
    assert np.allclose(coder.inverse_transform(coder.transform(X)), whole)


def by_root(eigenvalues, distortion):
    """Reverse water-filling by a root of the level: the oracle."""
    level = brentq(
        lambda t: np.minimum(eigenvalues, t).mean() - distortion, 1e-15, eigenvalues.max(), xtol=1e-15
    )
    return np.maximum(0, np.log2(eigenvalues / level) / 2).mean()


@settings(deadline=None, max_examples=60)
@given(st.lists(st.floats(0.01, 10), min_size=1, max_size=8), st.floats(0.02, 0.98))
def test_reverse_water_filling(eigenvalues, share):
    values = np.array(eigenvalues)
    distortion = share * values.mean()
    turn = np.linalg.qr(np.random.default_rng(0).normal(size=(values.size, values.size)))[0]
    assert rate_distortion(turn * values @ turn.T, distortion) == pytest.approx(
        by_root(values, distortion), abs=1e-6
    )


def test_white_samples_cost_half_a_bit_for_each_quarter_of_six_db():
    assert rate_distortion(np.eye(4), 2.0**-6) == pytest.approx(3)
    assert rate_distortion(DRIFT, 7.0) == 0
    assert rate_distortion(DRIFT, 1.0) == pytest.approx(
        0, abs=1e-15
    )  # just all that there is, but for rounding


def test_a_coder_stays_above_the_bound():
    rng = np.random.default_rng(6)
    X = rng.normal(size=(4000, 16)) @ np.linalg.cholesky(DRIFT).T
    numbers, restored = quantise(X, 0.5)
    assert coded_bits(numbers) > rate_distortion(DRIFT, ((X - restored) ** 2).mean())


def test_a_coder_does_not_pass_the_entropy_of_fair_bits():
    fair = np.random.default_rng(7).integers(0, 256, 20_000)
    assert coded_bits(fair - 128) >= 8  # and is undone: LZMA gives back what came in
    raw = (fair - 128).astype(np.int8).tobytes()
    filters = [{"id": lzma.FILTER_LZMA2, "preset": 9, "lc": 0, "lp": 0, "pb": 0}]
    assert (
        lzma.decompress(
            lzma.compress(raw, lzma.FORMAT_RAW, filters=filters), lzma.FORMAT_RAW, filters=filters
        )
        == raw
    )


def test_a_table_is_coded_in_the_better_order():
    # a drift by rows has its likes beside each other; by columns, blocks that know nothing of each other
    table = quantise(np.random.default_rng(16).normal(size=(2000, 16)) @ np.linalg.cholesky(DRIFT).T, 0.8)[0]
    assert coded_bits(table) == coded_bits(table.T) == coded_bits(table.ravel())
    assert coded_bits(table.T.ravel()) > 1.1 * coded_bits(table)


def test_unsigned_numbers_beyond_int64_are_coded_too():
    assert coded_bits(np.array([2**64 - 1, 0, 1], np.uint64)) > 0


@pytest.mark.parametrize("size", [1, 100, 40_000, 3_000_000_000])
def test_wide_numbers_are_coded_too(size):
    assert coded_bits(np.array([-size, size, 0, 1])) > 0


def test_quantised_values_are_off_by_half_a_step_at_most():
    x = np.random.default_rng(8).normal(size=1000)
    numbers, restored = quantise(x, 0.1)
    assert np.abs(x - restored).max() <= 0.05 + 1e-12
    assert (restored == numbers * 0.1).all()


@pytest.mark.parametrize(
    ("call", "error", "says"),
    [
        (lambda: pca_error([[1.0, 0.2]], 1), ValueError, "symmetric table"),
        (lambda: pca_error([[1.0, 2.0], [2.0, 1.0]], 1), ValueError, "no negative eigenvalue"),
        (lambda: pca_error(np.eye(2), 3), ValueError, "k must be at most"),
        (lambda: rate_distortion(np.eye(2), 0.0), ValueError, "distortion must be above 0"),
        (lambda: quantise([1.0], 0.0), ValueError, "step must be above 0"),
        (lambda: quantise([1e300], 1e-300), ValueError, "beyond"),
        (lambda: quantise([np.nan], 1.0), ValueError, "values must be finite"),
        (lambda: coded_bits([0.5]), ValueError, "quantise them first"),
        (lambda: coded_bits(np.array([], int)), ValueError, "at least one"),
        (lambda: BottleneckAutoencoder(0).fit(np.eye(3)), ValueError, "n_components must be"),
        (lambda: BottleneckAutoencoder(1, (0,)).fit(np.eye(3)), ValueError, "hidden must be"),
        (
            lambda: BottleneckAutoencoder(1, max_iter=5).fit(np.eye(3)).inverse_transform([1.0]),
            ValueError,
            "codes must have shape",
        ),
    ],
)
def test_refuses(call, error, says):
    with pytest.raises(error, match=says):
        call()
