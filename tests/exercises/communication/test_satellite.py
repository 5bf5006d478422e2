"""Answers to the exercises on satellites, as students write them."""

from math import asin, cos, degrees, exp, expm1, hypot, log10, radians, sin, sqrt

import numpy as np
import pytest
from scipy.integrate import quad

from qlearn.communication import satellite
from qlearn.exercises.communication.satellite import distance, loss_db, nearer, relay, turned
from tests.exercises.tried import passes, refused

RADIUS = 6371.0


@pytest.mark.parametrize("right", [6, 6.0, 6.02, 6.0206, np.array([20 * log10(2)])])
def test_six_decibels_by_hand_pass(right):
    passes(nearer, right)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (3, "a factor of 2"),
        (-6, "positive"),
        (120, "fibre"),
        (4, "a factor of 4, yes"),
        (12.04, "a factor of 16"),
        (0.602, "in bel"),
        (13.86, "base *ten*"),
        (6.2, ""),
        ("6 dB", "quotation marks"),
    ],
)
def test_other_decibels_are_refused(wrong, words):
    refused(nearer, wrong, words)


def distance_by_the_law_of_sines(elevation_deg, height_km):
    at_station = radians(90 + elevation_deg)
    r = RADIUS + height_km
    at_satellite = asin(RADIUS * sin(at_station) / r)
    at_centre = radians(90 - elevation_deg) - at_satellite
    return r * sin(at_centre) / sin(at_station) if elevation_deg < 90 else height_km


def distance_by_roots(elevation_deg, height_km):
    up = sin(radians(elevation_deg))
    return np.roots([1, 2 * RADIUS * up, RADIUS**2 - (RADIUS + height_km) ** 2]).max()


@pytest.mark.parametrize(
    "answer",
    [
        distance_by_the_law_of_sines,
        distance_by_roots,
        lambda elevation, height: satellite.slant_range(elevation, height_km=height),
    ],
)
def test_other_ways_to_the_distance_pass(answer):
    passes(distance, answer)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (lambda elevation, height: height / sin(radians(elevation)), "flat Earth"),
        (lambda elevation, height: height, "zenith alone"),
        (lambda elevation, height: 500 + 0 * elevation, ""),
        (lambda elevation, height: satellite.slant_range(elevation, height_km=500), ""),
        (lambda elevation, height: round(distance_by_roots(elevation, height)), ""),
        (lambda elevation, height: 1e3 * distance_by_roots(elevation, height), ""),
        (lambda elevation, height: distance_by_roots(-elevation, height), "through the Earth"),
        (lambda elevation, height: distance_by_roots(elevation, height) * 6378 / 6371, ""),
        (lambda elevation, height: sqrt((RADIUS + height) ** 2 - RADIUS**2), "whatever the elevation"),
        (lambda elevation, height: degrees(distance_by_roots(elevation, height)), ""),
    ],
)
def test_another_distance_is_refused(wrong, words):
    refused(distance, wrong, words)


def loss_by_factors(range_km, divergence_urad, aperture_m, zenith_loss_db, elevation_deg):
    x = aperture_m**2 / (2 * (range_km * divergence_urad * 1e-3) ** 2)
    air = 10 ** (-zenith_loss_db / 10 / sin(radians(elevation_deg)))
    return 10 * log10(1 / (-expm1(-x) * air))


def loss_by_an_integral(range_km, divergence_urad, aperture_m, zenith_loss_db, elevation_deg):
    w = range_km * divergence_urad / 1000
    caught, _ = quad(lambda r: 4 * r / w**2 * exp(-2 * (r / w) ** 2), 0, aperture_m / 2, epsabs=0)
    return zenith_loss_db / np.sin(elevation_deg * np.pi / 180) - 10 * np.log10(caught)


@pytest.mark.parametrize("answer", [loss_by_factors, loss_by_an_integral])
def test_other_ways_to_the_loss_pass(answer):
    passes(loss_db, answer)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (lambda *link: round(loss_by_factors(*link), 1), ""),
        (lambda far, angle, *rest: loss_by_factors(far, 7.41, *rest), ""),
        (lambda far, angle, wide, air, up: loss_by_factors(far, angle, wide, 3.2, up), ""),
        (lambda far, angle, wide, air, up: loss_by_factors(far, angle, wide, 0, up), "the air is missing"),
        (lambda far, angle, wide, air, up: loss_by_factors(far, 2 * angle, wide, air, up), ""),
        (lambda far, angle, wide, air, up: loss_by_factors(far, angle / 2, wide, air, up), "half an angle"),
        (
            lambda far, angle, wide, air, up: (
                air / sin(radians(up)) - 20 * log10(wide / 2 / far / angle * 1e3)
            ),
            "",
        ),
        (lambda *link: 10 ** (-loss_by_factors(*link) / 10), "transmittance"),
        (lambda *link: -loss_by_factors(*link), "positive"),
        (lambda far, angle, *rest: loss_by_factors(hypot(far, 1), angle, *rest), ""),
    ],
)
def test_another_loss_is_refused(wrong, words):
    refused(loss_db, wrong, words)


def turned_by_loop(angle_deg, clicks):
    wrong = sum(float(n) * (1 - cos(2 * radians(a))) / 2 for a, n in zip(angle_deg, clicks, strict=True))
    return wrong / float(sum(clicks))


