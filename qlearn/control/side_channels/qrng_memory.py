"""QRNG memory: a generator whose bits depend on those before, and what that leaves of each bit."""

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from qlearn._checks import as_count, as_real, as_rng
from qlearn._types import Bits
from qlearn.communication.random_numbers import MarkovSource
from qlearn.communication.randomness import random_bits


class MemoryEntropy(NamedTuple):
    """Bits of a bit, given all before it: for long samples that are compressed, and for one guess."""

    shannon: float
    min_entropy: float


def memory_entropy(excess: float) -> MemoryEntropy:
    r"""Return both entropies of a generator that repeats its last bit with the chance 1/2 + e.

    .. math:: H = h(\tfrac12 + e), \qquad H_\infty = -\log_2(\tfrac12 + |e|)

    A hash may take the second, and no more: that is what one guess leaves. For the small e of a good device it is lost at the
    first order, :math:`2|e|/\ln 2`, while Shannon's, :math:`2e^2/\ln 2`, hardly moves.

    Parameters
    ----------
    excess : float
        e, -1/2 to 1/2.

    Returns
    -------
    MemoryEntropy

    Examples
    --------
    >>> [round(value, 6) for value in memory_entropy(0.05)]
    [0.992774, 0.862496]

    References
    ----------
    Shannon, 1948, section 7. NIST SP 800-90B (2018), doi:10.6028/NIST.SP.800-90B.
    """
    e = as_real(excess, "excess", least=-0.5, most=0.5)
    source = MarkovSource(0.5 - e, 0.5 + e)
    return MemoryEntropy(source.shannon_rate, source.min_entropy_rate)


@dataclass(frozen=True)
class ParitySource:
    r"""A generator that leans towards the parity of some bits before; fewer than all of *these* tell nothing.

    .. math:: x_i = x_{i-l_1} \oplus \dots \oplus x_{i-l_m} \oplus n_i, \qquad \Pr(n_i = 0) = \tfrac12 + e

    Other bits may tell a little: two steps of lags 1 and 2 cancel to :math:`x_i = x_{i-3} \oplus n_i \oplus n_{i-1}`, and the
    bit three back alone is repeated with the chance :math:`\tfrac12 + 2e^2`. One lag of 1 is the repeating generator of
    :func:`memory_entropy`.

    Parameters
    ----------
    lags : tuple of int
        :math:`l_1 < \dots < l_m`, each at least 1.
    excess : float
        e, 0 to 1/2.

    Examples
    --------
    >>> source = ParitySource(lags=(1, 4), excess=0.1)
    >>> source.guess
    0.6
    >>> bits = source.sample(100_000, rng=1)
    >>> likely = bits[3:-1] ^ bits[:-4]
    >>> round(float(bits.mean()), 2), round(float((bits[4:] == likely).mean()), 2)
    (0.5, 0.6)

    References
    ----------
    Blum, Kalai and Wasserman, J. ACM 50, 506 (2003), arXiv:cs/0010022: how hard noisy parities are to learn.
    """

    lags: tuple[int, ...]
    excess: float

    def __post_init__(self) -> None:
        if not isinstance(self.lags, tuple) or not self.lags:
            raise ValueError(f"lags must be a tuple of whole numbers, not {self.lags!r}")
        for lag in self.lags:
            as_count(lag, "lags")
        if sorted(set(self.lags)) != list(self.lags):
            raise ValueError(f"lags must increase: a bit that is added twice falls out; not {self.lags}")
        as_real(self.excess, "excess", least=0, most=0.5)

    @property
    def guess(self) -> float:
        """Chance that the best reader of all bits before names the next one: 1/2 + e."""
        return 0.5 + self.excess

    @property
    def entropy(self) -> MemoryEntropy:
        """Both entropies of a bit given all before it."""
        return memory_entropy(self.excess)

    def sample(self, n: int, rng: Any = None) -> Bits:
        """Return n bits in a row, the first of them fair, shape (n,)."""
        n, rng = as_count(n, "n"), as_rng(rng)
        longest = self.lags[-1]
        bits = np.concatenate([random_bits(longest, rng=rng), random_bits(n, 0.5 - self.excess, rng)])
        # The nearest lag says how many bits can be made at once.
        step = self.lags[0]
        for start in range(longest, bits.size, step):
            stop = min(start + step, bits.size)
            for lag in self.lags:
                bits[start:stop] ^= bits[start - lag : stop - lag]
        return bits[longest:]
