"""Key rate: secret bits per pulse of a weak laser over a lossy line, the longest distance, and the PLOB bound."""

from collections.abc import Callable
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_probabilities, as_real, broadcast
from qlearn._types import Array
from qlearn.communication._grid_search import grid_maximum
from qlearn.communication.photons.decoy_states import SinglePhotons, infinite_decoy, no_decoy, vacuum_weak
from qlearn.communication.photons.link import Link, as_link, error_gain, error_rate, gain
from qlearn.communication.photons.source import as_means, as_positive_means
from qlearn.qubits.entropies import binary_entropy


def secret_rate(
    mu: ArrayLike, signal_gain: ArrayLike, signal_error_gain: ArrayLike, single: SinglePhotons, *, link: Link
) -> NDArray[np.float64]:
    r"""Return the secret bits per pulse that the clicks of the signal yield; negative where correction costs more.

    .. math:: R = q\,\Bigl\{ \mu e^{-\mu}\,Y_1 \bigl[1 - h(e_1)\bigr] - Q_\mu\, f\, h(E_\mu) \Bigr\}

    Errors are corrected in *all* clicks, and a key is made of those of single photons alone (Gottesman, Lo,
    Luetkenhaus and Preskill, 2004, arXiv:quant-ph/0212066; in this form Ma et al., 2005, arXiv:quant-ph/0503005, equation 1).

    >>> from qlearn.communication.photons import LINKS
    >>> line = {"transmittance": 0.1, "link": LINKS["gys"]}
    >>> seen = gain(0.48, **line), error_gain(0.48, **line)
    >>> round(float(secret_rate(0.48, *seen, infinite_decoy(**line), link=LINKS["gys"])), 6)
    0.000250
    """
    mu, clicks, wrong = as_means(mu, "mu"), np.asarray(signal_gain), np.asarray(signal_error_gain)
    corrected = clicks * as_link(link).error_correction * binary_entropy(error_rate(wrong, clicks, empty=0.0))
    secret = mu * np.exp(-mu) * single.clicks * (1 - binary_entropy(single.errors))
    return np.asarray(link.sifting * (secret - corrected))


Method = Literal["infinite", "vacuum+weak", "none"]

# The best signal is near 1/2 with decoys and near the transmittance without: it may be very weak.
_WEAKEST, _BRIGHTEST = 1e-9, 2.0
_KNOTS = (400, 21, 21, 21, 21)


def decoy_rate(
    length_km: ArrayLike,
    *,
    link: Link,
    mu: ArrayLike | None = None,
    method: Method = "infinite",
    nu: float = 0.05,
) -> Array:
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
    """
    return rate_at(as_link(link).transmittance(length_km), link=link, mu=mu, method=method, nu=nu)


def rate_at(
    transmittance: ArrayLike,
    *,
    link: Link,
    mu: ArrayLike | None = None,
    method: Method = "infinite",
    nu: float = 0.05,
) -> Array:
    r"""Return the secret bits per pulse over a channel of any kind, given its transmittance.

    .. math:: R = q\,\Bigl\{ \mu e^{-\mu}\,Y_1 \bigl[1 - h(e_1)\bigr] - Q_\mu\, f\, h(E_\mu) \Bigr\}

    with the gains and errors of an honest line: what Alice and Bob may expect. Errors are corrected in *all* clicks, and a
    key is made of those of single photons alone.

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

    Examples
    --------
    >>> from qlearn.communication.photons import LINKS
    >>> round(float(rate_at(0.1, link=LINKS["gys"], method="vacuum+weak")), 6)
    0.000236
    """
    channel, rate = _prepared(transmittance, link, method, nu)
    if mu is None:
        return np.asarray(np.maximum(_best(rate, channel, method, nu)[1], 0.0))
    means, channel = broadcast(mu=as_positive_means(mu), transmittance=channel)
    return np.asarray(np.maximum(rate(means, channel), 0.0))


def optimal_mu(
    transmittance: ArrayLike, *, link: Link, method: Method = "infinite", nu: float = 0.05
) -> Array:
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
    """
    channel, rate = _prepared(transmittance, link, method, nu)
    best, most = _best(rate, channel, method, nu)
    return np.where(most > 0, best, np.nan)


