"""The best source: no better one nearby, and sizes that make sense."""

from dataclasses import replace

import numpy as np
import pytest

from qlearn.communication.photons import LINKS, Source, expected_counts, finite_key, optimal_source

LIM = LINKS["lim2014"]


def bits(source, n):
    return finite_key(expected_counts(n, link=LIM, transmittance=0.05, source=source), source=source).bits


def test_no_neighbour_is_better():
    best = optimal_source(link=LIM, transmittance=0.05, n_pulses=1e10)
    top, rng = bits(best, 1e10), np.random.default_rng(1)
    assert top > 0
    for _ in range(200):
        mu1, mu2, _ = np.array(best.intensities) * rng.uniform(0.9, 1.1, 3)
        shares = np.array(best.probabilities) * rng.uniform(0.9, 1.1, 3)
        other = Source((mu1, mu2, 2e-4), tuple(shares / shares.sum()), best.p_x * rng.uniform(0.9, 1.1))
        assert bits(other, 1e10) <= top * (1 + 1e-5)  # phase errors come in steps of one


def test_a_start_nearby_ends_there_too():
    best = optimal_source(link=LIM, transmittance=0.05, n_pulses=1e10)
    again = optimal_source(
        link=LIM, transmittance=0.05, n_pulses=1e10, start=replace(best, p_x=best.p_x * 1.2)
    )
    assert bits(again, 1e10) == pytest.approx(bits(best, 1e10), rel=1e-4)


def test_long_sessions_test_less():
    few, many = (optimal_source(link=LIM, transmittance=0.05, block=n) for n in (1e6, 1e9))
    assert many.p_x < few.p_x
    assert many.probabilities[0] > few.probabilities[0]


def test_one_decoy_has_no_better_neighbour_either():
    best = optimal_source(link=LIM, transmittance=0.05, n_pulses=1e10, intensities=2)
    top, rng = bits(best, 1e10), np.random.default_rng(2)
    assert top > 0
    for _ in range(100):
        mu = np.array(best.intensities) * rng.uniform(0.9, 1.1, 2)
        shares = np.array(best.probabilities) * rng.uniform(0.9, 1.1, 2)
        other = Source(tuple(mu), tuple(shares / shares.sum()), best.p_x * rng.uniform(0.9, 1.1))
        assert bits(other, 1e10) <= top * (1 + 1e-5)


@pytest.mark.parametrize(
    ("km", "block", "intensities", "least"),
    # What differential evolution over the same numbers finds: 106, 65, 165, 530 and 917 bits.
    [(0, 3e3, 2, 100), (50, 3e3, 2, 60), (50, 4e3, 2, 160), (100, 1e4, 2, 525), (100, 1e4, 3, 910)],
)
def test_small_blocks_have_a_key_too(km, block, intensities, least):
    # The search once ended at a dark source, (1e-6, 1e-12), which misses the key by least per pulse.
    line = {"link": LIM, "transmittance": float(LIM.transmittance(km))}
    source = optimal_source(block=block, intensities=intensities, **line)
    n = block / expected_counts(1, source=source, **line).sifted[:, 0].sum()
    assert finite_key(expected_counts(n, source=source, **line), source=source).length >= least


@pytest.mark.parametrize("intensities", [2, 3])
def test_where_no_source_makes_a_key_there_still_is_one(intensities):
    source = optimal_source(link=LIM, transmittance=1e-3, block=1e3, intensities=intensities)
    found = finite_key(expected_counts(1e6, link=LIM, transmittance=1e-3, source=source), source=source)
    assert found.length == 0
    assert source.intensities[0] > 0.01


@pytest.mark.parametrize(
    ("keywords", "error", "says"),
    [
        ({"vacuum": -1.0}, ValueError, "vacuum must be a finite number between 0"),
        ({"vacuum": np.nan}, ValueError, "vacuum must be a finite number between 0"),
        ({"vacuum": 0.3}, ValueError, "vacuum must leave room for signal > weak"),
        ({"vacuum": "dark"}, TypeError, "vacuum must be a number"),
        ({"transmittance": 1.5}, ValueError, "transmittance must be a probability"),
        ({"start": 3}, TypeError, "start must be a Source or None"),
        ({"start": Source((3.0, 0.1, 0.0))}, ValueError, "start must have 0 < p_x < 1 and a signal below 1"),
        ({"start": Source(p_x=0.0)}, ValueError, "start must have 0 < p_x < 1"),
    ],
)
def test_refuses_where_no_search_can_start(keywords, error, says):
    with pytest.raises(error, match=says):
        optimal_source(**{"link": LIM, "transmittance": 0.1, "n_pulses": 1e9, **keywords})


def test_a_line_on_which_nothing_clicks_has_no_best_source():
    dark = replace(LIM, background=0.0)
    for size in ({"block": 1e6}, {"n_pulses": 1e9}):
        with pytest.raises(ValueError, match="transmittance must let something click"):
            optimal_source(link=dark, transmittance=0.0, **size)


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
        optimal_source(link=LIM, transmittance=0.1, block=1e6, **keywords)


@pytest.mark.parametrize("size", [{}, {"n_pulses": 1e6, "block": 1e6}, {"block": 0.0}])
def test_refuses(size):
    with pytest.raises(ValueError, match=r"one of the two|block must be"):
        optimal_source(link=LIM, transmittance=0.1, **size)
