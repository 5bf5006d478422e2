"""Photon numbers: yields through the matrix of the beam splitter, and bunching.

Twin fields: gains by Monte Carlo, the phase errors themselves, and slopes.

The crossing: where twin fields pass PLOB, from both sides.
"""

from dataclasses import replace
from math import comb, factorial

import numpy as np
import pytest
from scipy.special import i0

from qlearn.communication.fibre import STATIONS, plob_crossing, twin_field_rate
from qlearn.communication.fibre.twin_field import fock_yield, twin_field_gain, twin_field_phase_error
from qlearn.communication.photons import plob

WIRE = STATIONS["nanowire"]
IDEAL = replace(WIRE, dark=0.0)


@pytest.mark.parametrize(("t", "dark"), [(1.0, 0.0), (0.3, 0.0), (0.6, 0.05), (0.0, 0.1)])
def test_yields_through_the_beam_splitter(t, dark, station_operator):
    operator = station_operator(t, dark)
    cut = round(np.sqrt(operator.shape[0]))
    for m in range(6):
        for n in range(6):
            found = fock_yield(m, n, t, station=replace(WIRE, dark=dark))
            assert found == pytest.approx(operator[m * cut + n, m * cut + n], abs=1e-12)


def test_two_photons_leave_together():
    # Hong, Ou and Mandel: never one at each detector.
    assert 2 * fock_yield(1, 1, 1.0, station=IDEAL) == pytest.approx(1)
    assert fock_yield(0, 0, 0.5, station=IDEAL) == 0


def test_many_photons():
    # C(600, 300)^2 is beyond floats; the chances are not. Two dim or bright fields against the Bessel function:
    # sum over Poisson numbers of the yields is the gain of two waves of random phases.
    assert 0 <= fock_yield(600, 600, 1e-3, station=WIRE) < 1
    assert fock_yield(600, 600, 1e-3, station=IDEAL) == pytest.approx(
        float(np.exp(-0.6) * i0(0.6) - np.exp(-1.2)), rel=1e-2
    )
    exact = sum(comb(40, k) ** 2 * 0.05 ** (2 * k) * 0.95 ** (80 - 2 * k) for k in range(41)) - 0.9**80
    assert fock_yield(40, 40, 0.1, station=IDEAL) == pytest.approx(exact, rel=1e-11)


def test_broadcasts_over_arms():
    arms = np.linspace(0, 1, 6).reshape(2, 3)
    found = fock_yield(3, 2, arms, station=WIRE)
    assert found.shape == (2, 3)
    for place, t in np.ndenumerate(arms):
        assert found[place] == pytest.approx(float(fock_yield(3, 2, t, station=WIRE)))
    np.testing.assert_allclose(found, fock_yield(2, 3, arms, station=WIRE))


@pytest.mark.parametrize(
    ("call", "error", "says"),
    [
        (lambda: fock_yield(-1, 0, 0.5, station=WIRE), ValueError, "m must be at least 0"),
        (lambda: fock_yield(0, 0.5, 0.5, station=WIRE), TypeError, "n must be a whole number"),
        (lambda: fock_yield(0, 0, 1.5, station=WIRE), ValueError, "arm must be"),
    ],
)
def test_refuses(call, error, says):
    with pytest.raises(error, match=says):
        call()


IDEAL_TWIN_FIELD = replace(WIRE, dark=0.0, misalignment=0.0, efficiency=1.0, error_correction=1.0)


def test_gain_shot_by_shot():
    # A million pairs of waves, Poisson photons at each detector, dark counts; 6 sigma of a binomial: 2e-9.
    rng, n, mu, t = np.random.default_rng(1), 1_000_000, 0.3, 0.4
    station = replace(WIRE, dark=0.01, misalignment=0.05)
    alice, bob = rng.choice([-1, 1], (2, n))
    angle = 2 * np.arcsin(np.sqrt(station.misalignment))
    first = np.sqrt(mu) * alice
    second = np.sqrt(mu) * bob * np.exp(1j * angle)
    sums = [np.abs(first + sign * second) ** 2 / 2 for sign in (1, -1)]
    click = [(rng.poisson(t * light) > 0) | (rng.random(n) < station.dark) for light in sums]
    alone = click[0] ^ click[1]
    wrong = alone & (click[0] != (alice == bob))
    seen = twin_field_gain(mu, t, station=station)
    for found, theory in ((alone.mean(), float(seen.clicks)), (wrong.mean(), float(seen.wrong))):
        assert abs(found - theory) < 6 * np.sqrt(theory * (1 - theory) / n)


@pytest.mark.parametrize(("mu", "t"), [(0.02, 0.1), (0.1, 0.5), (0.3, 0.01)])
def test_phase_errors_of_the_honest_station(mu, t, station_operator):
    # The thing itself, from the even and odd parts of the waves; the bound by yields is above it, not far.
    operator = station_operator(t, WIRE.dark)
    cut = round(np.sqrt(operator.shape[0]))
    wave = np.exp(-mu / 2) * np.array([mu ** (n / 2) / np.sqrt(factorial(n)) for n in range(cut)])
    total = 0.0
    for parity in (0, 1):
        part = np.where(np.arange(cut) % 2 == parity, wave, 0)
        both = np.kron(part, part)
        total += both @ operator @ both
    clicks = float(twin_field_gain(mu, t, station=replace(WIRE, misalignment=0.0)).clicks)
    truth = 2 * total / clicks
    bound = float(twin_field_phase_error(mu, t, station=replace(WIRE, misalignment=0.0)))
    assert truth <= bound + 1e-12
    assert bound < 2.5 * truth + 0.01


