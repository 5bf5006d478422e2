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


@given(
    n=st.integers(2, 120),
    skew=st.sampled_from(["label", "feature", "size"]),
    alpha=st.sampled_from([1e-3, 0.1, 1.0, 1e3]),
    seed=st.integers(0, 2**32 - 1),
    data=st.data(),
)
def test_every_kind_of_skew_uses_every_sample_once(n, skew, alpha, seed, data):
    n_clients = data.draw(st.integers(1, n))
    X = np.column_stack([np.arange(n), np.cos(np.arange(n))])
    parts = split(X, np.arange(n) % 2, n_clients, alpha, rng=seed, skew=skew)
    assert min(parts.sizes) >= 1
    assert sorted(np.concatenate([rows[:, 0] for rows, _ in parts]).tolist()) == list(range(n))
    assert all((labels == rows[:, 0] % 2).all() for rows, labels in parts)


def test_skewed_sizes_follow_the_dirichlet_law_and_labels_stay_alike():
    # the share of one of five clients: mean 1/5, variance .16/(5 alpha + 1); 3000 draws, alpha 1: Beta(1, 4), sd .1633,
    # of the mean 6 sigma = .0179; sd of the variance about 7.6e-4 (kurtosis of Beta(1, 4)): .0046
    y, rng = np.arange(1000) % 2, np.random.default_rng(1)
    drawn = [split(y, y, 5, 1.0, rng, skew="size") for _ in range(3000)]
    shares = np.array([parts.sizes[0] / 1000 for parts in drawn])
    assert abs(shares.mean() - 0.2) < 0.0179
    assert abs(shares.var() - 0.16 / 6) < 0.0046
    # labels are drawn without replacement: of one client with n of 1000 samples, variance at most n/4
    off = np.array(
        [
            (counts[0] - size / 2) / np.sqrt(size / 4)
            for p in drawn
            for counts, size in zip(p.label_counts, p.sizes, strict=True)
        ]
    )
    assert abs(off.mean()) < 6 / np.sqrt(3000)
    assert off.std() < 1.05


def test_skewed_features_part_the_slices_of_a_feature():
    rng = np.random.default_rng(0)
    X = np.column_stack([rng.normal(size=900), 5 * rng.normal(size=900)])
    y = rng.integers(0, 2, 900)

    def between(parts, values):
        """Share of the variance of a number that lies between clients."""
        where = {row.tobytes(): i for i, row in enumerate(X)}
        own = [values[[where[row.tobytes()] for row in rows]] for rows, _ in parts]
        return sum(len(v) * (v.mean() - values.mean()) ** 2 for v in own) / (900 * values.var())

    by_column = split(X, y, 6, 0.05, rng=1, skew="feature", feature=0)
    assert between(by_column, X[:, 0]) > 0.3 > 0.05 > between(by_column, X[:, 1])
    given_values = split(X, y, 6, 0.05, rng=1, skew="feature", feature=X[:, 0])
    assert [rows.tolist() for rows, _ in given_values] == [rows.tolist() for rows, _ in by_column]
    # two columns that go together and one that does not: the first principal component is their sum
    Z = np.column_stack([X[:, 0], X[:, 0] + 0.1 * X[:, 1], X[:, 1]])
    standard = (Z - Z.mean(axis=0)) / Z.std(axis=0)
    _, vectors = np.linalg.eigh(standard.T @ standard)
    axis = vectors[:, -1] * np.sign(vectors[np.abs(vectors[:, -1]).argmax(), -1])
    by_axis = split(Z, y, 6, 0.05, rng=1, skew="feature")
    told = split(Z, y, 6, 0.05, rng=1, skew="feature", feature=standard @ axis)
    assert [rows.tolist() for rows, _ in by_axis] == [rows.tolist() for rows, _ in told]
    assert between(split(X, y, 6, 1e6, rng=1, skew="feature", feature=0), X[:, 0]) < 0.03


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"skew": "colour"}, "skew must be one of label, feature, size, not 'colour'"),
        ({"feature": 0}, 'feature must be None with skew="label"'),
        ({"skew": "feature", "feature": 2}, r"feature must be a column of X, whose shape is \(4, 2\), not 2"),
        ({"skew": "feature", "feature": [1.0, 2.0]}, "feature must have one number for each of 4 samples"),
        ({"skew": "feature", "feature": [1.0, 2.0, np.nan, 1.0]}, "feature must be finite"),
    ],
)
def test_refuses_a_skew_that_is_none(options, says):
    with pytest.raises(ValueError, match=says):
        split(np.zeros((4, 2)), [0, 1, 0, 1], 2, 0.5, **options)


def test_states_have_no_principal_component():
    states = np.eye(4, dtype=complex)
    with pytest.raises(ValueError, match="feature must be one number for each sample"):
        split(states, [0, 1, 0, 1], 2, 0.5, skew="feature")
    assert len(split(states, [0, 1, 0, 1], 2, 0.5, skew="feature", feature=[1, 2, 3, 4])) == 2


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
