"""How well Alice's box must be closed to light."""

from functools import partial

import numpy as np
from scipy.optimize import brentq

from qlearn.communication import binary_entropy as h
from qlearn.exercises import exercise
from qlearn.exercises.comparisons import close


@exercise(
    level="stretch",
    same=partial(close, rel=0, abs=1e-3),  # a thousandth of a decibel: the root finder's share
    right=(
        "To leave her a millionth of a bit of 10^9 photons a pulse takes 164 dB: two ways through isolators and "
        "filters. That is a specification, and it can be bought."
    ),
    because=r"""
        Solve $h(x) = \text{bits}$ for $x$ below 1/2, then $x = \tfrac12(1-e^{-2\mu})$ for $\mu =
        -\tfrac12\ln(1-2x)$, and compare: $10\log_{10}(\text{photons in}/\mu)$. `log1p` keeps its digits where $2x$
        is far below 1. Her guess rate would ask for less: she need not ask pulse by pulse.
    """,
)
def isolation_db(photons_in, bits):
    r"""Eve shines `photons_in` photons a pulse into Alice's box, and $\mu$ photons come out. Return by how many
    dB (at least 0) the light must be attenuated, on its way in and out together, so that $\chi =
    h\bigl(\tfrac12(1-e^{-2\mu})\bigr)$, what all reflections together tell of a key bit, is at most
    `bits`, between 0 and 1. Given: `np`, `h`, `brentq` (pass it `xtol=1e-18`: the root is small).
    """
    x = brentq(lambda x: h(x) - bits, 0, 0.5, xtol=1e-18)
    mu = -np.log1p(-2 * x) / 2
    return max(0, 10 * np.log10(photons_in / mu))


@isolation_db.cases
def boxes(rng):
    """Lamps and lasers, strict parties and careless ones; and light that is faint enough as it comes."""
    for _ in range(6):
        yield float(10 ** rng.uniform(1, 12)), float(10 ** rng.uniform(-8, -0.1))
    yield float(10 ** rng.uniform(6, 9)), float(10 ** rng.uniform(-7, -5))
    for _ in range(2):
        yield float(10 ** rng.uniform(-4, -2)), float(rng.uniform(0.3, 0.8))
    yield float(10 ** rng.uniform(-3, -1)), float(10 ** rng.uniform(-5, -4))  # faint, and not enough
    yield (
        float(10 ** rng.uniform(1, 12)),
        float(rng.uniform(0.995, 0.9995)),
    )  # more than a photon may come out


def _mu(bits):
    """Return the photons at which all reflections together tell so much."""
    return -np.log1p(-2 * brentq(lambda x: h(x) - bits, 0, 0.5, xtol=1e-18)) / 2


@isolation_db.mistake("light that is faint enough as it is needs no attenuation, 0 dB, and not less.")
def below_zero(photons_in, bits):
    return 10 * np.log10(photons_in / _mu(bits))


@isolation_db.mistake("attenuation is a positive number of dB here: what goes in over what comes out.")
def negative(photons_in, bits):
    return 10 * np.log10(_mu(bits) / photons_in)


@isolation_db.mistake("what goes in over what comes out: yours is turned round, and then cut off at 0.")
def turned_round(photons_in, bits):
    return max(0, 10 * np.log10(_mu(bits) / photons_in))


@isolation_db.mistake("20 log10 is for amplitudes. Photons are an energy: 10 log10.")
def amplitudes(photons_in, bits):
    return max(0, 20 * np.log10(photons_in / _mu(bits)))


@isolation_db.mistake(
    "that bounds what she learns when she asks pulse by pulse. She may keep the light of all pulses and ask it "
    "together: charge chi."
)
def pulse_by_pulse(photons_in, bits):
    def excess(mu):
        return 1 - h(0.5 + 0.5 * np.sqrt(-np.expm1(-4 * mu))) - bits

    return max(0, 10 * np.log10(photons_in / brentq(excess, 0, 5, xtol=1e-18)))


@isolation_db.mistake("the 2 in the exponent is missing: x = (1 - exp(-2 mu)) / 2.")
def two_forgotten(photons_in, bits):
    return max(0, 10 * np.log10(photons_in / (2 * _mu(bits))))


@isolation_db.mistake("a decibel is made with log10, not with the natural logarithm.")
def natural_logarithm(photons_in, bits):
    return max(0, 10 * np.log(photons_in / _mu(bits)))


@isolation_db.mistake("that is each way, if both count the same. Asked is both ways together.")
def one_way(photons_in, bits):
    return max(0, 5 * np.log10(photons_in / _mu(bits)))


@isolation_db.mistake(
    "mu photons are worth more than mu bits: h(x) rises steeply from 0. Solve for x, then for mu."
)
def bits_for_photons(photons_in, bits):
    return max(0, 10 * np.log10(photons_in / bits))


@isolation_db.mistake("that is in bel; a decibel is a tenth.")
def bel(photons_in, bits):
    return max(0, np.log10(photons_in / _mu(bits)))


@isolation_db.mistake(
    "you compare with x, the root of h(x) = bits. The photons are mu, and x = (1 - exp(-2 mu)) / 2."
)
def x_for_photons(photons_in, bits):
    return max(0, 10 * np.log10(photons_in / brentq(lambda x: h(x) - bits, 0, 0.5, xtol=1e-18)))


@isolation_db.mistake("that is a factor, how many times less light. In dB it is 10 log10 of it.")
def a_factor(photons_in, bits):
    return max(1, photons_in / _mu(bits))
