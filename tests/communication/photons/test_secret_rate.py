"""The secret rate: two terms, by hand, and what it is when one of them is nothing."""

import numpy as np
import pytest

from qlearn.communication.entropy import binary_entropy as h
from qlearn.communication.photons import LINKS, SinglePhotons, secret_rate

GYS = LINKS["gys"]


def single(clicks, errors):
    return SinglePhotons(np.asarray(clicks), np.asarray(errors))


def test_by_hand():
    # q {mu e^-mu Y1 (1 - h(e1)) - Q f h(E)} with numbers as plain as can be
    rate = secret_rate(0.5, 0.01, 0.0004, single(0.02, 0.03), link=GYS)
    secret, corrected = 0.5 * np.exp(-0.5) * 0.02 * (1 - h(0.03)), 0.01 * 1.22 * h(0.04)
    assert rate == pytest.approx(0.5 * (secret - corrected), rel=1e-12)


def test_correction_is_paid_even_if_nothing_is_secret():
    assert secret_rate(0.5, 0.01, 0.0004, single(0.0, 0.5), link=GYS) == pytest.approx(
        -0.5 * 0.01 * 1.22 * h(0.04)
    )
    assert secret_rate(0.5, 0.01, 0.005, single(0.02, 0.5), link=GYS) == pytest.approx(-0.5 * 0.01 * 1.22)


def test_no_clicks_cost_nothing():
    assert secret_rate(0.5, 0.0, 0.0, single(0.0, 0.5), link=GYS) == 0


def test_broadcasts_and_refuses():
    rate = secret_rate(np.ones((2, 1)), [0.01, 0.02, 0.03], 0.0, single(0.02, 0.03), link=GYS)
    assert rate.shape == (2, 3)
    with pytest.raises(TypeError, match="link must be a Link"):
        secret_rate(0.5, 0.01, 0.0, single(0.02, 0.03), link=None)
