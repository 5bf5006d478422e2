"""The bounds: what the best Eve knows at a given error rate: at once, pulse by pulse, and with all probes together."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_probabilities, together
from qlearn.communication.entropy import as_error_rates, binary_entropy


def individual_guess(qber: ArrayLike) -> NDArray[np.float64]:
    r"""Return how often the best Eve guesses a sifted bit, if she asks each pulse's probe by itself.

    .. math:: P = \tfrac12 + \sqrt{D(1-D)}

    where D is the error rate in the *other* basis: what she learns of Z is paid for in X. An error rate of 1 %
    already buys 60 %: her gain grows like :math:`\sqrt D`.

    Parameters
    ----------
    qber : array_like of float, shape (...)
        Error rate that she causes in the other basis; above 1/2 nothing more is to be had.

    Returns
    -------
    ndarray of float, shape (...)
        1/2 to 1.

    Raises
    ------
    ValueError, TypeError
        If a value is no probability.

    Examples
    --------
    >>> individual_guess([0, 0.01, 0.5]).round(4)
    array([0.5   , 0.5995, 1.    ])

    References
    ----------
    Fuchs, Gisin, Griffiths, Niu and Peres, Phys. Rev. A 56, 1163 (1997), arXiv:quant-ph/9701039.

    Taught in :doc:`/communication/eavesdropping`.
    """
    d = as_error_rates(qber, "qber")
    return np.asarray(0.5 + np.sqrt(d * (1 - d)))


def memoryless_guess(qber: ArrayLike) -> NDArray[np.float64]:
    r"""Return how often the best Eve without a memory, who asks before the bases are out, guesses a bit of both bases.

    .. math:: P = \tfrac12 + \sqrt{D(1-2D)} \quad (D \le \tfrac14), \qquad
              P = \tfrac12 + \tfrac{1}{2\sqrt2} \quad (D \ge \tfrac14)

    for the means of both bases, equally likely: P of her guess rates and D of the error rates. In one basis alone
    she may reach :func:`individual_guess`, with nothing in the other. For both alike
    :func:`~qlearn.communication.eavesdropping.weak_measurement` reaches it.

    Parameters
    ----------
    qber : array_like of float, shape (...)
        Error rate D that she causes, the mean of Z and X.

    Returns
    -------
    ndarray of float, shape (...)
        1/2 to 0.8536.

    Raises
    ------
    ValueError, TypeError
        If a value is no probability.

    Notes
    -----
    The proof is a dual solution, as in :func:`~qlearn.communication.eavesdropping.best_fixed_measurement`. All
    that such an Eve can do is four maps of the pulse, one for each pair of guesses g (for Z) and h (for X),
    with Choi matrices :math:`J_{gh} \ge 0` whose sum preserves the trace. For every price
    :math:`\lambda \ge 0` of an error,

    .. math:: P - \lambda D = \sum_{gh} \operatorname{tr} J_{gh} C_{gh}, \qquad
              C_{gh} = \tfrac{1-\lambda}{4}
              + \tfrac18\bigl((-1)^g Z + (-1)^h X\bigr) \otimes 1
              + \tfrac{\lambda}{8}(Z \otimes Z + X \otimes X),

    with the pulse of Alice on the left and Bob's on the right. All four C have the same largest eigenvalue
    :math:`\tfrac14 - \tfrac\lambda8 + \tfrac18\sqrt{2+\lambda^2}`, and
    :math:`\sum \operatorname{tr} J_{gh} = 2`. So :math:`P \le \tfrac12 - \tfrac\lambda4
    + \tfrac14\sqrt{2+\lambda^2} + \lambda D`, and the best price,
    :math:`\lambda = (1-4D)/\sqrt{4D(1-2D)}`, gives the formula.

    Examples
    --------
    >>> memoryless_guess([0, 0.05, 0.25, 0.5]).round(4)
    array([0.5   , 0.7121, 0.8536, 0.8536])

    References
    ----------
    Ballester, Wehner and Winter, IEEE Trans. Inf. Theory 54, 4183 (2008), arXiv:quant-ph/0608014 (the game);
    the bound itself is derived in the notes.

    Taught in :doc:`/communication/eavesdropping`.
    """
    d = np.minimum(as_error_rates(qber, "qber"), 0.25)
    return np.asarray(0.5 + np.sqrt(d * (1 - 2 * d)))


def individual_information(qber: ArrayLike) -> NDArray[np.float64]:
    r"""Return the bits of information that the best Eve has on a sifted bit, one probe at a time.

    .. math:: I = 1 - h\bigl(\tfrac12 + \sqrt{D(1-D)}\bigr)

    Parameters
    ----------
    qber : array_like of float, shape (...)
        Error rate that she causes in the other basis.

    Returns
    -------
    ndarray of float, shape (...)
        0 to 1 bit.

    Raises
    ------
    ValueError, TypeError
        If a value is no probability.

    Examples
    --------
    >>> individual_information([0, 0.11, 0.5]).round(4)
    array([0.    , 0.3046, 1.    ])

    References
    ----------
    Fuchs, Gisin, Griffiths, Niu and Peres, Phys. Rev. A 56, 1163 (1997), arXiv:quant-ph/9701039.

    Taught in :doc:`/communication/eavesdropping`.
    """
    return 1 - binary_entropy(individual_guess(qber))


def collective_information(qber: ArrayLike) -> NDArray[np.float64]:
    r"""Return the most that any Eve knows of a sifted bit: she keeps all probes, and asks them together.

    .. math:: \chi = h(D)

    For 0 < D < 1/2 no measurement of single probes reaches it; it is what privacy amplification must remove, and
    :func:`~qlearn.communication.bb84.asymptotic_rate` charges it.

    Parameters
    ----------
    qber : array_like of float, shape (...)
        Error rate in the other basis.

    Returns
    -------
    ndarray of float, shape (...)
        0 to 1 bit; 1 from an error rate of 1/2 on.

    Raises
    ------
    ValueError, TypeError
        If a value is no probability.

    Examples
    --------
    >>> collective_information([0, 0.11, 0.5]).round(4)
    array([0.    , 0.4999, 1.    ])

    References
    ----------
    Shor and Preskill, Phys. Rev. Lett. 85, 441 (2000), arXiv:quant-ph/0003004;
    Devetak and Winter, Proc. R. Soc. A 461, 207 (2005), arXiv:quant-ph/0306078.

    Taught in :doc:`/communication/eavesdropping`.
    """
    return binary_entropy(as_error_rates(qber, "qber"))


def secret_bits(qber: ArrayLike, known: ArrayLike) -> NDArray[np.float64]:
    r"""Return the secret bits that a sifted bit yields against an Eve who knows so much of it.

    .. math:: r = \max\bigl(0,\; I_{AB} - I_{AE}\bigr) = \max\bigl(0,\; 1 - h(e) - I_E\bigr)

    Csiszar and Koerner: whenever Bob knows more than Eve, the difference can be made a secret key, with
    Alice speaking alone. It is not the last word: with structured codes, with noise added on purpose, or with
    both speaking, more can be had. With :func:`individual_information` it falls to zero at
    :math:`(1-1/\sqrt2)/2 = 14.6\,\%`, with :func:`collective_information` at 11.0 %.

    Parameters
    ----------
    qber : array_like of float, shape (...)
        Error rate between Alice and Bob.
    known : array_like of float, shape (...)
        Eve's information in bits a sifted bit, 0 to 1.

    Returns
    -------
    ndarray of float, shape (...)

    Raises
    ------
    ValueError, TypeError
        If a value is out of its range, or the shapes do not broadcast.

    Examples
    --------
    >>> secret_bits(0.05, individual_information([0.05, 0.2])).round(4)
    array([0.5718, 0.1826])

    References
    ----------
    Csiszar and Koerner, IEEE Trans. Inf. Theory 24, 339 (1978), doi:10.1109/TIT.1978.1055892.

    Taught in :doc:`/communication/eavesdropping`.
    """
    bob = 1 - binary_entropy(as_error_rates(qber, "qber"))
    eve = as_probabilities(known, "known", "bits of information")
    bob, eve = together(qber=bob, known=eve)
    return np.maximum(0.0, bob - eve)
