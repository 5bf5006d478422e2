"""Dividing data: every sample used once, nobody left empty, skew as the Dirichlet law says."""

import numpy as np
import pytest
from hypothesis import given, strategies as st

from qlearn.networks.federated import split


@given(
    n=st.integers(2, 200),
    n_classes=st.integers(2, 5),
    alpha=st.none() | st.sampled_from([1e-3, 0.1, 1.0, 1e3]),
    seed=st.integers(0, 2**32 - 1),
    data=st.data(),
)
def test_every_sample_goes_to_exactly_one_client_with_its_label(n, n_classes, alpha, seed, data):
    n_clients = data.draw(st.integers(1, n))
    y = np.arange(n) % n_classes
    parts = split(np.arange(n), y, n_clients, alpha=alpha, rng=seed)
    assert len(parts) == n_clients
    assert min(parts.sizes) >= 1
    assert sorted(np.concatenate([X for X, _ in parts]).tolist()) == list(range(n))
    assert all((labels == X % n_classes).all() for X, labels in parts)
    assert parts.label_counts.sum(axis=0).tolist() == np.bincount(y).tolist()
    assert parts.label_counts.sum(axis=1).tolist() == parts.sizes


def test_without_alpha_sizes_differ_by_at_most_one():
    sizes = split(np.zeros((103, 2)), np.arange(103) % 2, 10, rng=0).sizes
    assert set(sizes) == {10, 11}


def test_shares_follow_the_dirichlet_law():
    # the share of class k at one of c clients has mean 1/c and variance (1/c)(1 - 1/c)/(c alpha + 1).
    # 4000 independent shares (one client of 2 x 2000 draws); rounding to 1/1000 adds 1e-6 to a variance of .02.
    # For alpha .5, c 5: Beta(.5, 2), sd .214: the mean within 6 sigma = .0203; sd of the variance about .0009: .0054.
    y, alpha, c = np.arange(2000) % 2, 0.5, 5
    rng = np.random.default_rng(0)
    shares = np.array([split(y, y, c, alpha, rng).label_counts[0] / 1000 for _ in range(2000)]).ravel()
    assert abs(shares.mean() - 1 / c) < 0.0203
    assert abs(shares.var() - (1 / c) * (1 - 1 / c) / (c * alpha + 1)) < 0.0054


def test_a_split_is_its_seed():
    y = np.arange(50) % 2
    one, same, other = (split(np.arange(50), y, 5, 0.3, rng=seed) for seed in (1, 1, 2))
    assert one.sizes == same.sizes
    assert all((a[0] == b[0]).all() for a, b in zip(one, same, strict=True))
    assert any(a[0].tolist() != b[0].tolist() for a, b in zip(one, other, strict=True))


@pytest.mark.parametrize(
    ("arguments", "error", "says"),
    [
        (([[1], [2]], [0, 1], 0), ValueError, "n_clients must be at least 1"),
        (([[1], [2]], [0, 1], 3), ValueError, "n_clients must be at most the 2 samples"),
        (([[1], [2]], [0, 1, 1], 1), ValueError, "X and y must have the same length"),
        (([[1], [2]], [1, 1], 1), ValueError, r"y must hold at least two classes, not \[1\]"),
        (([], [], 1), ValueError, "y must hold at least two classes"),
        (([[1], [2]], [[0], [1]], 1), ValueError, "one row and one label a sample"),
        (([[1], [2]], [0, 1], 2, 0.0), ValueError, "alpha must be above 0"),
        (([[1], [2]], [0, 1], 2, np.nan), ValueError, "alpha must be a finite number"),
        (([[1], [2]], [0, 1], 2, 1e308), ValueError, "alpha must be a finite number"),
        (([[1], [2], [3]], [0, 1, np.nan], 2, 0.1), ValueError, "y must be labels; it holds NaN"),
        (([[1], [2]], [0, 1], 2.0), TypeError, "n_clients must be a whole number"),
    ],
)
def test_refuses(arguments, error, says):
    with pytest.raises(error, match=says):
        split(*arguments)
