"""The best source: no better one nearby, and sizes that make sense."""

from dataclasses import replace

import numpy as np
import pytest

from qlearn.communication.photons import LINKS, Source, best_source, expected_counts, finite_key

LIM = LINKS["lim2014"]


def bits(source, n):
    return finite_key(expected_counts(n, link=LIM, transmittance=0.05, source=source), source=source).bits


def test_no_neighbour_is_better():
    best = best_source(link=LIM, transmittance=0.05, n_pulses=1e10)
    top, rng = bits(best, 1e10), np.random.default_rng(1)
    assert top > 0
    for _ in range(200):
        mu1, mu2, _ = np.array(best.intensities) * rng.uniform(0.9, 1.1, 3)
        shares = np.array(best.probabilities) * rng.uniform(0.9, 1.1, 3)
        other = Source((mu1, mu2, 2e-4), tuple(shares / shares.sum()), best.p_x * rng.uniform(0.9, 1.1))
        assert bits(other, 1e10) <= top * (1 + 1e-5)  # phase errors come in steps of one


def test_a_start_nearby_ends_there_too():
    best = best_source(link=LIM, transmittance=0.05, n_pulses=1e10)
    again = best_source(link=LIM, transmittance=0.05, n_pulses=1e10, start=replace(best, p_x=best.p_x * 1.2))
    assert bits(again, 1e10) == pytest.approx(bits(best, 1e10), rel=1e-4)


def test_long_sessions_test_less():
    few, many = (best_source(link=LIM, transmittance=0.05, block=n) for n in (1e6, 1e9))
    assert many.p_x < few.p_x
    assert many.probabilities[0] > few.probabilities[0]


def test_one_decoy_has_no_better_neighbour_either():
    best = best_source(link=LIM, transmittance=0.05, n_pulses=1e10, intensities=2)
    top, rng = bits(best, 1e10), np.random.default_rng(2)
    assert top > 0
    for _ in range(100):
        mu = np.array(best.intensities) * rng.uniform(0.9, 1.1, 2)
        shares = np.array(best.probabilities) * rng.uniform(0.9, 1.1, 2)
        other = Source(tuple(mu), tuple(shares / shares.sum()), best.p_x * rng.uniform(0.9, 1.1))
        assert bits(other, 1e10) <= top * (1 + 1e-5)


@pytest.mark.parametrize(
    ("keywords", "says"),
    [
        ({"intensities": 4}, "intensities must be 3"),
        ({"intensities": 2, "start": Source()}, "start must have 2 intensities"),
        ({"security": 2.0}, "security must lie"),
    ],
)
def test_refuses_protocols(keywords, says):
    with pytest.raises(ValueError, match=says):
        best_source(link=LIM, transmittance=0.1, block=1e6, **keywords)


@pytest.mark.parametrize("size", [{}, {"n_pulses": 1e6, "block": 1e6}, {"block": 0.0}])
def test_refuses(size):
    with pytest.raises(ValueError, match=r"one of the two|block must be"):
        best_source(link=LIM, transmittance=0.1, **size)
