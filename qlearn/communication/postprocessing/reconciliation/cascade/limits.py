"""Limits: how much work an honest line can need, so that an altered one is not worked for without end."""

from math import ceil, log, log2, sqrt

from qlearn.communication.postprocessing.reconciliation.cascade.schedule import Variant

_FALSE_ALARM = 1e-9
# Fitted to honest sessions, and three times as much: see most_questions.
_PASSES, _HIDDEN, _MARGIN = 20, 9.5, 3
_ORIGINAL = 3


def most_errors(bits: int, rate: float) -> int:
    r"""Return how many errors an honest line makes at most, if its error rate is no higher than this.

    By Bernstein's inequality, :math:`n` bits that are wrong with probability :math:`p` each, independently,
    have more than

    .. math:: np + t, \qquad t = \frac{L}{3} + \sqrt{\frac{L^2}{9} + 2 n p L}, \qquad L = \ln \frac{1}{\alpha}

    errors with probability at most :math:`\alpha = 10^{-9}`.

    Parameters
    ----------
    bits : int
        How many bits are corrected.
    rate : float
        The highest error rate that is believed.

    Returns
    -------
    int

    Examples
    --------
    >>> most_errors(2**14, 0.06), most_errors(10**6, 0.06)
    (1191, 61583)

    Taught in :doc:`/communication/secret_key`.
    """
    mean, scale = bits * rate, log(1 / _FALSE_ALARM)
    return min(bits, int(mean + scale / 3 + sqrt(scale**2 / 9 + 2 * mean * scale)))


def typical_questions(
    length: int, qber: float, first: int, frames: int = 1, variant: Variant = "near-optimal"
) -> float:
    r"""Return about how often Bob asks; :func:`most_questions` says what is in it.

    .. math:: q\,(1 + 0.4 \log_2 F), \qquad
              q = \begin{cases} 20 + 9.5\, h^{0.65} & \text{near-optimal} \\ 3 \log_2 n & \text{original} \end{cases}

    Measured, not proven. The blocks of the original variant are small from the start and hide few errors: 8 keys each of
    200 to 16,384 bits, .2 to 11 %, took .5 to 1.3 times as many questions, on average.

    Parameters
    ----------
    length, qber, first, frames
        As there.
    variant : {"near-optimal", "original"}
        Which block sizes.

    Returns
    -------
    float

    Examples
    --------
    >>> round(typical_questions(2**14, 0.03, 32)), round(typical_questions(2**14, 0.03, 25, variant="original"))
    (382, 42)

    Taught in :doc:`/communication/secret_key`.
    """
    together = 1 + 0.4 * log2(frames)
    if variant == "original":
        return _ORIGINAL * log2(max(2, length)) * together
    hidden = max(0.0, length * (qber - (1 - (1 - 2 * qber) ** first) / (2 * first)))
    return (_PASSES + _HIDDEN * hidden**0.65) * together


def most_questions(length: int, qber: float, first: int, frames: int = 1) -> int:
    r"""Return how often Bob asks at most: three times what his frames take on average in the near-optimal variant.

    A block of the first pass with an even number of errors hides them, and those are found one after the other.
    Of :math:`n` bits with error rate :math:`Q` in blocks of :math:`k`,

    .. math:: h = n \left(Q - \frac{1 - (1 - 2Q)^k}{2k}\right)

    errors are hidden. Measured, not proven: from 1,000 to 16,000 bits and .2 to 11 %, a frame takes about
    :math:`20 + 9.5\,h^{0.65}` questions, :math:`F` frames together :math:`1 + 0.4 \log_2 F` times as many, give or
    take a quarter. Single keys scatter by up to 30 % around their mean; three times the formula was four and a half of these
    standard deviations above the mean, or more, in each of 20 settings with the rate that was estimated. At three times
    that rate frames of 14,000 bits come within one or two of it.

    The same limit holds for the original variant, which asks less (of 16,384 bits, 1 to 11 %, a tenth of it at most, on
    average): there the digest of what was said stops Bob early.

    Parameters
    ----------
    length : int
        Bits of a frame.
    qber : float
        Error rate to reckon with.
    first : int
        The largest block of the first pass.
    frames : int
        How many frames are corrected together.

    Returns
    -------
    int

    Examples
    --------
    >>> most_questions(2**14, 0.03, 32), most_questions(2**14, 0.08, 8, frames=13)
    (1147, 4373)

    Taught in :doc:`/communication/secret_key`.
    """
    return ceil(_MARGIN * typical_questions(length, qber, first, frames))
