"""Efficiency mismatch: two detectors of unequal efficiency, and what that costs the key rather than the error rate."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from qlearn._checks import as_probabilities, as_real, as_reals, broadcast, norm_tolerance
from qlearn._types import Array
from qlearn.qubits.entropies import binary_entropy

_SIGNS = np.array([[1, -1], [-1, 1]])


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
        :math:`x`, between -1 and 1, as :func:`counted_mismatch_rate` takes it from counts.
    z_bias : array_like of float, shape (...)
        :math:`z`, how much more often Alice's detected Z bit is 0 than 1; broadcasts. :math:`x^2 + z^2 \le 1`.

    Returns
    -------
    ndarray of float, shape (...)
        Bits per detected bit.

    Examples
    --------
    >>> mismatch_secrecy([1.0, 0.8, 0.8], [0.0, 0.0, 0.6]).round(4)
    array([1.    , 0.531 , 0.7219])

    References
    ----------
    Proved above. Bounds of this kind, with a proof that they are tight, in Bochkov and Trushechkin, Phys. Rev. A 99,
    032308 (2019), arXiv:1810.04663.
    """
    x, z = broadcast(
        x_correlation=as_reals(x_correlation, "x_correlation", least=-1, most=1),
        z_bias=as_reals(z_bias, "z_bias", least=-1, most=1),
    )
    length = np.hypot(x, z)
    if (length > 1 + max(norm_tolerance(np.asarray(given).dtype) for given in (x_correlation, z_bias))).any():
        raise ValueError(
            f"x_correlation and z_bias must fit one qubit, x^2 + z^2 <= 1, not {length.max() ** 2:g}"
        )
    return np.asarray(binary_entropy((1 - z) / 2) - binary_entropy((1 - length.clip(0, 1)) / 2))


def mismatch_rate(qber: ArrayLike, *, ratio: ArrayLike, error_correction: float = 1.0) -> Array:
    r"""Predict the secret bits per sifted bit of BB84 with detectors of unequal efficiency, on a symmetric line.

    .. math:: r = h\Bigl(\frac{1 - z}{2}\Bigr) - h(e) - f\,h(e), \qquad z = (1 - 2e)\,\frac{1 - \eta}{1 + \eta}

    A *prediction*: :func:`mismatch_secrecy` for a line that turns each bit, in either basis and on its way to either
    detector, with the same chance :math:`e`; there :math:`x = (1 - 2e)\,2\sqrt\eta/(1 + \eta)` and
    :math:`x^2 + z^2 = (1 - 2e)^2`. For :math:`\eta = 1` it is :math:`1 - h(e) - f h(e)`; whoever uses that in spite of a
    mismatch keeps :math:`1 - h((1 - z)/2)` too many.

    It is not to be used with a measured QBER: Eve may lay the errors of X upon the weak detector, where few are counted,
    and leave less than this. What was measured is for :func:`counted_mismatch_rate`.

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

    Examples
    --------
    >>> mismatch_rate(0.0, ratio=[1, 0.5, 0.1, 0]).round(4)
    array([1.    , 0.9183, 0.4395, 0.    ])

    References
    ----------
    As for :func:`mismatch_secrecy`. Against Eves who choose the mode: Zhang et al., Phys. Rev. Research 3, 013076
    (2021); against several photons: Trushechkin, Quantum 6, 771 (2022), arXiv:2004.07809.
    """
    e, eta = _pair(qber, ratio)
    factor = as_real(error_correction, "error_correction", least=1)
    bias = (1 - 2 * e) * (1 - eta) / (1 + eta)
    coherence = (1 - 2 * e) * 2 * np.sqrt(eta) / (1 + eta)
    return np.asarray(mismatch_secrecy(coherence, bias) - factor * binary_entropy(e))


class MismatchStatistics(NamedTuple):
    """Correlation and bias of :func:`mismatch_secrecy`, and the share of the sifted Z bits that is wrong; shape (...)."""

    x_correlation: Array
    z_bias: Array
    qber: Array


