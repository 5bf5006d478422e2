"""Maximum-likelihood decoding: of all code words the one that makes what was read likeliest."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_probabilities, as_reals
from qlearn.control.classical_links.channels import as_codewords

_ROUNDING = 1e-12
"""Chances that differ by less than this share are taken for equal: products in another order."""


def most_likely(likelihoods: ArrayLike) -> NDArray[np.int64]:
    r"""Return for each word that may be read the code word that makes it likeliest, by number, shape (2**n,).

    .. math:: d(y) = \arg\max_c P(y|c)

    If all code words are sent equally often, no decoder has a smaller :func:`block_error`: it is the Bayes decision.
    Of equally likely ones the first is taken, which changes no error.

    Parameters
    ----------
    likelihoods : array_like, shape (M, 2**n)
        As :func:`~qlearn.control.classical_links.channels.word_likelihoods` returns them.

    Returns
    -------
    ndarray of int, shape (2**n,)

    Examples
    --------
    >>> from qlearn.control.classical_links import word_likelihoods
    >>> twice = [[0, 0], [1, 1]]
    >>> most_likely(word_likelihoods(twice, 0.0, 0.3)), most_likely(word_likelihoods(twice, 0.3, 0.0))
    (array([0, 1, 1, 1]), array([0, 0, 0, 1]))

    References
    ----------
    Cover and Thomas, 2006, doi:10.1002/047174882X, section 7.
    """
    table = _as_likelihoods(likelihoods)
    return np.argmax(table >= table.max(axis=0) * (1 - _ROUNDING), axis=0)


def block_error(decisions: ArrayLike, likelihoods: ArrayLike) -> float:
    r"""Return the exact probability that a decoder takes one code word for another, all of them sent equally often.

    .. math:: P = 1 - \frac1M \sum_y P\bigl(y\,|\,d(y)\bigr)

    The decoder is a table: its decision for every word that may be read. So any decoder of short words is judged
    without chance, a learned one too.

    Parameters
    ----------
    decisions : array_like of int, shape (2**n,)
        The code word that each word of :func:`~qlearn.control.classical_links.channels.all_words` is taken for.
    likelihoods : array_like, shape (M, 2**n)
        The channel and the code.

    Returns
    -------
    float

    Examples
    --------
    >>> from qlearn.control.classical_links import word_likelihoods
    >>> uneven = word_likelihoods([[0, 0], [1, 1]], 0.0, 0.3)
    >>> round(block_error([0, 1, 1, 1], uneven), 3), round(block_error([0, 0, 0, 1], uneven), 3)
    (0.045, 0.255)
    """
    table = _as_likelihoods(likelihoods)
    chosen = np.asarray(decisions)
    if chosen.dtype.kind not in "ui" or chosen.shape != table.shape[1:]:
        raise ValueError(
            f"decisions must be the number of a code word for each of the {table.shape[1]} words that may be read, not "
            f"{chosen.dtype} of shape {chosen.shape}"
        )
    if chosen.min() < 0 or chosen.max() >= len(table):
        raise ValueError(f"decisions must lie in 0 to {len(table) - 1}, not {chosen.min()} to {chosen.max()}")
    right = np.take_along_axis(table, chosen[None].astype(np.intp), axis=0)[0]
    # What is missed is summed, word by word: 1 - sum would leave rounding where errors are rare.
    return max(0.0, float((table.sum(axis=0) - right).sum() / len(table)))


def soft_decode(values: ArrayLike, codewords: ArrayLike) -> NDArray[np.int64]:
    r"""Return the likeliest code word for voltages with white Gaussian noise, by number, shape (...).

    .. math:: d(y) = \arg\max_c \sum_i (-1)^{c_i}\, y_i

    The nearest of the sent signals: how far a voltage lies from the border counts, not only on which side.

    Parameters
    ----------
    values : array_like of float, shape (..., n)
        As :func:`~qlearn.control.classical_links.channels.gaussian_channel` returns them: 0 is +1, 1 is -1.
    codewords : array_like of 0/1, shape (M, n)
        The code.

    Returns
    -------
    ndarray of int, shape (...)

    Examples
    --------
    >>> soft_decode([-0.1, -0.2, 1.3], [[0, 0, 0], [1, 1, 1]])  # two of three say 1, faintly
    array(0)

    References
    ----------
    Lin and Costello, "Error Control Coding", 2004, section 10.1.
    """
    words, read = as_codewords(codewords), as_reals(values, "values")
    if read.ndim == 0 or read.shape[-1] != words.shape[1]:
        raise ValueError(
            f"values must have {words.shape[1]} voltages on the last axis, as many as a code word has bits, not the shape "
            f"{read.shape}"
        )
    return np.asarray(np.argmax(read @ (1.0 - 2.0 * words.T), axis=-1))


def _as_likelihoods(likelihoods: ArrayLike) -> NDArray[np.float64]:
    table = as_probabilities(likelihoods, "likelihoods")
    if table.ndim != 2 or len(table) < 2 or np.abs(table.sum(axis=1) - 1).max() > 1e-9:
        raise ValueError(
            f"likelihoods must be a table (M, 2**n) whose rows sum to 1, a row for each code word, not of shape "
            f"{table.shape}: make it with word_likelihoods"
        )
    return table
