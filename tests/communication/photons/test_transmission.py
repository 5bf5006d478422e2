"""The transmission: photon by photon, it obeys the law of threshold detectors; it streams, and it refuses."""

import tracemalloc
from dataclasses import replace

import numpy as np
import pytest

from qlearn.communication import bb84
from qlearn.communication.photons import (
    LINKS,
    Counts,
    Intensity,
    PhotonNumberSplitting,
    Source,
    exchange,
    stream,
)

GYS = LINKS["gys"]
# Loud and clear: every effect is large here, none is a correction to another.
LOUD = replace(GYS, receiver_efficiency=0.6, background=0.05, misalignment=0.1)
SOURCE = Source((1.5, 0.5, 0.1), (0.5, 0.3, 0.2), p_x=0.4)


def exact(mu, transmittance, link):
    """Clicks, errors and double clicks in equal bases: two detectors, each blind to the other."""
    own = 1 - np.sqrt(1 - link.background)
    light = mu * transmittance * link.receiver_efficiency
    right, wrong = (1 - (1 - own) * np.exp(-light * e) for e in (1 - link.misalignment, link.misalignment))
    return 1 - (1 - right) * (1 - wrong), wrong * (1 - right) + right * wrong / 2, right * wrong


def test_clicks_errors_and_double_clicks(within):
    n = 400_000
    laser = exchange(n, link=LOUD, transmittance=0.8, source=SOURCE, rng=1)
    sent = laser.transmission
    for k, mu in enumerate(SOURCE.intensities):
        clicks, errors, double = exact(mu, 0.8, LOUD)
        here = laser.intensities == k
        assert within(here.mean(), SOURCE.probabilities[k], n)
        assert within(sent.detected[here].mean(), clicks, here.sum())
        for basis, p in ((0, 0.6), (1, 0.4)):
            same = here & (sent.alice_bases == basis) & (sent.bob_bases == basis)
            assert within(same.sum() / here.sum(), p * p, here.sum())
            wrong = (sent.alice_bits != sent.bob_bits) & sent.detected
            assert within(wrong[same].mean(), errors, same.sum())
            assert within(laser.double[same].mean(), double, same.sum())


def test_the_other_basis_is_a_coin(within):
    laser = exchange(200_000, link=LOUD, transmittance=0.8, rng=2)
    sent = laser.transmission
    other = (sent.alice_bases != sent.bob_bases) & sent.detected
    assert within((sent.alice_bits == sent.bob_bits)[other].mean(), 0.5, other.sum())


def test_yields_by_photon_number(within):
    laser = exchange(400_000, link=LOUD, transmittance=0.3, source=SOURCE, rng=3)
    for photons in range(4):
        here = laser.photons == photons
        expected = 1 - (1 - 0.05) * (1 - 0.18) ** photons
        assert within(laser.transmission.detected[here].mean(), expected, here.sum())


def test_the_attack_acts_on_photon_numbers(within):
    eve = PhotonNumberSplitting(block=1.0, forward=0.5)
    laser = exchange(400_000, link=LOUD, transmittance=0.3, source=SOURCE, attack=eve, rng=4)
    detected = laser.transmission.detected
    for photons, passed in ((0, 0), (1, 0), (2, 1), (3, 2)):
        here = laser.photons == photons
        assert within(detected[here].mean(), 1 - 0.95 * (1 - 0.3) ** passed, here.sum())
    np.testing.assert_array_equal(laser.transmission.eve, laser.photons >= 2)


def test_sifts_as_bb84_does():
    laser = exchange(50_000, link=LOUD, transmittance=0.5, source=SOURCE, rng=5)
    keys = laser.sift()
    assert isinstance(keys, bb84.SiftedKeys)
    assert len(keys) == sum(len(laser.sift(k)) for k in range(3)) == laser.transmission.kept.sum()
    bright = laser.sift(0)
    kept = laser.transmission.kept & (laser.intensities == 0)
    np.testing.assert_array_equal(bright.alice, laser.transmission.alice_bits[kept])
    np.testing.assert_array_equal(bright.bob, laser.transmission.bob_bits[kept])
    assert bright.qber < laser.sift(2).qber


def test_a_dark_quiet_line_is_silent():
    silent = replace(GYS, background=0.0)
    laser = exchange(10_000, link=silent, transmittance=0.0, rng=6)
    assert not laser.transmission.detected.any()
    assert len(laser.sift()) == 0
    assert Counts.from_transmission(laser).clicked.sum() == 0


def test_one_pulse():
    assert exchange(1, link=GYS, transmittance=0.1, rng=7).photons.shape == (1,)


