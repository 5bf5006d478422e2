"""Photon-number splitting: Eve counts photons, keeps one of several, and hides in the loss of the line."""

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq

from qlearn._checks import as_probability, as_real
from qlearn.communication.photons.link import Link, as_link, gain

Photons = NDArray[np.int64]


@runtime_checkable
class PhotonAttack(Protocol):
    """Anything with a `tap` method: it sees how many photons a pulse has, and nothing else of it."""

    def tap(self, photons: Photons, rng: np.random.Generator) -> tuple[Photons, NDArray[np.bool_]]:
        """Return how many photons of each pulse reach Bob's door, and which pulses Eve will know."""
        ...


@dataclass(frozen=True)
class PhotonNumberSplitting:
    r"""Eve replaces the fibre: she blocks single photons and takes one photon of every larger pulse.

    She counts the photons without disturbing what they say, stores hers until the bases are public, and then
    reads the bit with certainty. What she lets pass travels through a better line. A pulse of :math:`n` photons
    now makes a click with probability

    .. math:: Y_1 = Y_0 + (1 - b)\,\eta', \qquad Y_{n \ge 2} = 1 - (1 - Y_0)(1 - \eta')^{n-1}

    (to first order in :math:`Y_0`; times :math:`1 + p_\text{ap}` for detectors with afterpulses), where an honest
    line gives :math:`1 - (1 - Y_0)(1 - \eta)^n`.

    Parameters
    ----------
    block : float
        :math:`b`, share of the single photons that she blocks.
    forward : float
        Transmittance of her line; :math:`\eta' = \text{forward} \times \eta_\text{Bob}`.

    Examples
    --------
    >>> eve = PhotonNumberSplitting()
    >>> arriving, known = eve.tap(np.array([0, 1, 2, 5]), np.random.default_rng(1))
    >>> arriving, known
    (array([0, 0, 1, 4]), array([False, False,  True,  True]))

    References
    ----------
    Brassard et al., "Limitations on practical quantum cryptography",
    Phys. Rev. Lett. 85, 1330 (2000), arXiv:quant-ph/9911054.
    """

    block: float = 1.0
    forward: float = 1.0

    def __post_init__(self) -> None:
        as_probability(self.block, "block")
        as_probability(self.forward, "forward")

    def tap(self, photons: Photons, rng: np.random.Generator) -> tuple[Photons, NDArray[np.bool_]]:
        """Take the photons out of Alice's door; see :class:`PhotonAttack`."""
        known = photons >= 2
        passed = photons - known
        single = np.flatnonzero(photons == 1)
        passed[single] = rng.random(single.size) >= self.block
        some = np.flatnonzero(passed)
        passed[some] = rng.binomial(passed[some], self.forward)
        return passed, known

    def gain(self, mu: float, *, link: Link) -> float:
        """Return the gain that Bob sees of pulses of mean photon number `mu`: the sum over photon numbers."""
        as_real(mu, "mu", least=0)
        detected = self.forward * as_link(link).receiver_efficiency
        dark, stays = np.exp(-mu), 1 - detected
        single = mu * dark * (1 - (1 - self.block) * detected)
        # sum over n >= 2 of P(n) stays^(n-1); for stays = 0 every such pulse is seen.
        several = dark * (np.expm1(mu * stays) - mu * stays) / stays if stays > 0 else 0.0
        return float((1 + link.afterpulse) * (1 - (1 - link.background) * (dark + single + several)))

    @classmethod
    def unseen(cls, mu: float, transmittance: float, *, link: Link) -> "PhotonNumberSplitting":
        r"""Return the attack that leaves the gain of the signal what it is without Eve.

        She blocks as many single photons as she can. If the larger pulses alone give Bob too many clicks, she
        blocks all and lets her line lose some; if too few, she lets some single photons pass.

        Parameters
        ----------
        mu : float
            Mean photon number of the signal, the only intensity that she is prepared for.
        transmittance : float
            Of the channel that Alice and Bob believe in.
        link : Link
            Bob's receiver.

        Returns
        -------
        PhotonNumberSplitting

        Raises
        ------
        ValueError
            If the channel loses so little that no line of hers makes up for the photons she keeps.

        Examples
        --------
        >>> from qlearn.communication.photons import LINKS
        >>> eve = PhotonNumberSplitting.unseen(0.5, 0.01, link=LINKS["gys"])
        >>> eve.block, round(eve.forward, 3)  # every single photon is blocked, and Bob counts as before
        (1.0, 0.047)
        """
        wanted = float(gain(mu, as_probability(transmittance, "transmittance"), link=link))
        if cls(1.0, 1.0).gain(mu, link=link) >= wanted:
            forward = brentq(
                lambda fraction: cls(1.0, fraction).gain(mu, link=link) - wanted, 0.0, 1.0, xtol=1e-15
            )
            return cls(1.0, float(forward))
        if cls(0.0, 1.0).gain(mu, link=link) < wanted:
            raise ValueError(
                f"transmittance must be lower for Eve to stay unseen: at {transmittance:g} Bob misses every photon she keeps"
            )
        return cls(float(brentq(lambda fraction: cls(fraction).gain(mu, link=link) - wanted, 0.0, 1.0)), 1.0)
