"""Entropy estimates of SP 800-90B: how well the next symbol can be guessed, judged from a sample."""

import re
from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import xlogy

from qlearn._checks import as_bits, as_choice
from qlearn._types import Bits
from qlearn.qubits.entropies import shannon

# The 0.995 quantile of the normal distribution; the document rounds it to 2.576.
_Z = 2.5758293035489008
# Paths of 128 bits that the Markov estimate compares: how often each takes P0, P1, P00, P01, P10, P11.
_STEPS = 128
_PATHS = np.array(
    [
        [1, 0, 127, 0, 0, 0],  # 000...
        [1, 0, 0, 64, 63, 0],  # 0101...
        [1, 0, 0, 1, 0, 126],  # 0111...
        [0, 1, 126, 0, 1, 0],  # 1000...
        [0, 1, 0, 63, 64, 0],  # 1010...
        [0, 1, 0, 0, 0, 127],  # 111...
    ]
)
_WORD, _DICTIONARY, _SPREAD = 6, 1000, 0.5907  # of the compression estimate


def _as_symbols(x: ArrayLike) -> NDArray[np.int64]:
    symbols = np.asarray(x)
    if symbols.size == 0:
        raise ValueError("bits must be at least 2 symbols, but there are none")
    if symbols.dtype.kind not in "bui":
        raise TypeError(f"bits must be whole numbers, bits or symbols, not of {symbols.dtype}")
    if symbols.ndim != 1 or symbols.size < 2:
        raise ValueError(f"bits must be at least 2 symbols on one axis, not of shape {symbols.shape}")
    return symbols.astype(np.int64)


def _bits(p: float, per: int = 1) -> float:
    """Return -log2(p)/per, and 0 rather than -0 for what is certain."""
    return abs(float(np.log2(min(1.0, p)))) / per


def _most_common(symbols: NDArray[np.int64]) -> float:
    n = symbols.size
    p = np.unique(symbols, return_counts=True)[1].max() / n
    return _bits(p + _Z * np.sqrt(p * (1 - p) / (n - 1)))


def _collision(bits: Bits) -> float:
    # Two equal bits are a collision after 2, two different ones after 3, whatever the third is.
    rest, many = re.subn(rb"\x00\x00|\x01\x01|\x00\x01.|\x01\x00.", b"", bits.tobytes())
    if many < 2:
        raise ValueError(f"bits must hold at least 2 collisions, not {many}; NIST recommends a million bits")
    threes = bits.size - len(rest) - 2 * many
    variance = (many - threes) * threes / (many * (many - 1))
    mean = 2 + threes / many - _Z * np.sqrt(variance / many)
    # The mean is 2 + 2 p (1 - p); a fair coin's is 2.5.
    return _bits((1 + np.sqrt(np.clip(5 - 2 * mean, 0, 1))) / 2)


def _markov(bits: Bits) -> float:
    pairs = np.bincount(2 * bits[:-1] + bits[1:], minlength=4).reshape(2, 2).astype(float)
    step = pairs / np.maximum(pairs.sum(axis=1, keepdims=True), 1)
    chances = np.array([1 - bits.mean(), bits.mean(), *step.ravel()])
    return min(1.0, abs(float(xlogy(_PATHS, chances).sum(axis=1).max() / np.log(2))) / _STEPS)


def _compression(bits: Bits) -> float:
    from scipy.optimize import brentq

    words = bits.size // _WORD
    tested = words - _DICTIONARY
    if tested < 2:
        raise ValueError(
            f"bits must be at least {_WORD * (_DICTIONARY + 2)} for the compression estimate, not {bits.size}; "
            "NIST recommends a million"
        )
    spelled = bits[: words * _WORD].reshape(words, _WORD) @ (1 << np.arange(_WORD)[::-1])
    order = np.argsort(spelled, kind="stable")
    again = np.concatenate([[False], spelled[order[1:]] == spelled[order[:-1]]])
    ago = np.empty(words)
    ago[order] = order - np.where(again, np.concatenate([[0], order[:-1]]), -1)
    logs = np.log2(ago[_DICTIONARY:])
    mean = logs.mean()
    sigma = _SPREAD * np.sqrt(max(0.0, (logs**2).sum() / (tested - 1) - mean**2))
    lower = mean - _Z * sigma / np.sqrt(tested)

    # The expected mean: a word of chance z was seen u words ago, or not within the t words so far.
    u = np.arange(1, words + 1)
    log_u = np.log2(u)
    seen = log_u * (words - np.maximum(u, _DICTIONARY))

    def expected(z: float) -> float:
        if z >= 1:
            return 0.0
        tail = np.exp((u - 1) * np.log1p(-z))
        return float((z**2 * seen + np.where(u > _DICTIONARY, z * log_u, 0)) @ tail) / tested

    others = (1 << _WORD) - 1

    def surplus(p: float) -> float:
        return expected(p) + others * expected((1 - p) / others) - lower

    fair = 1 / (1 << _WORD)
    if surplus(fair) <= 0:
        return 1.0
    if surplus(1.0) >= 0:
        return 0.0
    return _bits(brentq(surplus, fair, 1.0, xtol=1e-14, rtol=1e-14), _WORD)


