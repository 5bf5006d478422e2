"""The secret rate: two terms, by hand, and what it is when one of them is nothing.

The rate: the curve of Gobby, Yuan and Shields as published, its limits, and its best brightness.

Reach: the longest distances of the literature.

PLOB: the published value, its limits, and that nothing here beats it.
"""

from dataclasses import replace

import numpy as np
import pytest
from scipy.optimize import brentq, minimize_scalar

from qlearn.communication import photons
from qlearn.communication.bb84 import asymptotic_rate
from qlearn.communication.photons import (
    LINKS,
    Link,
    SinglePhotons,
    decoy_rate,
    infinite_decoy,
    longest_distance,
    optimal_mu,
    plob,
    rate_at,
)
from qlearn.communication.photons.key_rate import secret_rate
from qlearn.qubits.entropies import binary_entropy as h

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


def by_hand(mu, length):
    """Ma, Qi, Zhao and Lo, equations 1 to 11, for infinitely many decoys: a scalar and plain Python."""
    eta = 10 ** (-0.21 * length / 10) * 0.045
    clicks = 1.7e-6 + 1 - np.exp(-eta * mu)
    wrong = 0.5 * 1.7e-6 + 0.033 * (1 - np.exp(-eta * mu))
    single = (1.7e-6 + eta) * mu * np.exp(-mu)
    e1 = (0.5 * 1.7e-6 + 0.033 * eta) / (1.7e-6 + eta)
    return 0.5 * (single * (1 - h(e1)) - clicks * 1.22 * h(wrong / clicks))


@pytest.mark.parametrize("length", [0, 40, 100, 140])
def test_equals_the_paper_by_hand(length):
    # They drop the products of background and light (their equation 7): 1e-6 of the clicks, more of what is left.
    rate = decoy_rate(length, link=GYS, mu=0.48)
    assert rate == pytest.approx(by_hand(0.48, length), abs=1.7e-6 * 0.045 * 10 ** (-0.021 * length))
    best = -minimize_scalar(lambda mu: -by_hand(mu, length), bounds=(0.1, 0.9), method="bounded").fun
    assert decoy_rate(length, link=GYS) == pytest.approx(best, rel=1e-3)


def test_best_signal_of_the_paper():
    # Its equation 12, for eta -> 0 and no background: 0.48 for f = 1.22, 0.54 at Shannon's limit.
    for f, printed in ((1.22, 0.48), (1.0, 0.54)):
        price = f * h(0.033) / (1 - h(0.033))
        root = brentq(lambda mu, price=price: (1 - mu) * np.exp(-mu) - price, 0, 1)
        assert round(root, 2) == printed
        quiet = Link("quiet", 0.21, 0.045, 0.0, 0.033, f)
        assert optimal_mu(1e-6, link=quiet) == pytest.approx(root, abs=1e-5)
    assert optimal_mu(1e-6, link=Link("quiet", 0.21, 0.045, 0.0, 0.033, 1.22)) == pytest.approx(
        0.479, abs=0.005
    )


def test_best_signal_at_both_ends_of_the_fibre():
    # At 0 km Bob detects 4.5 % and the light saturates a little: 0.486. Background pushes it down at the far end.
    at_0, at_40, at_140 = optimal_mu(GYS.transmittance([0, 40, 140]), link=GYS)
    exact = minimize_scalar(
        lambda mu: -by_hand(mu, 0), bounds=(0.3, 0.7), method="bounded", options={"xatol": 1e-8}
    ).x
    assert at_0 == pytest.approx(exact, abs=1e-4)
    assert at_40 == pytest.approx(0.479, abs=0.005)
    assert at_140 < at_40 < at_0


def test_the_best_is_the_best():
    mu = np.geomspace(1e-3, 2, 3001)
    for method in ("infinite", "vacuum+weak", "none"):
        for t in (1.0, 0.1, 0.01):
            seen = rate_at(t, link=GYS, mu=mu[mu > 0.05] if method == "vacuum+weak" else mu, method=method)
            best = rate_at(t, link=GYS, method=method)
            assert best >= seen.max() * (1 - 1e-12)
            assert best <= seen.max() * 1.001 + 1e-15


