"""Gaussian states: covariance matrices, symplectic eigenvalues, entropy, beam splitters and measurements."""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import xlogy

from qlearn._checks import as_real, as_reals, as_wires
from qlearn._types import Array
from qlearn.communication.continuous_variables._arguments import Detection, as_detection

# Eigenvalues of products of a few dozen matrices: 1e-7 of the largest forgives rounding and no real mistake.
_ROUNDING = 1e-7


def epr(variance: float) -> NDArray[np.float64]:
    r"""Return the covariance matrix of a two-mode squeezed vacuum whose halves have the given variance.

    .. math:: \sigma = \begin{pmatrix} V I & \sqrt{V^2 - 1}\, Z \\ \sqrt{V^2 - 1}\, Z & V I \end{pmatrix},
              \qquad Z = \mathrm{diag}(1, -1)

    Each half alone is thermal light; together they are pure. Alice who measures both quadratures of one half
    throws the other one into a coherent state, with a centre that varies by :math:`V_A = V - 1`: to anyone
    outside it is the same as a laser that she modulates.

    Parameters
    ----------
    variance : float
        :math:`V`, at least 1 (vacuum), in shot-noise units.

    Returns
    -------
    ndarray of float, shape (4, 4)
        Quadratures in the order x, p, x, p.

    Examples
    --------
    >>> symplectic_eigenvalues(epr(5.0)).round(6)
    array([1., 1.])

    References
    ----------
    Weedbrook et al., Rev. Mod. Phys. 84, 621 (2012), arXiv:1110.3234, section II.
    """
    v = float(as_reals(variance, "variance", least=1))
    z = np.diag([1.0, -1.0]) * np.sqrt((v - 1) * (v + 1))
    return np.block([[v * np.eye(2), z], [z, v * np.eye(2)]])


def symplectic_eigenvalues(covariance: ArrayLike) -> NDArray[np.float64]:
    r"""Return the symplectic eigenvalues of a covariance matrix: the variances of its normal modes.

    .. math:: \nu = |\,\mathrm{eig}(i\,\Omega\,\sigma)\,| \ge 1, \qquad
              \Omega = \bigoplus_k \begin{pmatrix} 0 & 1 \\ -1 & 0 \end{pmatrix}

    Some network of splitters and squeezers takes any Gaussian state to independent thermal modes, and these
    are their variances. 1 is vacuum; below 1 no state exists (Heisenberg).

    Parameters
    ----------
    covariance : array_like of float, shape (..., 2 * n, 2 * n)
        In shot-noise units (vacuum is the identity), quadratures in the order x, p, x, p.

    Returns
    -------
    ndarray of float, shape (..., n)
        In falling order. Values that rounding put below 1 are 1.

    Examples
    --------
    >>> symplectic_eigenvalues(np.diag([3.0, 3.0]))  # thermal light
    array([3.])
    >>> symplectic_eigenvalues(np.diag([0.5, 2.0]))  # squeezed, and pure
    array([1.])

    References
    ----------
    Weedbrook et al., Rev. Mod. Phys. 84, 621 (2012), arXiv:1110.3234, section II.
    """
    sigma = as_covariance(covariance)
    try:
        root = np.linalg.cholesky(sigma)
    except np.linalg.LinAlgError:
        raise ValueError(
            "covariance must be positive definite: along some direction it has no noise"
        ) from None
    # With sigma = R R^T the Hermitian i R^T Omega R has the same eigenvalues, in pairs of both signs.
    half = sigma.shape[-1] // 2
    form = np.kron(np.eye(half), np.array([[0.0, 1.0], [-1.0, 0.0]]))
    pairs = np.linalg.eigvalsh(1j * np.swapaxes(root, -1, -2) @ form @ root)
    values = pairs[..., half:][..., ::-1]
    if values.size and values.min() < 1 - _ROUNDING * max(1.0, float(np.abs(sigma).max())):
        raise ValueError(
            f"covariance must obey Heisenberg's relation: it has a symplectic eigenvalue {values.min():.6g}, "
            "and vacuum, with 1, is the quietest there is. Is it in shot-noise units?"
        )
    return np.maximum(values, 1.0)


