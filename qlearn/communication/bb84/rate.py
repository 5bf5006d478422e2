"""The price of errors: how much secret key a sifted bit is worth."""

from functools import cache

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import brentq

from qlearn._checks import together
from qlearn.communication.entropy import as_error_rates, binary_entropy


def asymptotic_rate(qber: ArrayLike, phase: ArrayLike | None = None) -> NDArray[np.float64]:
    r"""Return the secret bits that a sifted bit yields by plain one-way processing when the key is endless.

    .. math:: r = \max\bigl(0,\; 1 - h(e) - h(e_\text{phase})\bigr), \qquad r = \max(0, 1 - 2h(e))
              \ \text{if both are}\ e

    The first :math:`h` is what Alice must tell Bob to correct his errors. The second is what Eve may know:
    she is charged with every error, whatever the line is like. What she learns of the bits of one basis is
    bounded by the errors *of the other basis* (`phase`), which is why both are watched. One-way: Alice talks,
    Bob listens. Plain: she corrects the sifted bits as they are. Where she names parities of small blocks first
    (structured codes) or adds noise, or where both talk, more can be saved.

    Parameters
    ----------
    qber : array_like of float, shape (...)
        Error rate of the bits that become the key. Above 1/2 there is no key, as at 1/2.
    phase : array_like of float, shape (...), optional
        Error rate in the other basis; broadcasts against `qber`. None: the same as `qber`.

    Returns
    -------
    ndarray of float, shape (...)
        Secret bits a sifted bit, 0 to 1, for single photons, error correction at Shannon's limit and infinitely
        many bits.

    Raises
    ------
    ValueError, TypeError
        If a value is not between 0 and 1 or no number, or the shapes do not broadcast.

    Examples
    --------
    >>> asymptotic_rate([0, 0.01, 0.05, 0.25]).round(6)
    array([1.      , 0.838414, 0.427206, 0.      ])
    >>> float(asymptotic_rate(0.0, phase=0.5))  # Eve reads Z: no error there, and nothing is secret
    0.0

    References
    ----------
    Shor and Preskill, Phys. Rev. Lett. 85, 441 (2000), arXiv:quant-ph/0003004; beyond it: Smith, Renes and
    Smolin, Phys. Rev. Lett. 100, 170502 (2008), arXiv:quant-ph/0607018, and Kern and Renes, Quantum Inf. Comput.
    8, 756 (2008), arXiv:0712.1494 (structured codes, added noise); Gottesman and Lo, IEEE Trans. Inf. Theory 49,
    457 (2003), arXiv:quant-ph/0105121 (both talk).

    Taught in :doc:`/communication/bb84`.
    """
    bits = binary_entropy(as_error_rates(qber, "qber"))
    eve = bits if phase is None else binary_entropy(as_error_rates(phase, "phase"))
    bits, eve = together(qber=bits, phase=eve)
    return np.maximum(0.0, 1 - bits - eve)


@cache
def threshold() -> float:
    r"""Return the error rate at which :func:`asymptotic_rate` reaches zero: the root of :math:`1 - 2h(e)`.

    Returns
    -------
    float
        0.110028, found by bracketing the root between 0 and 1/2.

    Examples
    --------
    >>> round(threshold(), 6)
    0.110028

    References
    ----------
    Shor and Preskill, Phys. Rev. Lett. 85, 441 (2000), arXiv:quant-ph/0003004.

    Taught in :doc:`/communication/bb84`.
    """
    return float(brentq(lambda error: 1 - 2 * binary_entropy(error), 0, 0.5, xtol=1e-15))
