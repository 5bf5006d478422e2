"""Attacks on the line: what every attack does and knows, what Eve writes down, and intercept and resend."""

from dataclasses import dataclass, field, fields
from inspect import getattr_static
from typing import Any, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from qlearn._checks import as_probability, as_rng, same_columns
from qlearn._types import Bits
from qlearn.communication.bb84.pulses import BASES, FLIPS, TURNS, Pulses, measure_pulses
from qlearn.communication.randomness import random_bits

_DERIVED: Any = None  # a field that __post_init__ fills


@dataclass(frozen=True, eq=False, repr=False)
class EavesdropperRecord:
    """Eve's notes, one entry a pulse: which pulses she measured, in which basis, and her guess at Alice's bit.

    Every field is an array of length n, also those that a subclass adds:
    :class:`~qlearn.communication.eavesdropping.PartialAttack` puts the entries of all of them where they belong.

    Parameters
    ----------
    touched : ndarray of bool, shape (n,)
        The pulses she measured, or let meet her memory.
    bases : ndarray of uint8, shape (n,)
        The basis she measured in, the numbers of :data:`~qlearn.communication.bb84.BASES`; Alice's, where she
        waited for its announcement.
    bits : ndarray of uint8, shape (n,)
        Her best guess at Alice's bit. 0 where she did not look, as good a guess as any.
    outcomes : ndarray of uint8, shape (n,), optional
        Number of the outcome that she found, where it says more than the guess: also how good the guess is.
        None: `bits` as they are when the record is made.
    attacked : ndarray of bool, shape (n,), optional
        The pulses for which she did something, if that were not all: she may attack a pulse's bit and leave the
        pulse untouched, as in :class:`~qlearn.communication.eavesdropping.TrojanHorse`. None: all.
    """

    touched: NDArray[np.bool_]
    bases: Bits
    bits: Bits
    outcomes: Bits = field(default=_DERIVED, kw_only=True)
    attacked: NDArray[np.bool_] = field(default=_DERIVED, kw_only=True)

    def __post_init__(self) -> None:
        derived = {"outcomes": self.bits, "attacked": np.broadcast_to(np.True_, np.shape(self.touched))}
        for name, column in derived.items():
            if getattr(self, name) is None:
                object.__setattr__(self, name, column)
        same_columns(**{part.name: getattr(self, part.name) for part in fields(self)})

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.touched.size} pulses, {np.count_nonzero(self.touched)} touched)"


class Attack(Protocol):
    """What Eve does to the pulses on the line, and what she knows of a sifted bit in the end.

    :func:`~qlearn.communication.bb84.exchange` asks for `intercept` alone, so that any object with this method is
    an attack. :func:`~qlearn.communication.eavesdropping.predict` asks for `joint`. An attack that does not have it,
    or has None, as a subclass does that defines none, can still be counted by
    :func:`~qlearn.communication.eavesdropping.observe`.
    """

    @property
    def joint(self) -> NDArray[np.float64] | None:
        """Chances of Bob's bit and Eve's outcome in a sifted round, shape (basis, bit, bob, outcomes), or None.

        Alice's bases are Z and X. The chances sum to 1 for each basis and bit of hers; Bob reads in her basis.
        """
        return None

    def intercept(self, pulses: Pulses, rng: np.random.Generator) -> tuple[Pulses, EavesdropperRecord | None]:
        """Return the pulses that go on to Bob, one for each, and Eve's record: every field of it an array of length n.

        It gets the pulses before Bob has chosen a basis, and coins that are nobody else's. An honest one looks at
        them only through :func:`~qlearn.communication.bb84.measure_pulses`, which measures.
        """
        ...


def joint_of(attack: Any) -> NDArray[np.float64] | None:
    """Return the joint distribution of an attack, or None where it has none: an error within it is an error."""
    return None if getattr_static(attack, "joint", None) is None else attack.joint


def is_attack(x: Any) -> bool:
    """Tell whether `x` is an object, and not a class, with an `intercept` method."""
    return callable(getattr(x, "intercept", None)) and not isinstance(x, type)


def partial_joint(joint: NDArray[np.float64], fraction: float) -> NDArray[np.float64]:
    """Return the `joint` of an attack on this fraction of the pulses: one more outcome, for those left alone."""
    untouched = np.broadcast_to(np.eye(2)[:, :, None], (2, 2, 2, 1))  # Bob reads what Alice wrote
    return np.concatenate([fraction * joint, (1 - fraction) * untouched], axis=-1)


def _measured_joint(basis: int) -> NDArray[np.float64]:
    """Return the `joint` of an Eve who measures every pulse in this basis and sends on what she read."""
    flip = FLIPS[: BASES["X"] + 1, basis]
    channel = np.stack([1 - flip, flip], axis=-1)[:, [[0, 1], [1, 0]]]  # [basis, written, read]
    return np.einsum("aik,akj->aijk", channel, channel)


@dataclass(frozen=True)
class InterceptResend:
    r"""An attack that measures pulses and sends Bob new ones, written as they were found.

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

    @property
    def joint(self) -> NDArray[np.float64]:
        """Chances of Bob's bit and her outcome, shape (basis, bit, bob, outcomes); see :class:`Attack`."""
        bases = ("Z", "X") if self.basis == "random" else (self.basis,)
        tables = [_measured_joint(BASES[basis]) / len(bases) for basis in bases]
        return partial_joint(np.concatenate(tables, axis=-1), self.fraction)

    def intercept(self, pulses: Pulses, rng: np.random.Generator) -> tuple[Pulses, EavesdropperRecord]:
        """Measure and resend: her own pulse where she measured, Alice's where she did not."""
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
