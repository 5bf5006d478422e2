"""The budget: its lines add up to the link of the photons chapter, and to its key."""

from dataclasses import replace

import numpy as np
import pytest

from qlearn.communication.fibre import SYSTEMS, Traffic, fibre_budget, simulate_clicks
from qlearn.communication.photons import error_gain, gain, rate_at

GATED, WIRE = SYSTEMS["gated"], SYSTEMS["nanowire"]
BUSY = Traffic(launch_dbm=-10.0)


@pytest.mark.parametrize("km", [0.0, 20.0, 60.0])
@pytest.mark.parametrize("traffic", [None, BUSY, Traffic(launch_dbm=-10.0, direction="backward")])
def test_lines_add_up(km, traffic):
    sheet = fibre_budget(km, system=GATED, traffic=traffic, mu=0.4)
    loss = -10 * np.log10(sheet.transmittance * sheet.link.receiver_efficiency)
    assert sheet.loss_db == pytest.approx(loss)
    assert sum(sheet.backgrounds.values()) == pytest.approx(sheet.link.background)
    line = {"transmittance": sheet.transmittance, "link": sheet.link}
    assert sheet.qber == pytest.approx(float(error_gain(0.4, **line) / gain(0.4, **line)))
    assert sheet.rate == pytest.approx(float(rate_at(**line, mu=0.4)))
    assert sheet.key_hz == pytest.approx(GATED.pulse_rate_hz * sheet.rate * sheet.live_fraction)
    assert 0 < sheet.live_fraction <= 1
    assert all(wrong >= 0 for wrong in sheet.errors.values())


def test_every_line_moves_its_part():
    plain = fibre_budget(40, system=GATED, mu=0.4)
    for change, line in (
        ({"filter_db": 3.0}, "filter"),
        ({"receiver_db": 5.0}, "interferometer"),
        ({"connectors_db": 2.0}, "connectors"),
        ({"splices_per_km": 1.0}, "splices"),
        ({"efficiency": 0.1}, "detector"),
    ):
        worse = fibre_budget(40, system=replace(GATED, **change), mu=0.4)
        changed = {name for name in plain.losses if worse.losses[name] != plain.losses[name]}
        assert changed == {line}
        assert worse.key_hz < plain.key_hz
    for change, line in (({"visibility": 0.9}, "interferometer"), ({"drift_rad": 0.4}, "interferometer")):
        worse = fibre_budget(40, system=replace(GATED, **change), mu=0.4)
        assert worse.errors[line] > 1.5 * plain.errors[line]
        assert worse.errors["dark counts"] == pytest.approx(plain.errors["dark counts"], rel=1e-9)
    assert fibre_budget(40, system=replace(GATED, afterpulse=0.0), mu=0.4).errors["afterpulses"] == 0


@pytest.mark.parametrize("km", [0.0, 50.0, 140.0])
def test_afterpulses_of_the_load(km):
    # The sheet against events; 7 sigma of a Poisson number, at least 200 afterpulses, and 2 % of first order.
    sheet = fibre_budget(km, system=GATED)
    quiet = replace(sheet.link, afterpulse=0.0)
    rate, rest = 1e9 * float(gain(sheet.mu, sheet.transmittance, link=quiet)), GATED.hold_off_s
    seen = simulate_clicks(
        rate,
        int(50_000 * (1 + rate * rest)),
        dead_time_s=rest,
        rule="shared",
        afterpulse=GATED.afterpulse,
        decay_s=GATED.decay_s,
        rng=2,
    )
    found, n = int(seen.spurious.sum()), seen.time_s.size
    wanted = 2 * sheet.errors["afterpulses"] * n
    assert found > 100
    assert abs(found - wanted) < 7 * np.sqrt(wanted) + 0.02 * wanted
    assert n / seen.time_s[-1] == pytest.approx(
        1e9 * float(gain(sheet.mu, sheet.transmittance, link=sheet.link)) * sheet.live_fraction, rel=0.02
    )


