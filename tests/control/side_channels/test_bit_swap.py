"""Bit swap: the click is a coin whatever the bit, and Bob loses nothing."""

import numpy as np
import pytest
from sklearn.naive_bayes import GaussianNB

from qlearn.control.side_channels import DetectionTimes, leak_test, swapped_detectors


def test_the_click_is_independent_of_the_bit():
    bits = np.repeat([0, 1], 40_000).astype(np.uint8)
    clicked, swapped = swapped_detectors(bits, rng=1)
    assert (clicked ^ swapped == bits).all()
    # two frequencies of 40,000: sd .0025, 6 sd
    for bit in (0, 1):
        assert abs(clicked[bits == bit].mean() - 0.5) < 6 * 0.0025


def test_the_leak_tells_the_detector_and_no_longer_the_bit():
    leak, rng = DetectionTimes(2.0), np.random.default_rng(2)
    bits = rng.integers(0, 2, 20_000).astype(np.uint8)
    clicked, _ = swapped_detectors(bits, rng)
    times = leak.sample(clicked, rng)[:, None]
    assert leak_test(GaussianNB(), times, clicked, rng=rng).rate > 0.8
    assert leak_test(GaussianNB(), times, bits, rng=rng).p_value > 1e-7


def test_refuses():
    with pytest.raises(ValueError, match="bits must be"):
        swapped_detectors([0, 3])
