"""The rate: secret bits per pulse that a weak laser yields over a lossy line."""

from collections.abc import Callable
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_probabilities, as_real, together
from qlearn.communication.photons.detection import error_gain, gain
from qlearn.communication.photons.link import Link, as_link
from qlearn.communication.photons.secret_rate import secret_rate
from qlearn.communication.photons.single_photons import infinite_decoy, no_decoy, vacuum_weak
from qlearn.communication.photons.source import as_means

Method = Literal["infinite", "vacuum+weak", "none"]
Rates = NDArray[np.float64]

# The best signal is near 1/2 with decoys and near the transmittance without: it may be very weak.
_WEAKEST, _BRIGHTEST = 1e-9, 2.0
_COARSE, _FINE, _ZOOMS = 400, 21, 4


def decoy_rate(
    length_km: ArrayLike,
    *,
    link: Link,
    mu: ArrayLike | None = None,
    method: Method = "infinite",
    nu: float = 0.05,
) -> Rates:
    """Return the secret bits per pulse of BB84 with weak laser pulses over a fibre.

    :func:`rate_at` for the transmittance of the fibre.

    Parameters
    ----------
    length_km : array_like of float, shape (...)
        Length of the fibre in km.
    link : Link
        For example ``LINKS["gys"]``.
    mu : array_like of float, optional
        Mean photon number of the signal; broadcasts against `length_km`. None: the best one for each length.
    method : {"infinite", "vacuum+weak", "none"}
        What Alice and Bob know of the single photons: everything, from infinitely many decoy intensities;
        what a vacuum and one weak decoy bound; or nothing but the worst case.
    nu : float
        Mean photon number of the weak decoy, for "vacuum+weak".

    Returns
    -------
    ndarray of float, shape (...)
        Bit per pulse, never negative, for endless keys.

    Raises
    ------
    ValueError, TypeError
        If an argument is out of its range or the method unknown.

    Examples
    --------
    >>> from qlearn.communication.photons import LINKS
    >>> decoy_rate([0, 100, 142, 143], link=LINKS["gys"])  # bit per pulse
    array([2.555e-03, 1.719e-05, 2.4e-08, 0.000e+00])
    >>> float(decoy_rate(100, link=LINKS["gys"], method="none"))
    0.0

    References
    ----------
    Ma, Qi, Zhao and Lo, 2005, arXiv:quant-ph/0503005, section 3 and figures 1 and 2.

    Taught in :doc:`/communication/photons`.
    """
    return rate_at(as_link(link).transmittance(length_km), link=link, mu=mu, method=method, nu=nu)


def rate_at(
    transmittance: ArrayLike,
    *,
    link: Link,
    mu: ArrayLike | None = None,
    method: Method = "infinite",
    nu: float = 0.05,
) -> Rates:
    """Return the secret bits per pulse over a channel of any kind, given its transmittance.

    :func:`secret_rate` for the gains and errors of an honest line: what Alice and Bob may expect.

    Parameters
    ----------
    transmittance : array_like of float, shape (...)
        Of the channel, without the receiver.
    link, mu, method, nu
        As for :func:`decoy_rate`; the length of the link plays no part.

    Returns
    -------
    ndarray of float, shape (...)
        Bit per pulse, never negative, for endless keys.

    Raises
    ------
    ValueError, TypeError
        If an argument is out of its range or the method unknown.

    Examples
    --------
    >>> from qlearn.communication.photons import LINKS
    >>> round(float(rate_at(0.1, link=LINKS["gys"], method="vacuum+weak")), 6)
    0.000236

    Taught in :doc:`/communication/photons`.
    """
    channel, rate = _prepared(transmittance, link, method, nu)
    if mu is None:
        return np.asarray(np.maximum(rate(_best(rate, channel, method, nu), channel), 0.0))
    means = as_means(mu, "mu")
    if not (means > 0).all():
        raise ValueError("mu must be above 0: a pulse that never holds a photon carries no bit")
    means, channel = together(mu=means, transmittance=channel)
    return np.asarray(np.maximum(rate(means, channel), 0.0))


