"""Twin fields: gains by Monte Carlo, the phase errors themselves, and slopes."""

from dataclasses import replace
from math import factorial

import numpy as np
import pytest

from qlearn.communication.fibre import (
    STATIONS,
    fock_yield,
    twin_field_gain,
    twin_field_phase_error,
    twin_field_rate,
)
from qlearn.communication.photons import plob

WIRE = STATIONS["nanowire"]
IDEAL = replace(WIRE, dark=0.0, misalignment=0.0, efficiency=1.0, error_correction=1.0)


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
    assert (twin_field_rate(km, station=IDEAL) < plob(np.sqrt(IDEAL.channel(km)))).all()


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
    assert (twin_field_phase_error(mu[mu > 20], 1.0, station=IDEAL) == 0.5).all()


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
    assert twin_field_phase_error(0.0, 0.5, station=IDEAL) == 0.5
    assert twin_field_gain(0.0, 0.5, station=IDEAL).clicks == 0
    assert twin_field_rate(np.zeros((2, 2)), station=WIRE).shape == (2, 2)


@pytest.mark.parametrize(
    ("call", "error", "says"),
    [
        (lambda: twin_field_gain(np.nan, 0.5, station=WIRE), ValueError, "mu must be"),
        (lambda: twin_field_rate(10.0, station=WIRE, mu=0.0), ValueError, "mu must be above 0"),
        (lambda: twin_field_rate(10.0, station=None), TypeError, "station must be a Station"),
    ],
)
def test_refuses(call, error, says):
    with pytest.raises(error, match=says):
        call()