_ESTIMATES: dict[str, Callable[[Bits], float]] = {
    "collision": _collision,
    "markov": _markov,
    "compression": _compression,
}


def min_entropy(bits: ArrayLike, method: str = "least") -> float:
    r"""Estimate the min-entropy of a source from a sample, in bits a symbol: how hard the next one is to guess.

    .. math:: H_\infty = -\log_2 \max_x p(x)

    Each estimate makes the likeliest guess a model allows. All but "markov" take the end of a 99 % confidence interval that
    makes it likelier; with few bits "markov" may therefore be too high:

    - "most_common": :math:`p_u = \hat p + z\sqrt{\hat p(1-\hat p)/(n-1)}` for the most frequent symbol, of any alphabet;
    - "collision": from the mean time until a symbol comes again, which is :math:`2+2p(1-p)` for bits;
    - "markov": the likeliest of six paths of 128 bits (steady, alternating, one step and then steady) by the
      frequencies of pairs, :math:`-\log_2(p)/128`, at most 1;
    - "compression": from how many words of 6 bits ago a word was last seen, after a dictionary of 1000 words.

    Each is wrong for sources that are not of its model, by more or less: bits that each come twice have half a bit of
    entropy, and "most_common" finds 0.995; independent bits of which three in four are ones have 0.415, and "compression" finds
    0.25. SP 800-90B therefore takes the smallest, and has six more estimates, which are not
    here. They do not tell a good pseudo-random stream from coins, though it holds no more entropy than its seed.

    Parameters
    ----------
    bits : array_like of int, shape (n,)
        0/1, and for "most_common" any whole numbers. NIST recommends a million.
    method : {"least", "most_common", "collision", "markov", "compression"}
        The estimate; "least" is the smallest of the four, and takes bits.

    Returns
    -------
    float
        Bits a symbol. 1 at most for bits.

    Examples
    --------
    >>> round(min_entropy([0, 1, 1, 2, 0, 1, 2, 2, 0, 1, 0, 1, 1, 0, 2, 2, 1, 0, 2, 1], "most_common"), 4)
    0.5364
    >>> import numpy as np
    >>> coin = np.random.default_rng(1).random(100_000) < 0.75
    >>> from qlearn.communication.random_numbers import shannon_entropy
    >>> round(shannon_entropy(coin), 2)
    0.81
    >>> [round(min_entropy(coin, method), 2) for method in ("most_common", "collision", "markov", "compression")]
    [0.41, 0.41, 0.42, 0.25]

    References
    ----------
    NIST SP 800-90B (2018), sections 6.3.1 to 6.3.4, doi:10.6028/NIST.SP.800-90B.
    """
    as_choice(method, ("least", "most_common", *_ESTIMATES), "method")
    symbols = _as_symbols(bits)
    if method == "most_common":
        return _most_common(symbols)
    sequence = as_bits(symbols, "bits")
    if method != "least":
        return _ESTIMATES[method](sequence)
    return min(_most_common(symbols), *(estimate(sequence) for estimate in _ESTIMATES.values()))


def shannon_entropy(symbols: ArrayLike) -> float:
    r"""Return the Shannon entropy of the frequencies of symbols, in bits a symbol.

    .. math:: H = -\sum_x \hat p(x)\log_2\hat p(x) \ge H_\infty

    It is how far a long message compresses, on average. A key is guessed once, and what counts for it is
    :func:`min_entropy`: three zeros to a one have 0.811 bits by Shannon and 0.415 by the best guess. It knows no confidence
    interval and no correlations.

    Parameters
    ----------
    symbols : array_like of int, shape (n,)
        Bits, or any whole numbers.

    Returns
    -------
    float

    Examples
    --------
    >>> round(shannon_entropy([0, 0, 0, 1]), 3)
    0.811

    References
    ----------
    Shannon, "A mathematical theory of communication", 1948, section 6.
    """
    drawn = _as_symbols(symbols)
    return float(shannon(np.unique(drawn, return_counts=True)[1] / drawn.size))
