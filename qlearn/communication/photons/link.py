"""Link: a fibre and the receiver at its end, and how often a pulse clicks: yields, gains, error gains."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import xlog1py

from qlearn._checks import as_probabilities, as_probability, as_real
from qlearn.communication._published import Published, as_record
from qlearn.communication.photons.source import as_means
from qlearn.qubits.noise import transmittance


@dataclass(frozen=True)
class Link:
    r"""A fibre and the receiver at its end.

    Of the photons that Alice sends into `length_km` of fibre Bob detects a share

    .. math:: \eta = t\,\eta_\text{Bob}, \qquad t = 10^{-\alpha L / 10}

    Parameters
    ----------
    name : str
        Short name.
    loss_db_per_km : float
        :math:`\alpha`, attenuation of the fibre in dB per km.
    receiver_efficiency : float
        :math:`\eta_\text{Bob}`, everything between the end of the fibre and a click: optics and detectors.
    background : float
        :math:`Y_0`, probability of a click, in either detector, in a pulse without light: dark counts, stray light.
    misalignment : float
        :math:`e_\text{det}`, probability that a detected photon hits the wrong detector.
    error_correction : float
        :math:`f`, public bits of error correction over Shannon's limit, at least 1.
    background_error : float
        :math:`e_0`, error rate of background clicks: they know nothing of the bit.
    sifting : float
        :math:`q`, share of the pulses written and read in one basis.
    afterpulse : float
        Probability that a click is followed by another that is none, with a coin for its bit.
    source : str
        Where the numbers come from.

    Examples
    --------
    >>> LINKS["gys"].transmittance([0, 100]).round(5)
    array([1.     , 0.00794])

    References
    ----------
    Ma, Qi, Zhao and Lo, "Practical decoy state for quantum key distribution", 2005,
    arXiv:quant-ph/0503005, section 2 and equations 5 and 6.
    """

    name: str
    loss_db_per_km: float
    receiver_efficiency: float
    background: float
    misalignment: float
    error_correction: float
    background_error: float = 0.5
    sifting: float = 0.5
    afterpulse: float = 0.0
    source: str = ""

    def __post_init__(self) -> None:
        for name in ("receiver_efficiency", "background", "misalignment", "background_error", "sifting"):
            as_probability(getattr(self, name), name)
        as_probability(self.afterpulse, "afterpulse")
        as_real(self.loss_db_per_km, "loss_db_per_km", least=0)
        as_real(self.error_correction, "error_correction", least=1)

    def transmittance(self, length_km: ArrayLike) -> NDArray[np.float64]:
        """Return the transmittance of a fibre of `length_km`, without the receiver."""
        return transmittance(length_km, self.loss_db_per_km)


def as_link(link: object) -> Link:
    """Return `link` if it is one."""
    return as_record(link, "link", Link, LINKS)


LINKS: Mapping[str, Link] = Published("LINKS", Link, "qlearn.communication.photons")
"""Published links by name: "gys" (Gobby, Yuan and Shields 2004) and "lim2014"."""


def photon_yield(n: ArrayLike, transmittance: ArrayLike, *, link: Link) -> NDArray[np.float64]:
    r"""Return the yield: the chance that a pulse of exactly `n` photons makes Bob's receiver click.

    .. math:: Y_n = 1 - (1 - Y_0)(1 - \eta)^n, \qquad \eta = t\,\eta_\text{Bob}

    A threshold detector says "click" or nothing: it does not count. This is the yield of an *honest* line;
    Eve may choose another for each :math:`n`, and that is what decoys look for.

    Parameters
    ----------
    n : array_like of int, shape (...)
        Photons in the pulse as it leaves Alice: a whole number, for means there is :func:`gain`.
    transmittance : array_like of float, shape (...)
        :math:`t` of the channel, without the receiver; broadcasts against `n`.
    link : Link
        The receiver.

    Returns
    -------
    ndarray of float, shape (...)

    Examples
    --------
    >>> from qlearn.communication.photons import LINKS
    >>> photon_yield([0, 1, 2], 1.0, link=LINKS["gys"]).round(4)
    array([0.   , 0.045, 0.088])

    References
    ----------
    Ma, Qi, Zhao and Lo, 2005, arXiv:quant-ph/0503005, equation 7 (here without dropping the product).
    """
    number, eta = as_means(n, "n"), _detected(transmittance, link)
    broken = number[number != np.floor(number)]
    if broken.size:
        raise ValueError(f"n must be whole numbers of photons, not {broken.flat[0]}: gain takes their mean")
    # Written so that a line that passes next to nothing keeps its digits.
    return np.asarray(link.background - (1 - link.background) * np.expm1(xlog1py(number, -eta)))


def gain(mu: ArrayLike, transmittance: ArrayLike, *, link: Link) -> NDArray[np.float64]:
    r"""Return the gain: clicks per pulse of mean photon number `mu`.

    .. math:: Q_\mu = \sum_n Y_n\,e^{-\mu}\frac{\mu^n}{n!} = 1 - (1 - Y_0)\,e^{-\eta\mu}

    times :math:`1 + p_\text{ap}` for detectors with afterpulses.

    Parameters
    ----------
    mu : array_like of float, shape (...)
        Mean photon number as the pulse leaves Alice.
    transmittance : array_like of float, shape (...)
        Of the channel, without the receiver; broadcasts against `mu`.
    link : Link
        The receiver.

    Returns
    -------
    ndarray of float, shape (...)
        Clicks per pulse, in either basis; with afterpulses it may exceed 1.

    Examples
    --------
    >>> from qlearn.communication.photons import LINKS
    >>> round(float(gain(0.48, 0.01, link=LINKS["gys"])), 6)
    0.000218

    It is the yield of each photon number, as often as a laser sends it:

    >>> from scipy.stats import poisson
    >>> n = np.arange(20)
    >>> round(float(poisson.pmf(n, 0.48) @ photon_yield(n, 0.01, link=LINKS["gys"])), 6)
    0.000218

    References
    ----------
    Ma, Qi, Zhao and Lo, 2005, arXiv:quant-ph/0503005, equation 10; afterpulses as in Lim et al., 2014,
    arXiv:1311.7129, section IV.
    """
    means, eta = as_means(mu, "mu"), _detected(transmittance, link)
    return np.asarray((1 + link.afterpulse) * _clicks(means, eta, link))


def error_gain(mu: ArrayLike, transmittance: ArrayLike, *, link: Link) -> NDArray[np.float64]:
    r"""Return the wrong clicks per pulse, read in the basis it was written in.

    .. math:: E_\mu Q_\mu = e_0 Y_0 + e_\text{det}\,(1 - e^{-\eta\mu})

    plus half of the afterpulses. Divide by :func:`gain` for the error rate. Pulses that set off both detectors
    change this only in the second order of :math:`\eta\mu`.

    Parameters
    ----------
    mu, transmittance, link
        As for :func:`gain`.

    Returns
    -------
    ndarray of float, shape (...)

    Examples
    --------
    >>> from qlearn.communication.photons import LINKS
    >>> line = {"transmittance": 0.01, "link": LINKS["gys"]}
    >>> round(float(error_gain(0.48, **line) / gain(0.48, **line)), 4)
    0.0366

    References
    ----------
    Ma, Qi, Zhao and Lo, 2005, arXiv:quant-ph/0503005, equation 11; afterpulses as in Lim et al., 2014,
    arXiv:1311.7129, section IV.
    """
    means, eta = as_means(mu, "mu"), _detected(transmittance, link)
    return _wrong(means, eta, _clicks(means, eta, link), link)


def gains(
    mu: ArrayLike, transmittance: ArrayLike, *, link: Link
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return :func:`gain` and :func:`error_gain`, looking at what was given once for both."""
    means, eta = as_means(mu, "mu"), _detected(transmittance, link)
    clicks = _clicks(means, eta, link)
    return np.asarray((1 + link.afterpulse) * clicks), _wrong(means, eta, clicks, link)


