"""Waiting times of nested chains: published means, plain convolution, closed forms, refusals."""

import numpy as np
import pytest

from qlearn.communication import repeaters
from qlearn.communication.repeaters import _laws


@pytest.mark.parametrize(
    ("p", "swap", "means"),
    [
        (0.1, 0.5, (29.47369, 84.81758, 242.34838)),
        (0.01, 0.5, (299.4975, 864.88213, 2472.88983)),
        (0.1, 0.9, (16.37427, 25.26181, 37.36565)),
    ],
)
def test_nested_with_swaps_that_fail(p, swap, means):
    found = [repeaters.nested_waiting_time(levels, p, swap) for levels in (1, 2, 3)]
    np.testing.assert_allclose(found, means, rtol=2e-7)


def test_nested_by_plain_convolution():
    # no Fourier transform, no recursion over levels in common: W(t) = q M(t) + (1-q) sum_s M(s) W(t-s)
    p, q, slots = 0.3, 0.5, 2200
    law = np.concatenate([[0], p * (1 - p) ** np.arange(slots - 1.0)])
    for level in (1, 2, 3):
        ready = np.diff(np.cumsum(law) ** 2, prepend=0)
        law = np.zeros(slots)
        for t in range(1, slots):
            law[t] = q * ready[t] + (1 - q) * (ready[1:t] @ law[t - 1 : 0 : -1])
        np.testing.assert_allclose(
            repeaters.nested_waiting_time(level, p, q), law @ np.arange(slots), rtol=1e-9
        )


def test_one_nested_level_is_closed():
    np.testing.assert_allclose(
        repeaters.nested_waiting_time(1, 0.05, 0.3), repeaters.waiting_time_mean(2, 0.05) / 0.3, rtol=1e-12
    )


@pytest.mark.parametrize("p", [0.1, 1e-4, 1e-9])
def test_nested_with_sure_swaps_is_the_last_of_all(p):
    np.testing.assert_allclose(
        repeaters.nested_waiting_time(3, p), repeaters.waiting_time_mean(8, p), rtol=1e-6
    )


@pytest.mark.parametrize(("p", "digits"), [(0.5, 1e-9), (0.1, 1e-8), (1e-2, 1e-6), (1e-8, 5e-6)])
def test_the_most_levels(p, digits, monkeypatch):
    monkeypatch.setattr(_laws, "_COARSE_SLOTS", (2**14, 2**16))
    levels, t = 24, np.arange(1, 6000)
    if p > 1e-3:
        law = -np.expm1(
            2.0**levels * np.log1p(-np.exp(t * np.log1p(-p)))
        )  # the last of 2^24 links comes after t
        wanted = 1 + law.sum()
    else:
        wanted = (levels * np.log(2) + np.euler_gamma) / p
    np.testing.assert_allclose(repeaters.nested_waiting_time(levels, p), wanted, rtol=digits)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((-1, 0.1), "levels must be at least 0"),
        ((25, 0.1), "levels must be at most 24, not 25"),
        ((1, 0.0), "p must be above 0"),
        ((1, 0.1, 0), "swap must be above 0"),
    ],
)
def test_refuses(arguments, says):
    with pytest.raises(ValueError, match=says):
        repeaters.nested_waiting_time(*arguments)
