"""Time stamps: guess and information by quadrature, by the rows themselves, and in ticks."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from scipy.integrate import quad
from scipy.stats import norm

from qlearn.control.side_channels import DetectionTimes

laws = [(0.5, 1.0), (0.0, 2.0), (1.0, 0.5), (-0.7, 1.5), (3.0, 1.0)]


def by_quadrature(d, r):
    p0, p1 = norm(0, 1).pdf, norm(d, r).pdf

    def held(t):
        a, b = p0(t), p1(t)
        mean = (a + b) / 2
        return sum(x * np.log2(x / mean) / 2 for x in (a, b) if x > 1e-300)

    span = (min(-12, d - 12 * r), max(12, d + 12 * r))
    best = quad(lambda t: max(p0(t), p1(t)) / 2, *span, limit=400, epsabs=1e-11)[0]
    return best, quad(held, *span, limit=400, epsabs=1e-11)[0]


@pytest.mark.parametrize(("d", "r"), laws)
def test_both_numbers_by_quadrature(d, r):
    leak = DetectionTimes(d, r)
    assert (leak.guess, leak.information) == pytest.approx(by_quadrature(d, r), abs=1e-8)


@pytest.mark.parametrize(("d", "r"), [(0.0, 1e-4), (0.2, 1e-3), (0.0, 1e3), (3.0, 30.0), (10.0, 1.0)])
def test_laws_of_very_different_widths(d, r):
    # piece by piece, as one grid over both is too coarse for the narrow law
    ends = sorted(
        {s * k for s in (-1, 1) for k in (0, 1, 3, 6, 12)}
        | {d + r * k for k in (-12, -6, -3, -1, 0, 1, 3, 6, 12)}
    )

    def held(t):
        a, b = norm.pdf(t), norm.pdf(t, d, r)
        return sum(x * np.log2(2 * x / (a + b)) / 2 for x in (a, b) if x > 1e-300)

    pieces = sum(quad(held, low, high, limit=200, epsabs=1e-12)[0] for low, high in pairwise(ends))
    assert DetectionTimes(d, r).information == pytest.approx(pieces, abs=1e-9)


@pytest.mark.parametrize(("d", "r"), [(1e6, 1.0), (-1e9, 1.0), (0.0, 1e-9), (0.0, 1e9)])
def test_what_is_far_apart_tells_all(d, r):
    assert DetectionTimes(d, r).information == pytest.approx(1, abs=1e-6)


def test_the_guess_understates():
    leak = DetectionTimes(0.5)
    assert leak.guess == pytest.approx(0.598706, abs=1e-6)
    assert leak.information == pytest.approx(0.043730, abs=1e-6)


def test_no_leak_no_information():
    same = DetectionTimes(0.0, 1.0)
    assert same.guess == pytest.approx(0.5)
    assert same.information == pytest.approx(0, abs=1e-12)
    assert same.information_in_bins(0.3) == pytest.approx(0, abs=1e-12)


@settings(max_examples=40)
@given(st.floats(-4, 4), st.floats(0.3, 3))
def test_bounds_of_each_other(d, r):
    leak = DetectionTimes(d, r)
    a, held = leak.guess, leak.information
    # Fano from below; from above 2 (a - 1/2), Hellman and Raviv
    entropy = -sum(p * np.log2(p) for p in (a, 1 - a) if p > 0)
    assert 1 - entropy - 1e-9 <= held <= 2 * a - 1 + 1e-9
    # what is rounded holds no more, and fine ticks hold all
    assert leak.information_in_bins(1.0, edge=0.2) <= held + 1e-9
    assert leak.information_in_bins(0.01) == pytest.approx(held, abs=2e-4)


@pytest.mark.parametrize(("d", "r"), laws)
def test_the_reader_reaches_the_guess(d, r):
    leak = DetectionTimes(d, r)
    bits, times = leak.record(40_000, rng=5)
    # binomial, sd 0.0025: 5.5 sd, 4e-8
    assert abs((leak.read(times[:, 0]) == bits).mean() - leak.guess) < 5.5 * 0.0025


def test_the_likelihood_ratio_by_hand():
    leak, t = DetectionTimes(0.8, 1.7), np.linspace(-6, 6, 301)
    assert (leak.read(t) == (norm.pdf(t, 0.8, 1.7) > norm.pdf(t))).all()


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: DetectionTimes(np.nan), "offset must be a finite number"),
        (lambda: DetectionTimes(0.5, 0.0), "jitter_ratio must be above 0"),
        (lambda: DetectionTimes(0.5).read([np.nan]), "times must be finite"),
        (lambda: DetectionTimes(0.5).sample([0, 2]), "bits must be"),
        (lambda: DetectionTimes(0.5).record(0), "n must be at least 1"),
        (lambda: DetectionTimes(0.5).information_in_bins(0.0), "width must be above 0"),
        (lambda: DetectionTimes(0.5).information_in_bins(1e-9), "fewer than 10 million ticks"),
    ],
)
def test_refuses(call, says):
    with pytest.raises(ValueError, match=says):
        call()
