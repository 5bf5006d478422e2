"""A downlink: the sender on board, the air, and the receiver on the ground, as published."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from qlearn._checks import as_real
from qlearn.communication.photons import Link, Source
from qlearn.communication.satellite.budget import atmosphere, geometric
from qlearn.communication.satellite.orbit import Pass


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
    read : mapping
        How each number was read from the source: printed, derived from what is printed, fitted or assumed.
    published : mapping
        What the source measured.

    Raises
    ------
    ValueError, TypeError
        If a number is out of its range.

    Examples
    --------
    >>> micius = DOWNLINKS["micius"]
    >>> micius.pulse_rate_hz, micius.published["key_bits"]
    (100000000.0, 300939)

    References
    ----------
    Liao et al., "Satellite-to-ground quantum key distribution", Nature 549, 43 (2017), arXiv:1707.00542.

    Taught in :doc:`/communication/satellite`.
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
    read: Mapping[str, str] = field(default_factory=dict, repr=False, compare=False)
    published: Mapping[str, float] = field(default_factory=dict, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not isinstance(self.laser, Source) or not isinstance(self.receiver, Link):
            raise TypeError("laser must be a photons.Source and receiver a photons.Link")
        for name in ("pulse_rate_hz", "divergence_urad", "jitter_urad", "aperture_m", "zenith_loss_db"):
            as_real(getattr(self, name), name, least=0)

    def transmittance(self, sky: Pass) -> NDArray[np.float64]:
        """Return the share of photons that enter the ground telescope, at each step of a pass.

        Parameters
        ----------
        sky : Pass
            From :func:`~qlearn.communication.satellite.overpass`.

        Returns
        -------
        ndarray of float, shape (n,)
            Beam, pointing and air; the receiver's efficiency is not in it.
        """
        if not isinstance(sky, Pass):
            raise TypeError(f"sky must be a Pass, as overpass returns it, not {type(sky).__name__}")
        caught = geometric(
            sky.range_km,
            divergence_urad=self.divergence_urad,
            aperture_m=self.aperture_m,
            jitter_urad=self.jitter_urad,
        )
        return caught * atmosphere(sky.elevation_deg, zenith_loss_db=self.zenith_loss_db)


def _read() -> dict[str, Downlink]:
    folder = files("qlearn.communication.satellite") / "data"
    found = {}
    for path in sorted(folder.iterdir(), key=lambda path: path.name):
        if not path.name.endswith(".json"):
            continue
        sheet = json.loads(path.read_text(encoding="utf8"))
        numbers = sheet["downlink"]
        laser = Source(
            tuple(numbers.pop("intensities")), tuple(numbers.pop("probabilities")), numbers.pop("p_x")
        )
        found[sheet["name"]] = Downlink(
            name=sheet["name"],
            laser=laser,
            receiver=Link(**sheet["receiver"], source=sheet["source"]),
            source=sheet["source"],
            read=MappingProxyType(sheet["read"]),
            published=MappingProxyType(sheet["published"]),
            **numbers,
        )
    return found


DOWNLINKS = MappingProxyType(_read())
"""Published downlinks by name: "micius" (Liao et al. 2017)."""
