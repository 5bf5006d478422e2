"""Pulses: a bit written in a basis, and what another basis reads of it."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from qlearn._checks import as_rng, read_only, same_length
from qlearn._types import Bits
from qlearn.communication.randomness import random_bits

BASES = {"Z": 0, "X": 1, "Y": 2, "breidbart": 3}
"""The number that stands for a basis; "breidbart" lies halfway between Z and X."""

DIRECTIONS = read_only(np.array([[0, 0, 1], [1, 0, 0], [0, 1, 0], [1 / np.sqrt(2), 0, 1 / np.sqrt(2)]]))
"""Where bit 0 of each basis points on the Bloch sphere (x, y, z); bit 1 points the other way."""

FLIPS = read_only((1 - DIRECTIONS @ DIRECTIONS.T) / 2)
"""Chance that a bit written in one basis and read in another comes out flipped, shape (written, read)."""

TURNS = {basis: float(np.arctan2(x, z)) for basis, (x, y, z) in zip(BASES, DIRECTIONS, strict=True) if not y}
"""By which angle about the y axis Z is turned into a basis: those that intercept and resend may measure in."""


@dataclass(frozen=True, eq=False)
class Pulses:
    r"""Qubits on their way, each one bit written in one basis.

    Written in Z a bit is :math:`|0\rangle` or :math:`|1\rangle`, in X :math:`|+\rangle` or :math:`|-\rangle`.

    Parameters
    ----------
    bits : ndarray of uint8, shape (n,)
        What is written.
    bases : ndarray of uint8, shape (n,)
        How: the numbers of :data:`BASES`.
    """

    bits: Bits
    bases: Bits

    def __post_init__(self) -> None:
        _refuse_unless_small(self.bits, "bits", most=1)
        _refuse_unless_small(self.bases, "bases", most=len(BASES) - 1)
        same_length(self.bits, self.bases, "bits and bases")

    def __repr__(self) -> str:
        return f"Pulses({self.bits.size:,} of them)"


def measure_pulses(pulses: Pulses, bases: Bits, rng: Any = None) -> Bits:
    r"""Measure each pulse in a basis.

    The outcome is the written bit, flipped with the probability that the Born rule gives. With
    :math:`\vec a` and :math:`\vec b` for the directions of bit 0 in the two bases,

    .. math:: P(\text{flip}) = |\langle 0_b | 1_a \rangle|^2 = \frac{1 - \vec a \cdot \vec b}{2} :

    never in the same basis, a fair coin between Z and X, :math:`\sin^2(\pi/8) = 0.146` between either of them
    and the Breidbart basis. The bit written counts only through the pulse: this function is all that an
    outcome, Bob's or Eve's, ever depends on.

    Parameters
    ----------
    pulses : Pulses
        n of them.
    bases : ndarray of uint8, shape (n,)
        Basis to read each of them in, the numbers of :data:`BASES`.
    rng : None, int or numpy.random.Generator
        Nature's coins.

    Returns
    -------
    ndarray of uint8, shape (n,)
        Outcomes.

    Examples
    --------
    >>> written = Pulses(np.array([0, 1, 0, 1], dtype=np.uint8), np.array([0, 0, 1, 1], dtype=np.uint8))
    >>> measure_pulses(written, written.bases)
    array([0, 1, 0, 1], dtype=uint8)
    """
    rng = as_rng(rng)
    _refuse_unless_small(bases, "bases", most=len(BASES) - 1)
    same_length(pulses.bits, bases, "pulses and bases")
    if max(pulses.bases.max(), bases.max()) <= BASES["X"]:
        # Z and X alone: a coin where the bases differ. The whole speed of the module is this line.
        flips = (pulses.bases ^ bases) & random_bits(bases.size, rng=rng)
    else:
        flips = (rng.random(bases.size) < FLIPS[pulses.bases, bases]).view(np.uint8)
    outcomes: Bits = pulses.bits ^ flips
    return outcomes


def _refuse_unless_small(array: Any, name: str, *, most: int) -> None:
    """Refuse what is not a uint8 array of the numbers 0 to `most`, one a pulse."""
    if not (isinstance(array, np.ndarray) and array.dtype == np.uint8 and array.ndim == 1):
        raise TypeError(
            f"{name} must be a uint8 array of one axis, not {array!r}: np.array([0, 1], dtype=np.uint8)"
        )
    if not array.size or array.max() > most:
        raise ValueError(f"{name} must be numbers from 0 to {most}, one for each pulse, not {array}")