def entropy(covariance: ArrayLike) -> NDArray[np.float64]:
    r"""Return the von Neumann entropy of a Gaussian state, in bits.

    .. math:: S = \sum_k g(\nu_k)

    over the :func:`symplectic_eigenvalues`, with :math:`g` of :func:`mode_entropy`.

    Parameters
    ----------
    covariance : array_like of float, shape (..., 2 * n, 2 * n)
        As in :func:`symplectic_eigenvalues`.

    Returns
    -------
    ndarray of float, shape (...)
        0 for a pure state.

    Examples
    --------
    >>> float(entropy(3 * np.eye(2)))  # one photon on average
    2.0
    >>> abs(float(entropy(epr(3.0)))) < 1e-6
    True

    References
    ----------
    Holevo, Sohma and Hirota, Phys. Rev. A 59, 1820 (1999), doi:10.1103/PhysRevA.59.1820.
    """
    return np.asarray(mode_entropy(symplectic_eigenvalues(covariance)).sum(axis=-1))


def mode_entropy(nu: ArrayLike) -> Array:
    r"""Return the entropy of a thermal mode in bits, from the variance of its quadratures.

    .. math:: g(\nu) = \frac{\nu + 1}{2} \log_2 \frac{\nu + 1}{2} - \frac{\nu - 1}{2} \log_2 \frac{\nu - 1}{2}

    Parameters
    ----------
    nu : array_like of float, shape (...)
        Variances in shot-noise units; what lies below 1 is taken for rounding.

    Returns
    -------
    ndarray of float, shape (...)

    Examples
    --------
    >>> mode_entropy([1, 3])
    array([0., 2.])
    """
    photons = np.maximum(np.asarray(nu) - 1, 0) / 2
    return np.asarray((xlogy(photons + 1, photons + 1) - xlogy(photons, photons)) / np.log(2))


def as_covariance(x: ArrayLike) -> NDArray[np.float64]:
    """Return `x` as symmetric matrices of an even size."""
    sigma = as_reals(x, "covariance")
    if sigma.ndim < 2 or sigma.shape[-1] != sigma.shape[-2] or sigma.shape[-1] % 2 or not sigma.shape[-1]:
        raise ValueError(f"covariance must have shape (..., 2n, 2n), x and p of each mode, not {sigma.shape}")
    if not np.allclose(sigma, np.swapaxes(sigma, -1, -2), rtol=1e-9, atol=1e-9):
        raise ValueError("covariance must be symmetric: the covariance of x and p is that of p and x")
    return sigma


def direct_sum(*covariances: ArrayLike) -> NDArray[np.float64]:
    """Return the covariance matrix of independent states: their blocks on the diagonal.

    Parameters
    ----------
    *covariances : array_like of float, shape (2 * n_i, 2 * n_i)
        One matrix a state.

    Returns
    -------
    ndarray of float, shape (2 * n, 2 * n)
        On all the modes, in the order given.

    Examples
    --------
    >>> direct_sum(np.eye(2), 3 * np.eye(2)).diagonal()
    array([1., 1., 3., 3.])

    References
    ----------
    Weedbrook et al., Rev. Mod. Phys. 84, 621 (2012), arXiv:1110.3234, section II.
    """
    if not covariances:
        raise ValueError("covariances must hold at least one matrix")
    blocks = [as_covariance(one) for one in covariances]
    whole = np.zeros((sum(map(len, blocks)),) * 2)
    start = 0
    for block in blocks:
        end = start + len(block)
        whole[start:end, start:end] = block
        start = end
    return whole


