"""The exchange: n pulses from Alice to Bob, through Eve's hands, noise and loss."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qlearn._checks import as_columns, as_count, as_probability, as_real, as_rng
from qlearn.communication.bb84.eavesdropper import Eavesdropper
from qlearn.communication.bb84.origin import Origin, as_origin, read_only
from qlearn.communication.bb84.pulses import Bits, Pulses, read
from qlearn.communication.coins import coins


@dataclass(frozen=True, eq=False)
class Transmission:
    """All that Alice and Bob have after the last pulse, before they speak.

    Parameters
    ----------
    alice_bits, alice_bases : ndarray of uint8, shape (n,)
        What Alice wrote, and how: 0 = Z, 1 = X.
    bob_bits, bob_bases : ndarray of uint8, shape (n,)
        What Bob read, and how. His bit is 0 and means nothing where no pulse was detected.
    detected : ndarray of bool, shape (n,)
        Where a pulse survived the loss and Bob's detector clicked.
    eve : object
        What the eavesdropper wrote down (an :class:`~qlearn.communication.bb84.Interception`), or None. For
        lessons about her; neither Alice nor Bob has it, and no later step reads it.
    origin : Origin
        What light it was, and whether a session has used the bits up.

    Raises
    ------
    ValueError, TypeError
        If the five are no arrays of 0 and 1, or not of one length.

    Taught in :doc:`/communication/bb84`.
    """

    alice_bits: Bits
    alice_bases: Bits
    bob_bits: Bits
    bob_bases: Bits
    detected: NDArray[np.bool_]
    eve: Any = field(default=None, repr=False)
    origin: Origin = field(default_factory=Origin, repr=False)

    def __post_init__(self) -> None:
        names = ("alice_bits", "alice_bases", "bob_bits", "bob_bases", "detected")
        columns = as_columns(**{name: getattr(self, name) for name in names})
        as_origin(self.origin)
        for name, column in zip(names, columns, strict=True):
            object.__setattr__(self, name, read_only(column.view(bool) if name == "detected" else column))

    @property
    def kept(self) -> NDArray[np.bool_]:
        """Mask of the pulses that sifting keeps, from what is said in public: bases and clicks."""
        return np.equal(self.alice_bases, self.bob_bases) & self.detected


def exchange(
    n_pulses: int,
    *,
    noise: float = 0.0,
    loss_db: float = 0.0,
    eavesdropper: Eavesdropper | None = None,
    p_x: float = 0.5,
    rng: Any = None,
) -> Transmission:
    r"""Send BB84 pulses from Alice to Bob.

    Alice writes random bits in random bases; Eve, if there is one, has the pulses first; on the way to Bob a
    pulse suffers a Pauli Y with probability `noise` (it flips the bit in Z and in X alike) and arrives with
    probability :math:`10^{-\text{loss}/10}`; Bob reads in random bases. Where the bases agree, an
    eavesdropper who causes errors :math:`q` and noise :math:`e` make together

    .. math:: \mathrm{QBER} = e\,(1-q) + q\,(1-e).

    Parameters
    ----------
    n_pulses : int
        At least 1. Five arrays of this many bytes are returned: beyond some 10**7 use
        :func:`~qlearn.communication.bb84.stream`.
    noise : float
        Error rate that the line causes in matching bases, 0 to 1, the same in both.
    loss_db : float
        Loss from Alice to Bob's click in dB, at least 0: 3 dB loses half of the pulses, 10 dB nine in ten.
    eavesdropper : Eavesdropper, optional
        For example :class:`~qlearn.communication.bb84.InterceptResend`. None: nobody listens.
    p_x : float
        Chance that a pulse is written, and that it is read, in X. The bases agree with probability
        :math:`p_x^2 + (1-p_x)^2`.
    rng : None, int or numpy.random.Generator
        Everybody's coins; a given Generator is used, not copied. Eve gets one of her own, seeded from it.

    Returns
    -------
    Transmission

    Raises
    ------
    ValueError, TypeError
        If a number is out of its range or `eavesdropper` cannot intercept.

    Examples
    --------
    >>> sent = exchange(1000, rng=1)
    >>> same = sent.alice_bases == sent.bob_bases
    >>> (sent.alice_bits[same] == sent.bob_bits[same]).all()
    np.True_

    References
    ----------
    Bennett and Brassard, "Quantum cryptography: public key distribution and coin tossing", 1984,
    reprinted as arXiv:2003.06557, section III.

    Taught in :doc:`/communication/bb84`.
    """
    n, rng = as_count(n_pulses, "n_pulses"), as_rng(rng)
    line = checked_line(noise=noise, loss_db=loss_db, eavesdropper=eavesdropper, p_x=p_x)
    noise, loss_db, p_x = line["noise"], line["loss_db"], line["p_x"]

    sent = Pulses(coins(n, rng=rng), coins(n, p_x, rng))
    flying, notes = (sent, None) if eavesdropper is None else _through_her_hands(sent, eavesdropper, rng)
    arriving = Pulses(flying.bits ^ coins(n, noise, rng), flying.bases)
    bob_bases = coins(n, p_x, rng)
    detected = coins(n, 10 ** (-loss_db / 10), rng)
    bob_bits = read(arriving, bob_bases, rng) & detected
    return Transmission(sent.bits, sent.bases, bob_bits, bob_bases, detected.view(bool), notes)


def _through_her_hands(
    sent: Pulses, eavesdropper: Eavesdropper, rng: np.random.Generator
) -> tuple[Pulses, Any]:
    """Let Eve have the pulses, and refuse what cannot fly on from her."""
    # What Alice wrote down stays what it was, whatever Eve does to the pulses: she cannot write in it.
    bits, bases = sent.bits.view(), sent.bases.view()
    bits.flags.writeable = bases.flags.writeable = False
    # Coins of her own: whoever held a copy of the common generator would know what Bob is going to throw.
    hers = np.random.default_rng(rng.integers(2**32, size=8))
    answer = eavesdropper.intercept(Pulses(bits, bases), hers)
    if not (isinstance(answer, tuple) and len(answer) == 2 and isinstance(answer[0], Pulses)):
        raise TypeError(
            "eavesdropper must return (pulses, notes) from intercept: the Pulses that go on to Bob, "
            f"and what Eve wrote down, not {answer!r}"
        )
    n, passed = sent.bits.size, answer[0].bits.size
    if passed != n:
        raise ValueError(f"eavesdropper must pass on one pulse for each of the {n} it got, not {passed}")
    return answer


def checked_line(
    *, noise: float, loss_db: float, eavesdropper: Eavesdropper | None, p_x: float
) -> dict[str, Any]:
    """Return the keywords of a line between Alice and Bob, checked."""
    able = isinstance(eavesdropper, Eavesdropper) and not isinstance(eavesdropper, type)
    if eavesdropper is not None and not able:
        raise TypeError(
            "eavesdropper must be None or an object with an intercept(pulses, rng) method, "
            f"such as InterceptResend(), not {eavesdropper!r}"
        )
    return {
        "noise": as_probability(noise, "noise"),
        "loss_db": as_real(loss_db, "loss_db", least=0),
        "eavesdropper": eavesdropper,
        "p_x": as_probability(p_x, "p_x"),
    }
