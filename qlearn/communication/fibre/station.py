"""The station in the middle: a beam splitter and detectors that nobody has to trust."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from types import MappingProxyType

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_probability, as_real
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
    read : mapping
        How each number was read from the source: printed there, or assumed.

    Raises
    ------
    ValueError, TypeError
        If a number is out of its range.

    Examples
    --------
    >>> float(STATIONS["lo2012"].arm(100).round(5))  # 50 km on either side, and a detector of 14.5 %
    0.0145

    Taught in :doc:`/communication/fibre`.
    """

    name: str
    loss_db_per_km: float
    efficiency: float
    dark: float
    misalignment: float
    error_correction: float
    source: str = ""
    read: Mapping[str, str] = field(default_factory=dict, repr=False, compare=False)

    def __post_init__(self) -> None:
        for name in ("efficiency", "dark", "misalignment"):
            as_probability(getattr(self, name), name)
        if self.dark == 1:
            raise ValueError("dark must be below 1: such a detector sees nothing but itself")
        as_real(self.loss_db_per_km, "loss_db_per_km", least=0)
        as_real(self.error_correction, "error_correction", least=1)

    def arm(self, length_km: ArrayLike) -> NDArray[np.float64]:
        r"""Return the share of a sender's photons that the station can detect.

        .. math:: t = \eta_d\,10^{-\alpha (L/2) / 10}

        Parameters
        ----------
        length_km : array_like of float, shape (...)
            :math:`L`, from Alice to Bob; the station is in the middle.

        Returns
        -------
        ndarray of float, shape (...)
        """
        return np.asarray(self.efficiency * transmittance(length_km, self.loss_db_per_km / 2))

    def channel(self, length_km: ArrayLike) -> NDArray[np.float64]:
        """Return the transmittance of the fibre from Alice to Bob, without detectors: what the PLOB bound takes.

        Parameters
        ----------
        length_km : array_like of float, shape (...)
            From Alice to Bob.

        Returns
        -------
        ndarray of float, shape (...)
        """
        return transmittance(length_km, self.loss_db_per_km)


def as_station(station: object) -> Station:
    """Return `station` if it is one."""
    if not isinstance(station, Station):
        known = ", ".join(f'STATIONS["{name}"]' for name in STATIONS)
        raise TypeError(f"station must be a Station, such as {known}, not {station!r}")
    return station


def _read() -> dict[str, Station]:
    sheets = json.loads(
        (files("qlearn.communication.fibre") / "data" / "stations.json").read_text(encoding="utf8")
    )
    return {
        name: Station(name=name, **{**sheet, "read": MappingProxyType(sheet["read"])})
        for name, sheet in sheets.items()
    }


STATIONS = MappingProxyType(_read())
"""Stations by name: "lo2012" (Lo, Curty and Qi 2012) and "nanowire" (assumed: superconducting detectors)."""
