"""The bounds: what the best Eve knows at a given error rate, pulse by pulse and with all her probes together."""

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

    No measurement of single probes reaches it; it is what privacy amplification must remove, and
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
    Alice speaking alone. It is not the last word: with noise added on purpose, or with both speaking, more
    can be had. With :func:`individual_information` it falls to zero at
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
