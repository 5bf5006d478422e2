"""The spectral test of SP 800-22: peaks in the Fourier transform of a sequence."""

import numpy as np
from numpy.typing import ArrayLike
from scipy import fft
from scipy.special import erfc

from qlearn.communication.random_numbers.p_values import RandomnessTest, as_sequence, result


def dft(bits: ArrayLike) -> RandomnessTest:
    r"""Test whether the spectrum of a sequence has as many high peaks as that of fair coins.

    .. math:: d = \frac{N_1 - 0.95\,n/2}{\sqrt{n \cdot 0.95 \cdot 0.05/4}}, \qquad
              P = \operatorname{erfc}\frac{|d|}{\sqrt2}

    with :math:`N_1` how many of the first n/2 moduli of the transform of :math:`\pm1` lie below
    :math:`\sqrt{n \ln 20}`, which 95 % of them should. Periods show.

    The document's two examples, 0.029523 and 0.168669, are not reproduced by NIST's own code: it gives 0.468160 and 0.646355, as
    this does.

    Parameters
    ----------
    bits : array_like of 0/1, shape (n,)
        NIST recommends 1000 or more.

    Returns
    -------
    RandomnessTest
        One part; the statistic is d.

    Examples
    --------
    >>> dft([1, 0, 0, 1, 0, 1, 0, 0, 1, 1])
    RandomnessTest(p_value=0.468160)

    References
    ----------
    NIST SP 800-22 rev. 1a (2010), section 2.6.
    """
    sequence = as_sequence(bits, 2, "1000 or more")
    n = sequence.size
    moduli = np.abs(fft.rfft(2.0 * sequence - 1)[: n // 2])
    below = np.count_nonzero(moduli < np.sqrt(n * np.log(20)))
    d = (below - 0.95 * n / 2) / np.sqrt(n * 0.95 * 0.05 / 4)
    return result(d, erfc(abs(d) / np.sqrt(2)))