@pytest.mark.parametrize("km", [0.0, 50.0, 140.0, 160.0])
def test_the_sheet_is_pessimistic_about_afterpulses(km):
    # An afterpulse strikes a pulse of any photon number: a background, for the decoys.
    sheet = fibre_budget(km, system=GATED)
    quiet = replace(sheet.link, afterpulse=0.0)
    more = sheet.link.afterpulse * float(gain(sheet.mu, sheet.transmittance, link=quiet))
    even = replace(quiet, background=quiet.background + more)
    assert rate_at(sheet.transmittance, link=even, mu=sheet.mu) > 1.0005 * sheet.rate


def test_sifting_is_in_the_rate():
    for share in (0.25, 1.0):
        other = fibre_budget(40, system=replace(GATED, sifting=share), mu=0.2)
        assert other.link.sifting == share
        assert other.rate == pytest.approx(2 * share * fibre_budget(40, system=GATED, mu=0.2).rate)


def test_darkness_has_no_raman():
    sheet = fibre_budget(40, system=GATED)
    assert sheet.backgrounds["Raman"] == sheet.backgrounds["leak"] == 0
    np.testing.assert_allclose(sheet.backgrounds["dark counts"], 2 * GATED.dark_hz * GATED.gate_s, rtol=1e-6)
    lit = fibre_budget(40, system=GATED, traffic=BUSY)
    assert lit.backgrounds["dark counts"] == sheet.backgrounds["dark counts"]
    # ten times the power, ten times the photons
    more = fibre_budget(40, system=GATED, traffic=replace(BUSY, launch_dbm=0.0))
    for name in ("Raman", "leak"):
        assert more.backgrounds[name] == pytest.approx(10 * lit.backgrounds[name], rel=1e-2)


def test_filters_are_worth_their_loss_in_traffic_only():
    # An ideal wide filter against a narrow one with 3 dB more.
    wide, narrow = (
        replace(GATED, bandwidth_nm=1.0, filter_db=0.5),
        replace(GATED, bandwidth_nm=0.1, filter_db=3.5),
    )
    busy = Traffic(launch_dbm=-8.0)
    assert fibre_budget(40, system=wide).key_hz > fibre_budget(40, system=narrow).key_hz
    assert (
        fibre_budget(40, system=narrow, traffic=busy).key_hz
        > fibre_budget(40, system=wide, traffic=busy).key_hz
    )


def test_too_much_light_is_no_key():
    sheet = fibre_budget(40, system=GATED, traffic=Traffic(launch_dbm=30.0))
    assert sheet.key_hz == sheet.rate == 0
    assert np.isnan(sheet.mu)
    assert sheet.qber <= 0.5
    assert fibre_budget(1000, system=WIRE).key_hz == 0


@pytest.mark.parametrize("dbm", [40.0, 45.0, 50.0, 60.0])
def test_light_that_drowns_all_makes_coins(dbm):
    # The causes once added up to a QBER of 0.67.
    sheet = fibre_budget(50, system=GATED, traffic=Traffic(launch_dbm=dbm))
    line = {"transmittance": sheet.transmittance, "link": sheet.link}
    assert sheet.qber == pytest.approx(float(error_gain(0.5, **line) / gain(0.5, **line)))
    assert sheet.qber == pytest.approx(0.5, abs=0.01)
    assert sheet.errors["Raman"] == max(sheet.errors.values())


def test_nothing_at_all():
    deaf = fibre_budget(10, system=replace(GATED, efficiency=0.0, dark_hz=0.0))
    assert deaf.key_hz == 0 == deaf.qber
    assert deaf.loss_db == np.inf
    assert fibre_budget(10, system=replace(GATED, pulse_rate_hz=0.0)).key_hz == 0


@pytest.mark.parametrize(
    ("call", "error", "says"),
    [
        (lambda: fibre_budget(-1, system=GATED), ValueError, "length_km must be"),
        (lambda: fibre_budget(10, system="gated"), TypeError, "system must be a FibreSystem"),
        (lambda: fibre_budget(10, system=GATED, traffic=-10.0), TypeError, "traffic must be a Traffic"),
        (lambda: fibre_budget(10, system=GATED, mu=0.0), ValueError, "mu must be above 0"),
    ],
)
def test_refuses(call, error, says):
    with pytest.raises(error, match=says):
        call()
