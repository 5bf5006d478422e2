"""Measurement-device independence: Alice and Bob both send to a station in the middle, which may belong to Eve."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import i0e

from qlearn._checks import as_probabilities, as_probability, as_real, broadcast
from qlearn._types import Array
from qlearn.communication._grid_search import grid_maximum
from qlearn.communication._published import Published, as_record
from qlearn.communication.photons import SinglePhotons
from qlearn.communication.photons.link import error_rate
from qlearn.communication.photons.source import as_means, as_positive_means
from qlearn.qubits.entropies import binary_entropy
from qlearn.qubits.noise import transmittance


@dataclass(frozen=True)
class Station:
    r"""Two equal fibres, from Alice and from Bob, and the detectors where they meet.

    Parameters
    ----------
    name : str
        Short name.
    loss_db_per_km : float
        :math:`\alpha` of either fibre.
    efficiency : float
        :math:`\eta_d` of each detector, with the optics before it.
    dark : float
        :math:`p_d`, chance that one detector clicks in a pulse without light.
    misalignment : float
        Share of the light that interferes into the wrong detector.
    error_correction : float
        :math:`f`, at least 1.
    source : str
        Where the numbers come from.
    provenance : mapping
        How each number was read from the source: printed there, or assumed.

    Examples
    --------
    >>> float(STATIONS["lo2012"].arm(100).round(5))  # 50 km on either side, and a detector of 14.5 %
    0.0145
    """

    name: str
    loss_db_per_km: float
    efficiency: float
    dark: float
    misalignment: float
    error_correction: float
    source: str = ""
    provenance: Mapping[str, str] = field(default_factory=dict, repr=False, compare=False)

    def __post_init__(self) -> None:
        for name in ("efficiency", "dark", "misalignment"):
            as_probability(getattr(self, name), name)
        if self.dark == 1:
            raise ValueError("dark must be below 1: such a detector sees nothing but itself")
        as_real(self.loss_db_per_km, "loss_db_per_km", least=0)
        as_real(self.error_correction, "error_correction", least=1)

    def arm(self, length_km: ArrayLike) -> NDArray[np.float64]:
        r"""Return :math:`\eta_d\,10^{-\alpha L / 20}`, the share of a sender's photons that the station, half way, can detect."""
        return np.asarray(self.efficiency * transmittance(length_km, self.loss_db_per_km / 2))

    def channel(self, length_km: ArrayLike) -> NDArray[np.float64]:
        """Return the transmittance of the fibre from Alice to Bob, without detectors: what the PLOB bound takes."""
        return transmittance(length_km, self.loss_db_per_km)


def as_station(station: object) -> Station:
    """Return `station` if it is one."""
    return as_record(station, "station", Station, STATIONS)


STATIONS: Mapping[str, Station] = Published(
    "STATIONS", Station, "qlearn.communication.fibre", "data/stations"
)
"""Stations by name: "lo2012" (Lo, Curty and Qi 2012) and "nanowire" (assumed: superconducting detectors)."""


_FAINTEST, _BRIGHTEST = 1e-3, 2.0


class Gains(NamedTuple):
    """How often a pair of pulses is announced, and how often with unequal bits: `clicks` and `wrong`, shape (...)."""

    clicks: Array
    wrong: Array


def mdi_single(arm: ArrayLike, *, station: Station) -> SinglePhotons:
    r"""Return yield and X error of pairs of single photons, on an honest line with an honest Bell measurement.

    .. math::

        Y_{11} &= (1 - p_d)^2 \Bigl[\frac{t^2}{2} + (4t - 3t^2)\,p_d + 4 (1 - t)^2 p_d^2\Bigr] \\
        e_{11} Y_{11} &= \frac{Y_{11}}{2} - \Bigl(\frac12 - e_d\Bigr)(1 - p_d)^2\,\frac{t^2}{2}

    Two of the four Bell states are announced: two clicks of unlike polarisation. Two photons project on them in half the
    cases, which gives :math:`t^2/2`; the rest are dark clicks (Xu, Curty, Qi and Lo, 2013, arXiv:1305.6965).

    >>> pair = mdi_single(0.145, station=STATIONS["lo2012"])
    >>> round(float(pair.clicks), 5), round(float(pair.errors), 4)
    (0.01051, 0.0151)
    """
    t, p = as_probabilities(arm, "arm", "transmittances"), as_station(station).dark
    both = t**2 / 2
    clicks = (1 - p) ** 2 * (both + (4 * t - 3 * t**2) * p + 4 * (1 - t) ** 2 * p**2)
    wrong = clicks / 2 - (0.5 - station.misalignment) * (1 - p) ** 2 * both
    return SinglePhotons(np.asarray(clicks), error_rate(wrong, clicks, empty=0.5))


