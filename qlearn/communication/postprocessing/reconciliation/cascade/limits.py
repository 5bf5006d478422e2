"""Limits: how much work an honest line can need, so that an altered one is not worked for without end."""

from math import log, sqrt

_FALSE_ALARM = 1e-9
# Fitted to honest sessions, and four times as much: see most_questions.
_PASSES, _HIDDEN, _MARGIN = 150, 1.2, 4


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


def most_questions(length: int, qber: float, first: int) -> int:
    r"""Return how often Bob asks at most, four times what a frame usually takes.

    A block of the first pass with an even number of errors hides them, and those are found one after the other.
    Of :math:`n` bits with error rate :math:`Q` in blocks of :math:`k`,

    .. math:: h = n \left(Q - \frac{1 - (1 - 2Q)^k}{2k}\right)

    errors are hidden. Measured, not proven: at :math:`n = 2000` and :math:`2^{14}`, 0.5 to 11 %, a frame takes
    about :math:`150 + 1.2\,h` questions or fewer, and scatters by a quarter of that or less; sixteen to sixty frames
    together take up to twice as many.

    Parameters
    ----------
    length : int
        Bits of a frame.
    qber : float
        Estimated error rate.
    first : int
        The largest block of the first pass.

    Returns
    -------
    int

    Examples
    --------
    >>> most_questions(2**14, 0.03, 32), most_questions(2**14, 0.08, 8)
    (1900, 3194)

    Taught in :doc:`/communication/secret_key`.
    """
    hidden = length * (qber - (1 - (1 - 2 * qber) ** first) / (2 * first))
    return int(_MARGIN * (_PASSES + _HIDDEN * hidden))
