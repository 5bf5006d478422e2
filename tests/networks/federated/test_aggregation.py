"""Federated averaging: the weighted mean, and nothing else; and what a strategy of one's own can keep."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, strategies as st

from qlearn.learning.neural_networks.gradient_estimators import SoftmaxClassifier
from qlearn.networks.federated import Client, FedAvg, run


@given(st.lists(st.tuples(st.integers(-1000, 1000), st.integers(1, 10**6)), min_size=1, max_size=20))
def test_is_the_mean_weighted_by_samples(models):
    # the definition in exact fractions: the oracle
    exact = Fraction(sum(value * n for value, n in models), sum(n for _, n in models))
    updates = [([np.array([float(v)]), np.full((2, 3), float(v))], n) for v, n in models]
    merged, state = FedAvg().aggregate(updates, current=[np.array([1e9]), np.full((2, 3), 1e9)])
    assert state is None
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
        FedAvg().aggregate([], [])
    with pytest.raises(ValueError, match="the same shapes"):
        FedAvg().aggregate([([np.zeros(2)], 1), ([np.zeros(3)], 1)], [np.zeros(2)])
    for value in (np.nan, np.inf):
        with pytest.raises(ValueError, match="updates must be finite"):
            FedAvg().aggregate([([np.array([1.0])], 1), ([np.array([value])], 1)], [np.zeros(1)])
    with pytest.raises(ValueError, match="n_samples must be at least 1"):
        FedAvg().aggregate([([np.zeros(2)], 0)], [np.zeros(2)])
    with pytest.raises(ValueError, match="n_clients must be at least 1"):
        FedAvg().choose(0)


class Momentum(FedAvg):
    """Adds to each step of the server a part of its last one."""

    beta = 0.75

    def start(self, model):
        return [np.zeros_like(p) for p in model]

    def aggregate(self, updates, current, state):
        mean, _ = super().aggregate(updates, current)
        velocity = [self.beta * v + m - c for v, m, c in zip(state, mean, current, strict=True)]
        return [c + v for c, v in zip(current, velocity, strict=True)], velocity


class Drifting(Client):
    """Answers the model that it is sent, moved by the same step each time."""

    def fit(self, parameters, config):
        return [p + len(self.name) for p in parameters], self.n_samples, {}


@pytest.mark.parametrize("rounds", [1, 2, 7])
def test_a_strategy_with_momentum_sums_its_steps(rounds):
    # v_t = g (1 - b^t) / (1 - b) for a constant step g; the model moves by their sum. Here g = (1 x 2 + 3 x 6) / 8 = 2.5
    clients = [
        Drifting(SoftmaxClassifier(), [[-1.0], [1.0]], [0, 1], name="a"),
        Drifting(SoftmaxClassifier(), [[-1.0], [1.0], [2.0]] * 2, [0, 1, 1] * 2, name="abc"),
    ]
    start = clients[0].initial(rng=0)
    history = run(clients, Momentum(), rounds, initial=start)
    b = Momentum.beta
    moved = 2.5 * (rounds - b * (1 - b**rounds) / (1 - b)) / (1 - b)
    for after, before in zip(history.parameters, start, strict=True):
        assert after - before == pytest.approx(np.full(before.shape, moved), rel=1e-12)
    assert history.state[0] == pytest.approx(np.full((1, 1), 2.5 * (1 - b**rounds) / (1 - b)), rel=1e-12)


def test_momentum_on_whole_batches_is_the_heavy_ball_on_the_pooled_data():
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(30, 2)), np.tile([0, 1, 1], 10)
    model = SoftmaxClassifier(optimizer="sgd", learning_rate=0.5, batch_size=None)
    together = Client(model, X, y)
    apart = [Client(model, X[:12], y[:12]), Client(model, X[12:], y[12:])]
    theta = together.initial(rng=0)
    history = run(apart, Momentum(), rounds=6, initial=theta)
    velocity = [np.zeros_like(p) for p in theta]
    for _ in range(6):  # Polyak's heavy ball: one central step, and a part of the last
        stepped, _, _ = together.fit(theta, {})
        velocity = [Momentum.beta * v + s - p for v, s, p in zip(velocity, stepped, theta, strict=True)]
        theta = [p + v for p, v in zip(theta, velocity, strict=True)]
    for ours, central in zip(history.parameters, theta, strict=True):
        np.testing.assert_allclose(ours, central, atol=1e-12)
