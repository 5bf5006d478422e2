"""A day: sums that must come out, rates against binomials, and checks that can fail."""

from math import inf

import numpy as np
import pytest

from qlearn.applications.telemetry import DayReport, Sensor, key_demand, simulate_day
from qlearn.evidence import counts_agree

FEW = {"sensors": 12, "hours": 12, "messages_per_key": 24, "rng": 5}


def test_without_trouble_every_reading_arrives_and_keys_follow_the_formula():
    day = simulate_day(
        10,
        hours=24,
        period_s=300,
        loss=0,
        delay_s=0,
        replays=0,
        reboots_per_day=0,
        messages_per_key=48,
        rng=1,
    )
    assert isinstance(day, DayReport)
    assert (day.made, day.delivered, day.lost, day.waiting) == (2880, 2880, 0, 0)
    assert not day.refused
    # Due at three quarters of 48: eight keys a day; the eighth frame of the first key to the last are counted from it.
    assert day.key_bits == key_demand(10, "rotation", rotations_per_day=8)
    assert day.events["orders"] == day.events["fresh"] == 80


def test_loss_is_binomial_and_replays_are_all_refused():
    day = simulate_day(40, hours=24, loss=0.1, replays=0.05, delay_s=0.1, reboots_per_day=0, rng=2)
    assert day.made == day.delivered + day.lost + day.waiting
    # Frames that a replay brought for the first time count as delivered: lost means that neither copy came.
    assert counts_agree((day.lost / day.made, 0.1 * (1 - 0.05), day.made), failure=1e-7)
    assert sum(day.refused.values()) > 400
    assert set(day.refused) <= {
        "taken already",
        "unknown key",
        "too late",
        "order: unknown key",
        "order: taken already",
    }


@pytest.mark.parametrize("on_empty", ["keep", "ratchet", "wait"])
def test_no_nonce_comes_again_and_nothing_is_unsealed_in_a_bad_day(on_empty):
    day = simulate_day(
        **FEW, loss=0.3, delay_s=20, replays=0.3, reboots_per_day=12, stride=8, on_empty=on_empty,
        supply_bits_per_day=256 * 60, stock_keys=3, outage=(2, 8),
    )  # fmt: skip
    assert (day.nonces_again, day.unsealed) == (0, 0)
    assert day.numbers_lost > 0
    assert day.events["drawn"] * 256 == day.key_bits
    assert day.events["drawn"] <= 3 + 30


def test_the_count_of_nonces_can_fail(monkeypatch):
    """A sensor that forgets its numbers at a reboot is found out."""
    monkeypatch.setattr(Sensor, "reboot", lambda sensor: setattr(sensor, "_number", 0))
    assert simulate_day(**FEW, reboots_per_day=12).nonces_again > 0


def test_an_empty_store_stops_who_waits_and_nobody_else():
    empty = {"supply_bits_per_day": 0.0, "reboots_per_day": 0}
    days = {policy: simulate_day(**FEW, **empty, on_empty=policy) for policy in ("keep", "ratchet", "wait")}
    assert days["wait"].delivered <= 12 * 24
    assert days["wait"].waiting > days["wait"].delivered
    assert days["wait"].longest_wait_s > 6 * 3600
    for policy in ("keep", "ratchet"):
        assert days[policy].waiting == 0
        assert days[policy].delivered > 0.9 * days[policy].made
    assert days["keep"].events["extend"] > 0 == days["keep"].events["ratchet"]
    assert days["ratchet"].events["ratchet"] > 0 == days["ratchet"].events["extend"]
    assert {day.key_bits for day in days.values()} == {0}


def test_the_store_fills_at_its_rate_and_not_in_the_dark():
    day = simulate_day(
        1, hours=24, period_s=3600, supply_bits_per_day=256 * 96, stock_keys=10, outage=(6, 12), reboots_per_day=0,
        messages_per_key=1000, rng=3,
    )  # fmt: skip
    due = [10 + 4 * (t - min(max(t - 6, 0), 6)) for t, _ in day.stock]
    assert np.abs(np.array([level for _, level in day.stock]) - due).max() <= 1  # rounded down
    assert (
        simulate_day(2, hours=1, supply_bits_per_day=inf, messages_per_key=4, rng=1).events["source empty"]
        == 0
    )


def test_a_seed_is_a_day():
    assert simulate_day(**FEW) == simulate_day(**FEW)
    assert simulate_day(**FEW) != simulate_day(**(FEW | {"rng": 6}))


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"sensors": 0}, "sensors must be at least 1"),
        ({"hours": 0}, "hours must be above 0"),
        ({"loss": 1.5}, "loss must be a probability"),
        ({"outage": (5, 2)}, "outage must end after it begins"),
        ({"stock_keys": -1}, "stock_keys must be at least 0"),
        ({"on_empty": "hope"}, "on_empty must be one of"),
    ],
)
def test_refuses(wrong, says):
    with pytest.raises(ValueError, match=says):
        simulate_day(**wrong)