def test_the_gain_is_the_sum_of_its_parts(station_operator):
    # Without a phase between the waves, even-odd and odd-even parts make the rest of the clicks.
    mu, t = 0.2, 0.3
    operator = station_operator(t, 0.01)
    cut = round(np.sqrt(operator.shape[0]))
    wave = np.exp(-mu / 2) * np.array([mu ** (n / 2) / np.sqrt(factorial(n)) for n in range(cut)])
    signs = (-1.0) ** np.arange(cut)
    like, unlike = np.kron(wave, wave), np.kron(wave, wave * signs)
    station = replace(WIRE, dark=0.01, misalignment=0.0)
    seen = twin_field_gain(mu, t, station=station)
    bright, faint = sorted((like @ operator @ like, unlike @ operator @ unlike))[::-1]
    assert seen.clicks == pytest.approx(bright + faint, abs=1e-9)
    assert seen.wrong == pytest.approx(faint, abs=1e-9)


def test_rate_falls_with_the_square_root():
    quiet = replace(WIRE, dark=0.0)
    near, far = twin_field_rate([400.0, 500.0], station=quiet)
    assert near / far == pytest.approx(10, rel=0.01)  # 20 dB more: a factor of 10, not 100


def test_below_the_bound_with_one_station():
    # With one repeater in the middle nobody gets more than -log2(1 - sqrt(eta)) (Pirandola 2019, arXiv:1601.00966).
    km = np.linspace(1, 500, 60)
    assert (twin_field_rate(km, station=IDEAL_TWIN_FIELD) < plob(np.sqrt(IDEAL_TWIN_FIELD.channel(km)))).all()


def test_the_best_brightness_is_found():
    km = np.array([50.0, 200.0, 400.0])
    best = twin_field_rate(km, station=WIRE)
    every = twin_field_rate(km, station=WIRE, mu=np.geomspace(1e-3, 0.5, 1000)[:, None]).max(axis=0)
    np.testing.assert_allclose(best, every, rtol=1e-3)


def test_bright_waves_prove_nothing():
    # Terms that are not added up have a yield of 1: they may not be left out, or e_ph is 0 for waves bright enough.
    mu = np.r_[np.linspace(5, 120, 60), 500.0, 3000.0, 1e6]
    assert (twin_field_rate(300.0, station=WIRE, mu=mu) == 0).all()
    assert (twin_field_phase_error(mu, WIRE.arm(300.0), station=WIRE) == 0.5).all()
    assert (twin_field_phase_error(mu[mu > 20], 1.0, station=IDEAL_TWIN_FIELD) == 0.5).all()


@pytest.mark.parametrize("mu", [0.01, 0.1, 0.5])
def test_all_terms_are_counted(mu):
    # The double sum itself, term by term, with 60 photons a side.
    t = float(WIRE.arm(10.0))
    wave = [np.exp(-mu / 2) * mu ** (n / 2) / np.sqrt(float(factorial(n))) for n in range(60)]
    total = 0.0
    for parity in (0, 1):
        inner = 0.0
        for m in range(parity, 60, 2):
            for n in range(parity, 60, 2):
                few = m <= 8 and n <= 8
                inner += wave[m] * wave[n] * (np.sqrt(fock_yield(m, n, t, station=WIRE)) if few else 1)
        total += inner**2
    wanted = min(0.5, 2 * total / float(twin_field_gain(mu, t, station=WIRE).clicks))
    assert twin_field_phase_error(mu, t, station=WIRE) == pytest.approx(wanted, rel=1e-10)


def test_vacuum():
    assert twin_field_phase_error(0.0, 0.5, station=IDEAL_TWIN_FIELD) == 0.5
    assert twin_field_gain(0.0, 0.5, station=IDEAL_TWIN_FIELD).clicks == 0
    assert twin_field_rate(np.zeros((2, 2)), station=WIRE).shape == (2, 2)


@pytest.mark.parametrize(
    ("call", "error", "says"),
    [
        (lambda: twin_field_gain(np.nan, 0.5, station=WIRE), ValueError, "mu must be"),
        (lambda: twin_field_rate(10.0, station=WIRE, mu=0.0), ValueError, "mu must be above 0"),
        (lambda: twin_field_rate(10.0, station=None), TypeError, "station must be a Station"),
    ],
)
def test_refuses_twin_field(call, error, says):
    with pytest.raises(error, match=says):
        call()


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


def test_refuses_crossing():
    with pytest.raises(ValueError, match="infinite everywhere"):
        plob_crossing(station=replace(WIRE, loss_db_per_km=0.0))
    with pytest.raises(TypeError, match="station must be a Station"):
        plob_crossing(station=None)
