"""The Trojan horse: Eve does not look at the pulses at all, she looks into Alice's box."""

from dataclasses import dataclass

import numpy as np

from qlearn._checks import as_real, as_rng
from qlearn.communication.bb84.eavesdropper import Interception
from qlearn.communication.bb84.pulses import Pulses
from qlearn.communication.coins import coins
from qlearn.communication.entropy import binary_entropy


@dataclass(frozen=True)
class TrojanHorse:
    r"""Eve shines light into Alice's modulator and reads its setting off the reflection.

    What comes back is a weak laser pulse of :math:`\mu` photons whose phase is the one that Alice has just
    set. When the basis is out, Eve has two coherent states :math:`|\pm\alpha\rangle` to tell apart, and the
    best measurement does it with

    .. math:: P = \tfrac12\bigl(1 + \sqrt{1 - e^{-4\mu}}\bigr),

    while the pulse that Bob gets was never touched: the error rate is 0. What must be charged is more than
    this guess is worth, since she can keep the light of all pulses and ask it together: Holevo's quantity,

    .. math:: \chi = h\Bigl(\tfrac12\bigl(1 - e^{-2\mu}\bigr)\Bigr)

    bits a key bit, for an Eve who does nothing else. No error rate bounds her, since Alice's box is supposed
    to be shut. What helps is hardware: isolators and filters that make :math:`\mu` small, and a bound on it
    that enters the key length.

    Parameters
    ----------
    photons : float
        Mean number :math:`\mu` of photons that leave Alice's box again, at least 0.

    Raises
    ------
    ValueError, TypeError
        If `photons` is no number of at least 0.

    Examples
    --------
    >>> round(TrojanHorse(photons=1.0).guess, 4)
    0.9954
    >>> round(TrojanHorse(photons=0.01).chi, 4)
    0.0801

    References
    ----------
    Gisin, Fasel, Kraus, Zbinden and Ribordy, Phys. Rev. A 73, 022320 (2006), arXiv:quant-ph/0507063;
    Lucamarini et al., Phys. Rev. X 5, 031030 (2015), arXiv:1506.01989 (how small it must be);
    Devetak and Winter, Proc. R. Soc. A 461, 207 (2005), arXiv:quant-ph/0306078 (why chi is charged).

    Taught in :doc:`/communication/eavesdropping`.
    """

    photons: float

    def __post_init__(self) -> None:
        as_real(self.photons, "photons", least=0)

    @property
    def guess(self) -> float:
        """Chance that she names the bit, asking the light of each pulse by itself."""
        return float(0.5 + 0.5 * np.sqrt(-np.expm1(-4 * self.photons)))

    @property
    def chi(self) -> float:
        """Bits of a key bit that the light of all pulses holds, asked together: what must be charged."""
        return float(binary_entropy(-np.expm1(-2 * self.photons) / 2))

    def intercept(self, pulses: Pulses, rng: np.random.Generator) -> tuple[Pulses, Interception]:
        """Read Alice's modulator.

        Parameters
        ----------
        pulses : Pulses
            What Alice sent. Its bits are what the modulator was set to: reading them is just what an honest
            attack on the line cannot do.
        rng : numpy.random.Generator
            Nature's coins.

        Returns
        -------
        Pulses
            The same.
        Interception
            Her guesses, made when the bases were out. ``touched`` is False throughout: no pulse was.
        """
        n = pulses.bits.size
        guessed = pulses.bits ^ coins(n, 1 - self.guess, as_rng(rng))
        return pulses, Interception(np.zeros(n, dtype=bool), pulses.bases.copy(), guessed)