def test_order_of_the_methods():
    lengths = np.linspace(0, 160, 81)
    none, two, all_of_them = (
        decoy_rate(lengths, link=GYS, method=m) for m in ("none", "vacuum+weak", "infinite")
    )
    assert (none <= two).all()
    assert (two <= all_of_them).all()
    assert (np.diff(all_of_them) <= 0).all()
    assert decoy_rate(100, link=GYS, method="vacuum+weak", nu=1e-4) == pytest.approx(
        decoy_rate(100, link=GYS), rel=1e-3
    )


def test_with_decoys_the_rate_falls_with_the_transmittance_without_with_its_square():
    quiet = Link("quiet", 0.2, 1.0, 0.0, 0.01, 1.0)
    for method, power in (("infinite", 1), ("none", 2)):
        far, farther = rate_at([1e-4, 1e-5], link=quiet, method=method)
        assert np.log10(far / farther) == pytest.approx(power, abs=0.01)


def test_single_photons_would_give_the_rate_of_bb84():
    # A perfect receiver at no distance: the single photons yield 1 - h(e) each, correction is charged to all.
    link = Link("near", 0.2, 1.0, 0.0, 0.02, 1.0, sifting=1.0)
    mu = 1e-6
    assert rate_at(1.0, link=link, mu=mu) / mu == pytest.approx(asymptotic_rate(0.02), rel=1e-4)


def test_no_light_no_key_and_too_many_errors_no_key():
    assert rate_at(0.0, link=GYS) == 0
    assert np.isnan(optimal_mu(0.0, link=GYS))
    assert rate_at(0.5, link=Link("bad", 0.2, 1.0, 0.0, 0.12, 1.0)) == 0


def test_shapes():
    assert decoy_rate(np.zeros((2, 3)), link=GYS).shape == (2, 3)
    assert decoy_rate(np.zeros((4, 1)), link=GYS, mu=[0.3, 0.5, 0.7]).shape == (4, 3)
    assert decoy_rate(0, link=GYS).shape == ()


@pytest.mark.parametrize(
    ("keywords", "error", "says"),
    [
        ({"method": "all"}, ValueError, 'method must be "infinite", "vacuum\\+weak" or "none"'),
        ({"mu": 0.0}, ValueError, "mu must be above 0"),
        ({"mu": -1.0}, ValueError, "mu must be mean photon numbers"),
        ({"mu": "bright"}, TypeError, "mu must be mean photon numbers"),
        ({"mu": [0.1, 0.2, 0.3]}, ValueError, r"must broadcast .*mu \(3,\), transmittance \(2,\)"),
        ({"mu": 0.04, "method": "vacuum+weak"}, ValueError, "nu must lie between 0 and mu"),
        ({"nu": 0.0, "method": "vacuum+weak"}, ValueError, "nu must lie between 0 and mu"),
        ({"link": None}, TypeError, "link must be a Link"),
    ],
)
def test_refuses(keywords, error, says):
    with pytest.raises(error, match=says):
        decoy_rate(**{"length_km": [1.0, 2.0], "link": GYS, **keywords})


def test_refuses_a_transmittance_in_decibel():
    with pytest.raises(ValueError, match="transmittance must be"):
        photons.rate_at(20, link=GYS)


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


def test_twenty_decibel():
    assert plob(0.01) == pytest.approx(0.0144996, abs=5e-8)


def test_limits():
    assert plob(0.0) == 0
    assert plob(0.5) == pytest.approx(1)
    assert plob(1.0) == np.inf
    assert plob(1e-12) == pytest.approx(1e-12 / np.log(2), rel=1e-9)  # where 1 - eta has lost its digits


@pytest.mark.parametrize("method", ["infinite", "vacuum+weak", "none"])
def test_no_link_beats_it(method):
    for link in LINKS.values():
        lengths = np.linspace(0, 250, 51)
        assert (decoy_rate(lengths, link=link, method=method) < plob(link.transmittance(lengths))).all()


@pytest.mark.parametrize(
    ("wrong", "error"), [(1.1, ValueError), (-0.1, ValueError), (np.nan, ValueError), ("x", TypeError)]
)
def test_refuses_plob(wrong, error):
    with pytest.raises(error, match="transmittance must be transmittances"):
        plob(wrong)
