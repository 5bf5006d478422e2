"""Photon-number splitting: its law, its hiding place, and what it cannot hide from."""

from dataclasses import replace

import numpy as np
import pytest

from qlearn.communication.photons import (
    LINKS,
    PhotonNumberSplitting,
    gain,
    photon_probabilities,
    vacuum_weak,
)

GYS = LINKS["gys"]


def test_takes_one_photon_of_two_and_more_and_blocks_the_single_ones():
    photons = np.array([0, 1, 2, 3, 9] * 1000)
    passed, known = PhotonNumberSplitting().tap(photons, np.random.default_rng(1))
    np.testing.assert_array_equal(passed, [0, 0, 1, 2, 8] * 1000)
    np.testing.assert_array_equal(known, [False, False, True, True, True] * 1000)


def test_the_law_of_what_passes():
    # 1e5 single and 1e5 five-photon pulses: shares 0.3 and 0.6, sigma 1.6e-3 at most; 6 sigma: 2e-9
    photons = np.repeat([1, 5], 100_000)
    passed, _ = PhotonNumberSplitting(block=0.5, forward=0.6).tap(photons, np.random.default_rng(2))
    assert abs(passed[:100_000].mean() - 0.3) < 6 * 1.5e-3
    assert abs(passed[100_000:].mean() / 4 - 0.6) < 6 * 8e-4


@pytest.mark.parametrize(("block", "forward"), [(1.0, 1.0), (1.0, 0.05), (0.3, 1.0), (0.0, 0.5)])
def test_gain_is_the_sum_over_photon_numbers(block, forward):
    eve, mu = PhotonNumberSplitting(block, forward), 0.6
    n = np.arange(1, 40)
    through = forward * GYS.receiver_efficiency
    seen = np.where(n == 1, (1 - block) * through, 1 - (1 - through) ** (n - 1))
    dark = 1 - GYS.background
    total = 1 - dark * (photon_probabilities(mu, 0)[0] + photon_probabilities(mu, 39)[1:] @ (1 - seen))
    assert eve.gain(mu, link=GYS) == pytest.approx(total, rel=1e-9)


@pytest.mark.parametrize("link", [GYS, LINKS["lim2014"]])  # without afterpulses and with them
@pytest.mark.parametrize("transmittance", [0.5, 0.2, 0.1, 1e-2, 1e-4])
def test_unseen_leaves_the_signal_as_it_was(transmittance, link):
    eve = PhotonNumberSplitting.unseen(0.5, transmittance, link=link)
    assert eve.gain(0.5, link=link) == pytest.approx(gain(0.5, transmittance, link=link), rel=1e-9)
    assert eve.block == 1 or eve.forward == 1
    # An afterpulse follows a click, whoever made it.
    quiet = replace(link, afterpulse=0.0)
    assert eve.gain(0.5, link=link) == pytest.approx(
        (1 + link.afterpulse) * eve.gain(0.5, link=quiet), rel=1e-12
    )


def test_the_more_loss_the_more_she_knows():
    blocked = [PhotonNumberSplitting.unseen(0.5, t, link=GYS).block for t in (0.6, 0.5, 0.4, 0.3, 0.1)]
    assert (np.diff(blocked) >= 0).all()
    assert blocked[-1] == 1
    assert blocked[0] < 0.7


def test_the_weak_decoy_gives_her_away():
    mu, nu, t = 0.5, 0.1, 0.01
    eve = PhotonNumberSplitting.unseen(mu, t, link=GYS)
    assert eve.gain(nu, link=GYS) < 0.35 * gain(nu, t, link=GYS)
    seen = {
        "signal_gain": eve.gain(mu, link=GYS),
        "weak_gain": eve.gain(nu, link=GYS),
        "background": GYS.background,
    }
    bound = vacuum_weak(mu, nu, weak_error_gain=0.033 * eve.gain(nu, link=GYS), **seen)
    assert bound.clicks <= GYS.background + 1e-12
    assert bound.errors == 0.5


def test_a_line_without_loss_hides_nobody():
    with pytest.raises(ValueError, match="transmittance must be lower for Eve to stay unseen"):
        PhotonNumberSplitting.unseen(0.5, 1.0, link=GYS)


@pytest.mark.parametrize("keywords", [{"block": 1.5}, {"forward": -0.1}])
def test_refuses(keywords):
    with pytest.raises(ValueError, match="must be a probability"):
        PhotonNumberSplitting(**keywords)
