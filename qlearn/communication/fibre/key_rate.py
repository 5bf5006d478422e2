"""Key rate: secret bits a second with detectors that rest after a click, and the hold-off that makes most of them."""

from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import minimize_scalar

from qlearn._checks import as_probabilities, as_probability, as_real, as_reals, broadcast
from qlearn._types import Array
from qlearn.communication._grid_search import grid_maximum
from qlearn.communication.fibre.dead_time import afterpulse_probability, live_fraction
from qlearn.communication.photons import Link, SinglePhotons, error_gain, gain, infinite_decoy, rate_at
from qlearn.communication.photons.key_rate import secret_rate
from qlearn.communication.photons.link import as_link
from qlearn.communication.photons.source import as_means, as_positive_means

_FAINTEST, _BRIGHTEST = 1e-4, 2.0


def key_rate_hz(
    transmittance: ArrayLike,
    *,
    link: Link,
    pulse_rate_hz: float,
    dead_time_s: float,
    mu: ArrayLike | None = None,
    total: float | None = None,
    decay_s: float = 1e-6,
) -> Array:
    r"""Return the secret bits a second of two detectors that rest together after each click.

    .. math:: K = f\,R(\mu)\,\ell, \qquad \ell = \frac{1}{1 + f\,Q_\mu\,\tau}

    with the rate :math:`R` of infinitely many decoys (:func:`~qlearn.communication.photons.rate_at`), for endless keys,
    in the pulses that met detectors awake. Which pulses these are follows from earlier clicks, not from the pulse. Far
    away :math:`\ell = 1` and the best signal is that of the photons chapter; near Alice :math:`K \to R/(Q\tau)`, the
    key *per click*, which is the larger the fewer clicks come from pulses of several photons.

    Parameters
    ----------
    transmittance : array_like of float, shape (...)
        Of the channel, without the receiver.
    link : Link
        The receiver, with its afterpulses.
    pulse_rate_hz : float
        :math:`f`.
    dead_time_s : float
        :math:`\tau`.
    mu : array_like of float, optional
        Mean photon number of the signal, above 0; broadcasts. None: the best of a search.
    total, decay_s : float, optional
        As for :func:`~qlearn.communication.fibre.afterpulse_probability`: for each signal as many afterpulses as its
        clicks leave over, in place of the link's own. None: those of the link.

    Returns
    -------
    ndarray of float, shape (...)
        Bit per second, never negative.

    Examples
    --------
    >>> from qlearn.communication.photons import LINKS
    >>> slow = {"link": LINKS["lim2014"], "pulse_rate_hz": 1e9, "dead_time_s": 1e-5}
    >>> key_rate_hz(0.1, **slow, mu=[0.5, 0.05]).round(-2)
    array([15600., 25000.])
    >>> float(key_rate_hz(0.1, **slow).round(-2))  # the best signal for this line
    25800.0
    """
    if mu is None:
        return _searched(transmittance, link, pulse_rate_hz, dead_time_s, total, decay_s)[1]
    channel = as_probabilities(transmittance, "transmittance", "transmittances")
    means, channel = broadcast(mu=as_means(mu, "mu"), transmittance=channel)
    pulses = as_real(pulse_rate_hz, "pulse_rate_hz", least=0)
    if total is None:
        per_pulse, seen = rate_at(channel, link=link, mu=means), gain(means, channel, link=link)
    else:
        per_pulse, seen = _with_traps(
            means,
            channel,
            as_link(link),
            pulses,
            {"hold_off_s": dead_time_s, "total": total, "decay_s": decay_s},
        )
    return np.asarray(pulses * per_pulse * live_fraction(pulses * seen, dead_time_s=dead_time_s))


