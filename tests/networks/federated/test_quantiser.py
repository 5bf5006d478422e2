"""The quantiser: right on average, never off by more than a step, every bit counted; and a run that sends through it."""

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from hypothesis.extra.numpy import arrays

from qlearn.learning.neural_networks import SoftmaxClassifier
from qlearn.networks.federated import Client, FedAvg, Quantiser, run, split

finite = st.floats(-1e300, 1e300, allow_subnormal=False)


@given(
    arrays(np.float64, st.tuples(st.integers(0, 4), st.integers(1, 4)), elements=finite), st.integers(1, 32)
)
@settings(max_examples=200, deadline=None)
def test_is_never_off_by_more_than_a_step(x, bits):
    [sent] = Quantiser(bits).encode([x], rng=0)
    assert sent.levels.max(initial=0) <= 2**bits - 1
    assert sent.values.shape == x.shape
    if x.size:
        step = (x.max() / 2 - x.min() / 2) / (2**bits - 1) * 2
        assert (np.abs(sent.values - x) <= step * (1 + 1e-6) + 4e-16 * np.abs(x).max()).all()
        assert sent.values.min() >= x.min()
        assert sent.values.max() <= x.max()


def test_is_right_on_average_with_the_variance_of_its_rounding():
    # x a share f above a level: up with probability f, variance f (1 - f) step^2
    x = np.array([0.0, 1.0, 0.4 / 7, 1.75 / 7, 6.9 / 7])
    draws = np.array([Quantiser(3).encode([x], rng=seed)[0].values for seed in range(4000)])
    f = np.array([0, 0, 0.4, 0.75, 0.9])
    spread = np.sqrt(f * (1 - f)) / 7
    assert (
        np.abs(draws.mean(axis=0) - x) <= 6 * spread / np.sqrt(4000) + 1e-12
    ).all()  # 6 sigma, false alarm 1e-8
    assert draws.std(axis=0) == pytest.approx(spread, abs=6 * 0.5 / 7 / np.sqrt(4000))


def test_one_bit_is_the_lowest_or_the_highest():
    [sent] = Quantiser(1).encode([np.linspace(-1, 3, 50)], rng=0)
    assert set(sent.values) == {-1.0, 3.0}


def test_a_constant_goes_through_as_it_is():
    [sent] = Quantiser(4).encode([np.full((2, 2), 0.1)], rng=0)
    assert (sent.values == 0.1).all()


def test_counts_its_bits():
    arrays_ = [np.zeros((3, 2)), np.zeros(2), np.zeros(())]
    quantiser = Quantiser(5)
    assert quantiser.bits_of(arrays_) == 5 * 9 + 3 * 128
    assert quantiser.bits_of(quantiser.encode(arrays_, rng=0)) == 5 * 9 + 3 * 128


@pytest.mark.parametrize(
    ("bits", "error", "says"),
    [
        (0, ValueError, "bits must be at least 1"),
        (33, ValueError, "bits must be at most 32"),
        (2.0, TypeError, "bits must be a whole number"),
    ],
)
def test_refuses(bits, error, says):
    with pytest.raises(error, match=says):
        Quantiser(bits)


def test_refuses_what_is_no_number():
    with pytest.raises(ValueError, match="arrays must be finite"):
        Quantiser(2).encode([np.array([1.0, np.nan])])
    with pytest.raises(TypeError, match="arrays must be a number or an array"):
        Quantiser(2).encode([np.array([1j])])


RNG = np.random.default_rng(3)
X = RNG.normal(size=(60, 4))
y = (X[:, 0] > 0).astype(int)


def clients():
    model = SoftmaxClassifier(optimizer="sgd", learning_rate=0.5, batch_size=8)
    return [Client(model, *part, classes=[0, 1]) for part in split(X, y, 3, rng=0)]


def test_a_run_sends_updates_through_it_and_counts_them():
    full = run(clients(), FedAvg(), rounds=4, rng=0)
    coarse = run(clients(), FedAvg(), rounds=4, rng=0, quantiser=Quantiser(4))
    fine = run(clients(), FedAvg(), rounds=4, rng=0, quantiser=Quantiser(32))
    assert coarse.rounds[0].bits_up == 3 * (4 * 5 + 2 * 128)
    assert coarse.rounds[0].bits_down == 3 * 5 * 64
    off = [np.abs(h.parameters[0] - full.parameters[0]).max() for h in (coarse, fine)]
    assert off[1] < 1e-8
    assert 1e-4 < off[0] < 0.5
    again = run(clients(), FedAvg(), rounds=4, rng=0, quantiser=Quantiser(4))
    assert (again.parameters[0] == coarse.parameters[0]).all()


def test_a_quantised_run_is_unbiased_over_its_seeds():
    # one round from the same model, whole batches: only the roundings differ from seed to seed
    model = SoftmaxClassifier(optimizer="sgd", learning_rate=0.5, batch_size=None)
    three = [Client(model, *part, classes=[0, 1]) for part in split(X, y, 3, rng=0)]
    exact = run(three, FedAvg(), rounds=1, rng=0).parameters[0]
    drawn = np.array(
        [run(three, FedAvg(), 1, rng=seed, quantiser=Quantiser(2)).parameters[0] for seed in range(300)]
    )
    spread = drawn.std(axis=0) / np.sqrt(300)
    assert (np.abs(drawn.mean(axis=0) - exact) < 6 * spread + 1e-12).all()


def test_a_run_refuses_another_thing():
    with pytest.raises(TypeError, match=r"quantiser must be a Quantiser, as Quantiser\(bits=8\), not 8"):
        run(clients(), FedAvg(), rounds=1, quantiser=8)
