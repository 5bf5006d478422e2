"""Intercept and resend: what an eavesdropper on the line does to the pulses, and what she writes down."""

from dataclasses import dataclass, field
from typing import Any, Literal, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from qlearn._checks import as_probability, as_rng
from qlearn._types import Bits
from qlearn.communication.bb84.pulses import BASES, TURNS, Pulses, measure_pulses
from qlearn.communication.randomness import random_bits


@dataclass(frozen=True, eq=False)
class EavesdropperRecord:
    """What Eve recorded of each pulse: whether she measured it, in which basis, and with which outcome.

    Parameters
    ----------
    touched : ndarray of bool, shape (n,)
        The pulses she measured.
    bases : ndarray of uint8, shape (n,)
        The basis she measured in, the numbers of :data:`~qlearn.communication.bb84.BASES`.
    bits : ndarray of uint8, shape (n,)
        What she read: her guess at Alice's bit. 0 where she did not look, as good a guess as any.
    attacked : ndarray of bool, shape (n,), optional
        The pulses for which she did something, if that were not all: she may attack a pulse's bit and leave the
        pulse untouched, as in :class:`~qlearn.communication.eavesdropping.TrojanHorse`. None: all.
    """

    touched: NDArray[np.bool_]
    bases: Bits
    bits: Bits
    attacked: NDArray[np.bool_] | None = field(default=None, kw_only=True)


@runtime_checkable
class Eavesdropper(Protocol):
    """Anything with an `intercept` method: it may do to the pulses what physics allows.

    It gets the pulses before Bob has chosen a basis, and coins that are nobody else's. An honest one looks at them only
    through :func:`~qlearn.communication.bb84.measure_pulses`, which measures.
    """

    def intercept(self, pulses: Pulses, rng: np.random.Generator) -> tuple[Pulses, Any]:
        """Return the pulses that go on to Bob, and whatever Eve notes."""
        ...


@dataclass(frozen=True)
class InterceptResend:
    r"""Eve measures a pulse and sends Bob a new one that says what she read.

    Where Alice's and Bob's bases agree she causes errors. With each of Z and X as likely as the other
    (``basis="random"``): wrong basis 1/2, then Bob wrong 1/2,

    .. math:: e_Z = e_X = \frac{f}{4}

    for a fraction :math:`f` of the pulses. Always in Z: :math:`e_Z = 0,\ e_X = f/2`. In the Breidbart basis,
    halfway: :math:`e = 2 f \sin^2(\pi/8) \cos^2(\pi/8) = f/4` in both, and her guess is right with
    :math:`\cos^2(\pi/8) = 0.8536`.

    Parameters
    ----------
    fraction : float
        Share of the pulses she intercepts, chosen at random. 1.0: all of them.
    basis : {"random", "Z", "X", "breidbart"}
        Where she measures. "random": Z or X by a fair coin for each pulse, whatever bias Alice and Bob have.

    Examples
    --------
    >>> from qlearn.communication import bb84
    >>> keys = bb84.sift(bb84.exchange(100_000, eavesdropper=InterceptResend(basis="Z"), rng=1))
    >>> {basis: round(e, 2) for basis, e in keys.qber_by_basis.items()}
    {'Z': 0.0, 'X': 0.5}

    References
    ----------
    Bennett et al., "Experimental quantum cryptography", J. Cryptology 5, 3 (1992),
    doi:10.1007/BF00191318 (also the Breidbart basis).
    """

    fraction: float = 1.0
    basis: Literal["random", "Z", "X", "breidbart"] = "random"

    def __post_init__(self) -> None:
        as_probability(self.fraction, "fraction")
        if self.basis not in ("random", *TURNS):
            raise ValueError(
                f'basis must be "random", "Z", "X" or "breidbart", not {self.basis!r}: '
                "Eve measures each pulse in one of them"
            )

    def intercept(self, pulses: Pulses, rng: np.random.Generator) -> tuple[Pulses, EavesdropperRecord]:
        """Return her own pulses where she measured and Alice's where she did not, and what she wrote down."""
        n, rng = pulses.bits.size, as_rng(rng)
        bases = (
            random_bits(n, rng=rng)
            if self.basis == "random"
            else np.full(n, BASES[self.basis], dtype=np.uint8)
        )
        bits = measure_pulses(pulses, bases, rng)
        if self.fraction == 1:
            return Pulses(bits, bases), EavesdropperRecord(np.ones(n, dtype=bool), bases, bits)
        touched = random_bits(n, self.fraction, rng).view(bool)
        resent = Pulses(np.where(touched, bits, pulses.bits), np.where(touched, bases, pulses.bases))
        return resent, EavesdropperRecord(touched, bases, bits & touched)