def _with_traps(
    means: Array, channel: Array, link: Link, pulses: float, traps: dict[str, float]
) -> tuple[Array, Array]:
    """Return rate and gain with the afterpulses of each signal: those of a link are one number for all."""
    as_positive_means(means)
    quiet = replace(link, afterpulse=0.0)
    first, wrong = gain(means, channel, link=quiet), error_gain(means, channel, link=quiet)
    chance = afterpulse_probability(rate_hz=pulses * first, **traps)
    more = chance / (1 - chance)
    one = infinite_decoy(channel, link=quiet)
    single = SinglePhotons(
        np.asarray((1 + more) * one.clicks), np.asarray((one.errors + more / 2) / (1 + more))
    )
    seen = np.asarray((1 + more) * first)
    rate = secret_rate(means, seen, wrong + more / 2 * first, single, link=quiet)
    return np.maximum(rate, 0.0), seen


def optimal_mu_per_second(
    transmittance: ArrayLike,
    *,
    link: Link,
    pulse_rate_hz: float,
    dead_time_s: float,
    total: float | None = None,
    decay_s: float = 1e-6,
) -> Array:
    """Return the mean photon number that makes most key a second, between 0.0001 and 2; nan where none yields a key.

    >>> from qlearn.communication.photons import LINKS
    >>> optimal_mu_per_second([1.0, 0.01, 1e-8], link=LINKS["lim2014"], pulse_rate_hz=1e9, dead_time_s=1e-5).round(2)
    array([0.03, 0.23,  nan])
    """
    means, keys = _searched(transmittance, link, pulse_rate_hz, dead_time_s, total, decay_s)
    return np.asarray(np.where(keys > 0, means, np.nan))


def _searched(
    transmittance: ArrayLike,
    link: Link,
    pulse_rate_hz: float,
    dead_time_s: float,
    total: float | None,
    decay_s: float,
) -> tuple[Array, Array]:
    setting = {"link": link, "pulse_rate_hz": pulse_rate_hz, "dead_time_s": dead_time_s}
    setting |= {"total": total, "decay_s": decay_s}
    channel = as_probabilities(transmittance, "transmittance", "transmittances")
    return grid_maximum(
        lambda means: key_rate_hz(channel, mu=means, **setting),  # type: ignore[arg-type]
        channel.shape,
        _FAINTEST,
        _BRIGHTEST,
    )


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

    Examples
    --------
    >>> from qlearn.communication.photons import LINKS
    >>> diode = {"pulse_rate_hz": 1e9, "total": 0.4, "decay_s": 2e-6}
    >>> hold_off_rate([1e-6, 5e-6, 5e-5], 0.1, link=LINKS["lim2014"], **diode).round(-2)
    array([113600.,  62100.,   8100.])
    """
    hold = as_reals(hold_off_s, "hold_off_s", least=0)
    channel = as_probability(transmittance, "transmittance")
    keys = np.zeros(hold.shape)
    for index, rest in np.ndenumerate(hold):
        keys[index] = key_rate_hz(
            channel,
            link=link,
            pulse_rate_hz=pulse_rate_hz,
            dead_time_s=float(rest),
            total=total,
            decay_s=decay_s,
        )
    return keys


def optimal_hold_off(
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

    Examples
    --------
    >>> from qlearn.communication.photons import LINKS
    >>> diode = {"pulse_rate_hz": 1e9, "total": 0.4, "decay_s": 2e-6}
    >>> [round(optimal_hold_off(t, link=LINKS["lim2014"], **diode) * 1e6, 1) for t in (0.1, 0.001)]  # us
    [1.1, 8.2]
    """
    decay = as_real(decay_s, "decay_s", above=0)
    setting = {"link": link, "pulse_rate_hz": pulse_rate_hz, "total": total, "decay_s": decay_s}

    def loss(exponent: float) -> float:
        return -float(hold_off_rate(decay * np.exp(exponent), transmittance, **setting))  # type: ignore[arg-type]

    knots = np.linspace(_SHORTEST, _LONGEST, _NET)
    losses = np.array([loss(knot) for knot in knots])
    if losses.min() >= 0:
        return float("nan")
    best = int(losses.argmin())
    ends = knots[max(best - 1, 0)], knots[min(best + 1, _NET - 1)]
    return decay * float(np.exp(minimize_scalar(loss, bounds=ends, method="bounded").x))
