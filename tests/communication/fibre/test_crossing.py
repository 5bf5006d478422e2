"""The crossing: where twin fields pass PLOB, from both sides."""

from dataclasses import replace

import numpy as np
import pytest

from qlearn.communication.fibre import STATIONS, plob_crossing, twin_field_rate
from qlearn.communication.photons import plob

WIRE = STATIONS["nanowire"]


def test_passes_plob():
    near, far = plob_crossing(station=WIRE)
    assert 0 < near < far < 1000
    for km in (near, far):
        assert twin_field_rate(km, station=WIRE) == pytest.approx(float(plob(WIRE.channel(km))), rel=2e-3)
    middle = (near + far) / 2
    assert twin_field_rate(middle, station=WIRE) > plob(WIRE.channel(middle))
    assert twin_field_rate(near - 5, station=WIRE) < plob(WIRE.channel(near - 5))
    assert twin_field_rate(far + 5, station=WIRE) < plob(WIRE.channel(far + 5))


def test_poor_detectors_never_pass():
    assert np.isnan(plob_crossing(station=STATIONS["lo2012"])).all()


def test_better_detectors_pass_sooner_and_farther():
    near, far = plob_crossing(station=WIRE)
    sooner, farther = plob_crossing(station=replace(WIRE, efficiency=0.9, dark=1e-9))
    assert sooner < near < far < farther


def test_without_dark_counts_nothing_ends_it():
    near, far = plob_crossing(station=replace(WIRE, dark=0.0))
    assert 0 < near < 300
    assert far == np.inf


def test_refuses():
    with pytest.raises(ValueError, match="infinite everywhere"):
        plob_crossing(station=replace(WIRE, loss_db_per_km=0.0))
    with pytest.raises(TypeError, match="station must be a Station"):
        plob_crossing(station=None)
