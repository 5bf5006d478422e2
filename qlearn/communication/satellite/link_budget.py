"""Link budget: what a beam loses by spreading, by trembling and in the air, and published downlinks."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_real, as_reals
from qlearn._types import Array
from qlearn.communication._published import Published
from qlearn.communication.photons import Link, Source
from qlearn.communication.satellite.orbit import Pass, as_elevations
from qlearn.qubits.noise import db_to_transmittance


def geometric_transmittance(
    range_km: ArrayLike, *, divergence_urad: float, aperture_m: float, jitter_urad: float = 0.0
) -> Array:
    r"""Return the share of a Gaussian beam that a telescope catches, far away from the sender.

    .. math:: T = 1 - \exp\Bigl(-\frac{2 a^2}{w^2}\Bigr), \qquad w = d\,\sqrt{\theta^2 + 4\sigma^2}

    for a telescope of radius :math:`a` in the middle of a beam whose intensity has fallen to :math:`1/e^2` at the
    angle :math:`\theta` from its axis. Trembling by :math:`\sigma` in each of two directions makes the *mean* beam
    wider, and nothing else: a Gaussian smeared by a Gaussian. With distance the loss grows as :math:`d^2`, by
    6 dB where it doubles (once the beam is much wider than the telescope); in fibre the *decibels* double.

    Parameters
    ----------
    range_km : array_like of float, shape (...)
        :math:`d`, above 0.
    divergence_urad : float
        :math:`\theta` in microradian (half-angle at :math:`1/e^2`), above 0. Not below
        :func:`diffraction_limit` of the sender.
    aperture_m : float
        Diameter :math:`2a` of the receiving telescope.
    jitter_urad : float
        :math:`\sigma` of the pointing in microradian, each axis.

    Returns
    -------
    ndarray of float, shape (...)
        Mean transmittance.

    Examples
    --------
    >>> caught = geometric_transmittance([600, 1200], divergence_urad=7.41, aperture_m=1.0)
    >>> from qlearn.qubits.noise import transmittance_to_db
    >>> transmittance_to_db(caught).round(1)
    array([16., 22.])

    References
    ----------
    Any textbook on Gaussian beams; as part of a whole budget, Bourgoin et al., New J. Phys. 15, 023006 (2013),
    arXiv:1211.2733.
    """
    distance = as_reals(range_km, "range_km", least=0)
    if not distance.all():
        raise ValueError("range_km must be above 0: the formula is for a beam far away from its sender")
    theta, jitter = (
        as_real(value, name, least=0) * 1e-6
        for value, name in ((divergence_urad, "divergence_urad"), (jitter_urad, "jitter_urad"))
    )
    radius = as_real(aperture_m, "aperture_m", least=0) / 2
    if theta == 0:
        raise ValueError("divergence_urad must be above 0: no beam of finite width stays parallel")
    width = distance * 1e3 * np.hypot(theta, 2 * jitter)
    return np.asarray(-np.expm1(-2 * (radius / width) ** 2))


def diffraction_limit(wavelength_nm: float, aperture_m: float) -> float:
    r"""Return the smallest divergence of a Gaussian beam whose waist fills a telescope.

    .. math:: \theta = \frac{\lambda}{\pi w_0}, \qquad 2 w_0 = \text{aperture}

    Parameters
    ----------
    wavelength_nm : float
        In nm.
    aperture_m : float
        Diameter of the sending telescope in m.

    Returns
    -------
    float
        Half-angle at :math:`1/e^2` in microradian.

    Examples
    --------
    >>> round(diffraction_limit(848.6, 0.3), 2)
    1.8
    """
    wavelength, aperture = (
        as_real(wavelength_nm, "wavelength_nm", above=0),
        as_real(aperture_m, "aperture_m", above=0),
    )
    return wavelength * 1e-9 / (np.pi * aperture / 2) * 1e6


def airmass(elevation_deg: ArrayLike) -> Array:
    r"""Return the air mass: the air on the slanted way, relative to that towards the zenith.

    .. math:: X = \frac{1}{\sin\epsilon + 0.50572\,(\epsilon + 6.07995)^{-1.6364}} \approx \frac{1}{\sin\epsilon}

    with :math:`\epsilon` in degrees inside the power. The correction is for the curved, refracting air near the
    horizon, where :math:`1/\sin\epsilon` would go to infinity.

    Parameters
    ----------
    elevation_deg : array_like of float, shape (...)
        0 to 90 degrees.

    Returns
    -------
    ndarray of float, shape (...)
        1 at the zenith (to 0.03 %), 38 at the horizon (their table: 38.09).

    Examples
    --------
    >>> airmass([90, 30, 10, 0]).round(2)
    array([ 1.  ,  1.99,  5.59, 37.92])

    References
    ----------
    Kasten and Young, "Revised optical air mass tables and approximation formula", Applied Optics 28, 4735 (1989),
    doi:10.1364/AO.28.004735.
    """
    angle = as_elevations(elevation_deg)
    return np.asarray(1 / (np.sin(np.deg2rad(angle)) + 0.50572 * (angle + 6.07995) ** -1.6364))


def atmospheric_transmittance(elevation_deg: ArrayLike, *, zenith_loss_db: float) -> Array:
    r"""Return the transmittance of the air: Beer's law along the slanted way.

    .. math:: T = 10^{-A_0 X(\epsilon) / 10}

    Parameters
    ----------
    elevation_deg : array_like of float, shape (...)
        0 to 90 degrees.
    zenith_loss_db : float
        :math:`A_0`, loss straight up, at least 0.

    Returns
    -------
    ndarray of float, shape (...)

    Examples
    --------
    >>> atmospheric_transmittance([90, 30], zenith_loss_db=3).round(3)
    array([0.501, 0.252])
    """
    zenith = as_real(zenith_loss_db, "zenith_loss_db", least=0)
    return db_to_transmittance(zenith * airmass(elevation_deg))


@dataclass(frozen=True)
class Downlink:
    """A satellite with a laser, and a telescope below.

    Parameters
    ----------
    name : str
        Short name.
    pulse_rate_hz : float
        Pulses a second.
    laser : Source
        Intensities and bases.
    receiver : Link
        The ground station behind its telescope: efficiency, background, misalignment. No fibre.
    divergence_urad, jitter_urad : float
        Half-angle of the beam at 1/e^2, and standard deviation of its pointing in each axis, in microradian.
    aperture_m : float
        Diameter of the ground telescope.
    zenith_loss_db : float
        Loss in the air straight up.
    source : str
        Where the numbers come from.
    provenance : mapping
        How each number was read from the source: printed, derived from what is printed, fitted or assumed.
    published : mapping
        What the source measured.

    Examples
    --------
    >>> micius = DOWNLINKS["micius"]
    >>> micius.pulse_rate_hz, micius.published["key_bits"]
    (100000000.0, 300939)

    References
    ----------
    Liao et al., "Satellite-to-ground quantum key distribution", Nature 549, 43 (2017), arXiv:1707.00542.
    """

    name: str
    pulse_rate_hz: float
    laser: Source
    receiver: Link
    divergence_urad: float
    jitter_urad: float
    aperture_m: float
    zenith_loss_db: float
    source: str = ""
    provenance: Mapping[str, str] = field(default_factory=dict, repr=False, compare=False)
    published: Mapping[str, float] = field(default_factory=dict, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not isinstance(self.laser, Source) or not isinstance(self.receiver, Link):
            raise TypeError("laser must be a photons.Source and receiver a photons.Link")
        for name in ("pulse_rate_hz", "divergence_urad", "jitter_urad", "aperture_m", "zenith_loss_db"):
            as_real(getattr(self, name), name, least=0)

    def transmittance(self, flight: Pass) -> NDArray[np.float64]:
        """Return the transmittance of beam, pointing and air, without the receiver, at each step of a pass."""
        if not isinstance(flight, Pass):
            raise TypeError(f"flight must be a Pass, as overpass returns it, not {type(flight).__name__}")
        caught = geometric_transmittance(
            flight.range_km,
            divergence_urad=self.divergence_urad,
            aperture_m=self.aperture_m,
            jitter_urad=self.jitter_urad,
        )
        return caught * atmospheric_transmittance(flight.elevation_deg, zenith_loss_db=self.zenith_loss_db)


def _downlink(*, downlink: dict[str, Any], receiver: dict[str, Any], source: str, **fields: Any) -> Downlink:
    """Return the downlink of a file, where the laser's numbers stand among those of the beam."""
    intensities, probabilities = (tuple(downlink.pop(key)) for key in ("intensities", "probabilities"))
    laser = Source(intensities, probabilities, downlink.pop("p_x"))
    return Downlink(
        laser=laser, receiver=Link(**receiver, source=source), source=source, **fields, **downlink
    )


DOWNLINKS: Mapping[str, Downlink] = Published("DOWNLINKS", _downlink, "qlearn.communication.satellite")
"""Published downlinks by name: "micius" (Liao et al. 2017)."""
