"""Pulse accounts: where the pulses of a session go, and what share of them ends as key."""

from collections.abc import Iterator
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import ArrayLike

from qlearn._checks import as_probabilities, as_reals
from qlearn._types import Array
from qlearn.communication.photons import Link, Source, expected_counts, finite_key
from qlearn.communication.photons.finite_keys import FiniteKey
from qlearn.qubits.entropies import binary_entropy

_SUM = 1e-9


def sifted_share(alice: ArrayLike, bob: ArrayLike | None = None) -> Array:
    r"""Return the share of the arriving pulses whose basis Bob asks, shape (...).

    .. math:: s = \sum_b p^A_b\, p^B_b

    Parameters
    ----------
    alice, bob : array_like of float, shape (..., bases)
        How often each basis is chosen; each row sums to 1. Bob's are Alice's if not given.

    Returns
    -------
    ndarray of float, shape (...)

    Examples
    --------
    >>> sifted_share([[0.5, 0.5], [0.9, 0.1]]), float(sifted_share([1 / 3] * 3).round(4))
    (array([0.5 , 0.82]), 0.3333)

    References
    ----------
    Lo, Chau and Ardehali, "Efficient quantum key distribution scheme and a proof of its unconditional security", J. Cryptology
    18, 133 (2005), arXiv:quant-ph/0011056: bases that are chosen unequally.
    """
    rows = [_as_choice(x, name) for x, name in ((alice, "alice"), (alice if bob is None else bob, "bob"))]
    if rows[0].shape[-1] != rows[1].shape[-1]:
        raise ValueError(
            f"alice and bob must choose among the same bases, not {rows[0].shape[-1]} and {rows[1].shape[-1]}"
        )
    return np.asarray((rows[0] * rows[1]).sum(axis=-1))


@dataclass(frozen=True)
class PulseAccount:
    """Shares of the pulses sent, by where they went; they sum to 1.

    Parameters
    ----------
    lost : float
        Made no click: fibre, detector, and pulses that held no photon.
    unequal : float
        Clicked, and were asked in another basis.
    tested : float
        Clicked in the test basis and were published.
    unproven : float
        Sifted key bits that may have come from pulses of two photons and more, as far as the decoys prove.
    eavesdropper : float
        Bits of single photons that Eve may know, given the phase error.
    correction : float
        Disclosed by error correction.
    statement : float
        What the security statement costs. Where no key is left, all that was not yet spent.
    key : float
        Secret bits per pulse.
    """

    lost: float
    unequal: float
    tested: float
    unproven: float
    eavesdropper: float
    correction: float
    statement: float
    key: float

    def __iter__(self) -> Iterator[tuple[str, float]]:
        """Yield the names and the shares, in the order in which pulses go."""
        return ((part.name, getattr(self, part.name)) for part in fields(self))


def pulse_account(
    n_pulses: float, *, link: Link, transmittance: float, source: Source, security: float | None = 1e-10
) -> PulseAccount:
    """Return where the pulses of an honest session go, all of them: each is lost, spent, or a bit of the key.

    The counts are those to expect, the key is that of :func:`~qlearn.communication.photons.finite_key` with the link's
    factor of error correction.

    Parameters
    ----------
    n_pulses : float
        Pulses of the session.
    link, transmittance, source
        As for :func:`~qlearn.communication.photons.expected_counts`; a link without afterpulses or with few.
    security : float or None
        As for :func:`~qlearn.communication.photons.finite_key`; None: without statistics.

    Returns
    -------
    PulseAccount

    Examples
    --------
    >>> from qlearn.communication.photons import LINKS, Source
    >>> account = pulse_account(1e10, link=LINKS["lim2014"], transmittance=0.1, source=Source(p_x=0.2))
    >>> round(account.lost, 3), round(account.key, 5)
    (0.996, 0.00028)
    >>> round(sum(share for _, share in account), 12)
    1.0
    """
    counts = expected_counts(n_pulses, link=link, transmittance=transmittance, source=source)
    found = finite_key(counts, source=source, security=security, efficiency=link.error_correction)
    sent, clicked = float(counts.sent.sum()), float(counts.clicked.sum())
    key_bits, tested = float(counts.sifted[:, 0].sum()), float(counts.sifted[:, 1].sum())
    parts = _spent(found, key_bits)
    return PulseAccount(
        *(float(part) / sent for part in (sent - clicked, clicked - key_bits - tested, tested, *parts))
    )


def _spent(found: FiniteKey, sifted: float) -> tuple[float, ...]:
    """Return how the sifted key bits are spent, in order, and never more than are left."""
    eve = found.single * float(binary_entropy(found.phase_error))
    wanted = [sifted - found.vacuum - found.single, eve, found.leak, found.overhead]
    left, spent = sifted, []
    for bits in wanted:
        spent.append(min(bits, left))
        left -= spent[-1]
    if found.length == 0:  # less than one bit is none
        spent[-1] += left
        left = 0.0
    return *spent, left


def _as_choice(x: ArrayLike, name: str) -> Array:
    rows = as_probabilities(as_reals(x, name), name)
    if not rows.ndim or (np.abs(rows.sum(axis=-1) - 1) > _SUM).any():
        raise ValueError(f"{name} must be how often each basis is chosen, rows that sum to 1, not {rows}")
    return rows
