"""Drift: the settled law, the random walk, and what is refused."""

import numpy as np
import pytest
from hypothesis import given, strategies as st

from qlearn.control.channel_estimation import gauss_markov


@given(st.floats(-1, 1), st.floats(0, 10), st.integers(1, 50), st.integers(0, 2**32))
def test_each_step_is_the_last_one_times_a_and_fresh_noise(a, q, n, seed):
    x = gauss_markov(n, a, q, start=0.5, rng=seed)
    assert x.shape == (n,)
    assert x[0] == 0.5
    steps = np.random.default_rng(seed).normal(scale=np.sqrt(q), size=n - 1)
    by_hand = [0.5]
    for w in steps:
        by_hand.append(a * by_hand[-1] + w)
    assert np.allclose(x, by_hand)


def test_its_variance_and_memory_are_those_of_the_settled_law():
    # 40,000 independent drifts of 4 steps, variance 1: a variance has the error sqrt(2/n) = .00707, a product of
    # neighbours sqrt((1 + a^2)/n) = .0067; 5.5 sigma at 4 and 3 places: 7 * 3.8e-8 = 3e-7
    rng = np.random.default_rng(4)
    x = np.array([gauss_markov(4, 0.9, 0.19, rng=rng) for _ in range(40_000)])
    assert np.abs(x.var(axis=0) - 1).max() < 5.5 * 0.00707
    assert np.abs((x[:, 1:] * x[:, :-1]).mean(axis=0) - 0.9).max() < 5.5 * 0.0067


def test_a_random_walk_starts_at_nothing():
    assert gauss_markov(3, 1.0, 0.04, rng=1)[0] == 0.0


def test_a_generator_is_used_and_not_copied():
    rng = np.random.default_rng(3)
    assert (gauss_markov(5, 0.9, 1.0, rng=rng) != gauss_markov(5, 0.9, 1.0, rng=rng)).any()


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"n": 0}, "n must be at least 1"),
        ({"a": 1.1}, "a must"),
        ({"process_noise": -1.0}, "process_noise must"),
        ({"start": float("nan")}, "start must"),
    ],
)
def test_refuses(changed, says):
    with pytest.raises(ValueError, match=says):
        gauss_markov(**({"n": 3, "a": 0.9, "process_noise": 0.1} | changed))
