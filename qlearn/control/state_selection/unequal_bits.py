"""Unequal bits: what is left of a key whose states were chosen by their errors, once the choice itself is charged."""

import numpy as np
from numpy.typing import ArrayLike

from qlearn._checks import as_probabilities, broadcast
from qlearn._types import Array
from qlearn.qubits.entropies import binary_entropy


def damped_error(ones: ArrayLike, damping: ArrayLike) -> Array:
    r"""Return the error rate of bits over a line that turns a 1 into a 0 now and then, shape (...).

    .. math:: e = q\,\gamma

    Of bits that are sent as 1 with probability :math:`q`; 0 arrives as it is. Whoever chooses states by their errors sends
    0 and nothing else.

    Parameters
    ----------
    ones : array_like of float, shape (...)
        :math:`q`.
    damping : array_like of float, shape (...)
        :math:`\gamma` of amplitude damping, 0 to 1; broadcasts.

    Returns
    -------
    ndarray of float, shape (...)

    Examples
    --------
    >>> damped_error([0.5, 0.1, 0.0], 0.2)
    array([0.1 , 0.02, 0.  ])
    """
    q, gamma = _pair(ones, damping)
    return np.asarray(q * gamma)


def damped_rate(ones: ArrayLike, damping: ArrayLike) -> Array:
    r"""Return the secret bits per bit sent over an amplitude-damping line whose surroundings are Eve, shape (...).

    .. math:: r = I(A{:}B) - \chi(A{:}E) = h\bigl(q(1 - \gamma)\bigr) - h(q\gamma)

    Bob finds 1 with the chance :math:`q(1-\gamma)`, Eve the lost excitation with :math:`q\gamma`, and what either is unsure
    about a known bit, :math:`q\,h(\gamma)`, is the same for both and drops out. At most :math:`h(q)`: the bits of a source
    that prefers one of them are fewer than its symbols. The best :math:`q` is not 1/2 but near it.

    Parameters
    ----------
    ones : array_like of float, shape (...)
        :math:`q`, share of ones, known to everybody.
    damping : array_like of float, shape (...)
        :math:`\gamma`; broadcasts.

    Returns
    -------
    ndarray of float, shape (...)
        Negative where Eve knows more than Bob. It assumes that the line is known to be this one: a value to compare with,
        no key length.

    Examples
    --------
    >>> damped_rate([0.5, 0.45, 0.1, 0.0], 0.2).round(4)
    array([0.502 , 0.5062, 0.2608, 0.    ])

    References
    ----------
    Devetak and Winter, Proc. R. Soc. A 461, 207 (2005), arXiv:quant-ph/0306078 (the rate); Giovannetti and Fazio,
    "Information-capacity description of spin-chain correlations", Phys. Rev. A 71, 032314 (2005), arXiv:quant-ph/0405110
    (its maximum over q is the capacity of this line).
    """
    q, gamma = _pair(ones, damping)
    return np.asarray(binary_entropy(q * (1 - gamma)) - binary_entropy(q * gamma))


def guessing_chance(ones: ArrayLike) -> Array:
    r"""Return how often an Eve who never touches the line guesses a bit, shape (...).

    .. math:: P = \max(q, 1 - q), \qquad H_\infty = -\log_2 P

    Parameters
    ----------
    ones : array_like of float, shape (...)
        Share q of the bits that are 1.

    Returns
    -------
    ndarray of float, shape (...)

    Examples
    --------
    >>> guessing_chance([0.5, 0.1, 0.0])
    array([0.5, 0.9, 1. ])
    """
    q = as_probabilities(ones, "ones")
    return np.asarray(np.maximum(q, 1 - q))


def _pair(ones: ArrayLike, damping: ArrayLike) -> list[Array]:
    return broadcast(
        ones=as_probabilities(ones, "ones"),
        damping=as_probabilities(damping, "damping", "the chance to lose a 1"),
    )
