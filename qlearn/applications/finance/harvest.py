"""Harvest now, decrypt later: what it costs to keep everything."""

from dataclasses import dataclass
from math import log

import numpy as np

from qlearn._checks import as_real

_SECONDS = 365.25 * 86400


@dataclass(frozen=True)
class HarvestCost:
    """What whoever records has to keep, and what the disks for it cost.

    Parameters
    ----------
    terabytes : float
        At the end of the recording (10**12 bytes each).
    cost : float
        Of all disks, in the unit of the price.
    """

    terabytes: float
    cost: float


def harvest_cost(
    bits_per_second: float,
    years: float,
    *,
    keep_until: float,
    price: float,
    decline: float = 0.0,
    lifetime: float = 5.0,
) -> HarvestCost:
    r"""Return the storage that recorded traffic takes, and the disks' price until a machine can read it.

    .. math:: \sum_{k \ge 0} \int_0^{\min(T,\, K-kL)} R\, p\, (1-d)^{s+kL}\, ds

    R terabytes a year are recorded for T years and kept until year K; a disk lasts L years, and then another is bought
    at the price of its day. Disks only: not the tap, the power, the people.

    Parameters
    ----------
    bits_per_second : float
        Mean rate that is kept, from 0.
    years : float
        T, above 0.
    keep_until : float
        K, at least T, at most 1000.
    price : float
        p, for a terabyte today.
    decline : float
        d, the share by which the price falls in a year, from 0 to below 1.
    lifetime : float
        L, at least 1.

    Returns
    -------
    HarvestCost

    Examples
    --------
    >>> harvest_cost(8e6, 1, keep_until=1, price=10)
    HarvestCost(terabytes=31.5576, cost=315.576)
    """
    rate, length = as_real(bits_per_second, "bits_per_second", least=0), as_real(years, "years", above=0)
    until = as_real(keep_until, "keep_until", most=1000)
    if until < length:
        raise ValueError(
            f"keep_until must be at least years={length:g}, not {until:g}: what is recorded is kept that long"
        )
    unit, fall = as_real(price, "price", least=0), as_real(decline, "decline", least=0)
    if fall >= 1:
        raise ValueError(f"decline must be below 1, not {decline}: 9 % a year is 0.09")
    disk = as_real(lifetime, "lifetime", least=1)
    yearly = rate / 8 * _SECONDS / 1e12
    cost, bought = 0.0, 0.0
    while bought < until:
        span = min(length, until - bought)
        slope = log(1 - fall)
        mean = span if not slope else float(np.expm1(slope * span)) / slope
        cost += yearly * unit * (1 - fall) ** bought * mean
        bought += disk
    return HarvestCost(yearly * length, cost)