@pytest.mark.parametrize(
    "answer",
    [turned_by_loop, lambda angle, clicks: np.average(np.sin(angle * np.pi / 180) ** 2, weights=clicks)],
)
def test_other_ways_to_the_turned_frame_pass(answer):
    passes(turned, answer)


def test_the_turned_frame_of_a_pass_is_hopeless():
    sky = satellite.overpass(height_km=500, max_elevation_deg=49, min_elevation_deg=20)
    assert turned(sky.azimuth_deg, 1 / sky.range_km**2) > 0.2


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (lambda a, n: min(turned_by_loop(a, n), 1 - turned_by_loop(a, n)), "most clicks are wrong"),
        (lambda a, n: round(turned_by_loop(a, n), 4), ""),
        (lambda a, n: turned_by_loop(np.clip(a, -90, 90), n), ""),
        (lambda a, n: turned_by_loop(a, n > 0), ""),
        (lambda a, n: turned_by_loop(a, n**2), ""),
        (lambda a, n: turned_by_loop(a[:2], n[:2]), ""),
        (lambda a, n: 0.25, ""),
        (lambda a, n: np.sin(np.deg2rad(a)) ** 2, "one number is asked for"),
        (lambda a, n: np.sum(n * np.sin(np.deg2rad(a)) ** 2), "divide by all clicks"),
    ],
)
def test_another_error_of_the_frame_is_refused(wrong, words):
    refused(turned, wrong, words)


def xor(one, other):
    return one ^ other


@pytest.mark.parametrize(
    "answer",
    [
        lambda b, v: [(b + v) % 2, lambda mine, heard: (heard + mine) % 2],
        lambda b, v: (1 ^ b ^ v, lambda mine, heard: 1 ^ mine ^ heard),
        lambda b, v: (b != v, lambda mine, heard: mine != heard),
        lambda b, v: (
            [int(x) ^ int(y) for x, y in zip(b, v, strict=True)],
            lambda mine, heard: mine ^ np.array(heard),
        ),
        lambda b, v: (b ^ v[::-1], lambda mine, heard: heard ^ mine[::-1]),
        lambda b, v: (b.astype(float) - v == 0, lambda mine, heard: np.where(heard, mine, 1 - mine)),
        lambda b, v: ((b ^ v)[::-1], lambda mine, heard: heard[::-1] ^ mine),
        lambda b, v: (np.r_[b ^ v, b ^ v], lambda mine, heard: heard[: len(mine)] ^ mine),
        # every bit of Vienna's sum hides one bit of Beijing's: a pad, too
        lambda b, v: (
            b ^ np.bitwise_xor.accumulate(v),
            lambda mine, heard: heard ^ np.bitwise_xor.accumulate(mine),
        ),
    ],
)
def test_other_pads_pass(answer):
    passes(relay, answer)


def padded(pad):
    return lambda b, v: (b ^ pad(v), lambda mine, heard: heard ^ pad(mine))


def until(n):
    return lambda key: np.where(np.arange(len(key)) < n, key, 0).astype(np.uint8)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (padded(until(3)), "learn bit 3"),
        (padded(until(64)), "learn bit 64"),
        (padded(lambda key: np.resize(key[:64], len(key))), "learn bit"),
        (padded(lambda key: np.resize(key[:3], len(key))), "learn bit"),
        (padded(lambda key: np.full_like(key, key[0])), ""),
        (padded(lambda key: key & np.roll(key, 1)), "listeners learn something"),
        (padded(lambda key: 0 * key), "in the clear"),
        (
            padded(lambda key: key ^ np.roll(key, 1)),
            "listeners learn something",
        ),  # never an odd number of ones
        (lambda b, v: (v, lambda mine, heard: b), "in the clear"),
        (
            lambda b, v: (np.r_[b ^ v, b[:1]], lambda mine, heard: heard[:-1] ^ mine),
            "listeners learn something",
        ),
        (
            lambda b, v: (np.r_[b ^ v, v[-1:]], lambda mine, heard: heard[:-1] ^ mine),
            "listeners learn something",
        ),
        (lambda b, v: (b - v, lambda mine, heard: mine + heard), "Add modulo 2"),
        (lambda b, v: (b ^ v, lambda mine, heard: heard), "does not get Beijing's key"),
        (lambda b, v: (b ^ v, lambda mine, heard: None), "`recover` is to give"),
        (lambda b, v: (b ^ v, lambda mine, heard: "key"), "`recover` is to give"),
        (lambda b, v: (b ^ v, lambda mine, heard: b), "remembers the keys"),
        (lambda b, v: (None, lambda mine, heard: heard), "announces bits"),
        (lambda b, v: ("bits", lambda mine, heard: heard), "announces bits"),
        (lambda b, v: ([[1], [1, 2]], lambda mine, heard: heard), "announces bits"),
        (lambda b, v: {"announced": b ^ v}, "return two things"),
        (lambda b, v: (xor, b ^ v), "the second thing is a function"),
        (
            lambda b, v: (
                np.r_[b ^ v, np.zeros(b[0], np.uint8)],
                lambda mine, heard: heard[: len(mine)] ^ mine,
            ),
            "listen",
        ),
    ],
)
def test_what_tells_listeners_or_not_vienna_is_refused(wrong, words):
    refused(relay, wrong, words)


def test_a_key_left_where_both_can_see_it_is_found_out():
    left = []

    def answer(beijing, vienna):
        left.append(beijing)
        return beijing ^ vienna, lambda vienna, announced: left[-1]

    assert "remembers the keys" in relay.check(answer).message
