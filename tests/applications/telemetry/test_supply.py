"""Key supply: below what an endless session makes, falling with length; and what it feeds."""

import math

import pytest

from qlearn.applications.telemetry import key_demand, key_supply, sensors_fed, shortest_rotation
from qlearn.communication.fibre import key_rate_hz
from qlearn.communication.photons import LINKS, decoy_rate

LINK = LINKS["lim2014"]


@pytest.fixture(scope="module")
def supplies():
    """Three lengths, without dead time and with it."""
    return {
        (km, rest): key_supply(km, link=LINK, pulse_rate_hz=1e8, dead_time_s=rest)
        for km in (10, 60, 120)
        for rest in (0.0, 1e-5)
    }


def test_finite_sessions_make_less_than_endless_ones_and_not_much_less(supplies):
    """The oracle knows endless keys with infinitely many decoys: another formula, with its own search.

    It sifts half of the pulses, ours a share that it chooses: up to all of them, so up to twice as much.
    """
    for km in (10, 60, 120):
        endless = 86400 * 1e8 * float(decoy_rate(km, link=LINK)) / LINK.sifting
        assert 0.15 * endless < supplies[km, 0.0] < endless


def test_with_dead_time_it_stays_below_what_resting_detectors_can_make(supplies):
    for km in (10, 60, 120):
        channel = 10 ** (-km * LINK.loss_db_per_km / 10)
        best = float(key_rate_hz(channel, link=LINK, pulse_rate_hz=1e8, dead_time_s=1e-5)) / LINK.sifting
        assert 0 < supplies[km, 1e-5] < min(86400 * best, supplies[km, 0.0])
        assert supplies[km, 1e-5] < 86400 / 1e-5  # a bit a click, a click a rest


def test_falls_with_length_and_ends(supplies):
    for rest in (0.0, 1e-5):
        row = [supplies[km, rest] for km in (10, 60, 120)]
        assert row == sorted(row, reverse=True)
    assert key_supply(250, link=LINK, pulse_rate_hz=1e8) == 0


def test_what_a_supply_feeds():
    each = key_demand(1, "rotation", rotations_per_day=24)
    assert sensors_fed(100 * each, each) == 100
    assert sensors_fed(100 * each - 1, each) == 99
    assert shortest_rotation(100 * each, 100) == 3600
    assert shortest_rotation(0, 100) == math.inf


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: key_supply(-1, link=LINK, pulse_rate_hz=1e8), "length_km"),
        (lambda: key_supply(1, link=LINK, pulse_rate_hz=0), "pulse_rate_hz must be above 0"),
        (
            lambda: key_supply(1, link=LINK, pulse_rate_hz=1e8, session_s=1e5),
            "session_s must be a finite number",
        ),
        (lambda: key_supply(1, link=LINK, pulse_rate_hz=1e8, dead_time_s=-1), "dead_time_s"),
        (lambda: sensors_fed(1, 0), "each must be above 0"),
        (lambda: shortest_rotation(1, 0), "sensors must be at least 1"),
    ],
)
def test_refuses(call, says):
    with pytest.raises(ValueError, match=says):
        call()
