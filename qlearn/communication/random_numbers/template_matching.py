"""Template matching tests of SP 800-22: how often given words occur in the blocks of a sequence."""

from functools import cache
from math import comb, exp, factorial

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import gammaincc

from qlearn._checks import as_bits, as_count
from qlearn.communication.random_numbers._words import words
from qlearn.communication.random_numbers.p_values import (
    RandomnessTest,
    as_classes,
    as_sequence,
    chi_square,
    result,
)

_LONGEST = 21


def aperiodic_templates(m: int) -> NDArray[np.uint32]:
    r"""Return all words of `m` bits that cannot overlap with themselves, as numbers, in ascending order.

    Such a word occurs no second time before it has ended, so that its occurrences are counted without care for overlaps.

    Parameters
    ----------
    m : int
        Bits, 2 to 21.

    Returns
    -------
    ndarray of uint32, shape (templates,)
        2, 4, 6, 12, 20, 40, 74, 148 of them for m = 2 to 9.

    Examples
    --------
    >>> [f"{word:03b}" for word in aperiodic_templates(3)]
    ['001', '011', '100', '110']

    References
    ----------
    NIST SP 800-22 rev. 1a (2010), section 2.7.
    """
    m = as_count(m, "m", 2)
    if m > _LONGEST:
        raise ValueError(f"m must be at most {_LONGEST}, not {m}")
    word = np.arange(1 << m, dtype=np.uint32)
    for shift in range(1, m):
        word = word[word >> shift != (word & ((1 << (m - shift)) - 1))]
    return word


def non_overlapping_template(
    bits: ArrayLike, template: ArrayLike | None = None, *, m: int = 9, blocks: int = 8
) -> RandomnessTest:
    r"""Test whether words that cannot overlap with themselves occur as often as in fair bits.

    .. math:: \mu = \frac{M-m+1}{2^m}, \quad \sigma^2 = M\left(\frac1{2^m}-\frac{2m-1}{2^{2m}}\right), \quad
              \chi^2 = \sum_{j=1}^{N}\frac{(W_j-\mu)^2}{\sigma^2}, \quad P = Q\!\left(\tfrac N2,\tfrac{\chi^2}2\right)

    with :math:`W_j` the occurrences in the j-th of N blocks of M bits.

    Parameters
    ----------
    bits : array_like of 0/1, shape (n,)
        NIST recommends a million for m = 9.
    template : array_like of 0/1, shape (m,), optional
        The word, which gives `m`. None: all aperiodic words of `m` bits, 148 for m = 9.
    m : int
        Bits of a word; 9 or 10 by NIST's advice.
    blocks : int
        N, at most 100 by NIST's advice.

    Returns
    -------
    RandomnessTest
        A part for each word, in the order of :func:`aperiodic_templates`; the statistics are chi squares.

    Examples
    --------
    >>> bits = [1, 0, 1, 0, 0, 1, 0, 0, 1, 0, 1, 1, 1, 0, 0, 1, 0, 1, 1, 0]
    >>> non_overlapping_template(bits, [0, 0, 1], blocks=2)
    RandomnessTest(p_value=0.344154)

    Of all words of 9 bits, the one that is furthest off in a million bits of the root of 2:

    >>> from qlearn.communication.random_numbers import aperiodic_templates, constant_bits
    >>> every = non_overlapping_template(constant_bits("sqrt2", 1_000_000))
    >>> every, f"{aperiodic_templates(9)[every.p_values.argmin()]:09b}"
    (RandomnessTest(p_value=1.000000, parts=148), '110111100')

    References
    ----------
    NIST SP 800-22 rev. 1a (2010), section 2.7.
    """
    if template is not None:
        word = as_bits(template, "template")
        m = word.size
    m = as_count(m, "m", 2)
    chosen = aperiodic_templates(m)
    if template is not None:
        number = int(words(word, m)[0])
        if number not in chosen:
            raise ValueError(
                f"template must not overlap with itself, as {word.tolist()} does: the variance is that of aperiodic words"
            )
        chosen = np.array([number])
    blocks = as_count(blocks, "blocks")
    sequence = as_sequence(bits, 2 * m * blocks, "a million for words of 9 bits in 8 blocks")
    size = sequence.size // blocks
    spelled = words(sequence, m)
    found = np.array(
        [np.bincount(spelled[j * size : (j + 1) * size - m + 1], minlength=1 << m) for j in range(blocks)]
    )
    mean = (size - m + 1) / 2**m
    variance = size * (2.0**-m - (2 * m - 1) * 4.0**-m)
    chi2 = ((found[:, chosen] - mean) ** 2 / variance).sum(axis=0)
    return result(chi2, gammaincc(blocks / 2, chi2 / 2))


