"""The station: two arms, read from a sheet that says where its numbers come from.

Measurement-device independence: the Bell measurement photon by photon, the gains phase by phase, and print.
"""

from dataclasses import fields, replace
from itertools import product

import numpy as np
import pytest

from qlearn.communication.fibre import STATIONS, mdi_rate
from qlearn.communication.fibre.mdi import mdi_gain, mdi_single
from qlearn.communication.photons import plob

WIRE = STATIONS["nanowire"]


def test_two_arms_make_the_channel():
    km = np.array([0.0, 70.0, 300.0])
    np.testing.assert_allclose(WIRE.arm(km) ** 2, WIRE.efficiency**2 * WIRE.channel(km))


def test_each_number_says_how_it_was_read():
    numbers = {f.name for f in fields(WIRE)} - {"name", "source", "provenance"}
    for station in STATIONS.values():
        assert set(station.provenance) == numbers
        assert all(how.startswith(("printed", "derived", "assumed")) for how in station.provenance.values())
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


LO = STATIONS["lo2012"]
NOISY = replace(LO, dark=0.02, misalignment=0.0)
# Modes behind the beam splitter: (port, polarisation). Alice enters with +, Bob with - in the second port.
MODES = [(port, pol) for port in (0, 1) for pol in (0, 1)]


def amplitudes(sender, polarisation):
    """A photon of this polarisation in the four modes behind the beam splitter."""
    signs = (1, 1) if sender == "alice" else (1, -1)
    return np.array([signs[port] * polarisation[pol] for port, pol in MODES]) / np.sqrt(2)


def photon_patterns(a, b):
    """Chances of where two photons land: creation operators multiplied out, with bosonic factors."""
    chances = {}
    for i, j in product(range(4), repeat=2):
        if i == j:
            chances[(i, i)] = 2 * abs(a[i] * b[i]) ** 2
        elif i < j:
            chances[(i, j)] = abs(a[i] * b[j] + a[j] * b[i]) ** 2
    return chances


def announced(lit, dark, t=1.0):
    """Chance of each announcement: two clicks, of unlike polarisation; psi+ at one port, psi- at two."""
    click = [1 - (1 - dark) * (1 - t) ** lit.count(mode) for mode in range(4)]
    found = {"psi+": 0.0, "psi-": 0.0}
    for h, v in ((0, 1), (2, 3), (0, 3), (1, 2)):
        name = "psi+" if MODES[h][0] == MODES[v][0] else "psi-"
        found[name] += np.prod([click[m] if m in (h, v) else 1 - click[m] for m in range(4)])
    return found


def fock(alice, bob, t, dark):
    """The announcements for one photon from each side: either, both or none arrives."""
    a, b = amplitudes("alice", alice), amplitudes("bob", bob)
    total = {"psi+": 0.0, "psi-": 0.0}
    cases = [((), (1 - t) ** 2)]
    cases += [((i,), t * (1 - t) * (abs(a[i]) ** 2 + abs(b[i]) ** 2)) for i in range(4)]
    cases += [(pair, t**2 * chance) for pair, chance in photon_patterns(a, b).items()]
    for landed, chance in cases:
        for name, share in announced(list(landed), dark).items():
            total[name] += chance * share
    return total


Z = (np.array([1.0, 0.0]), np.array([0.0, 1.0]))
X = (np.array([1.0, 1.0]) / np.sqrt(2), np.array([1.0, -1.0]) / np.sqrt(2))


@pytest.mark.parametrize("t", [0.0, 0.1, 0.6, 1.0])
@pytest.mark.parametrize("dark", [0.0, 1e-3, 0.05])
def test_single_photons_through_the_station(t, dark):
    station = replace(LO, dark=dark, misalignment=0.0)
    pair = mdi_single(t, station=station)
    for basis in (Z, X):
        seen = [(a == b, fock(basis[a], basis[b], t, dark)) for a, b in product((0, 1), repeat=2)]
        clicks = sum(sum(found.values()) for _, found in seen) / 4
        assert pair.clicks == pytest.approx(clicks, rel=1e-9, abs=1e-15)
    # In X a psi+ means like bits, a psi- unlike ones.
    wrong = sum(found["psi-" if same else "psi+"] for same, found in seen) / 4
    if clicks > 0:
        assert pair.errors == pytest.approx(wrong / clicks, rel=1e-9, abs=1e-12)
    else:
        assert pair.errors == 0.5