def mdi_gain(mu: ArrayLike, arm: ArrayLike, *, station: Station) -> Gains:
    r"""Return how often two laser pulses, both written in Z, make the station announce a Bell state.

    .. math::

        Q_C &= 2 (1 - p_d)^2 e^{-\mu'/2} \bigl[1 - (1 - p_d) e^{-\mu'/4}\bigr]^2, \qquad \mu' = 2 t \mu \\
        Q_E &= 2 p_d (1 - p_d)^2 e^{-\mu'/2} \bigl[I_0(t \mu) - (1 - p_d) e^{-\mu'/2}\bigr] \\
        Q &= Q_C + Q_E, \qquad E Q = e_d Q_C + (1 - e_d) Q_E

    Unlike bits put light on detectors of either polarisation and are announced (:math:`Q_C`). Like bits light one
    polarisation, and a dark click must help (:math:`Q_E`); their phases are random, which gives the Bessel function
    (Ma and Razavi, 2012, arXiv:1204.4856, appendix B).

    >>> seen = mdi_gain(0.4, 0.01, station=STATIONS["lo2012"])
    >>> round(float(seen.wrong / seen.clicks), 4)
    0.0179
    """
    mean, t = broadcast(mu=as_means(mu, "mu"), arm=as_probabilities(arm, "arm", "transmittances"))
    p, light = as_station(station).dark, t * mean
    lit = -np.expm1(-light / 2) + p * np.exp(-light / 2)  # one polarisation, one detector
    unlike = 2 * (1 - p) ** 2 * np.exp(-light) * lit**2
    like = 2 * p * (1 - p) ** 2 * (i0e(light) - (1 - p) * np.exp(-2 * light))
    wrong = station.misalignment * unlike + (1 - station.misalignment) * like
    return Gains(np.asarray(unlike + like), np.asarray(wrong))


def mdi_rate(length_km: ArrayLike, *, station: Station, mu: ArrayLike | None = None) -> Array:
    r"""Return the secret bits per pair of pulses, one from Alice and one from Bob.

    .. math:: R = \mu^2 e^{-2\mu}\,Y_{11}\,\bigl[1 - h(e_{11})\bigr] - Q\,f\,h(E)

    for endless keys, infinitely many decoys, and nearly all pulses in Z. Nothing is assumed of the station: what it
    announces may be any function of what it received. Each pulse has two modes (polarisations, or time bins), so the
    bound for a fibre without a station is *twice* :func:`~qlearn.communication.photons.plob` per pulse.

    Parameters
    ----------
    length_km : array_like of float, shape (...)
        From Alice to Bob; the station is in the middle.
    station : Station
        For example ``STATIONS["lo2012"]``.
    mu : array_like of float, optional
        Mean photon number of either pulse, above 0; broadcasts. None: the best of a search, for each length.

    Returns
    -------
    ndarray of float, shape (...)
        Bit per pair of pulses, never negative.

    Examples
    --------
    >>> from qlearn.communication.fibre import STATIONS
    >>> mdi_rate([0, 100, 200, 260], station=STATIONS["lo2012"])
    array([5.75e-04, 4.93e-06, 2.14e-08, 0.00e+00])

    References
    ----------
    Lo, Curty and Qi, Phys. Rev. Lett. 108, 130503 (2012), arXiv:1109.1473, equation 1.
    """
    arm = as_station(station).arm(length_km)
    return rate_of_means(lambda means, arm: _rate(means, arm, station), arm, mu, _FAINTEST, _BRIGHTEST)


def rate_of_means(
    rate: Callable[[Array, Array], Array], arm: Array, mu: ArrayLike | None, faintest: float, brightest: float
) -> Array:
    """Return the rate, never negative, at the mean photon number `mu`, or at the best one between the two ends."""
    if mu is None:
        best = grid_maximum(lambda means: rate(means, arm), arm.shape, faintest, brightest)[1]
    else:
        best = rate(*broadcast(mu=as_positive_means(mu), length_km=arm))
    return np.asarray(best.clip(0))


def _rate(mu: Array, arm: Array, station: Station) -> Array:
    single, seen = mdi_single(arm, station=station), mdi_gain(mu, arm, station=station)
    errors = error_rate(seen.wrong, seen.clicks, empty=0.0)
    secret = (mu * np.exp(-mu)) ** 2 * single.clicks * (1 - binary_entropy(single.errors))
    return np.asarray(secret - seen.clicks * station.error_correction * binary_entropy(errors))
