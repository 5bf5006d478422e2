"""Single photons: how many of the clicks come from them, and how many of those are wrong."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn.communication.photons.detection import photon_yield
from qlearn.communication.photons.link import Link
from qlearn.communication.photons.source import as_means


class SinglePhotons(NamedTuple):
    r"""What is known of the pulses that hold one photon, the only ones from which a key is made.

    Parameters
    ----------
    clicks : ndarray of float, shape (...)
        :math:`Y_1`, the chance that such a pulse makes a click; a lower bound.
    errors : ndarray of float, shape (...)
        :math:`e_1`, the error rate of these clicks; an upper bound, 1/2 where nothing is known.

    Taught in :doc:`/communication/photons`.
    """

    clicks: NDArray[np.float64]
    errors: NDArray[np.float64]


def infinite_decoy(transmittance: ArrayLike, *, link: Link) -> SinglePhotons:
    r"""Return what infinitely many decoy intensities would tell: the truth of an honest line.

    .. math:: Y_1 = Y_0 + \eta\,(1 - Y_0), \qquad e_1 = \frac{e_0 Y_0 + e_\text{det}\,\eta}{Y_1}

    Parameters
    ----------
    transmittance : array_like of float, shape (...)
        Of the channel, without the receiver.
    link : Link
        Of the receiver.

    Returns
    -------
    SinglePhotons

    Examples
    --------
    >>> from qlearn.communication.photons import LINKS
    >>> truth = infinite_decoy(0.1, link=LINKS["gys"])
    >>> round(float(truth.clicks), 6), round(float(truth.errors), 4)
    (0.004502, 0.0332)

    References
    ----------
    Ma, Qi, Zhao and Lo, 2005, arXiv:quant-ph/0503005, equations 7 and 9.

    Taught in :doc:`/communication/photons`.
    """
    clicks = photon_yield(1, transmittance, link=link)
    light = np.asarray(transmittance) * link.receiver_efficiency
    wrong = link.background_error * link.background + link.misalignment * light
    # Afterpulses follow the clicks, so they come on top, with a coin for a bit.
    wrong = wrong + link.afterpulse / 2 * clicks
    return _known((1 + link.afterpulse) * clicks, wrong)


def vacuum_weak(
    mu: ArrayLike,
    nu: ArrayLike,
    *,
    signal_gain: ArrayLike,
    weak_gain: ArrayLike,
    weak_error_gain: ArrayLike,
    background: ArrayLike,
    background_error: float = 0.5,
) -> SinglePhotons:
    r"""Bound the single photons from what a weak decoy and the vacuum show, whatever Eve does.

    .. math::

        Y_1 &\ge \frac{\mu}{\mu\nu - \nu^2} \Bigl( Q_\nu e^\nu - Q_\mu e^\mu \frac{\nu^2}{\mu^2}
                 - \frac{\mu^2 - \nu^2}{\mu^2} Y_0 \Bigr) \\
        e_1 &\le \frac{E_\nu Q_\nu e^\nu - e_0 Y_0}{Y_1 \nu}

    Eve may treat pulses of different photon *number* differently, but a two-photon pulse is the same thing
    whether it was meant as signal or as decoy. Three measured gains are three equations for her yields.

    Parameters
    ----------
    mu, nu : array_like of float, shape (...)
        Mean photon numbers of signal and weak decoy, :math:`0 < \nu < \mu`.
    signal_gain, weak_gain : array_like of float, shape (...)
        :math:`Q_\mu, Q_\nu`: clicks per pulse.
    weak_error_gain : array_like of float, shape (...)
        :math:`E_\nu Q_\nu`: clicks per weak pulse that are errors, when the bases agree.
    background : array_like of float, shape (...)
        :math:`Y_0`: clicks per vacuum pulse.
    background_error : float
        :math:`e_0`, 1/2 for detectors that prefer no bit.

    Returns
    -------
    SinglePhotons

    Raises
    ------
    ValueError
        If `nu` is not between 0 and `mu`.

    Examples
    --------
    >>> from qlearn.communication.photons import LINKS, error_gain, gain
    >>> line = {"transmittance": LINKS["gys"].transmittance(40), "link": LINKS["gys"]}
    >>> seen = {"signal_gain": gain(0.48, **line), "weak_gain": gain(0.12, **line),
    ...         "weak_error_gain": error_gain(0.12, **line), "background": gain(0, **line)}
    >>> bound, truth = vacuum_weak(0.48, 0.12, **seen), infinite_decoy(**line)
    >>> round(float(1 - bound.clicks / truth.clicks), 3), round(float(bound.errors / truth.errors - 1), 3)
    (0.035, 0.168)

    References
    ----------
    Ma, Qi, Zhao and Lo, 2005, arXiv:quant-ph/0503005, equations 34 and 37.

    Taught in :doc:`/communication/photons`.
    """
    mu, nu = as_means(mu, "mu"), as_means(nu, "nu")
    if not ((nu > 0) & (nu < mu)).all():
        raise ValueError(
            f"nu must lie between 0 and mu, not nu = {nu} for mu = {mu}: the decoy is the weaker one"
        )
    q_mu, q_nu, wrong, y_0 = map(np.asarray, (signal_gain, weak_gain, weak_error_gain, background))
    ratio = (nu / mu) ** 2
    inner = q_nu * np.exp(nu) - ratio * q_mu * np.exp(mu) - (1 - ratio) * y_0
    clicks = mu / (mu * nu - nu**2) * inner
    return _known(clicks, (wrong * np.exp(nu) - background_error * y_0) / nu)


def no_decoy(mu: ArrayLike, *, signal_gain: ArrayLike, signal_error_gain: ArrayLike) -> SinglePhotons:
    r"""Assume the worst: every pulse of two photons or more arrived, and every error is a single photon's.

    .. math:: Y_1\,\mu e^{-\mu} \ge Q_\mu - \bigl(1 - (1 + \mu) e^{-\mu}\bigr), \qquad
              e_1 \le \frac{E_\mu Q_\mu}{Y_1\,\mu e^{-\mu}}

    (with the vacuum pulses, which are as safe, counted among the single ones). The signal alone cannot tell
    what Eve has made of the photon numbers.

    Parameters
    ----------
    mu : array_like of float, shape (...)
        Mean photon number, above 0.
    signal_gain, signal_error_gain : array_like of float, shape (...)
        :math:`Q_\mu` and :math:`E_\mu Q_\mu`.

    Returns
    -------
    SinglePhotons

    Examples
    --------
    >>> from qlearn.communication.photons import LINKS, error_gain, gain
    >>> line = {"transmittance": 0.01, "link": LINKS["gys"]}
    >>> seen = {"signal_gain": gain(0.48, **line), "signal_error_gain": error_gain(0.48, **line)}
    >>> no_decoy(0.48, **seen).clicks  # brighter pulses than the line passes photons
    array(0.)

    References
    ----------
    Gottesman, Lo, Luetkenhaus and Preskill, "Security of quantum key distribution with imperfect devices",
    2004, arXiv:quant-ph/0212066, section 5.

    Taught in :doc:`/communication/photons`.
    """
    mu = as_means(mu, "mu")
    single = mu * np.exp(-mu)
    several = -np.expm1(-mu) - single
    return _known((np.asarray(signal_gain) - several) / single, np.asarray(signal_error_gain) / single)


def _known(clicks: NDArray[np.float64], wrong: NDArray[np.float64]) -> SinglePhotons:
    """Turn clicks and wrong clicks into a yield, at least 0, and an error rate, at most 1/2."""
    clicks = np.maximum(clicks, 0.0)
    some = clicks > 0
    errors = np.divide(wrong, clicks, out=np.full(np.broadcast(wrong, clicks).shape, 0.5), where=some)
    return SinglePhotons(np.asarray(clicks), np.asarray(np.clip(errors, 0.0, 0.5)))
