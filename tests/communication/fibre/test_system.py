"""The system: parts that make an error rate, sheets that say where their numbers come from."""

from dataclasses import fields, replace

import numpy as np
import pytest

from qlearn.communication.fibre import SYSTEMS, Traffic

GATED = SYSTEMS["gated"]


def test_optical_error_of_the_parts():
    good = replace(GATED, visibility=1.0, imbalance_db=0.0, drift_rad=0.0)
    assert good.optical_error == 0
    assert replace(good, visibility=0.96).optical_error == pytest.approx(0.02)
    assert replace(good, drift_rad=0.2).optical_error == pytest.approx(0.01, rel=0.02)


def test_systems_say_where_their_numbers_come_from():
    for system in SYSTEMS.values():
        assert system.source
        assert set(system.read) == {f.name for f in fields(system)} - {"name", "source", "read"}
        assert all(
            how.split()[0].strip(":,") in ("assumed", "derived", "without") for how in system.read.values()
        )


@pytest.mark.parametrize(
    ("call", "error", "says"),
    [
        (lambda: Traffic(direction="up"), ValueError, "direction must be"),
        (lambda: Traffic(launch_dbm=np.nan), ValueError, "dbm must be"),
        (lambda: Traffic(isolation_db=-1.0), ValueError, "isolation_db must be"),
        (lambda: replace(GATED, efficiency=2.0), ValueError, "efficiency must be"),
        (lambda: replace(GATED, visibility=2.0), ValueError, "visibility must be"),
        (lambda: replace(GATED, afterpulse=1.0), ValueError, "total must be below 1"),
        (lambda: replace(GATED, filter_db=-1.0), ValueError, "filter_db must be"),
        (lambda: replace(GATED, error_correction=0.5), ValueError, "error_correction must be"),
        (lambda: replace(GATED, gate_s="long"), TypeError, "gate_s must be"),
    ],
)
def test_refuses(call, error, says):
    with pytest.raises(error, match=says):
        call()
