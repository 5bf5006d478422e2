"""Reach: the longest distances of the literature."""

from dataclasses import replace

import numpy as np
import pytest

from qlearn.communication.photons import LINKS, decoy_rate, infinite_decoy, longest_distance, rate_at

GYS = LINKS["gys"]


def test_infinite_decoy_reaches_142_km():
    # Ma, Qi, Zhao and Lo print 142.05 km.
    assert longest_distance(link=GYS) == pytest.approx(142, abs=1)
    assert longest_distance(link=GYS, mu=0.48) == pytest.approx(142.05, abs=0.1)


def test_vacuum_and_weak_decoy_reach_140_km():
    # They print 140.55 km for mu = 0.48, nu = 0.05; the best mu at each distance gains some hundred metres.
    assert longest_distance(link=GYS, mu=0.48, method="vacuum+weak") == pytest.approx(140.55, abs=0.15)
    assert 140 < longest_distance(link=GYS, method="vacuum+weak") < 141.5


def test_without_decoys_about_30_km():
    # The literature's 30 km are for a signal as strong as the line is transparent, mu = eta. The best, weaker,
    # signal reaches 40 km.
    def key(length):
        t = GYS.transmittance(length)
        return rate_at(t, link=GYS, mu=t * GYS.receiver_efficiency, method="none")

    lengths = np.linspace(0, 60, 601)
    assert lengths[key(lengths) > 0].max() == pytest.approx(32, abs=0.2)
    assert longest_distance(link=GYS, method="none") == pytest.approx(40.2, abs=0.1)


def test_nothing_at_all_beyond_208_km():
    # Lo, Ma and Chen: an intercept-resend of the single photons explains 25 % errors, so no proof can go further.
    lengths = np.linspace(150, 250, 10_001)
    errors = infinite_decoy(GYS.transmittance(lengths), link=GYS).errors
    assert lengths[errors < 0.25].max() == pytest.approx(208, abs=0.5)


def test_is_where_the_key_ends():
    end = longest_distance(link=GYS)
    assert decoy_rate(end, link=GYS) > 0
    assert decoy_rate(end + 0.002, link=GYS) == 0


def test_ends_that_are_none():
    assert longest_distance(link=replace(GYS, misalignment=0.2)) == 0
    assert longest_distance(link=replace(GYS, background=0.0)) == np.inf
    with pytest.raises(ValueError, match="loss_db_per_km above 0"):
        longest_distance(link=replace(GYS, loss_db_per_km=0.0))
