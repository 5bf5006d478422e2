r"""Fixed point: real numbers as words of w bits, whose sums modulo :math:`2^w` are exact."""

from dataclasses import dataclass
from math import ceil, floor, log2
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_count, as_real, as_reals, as_rng

Words = NDArray[np.uint64]
"""Words of one update, each below :math:`2^w`."""


def value_word_bits(value_bits: int, n_clients: int) -> int:
    r"""Return the bits of a word that holds the sum of so many values of `value_bits` bits.

    .. math:: w = b + \lceil \log_2 n \rceil

    Parameters
    ----------
    value_bits : int
        :math:`b`, bits of one client's value, its sign included.
    n_clients : int
        :math:`n`.

    Returns
    -------
    int

    Examples
    --------
    >>> value_word_bits(8, n_clients=10)
    12
    """
    return as_count(value_bits, "value_bits") + (as_count(n_clients, "n_clients") - 1).bit_length()


def ternary_word_bits(n_clients: int) -> int:
    r"""Return the bits of a word that holds the sum of so many values -1, 0 or 1: :math:`\lceil\log_2(2n+1)\rceil`.

    Parameters
    ----------
    n_clients : int
        :math:`n`.

    Returns
    -------
    int

    Examples
    --------
    >>> ternary_word_bits(10)
    5
    """
    return (2 * as_count(n_clients, "n_clients")).bit_length()


@dataclass(frozen=True)
class FixedPoint:
    r"""Real numbers as whole multiples of :math:`2^{-s}`, modulo :math:`2^w`.

    .. math:: x \mapsto \operatorname{round}(2^s x) \bmod 2^w, \qquad n \max|x|\, 2^s < 2^{w-1}

    Under the bound the sum of :math:`n` words, read as a signed number, is the exact sum of the rounded values; beyond it
    the sum wraps to another number, and nothing shows it. So the bound is checked before anything is sent. Rounding moves
    a sum by at most :math:`n\,2^{-(s+1)}`.

    Parameters
    ----------
    fraction_bits : int
        :math:`s`. It may be negative: then the step is larger than 1.
    word_bits : int
        :math:`w`, 2 to 64.

    Examples
    --------
    >>> numbers = FixedPoint(fraction_bits=16)
    >>> words = numbers.encode([0.5, -1.25], n_clients=3)
    >>> [f"{word:016x}" for word in words.tolist()], numbers.decode(words)
    (['0000000000008000', 'fffffffffffec000'], array([ 0.5 , -1.25]))
    >>> FixedPoint(fraction_bits=40).largest(n_clients=10)
    838860.8

    References
    ----------
    Bonawitz et al., 2017, doi:10.1145/3133956.3133982, sum vectors modulo a number R in the same way.
    """

    fraction_bits: int = 16
    word_bits: int = 64

    def __post_init__(self) -> None:
        as_count(self.fraction_bits, "fraction_bits", least=-1000)
        if as_count(self.word_bits, "word_bits", least=2) > 64:
            raise ValueError(f"word_bits must be at most 64, not {self.word_bits}")

    @classmethod
    def for_values(cls, value_bits: int, n_clients: int, largest: float) -> "FixedPoint":
        r"""Return the numbers of quantised updates: :math:`b` bits for values up to `largest`, and room for the sum.

        The step is the finest power of two at which `largest` is at most :math:`2^{b-1} - 1` steps.

        Parameters
        ----------
        value_bits : int
            :math:`b`, at least 2.
        n_clients : int
            How many are summed.
        largest : float
            Largest absolute value that is sent.

        Returns
        -------
        FixedPoint

        Examples
        --------
        >>> FixedPoint.for_values(8, n_clients=10, largest=1.0)
        FixedPoint(fraction_bits=6, word_bits=12)
        """
        steps = 2 ** (as_count(value_bits, "value_bits", least=2) - 1) - 1
        fraction_bits = floor(log2(steps / as_real(largest, "largest", above=0)))
        return cls(fraction_bits, value_word_bits(value_bits, n_clients))

    @property
    def mask(self) -> np.uint64:
        """The word of w ones: ``& mask`` is the remainder modulo 2**w."""
        return np.uint64((1 << self.word_bits) - 1)

    def largest(self, n_clients: int) -> float:
        """Return what the absolute values of `n_clients` clients must stay below, each."""
        return float(2.0 ** (self.word_bits - 1 - self.fraction_bits)) / as_count(n_clients, "n_clients")

    def rounding(self, n_clients: int) -> float:
        """Return how far rounding can move a sum over `n_clients` clients: half a step each."""
        return as_count(n_clients, "n_clients") * 2.0 ** -(self.fraction_bits + 1)

    def encode(self, values: ArrayLike, n_clients: int, rng: Any = None) -> Words:
        """Return values as words, or refuse what the sum of `n_clients` such updates has no room for.

        Parameters
        ----------
        values : array_like of float, shape (d,)
            One client's update.
        n_clients : int
            Over how many clients the words are summed, at most.
        rng : optional
            None rounds to the nearest step. What :func:`numpy.random.default_rng` takes rounds up or down at random, so
            that the mean is right; an error is then below a step, not half of one.

        Returns
        -------
        ndarray of uint64, shape (d,)
        """
        numbers = as_reals(values, "values")
        if numbers.ndim != 1:
            raise ValueError(
                f"values must be one update, an array with one axis, not of shape {numbers.shape}"
            )
        most = self.largest(n_clients)
        steps = np.ldexp(numbers, self.fraction_bits)
        whole = np.rint(steps) if rng is None else np.floor(steps + as_rng(rng).random(steps.shape))
        # What is rounded is compared: a value just below the bound may round onto it.
        found = float(np.abs(whole).max(initial=0.0))
        if n_clients * found >= 2.0 ** (self.word_bits - 1):
            worst = float(numbers[np.abs(whole).argmax()])
            raise ValueError(
                f"values must stay below {most:g}, not {worst:g}: the sum of {n_clients} clients must fit into words of "
                f"{self.word_bits} bits with {self.fraction_bits} fraction bits, n max|x| 2^s < 2^{self.word_bits - 1}. "
                "Nothing was sent. Clip the update, or take fewer fraction bits"
            )
        return whole.astype(np.int64).view(np.uint64) & self.mask

    def decode(self, words: Words) -> NDArray[np.float64]:
        """Return the numbers, shape (d,), that words modulo 2**w stand for, read as signed.

        Parameters
        ----------
        words : ndarray of uint64, shape (d,)
            A sum, or one update.

        Returns
        -------
        ndarray of float64, shape (d,)
        """
        words = as_words(words, "words", self.word_bits)
        # Shifted up, the sign of the word is the sign of an int64; shifting back keeps it.
        shift = 64 - self.word_bits
        signed = (words << np.uint64(shift)).view(np.int64) >> shift
        return np.ldexp(signed.astype(np.float64), -self.fraction_bits)


