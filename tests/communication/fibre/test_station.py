"""The station: two arms, read from a sheet that says where its numbers come from."""

from dataclasses import fields, replace

import numpy as np
import pytest

from qlearn.communication.fibre import STATIONS

WIRE = STATIONS["nanowire"]


def test_two_arms_make_the_channel():
    km = np.array([0.0, 70.0, 300.0])
    np.testing.assert_allclose(WIRE.arm(km) ** 2, WIRE.efficiency**2 * WIRE.channel(km))


def test_each_number_says_how_it_was_read():
    numbers = {f.name for f in fields(WIRE)} - {"name", "source", "read"}
    for station in STATIONS.values():
        assert set(station.read) == numbers
        assert all(how.startswith(("printed", "derived", "assumed")) for how in station.read.values())
        assert station.source


@pytest.mark.parametrize(
    ("change", "error", "says"),
    [
        ({"dark": 1.0}, ValueError, "sees nothing but itself"),
        ({"efficiency": 1.1}, ValueError, "efficiency must be"),
        ({"misalignment": -0.1}, ValueError, "misalignment must be"),
        ({"error_correction": 0.5}, ValueError, "error_correction must be"),
        ({"loss_db_per_km": "low"}, TypeError, "loss_db_per_km must be"),
    ],
)
def test_refuses(change, error, says):
    with pytest.raises(error, match=says):
        replace(WIRE, **change)
