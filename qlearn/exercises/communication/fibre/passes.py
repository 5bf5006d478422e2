"""Where a station passes the bound of a fibre without one."""

from dataclasses import dataclass
from math import e, inf, log, log1p

import numpy as np

from qlearn.exercises import exercise
from qlearn.exercises.comparisons import equal


@exercise(
    level="project",
    same=equal,
    right="half the decibels beat all of them, sooner or later: the slopes differ by a factor of two.",
    because=r"""
        The bound is $-\log_2(1 - t)$ for each mode, with the transmittance of the whole fibre. A twin-field pulse
        is one mode, a pulse with polarisations or time bins is two; `mdi_rate` is never ahead.
    """,
)
def passes(rate, loss_db_per_km, modes):
    """Return the first whole number of kilometres, 1 to 600, at which `rate(km)`, bits per pulse between Alice and
    Bob, is above what a fibre of `loss_db_per_km` without a station can give to a pulse of that many `modes`; None if
    there is none. Then feed it `fibre.twin_field_rate` and `fibre.mdi_rate` (how many modes has each?). Given: `np`.
    """
    for km in range(1, 601):
        bound = -modes * np.log2(1 - 10 ** (-loss_db_per_km * km / 10))
        if rate(km) > bound:
            return km


@dataclass(frozen=True)
class Rate:
    """Bits per pulse that fall by so many decibels per kilometre, up to a length at which they end."""

    bits: float
    db_per_km: float
    end: float = inf

    def __call__(self, km):
        return self.bits * 10 ** (-self.db_per_km * km / 10) if km < self.end else 0.0


def _first(rate, loss, modes, *, way=1.0, base=2.0, kilometres=range(1, 601)):
    """The first length at which a rate is ahead; by a series where 1 - t would be rounded."""
    for km in kilometres:
        if rate(km) > -modes * log1p(-(10 ** (-loss * km / 10 * way))) / log(base):
            return km
    return None


def _bound(km, loss, modes):
    return -modes * float(np.log2(1 - 10 ** (-loss * km / 10)))


@passes.cases
def stations(rng):
    """Rates that pass early, late, in the first or the last kilometre, for a while, just beyond the end, and never."""
    loss = float(rng.uniform(0.15, 0.25))
    tried = [(Rate(0.02, 0.1), 0.2, modes) for modes in (1, 2, 3, 4)]
    tried += [(Rate(0.05, 0.08, end=260), 0.17, 1), (Rate(100.0, 0.0), 0.2, 2)]
    tried += [(Rate(_bound(km, 0.02, 1), 0.0), 0.02, 1) for km in (599.5, 600.5)]
    tried += [(Rate(0.3, 0.2), 0.2, 1)]
    for modes in rng.permutation(4) + 1:
        bits = float(10 ** rng.uniform(-2.5, -1))
        tried.append(
            (Rate(bits, loss * float(rng.uniform(0.4, 0.6)), float(rng.integers(300, 500))), loss, int(modes))
        )
    for rate, db, modes in tried:
        if _first(rate, db, modes * (1 - 1e-4)) == _first(rate, db, modes * (1 + 1e-4)):  # and clearly so
            yield rate, db, modes


@passes.mistake("PLOB is per mode: a pulse of four modes has four times the bound.")
def one_or_two_modes(rate, loss_db_per_km, modes):
    return _first(rate, loss_db_per_km, min(modes, 2))


@passes.mistake("PLOB is per mode: a pulse of two modes has twice the bound.")
def one_mode_always(rate, loss_db_per_km, modes):
    return _first(rate, loss_db_per_km, 1)


@passes.mistake("the modes share nothing: the bound of all is `modes` times that of one, not a part of it.")
def divided_by_the_modes(rate, loss_db_per_km, modes):
    return _first(rate, loss_db_per_km, 1 / modes)


@passes.mistake("the bound is for the whole fibre from Alice to Bob, not for the way to the station.")
def half_the_fibre(rate, loss_db_per_km, modes):
    return _first(rate, loss_db_per_km, modes, way=0.5)


@passes.mistake("bits: the logarithm is to base 2.")
def natural_logarithm(rate, loss_db_per_km, modes):
    return _first(rate, loss_db_per_km, modes, base=e)


@passes.mistake(
    "the transmittance is no bound yet: a fibre gives up to -log2(1 - t), that is 1.44 t and more."
)
def the_transmittance(rate, loss_db_per_km, modes):
    for km in range(1, 601):
        if rate(km) > modes * 10 ** (-loss_db_per_km * km / 10):
            return km


@passes.mistake("that is the *last* length at which it is ahead; the question is for the first.")
def the_last(rate, loss_db_per_km, modes):
    return _first(rate, loss_db_per_km, modes, kilometres=range(600, 0, -1))


@passes.mistake("where a rate is never ahead, return None.")
def not_none(rate, loss_db_per_km, modes):
    found = _first(rate, loss_db_per_km, modes)
    return 601 if found is None else found


@passes.mistake("that is the first length at which the fibre is ahead.")
def where_the_fibre_is_ahead(rate, loss_db_per_km, modes):
    for km in range(1, 601):
        if rate(km) < _bound(km, loss_db_per_km, modes):
            return km
