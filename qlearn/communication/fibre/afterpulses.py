"""Afterpulses: a click leaves carriers in traps, and each that is set free is a click that nobody sent."""

from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import minimize_scalar

from qlearn._checks import as_probability, as_real, as_reals
from qlearn.communication.fibre.key_rate import key_rate_hz
from qlearn.communication.photons import Link

Array = NDArray[np.float64]

# Hold-offs are searched on a logarithmic scale, from a thousandth to a hundred times the decay.
_SHORTEST, _LONGEST, _NET = -7.0, 4.6, 60


def afterpulse_probability(hold_off_s: ArrayLike, *, total: float, decay_s: float) -> Array:
    r"""Return how many afterpulses of a click come after the detector has been kept blind for a time.

    .. math:: P(h) = P_0\,e^{-h/T}

    for traps that empty with one time constant. Real diodes have several, or a power law; fit :math:`T` near the
    hold-off in use.

    Parameters
    ----------
    hold_off_s : array_like of float, shape (...)
        :math:`h`, dead time imposed after each click, in seconds.
    total : float
        :math:`P_0`, mean number of afterpulses of a click without hold-off, below 1.
    decay_s : float
        :math:`T`, mean time in a trap, above 0.

    Returns
    -------
    ndarray of float, shape (...)

    Raises
    ------
    ValueError, TypeError
        If an argument is out of its range.

    Examples
    --------
    >>> afterpulse_probability([0, 1e-6, 1e-5], total=0.4, decay_s=2e-6).round(4)
    array([0.4   , 0.2426, 0.0027])

    References
    ----------
    Ziarkash, Joshi, Stipcevic and Ursin, Sci. Rep. 8, 5076 (2018), who compare such models with what diodes do; Lunghi
    et al., "Free running single photon detection based on a negative feedback InGaAs APD", 2012, arXiv:1204.4594, for a
    hold-off in use.

    Taught in :doc:`/communication/fibre`.
    """
    hold, chance, decay = (
        as_reals(hold_off_s, "hold_off_s", least=0),
        _below_one(total),
        as_real(decay_s, "decay_s"),
    )
    if decay <= 0:
        raise ValueError(f"decay_s must be above 0, not {decay:g}")
    return np.asarray(chance * np.exp(-hold / decay))


def with_afterpulses(link: Link, probability: float) -> Link:
    r"""Return a link whose clicks start `probability` more each, and those others, and so on.

    .. math:: p_\text{ap} = P + P^2 + P^3 + \dots = \frac{P}{1 - P}

    :class:`~qlearn.communication.photons.Link` counts the afterpulses *per click of light or background*,
    :math:`Q(1 + p_\text{ap})`, each with a coin for its bit; a detector is specified by how many follow *any* click.
    To first order the two are one number. Exact while clicks are so rare that they do not hide each other.

    Parameters
    ----------
    link : Link
        Its own afterpulses are replaced.
    probability : float
        :math:`P`, at most 1/2: beyond it most clicks are afterpulses.

    Returns
    -------
    Link

    Raises
    ------
    ValueError, TypeError
        If the probability is out of its range.

    Examples
    --------
    >>> from qlearn.communication.photons import LINKS
    >>> round(with_afterpulses(LINKS["gys"], 0.04).afterpulse, 5)
    0.04167

    Taught in :doc:`/communication/fibre`.
    """
    chance = as_probability(probability, "probability")
    if chance > 0.5:
        raise ValueError(f"probability must be at most 1/2, not {chance:g}: most clicks would be afterpulses")
    return replace(link, afterpulse=chance / (1 - chance))


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

    .. math:: K(h) = \frac{f\,R\bigl(p_\text{ap}(h)\bigr)}{1 + f\,Q\bigl(p_\text{ap}(h)\bigr)\,h}

    A longer hold-off costs pulses (the denominator), a shorter one afterpulses, that is errors (the numerator).
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
        Bit per second; 0 where more than every other click would be an afterpulse.

    Raises
    ------
    ValueError, TypeError
        If an argument is out of its range.

    Examples
    --------
    >>> from qlearn.communication.photons import LINKS
    >>> diode = {"pulse_rate_hz": 1e9, "total": 0.4, "decay_s": 2e-6}
    >>> hold_off_rate([1e-6, 5e-6, 5e-5], 0.1, link=LINKS["lim2014"], **diode).round(-2)
    array([    0., 49900.,  8100.])

    Taught in :doc:`/communication/fibre`.
    """
    hold = as_reals(hold_off_s, "hold_off_s", least=0)
    chances = afterpulse_probability(hold, total=total, decay_s=decay_s)
    channel, pulses = (
        as_probability(transmittance, "transmittance"),
        as_real(pulse_rate_hz, "pulse_rate_hz", least=0),
    )
    keys = np.zeros(hold.shape)
    for place, chance in np.ndenumerate(chances):
        if chance <= 0.5:
            detectors = with_afterpulses(link, float(chance))
            keys[place] = key_rate_hz(
                channel, link=detectors, pulse_rate_hz=pulses, dead_time_s=float(hold[place])
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
    [4.7, 8.4]

    Taught in :doc:`/communication/fibre`.
    """
    decay = as_real(decay_s, "decay_s")
    setting = {"link": link, "pulse_rate_hz": pulse_rate_hz, "total": total, "decay_s": decay_s}
    afterpulse_probability(0.0, total=total, decay_s=decay_s)

    def loss(exponent: float) -> float:
        return -float(hold_off_rate(decay * np.exp(exponent), transmittance, **setting))  # type: ignore[arg-type]

    knots = np.linspace(_SHORTEST, _LONGEST, _NET)
    losses = np.array([loss(knot) for knot in knots])
    if losses.min() >= 0:
        return float("nan")
    best = int(losses.argmin())
    ends = knots[max(best - 1, 0)], knots[min(best + 1, _NET - 1)]
    return decay * float(np.exp(minimize_scalar(loss, bounds=ends, method="bounded").x))


def _below_one(total: float) -> float:
    value = as_real(total, "total", least=0)
    if value >= 1:
        raise ValueError(f"total must be below 1, not {value:g}: each click would start another, for ever")
    return value
