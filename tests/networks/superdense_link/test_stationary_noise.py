"""Noise floors: closed forms against a recursion of moments, and against many runs."""

import numpy as np
import pytest

from qlearn.evidence import beyond
from qlearn.networks.secure_aggregation import FixedPoint
from qlearn.networks.superdense_link import (
    ClassicalChannel,
    DirectQubits,
    SuperdenseChannel,
    noise_floor,
    train_remote,
    word_error,
)

NUMBERS = FixedPoint(fraction_bits=5, word_bits=8)
WAYS = {
    "feedback": ({}, {}),
    "no feedback": ({"feedback": False}, {"rounds": 120, "start": 0.5, "optimum": -0.25}),
    "variables": ({"sends": "variables"}, {"optimum": -0.25}),
    "smoothed": ({"sends": "variables", "smoothing": 0.2}, {"optimum": -0.25}),
}


@pytest.mark.parametrize("curvature", [1.0, 0.6])
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("channel", [SuperdenseChannel(0.97), DirectQubits(0.04)], ids=["pairs", "bare"])
def test_many_runs_agree(channel, way, curvature):
    how, also = WAYS[way]
    runs, rounds, rate = 2000, 120, 0.1
    theory = noise_floor(channel, NUMBERS, rate=rate, curvature=curvature, **how, **also)
    run = train_remote(
        lambda theta: curvature * (theta + 0.25),
        np.full((runs, 1), 0.5),
        channel,
        NUMBERS,
        rate=rate,
        rounds=rounds,
        rng=5,
        **how,
    )
    # what a noiseless line leaves after so many rounds is no error of the line (a tenth of a standard error at most)
    clean = -0.25 + 0.75 * (1 - curvature * rate) ** rounds if way == "no feedback" else -0.25
    off = run.actuator[-1, :, 0] - clean
    standard = off.std(ddof=1) / np.sqrt(runs)
    squares = (off - off.mean()) ** 2
    # 6 standard errors, 32 comparisons: 1e-7; the cut of large numbers and the way that is left get a twentieth of a spread
    assert 32 * beyond(6) < 1e-6
    assert abs(off.mean() - theory.bias) < 6 * standard + 0.05 * standard
    assert abs(squares.mean() - theory.variance) < 6 * squares.std() / np.sqrt(runs) + 0.02 * theory.variance
    assert theory.mse == theory.bias**2 + theory.variance


def test_with_feedback_it_is_the_fixed_point_of_the_moments():
    # the oracle: mean and variance moved on round by round, the error of a word from word_error
    e, rate, curved = 0.03, 0.2, 0.7
    channel = ClassicalChannel(e)
    at_zero = word_error(0.0, channel, NUMBERS)
    spread = at_zero.mse - at_zero.bias**2 + (1 - 2 * e) ** 2 * 2.0**-10 / 6
    mean = variance = 0.0
    for _ in range(2000):
        mean = mean - rate * ((1 - 2 * e) * curved * mean + at_zero.bias)
        variance = (1 - rate * (1 - 2 * e) * curved) ** 2 * variance + rate**2 * spread
    found = noise_floor(channel, NUMBERS, rate=rate, curvature=curved)
    assert (found.bias, found.variance) == pytest.approx((mean, variance))


def test_averaging_over_as_many_words_leaves_as_much_noise():
    # a gradient of range lambda R and a variable of range R, rate = beta / lambda: the same to first order in e
    line = ClassicalChannel(1e-6)
    loop = noise_floor(line, FixedPoint(8, 16), rate=0.2, curvature=0.5)
    told = noise_floor(line, FixedPoint(7, 16), rate=0.2, sends="variables", smoothing=0.1)
    assert loop.variance == pytest.approx(told.variance, rel=1e-5)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"channel": SuperdenseChannel([0.9, 0, 0, 0.1])}, "one error for both"),
        ({"channel": ClassicalChannel(0.5)}, "error below 1/2"),
        ({"rate": 0.0}, "rate must be above 0"),
        ({"curvature": -1.0}, "curvature must be above 0"),
        ({"rate": 2.0}, "must be below 2"),
        ({"feedback": False}, "rounds must be given"),
        ({"sends": "data"}, "sends must be one of"),
        ({"smoothing": 0.5}, 'smoothing is of sends="variables"'),
    ],
)
def test_refuses(change, says):
    given = {"channel": SuperdenseChannel(), "rate": 0.1} | change
    with pytest.raises(ValueError, match=says):
        noise_floor(given.pop("channel"), NUMBERS, **given)