def beamsplitter(covariance: ArrayLike, first: int, second: int, transmittance: float) -> NDArray[np.float64]:
    r"""Return the covariance matrix after a beam splitter on two modes.

    .. math:: q_1' = \sqrt{T}\, q_1 + \sqrt{1-T}\, q_2, \qquad q_2' = \sqrt{T}\, q_2 - \sqrt{1-T}\, q_1

    Loss is this with vacuum in the second port: what is lost goes somewhere, and here it is kept.

    Parameters
    ----------
    covariance : array_like of float, shape (2 * n, 2 * n)
        Quadratures in the order x, p, x, p.
    first, second : int
        Two different modes, from 0.
    transmittance : float
        :math:`T`, 0 to 1: share of the light that stays in its mode.

    Returns
    -------
    ndarray of float, shape (2 * n, 2 * n)

    Examples
    --------
    >>> thermal_and_vacuum = np.diag([5.0, 5.0, 1.0, 1.0])
    >>> beamsplitter(thermal_and_vacuum, 0, 1, 0.25).diagonal()
    array([2., 2., 4., 4.])

    References
    ----------
    Weedbrook et al., Rev. Mod. Phys. 84, 621 (2012), arXiv:1110.3234, section II.
    """
    sigma = as_covariance(covariance)
    pair = as_wires((first, second), sigma.shape[-1] // 2, "modes")
    transmitted = as_real(transmittance, "transmittance", least=0, most=1)
    a, b = (slice(2 * mode, 2 * mode + 2) for mode in pair)
    stays, goes = np.sqrt(transmitted) * np.eye(2), np.sqrt(1 - transmitted) * np.eye(2)
    mix = np.eye(sigma.shape[-1])
    mix[a, a], mix[a, b], mix[b, a], mix[b, b] = stays, goes, -goes, stays
    return mix @ sigma @ mix.T


def condition_on_measurement(
    covariance: ArrayLike, mode: int, detection: Detection = "homodyne"
) -> NDArray[np.float64]:
    r"""Return the covariance matrix of the other modes after one mode is measured by a perfect detector.

    .. math:: \sigma' = \sigma_R - \sigma_{RM}\, (\Pi \sigma_M \Pi)^{-1}\, \sigma_{RM}^T
              \quad\text{or}\quad
              \sigma' = \sigma_R - \sigma_{RM}\, (\sigma_M + I)^{-1}\, \sigma_{RM}^T

    for homodyne detection of x (:math:`\Pi` keeps x, and the inverse is taken there) and heterodyne
    detection. It does not depend on the outcome: only the centre of the state does.

    Parameters
    ----------
    covariance : array_like of float, shape (2 * n, 2 * n)
        Quadratures in the order x, p, x, p; at least two modes.
    mode : int
        The mode that is measured, from 0.
    detection : {"homodyne", "heterodyne"}
        Homodyne measures x; heterodyne both x and p, each with one more unit of noise.

    Returns
    -------
    ndarray of float, shape (2 * n - 2, 2 * n - 2)
        The modes that are left, in their order.

    Examples
    --------
    >>> from qlearn.communication.continuous_variables import epr
    >>> condition_on_measurement(epr(5.0), 0, "heterodyne").round(6)  # a coherent state is left
    array([[1., 0.],
           [0., 1.]])

    References
    ----------
    Weedbrook et al., Rev. Mod. Phys. 84, 621 (2012), arXiv:1110.3234, section II.
    """
    sigma = as_covariance(covariance)
    n = sigma.shape[-1] // 2
    (measured,) = as_wires((mode,), n, "mode")
    detection = as_detection(detection)
    if n < 2:
        raise ValueError("covariance must have at least two modes: nothing would be left to speak about")
    seen = [2 * measured] if detection == "homodyne" else [2 * measured, 2 * measured + 1]
    rest = [i for i in range(2 * n) if i // 2 != measured]
    noise = 0.0 if detection == "homodyne" else 1.0
    cross = sigma[np.ix_(rest, seen)]
    explained = cross @ np.linalg.solve(sigma[np.ix_(seen, seen)] + noise * np.eye(len(seen)), cross.T)
    return sigma[np.ix_(rest, rest)] - explained
