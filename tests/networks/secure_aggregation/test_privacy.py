"""Noise on the sum: its spread, and epsilon by three accounts that share nothing."""

import numpy as np
import pytest
from scipy.optimize import brentq
from scipy.stats import norm

from qlearn.networks.secure_aggregation import clip_update, noise_share, privacy_loss

REFERENCE = [
    # multiplier, sampling, rounds, delta, Rényi, order, privacy loss distribution
    (1.0, 1.0, 1, 1e-5, 4.728507, 5.4, 4.377178),
    (2.0, 1.0, 10, 1e-5, 8.079406, 3.9, 7.511276),
    (4.0, 1.0, 20, 1e-5, 5.377728, 5.0, 4.983306),
    (1.1, 256 / 60000, 14040, 1e-5, 2.594363, 8.1, 2.379644),
    (1.0, 0.01, 1000, 1e-5, 2.101367, 7.8, 1.828244),
    (1.3, 0.2, 50, 1e-3, 5.258320, 3.0, 4.514059),
]


def renyi(z: float, a: float, q: float) -> float:
    """The divergence by the trapezoidal rule: the oracle for the series of the library."""
    if q == 1:
        return a / (2 * z**2)
    x, step = np.linspace(-40 * z, a + 40 * z, 400_001, retstep=True)
    ratio = np.logaddexp(np.log1p(-q), np.log(q) + (2 * x - 1) / (2 * z**2))
    logs = a * ratio - x**2 / (2 * z**2) - np.log(z * np.sqrt(2 * np.pi))
    top = logs.max()
    return float((top + np.log(np.exp(logs - top).sum() * step)) / (a - 1))


def test_divergence_at_whole_orders():
    # (q, z, order) with a closed form: order 2 is ln(1 + q^2 (e^(1/z^2) - 1))
    assert renyi(1.0, 2.0, 0.01) == pytest.approx(1.718134221e-4, rel=1e-9)
    assert renyi(2.0, 4.0, 0.1) == pytest.approx(6.003282964e-3, rel=1e-9)
    assert renyi(1.0, 2.0, 0.01) == pytest.approx(np.log1p(1e-4 * (np.e - 1)), rel=1e-10)


@pytest.mark.parametrize(("z", "q", "rounds", "delta", "epsilon", "order", "tight"), REFERENCE)
def test_epsilon(z, q, rounds, delta, epsilon, order, tight):
    found = privacy_loss(z, rounds, delta, sampling=q)
    assert found.epsilon == pytest.approx(epsilon, abs=1e-6)
    assert found.order == pytest.approx(order)

    # by hand, from the integral: proposition 12 of arXiv:2004.00010 at this order and beside it
    def at(a: float) -> float:
        return rounds * renyi(z, a, q) + np.log1p(-1 / a) - (np.log(delta) + np.log(a)) / (a - 1)

    assert found.epsilon == pytest.approx(at(found.order), abs=2e-6)
    assert at(found.order) <= min(at(found.order - 0.1), at(found.order + 0.1)) + 1e-12
    assert privacy_loss(z, rounds, delta, sampling=q, method="pld").epsilon == pytest.approx(tight, abs=2e-5)


@pytest.mark.parametrize(("z", "rounds"), [(1.0, 1), (2.0, 10), (4.0, 20)])
def test_without_sampling_it_is_one_gaussian(z, rounds):
    """Balle and Wang's exact formula (arXiv:1805.06530, theorem 8): rounds of z are one of z / sqrt(rounds)."""
    s = z / np.sqrt(rounds)

    def excess(epsilon: float) -> float:
        return norm.cdf(0.5 / s - epsilon * s) - np.exp(epsilon) * norm.cdf(-0.5 / s - epsilon * s) - 1e-5

    exact = brentq(excess, 1e-3, 50)
    assert privacy_loss(z, rounds, 1e-5, method="pld").epsilon == pytest.approx(exact, abs=2e-5)
    assert privacy_loss(z, rounds, 1e-5).epsilon > exact


def test_noise_of_the_sum():
    # 5 shares of 2e5 numbers: relative sd of a standard deviation 1/sqrt(4e5) = .0016; 6 sd: 2e-9
    rng = np.random.default_rng(4)
    total = sum(noise_share(200_000, 1.5, 2.0, honest=5, rng=rng) for _ in range(5))
    assert total.std() == pytest.approx(3.0, rel=6 * 0.0016)
    assert noise_share(3, 0.0, 1.0, honest=2).tolist() == [0.0, 0.0, 0.0]
    assert not np.array_equal(noise_share(3, 1.0, 1.0, 2), noise_share(3, 1.0, 1.0, 2))


def test_clip():
    rng = np.random.default_rng(6)
    for scale in (0.01, 1.0, 100.0):
        x = scale * rng.normal(size=20)
        clipped = clip_update(x, 1.5)
        assert np.linalg.norm(clipped) == pytest.approx(min(1.5, np.linalg.norm(x)))
        assert np.allclose(clipped * np.linalg.norm(x), x * np.linalg.norm(clipped))


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: clip_update([np.nan], 1.0), "update must be finite"),
        (lambda: clip_update([1.0], 0.0), "most must be above 0"),
        (lambda: noise_share(3, -1.0, 1.0, 2), "multiplier must be a finite number"),
        (lambda: noise_share(3, 1.0, 1.0, 0), "honest must be at least 1"),
        (lambda: privacy_loss(0.0, 1, 1e-5), "multiplier must be above 0"),
        (lambda: privacy_loss(1.0, 0, 1e-5), "rounds must be at least 1"),
        (lambda: privacy_loss(1.0, 1, 0.0), "delta must lie between 0 and 1"),
        (lambda: privacy_loss(1.0, 1, 1e-5, sampling=0.0), "sampling must be above 0"),
        (lambda: privacy_loss(1.0, 1, 1e-5, sampling=2.0), "sampling must be a probability"),
        (lambda: privacy_loss(1.0, 1, 1e-5, method="zcdp"), "method must be one of rdp, pld"),
    ],
)
def test_refuses(call, says):
    with pytest.raises(ValueError, match=says):
        call()
