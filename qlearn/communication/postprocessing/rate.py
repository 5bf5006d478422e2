"""The rate: how much secret key a sifted bit is worth when there are endlessly many of them."""

from functools import cache
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import entr

from qlearn._checks import as_real
from qlearn.communication.entropy import as_error_rates, binary_entropy

Protocol = Literal["bb84", "six-state"]
_PROTOCOLS = ("bb84", "six-state")


def key_rate(qber: ArrayLike, *, efficiency: float = 1.0, protocol: Protocol = "bb84") -> NDArray[np.float64]:
    r"""Return the secret bits that a sifted bit yields in an endless session.

    .. math:: r_\text{BB84} = 1 - h(e) - f\,h(e), \qquad
              r_\text{six} = 1 - \bigl[H(\lambda) - h(e)\bigr] - f\,h(e),\quad
              \lambda = \left(1 - \tfrac{3e}{2}, \tfrac e2, \tfrac e2, \tfrac e2\right)

    The first subtraction is what Eve may know, the second what Alice had to tell Bob: :math:`f = 1` is
    Shannon's limit, a good Cascade reaches 1.05. BB84 knows only how often bits flip in two bases; the
    six-state protocol measures in three, which leaves Eve less room, :math:`H(\lambda)` being the entropy of
    the depolarising line's Pauli errors.

    Parameters
    ----------
    qber : array_like of float, shape (...)
        Error rate :math:`e`, the same in all bases. From 1/2 on there is no key.
    efficiency : float
        :math:`f`, disclosed bits over :math:`n\,h(e)`; at least 1.
    protocol : {"bb84", "six-state"}
        Two bases, or three.

    Returns
    -------
    ndarray of float, shape (...)
        Bit per sifted bit, 0 to 1, never negative.

    Raises
    ------
    ValueError, TypeError
        If a rate is no probability, the efficiency below 1, or the protocol neither of the two.

    Examples
    --------
    >>> key_rate([0, 0.01, 0.05, 0.12]).round(6)
    array([1.      , 0.838414, 0.427206, 0.      ])
    >>> key_rate(0.12, protocol="six-state").round(4)
    np.float64(0.0346)

    References
    ----------
    Shor and Preskill, 2000, arXiv:quant-ph/0003004 (BB84). Lo, 2001, arXiv:quant-ph/0102138, and Kern and
    Renes, 2008, arXiv:0712.1494 (six states).

    Taught in :doc:`/communication/secret_key`.
    """
    error = as_error_rates(qber, "qber")
    f = as_real(efficiency, "efficiency", least=1)
    told = binary_entropy(error)
    if protocol == "bb84":
        known = told
    elif protocol == "six-state":
        known = (entr(1 - 1.5 * error) + 3 * entr(error / 2)) / np.log(2) - told
    else:
        raise ValueError(f"protocol must be one of {', '.join(_PROTOCOLS)}, not {protocol!r}")
    return np.maximum(0.0, 1 - known - f * told)


@cache
def tolerable_qber(*, efficiency: float = 1.0, protocol: Protocol = "bb84") -> float:
    r"""Return the error rate at which :func:`key_rate` reaches zero.

    Parameters
    ----------
    efficiency : float
        :math:`f` of the reconciliation, at least 1.
    protocol : {"bb84", "six-state"}
        Two bases, or three.

    Returns
    -------
    float
        Error rate, below 1/2.

    Raises
    ------
    ValueError, TypeError
        As :func:`key_rate` does.

    Examples
    --------
    >>> round(tolerable_qber(), 6), round(tolerable_qber(protocol="six-state"), 6)
    (0.110028, 0.126193)
    >>> round(tolerable_qber(efficiency=1.16), 6)
    0.098106

    References
    ----------
    Kern and Renes, 2008, arXiv:0712.1494.

    Taught in :doc:`/communication/secret_key`.
    """
    # From above the rate is flat zero, so the root is looked for where a bisection sees "still a key".
    low, high = 0.0, 0.5
    if not key_rate(low, efficiency=efficiency, protocol=protocol):
        return 0.0
    while high - low > 1e-15:
        middle = (low + high) / 2
        if middle in (low, high):
            break
        low, high = (
            (middle, high) if key_rate(middle, efficiency=efficiency, protocol=protocol) else (low, middle)
        )
    return low