def as_words(words: Any, name: str, word_bits: int = 64, size: int | None = None) -> Words:
    """Return `words` if they are uint64, in one axis, below 2**word_bits, and `size` of them."""
    if not isinstance(words, np.ndarray) or words.dtype != np.uint64 or words.ndim != 1:
        found = (
            f"{words.dtype} of shape {words.shape}" if isinstance(words, np.ndarray) else type(words).__name__
        )
        raise TypeError(f"{name} must be words, an array of uint64 with one axis, not {found}")
    if size is not None and words.size != size:
        raise ValueError(f"{name} must have {size} words, not {words.size}")
    if word_bits < 64 and words.size and int(words.max()) >> word_bits:
        raise ValueError(f"{name} must lie below 2**{word_bits}, not {int(words.max())}")
    return words


def words_of(material: bytes, word_bits: int) -> Words:
    """Return the words that `word_bits` bits each of `material` spell out; what does not fill a word is left."""
    if word_bits % 8 == 0 and word_bits // 8 in (1, 2, 4, 8):
        size = word_bits // 8
        return np.frombuffer(material, f">u{size}", len(material) // size).astype(np.uint64)
    bits = np.unpackbits(np.frombuffer(material, np.uint8))
    count = bits.size // word_bits
    words = np.zeros(count, np.uint64)
    for column in bits[: count * word_bits].reshape(count, word_bits).T:
        words = words << np.uint64(1) | column
    return words


def bytes_for(words: int, word_bits: int) -> int:
    """Return how many whole bytes hold so many words."""
    return ceil(words * word_bits / 8)
