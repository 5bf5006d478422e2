"""Mosca's inequality: whether secrets outlive the cryptography that keeps them."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from qlearn._checks import as_real, as_reals, broadcast
from qlearn.applications.finance.threat_timeline import ThreatTimeline

_QUANTILES = 101
_MOMENTS = 128


def mosca_margin(shelf_life: ArrayLike, migration: ArrayLike, threat: ArrayLike) -> Any:
    r"""Return the years to spare of Mosca's inequality; below 0 something is exposed.

    .. math:: z - (x + y)

    What is sealed on the last day before the move (:math:`y` years from now) must stay secret for :math:`x` more. If a
    machine comes after :math:`z` years, and somebody has recorded the traffic, it is open for the rest.

    Parameters
    ----------
    shelf_life : array_like of float
        Years x that a secret must last.
    migration : array_like of float
        Years y until new cryptography is in place.
    threat : array_like of float
        Years z until the machine; broadcasts with the others.

    Returns
    -------
    float or ndarray of float64

    Examples
    --------
    >>> mosca_margin([1, 10, 25], 5, 12)
    array([  6.,  -3., -18.])

    References
    ----------
    Mosca, 2018, doi:10.1109/MSP.2018.3761723.
    """
    x, y, z = broadcast(
        shelf_life=as_reals(shelf_life, "shelf_life", least=0),
        migration=as_reals(migration, "migration", least=0),
        threat=as_reals(threat, "threat", least=0),
    )
    return (z - x - y)[()]


@dataclass(frozen=True)
class Exposure:
    """What recorded traffic is worth to whoever recorded it.

    Parameters
    ----------
    chance : float
        That anything at all is read while it should be secret: Mosca's inequality fails.
    share : float
        Mean share of the recorded items that are read before their time is over.
    years : float
        Mean years for which an item is open while it should be secret.
    """

    chance: float
    share: float
    years: float


def exposure(
    shelf_life: float,
    migration: float,
    timeline: ThreatTimeline,
    *,
    spread: float = 0.0,
    recorded: float = 0.0,
) -> Exposure:
    r"""Return how exposed recorded traffic is if nobody knows when the machine comes, nor when the move is done.

    .. math:: \Pr(x + y > z) = \mathrm E_y\, F(x+y), \qquad
              \text{share} = \mathrm E_y\, \frac{1}{r+y} \int_{-r}^{y} F(s+x)\, ds, \qquad
              \text{years} = \mathrm E_y\, \frac{1}{r+y} \int_{-r}^{y} \int_s^{s+x} F(t)\, dt\, ds

    An item sealed at time s is read if the machine is there before s + x. Traffic flows evenly from r years ago until
    the move; y is lognormal, for projects are late more often than early. Everything is recorded: this is the worst
    case, and :func:`harvest_cost` says what it costs the other side.

    Parameters
    ----------
    shelf_life : float
        Years x that a secret must last, from 0.
    migration : float
        Median years y until the move is done, from 0.
    timeline : ThreatTimeline
        F.
    spread : float
        Standard deviation of ln y: 0 is a sure date, with 0.5 one project in six takes over 1.6 times the median.
    recorded : float
        Years r for which traffic has been recorded already.

    Returns
    -------
    Exposure

    Examples
    --------
    >>> from qlearn.applications.finance import ThreatTimeline
    >>> line = ThreatTimeline((10,), (0.5,))
    >>> now = exposure(10, 0, line)  # what is sent today, for ten years
    >>> now.chance, now.share, round(now.years, 3)
    (0.5, 0.5, 2.787)

    References
    ----------
    Mosca, 2018, doi:10.1109/MSP.2018.3761723; the distributions in place of numbers are ours.
    """
    x, median = as_real(shelf_life, "shelf_life", least=0), as_real(migration, "migration", least=0)
    sigma, past = as_real(spread, "spread", least=0), as_real(recorded, "recorded", least=0)
    if not isinstance(timeline, ThreatTimeline):
        raise TypeError(f"timeline must be a ThreatTimeline, not {type(timeline).__name__}")
    y = np.array([median])
    if sigma and median:
        from scipy.stats import norm  # half a second of imports

        y = median * np.exp(sigma * norm.ppf((np.arange(_QUANTILES) + 0.5) / _QUANTILES))
    width = y + past
    # Moments spread evenly over each stretch; of no stretch at all the one moment is now.
    moments = -past + width[:, None] * (np.arange(_MOMENTS) + 0.5) / _MOMENTS
    some = width > 1e-6  # years; below half a minute the difference would be rounding
    total = timeline.years_open(y + x) - timeline.years_open(x - past)
    share = np.where(some, total / np.where(some, width, 1), timeline.chance(x))
    years = timeline.years_open(moments + x) - timeline.years_open(moments)
    return Exposure(float(np.mean(timeline.chance(x + y))), float(share.mean()), float(years.mean()))
