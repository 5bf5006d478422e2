"""Federated averaging: the weighted mean, and nothing else."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, strategies as st

from qlearn.networks.federated import FedAvg


@given(st.lists(st.tuples(st.integers(-1000, 1000), st.integers(1, 10**6)), min_size=1, max_size=20))
def test_is_the_mean_weighted_by_samples(models):
    # the definition in exact fractions: the oracle
    exact = Fraction(sum(value * n for value, n in models), sum(n for _, n in models))
    merged = FedAvg().aggregate([([np.array([float(v)]), np.full((2, 3), float(v))], n) for v, n in models])
    assert merged[0][0] == pytest.approx(float(exact), rel=1e-12, abs=1e-9)
    assert merged[1].shape == (2, 3)


def test_asks_a_fraction_of_the_clients_and_at_least_one():
    rng = np.random.default_rng(0)
    assert FedAvg().choose(7, rng) == list(range(7))
    chosen = FedAvg(fraction=0.3).choose(10, rng)
    assert len(set(chosen)) == 3
    assert len(FedAvg(fraction=1e-9).choose(10, rng)) == 1
    # halves up, for odd and even alike (round() takes 2.5 to 2 and 3.5 to 4); and shares that floats do not hold exactly
    asked = {
        (share, n): len(FedAvg(fraction=share).choose(n, rng))
        for share in (0.5, 0.1, 0.7)
        for n in (5, 7, 10)
    }
    assert [asked[0.5, n] for n in (5, 7, 10)] == [3, 4, 5]
    assert [asked[0.1, n] for n in (5, 7, 10)] == [1, 1, 1]
    assert [asked[0.7, n] for n in (5, 7, 10)] == [4, 5, 7]
    # 600 draws of 3 in 10: each is asked 180 times, sd 11.2; 6 sd
    counts = np.bincount(np.concatenate([FedAvg(fraction=0.3).choose(10, rng) for _ in range(600)]))
    assert np.abs(counts - 180).max() < 6 * 11.2


def test_refuses():
    with pytest.raises(ValueError, match="local_epochs must be at least 1"):
        FedAvg(local_epochs=0)
    with pytest.raises(ValueError, match="fraction must be above 0"):
        FedAvg(fraction=0.0)
    with pytest.raises(ValueError, match="fraction must be a finite number between"):
        FedAvg(fraction=1.5)
    with pytest.raises(ValueError, match="no client answered"):
        FedAvg().aggregate([])
    with pytest.raises(ValueError, match="the same shapes"):
        FedAvg().aggregate([([np.zeros(2)], 1), ([np.zeros(3)], 1)])
    with pytest.raises(ValueError, match="n_samples must be at least 1"):
        FedAvg().aggregate([([np.zeros(2)], 0)])
    with pytest.raises(ValueError, match="n_clients must be at least 1"):
        FedAvg().choose(0)
