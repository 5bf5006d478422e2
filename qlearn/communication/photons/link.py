"""Links: fibre and detectors as seven numbers, read from data files that name their source."""

import json
from dataclasses import dataclass
from importlib.resources import files
from types import MappingProxyType

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_probability, as_real
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

    Raises
    ------
    ValueError, TypeError
        If a number is out of its range.

    Examples
    --------
    >>> LINKS["gys"].transmittance([0, 100]).round(5)
    array([1.     , 0.00794])

    References
    ----------
    Ma, Qi, Zhao and Lo, "Practical decoy state for quantum key distribution", 2005,
    arXiv:quant-ph/0503005, section 2 and equations 5 and 6.

    Taught in :doc:`/communication/photons`.
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
        """Return the share of photons that leave the fibre; the receiver is not counted.

        Parameters
        ----------
        length_km : array_like of float, shape (...)
            Length in km, at least 0.

        Returns
        -------
        ndarray of float, shape (...)
        """
        return transmittance(length_km, self.loss_db_per_km)


def as_link(link: object) -> Link:
    """Return `link` if it is one."""
    if not isinstance(link, Link):
        known = ", ".join(f'LINKS["{name}"]' for name in LINKS)
        raise TypeError(f"link must be a Link, such as {known}, not {link!r}")
    return link


def _read() -> dict[str, Link]:
    folder = files("qlearn.communication.photons") / "data"
    texts = [path.read_text(encoding="utf8") for path in folder.iterdir() if path.name.endswith(".json")]
    links = [Link(**json.loads(text)) for text in texts]
    return {link.name: link for link in sorted(links, key=lambda link: link.name)}


LINKS = MappingProxyType(_read())
"""Published links by name: "gys" (Gobby, Yuan and Shields 2004) and "lim2014"."""