def error_rate(wrong: ArrayLike, clicks: ArrayLike, *, empty: float) -> NDArray[np.float64]:
    """Return the share of the clicks that are wrong, 0 to 1/2; `empty` where nothing clicks."""
    return ratio(wrong, clicks, empty=empty).clip(0.0, 0.5)


def ratio(part: ArrayLike, whole: ArrayLike, *, empty: float) -> NDArray[np.float64]:
    """Return the part over the whole; `empty` where there is no whole."""
    part, whole = np.broadcast_arrays(np.asarray(part, dtype=np.float64), np.asarray(whole, dtype=np.float64))
    return np.divide(part, whole, out=np.full(whole.shape, empty), where=whole > 0)


def _clicks(means: NDArray[np.float64], eta: NDArray[np.float64], link: Link) -> NDArray[np.float64]:
    return np.asarray(link.background - (1 - link.background) * np.expm1(-eta * means))


def _wrong(
    means: NDArray[np.float64], eta: NDArray[np.float64], clicks: NDArray[np.float64], link: Link
) -> NDArray[np.float64]:
    light = -np.expm1(-eta * means)
    own = link.background_error * link.background + link.misalignment * light
    return np.asarray(own + link.afterpulse / 2 * clicks)


def _detected(transmittance: ArrayLike, link: Link) -> NDArray[np.float64]:
    """Return the share of Alice's photons that Bob detects."""
    channel = as_probabilities(transmittance, "transmittance", "transmittances")
    return np.asarray(channel * as_link(link).receiver_efficiency)
