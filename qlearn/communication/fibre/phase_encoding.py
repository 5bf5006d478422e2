"""Phase encoding: errors of interferometers and time bins, and fibre systems that use them, part by part."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import expit

from qlearn._checks import as_probabilities, as_probability, as_real, as_reals, broadcast
from qlearn._types import Array
from qlearn.communication._published import Published
from qlearn.communication.fibre.dead_time import afterpulse_probability
from qlearn.qubits.noise import db_to_transmittance


def interferometer_error(
    visibility: ArrayLike, *, offset_rad: ArrayLike = 0.0, drift_rad: ArrayLike = 0.0
) -> Array:
    r"""Return the share of photons that leave an interferometer by the wrong port.

    .. math:: e = \frac{1 - V \cos\varphi\; e^{-\sigma^2/2}}{2}

    A photon in two pulses, one after the other, is a qubit: early is :math:`|0\rangle`, late is :math:`|1\rangle`, and
    an interferometer that delays the early one by their distance reads its phase. :math:`V = (I_\text{max} -
    I_\text{min})/(I_\text{max} + I_\text{min})` of the fringes; a phase that is off by :math:`\varphi` and wanders about
    it (Gaussian, :math:`\sigma`) makes fewer fringes of them.

    Parameters
    ----------
    visibility : array_like of float, shape (...)
        :math:`V`, 0 to 1.
    offset_rad, drift_rad : array_like of float, shape (...)
        :math:`\varphi` and :math:`\sigma` in radian; broadcast.

    Returns
    -------
    ndarray of float, shape (...)
        :math:`e_\text{det}` of a :class:`~qlearn.communication.photons.Link`.

    Examples
    --------
    >>> interferometer_error([1, 0.98, 0.98], drift_rad=[0, 0, 0.2]).round(4)
    array([0.    , 0.01  , 0.0197])

    References
    ----------
    Gisin, Ribordy, Tittel and Zbinden, Rev. Mod. Phys. 74, 145 (2002), arXiv:quant-ph/0101098, section IV.A:
    QBER from visibility, :math:`(1 - V)/2`.
    """
    v, offset, drift = broadcast(
        visibility=as_probabilities(visibility, "visibility", "visibilities"),
        offset_rad=as_reals(offset_rad, "offset_rad"),
        drift_rad=as_reals(drift_rad, "drift_rad", least=0),
    )
    return np.asarray((1 - v * np.cos(offset) * np.exp(-(drift**2) / 2)) / 2)


def arm_visibility(imbalance_db: ArrayLike) -> Array:
    r"""Return the visibility of two pulses of unequal brightness, one arm losing `imbalance_db` more than the other.

    .. math:: V = \frac{2\sqrt{I_1 I_2}}{I_1 + I_2} = \frac{2\sqrt{q}}{1 + q}, \qquad q = 10^{-d/10}

    >>> arm_visibility([0, 1, 3]).round(4)
    array([1.    , 0.9934, 0.9432])
    """
    ratio = db_to_transmittance(as_reals(imbalance_db, "imbalance_db", least=0))
    return np.asarray(2 * np.sqrt(ratio) / (1 + ratio))


def time_bin_error(extinction_db: ArrayLike) -> Array:
    r"""Return the share of photons in the time bin that should be empty.

    .. math:: e = \frac{1}{1 + 10^{x/10}}

    Parameters
    ----------
    extinction_db : array_like of float, shape (...)
        :math:`x`, extinction ratio of the modulator: how much darker "off" is than "on".

    Returns
    -------
    ndarray of float, shape (...)

    Examples
    --------
    >>> time_bin_error([0, 20, 30]).round(4)
    array([0.5   , 0.0099, 0.001 ])
    """
    return np.asarray(expit(-as_reals(extinction_db, "extinction_db", least=0) * np.log(10) / 10))


@dataclass(frozen=True)
class FibreSystem:
    """A phase-encoded system with two gated detectors, part by part.

    Parameters
    ----------
    name : str
        Short name.
    pulse_rate_hz : float
        Pulses a second.
    loss_db_per_km, splice_db, splices_per_km : float
        Of the fibre, of one splice, and how many there are.
    connectors_db, filter_db, receiver_db : float
        Of all connectors, of the filter that separates the colours, of the interferometer and what else is before the
        detectors. An interferometer of plain splitters loses 3 dB more: half of the photons come in the outer time slots.
    efficiency, dark_hz, gate_s : float
        Of one detector: efficiency, dark counts a second while it listens, and how long it listens to a pulse.
    hold_off_s, afterpulse, decay_s : float
        Rest of both detectors after a click; afterpulses of a click without rest, and their mean delay.
    visibility, imbalance_db, drift_rad : float
        Of the interferometer: fringes at their best, how unequal its arms are, how far the phase wanders.
    bandwidth_nm, wavelength_nm : float
        Of the filter.
    error_correction : float
        Public bits over Shannon's limit.
    sifting : float
        Share of the pulses that are read in the basis they were written in.
    source : str
        Where the numbers come from.
    provenance : mapping
        How each number was read: printed, derived or assumed.

    Examples
    --------
    >>> round(SYSTEMS["gated"].optical_error, 4)
    0.0126
    """

    name: str
    pulse_rate_hz: float
    loss_db_per_km: float
    splice_db: float
    splices_per_km: float
    connectors_db: float
    filter_db: float
    receiver_db: float
    efficiency: float
    dark_hz: float
    gate_s: float
    hold_off_s: float
    afterpulse: float
    decay_s: float
    visibility: float
    imbalance_db: float
    drift_rad: float
    bandwidth_nm: float
    wavelength_nm: float
    error_correction: float
    sifting: float
    source: str = ""
    provenance: Mapping[str, str] = field(default_factory=dict, repr=False, compare=False)

    def __post_init__(self) -> None:
        for name in ("efficiency", "sifting"):
            as_probability(getattr(self, name), name)
        as_real(self.error_correction, "error_correction", least=1)
        afterpulse_probability(self.hold_off_s, total=self.afterpulse, decay_s=self.decay_s)
        interferometer_error(self.visibility, drift_rad=self.drift_rad)
        for name in (
            *("pulse_rate_hz", "loss_db_per_km", "splice_db", "splices_per_km", "connectors_db", "filter_db"),
            *("receiver_db", "dark_hz", "gate_s", "imbalance_db", "bandwidth_nm", "wavelength_nm"),
        ):
            as_real(getattr(self, name), name, least=0)

    @property
    def optical_error(self) -> float:
        """Share of the photons that the interferometer sends to the wrong detector."""
        contrast = self.visibility * float(arm_visibility(self.imbalance_db))
        return float(interferometer_error(contrast, drift_rad=self.drift_rad))


SYSTEMS: Mapping[str, FibreSystem] = Published(
    "SYSTEMS", FibreSystem, "qlearn.communication.fibre", "data/systems"
)
"""Fibre systems by name: "gated" (InGaAs diodes) and "nanowire" (superconducting detectors), both of round numbers."""
