"""Sifting: keep the pulses that arrived and were written and read in one basis."""

from dataclasses import dataclass, field

import numpy as np

from qlearn._checks import as_columns, read_only
from qlearn._types import Bits
from qlearn.communication._error_rates import count_by_basis, count_ones, error_rate, rates_by_basis
from qlearn.communication.bb84.transmission import Origin, Transmission, as_origin


@dataclass(frozen=True, eq=False, repr=False)
class SiftedKeys:
    """Alice's and Bob's bits of the kept pulses, side by side.

    Only a simulation sees both: in a laboratory neither party can compute :attr:`qber`, they have to give up
    bits to learn it (:func:`~qlearn.communication.bb84.estimate`).

    Parameters
    ----------
    alice, bob : ndarray of uint8, shape (n,)
        Their keys, which may differ.
    bases : ndarray of uint8, shape (n,)
        The common basis of each bit, 0 = Z, 1 = X. It is public.
    origin : Origin
        What light they came from, and whether a session has used them up.
    """

    alice: Bits
    bob: Bits
    bases: Bits
    origin: Origin = field(default_factory=Origin)

    def __post_init__(self) -> None:
        as_origin(self.origin)
        columns = as_columns(alice=self.alice, bob=self.bob, bases=self.bases)
        for name, column in zip(("alice", "bob", "bases"), columns, strict=True):
            object.__setattr__(self, name, read_only(column))

    def __len__(self) -> int:
        return self.alice.size

    def __repr__(self) -> str:
        rate = f", {self.qber:.1%} of them differ" if len(self) else ""
        return f"SiftedKeys({len(self):,} bits{rate}; {self.origin.light})"

    @property
    def qber(self) -> float:
        """Share of the sifted bits in which the two keys differ; a ValueError if there are none: it is unknown then, not 0."""
        return error_rate(count_ones(self.alice ^ self.bob), len(self))

    @property
    def qber_by_basis(self) -> dict[str, float]:
        """Error rate of the bits of each basis, ``{"Z": ..., "X": ...}``; nan where a basis has no bits.

        An eavesdropper who prefers one basis hides in the average of the two, never in both of them.
        """
        return rates_by_basis(count_by_basis(self.alice ^ self.bob, self.bases), self.bits_by_basis)

    @property
    def bits_by_basis(self) -> dict[str, int]:
        """How many sifted bits each basis has, ``{"Z": ..., "X": ...}``."""
        return count_by_basis(np.ones_like(self.bases), self.bases)


def sift(transmission: Transmission) -> SiftedKeys:
    r"""Keep the bits whose pulse was detected and whose bases agree.

    Bob says in public where his detector clicked and in which basis he read; Alice answers where that was
    hers. Not one bit is named. Of the detected pulses a share :math:`p_x^2 + (1-p_x)^2` stays: half of them
    when both bases are as likely.

    Here the talk is left out and its outcome computed. Where a key is to be made of the bits it must be said on a
    line that is authenticated afterwards: :func:`~qlearn.communication.secret_key.distill` does that.

    Parameters
    ----------
    transmission : Transmission
        What an :func:`~qlearn.communication.bb84.exchange` left.

    Returns
    -------
    SiftedKeys
        Possibly empty.

    Examples
    --------
    >>> from qlearn.communication import bb84
    >>> keys = sift(bb84.exchange(100_000, noise=0.03, rng=1))
    >>> round(len(keys) / 100_000, 2), round(keys.qber, 2)
    (0.5, 0.03)

    References
    ----------
    Bennett and Brassard, 1984, arXiv:2003.06557, section III.
    """
    if not isinstance(transmission, Transmission):
        raise TypeError(
            f"transmission must be a Transmission, as exchange returns it, not {type(transmission).__name__}"
        )
    # Taking by number is several times faster than indexing by a random mask.
    kept = np.flatnonzero(transmission.kept)
    return SiftedKeys(
        transmission.alice_bits.take(kept),
        transmission.bob_bits.take(kept),
        transmission.alice_bases.take(kept),
        transmission.origin,
    )