def test_two_intensities_may_share_all_pulses():
    nearly = Source((0.5, 0.1, 0.0), (0.5, 0.5 - 1e-12, 1e-12))
    laser = exchange(20_000, link=GYS, transmittance=0.1, source=nearly, rng=8)
    assert set(np.unique(laser.intensities)) == {0, 1}


def test_streams_the_same_law_in_bounded_memory():
    def peak(n):
        tracemalloc.start()
        for laser in stream(n, link=GYS, transmittance=0.1, chunk=20_000, rng=9):
            Counts.from_transmission(laser)
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    peak(40_000)
    few, many = peak(80_000), peak(800_000)
    assert many < 1.2 * few
    assert many < 20_000 * 100


def test_one_chunk_is_an_exchange_and_seeds_are_kept():
    line = {"link": GYS, "transmittance": 0.1}
    (streamed,) = stream(5_000, rng=10, **line)
    once = exchange(5_000, rng=10, **line)
    np.testing.assert_array_equal(streamed.photons, once.photons)
    np.testing.assert_array_equal(streamed.transmission.bob_bits, once.transmission.bob_bits)


@pytest.mark.parametrize("call", [exchange, stream])
@pytest.mark.parametrize(
    ("keywords", "error", "says"),
    [
        ({"n_pulses": 0}, ValueError, "n_pulses must be at least 1"),
        ({"transmittance": 1.5}, ValueError, "transmittance must be a probability"),
        ({"transmittance": "0.5"}, TypeError, "transmittance must be a number between 0 and 1, not str"),
        ({"transmittance": None}, TypeError, "transmittance must be a number between 0 and 1, not NoneType"),
        ({"transmittance": np.array([0.5])}, TypeError, "transmittance must be a number between 0 and 1"),
        ({"link": "gys"}, TypeError, "link must be a Link"),
        ({"link": LINKS["lim2014"]}, ValueError, "afterpulse=0 to be simulated"),
        ({"link": replace(GYS, background_error=0.1)}, ValueError, "background_error=0.5 to be simulated"),
        ({"source": 0.5}, TypeError, "source must be a Source or None"),
        ({"attack": "PNS"}, TypeError, r"attack must have a tap\(photons, rng\) method"),
        ({"attack": PhotonNumberSplitting}, TypeError, "attack must have a tap"),
    ],
)
def test_refuses_at_once(call, keywords, error, says):
    with pytest.raises(error, match=says):
        call(**{"n_pulses": 10, "link": GYS, "transmittance": 0.1, **keywords})


def test_the_transmittance_of_a_length_is_one():
    of_length, of_number = (
        exchange(1_000, link=GYS, transmittance=t, rng=1)
        for t in (GYS.transmittance(20), float(GYS.transmittance(20)))
    )
    np.testing.assert_array_equal(of_length.transmission.bob_bits, of_number.transmission.bob_bits)


def test_intensities_have_names():
    laser = exchange(20_000, link=LOUD, transmittance=1.0, source=SOURCE, rng=12)
    for one, mu in zip(Intensity, SOURCE.intensities, strict=True):
        assert SOURCE.intensities[one] == mu
        assert len(laser.sift(one)) == len(laser.sift(int(one))) > 0
    assert [str(one) for one in Intensity] == ["0 (signal)", "1 (weak)", "2 (vacuum)"]


def test_refuses_an_attack_that_answers_nonsense():
    class Careless:
        def tap(self, photons, rng):
            return photons[:5], photons > 1

    with pytest.raises(ValueError, match="attack must answer with one number of photons"):
        exchange(10, link=GYS, transmittance=0.1, attack=Careless())


def test_refuses_an_intensity_that_is_none():
    with pytest.raises(ValueError, match="intensity must be 0"):
        exchange(10, link=GYS, transmittance=0.1).sift(3)


def test_one_decoy(within):
    source = Source((1.5, 0.5), (0.7, 0.3), p_x=0.4)
    laser = exchange(100_000, link=LOUD, transmittance=0.8, source=source, rng=11)
    assert within((laser.intensities == 1).mean(), 0.3, 100_000)
    assert set(np.unique(laser.intensities)) == {0, 1}
    assert len(laser.sift(0)) + len(laser.sift(1)) == len(laser.sift())
    with pytest.raises(ValueError, match=r"intensity must be 0 .signal., 1 .weak. or None"):
        laser.sift(2)


def test_the_repr_is_short_and_holds_no_bits():
    laser = exchange(50_000, link=LOUD, transmittance=1.0, source=SOURCE, rng=13)
    clicks = laser.transmission.detected.sum()
    assert repr(laser) == f"LaserTransmission(50000 pulses, {clicks} clicks, {SOURCE})"