def test_misalignment_mixes_right_and_wrong():
    # A share e_d of what two photons say is turned round; dark clicks stay coins.
    clean, turned = (mdi_single(0.3, station=replace(NOISY, misalignment=e)) for e in (0.0, 0.1))
    both = (1 - NOISY.dark) ** 2 * 0.3**2 / 2
    assert turned.clicks == clean.clicks
    assert (turned.errors - clean.errors) * turned.clicks == pytest.approx(0.1 * both)


@pytest.mark.parametrize(("mu", "t", "dark"), [(0.3, 0.5, 0.0), (0.5, 0.1, 0.02), (1.5, 0.9, 1e-3)])
def test_gains_phase_by_phase(mu, t, dark):
    # Waves of random phases through the same beam splitter; the mean over phases by a sum that is exact here.
    station = replace(LO, dark=dark, misalignment=0.03)
    phases = np.linspace(0, 2 * np.pi, 256, endpoint=False)
    found = {}
    for a, b in product((0, 1), repeat=2):
        field = amplitudes("alice", Z[a]) + np.exp(1j * phases)[:, None] * amplitudes("bob", Z[b])
        quiet = (1 - dark) * np.exp(-t * mu * np.abs(field) ** 2)
        total = 0.0
        for h, v in ((0, 1), (2, 3), (0, 3), (1, 2)):
            total = total + np.prod(
                [1 - quiet[:, m] if m in (h, v) else quiet[:, m] for m in range(4)], axis=0
            )
        found[a, b] = total.mean()
    like, unlike = (found[0, 0] + found[1, 1]) / 4, (found[0, 1] + found[1, 0]) / 4
    seen = mdi_gain(mu, t, station=station)
    assert seen.clicks == pytest.approx(like + unlike, rel=1e-10)
    assert seen.wrong == pytest.approx(0.97 * like + 0.03 * unlike, rel=1e-10)


def test_published_reach():
    # Lo, Curty and Qi: more than 40 dB of loss, about 200 km of fibre.
    rate = mdi_rate([0.0, 100.0, 200.0, 260.0], station=LO)
    assert (rate[:3] > 0).all()
    assert rate[3] == 0


def test_rate_falls_with_the_transmittance_of_the_whole_fibre():
    quiet = replace(LO, dark=0.0)
    near, far = mdi_rate([200.0, 250.0], station=quiet)
    assert near / far == pytest.approx(10, rel=0.02)


def test_never_above_twice_plob():
    # Two modes a pulse; an ideal station.
    ideal = replace(LO, dark=0.0, misalignment=0.0, efficiency=1.0, error_correction=1.0)
    km = np.linspace(1, 300, 40)
    assert (mdi_rate(km, station=ideal) < 2 * plob(ideal.channel(km))).all()


def test_the_best_brightness_is_found():
    km = np.array([0.0, 50.0, 150.0])
    best = mdi_rate(km, station=LO)
    every = mdi_rate(km, station=LO, mu=np.geomspace(0.01, 1.5, 2000)[:, None]).max(axis=0)
    np.testing.assert_allclose(best, every, rtol=1e-3)
    assert (best >= every * (1 - 1e-4)).all()


def test_nothing_arrives():
    deaf = replace(LO, efficiency=0.0, dark=0.0)
    assert mdi_rate(10.0, station=deaf) == 0
    assert mdi_single(0.0, station=deaf).errors == 0.5
    assert mdi_rate(np.zeros((2, 3)), station=LO).shape == (2, 3)


@pytest.mark.parametrize(
    ("call", "error", "says"),
    [
        (lambda: mdi_rate(-1.0, station=LO), ValueError, "length_km must be"),
        (lambda: mdi_rate(1.0, station=LO, mu=0.0), ValueError, "mu must be above 0"),
        (lambda: mdi_rate(1.0, station="lo2012"), TypeError, "station must be a Station"),
        (lambda: mdi_gain(-1.0, 0.5, station=LO), ValueError, "mu must be"),
        (lambda: mdi_gain(1.0, 1.5, station=LO), ValueError, "arm must be"),
        (lambda: mdi_single("open", station=LO), TypeError, "arm must be"),
        (lambda: mdi_rate([1.0, 2.0], station=LO, mu=np.ones(3)), ValueError, "must broadcast"),
    ],
)
def test_refuses_mdi(call, error, says):
    with pytest.raises(error, match=says):
        call()
