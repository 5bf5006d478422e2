"""The system: what a fibre link is made of, part by part, and who else is in the fibre."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from types import MappingProxyType

import numpy as np

from qlearn._checks import as_probability, as_real
from qlearn.communication.fibre.afterpulses import afterpulse_probability
from qlearn.communication.fibre.raman import Direction, watt
from qlearn.communication.fibre.visibility import arm_visibility, interferometer_error


@dataclass(frozen=True)
class Traffic:
    """Data channels in the same fibre, all in one direction, counted as one.

    Parameters
    ----------
    launch_dbm : float
        Their power together where they enter the fibre, in dBm; minus infinity for a dark fibre.
    direction : {"forward", "backward"}
        With the photons or against them.
    coefficient : float
        Raman scattering, per km and nm.
    isolation_db : float
        How much more the filters take of the data's colour than of the photons'.

    Raises
    ------
    ValueError, TypeError
        If a number is out of its range.

    Examples
    --------
    >>> Traffic(launch_dbm=0.0).direction
    'forward'

    Taught in :doc:`/communication/fibre`.
    """

    launch_dbm: float = -np.inf
    direction: Direction = "forward"
    coefficient: float = 3e-9
    isolation_db: float = 100.0

    def __post_init__(self) -> None:
        watt(self.launch_dbm)
        for name in ("coefficient", "isolation_db"):
            as_real(getattr(self, name), name, least=0)
        if self.direction not in ("forward", "backward"):
            raise ValueError(f'direction must be "forward" or "backward", not {self.direction!r}')


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
    read : mapping
        How each number was read: printed, derived or assumed.

    Raises
    ------
    ValueError, TypeError
        If a number is out of its range.

    Examples
    --------
    >>> round(SYSTEMS["gated"].optical_error, 4)
    0.0126

    Taught in :doc:`/communication/fibre`.
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
    read: Mapping[str, str] = field(default_factory=dict, repr=False, compare=False)

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


def _read() -> dict[str, FibreSystem]:
    sheets = json.loads(
        (files("qlearn.communication.fibre") / "data" / "systems.json").read_text(encoding="utf8")
    )
    return {
        name: FibreSystem(name=name, **{**sheet, "read": MappingProxyType(sheet["read"])})
        for name, sheet in sheets.items()
    }


SYSTEMS = MappingProxyType(_read())
"""Fibre systems by name: "gated" (InGaAs diodes) and "nanowire" (superconducting detectors), both of round numbers."""
