"""The source: a laser so weak that a pulse holds a random number of photons."""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import gammaln, xlogy

from qlearn._checks import as_count, as_probability, as_real


def photon_probabilities(mu: ArrayLike, most: int) -> NDArray[np.float64]:
    r"""Return the chances of 0, 1, ..., `most` photons in a pulse of mean photon number `mu`.

    .. math:: P(n) = e^{-\mu}\,\frac{\mu^n}{n!}

    A laser whose phase is scrambled from pulse to pulse sends this mixture of photon numbers, and nothing
    else: that is what lets Eve count photons, and what lets Alice predict her.

    Parameters
    ----------
    mu : array_like of float, shape (...)
        Mean photon numbers, at least 0.
    most : int
        The largest photon number asked for.

    Returns
    -------
    ndarray of float, shape (..., most + 1)

    Examples
    --------
    >>> photon_probabilities(0.5, 3).round(4)
    array([0.6065, 0.3033, 0.0758, 0.0126])

    References
    ----------
    Ma, Qi, Zhao and Lo, 2005, arXiv:quant-ph/0503005, equation 1.
    """
    means = as_means(mu, "mu")[..., None]
    n = np.arange(as_count(most, "most", least=0) + 1)
    return np.asarray(np.exp(xlogy(n, means) - means - gammaln(n + 1)))


def as_means(mu: ArrayLike, name: str) -> NDArray[np.float64]:
    """Return mean photon numbers as a float array, or say what is wrong with them."""
    means = np.asarray(mu)
    if means.dtype.kind not in "uif":
        raise TypeError(f"{name} must be mean photon numbers, not {mu!r}")
    outside = means[~((means >= 0) & np.isfinite(means))]
    if outside.size:
        raise ValueError(f"{name} must be mean photon numbers, finite and at least 0, not {outside.flat[0]}")
    return means.astype(np.float64, copy=False)


def as_positive_means(mu: ArrayLike) -> NDArray[np.float64]:
    """Return mean photon numbers `mu` of pulses that are to carry bits."""
    means = as_means(mu, "mu")
    if not (means > 0).all():
        raise ValueError("mu must be above 0: a pulse that never holds a photon carries no bit")
    return means


class Intensity(IntEnum):
    """A setting of the source, which is the place of its row in all tables by intensity.

    Examples
    --------
    >>> Source().intensities[Intensity.WEAK]
    0.1
    """

    SIGNAL = 0
    WEAK = 1
    VACUUM = 2

    def __str__(self) -> str:
        return f"{self.value} ({self.name.lower()})"


@dataclass(frozen=True)
class Source:
    r"""Alice's laser and modulator: which intensities, how often, and in which basis.

    She chooses the intensity of each pulse at random and tells it only after the last pulse. A pulse of
    :math:`n` photons looks the same to Eve whichever intensity it came from.

    Parameters
    ----------
    intensities : tuple of 3 floats, or of 2
        Mean photon numbers of signal, weak decoy and (nearly) vacuum, in falling order, with
        signal > weak + vacuum, as the decoy bounds need. Two are signal and one decoy, which is not vacuum.
    probabilities : tuple of 3 floats, or of 2
        How often each is sent; they sum to 1.
    p_x : float
        Chance that Alice writes, and that Bob reads, in X. The others are in Z.

    Raises
    ------
    ValueError, TypeError
        If the intensities are not in order or the probabilities do not sum to 1.

    Examples
    --------
    >>> Source().intensities
    (0.5, 0.1, 0.0)
    >>> Source((0.5, 0.2), (0.7, 0.3)).intensities
    (0.5, 0.2)
    >>> Source((0.1, 0.5, 0.0))
    Traceback (most recent call last):
    ...
    ValueError: intensities must be signal > weak + vacuum and weak > vacuum >= 0, not (0.1, 0.5, 0.0)

    References
    ----------
    Three: Lim, Curty, Walenta, Xu and Zbinden, 2014, arXiv:1311.7129, section II. Two: Rusca, Boaron,
    Gruenenfelder, Martin and Zbinden, 2018, arXiv:1801.03443.
    """

    intensities: tuple[float, ...] = (0.5, 0.1, 0.0)
    probabilities: tuple[float, ...] = (0.8, 0.1, 0.1)
    p_x: float = 0.5

    def __post_init__(self) -> None:
        if len(self.intensities) not in (2, 3) or len(self.probabilities) != len(self.intensities):
            raise ValueError(
                "intensities and probabilities must be three each: signal, weak, vacuum; or two: signal, weak"
            )
        signal, weak, *dark = (as_real(mu, "an intensity", least=0) for mu in self.intensities)
        vacuum = dark[0] if dark else 0.0
        if not (signal - weak - vacuum > 0 and weak > vacuum):
            raise ValueError(
                f"intensities must be signal > weak + vacuum and weak > vacuum >= 0, not {self.intensities}"
            )
        probabilities = [as_probability(p, "a probability") for p in self.probabilities]
        if min(probabilities) == 0 or abs(sum(probabilities) - 1) > 1e-9:
            raise ValueError(f"probabilities must be above 0 and sum to 1, not {self.probabilities}")
        as_probability(self.p_x, "p_x")
