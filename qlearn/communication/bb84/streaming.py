"""Streaming: as many pulses as one likes, in as little memory as one has."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from tqdm import tqdm

from qlearn._checks import as_count, as_rng
from qlearn.communication._error_rates import count_by_basis, error_rate, rates_by_basis
from qlearn.communication.bb84.transmission import Attack, Transmission, checked_line, exchange


@dataclass(frozen=True)
class Tally:
    """Counts of transmissions by basis, which add up: all that is kept when the arrays are gone.

    Parameters
    ----------
    pulses, detected : int
        Sent by Alice, seen by Bob.
    sifted : tuple of (int, int)
        Bits that sifting keeps, in Z and in X.
    errors : tuple of (int, int)
        Those of them in which Alice and Bob differ.

    Examples
    --------
    >>> from qlearn.communication import bb84
    >>> total = sum(map(Tally.of, bb84.stream(10**6, noise=0.05, rng=1)), Tally())
    >>> total.pulses, round(total.qber, 3)
    (1000000, 0.05)
    """

    pulses: int = 0
    detected: int = 0
    sifted: tuple[int, int] = (0, 0)
    errors: tuple[int, int] = (0, 0)

    @classmethod
    def of(cls, transmission: Transmission) -> "Tally":
        """Count one transmission."""
        if not isinstance(transmission, Transmission):
            raise TypeError(f"transmission must be a Transmission, not {type(transmission).__name__}")
        kept, bases = transmission.kept.view(np.uint8), transmission.alice_bases
        errors = (transmission.alice_bits ^ transmission.bob_bits) & kept
        return cls(
            pulses=bases.size,
            detected=int(np.count_nonzero(transmission.detected)),
            sifted=_pair(count_by_basis(kept, bases)),
            errors=_pair(count_by_basis(errors, bases)),
        )

    def __add__(self, other: "Tally") -> "Tally":
        if not isinstance(other, Tally):
            return NotImplemented
        return Tally(
            self.pulses + other.pulses,
            self.detected + other.detected,
            (self.sifted[0] + other.sifted[0], self.sifted[1] + other.sifted[1]),
            (self.errors[0] + other.errors[0], self.errors[1] + other.errors[1]),
        )

    @property
    def qber(self) -> float:
        """Share of the sifted bits that differ; a ValueError if there are none."""
        return error_rate(sum(self.errors), sum(self.sifted))

    @property
    def qber_by_basis(self) -> dict[str, float]:
        """The same for each basis, ``{"Z": ..., "X": ...}``; nan where a basis has no bits."""
        errors, sifted = (dict(zip("ZX", pair, strict=True)) for pair in (self.errors, self.sifted))
        return rates_by_basis(errors, sifted)


def stream(
    n_pulses: int,
    *,
    chunk: int = 2**20,
    progress: bool | None = None,
    noise: float = 0.0,
    loss_db: float = 0.0,
    eavesdropper: Attack | None = None,
    p_x: float = 0.5,
    rng: Any = None,
) -> Iterator[Transmission]:
    """Send BB84 pulses in chunks, one :class:`Transmission` after the other.

    Take as many as needed and stop: nothing is computed before it is asked for, and a chunk that is not kept
    leaves no trace in memory.

    Parameters
    ----------
    n_pulses : int
        How many in all, at least 1.
    chunk : int
        Pulses a transmission; the last may be shorter. Memory grows with it: some 15 bytes a pulse.
    progress : bool, optional
        True: a progress bar on stderr. False: none. None: one in a terminal, if it takes more than a second.
    noise, loss_db, eavesdropper, p_x
        As in :func:`~qlearn.communication.bb84.exchange`.
    rng : None, int or numpy.random.Generator
        Everybody's coins. The same seed gives the same pulses only for the same `chunk`.

    Yields
    ------
    Transmission

    Examples
    --------
    >>> [sent.detected.size for sent in stream(2_500, chunk=1_000)]
    [1000, 1000, 500]
    """
    n_pulses, chunk, rng = as_count(n_pulses, "n_pulses"), as_count(chunk, "chunk"), as_rng(rng)
    if progress not in (None, True, False):
        raise TypeError(f"progress must be True, False or None, not {progress!r}")
    line = checked_line(noise=noise, loss_db=loss_db, eavesdropper=eavesdropper, p_x=p_x)
    return _chunks(n_pulses, chunk, progress, line, rng)


def _chunks(
    n_pulses: int, chunk: int, progress: bool | None, line: dict[str, Any], rng: np.random.Generator
) -> Iterator[Transmission]:
    hidden = None if progress is None else not progress  # tqdm: None hides the bar outside a terminal
    with tqdm(
        total=n_pulses, unit="pulse", unit_scale=True, disable=hidden, delay=1 if progress is None else 0
    ) as bar:
        for start in range(0, n_pulses, chunk):
            size = min(chunk, n_pulses - start)
            yield exchange(size, rng=rng, **line)
            bar.update(size)


def _pair(by_basis: dict[str, int]) -> tuple[int, int]:
    return by_basis["Z"], by_basis["X"]
