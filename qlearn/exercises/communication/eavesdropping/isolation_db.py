"""Isolation db."""

import numpy as np
from scipy.optimize import brentq

from qlearn.communication import binary_entropy as h
from qlearn.exercises import exercise


@exercise(
    level="stretch",
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
    r"""Eve shines `photons_in` photons a pulse into Alice's box. Write `isolation_db(photons_in, bits)`: by
    how many dB (at least 0) must the light be attenuated on its way in and out, so that $\chi =
    h\bigl(\tfrac12(1-e^{-2\mu})\bigr)$, what all reflections together tell of a key bit, is at most
    `bits`? $\mu$ photons come out. Given: `np`, `h`, `brentq` (pass it `xtol=1e-18`: the root is
    small).
    """
    x = brentq(lambda x: h(x) - bits, 0, 0.5, xtol=1e-18)
    mu = -np.log1p(-2 * x) / 2
    return max(0, 10 * np.log10(photons_in / mu))


@isolation_db.cases
def cases(rng):
    """TODO what they vary."""
    # TODO: see _grade_isolation_db of the old module
    yield ()


@isolation_db.mistake(
    "for 0.001 photons and 0.5 bits you ask for -20.94 dB, 0.00 are needed: light that is faint enough as it is "
    "needs no attenuation, 0 dB."
)
def below_zero(photons_in, bits):
    x = brentq(lambda x: h(x) - bits, 0, 0.5, xtol=1e-18)
    mu = -np.log1p(-2 * x) / 2
    return 10 * np.log10(photons_in / mu)


@isolation_db.mistake(
    "for 1e+09 photons and 1e-06 bits you ask for -164.16 dB, 164.16 are needed: attenuation is a positive number"
    " of dB here."
)
def negative(photons_in, bits):
    x = brentq(lambda x: h(x) - bits, 0, 0.5, xtol=1e-18)
    mu = -np.log1p(-2 * x) / 2
    return 10 * np.log10(mu / photons_in)


@isolation_db.mistake(
    "for 1e+09 photons and 1e-06 bits you ask for 328.33 dB, 164.16 are needed: 20 log10 is for amplitudes. "
    "Photons are an energy: 10 log10."
)
def amplitudes(photons_in, bits):
    x = brentq(lambda x: h(x) - bits, 0, 0.5, xtol=1e-18)
    mu = -np.log1p(-2 * x) / 2
    return 20 * np.log10(photons_in / mu)


@isolation_db.mistake(
    "for 1e+09 photons and 1e-06 bits you ask for 154.60 dB, 164.16 are needed: that bounds what she learns when "
    "she asks pulse by pulse. She may keep the light of all pulses and ask it together: charge chi."
)
def pulse_by_pulse(photons_in, bits):
    def excess(mu):
        return 1 - h(0.5 + 0.5 * np.sqrt(-np.expm1(-4 * mu))) - bits

    mu = brentq(excess, 0, 5, xtol=1e-18)
    return 10 * np.log10(photons_in / mu)


@isolation_db.mistake(
    "for 1e+09 photons and 1e-06 bits you ask for 161.15 dB, 164.16 are needed: the 2 in the exponent is missing."
)
def two_forgotten(photons_in, bits):
    x = brentq(lambda x: h(x) - bits, 0, 0.5, xtol=1e-18)
    mu = -np.log1p(-2 * x)
    return 10 * np.log10(photons_in / mu)


@isolation_db.mistake(
    "for 1e+09 photons and 1e-06 bits you ask for 378.00 dB, 164.16 are needed: a decibel is made with log10, not"
    " with the natural logarithm."
)
def natural_logarithm(photons_in, bits):
    x = brentq(lambda x: h(x) - bits, 0, 0.5, xtol=1e-18)
    mu = -np.log1p(-2 * x) / 2
    return 10 * np.log(photons_in / mu)


@isolation_db.mistake(
    "for 1e+09 photons and 1e-06 bits you ask for 82.08 dB, 164.16 are needed: that is each way, if both count "
    "the same. Asked is both ways together."
)
def one_way(photons_in, bits):
    x = brentq(lambda x: h(x) - bits, 0, 0.5, xtol=1e-18)
    mu = -np.log1p(-2 * x) / 2
    return 5 * np.log10(photons_in / mu)


@isolation_db.mistake(
    "for 1e+09 photons and 1e-06 bits you ask for 150.00 dB, 164.16 are needed: mu photons are worth more than mu"
    " bits: h(x) rises steeply from 0. Solve for x, then for mu."
)
def bits_for_photons(photons_in, bits):
    x = brentq(lambda x: h(x) - bits, 0, 0.5, xtol=1e-18)
    mu = bits
    return 10 * np.log10(photons_in / mu)


@isolation_db.mistake(
    "for 1e+09 photons and 1e-06 bits you ask for 16.42 dB, 164.16 are needed: that is in bel; a decibel is a "
    "tenth."
)
def bel(photons_in, bits):
    x = brentq(lambda x: h(x) - bits, 0, 0.5, xtol=1e-18)
    mu = -np.log1p(-2 * x) / 2
    return np.log10(photons_in / mu)