def _asymptotic(m: int, block: int, classes: int) -> tuple[float, ...]:
    """Return the compound Poisson chances of 0, 1, ... occurrences, the last class open."""
    eta = (block - m + 1) / 2 ** (m + 1)
    p = [
        exp(-eta) / 2**u * sum(comb(u - 1, k - 1) * eta**k / factorial(k) for k in range(1, u + 1))
        for u in range(1, classes - 1)
    ]
    return (exp(-eta), *p, 1 - exp(-eta) - sum(p))


@cache
def _exact(m: int, block: int, classes: int) -> tuple[float, ...]:
    """Return the same chances without approximation: a walk over (ones in a row, occurrences so far)."""
    chance = np.zeros((m + 1, classes))
    chance[0, 0] = 1
    for _ in range(block):
        after = np.zeros_like(chance)
        after[0] = chance.sum(axis=0) / 2
        after[1:m] = chance[: m - 1] / 2
        hit = (chance[m - 1] + chance[m]) / 2
        after[m, 1:] = hit[:-1]
        after[m, -1] += hit[-1]
        chance = after
    return tuple(chance.sum(axis=0).tolist())


def overlapping_template(
    bits: ArrayLike, m: int = 9, block: int = 1032, *, probabilities: str | ArrayLike = "asymptotic"
) -> RandomnessTest:
    r"""Test whether a word of ones occurs in the blocks as often as in fair bits, overlaps counted.

    .. math:: p_u = \frac{e^{-\eta}}{2^u}\sum_{l=1}^{u}\binom{u-1}{l-1}\frac{\eta^l}{l!}, \qquad
              \eta = \frac{M-m+1}{2^{m+1}}

    for u = 1 to 4 occurrences, :math:`p_0 = e^{-\eta}`, and five or more the rest.

    Two tables are in circulation. NIST's code takes this formula, .367879 .183940 .137955 .099634 .069935 .140656, and the
    document's example, a million bits of e with P = 0.110434, comes from it. The document's text has the corrected
    .364091 .185659 .139381 .100571 .070432 .139865, which are the exact chances: they give 0.159032.

    Parameters
    ----------
    bits : array_like of 0/1, shape (n,)
        NIST recommends a million.
    m : int
        Ones of the word, 2 to 21; 9 or 10 by NIST's advice.
    block : int
        M, with about 2**(m+1) words so that :math:`\eta` is near 1.
    probabilities : {"asymptotic", "exact"} or array_like, shape (6,)
        Of 0, 1, ..., 4 and at least 5 occurrences.

    Returns
    -------
    RandomnessTest
        One part; the statistic is chi square.

    Examples
    --------
    >>> from qlearn.communication.random_numbers import constant_bits
    >>> overlapping_template(constant_bits("sqrt2", 1_000_000))
    RandomnessTest(p_value=0.791982)

    References
    ----------
    NIST SP 800-22 rev. 1a (2010), sections 2.8 and 3.8. K. Hamano and T. Kaneko, "Correction of overlapping template
    matching test included in NIST randomness test suite", IEICE Trans. Fundamentals E90-A, 1788 (2007).
    """
    m = as_count(m, "m", 2)
    if m > _LONGEST:
        raise ValueError(f"m must be at most {_LONGEST}, not {m}")
    block = as_count(block, "block", m + 4)
    sequence = as_sequence(bits, block, "a million for words of 9 ones in blocks of 1032")
    named = {"asymptotic": _asymptotic(m, block, 6)}
    if isinstance(probabilities, str) and probabilities == "exact":
        named["exact"] = _exact(m, block, 6)
    elif isinstance(probabilities, str) and probabilities != "asymptotic":
        raise ValueError(f"probabilities must be asymptotic, exact or 6 numbers, not {probabilities!r}")
    p = as_classes(probabilities, named)
    many = sequence.size // block
    hits = np.zeros(many * block, dtype=bool)
    hits[: many * block - m + 1] = words(sequence[: many * block], m) == (1 << m) - 1
    found = hits.reshape(many, block)[:, : block - m + 1].sum(axis=1)
    return chi_square(np.bincount(np.minimum(found, 5), minlength=6), p)
