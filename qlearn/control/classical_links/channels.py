"""Classical channels: bits that flip alike, unevenly or in bursts, and voltages with Gaussian noise."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_bits, as_count, as_probabilities, as_probability, as_real, as_rng
from qlearn.learning.reinforcement import GilbertElliott

# 2**16 words times 2**8 code words are a table of 130 MB: codes this short are looked at whole.
_LONGEST_WORD = 16


def flip_bits(
    bits: ArrayLike, zero_to_one: ArrayLike, one_to_zero: ArrayLike | None = None, *, rng: Any = None
) -> NDArray[np.uint8]:
    r"""Send bits over a memoryless binary channel: what is read, uint8 of the shape of `bits`.

    .. math:: P(1|0) = p_{01}, \qquad P(0|1) = p_{10}

    With one number it is the binary symmetric channel. Arrays broadcast against the bits: a line that drifts has
    a probability for each word, of shape (n, 1).

    Parameters
    ----------
    bits : array_like of 0/1, any shape
        What is sent.
    zero_to_one : array_like of float
        Probability that a 0 is read as 1.
    one_to_zero : array_like of float, optional
        Probability that a 1 is read as 0. None: as `zero_to_one`.
    rng : None, int or numpy.random.Generator
        Source of the errors.

    Returns
    -------
    ndarray of uint8

    Examples
    --------
    >>> flip_bits([[0, 1, 1], [0, 1, 1]], [[0.0], [1.0]])       # a line that turned over between two words
    array([[0, 1, 1],
           [1, 0, 0]], dtype=uint8)

    References
    ----------
    Cover and Thomas, "Elements of Information Theory", 2006, doi:10.1002/047174882X, section 7.1.
    """
    sent = as_bits(bits, "bits", ndim=None)
    up = as_probabilities(zero_to_one, "zero_to_one")
    down = up if one_to_zero is None else as_probabilities(one_to_zero, "one_to_zero")
    try:
        chance = np.where(sent == 1, down, up)
    except ValueError:
        raise ValueError(
            f"zero_to_one and one_to_zero must broadcast to the bits {sent.shape}, not have the shapes {up.shape} and "
            f"{down.shape}; one chance a word is a column, shape (n, 1)"
        ) from None
    if chance.shape != sent.shape:
        raise ValueError(
            f"zero_to_one and one_to_zero must have no more axes than the bits {sent.shape}, not reach {chance.shape}"
        )
    return sent ^ (as_rng(rng).random(sent.shape) < chance)


def all_words(n: int) -> NDArray[np.uint8]:
    """Return every word of n bits, shape (2**n, n), in counting order, the first bit most significant.

    Parameters
    ----------
    n : int
        Bits of a word.

    Returns
    -------
    ndarray of uint8, shape (2**n, n)

    Examples
    --------
    >>> all_words(2)
    array([[0, 0],
           [0, 1],
           [1, 0],
           [1, 1]], dtype=uint8)
    """
    n = as_count(n, "n")
    if n > _LONGEST_WORD:
        raise ValueError(
            f"n must be at most {_LONGEST_WORD}, not {n}: there are 2**n words, and all are listed"
        )
    return (np.arange(1 << n)[:, None] >> np.arange(n)[::-1] & 1).astype(np.uint8)


def as_codewords(codewords: ArrayLike) -> NDArray[np.uint8]:
    """Return code words of shape (M, n), at least two of them and all different."""
    words = as_bits(codewords, "codewords", ndim=None)
    if words.ndim != 2 or len(words) < 2 or len(np.unique(words, axis=0)) < len(words):
        raise ValueError(
            f"codewords must be at least two different words, shape (M, n), not {len(np.unique(words, axis=0))} "
            f"different of shape {words.shape}: two messages with one word cannot be told apart"
        )
    return words


def word_likelihoods(
    codewords: ArrayLike, zero_to_one: float, one_to_zero: float | None = None
) -> NDArray[np.float64]:
    r"""Return the probability of every word that may be read, for every word that may be sent, shape (M, 2**n).

    .. math:: P(y|c) = \prod_i P(y_i|c_i)

    Rows are code words, columns are the words of :func:`all_words`; each row sums to 1.

    Parameters
    ----------
    codewords : array_like of 0/1, shape (M, n)
        The code, n at most 16.
    zero_to_one, one_to_zero : float
        The memoryless channel, as in :func:`flip_bits`.

    Returns
    -------
    ndarray of float, shape (M, 2**n)

    Examples
    --------
    >>> word_likelihoods([[0, 0], [1, 1]], 0.1)
    array([[0.81, 0.09, 0.09, 0.01],
           [0.01, 0.09, 0.09, 0.81]])
    """
    words = as_codewords(codewords)
    up = as_probability(zero_to_one, "zero_to_one")
    down = up if one_to_zero is None else as_probability(one_to_zero, "one_to_zero")
    read = all_words(words.shape[1])
    table = np.array([[1 - up, up], [down, 1 - down]])
    return table[words[:, None], read[None]].prod(axis=-1)


def gaussian_channel(
    bits: ArrayLike, ebn0_db: float, rate: float = 1.0, *, rng: Any = None
) -> NDArray[np.float64]:
    r"""Send bits as voltages, 0 as +1 and 1 as -1, with white Gaussian noise: what is read, of the shape of `bits`.

    .. math:: y = (-1)^b + w, \qquad w \sim N(0, \sigma^2), \qquad \sigma^2 = \frac{1}{2 R\,E_b/N_0}

    The noise belongs to an energy for each *message* bit, so a code of rate R has less for each sent bit: only so
    can codes of different rates be compared.

    Parameters
    ----------
    bits : array_like of 0/1, any shape
        What is sent.
    ebn0_db : float
        Energy of a message bit over the noise density, in dB.
    rate : float
        Message bits for each sent bit, above 0 to 1.
    rng : None, int or numpy.random.Generator
        Source of the noise.

    Returns
    -------
    ndarray of float

    Examples
    --------
    >>> gaussian_channel([0, 1, 1, 0], ebn0_db=20.0, rng=1).round(2)
    array([ 1.02, -0.94, -0.98,  0.91])

    References
    ----------
    Lin and Costello, "Error Control Coding", 2004, section 1.5.
    """
    sent = as_bits(bits, "bits", ndim=None)
    share = as_real(rate, "rate", most=1.0, above=0.0)
    energy = 10 ** (as_real(ebn0_db, "ebn0_db") / 10)
    noise = as_rng(rng).normal(scale=np.sqrt(1 / (2 * share * energy)), size=sent.shape)
    return 1.0 - 2.0 * sent + noise


@dataclass(frozen=True)
class BurstChannel:
    r"""A binary channel whose errors come in bursts: good and bad spells, each with a flip probability of its own.

    The state follows :class:`~qlearn.learning.reinforcement.gilbert_elliott.GilbertElliott` from bit to bit.

    Parameters
    ----------
    fade, recover : float
        Probabilities to turn bad, and good again, with each bit; not both 0.
    good_error, bad_error : float
        Flip probabilities in the two states.

    Examples
    --------
    >>> line = BurstChannel(fade=0.01, recover=0.2, good_error=1e-3, bad_error=0.3)
    >>> round(line.error_rate, 7)
    0.0152381
    >>> BurstChannel(0.05, 0.2, 0.0, 0.5).send([0] * 20, rng=8)
    array([0, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
          dtype=uint8)

    References
    ----------
    Gilbert, "Capacity of a burst-noise channel", Bell System Technical Journal 39, 1253 (1960). Elliott, "Estimates of
    error rates for codes on burst-noise channels", Bell System Technical Journal 42, 1977 (1963).
    """

    fade: float
    recover: float
    good_error: float
    bad_error: float

    def __post_init__(self) -> None:
        for name in ("fade", "recover", "good_error", "bad_error"):
            object.__setattr__(self, name, as_probability(getattr(self, name), name))
        self._states()  # refuses a channel that never changes

    def _states(self) -> GilbertElliott:
        return GilbertElliott(1, fade=self.fade, recover=self.recover)

    @property
    def error_rate(self) -> float:
        """Share of the bits that flip in the long run."""
        good = float(self._states().stationary[0])
        return good * self.good_error + (1 - good) * self.bad_error

    def send(self, bits: ArrayLike, rng: Any = None) -> NDArray[np.uint8]:
        """Return what is read of a stream of bits, shape (n,), which begins in the long run's mixture of states."""
        sent, draw, states = as_bits(bits, "bits"), as_rng(rng), self._states()
        good = np.empty(sent.size, bool)
        now = states.draw_first(1, draw)
        for i in range(sent.size):
            good[i] = now[0, 0]
            now = states.draw_next(now, draw)
        return flip_bits(sent, np.where(good, self.good_error, self.bad_error), rng=draw)

    def patterns(self, n: int, gap: int = 1) -> NDArray[np.float64]:
        r"""Return the probability of each pattern of n errors, shape (2**n,), in the order of :func:`all_words`.

        .. math:: P(e) = \pi\, D_{e_1} T^g D_{e_2} T^g \cdots D_{e_n} \mathbf 1

        with T the steps of the state and :math:`D_e` the chances of an error (or none) in each. `gap` is how many bits of
        the line lie from one bit of the word to the next: an interleaver's depth.
        """
        errors, states = all_words(n), self._states()
        chain, begin = states.joint_matrix(), states.joint_stationary()
        step = np.linalg.matrix_power(chain, as_count(gap, "gap"))
        flips = np.array([self.bad_error, self.good_error])  # state 0 is bad
        emit = np.stack([1 - flips, flips])
        weight = begin * emit[errors[:, 0]]
        for i in range(1, n):
            weight = weight @ step * emit[errors[:, i]]
        return weight.sum(axis=-1)

    def likelihoods(self, codewords: ArrayLike, gap: int = 1) -> NDArray[np.float64]:
        """Return what :func:`word_likelihoods` does, for this channel, shape (M, 2**n)."""
        words = as_codewords(codewords)
        n = words.shape[1]
        numbers = words @ (1 << np.arange(n)[::-1])
        return self.patterns(n, gap)[numbers[:, None] ^ np.arange(1 << n)]