def _prepared(
    transmittance: ArrayLike, link: Link, method: Method, nu: float
) -> tuple[Array, Callable[[Array, Array], Array]]:
    """Check the arguments; return the transmittances and the rate, which may be negative, as a function."""
    as_link(link)
    channel = as_probabilities(transmittance, "transmittance", "transmittances")
    if method not in ("infinite", "vacuum+weak", "none"):
        raise ValueError(f'method must be "infinite", "vacuum+weak" or "none", not {method!r}')
    if method == "vacuum+weak" and not 0 < as_real(nu, "nu") < _BRIGHTEST:
        raise ValueError(f"nu must lie between 0 and mu, not {nu}: the decoy is weaker than the signal")

    def rate(mu: Array, at: Array) -> Array:
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


def _best(
    rate: Callable[[Array, Array], Array], channel: Array, method: Method, nu: float
) -> tuple[Array, Array]:
    """Return the best mu for each transmittance, and its rate, which may be negative."""
    faintest = nu * 1.001 if method == "vacuum+weak" else _WEAKEST
    return grid_maximum(lambda mu: rate(mu, channel), channel.shape, faintest, _BRIGHTEST, _KNOTS)


_PRECISION_KM = 1e-3


def longest_distance(
    *, link: Link, mu: float | None = None, method: Method = "infinite", nu: float = 0.05
) -> float:
    """Return the length of fibre beyond which there is no key, found by bisection.

    Parameters
    ----------
    link, mu, method, nu
        As for :func:`~qlearn.communication.photons.decoy_rate`.

    Returns
    -------
    float
        Length in km to a metre; 0.0 if there is no key at any length.

    Examples
    --------
    >>> from qlearn.communication.photons import LINKS
    >>> [round(longest_distance(link=LINKS["gys"], method=method), 1) for method in ("infinite", "vacuum+weak", "none")]
    [142.2, 141.0, 40.2]

    References
    ----------
    Ma, Qi, Zhao and Lo, 2005, arXiv:quant-ph/0503005, figures 1 and 2.
    """
    if as_link(link).loss_db_per_km <= 0:
        raise ValueError("link must have a loss_db_per_km above 0: without loss no distance is the longest")

    def yields_key(length: float) -> bool:
        return bool(decoy_rate(length, link=link, mu=mu, method=method, nu=nu) > 0)

    low, high = 0.0, 300 / link.loss_db_per_km  # 300 dB: beyond every background
    if not yields_key(low):
        return low
    if yields_key(high):
        return float(np.inf)  # a receiver without background: errors never drown the light
    while high - low > _PRECISION_KM:
        middle = (low + high) / 2
        low, high = (middle, high) if yields_key(middle) else (low, middle)
    return low


def plob(transmittance: ArrayLike) -> NDArray[np.float64]:
    r"""Return the secret-key capacity of a pure-loss channel.

    .. math:: K = -\log_2(1 - \eta) \;\approx\; 1.44\,\eta \quad (\eta \ll 1)

    Secret bits per *mode*, the most that any protocol reaches without a node in between, whatever its source and
    detectors: a theorem for lossy bosonic channels. A pulse of one polarisation is one mode; a pulse whose two
    polarisations carry the bit has two modes, and the bound per pulse is twice this. Key rates fall at least as fast
    as the transmittance: exponentially in fibre.

    Parameters
    ----------
    transmittance : array_like of float, shape (...)
        :math:`\eta`, the share of photons that the channel passes. 1 gives infinity.

    Returns
    -------
    ndarray of float, shape (...)
        Bit per mode.

    Examples
    --------
    >>> plob([0.5, 0.01]).round(7)  # 3 dB and 20 dB
    array([1.       , 0.0144996])

    References
    ----------
    Pirandola, Laurenza, Ottaviani and Banchi, "Fundamental limits of repeaterless quantum communications",
    Nature Communications 8, 15043 (2017), arXiv:1510.08863, equation 1.
    """
    eta = as_probabilities(transmittance, "transmittance", "transmittances")
    with np.errstate(divide="ignore"):
        return np.asarray(-np.log1p(-eta) / np.log(2))
