"""Fibre: the link as it is built, with detectors that rest, phases that wander and neighbours that shine.

Each module is one thing that a data sheet of detectors, interferometers or filters says, and what it does to the key.
:func:`fibre_budget` puts them together; :func:`mdi_rate` and :func:`twin_field_rate` are for links with a station in
the middle.

>>> from qlearn.communication import fibre
>>> sheet = fibre.fibre_budget(50, system=fibre.SYSTEMS["gated"])
>>> sheet.key_hz > 1000
True

Taught in :doc:`/communication/fibre`.
"""

from qlearn.communication.fibre.dead_time import (
    Clicks,
    afterpulse_probability,
    live_share,
    pair_rate,
    seen_rate,
    simulate_clicks,
    true_rate,
    with_afterpulses,
)
from qlearn.communication.fibre.efficiency_mismatch import (
    MismatchSeen,
    counted_mismatch_rate,
    discarding_rate,
    mismatch_rate,
    mismatch_secrecy,
    mismatch_seen,
)
from qlearn.communication.fibre.key_rate import best_hold_off, fastest_mu, hold_off_rate, key_rate_hz
from qlearn.communication.fibre.link_budget import Sheet, fibre_budget
from qlearn.communication.fibre.mdi import STATIONS, Gains, Station, mdi_gain, mdi_rate, mdi_single
from qlearn.communication.fibre.phase_encoding import (
    SYSTEMS,
    FibreSystem,
    Traffic,
    arm_visibility,
    interferometer_error,
    time_bin_error,
)
from qlearn.communication.fibre.raman import click_chance, crosstalk_power, raman_power, watt
from qlearn.communication.fibre.twin_field import (
    fock_yield,
    plob_crossing,
    twin_field_gain,
    twin_field_phase_error,
    twin_field_rate,
)

__all__ = [
    "STATIONS",
    "SYSTEMS",
    "Clicks",
    "FibreSystem",
    "Gains",
    "MismatchSeen",
    "Sheet",
    "Station",
    "Traffic",
    "afterpulse_probability",
    "arm_visibility",
    "best_hold_off",
    "click_chance",
    "counted_mismatch_rate",
    "crosstalk_power",
    "discarding_rate",
    "fastest_mu",
    "fibre_budget",
    "fock_yield",
    "hold_off_rate",
    "interferometer_error",
    "key_rate_hz",
    "live_share",
    "mdi_gain",
    "mdi_rate",
    "mdi_single",
    "mismatch_rate",
    "mismatch_secrecy",
    "mismatch_seen",
    "pair_rate",
    "plob_crossing",
    "raman_power",
    "seen_rate",
    "simulate_clicks",
    "time_bin_error",
    "true_rate",
    "twin_field_gain",
    "twin_field_phase_error",
    "twin_field_rate",
    "watt",
    "with_afterpulses",
]
