"""Intercept and resend: Eve measures pulses on the line, and sends Bob new ones."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from qlearn._checks import as_probability, as_rng
from qlearn.communication.bb84.transmission import (
    BASES,
    FLIPS,
    TURNS,
    EavesdropperRecord,
    Pulses,
    measure_pulses,
)
from qlearn.communication.randomness import random_bits


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
