"""Mismatch: two detectors of unequal efficiency, and what that costs the key rather than the error rate."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_probabilities, as_real, as_reals, together
from qlearn.communication.entropy import binary_entropy

Array = NDArray[np.float64]


def mismatch_secrecy(x_correlation: ArrayLike, z_bias: ArrayLike) -> Array:
    r"""Bound what Eve does not know of a bit of Alice that Bob detected, from what the two of them saw.

    .. math:: H(Z_A|E) \;\ge\; h\Bigl(\frac{1 - z}{2}\Bigr) - h\Bigl(\frac{1 - \sqrt{x^2 + z^2}}{2}\Bigr)

    Let :math:`\tilde\rho_{AB}` be the state of Alice's qubit and Bob's *detected* one (after the filter
    :math:`\operatorname{diag}(1, \sqrt\eta)`), Eve with the rest of a pure state. What she lacks of :math:`Z_A` is
    :math:`D(\tilde\rho \,\|\, \Delta\tilde\rho)`, where :math:`\Delta` dephases Alice's qubit. A CNOT from Alice's
    qubit to Bob's commutes with :math:`\Delta`, and dropping Bob's qubit afterwards makes :math:`D` no larger (data
    processing). What is left is one qubit with :math:`\langle Z\rangle = z = \langle Z_A\rangle` and
    :math:`\langle X\rangle = x = \langle X_A X_B\rangle`, both of :math:`\tilde\rho`; a :math:`\langle Y\rangle` would
    only add.

    Parameters
    ----------
    x_correlation : array_like of float, shape (...)
        :math:`x`, between -1 and 1. Bob's X clicks give it: divide the counts of each detector by its efficiency,
        take the correlation with Alice's X bits, and multiply by :math:`\sqrt\eta` over the share that Z detects.
    z_bias : array_like of float, shape (...)
        :math:`z`, how much more often Alice's detected Z bit is 0 than 1; broadcasts. :math:`x^2 + z^2 \le 1`.

    Returns
    -------
    ndarray of float, shape (...)
        Bits per detected bit.

    Raises
    ------
    ValueError, TypeError
        If no state has such values.

    Examples
    --------
    >>> mismatch_secrecy([1.0, 0.8, 0.8], [0.0, 0.0, 0.6]).round(4)
    array([1.    , 0.531 , 0.7219])

    References
    ----------
    Proved above. Bounds of this kind, with a proof that they are tight, in Bochkov and Trushechkin, Phys. Rev. A 99,
    032308 (2019), arXiv:1810.04663.

    Taught in :doc:`/communication/fibre`.
    """
    x, z = together(
        x_correlation=as_reals(x_correlation, "x_correlation", least=-1, most=1),
        z_bias=as_reals(z_bias, "z_bias", least=-1, most=1),
    )
    length = np.hypot(x, z)
    if (length > 1 + 1e-9).any():
        raise ValueError(
            f"x_correlation and z_bias must fit one qubit, x^2 + z^2 <= 1, not {length.max() ** 2:g}"
        )
    return np.asarray(binary_entropy((1 - z) / 2) - binary_entropy((1 - length.clip(0, 1)) / 2))


def mismatch_rate(qber: ArrayLike, *, ratio: ArrayLike, error_correction: float = 1.0) -> Array:
    r"""Return the secret bits per sifted bit of BB84 with detectors of unequal efficiency.

    .. math:: r = h\Bigl(\frac{1 - z}{2}\Bigr) - h(e) - f\,h(e), \qquad z = (1 - 2e)\,\frac{1 - \eta}{1 + \eta}

    :func:`mismatch_secrecy` for a line that turns each bit, in either basis, with the same chance :math:`e`; there
    :math:`x = (1 - 2e)\,2\sqrt\eta/(1 + \eta)` and :math:`x^2 + z^2 = (1 - 2e)^2`. For :math:`\eta = 1` it is
    :math:`1 - h(e) - f h(e)`; whoever uses that in spite of a mismatch keeps :math:`1 - h((1 - z)/2)` too many.

    It holds for at most one photon at Bob, a ratio that is known, the same in both bases and *not Eve's to choose* (no
    time shift, no other mode of light), endless keys, and attacks on each pulse alike.

    Parameters
    ----------
    qber : array_like of float, shape (...)
        :math:`e`, 0 to 1/2.
    ratio : array_like of float, shape (...)
        :math:`\eta`, efficiency of the worse detector over that of the better one, 0 to 1; broadcasts.
    error_correction : float
        :math:`f`, at least 1.

    Returns
    -------
    ndarray of float, shape (...)
        Negative where errors cost more than there is.

    Raises
    ------
    ValueError, TypeError
        If an argument is out of its range.

    Examples
    --------
    >>> mismatch_rate(0.0, ratio=[1, 0.5, 0.1, 0]).round(4)
    array([1.    , 0.9183, 0.4395, 0.    ])

    References
    ----------
    As for :func:`mismatch_secrecy`. Against Eves who choose the mode: Zhang et al., Phys. Rev. Research 3, 013076
    (2021); against several photons: Trushechkin, Quantum 6, 771 (2022), arXiv:2004.07809.

    Taught in :doc:`/communication/fibre`.
    """
    e, eta = _pair(qber, ratio)
    factor = as_real(error_correction, "error_correction", least=1)
    bias = (1 - 2 * e) * (1 - eta) / (1 + eta)
    coherence = (1 - 2 * e) * 2 * np.sqrt(eta) / (1 + eta)
    return np.asarray(mismatch_secrecy(coherence, bias) - factor * binary_entropy(e))


def discarding_rate(qber: ArrayLike, *, ratio: ArrayLike, error_correction: float = 1.0) -> Array:
    r"""Return what is left of each sifted bit if clicks of the better detector are thrown away until both are alike.

    .. math:: r = \frac{2\eta}{1 + \eta}\,\bigl[1 - h(e) - f\,h(e)\bigr]

    Parameters
    ----------
    qber, ratio, error_correction
        As for :func:`mismatch_rate`. Neither is always ahead: with few errors the clicks thrown away here were worth
        something, with many they cost more correction than they were worth.

    Returns
    -------
    ndarray of float, shape (...)
        Per sifted bit before anything is thrown away.

    Raises
    ------
    ValueError, TypeError
        If an argument is out of its range.

    Examples
    --------
    >>> discarding_rate(0.0, ratio=[1, 0.5, 0.1, 0]).round(4)
    array([1.    , 0.6667, 0.1818, 0.    ])

    References
    ----------
    Fung, Tamaki, Qi, Lo and Ma, Quantum Inf. Comput. 9, 131 (2009), arXiv:0802.3788, equations 32 and 33.

    Taught in :doc:`/communication/fibre`.
    """
    e, eta = _pair(qber, ratio)
    factor = as_real(error_correction, "error_correction", least=1)
    return np.asarray(2 * eta / (1 + eta) * (1 - (1 + factor) * binary_entropy(e)))


def _pair(qber: ArrayLike, ratio: ArrayLike) -> list[Array]:
    e = as_reals(qber, "qber", least=0, most=0.5)
    return together(qber=e, ratio=as_probabilities(ratio, "ratio", "ratios of two efficiencies"))
