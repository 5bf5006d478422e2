"""The ports behind a fibre that is shared with data, against the library: stray light, clicks, and the sheet."""

from collections.abc import Callable
from dataclasses import asdict, replace

import numpy as np
import pytest

from qlearn.communication import fibre, photons
from qlearn.communication.fibre.key_rate import optimal_mu_per_second
from qlearn.communication.fibre.raman import crosstalk_power, noise_click_probability

LINK = ("loss_db_per_km", "receiver_efficiency", "background", "misalignment", "error_correction")


def as_port(system: fibre.FibreSystem) -> dict[str, float]:
    return {
        name: value for name, value in vars(system).items() if name not in ("name", "source", "provenance")
    }


@pytest.fixture(scope="module")
def systems() -> list[fibre.FibreSystem]:
    """Draw systems of all kinds."""
    rng = np.random.default_rng(1)
    drawn = []
    for seen, dark, gate, hold, trap, wide, drift in rng.random((1100, 7)):
        drawn.append(
            replace(
                fibre.SYSTEMS["gated" if seen < 0.5 else "nanowire"],
                efficiency=0.05 + 0.9 * seen, dark_hz=10 ** (1 + 3 * dark), gate_s=10 ** (-11 + 2 * gate),
                hold_off_s=10 ** (-8 + 3 * hold), afterpulse=0.4 * trap, decay_s=2e-6, bandwidth_nm=10 ** (-2 + 2 * wide),
                drift_rad=0.2 * drift,
            )
        )  # fmt: skip
    return drawn


def test_published_systems(port: Callable):
    for name in ("gated", "nanowire"):
        assert port("communication/fibre", "SYSTEMS", [[name]]) == [as_port(fibre.SYSTEMS[name])]


def test_stray_light(port: Callable, agree: Callable):
    rng = np.random.default_rng(2)
    n = 1500
    dbm, km, loss = rng.uniform([[-60], [0], [0.1]], [[20], [200], [0.4]], (3, n))
    km[0] = 0
    watt = fibre.dbm_to_watt(dbm)
    agree(port("communication/fibre", "dbm_to_watt", dbm[:, None]), watt)
    wide, beta = 10 ** rng.uniform([[-2], [-10]], [[1], [-8]], (2, n))
    for way in ("forward", "backward"):
        sent = list(zip(watt.tolist(), km.tolist(), wide.tolist(), beta.tolist(), loss.tolist(), strict=True))
        ours = [
            fibre.raman_power(a, b, bandwidth_nm=c, coefficient=d, loss_db_per_km=e, direction=way)
            for a, b, c, d, e in sent
        ]
        agree(port("communication/fibre", "raman_power", [[*one, way] for one in sent]), ours)
    isolation = rng.uniform(30, 150, n)
    sent = np.column_stack([watt, km, isolation, loss])
    ours = [crosstalk_power(a, b, isolation_db=c, loss_db_per_km=d) for a, b, c, d in sent]
    agree(port("communication/fibre", "crosstalk_power", sent), ours)
    sent = np.column_stack(
        [watt * 1e-9, 10 ** rng.uniform(-11, -8, n), rng.random(n), rng.uniform(800, 1600, n)]
    )
    ours = [noise_click_probability(a, gate_s=b, efficiency=c, wavelength_nm=d) for a, b, c, d in sent]
    agree(port("communication/fibre", "noise_click_probability", sent), ours)


def test_errors_and_afterpulses(port: Callable, agree: Callable):
    rng = np.random.default_rng(3)
    v, drift = rng.uniform(0, 1, (2, 1500))
    ours = fibre.interferometer_error(v, drift_rad=drift)
    agree(port("communication/fibre", "interferometer_error", np.column_stack([v, drift])), ours)
    columns = 10 ** rng.uniform([[-9], [-3], [-7], [0]], [[-4], [-0.1], [-5], [9]], (4, 1500))
    ours = [fibre.afterpulse_probability(h, total=p, decay_s=d, rate_hz=r) for h, p, d, r in columns.T]
    agree(port("communication/fibre", "afterpulse_probability", columns.T), ours)


def test_keys_a_second(port: Callable, agree: Callable, systems: list[fibre.FibreSystem]):
    rng, sent, keys, means, scales = np.random.default_rng(4), [], [], [], []
    for system in systems:
        receiver, background, t, mu = 10 ** rng.uniform([-2, -9, -4, -3], [0, -5, 0, 0.2])
        link = photons.Link("drawn", 0.2, receiver, background, rng.uniform(0, 0.05), 1.16)
        pace = {
            "pulse_rate_hz": system.pulse_rate_hz, "dead_time_s": system.hold_off_s, "total": system.afterpulse,
            "decay_s": system.decay_s,
        }  # fmt: skip
        keys.append(float(fibre.key_rate_hz(t, link=link, mu=mu, **pace)))
        means.append(float(optimal_mu_per_second(t, link=link, **pace)))
        scales.append(system.pulse_rate_hz * float(photons.gain(mu, t, link=link)))
        sent.append([t, {name: getattr(link, name) for name in LINK}, mu, as_port(system)])
    assert 0.2 < np.mean(np.array(keys) > 0) < 0.95
    theirs = np.array(port("communication/fibre", "key_rate_hz", sent))
    agree(theirs / scales, np.array(keys) / scales, scale=1)
    theirs = port(
        "communication/fibre", "optimal_mu_per_second", [[t, link, one] for t, link, _, one in sent]
    )
    # (the top is flat: two knots of the last net may tell the same rate to the last digit)
    off = np.abs(np.array(theirs, dtype=float) / means - 1)
    assert np.array_equal(np.isnan(off), np.isnan(means))
    assert np.nanmax(off) < 0.01
    assert np.nanmean(off > 1e-9) < 0.01


def test_the_sheet(port: Callable, agree: Callable, systems: list[fibre.FibreSystem]):
    rng, sent, sheets = np.random.default_rng(5), [], []
    for system in systems:
        km, dbm, isolation = rng.uniform([0, -50, 80], [180, 15, 120])
        data = fibre.Traffic(
            dbm, ("forward", "backward")[int(rng.integers(2))], 10 ** rng.uniform(-9.5, -8), isolation
        )
        sheets.append(fibre.fibre_budget(km, system=system, traffic=data))
        sent.append([km, as_port(system), asdict(data)])
    theirs = port("communication/fibre", "fibre_budget", sent)
    agree([one["backgrounds"] for one in theirs], [[*one.backgrounds.values()] for one in sheets])
    alike = np.array([
        np.isclose(float(one["mu"]), sheet.mu, rtol=1e-9, equal_nan=True) for one, sheet in zip(theirs, sheets, strict=True)
    ])  # fmt: skip
    assert alike.mean() > 0.99
    for name in ("qber", "key_hz", "light"):
        bright = [sheet.mu if np.isfinite(sheet.mu) else 0.5 for sheet in sheets]
        ours = {
            "qber": [sheet.qber for sheet in sheets], "key_hz": [sheet.key_hz for sheet in sheets],
            "light": [
                float(photons.gain(mu, sheet.transmittance, link=replace(sheet.link, background=0.0, afterpulse=0.0)))
                for mu, sheet in zip(bright, sheets, strict=True)
            ],
        }[name]  # fmt: skip
        got = np.where(alike, [one[name] for one in theirs], ours)
        agree(got, ours, scale=1 if name == "key_hz" else None)
