"""Estimation: unbiased, its bounds fail as rarely as they say, and no key rests on a sample that proves nothing."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from qlearn.communication.continuous_variables import (
    estimate,
    excess_noise_error,
    exchange,
    key_rate,
    rate_at,
)

LINE = {
    "length_km": 25.0,
    "modulation_variance": 4.0,
    "excess_noise": 0.05,
    "efficiency": 0.6,
    "electronic_noise": 0.01,
}
T = 10**-0.5


@pytest.fixture(scope="module", params=["homodyne", "heterodyne"])
def sent(request):
    return exchange(400_000, detection=request.param, rng=1, **LINE)


def test_finds_the_line(sent):
    # sigma of t: sqrt(noise / (m V_A)); of the noise: noise sqrt(2 / m); 6 sigma: 2e-9
    seen = estimate(sent, 200_000, rng=2)
    splits = 1 if sent.detection == "homodyne" else 2
    m, gain = 200_000 * splits, 0.6 / splits
    noise = 1.01 + gain * T * 0.05
    assert abs(seen.transmittance / T - 1) < 2 * 6 * np.sqrt(noise / (m * 4)) / np.sqrt(gain * T)
    assert abs(seen.excess_noise - 0.05) < 6 * noise * np.sqrt(2 / m) / (gain * T) * 1.02
    assert seen.least_transmittance < T < seen.transmittance * 1.05
    assert seen.most_excess_noise > 0.05


def test_bounds_are_those_of_leverrier_for_large_samples(sent):
    seen = estimate(sent, 200_000, failure=1e-6, rng=2)
    splits = 1 if sent.detection == "homodyne" else 2
    m, gain, z = 200_000 * splits, 0.6 / splits, stats.norm.isf(5e-7)
    slope = np.sqrt(gain * seen.transmittance)
    noise = 1.01 + slope**2 * seen.excess_noise
    low = slope - z * np.sqrt(noise / (m * 4))
    high = noise * (1 + z * np.sqrt(2 / m))
    assert seen.least_transmittance == pytest.approx(low**2 / gain, rel=1e-3)
    assert seen.most_excess_noise == pytest.approx((high - 1.01) / low**2, rel=2e-2)


def test_bounds_are_exact_for_small_samples():
    # with failure 10 %: each of the bounds on slope and noise fails in 5 % of 3,000 estimates from 20 symbols:
    # 150 expected, sigma 12; 5.5 sigma either way: 4e-8
    rng = np.random.default_rng(3)
    slope, noise = np.sqrt(0.6 * T), 1.01 + 0.6 * T * 0.05
    low = loud = 0
    for _ in range(3_000):
        seen = estimate(exchange(21, rng=rng, **LINE), 20, failure=0.1, rng=rng)
        least = np.sqrt(0.6 * seen.least_transmittance)
        low += least > slope
        if least:
            loud += 1.01 + seen.most_excess_noise * least**2 < noise
    assert abs(low - 150) < 5.5 * 12
    assert 0 < loud <= 150 + 5.5 * 12


def test_what_is_disclosed_leaves_the_key(sent):
    seen = estimate(sent, 1_000, rng=4)
    assert len(seen.remaining) == len(sent) - 1_000
    left = set(seen.remaining.bob[:, 0])
    assert left < set(sent.bob[:, 0])
    numbered = replace(
        sent,
        alice=np.repeat(np.arange(50.0), 2).reshape(50, 2),
        bob=sent.bob[:50],
        quadratures=sent.quadratures[:50],
    )
    assert (np.diff(estimate(numbered, 20, rng=5).remaining.alice[:, 0]) > 0).all()


def test_rate_is_below_that_of_the_true_line_and_comes_near_it():
    truth = float(key_rate(beta=0.95, **LINE))
    long = exchange(3_000_000, rng=6, **LINE)
    rates = [estimate(long, size, rng=7).rate(0.95) for size in (1_000, 100_000, 2_900_000)]
    assert rates[0] == 0  # a thousand symbols prove nothing at 1e-10
    assert 0 <= rates[1] < rates[2] < truth
    assert rates[2] > truth / 2
    assert estimate(long, 2_900_000, rng=7).rate(0.95, trusted=False) < rates[2]


def test_intercepted_pulses_show_as_two_units_of_noise_and_end_the_key():
    watched = exchange(200_000, intercepted=1.0, rng=8, **LINE)
    seen = estimate(watched, 100_000, rng=9)
    assert seen.excess_noise == pytest.approx(2.05, abs=0.15)  # sigma 0.028
    assert seen.rate(1.0) == 0


def test_a_dark_line_gives_no_key():
    dark = exchange(10_000, rng=10, **{**LINE, "length_km": 1000.0})
    seen = estimate(dark, 5_000, rng=11)
    assert seen.least_transmittance < 0.02
    assert seen.rate(1.0) == 0
    blocked = replace(dark, bob=np.zeros_like(dark.bob))
    nothing = estimate(blocked, 5_000, rng=12)
    assert (nothing.transmittance, nothing.least_transmittance) == (0, 0)
    assert nothing.most_excess_noise == np.inf  # nothing is known of the noise of a line that may be cut
    assert np.isnan(nothing.excess_noise)
    assert nothing.rate(1.0) == 0


@pytest.mark.parametrize(
    ("size", "failure", "error", "says"),
    [
        (1, 1e-10, ValueError, "sample_size must be at least 2"),
        (0.5, 1e-10, TypeError, "sample_size must be a whole number"),
        (400_000, 1e-10, ValueError, "keep some"),
        (100, 0, ValueError, "failure must lie between 0 and 1"),
        (100, 1, ValueError, "failure must lie between 0 and 1"),
        (100, np.nan, ValueError, "failure must be a finite number"),
    ],
)
def test_refuses(sent, size, failure, error, says):
    with pytest.raises(error, match=says):
        estimate(sent, size, failure=failure)


def test_refuses_what_are_no_symbols_and_what_is_not_modulated():
    with pytest.raises(TypeError, match="symbols must be Symbols, as exchange returns them, not dict"):
        estimate({}, 10)
    flat = exchange(100, rng=1, **{**LINE, "modulation_variance": 0.0})
    with pytest.raises(ValueError, match="symbols must be modulated"):
        estimate(flat, 10)


@pytest.mark.parametrize("size", [2, 3])
def test_the_smallest_samples_bound_nothing(size):
    seen = estimate(exchange(10, rng=13, **LINE), size, failure=1e-12, rng=14)
    assert np.isfinite([seen.transmittance, seen.excess_noise]).all()
    assert (seen.least_transmittance, seen.most_excess_noise) == (0, np.inf)
    assert seen.rate(1.0) == 0


@pytest.mark.parametrize("detection", ["homodyne", "heterodyne"])
@pytest.mark.parametrize("trusted", [True, False])
def test_no_line_within_the_bounds_has_a_lower_rate_than_the_one_at_both(detection, trusted):
    # Any transmittance above the least and any noise (at Bob's end) below the most: what is promised is the worst case.
    rng, n = np.random.default_rng(15), 20_000
    least, loudest = rng.uniform(0.01, 1, n), 10 ** rng.uniform(-4, -1, n)
    more, quieter = least + (1 - least) * rng.uniform(0, 1, n) ** 3, loudest * rng.uniform(0, 1, n)
    devices = {
        "modulation_variance": 10 ** rng.uniform(-1, 2, n),
        "efficiency": rng.uniform(0.3, 1, n),
        "electronic_noise": rng.uniform(0, 0.05, n),
        "beta": rng.uniform(0.8, 1, n),
        "detection": detection,
        "trusted": trusted,
    }
    promised = rate_at(least, excess_noise=loudest / least, **devices)
    assert (promised > 0).mean() > 0.1
    assert (rate_at(more, excess_noise=quieter / more, **devices) >= promised - 1e-9).all()


@pytest.mark.parametrize("detection", ["homodyne", "heterodyne"])
def test_estimates_scatter_as_their_error_says(detection):
    """300 estimates: their spread is known to a relative 1 / sqrt(600); 5.2 sigma, a false alarm of 2e-7."""
    line = {"excess_noise": 0.05, "efficiency": 0.6, "electronic_noise": 0.01, "detection": detection}
    sent = exchange(600_300, length_km=25, modulation_variance=4, rng=9, **line)
    found = []
    for k in range(300):
        part = np.zeros(len(sent), dtype=bool)
        part[2001 * k : 2001 * (k + 1)] = True
        found.append(estimate(sent.keep(part), 2000, rng=1).excess_noise)
    said = float(excess_noise_error(2000, T, **line))
    assert abs(np.std(found) / said - 1) < 5.2 / np.sqrt(600)


def test_error_of_the_noise_by_hand():
    """Heterodyne: twice the values from half of the light each."""
    sizes = np.array([2, 1e4, 1e10])
    by_hand = (1.01 / (0.6 * T) + 0.05) * np.sqrt(2 / sizes)
    line = {"excess_noise": 0.05, "efficiency": 0.6, "electronic_noise": 0.01}
    assert np.allclose(excess_noise_error(sizes, T, **line), by_hand, rtol=1e-14)
    by_hand = (2 * 1.01 / (0.6 * T) + 0.05) / np.sqrt(sizes)
    assert np.allclose(excess_noise_error(sizes, T, **line, detection="heterodyne"), by_hand, rtol=1e-14)
    assert excess_noise_error(100, 0.0) == np.inf
    with pytest.raises(ValueError, match="sample_size must be finite and at least 2"):
        excess_noise_error(1, 0.5)