def mismatch_statistics(z_counts: ArrayLike, x_counts: ArrayLike, *, ratio: ArrayLike) -> MismatchStatistics:
    r"""Return the values that :func:`mismatch_secrecy` needs, from the sifted clicks of both bases.

    .. math:: x = \sqrt\eta\;\frac{\sum_{ab} (-1)^{a+b} X_{ab}/\eta_b}{\sum_{ab} X_{ab}/\eta_b} \bigg/
              \frac{\sum_{ab} Z_{ab}}{\sum_{ab} Z_{ab}/\eta_b}, \qquad
              z = \frac{\sum_b (Z_{0b} - Z_{1b})}{\sum_{ab} Z_{ab}}

    with :math:`\eta_0 = 1, \eta_1 = \eta`. A click of the weak detector stands for :math:`1/\eta` photons that arrived:
    so weighted, the counts of X give :math:`\operatorname{tr} \rho\,(X \otimes X)` of the state *before* the detectors,
    whatever it is. Of the state behind the filter :math:`F = \operatorname{diag}(1, \sqrt\eta)` it is
    :math:`\sqrt\eta` times that over the share which Z detects, as :math:`F X F = \sqrt\eta\,X`. Where counts fluctuate
    beyond :math:`x^2 + z^2 = 1`, :math:`x` is shortened to it, which proves less.

    >>> seen = mismatch_statistics([[490, 5], [10, 245]], [[490, 5], [10, 245]], ratio=0.5)
    >>> [round(float(value), 3) for value in seen]
    [0.905, 0.32, 0.02]
    """
    z_table, x_table = _table(z_counts, "z_counts"), _table(x_counts, "x_counts")
    eta = as_probabilities(ratio, "ratio", "ratios of two efficiencies")
    if not (eta > 0).all():
        raise ValueError("ratio must be above 0: clicks of a blind detector cannot be weighted")
    weight = np.stack([np.ones_like(eta), 1 / eta], axis=-1)[..., None, :]
    arrived = (x_table * weight).sum(axis=(-2, -1)), (z_table * weight).sum(axis=(-2, -1))
    clicks = z_table.sum(axis=(-2, -1))
    x = np.sqrt(eta) * (x_table * weight * _SIGNS).sum(axis=(-2, -1)) / arrived[0] * arrived[1] / clicks
    z = (z_table[..., 0, :] - z_table[..., 1, :]).sum(axis=-1) / clicks
    most = np.sqrt((1 - z**2).clip(0))
    wrong = (z_table[..., 0, 1] + z_table[..., 1, 0]) / clicks
    return MismatchStatistics(np.asarray(x.clip(-most, most)), np.asarray(z), np.asarray(wrong))


def counted_mismatch_rate(
    z_counts: ArrayLike, x_counts: ArrayLike, *, ratio: ArrayLike, error_correction: float = 1.0
) -> Array:
    r"""Return the secret bits per sifted Z bit that the clicks of unequal detectors prove.

    .. math:: r = h\Bigl(\frac{1 - z}{2}\Bigr) - h\Bigl(\frac{1 - \sqrt{x^2 + z^2}}{2}\Bigr) - f\,h(e)

    of :func:`mismatch_secrecy`, with :math:`x` and :math:`z` taken from the counts, wherever the errors are. The assumptions
    are those of :func:`mismatch_rate`, without the symmetric line; counts are taken for chances (endless keys).

    Parameters
    ----------
    z_counts, x_counts : array_like of float, shape (..., 2, 2)
        Clicks in each basis, by Alice's bit and by Bob's detector, or their chances; detector 1 is the weak one.
    ratio : array_like of float, shape (...)
        :math:`\eta`, efficiency of the weak detector over that of the other, above 0, the same in both bases; broadcasts.
    error_correction : float
        :math:`f`, at least 1.

    Returns
    -------
    ndarray of float, shape (...)
        Negative where errors cost more than there is.

    Examples
    --------
    >>> even = [[490, 5], [10, 245]]
    >>> uneven = [[490, 10], [5, 245]]  # as many errors, twice as many of them in the weak detector
    >>> [round(float(counted_mismatch_rate(even, x, ratio=0.5)), 3) for x in (even, uneven)]
    [0.642, 0.618]

    References
    ----------
    As for :func:`mismatch_secrecy`.
    """
    factor = as_real(error_correction, "error_correction", least=1)
    seen = mismatch_statistics(z_counts, x_counts, ratio=ratio)
    return np.asarray(
        mismatch_secrecy(seen.x_correlation, seen.z_bias) - factor * binary_entropy(seen.qber.clip(0, 0.5))
    )


def discarding_rate(qber: ArrayLike, *, ratio: ArrayLike, error_correction: float = 1.0) -> Array:
    r"""Return what is left of each sifted bit if clicks of the better detector are thrown away until both are alike.

    .. math:: r = \frac{2\eta}{1 + \eta}\,\bigl[1 - h(e) - f\,h(e)\bigr]

    Parameters
    ----------
    qber, ratio, error_correction
        As for :func:`mismatch_rate`; :math:`e` is that of the clicks that stay. Neither is always ahead: with few errors
        the clicks thrown away here were worth something, with many they cost more correction than they were worth.

    Returns
    -------
    ndarray of float, shape (...)
        Per sifted bit before anything is thrown away.

    Examples
    --------
    >>> discarding_rate(0.0, ratio=[1, 0.5, 0.1, 0]).round(4)
    array([1.    , 0.6667, 0.1818, 0.    ])

    References
    ----------
    Fung, Tamaki, Qi, Lo and Ma, Quantum Inf. Comput. 9, 131 (2009), arXiv:0802.3788, equations 32 and 33.
    """
    e, eta = _pair(qber, ratio)
    factor = as_real(error_correction, "error_correction", least=1)
    return np.asarray(2 * eta / (1 + eta) * (1 - (1 + factor) * binary_entropy(e)))


def _table(counts: ArrayLike, name: str) -> Array:
    table = as_reals(counts, name, least=0)
    if table.shape[-2:] != (2, 2):
        raise ValueError(f"{name} must have the shape (..., 2, 2), Alice's bit and Bob's, not {table.shape}")
    if not (table.sum(axis=(-2, -1)) > 0).all():
        raise ValueError(f"{name} must hold clicks: without any there is nothing to prove")
    return table


def _pair(qber: ArrayLike, ratio: ArrayLike) -> list[Array]:
    e = as_reals(qber, "qber", least=0, most=0.5)
    return broadcast(qber=e, ratio=as_probabilities(ratio, "ratio", "ratios of two efficiencies"))
