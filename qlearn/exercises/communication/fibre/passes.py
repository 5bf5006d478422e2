"""Passes."""

import numpy as np

from qlearn.exercises import exercise


@exercise(
    level="project",
    right="Half the decibels beat all of them, sooner or later: the slopes differ by a factor of two.",
    because=r"""
        The bound is $-\log_2(1 - t)$ for each mode, with the transmittance of the whole fibre. A twin-field pulse
        is one mode, a pulse with polarisations or time bins is two; `mdi_rate` is never ahead.
    """,
)
def passes(rate, loss_db_per_km, modes):
    """Write `passes(rate, loss_db_per_km, modes)`: the first whole number of kilometres, 1 to 600, at
    which `rate(km)`, bits per pulse between Alice and Bob, is above what a fibre without a station can
    give to a pulse of that many `modes`; None if there is none. Then feed it `fibre.twin_field_rate`
    and `fibre.mdi_rate` (how many modes has each?).
    """
    for km in range(1, 601):
        bound = -modes * np.log2(1 - 10 ** (-loss_db_per_km * km / 10))
        if rate(km) > bound:
            return km


@passes.cases
def cases(rng):
    """TODO what they vary."""
    # TODO: see _grade_passes of the old module
    yield ()


@passes.mistake("PLOB is per mode: a pulse of four modes has four times the bound.")
def one_or_two_modes(rate, loss_db_per_km, modes):
    for km in range(1, 601):
        if rate(km) > -min(modes, 2) * np.log2(1 - 10 ** (-loss_db_per_km * km / 10)):
            return km


@passes.mistake("PLOB is per mode: a pulse of two modes has twice the bound.")
def one_mode_always(rate, loss_db_per_km, modes):
    for km in range(1, 601):
        if rate(km) > -np.log2(1 - 10 ** (-loss_db_per_km * km / 10)):
            return km


@passes.mistake("with 0.2 dB/km and 1 mode(s) you return None; it is 186.")
def half_the_fibre(rate, loss_db_per_km, modes):
    for km in range(1, 601):
        if rate(km) > -modes * np.log2(1 - 10 ** (-loss_db_per_km * km / 20)):
            return km


@passes.mistake("bits: the logarithm is to base 2.")
def natural_logarithm(rate, loss_db_per_km, modes):
    for km in range(1, 601):
        if rate(km) > -modes * np.log(1 - 10 ** (-loss_db_per_km * km / 10)):
            return km


@passes.mistake("that is the *last* length at which it is ahead; the question is for the first.")
def the_last(rate, loss_db_per_km, modes):
    for km in range(600, 0, -1):
        if rate(km) > -modes * np.log2(1 - 10 ** (-loss_db_per_km * km / 10)):
            return km


@passes.mistake("a rate that is never ahead should give None; you return 601.")
def not_none(rate, loss_db_per_km, modes):
    for km in range(1, 601):
        if rate(km) > -modes * np.log2(1 - 10 ** (-loss_db_per_km * km / 10)):
            return km
    return 601
