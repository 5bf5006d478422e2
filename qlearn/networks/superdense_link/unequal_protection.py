"""Unequal protection: more copies for the bits of a number that weigh more, none for those that are not worth a bit."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_count, as_probabilities, as_probability
from qlearn._types import Array


def majority_error(error: ArrayLike, copies: ArrayLike) -> Array:
    r"""Return the chance that a bit comes out wrong when the receiver takes the majority of its copies.

    .. math:: e_r = \sum_{k > r/2} \binom rk e^k (1-e)^{r-k} + \tfrac12\,[r\ \text{even}] \binom{r}{r/2} (e(1-e))^{r/2}

    A tie is decided by a coin; so the second of two copies, the fourth of four, is wasted, and no copy at all is a coin.
    For a number that is not the last word: a tie that is read as one half costs a quarter of the bit's weight squared, the coin
    a half.
    The copies fail independently: two bits of one pair are no two copies.

    Parameters
    ----------
    error : array_like of float, shape (...)
        e of one copy.
    copies : array_like of int, shape (...)
        r, 0 or more; the two broadcast.

    Returns
    -------
    ndarray of float64, shape (...)

    Examples
    --------
    >>> majority_error(0.1, [0, 1, 2, 3, 5]).round(5)
    array([0.5    , 0.1    , 0.1    , 0.028  , 0.00856])
    """
    from scipy.special import betainc

    e, r = np.broadcast_arrays(as_probabilities(error, "error"), as_copies(copies))
    a = (
        np.maximum(r + 1, 2) // 2
    )  # wrong if at least a of 2 a - 1 copies are: a tail of the binomial law, as a beta integral
    return np.asarray(np.where(r == 0, 0.5, betainc(a, a, e)))


def as_copies(copies: ArrayLike, name: str = "copies") -> NDArray[np.int64]:
    """Return `copies` as whole numbers that are at least 0."""
    r = np.asarray(copies)
    if r.dtype.kind not in "ui" or (r.size and r.min() < 0):
        raise ValueError(f"{name} must be whole numbers of copies, 0 or more, not {copies!r}")
    return r.astype(np.int64)


class Repetitions(NamedTuple):
    """Result of :func:`best_repetitions`."""

    copies: NDArray[np.int64]
    """Copies of each bit of a word, the most significant first, shape (w,); 0 is a bit that is not sent."""
    mse: float
    """Mean squared error of a word that is drawn evenly, in squared steps."""


def best_repetitions(word_bits: int, error: float, budget: int) -> Repetitions:
    r"""Return how often to send each bit of a word so that its mean squared error is least within a budget of bits.

    .. math:: \min_{r}\ \sum_{b=0}^{w-1} 4^b\, c(r_b) \quad\text{with}\quad \sum_b r_b \le N, \qquad
              c(0) = \tfrac14,\quad c(r) = e_r

    For words drawn evenly the errors of the bits add (:func:`mean_word_error`). A bit that is not sent is taken for one
    half, and costs a quarter of its weight: so from e = 1/4 on a single copy is worth nothing. Among repetitions that are read
    by majority this is the best, found exactly, by dynamic programming over the bits. A receiver that reads the mean of each
    bit given its copies has a smaller error from the same copies (for two of them, ties as one half,
    :math:`e^2 + e(1-e)/2 < e`), and codes over several bits can do better still.

    Parameters
    ----------
    word_bits : int
        w.
    error : float
        e of one copy, below 1/2.
    budget : int
        N, bits that may be sent for one word; 0 or more.

    Returns
    -------
    Repetitions
        The first of equally good choices, by the fewest bits.

    Examples
    --------
    >>> best_repetitions(8, error=0.05, budget=16)
    Repetitions(copies=array([5, 5, 3, 1, 1, 1, 0, 0]), mse=49.1924...)
    >>> best_repetitions(8, error=0.0, budget=16).copies
    array([1, 1, 1, 1, 1, 1, 1, 1])

    References
    ----------
    Masnick and Wolf, IEEE Trans. Inf. Theory 13, 600 (1967), doi:10.1109/TIT.1967.1054054: codes that protect some digits
    more than others.
    """
    w, n = as_count(word_bits, "word_bits"), as_count(budget, "budget", least=0)
    e = as_probability(error, "error")
    if not e < 0.5:
        raise ValueError(f"error must be below 1/2, not {e:g}: a majority of such copies tells nothing")

    # An even number of copies is as good as one less.
    options = np.array([0, *range(1, n + 1, 2)])
    price = np.where(options == 0, 0.25, majority_error(e, options))
    best = np.zeros(n + 1)  # least cost of the bits so far, by the bits that may be spent
    chosen = np.zeros((w, n + 1), dtype=np.int64)
    for b in range(w):  # from the least significant bit on
        costs = np.full((options.size, n + 1), np.inf)
        for k, r in enumerate(options):
            costs[k, r:] = 4.0**b * price[k] + best[: n + 1 - r]
        pick = costs.argmin(axis=0)
        chosen[b], best = options[pick], costs[pick, np.arange(n + 1)]
    copies, left = np.zeros(w, dtype=np.int64), n
    for b in reversed(range(w)):
        copies[w - 1 - b] = chosen[b, left]
        left -= int(chosen[b, left])
    return Repetitions(copies, float(best[n]))
