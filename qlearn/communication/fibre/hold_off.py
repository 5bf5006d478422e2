"""Hold-off: how long detectors should rest, so that afterpulses die and not too many pulses are missed."""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import minimize_scalar

from qlearn._checks import as_probability, as_real, as_reals
from qlearn.communication.fibre.key_rate import key_rate_hz
from qlearn.communication.photons import Link

Array = NDArray[np.float64]

# Hold-offs are searched on a logarithmic scale, from a thousandth to a hundred times the decay.
_SHORTEST, _LONGEST, _NET = -7.0, 4.6, 60


def hold_off_rate(
    hold_off_s: ArrayLike,
    transmittance: float,
    *,
    link: Link,
    pulse_rate_hz: float,
    total: float,
    decay_s: float,
) -> Array:
    r"""Return the secret bits a second of two detectors that are both kept blind for a time after each click.

    .. math:: K(h) = \frac{f\,R(p_\text{ap})}{1 + f\,Q(p_\text{ap})\,h}, \qquad
              p_\text{ap} = \frac{P(h, fQ_0)}{1 - P(h, fQ_0)}

    with :math:`P` of :func:`afterpulse_probability` and the gain :math:`Q_0` without afterpulses. A longer hold-off costs
    pulses (the denominator), a shorter one afterpulses, that is errors (the numerator).
    :func:`~qlearn.communication.fibre.key_rate_hz`, each time with the signal that makes most key per second.

    Parameters
    ----------
    hold_off_s : array_like of float, shape (...)
        :math:`h` in seconds.
    transmittance : float
        Of the channel, without the receiver.
    link : Link
        The receiver. Its own afterpulses are replaced.
    pulse_rate_hz : float
        :math:`f`.
    total, decay_s : float
        As for :func:`afterpulse_probability`.

    Returns
    -------
    ndarray of float, shape (...)
        Bit per second.

    Raises
    ------
    ValueError, TypeError
        If an argument is out of its range.

    Examples
    --------
    >>> from qlearn.communication.photons import LINKS
    >>> diode = {"pulse_rate_hz": 1e9, "total": 0.4, "decay_s": 2e-6}
    >>> hold_off_rate([1e-6, 5e-6, 5e-5], 0.1, link=LINKS["lim2014"], **diode).round(-2)
    array([113600.,  62100.,   8100.])

    Taught in :doc:`/communication/fibre`.
    """
    hold = as_reals(hold_off_s, "hold_off_s", least=0)
    channel = as_probability(transmittance, "transmittance")
    keys = np.zeros(hold.shape)
    for place, rest in np.ndenumerate(hold):
        keys[place] = key_rate_hz(
            channel,
            link=link,
            pulse_rate_hz=pulse_rate_hz,
            dead_time_s=float(rest),
            total=total,
            decay_s=decay_s,
        )
    return keys


def best_hold_off(
    transmittance: float, *, link: Link, pulse_rate_hz: float, total: float, decay_s: float
) -> float:
    """Return the hold-off at which :func:`hold_off_rate` is largest, as a search finds it.

    A net over hold-offs from a thousandth to a hundred times `decay_s`, then a bounded search around its best knot.

    Parameters
    ----------
    transmittance, link, pulse_rate_hz, total, decay_s
        As for :func:`hold_off_rate`.

    Returns
    -------
    float
        Seconds; nan where no hold-off of the net yields a key.

    Raises
    ------
    ValueError, TypeError
        If an argument is out of its range.

    Examples
    --------
    >>> from qlearn.communication.photons import LINKS
    >>> diode = {"pulse_rate_hz": 1e9, "total": 0.4, "decay_s": 2e-6}
    >>> [round(best_hold_off(t, link=LINKS["lim2014"], **diode) * 1e6, 1) for t in (0.1, 0.001)]  # us
    [1.1, 8.2]

    Taught in :doc:`/communication/fibre`.
    """
    decay = as_real(decay_s, "decay_s")
    setting = {"link": link, "pulse_rate_hz": pulse_rate_hz, "total": total, "decay_s": decay_s}
    if decay <= 0:
        raise ValueError(f"decay_s must be above 0, not {decay:g}")

    def loss(exponent: float) -> float:
        return -float(hold_off_rate(decay * np.exp(exponent), transmittance, **setting))  # type: ignore[arg-type]

    knots = np.linspace(_SHORTEST, _LONGEST, _NET)
    losses = np.array([loss(knot) for knot in knots])
    if losses.min() >= 0:
        return float("nan")
    best = int(losses.argmin())
    ends = knots[max(best - 1, 0)], knots[min(best + 1, _NET - 1)]
    return decay * float(np.exp(minimize_scalar(loss, bounds=ends, method="bounded").x))
