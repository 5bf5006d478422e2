"""Photon numbers: yields through the matrix of the beam splitter, and bunching."""

from dataclasses import replace
from math import comb

import numpy as np
import pytest
from scipy.special import i0

from qlearn.communication.fibre import STATIONS, fock_yield

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
