"""Masked leaks: leaks that were built not to be seen, and what a test that finds nothing is then worth."""

from dataclasses import dataclass
from hashlib import shake_256
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from qlearn._checks import as_bits, as_count, as_rng
from qlearn._types import Array, Bits
from qlearn.communication.randomness import random_bits

_LONGEST = 2**33  # bits of a stream: a gibibyte


@dataclass(frozen=True)
class SharedLeak:
    r"""A leak that deals each secret bit out over several pulses: their parity is the bit, and any fewer of them are coins.

    .. math:: s_i = y_{i,1} \oplus \dots \oplus y_{i,m}

    Whoever looks at one pulse at a time sees a fair coin that is independent of the secret: :math:`I(s; y_{i,1}) = 0`, as
    for every m - 1 of them, while all m hold the whole bit. Designers of chips share secrets like this to *stop* leaks, and
    an attack that combines m readings is called one of order m.

    Parameters
    ----------
    shares : int
        m, at least 2.

    Examples
    --------
    >>> leak = SharedLeak(shares=2)
    >>> secrets, seen = leak.record(4, rng=3)
    >>> bool((leak.read(seen) == secrets).all())
    True

    References
    ----------
    Chari, Jutla, Rao and Rohatgi, "Towards sound approaches to counteract power-analysis attacks", CRYPTO '99,
    doi:10.1007/3-540-48405-1_26.
    """

    shares: int = 2

    def __post_init__(self) -> None:
        as_count(self.shares, "shares", least=2)

    def record(self, n: int, rng: Any = None) -> tuple[Bits, Array]:
        """Return n fair bits and what the pulses show, as -1 and 1, shape (n, shares)."""
        n, rng = as_count(n, "n"), as_rng(rng)
        seen = random_bits(n * self.shares, rng=rng).reshape(n, self.shares)
        secrets = np.bitwise_xor.reduce(seen, axis=1).astype(np.uint8)
        return secrets, seen.astype(np.float64) * 2 - 1

    def read(self, seen: ArrayLike) -> Bits:
        """Return the bits, as the one who built the leak reads them, shape (n,)."""
        return ((np.asarray(seen) > 0).sum(axis=-1) & 1).astype(np.uint8)


@dataclass(frozen=True)
class KeyedLeak:
    r"""A leak under a key: each pulse shows the secret bit, exclusive-or the next bit of a stream that its builder can make.

    .. math:: y_i = s_i \oplus \mathrm{SHAKE256}(k)_i

    Whoever has k reads every bit. For everybody else the pulses are coins unless the stream can be told from coins, which
    nobody is known to be able to do: then no model finds the leak, however many rows it has and however honest its test is.
    Each bit of the stream serves one pulse. A record that began at the same `first` as another would repeat it, and whoever
    knows the bits of one would read the other.

    Parameters
    ----------
    key : bytes
        k, 16 bytes or more.

    Examples
    --------
    >>> leak = KeyedLeak(key=bytes(range(16)))
    >>> secrets, seen = leak.record(1000, rng=1)
    >>> bool((leak.read(seen) == secrets).all()), round(float((KeyedLeak(bytes(16)).read(seen) == secrets).mean()), 1)
    (True, 0.5)

    References
    ----------
    Young and Yung, "Kleptography: using cryptography against cryptography", EUROCRYPT '97, doi:10.1007/3-540-69053-0_6.
    """

    key: bytes

    def __post_init__(self) -> None:
        if not isinstance(self.key, bytes) or len(self.key) < 16:
            raise ValueError("key must be at least 16 bytes: a shorter one can be tried out")

    def record(self, n: int, rng: Any = None, *, first: int = 0) -> tuple[Bits, Array]:
        """Return n fair bits and what the pulses from number `first` on show, as -1 and 1, shape (n, 1)."""
        secrets = random_bits(as_count(n, "n"), rng=as_rng(rng))
        shown = secrets ^ self._stream(secrets.size, first)
        return secrets, shown.astype(np.float64)[:, None] * 2 - 1

    def read(self, seen: ArrayLike, *, first: int = 0) -> Bits:
        """Return the bits of the pulses from number `first` on, as the holder of the key reads them, shape (n,)."""
        shown = as_bits(np.asarray(seen).reshape(-1) > 0, "seen")
        return shown ^ self._stream(shown.size, first)

    def _stream(self, n: int, first: int) -> Bits:
        stop = as_count(first, "first", least=0) + n
        if stop > _LONGEST:
            raise ValueError(
                f"first must leave the last pulse within {_LONGEST:,}, as the stream is made from its beginning each time, "
                f"not at {stop:,}: take another key"
            )
        made = np.frombuffer(shake_256(self.key).digest(-(-stop // 8)), np.uint8)
        return np.unpackbits(made[first // 8 :])[first % 8 : first % 8 + n]