def optimal_mu(
    transmittance: ArrayLike, *, link: Link, method: Method = "infinite", nu: float = 0.05
) -> Rates:
    r"""Return the mean photon number of the signal that makes most key.

    With decoys it hardly depends on the distance: where most light is lost and background does not matter yet
    it solves

    .. math:: (1 - \mu)\, e^{-\mu} = \frac{f\,h(e_\text{det})}{1 - h(e_\text{det})} \qquad (Y_0 \ll \eta \ll 1) .

    Without decoys it must fall with the transmittance, and the rate with its square.

    Parameters
    ----------
    transmittance, link, method, nu
        As for :func:`rate_at`.

    Returns
    -------
    ndarray of float, shape (...)
        Photons per pulse; nan where no brightness yields a key.

    Examples
    --------
    >>> from qlearn.communication.photons import LINKS
    >>> optimal_mu([1, 0.1, 0.01, 1e-3], link=LINKS["gys"]).round(3)
    array([0.486, 0.479, 0.476,   nan])

    References
    ----------
    Ma, Qi, Zhao and Lo, 2005, arXiv:quant-ph/0503005, equation 12.

    Taught in :doc:`/communication/photons`.
    """
    channel, rate = _prepared(transmittance, link, method, nu)
    best = _best(rate, channel, method, nu)
    return np.asarray(np.where(rate(best, channel) > 0, best, np.nan))


def _prepared(
    transmittance: ArrayLike, link: Link, method: Method, nu: float
) -> tuple[Rates, Callable[[Rates, Rates], Rates]]:
    """Check the arguments; return the transmittances and the rate, which may be negative, as a function."""
    as_link(link)
    channel = as_probabilities(transmittance, "transmittance", "transmittances")
    if method not in ("infinite", "vacuum+weak", "none"):
        raise ValueError(f'method must be "infinite", "vacuum+weak" or "none", not {method!r}')
    if method == "vacuum+weak" and not 0 < as_real(nu, "nu") < _BRIGHTEST:
        raise ValueError(f"nu must lie between 0 and mu, not {nu}: the decoy is weaker than the signal")

    def rate(mu: Rates, at: Rates) -> Rates:
        clicks, wrong = gain(mu, at, link=link), error_gain(mu, at, link=link)
        if method == "infinite":
            single = infinite_decoy(at, link=link)
        elif method == "none":
            single = no_decoy(mu, signal_gain=clicks, signal_error_gain=wrong)
        else:
            single = vacuum_weak(
                mu,
                nu,
                signal_gain=clicks,
                weak_gain=gain(nu, at, link=link),
                weak_error_gain=error_gain(nu, at, link=link),
                background=gain(0, at, link=link),
                background_error=link.background_error,
            )
        return secret_rate(mu, clicks, wrong, single, link=link)

    return channel, rate


def _best(rate: Callable[[Rates, Rates], Rates], channel: Rates, method: Method, nu: float) -> Rates:
    """Search the best mu for each transmittance: a coarse net, then finer ones around its best knot."""
    at = channel[..., None]
    low = np.log(nu * 1.001 if method == "vacuum+weak" else _WEAKEST)
    knots = np.broadcast_to(np.linspace(low, np.log(_BRIGHTEST), _COARSE), (*channel.shape, _COARSE))
    for _ in range(_ZOOMS):
        best = rate(np.exp(knots), at).argmax(axis=-1)[..., None]
        ends = [np.take_along_axis(knots, np.clip(best + d, 0, knots.shape[-1] - 1), -1) for d in (-1, 1)]
        knots = ends[0] + (ends[1] - ends[0]) * np.linspace(0, 1, _FINE)
    best = rate(np.exp(knots), at).argmax(axis=-1)[..., None]
    return np.asarray(np.exp(np.take_along_axis(knots, best, -1))[..., 0])
