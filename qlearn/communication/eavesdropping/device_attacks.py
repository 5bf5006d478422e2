"""Attacks on the devices: the Trojan horse at Alice's modulator, and blinded and time-shifted detectors at Bob's.

:class:`TrojanHorse` is an :class:`~qlearn.communication.bb84.Attack` on the line. The two on the detectors are not: what
a click means is no longer Bob's to say, so they cannot hand pulses on to :func:`~qlearn.communication.bb84.exchange`. They
take its place instead, as functions of one form: ``n_pulses``, what Eve does, ``p_x`` and ``rng`` go in, a
:class:`~qlearn.communication.bb84.Transmission` with her record comes out, for
:func:`~qlearn.communication.eavesdropping.observe`.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qlearn._checks import as_count, as_probability, as_real, as_rng
from qlearn.communication.bb84 import Transmission, measure_pulses
from qlearn.communication.bb84.transmission import EavesdropperRecord, Pulses
from qlearn.communication.randomness import random_bits
from qlearn.qubits.entropies import binary_entropy


@dataclass(frozen=True)
class TrojanHorse:
    r"""An attack that reads the setting of Alice's modulator off light reflected from it.

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
    """

    photons: float

    def __post_init__(self) -> None:
        as_real(self.photons, "photons", least=0)

    @property
    def joint(self) -> NDArray[np.float64]:
        """Chances of Bob's bit and her guess, shape (basis, bit, bob, guess): he has Alice's bit, she most of the time."""
        right = np.eye(2)
        hers = self.guess * right + (1 - self.guess) * (1 - right)
        return np.broadcast_to(right[:, :, None] * hers[:, None, :], (2, 2, 2, 2))

    @property
    def guess(self) -> float:
        """Chance that she names the bit, asking the light of each pulse by itself."""
        return float(0.5 + 0.5 * np.sqrt(-np.expm1(-4 * self.photons)))

    @property
    def chi(self) -> float:
        """Bits of a key bit that the light of all pulses holds, asked together: what must be charged."""
        return float(binary_entropy(-np.expm1(-2 * self.photons) / 2))

    def intercept(self, pulses: Pulses, rng: np.random.Generator) -> tuple[Pulses, EavesdropperRecord]:
        """Read Alice's modulator: the bits themselves, which no honest attack on the line can do."""
        n = pulses.bits.size
        guessed = pulses.bits ^ random_bits(n, 1 - self.guess, as_rng(rng))
        return pulses, EavesdropperRecord(np.zeros(n, dtype=bool), pulses.bases.copy(), guessed)


def blinded_exchange(n_pulses: int, *, power: float = 1.5, p_x: float = 0.5, rng: Any = None) -> Transmission:
    r"""Send BB84 pulses to blinded detectors, which click for Eve's bright flashes alone.

    Under bright light an avalanche photodiode stops counting photons: it becomes a light meter that clicks
    above a threshold. Eve measures Alice's pulse in a basis of her own and sends Bob a flash of `power`
    thresholds that says what she found. In her basis all of it meets one detector; in the other it splits,
    half on each:

    ============== ================= =============================
    power          Bob in her basis  Bob in the other
    ============== ================= =============================
    below 1        no click          no click
    1 to 2         reads her bit     **no click**: lost, like a photon
    2 and more     reads her bit     both click: he throws a coin
    ============== ================= =============================

    In the middle row Bob's bit is hers wherever he has one, so what is sifted has no errors, and Eve has
    all of it.

    Parameters
    ----------
    n_pulses : int
        At least 1.
    power : float
        Of Eve's flashes, in units of the threshold; at least 0.
    p_x, rng
        As in :func:`~qlearn.communication.bb84.exchange`; Eve throws a fair coin for her bases.

    Returns
    -------
    Transmission
        With Eve's record.

    Examples
    --------
    >>> from qlearn.communication import bb84
    >>> keys = bb84.sift(blinded_exchange(100_000, rng=1))
    >>> keys.qber
    0.0

    References
    ----------
    Lydersen et al., Nature Photonics 4, 686 (2010), arXiv:1008.4593;
    Gerhardt et al., Nature Communications 2, 349 (2011), arXiv:1011.0105 (on a running system).
    """
    n, rng = as_count(n_pulses, "n_pulses"), as_rng(rng)
    power, p_x = as_real(power, "power", least=0), as_probability(p_x, "p_x")
    sent = Pulses(random_bits(n, rng=rng), random_bits(n, p_x, rng))
    hers = random_bits(n, rng=rng)
    found = measure_pulses(sent, hers, rng)
    bob_bases = random_bits(n, p_x, rng)
    same = hers == bob_bases
    detected = np.where(same, power >= 1, power >= 2).view(np.uint8)
    bob_bits = np.where(same, found, random_bits(n, rng=rng)) & detected
    notes = EavesdropperRecord(np.ones(n, dtype=bool), hers, found)
    return Transmission(sent.bits, sent.bases, bob_bits, bob_bases, detected.view(bool), notes)


