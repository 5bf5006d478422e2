"""What an alarm is worth: base rates, alerts a day, thresholds by cost, and how low a rate so few rows can show."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import (
    as_count,
    as_failure,
    as_probabilities,
    as_probability,
    as_real,
    as_reals,
    broadcast,
)


def bayesian_detection_rate(detection: ArrayLike, false_alarm: ArrayLike, base_rate: ArrayLike) -> Any:
    r"""Return the share of alarms that are attacks.

    .. math:: \Pr(\text{attack} \mid \text{alarm}) = \frac{p\,d}{p\,d + (1-p)\,a}

    Attacks are rare, so almost all events can raise *only* false alarms: the false-alarm rate has to be about as small
    as the base rate before half of the alarms are worth looking at.

    Parameters
    ----------
    detection : array_like of float
        d, the share of attacks that raise an alarm.
    false_alarm : array_like of float
        a, the share of other events that do.
    base_rate : array_like of float
        p, the share of events that are attacks.

    Returns
    -------
    float or ndarray of float64
        NaN where there is no alarm.

    Examples
    --------
    >>> bayesian_detection_rate(1.0, [1e-3, 1e-5], 2e-5).round(4)  # perfect but for one false alarm in a thousand
    array([0.0196, 0.6667])

    References
    ----------
    Axelsson, "The base-rate fallacy and the difficulty of intrusion detection", 2000, doi:10.1145/357830.357849.
    """
    d, a, p = broadcast(
        detection=as_probabilities(detection, "detection"),
        false_alarm=as_probabilities(false_alarm, "false_alarm"),
        base_rate=as_probabilities(base_rate, "base_rate"),
    )
    alarms = p * d + (1 - p) * a
    return np.where(alarms > 0, p * d / np.where(alarms > 0, alarms, 1), np.nan)[()]


def largest_false_alarm_rate(precision: float, detection: float, base_rate: float) -> float:
    r"""Return the false-alarm rate at which a given share of the alarms are attacks.

    .. math:: a = \frac{p\,d\,(1-\pi)}{(1-p)\,\pi}

    Parameters
    ----------
    precision : float
        :math:`\pi`, the share of alarms that shall be attacks, above 0.
    detection, base_rate : float
        As in :func:`bayesian_detection_rate`; the base rate is below 1.

    Returns
    -------
    float
        At most 1.

    Examples
    --------
    >>> f"{largest_false_alarm_rate(0.5, 0.8, 2e-5):.1e}"
    '1.6e-05'
    """
    share, d, p = (
        as_probability(precision, "precision"),
        as_probability(detection, "detection"),
        as_probability(base_rate, "base_rate"),
    )
    if share == 0:
        raise ValueError("precision must be above 0: with 0 any false-alarm rate will do")
    if p == 1:
        raise ValueError("base_rate must be below 1: where all is attack no alarm is false")
    return min(1.0, p * d * (1 - share) / ((1 - p) * share))


@dataclass(frozen=True)
class Alerts:
    """What a day brings, in the mean: alarms that are attacks, alarms that are not, attacks without one."""

    true: float
    false: float
    missed: float


def alerts_a_day(events: float, detection: float, false_alarm: float, base_rate: float) -> Alerts:
    """Return the alerts of a day with so many events.

    Parameters
    ----------
    events : float
        A day, at least 0.
    detection, false_alarm, base_rate : float
        As in :func:`bayesian_detection_rate`.

    Returns
    -------
    Alerts

    Examples
    --------
    >>> alerts_a_day(1e6, 0.75, 0.01, 1e-5)
    Alerts(true=7.5, false=9999.9, missed=2.5)
    """
    n, d = as_real(events, "events", least=0), as_probability(detection, "detection")
    a, p = as_probability(false_alarm, "false_alarm"), as_probability(base_rate, "base_rate")
    return Alerts(n * p * d, n * (1 - p) * a, n * p * (1 - d))


def false_alarm_limit(alarms: int, n: int, confidence: float = 0.95) -> float:
    r"""Return the false-alarm rate that so many quiet rows leave possible: an upper limit, exact.

    .. math:: \Pr(\text{Bin}(n, a) \le k) = 1 - c

    Nobody has seen a rate below about 3/n: with no alarm at all in n rows the limit is :math:`1 - (1-c)^{1/n}`.

    Parameters
    ----------
    alarms : int
        False alarms k that were seen, 0 to n.
    n : int
        Rows without an attack.
    confidence : float
        c, above 0 and below 1.

    Returns
    -------
    float

    Examples
    --------
    >>> round(false_alarm_limit(0, 100), 4), round(false_alarm_limit(0, 300_000) * 1e5, 2)
    (0.0295, 1.0)

    References
    ----------
    Clopper and Pearson, 1934, doi:10.1093/biomet/26.4.404.
    """
    rows, seen = as_count(n, "n"), as_count(alarms, "alarms", least=0)
    if seen > rows:
        raise ValueError(f"alarms must be at most the n={rows} rows, not {seen}")
    level = as_failure(confidence, "confidence")
    if seen == rows:
        return 1.0
    from scipy.stats import beta  # half a second of imports

    return float(beta.ppf(level, seen + 1, rows - seen))


def _labelled(
    values: ArrayLike, attack: ArrayLike, name: str
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    scores, truth = as_reals(values, name), np.asarray(attack)
    if truth.dtype != bool or scores.ndim != 1 or scores.shape != truth.shape:
        raise ValueError(
            f"{name} and attack must be one number and one bool a row, not of shapes {scores.shape} and "
            f"{truth.shape} ({truth.dtype})"
        )
    if truth.all() or not truth.any():
        raise ValueError("attack must hold both: rows that are attacks and rows that are not")
    return scores, truth


def _prices(base_rate: float, cost_miss: float, cost_alarm: float) -> tuple[float, float]:
    p = as_probability(base_rate, "base_rate")
    return p * as_real(cost_miss, "cost_miss", least=0), (1 - p) * as_real(cost_alarm, "cost_alarm", least=0)


def expected_cost(
    alarms: ArrayLike, attack: ArrayLike, *, base_rate: float, cost_miss: float, cost_alarm: float
) -> float:
    r"""Return the mean cost of an event, where rows of both kinds were drawn apart and the base rate is that of the field.

    .. math:: p\,(1-d)\,c_{\text{miss}} + (1-p)\,a\,c_{\text{alarm}}

    Parameters
    ----------
    alarms : array_like of bool, shape (n,)
        Which rows raised an alarm.
    attack : array_like of bool, shape (n,)
        Which are attacks; both kinds are there.
    base_rate : float
        p.
    cost_miss, cost_alarm : float
        Of an attack without an alarm, and of an alarm without an attack.

    Returns
    -------
    float

    Examples
    --------
    >>> rows = dict(base_rate=0.01, cost_miss=1000, cost_alarm=10)
    >>> round(expected_cost([True, False, True, False], [True, True, False, False], **rows), 2)
    9.95
    """
    if (given := np.asarray(alarms)).dtype != bool:
        raise TypeError(
            f"alarms must be bool, one a row, not of {given.dtype}: compare the scores with a threshold"
        )
    raised, truth = _labelled(given.astype(np.float64), attack, "alarms")
    miss, false = _prices(base_rate, cost_miss, cost_alarm)
    return float(miss * (1 - raised[truth].mean()) + false * raised[~truth].mean())


@dataclass(frozen=True)
class AlarmThreshold:
    """A score from which on an alarm is raised, and the mean cost of an event at it, on the rows that chose it."""

    score: float
    cost: float


def cost_threshold(
    scores: ArrayLike, attack: ArrayLike, *, base_rate: float, cost_miss: float, cost_alarm: float
) -> AlarmThreshold:
    r"""Return the threshold of least cost; infinite if no alarm at all is cheaper.

    Every score that occurs is tried, and none. Ties go to the higher threshold: fewer alarms.

    Parameters
    ----------
    scores : array_like of float, shape (n,)
        Higher is more suspicious; rows that trained nothing.
    attack, base_rate, cost_miss, cost_alarm
        As in :func:`expected_cost`.

    Returns
    -------
    AlarmThreshold

    Examples
    --------
    >>> cost_threshold([0.1, 0.4, 0.6, 0.9], [False, True, False, True], base_rate=0.5, cost_miss=1, cost_alarm=9)
    AlarmThreshold(score=0.9, cost=0.25)

    References
    ----------
    Elkan, "The foundations of cost-sensitive learning", IJCAI 2001.
    """
    values, truth = _labelled(scores, attack, "scores")
    miss, false = _prices(base_rate, cost_miss, cost_alarm)
    borders = np.append(np.unique(values), np.inf)[::-1]
    raised = values >= borders[:, None]
    costs = miss * (1 - raised[:, truth].mean(axis=1)) + false * raised[:, ~truth].mean(axis=1)
    at = int(costs.argmin())
    return AlarmThreshold(float(borders[at]), float(costs[at]))
