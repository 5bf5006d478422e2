"""Dead time: a detector that has clicked is blind for a while, and near Alice that is most of the time."""

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_real, as_reals
from qlearn.communication.fibre.clicks import Rule, as_rule

Array = NDArray[np.float64]


def seen_rate(
    rate_hz: ArrayLike,
    *,
    dead_time_s: float,
    kind: Literal["non-paralysable", "paralysable"] = "non-paralysable",
) -> Array:
    r"""Return how many clicks a second one detector reports that is blind for a time after each.

    .. math:: s = \frac{r}{1 + r\tau} \quad\text{(non-paralysable)}, \qquad s = r\,e^{-r\tau} \quad\text{(paralysable)}

    A non-paralysable detector ignores what arrives while it rests: it saturates at :math:`1/\tau`. A paralysable one
    is put to rest anew by each arrival: more light, fewer clicks. Both hold for arrivals at random times
    (Poisson), and for pulses where a pulse rarely clicks.

    Parameters
    ----------
    rate_hz : array_like of float, shape (...)
        :math:`r`, clicks a second without dead time.
    dead_time_s : float
        :math:`\tau` in seconds.
    kind : {"non-paralysable", "paralysable"}
        Whether an arrival during the rest is ignored or starts it again.

    Returns
    -------
    ndarray of float, shape (...)
        Clicks a second.

    Raises
    ------
    ValueError, TypeError
        If an argument is out of its range or the kind unknown.

    Examples
    --------
    >>> seen_rate([1e4, 1e6, 1e9], dead_time_s=1e-6).round()
    array([  9901., 500000., 999001.])

    References
    ----------
    G. F. Knoll, Radiation Detection and Measurement, Wiley (chapter 4, "Dead time").

    Taught in :doc:`/communication/fibre`.
    """
    rate, dead = as_reals(rate_hz, "rate_hz", least=0), as_real(dead_time_s, "dead_time_s", least=0)
    if kind == "non-paralysable":
        return np.asarray(rate * live_share(rate, dead_time_s=dead))
    if kind == "paralysable":
        return np.asarray(rate * np.exp(-rate * dead))
    raise ValueError(f'kind must be "non-paralysable" or "paralysable", not {kind!r}')


def live_share(rate_hz: ArrayLike, *, dead_time_s: float) -> Array:
    r"""Return the share of the time in which a detector, or a pair that rests together, is awake.

    .. math:: \ell = \frac{1}{1 + r\tau}

    Parameters
    ----------
    rate_hz : array_like of float, shape (...)
        :math:`r`, clicks a second without dead time.
    dead_time_s : float
        :math:`\tau` in seconds.

    Returns
    -------
    ndarray of float, shape (...)

    Raises
    ------
    ValueError, TypeError
        If an argument is out of its range.

    Examples
    --------
    >>> live_share([0, 1e6, 9e6], dead_time_s=1e-6)
    array([1. , 0.5, 0.1])

    Taught in :doc:`/communication/fibre`.
    """
    rate, dead = as_reals(rate_hz, "rate_hz", least=0), as_real(dead_time_s, "dead_time_s", least=0)
    return np.asarray(1 / (1 + rate * dead))


def true_rate(seen_hz: ArrayLike, *, dead_time_s: float) -> Array:
    r"""Return the rate that a non-paralysable detector would report without dead time: :func:`seen_rate`, turned round.

    .. math:: r = \frac{s}{1 - s\tau}

    Parameters
    ----------
    seen_hz : array_like of float, shape (...)
        :math:`s`, below :math:`1/\tau`.
    dead_time_s : float
        :math:`\tau` in seconds.

    Returns
    -------
    ndarray of float, shape (...)

    Raises
    ------
    ValueError, TypeError
        If a rate is not below the one at which the detector saturates.

    Examples
    --------
    >>> round(float(true_rate(5e5, dead_time_s=1e-6)))
    1000000

    Taught in :doc:`/communication/fibre`.
    """
    seen, dead = as_reals(seen_hz, "seen_hz", least=0), as_real(dead_time_s, "dead_time_s", least=0)
    if (seen * dead >= 1).any():
        raise ValueError(
            f"seen_hz must be below 1/dead_time_s = {1 / dead:g}, not {seen.max():g}: a detector that rests that long "
            "cannot report so much"
        )
    return np.asarray(seen / (1 - seen * dead))


def pair_rate(rate_hz: ArrayLike, *, dead_time_s: float, rule: Rule = "shared") -> Array:
    r"""Return how many clicks a second two detectors report, one for each bit.

    .. math::

        s &= \frac{r}{1 + r\tau/2} && \text{"separate": each rests alone} \\
        s &= \frac{r}{(1 + r\tau/2)^2} && \text{"discard": only clicks while the other is awake} \\
        s &= \frac{r}{1 + r\tau} && \text{"shared": a click puts both to rest}

    "Separate" is not for keys: while one detector rests the other is the only one that can click, so everybody who knows
    the times of the clicks knows that this bit *differs from the one before*. Neither bit alone is known, of the pair one
    bit is. Of the two safe rules "shared" yields more, as
    :math:`1 + r\tau \le (1 + r\tau/2)^2`; and under "discard" more light means fewer bits, beyond
    :math:`r\tau = 2`, as for one paralysable detector.

    Parameters
    ----------
    rate_hz : array_like of float, shape (...)
        :math:`r`, clicks a second of both detectors together without dead time, half of them in each.
    dead_time_s : float
        :math:`\tau` in seconds.
    rule : {"separate", "discard", "shared"}
        As above.

    Returns
    -------
    ndarray of float, shape (...)
        Clicks a second that are kept.

    Raises
    ------
    ValueError, TypeError
        If an argument is out of its range or the rule unknown.

    Examples
    --------
    >>> [float(pair_rate(2e6, dead_time_s=1e-6, rule=rule).round()) for rule in ("separate", "discard", "shared")]
    [1000000.0, 500000.0, 666667.0]

    References
    ----------
    Rogers, Bienfang, Nakassis, Xu and Clark, "Detector dead-time effects and paralyzability in high-speed quantum key
    distribution", New J. Phys. 9, 319 (2007), arXiv:0706.1449 (pairs of detectors, for pulses).

    Taught in :doc:`/communication/fibre`.
    """
    rate, dead = as_reals(rate_hz, "rate_hz", least=0), as_real(dead_time_s, "dead_time_s", least=0)
    if as_rule(rule) == "shared":
        return np.asarray(rate * live_share(rate, dead_time_s=dead))
    one = live_share(rate / 2, dead_time_s=dead)
    return np.asarray(rate * (one if rule == "separate" else one**2))