def time_shifted_exchange(
    n_pulses: int, *, efficiencies: tuple[float, float], p_x: float = 0.5, rng: Any = None
) -> Transmission:
    r"""Send BB84 pulses whose arrival Eve shifts to where one of Bob's two detectors is the better one.

    Bob has a detector for 0 and one for 1, open for a moment each, and never at exactly the same moment.
    Eve delays a pulse so that it falls where one detector sees with efficiency :math:`\eta` and the other
    with :math:`\eta' < \eta`. If Bob announces a click, the favoured detector is the likelier:

    .. math:: P = \frac{\eta}{\eta + \eta'}, \qquad I = 1 - h(P),

    at an error rate of 0: she did not measure anything, and by favouring both in turn she keeps his zeros
    and ones in balance. She holds no quantum memory, so I is all that she has: there is no :math:`\chi` above it.

    Parameters
    ----------
    n_pulses : int
        At least 1.
    efficiencies : tuple of (float, float)
        Of the favoured detector and of the other one, 0 to 1: the first is no lower, for she favours the better.
    p_x, rng
        As in :func:`~qlearn.communication.bb84.exchange`.

    Returns
    -------
    Transmission
        With Eve's record: her guess is the detector that she favoured.

    Examples
    --------
    >>> from qlearn.communication.eavesdropping import observe
    >>> seen = observe(time_shifted_exchange(400_000, efficiencies=(0.2, 0.05), rng=1))
    >>> seen.qber["Z"], round(seen.guess["Z"], 2)
    (0.0, 0.8)

    References
    ----------
    Qi, Fung, Lo and Ma, Quantum Inf. Comput. 7, 73 (2007), arXiv:quant-ph/0512080;
    Zhao, Fung, Qi, Chen and Lo, Phys. Rev. A 78, 042333 (2008), arXiv:0704.3253 (on a commercial system).
    """
    n, rng, p_x = as_count(n_pulses, "n_pulses"), as_rng(rng), as_probability(p_x, "p_x")
    if not isinstance(efficiencies, tuple | list) or len(efficiencies) != 2:
        raise ValueError(
            f"efficiencies must be two numbers, of the favoured and the other detector, not {efficiencies!r}"
        )
    good, poor = (as_probability(eta, "efficiencies") for eta in efficiencies)
    if poor > good:
        raise ValueError(
            f"efficiencies must name the favoured detector first, the better one, not ({good:g}, {poor:g}): "
            "Eve's guess is the detector that she favours"
        )
    sent = Pulses(random_bits(n, rng=rng), random_bits(n, p_x, rng))
    bob_bases, favoured = random_bits(n, p_x, rng), random_bits(n, rng=rng)
    fallen = measure_pulses(sent, bob_bases, rng)  # the detector that the photon falls on
    detected = np.where(fallen == favoured, random_bits(n, good, rng), random_bits(n, poor, rng)).astype(bool)
    notes = EavesdropperRecord(np.zeros(n, dtype=bool), sent.bases.copy(), favoured)
    return Transmission(sent.bits, sent.bases, fallen & detected, bob_bases, detected, notes)
