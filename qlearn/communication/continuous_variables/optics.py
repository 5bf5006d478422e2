"""Optics on covariance matrices: splitters mix modes, and a measurement tells about what is left."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_real, as_wires
from qlearn.communication.continuous_variables.arguments import Detection, as_detection
from qlearn.communication.continuous_variables.gaussian import as_covariance


def combine(*covariances: ArrayLike) -> NDArray[np.float64]:
    """Return the covariance matrix of states that know nothing of each other: blocks on the diagonal.

    Parameters
    ----------
    *covariances : array_like of float, shape (2 * n_i, 2 * n_i)
        One matrix a state.

    Returns
    -------
    ndarray of float, shape (2 * n, 2 * n)
        On all the modes, in the order given.

    Raises
    ------
    ValueError, TypeError
        If there is none, or one is no covariance matrix.

    Examples
    --------
    >>> combine(np.eye(2), 3 * np.eye(2)).diagonal()
    array([1., 1., 3., 3.])

    References
    ----------
    Weedbrook et al., Rev. Mod. Phys. 84, 621 (2012), arXiv:1110.3234, section II.

    Taught in :doc:`/communication/continuous_variables`.
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

    Raises
    ------
    ValueError, TypeError
        If a mode does not exist, both are one, or the transmittance is no share.

    Examples
    --------
    >>> thermal_and_vacuum = np.diag([5.0, 5.0, 1.0, 1.0])
    >>> beamsplitter(thermal_and_vacuum, 0, 1, 0.25).diagonal()
    array([2., 2., 4., 4.])

    References
    ----------
    Weedbrook et al., Rev. Mod. Phys. 84, 621 (2012), arXiv:1110.3234, section II.

    Taught in :doc:`/communication/continuous_variables`.
    """
    sigma = as_covariance(covariance)
    pair = as_wires((first, second), sigma.shape[-1] // 2, "modes")
    share = as_real(transmittance, "transmittance", least=0, most=1)
    a, b = (slice(2 * mode, 2 * mode + 2) for mode in pair)
    stays, goes = np.sqrt(share) * np.eye(2), np.sqrt(1 - share) * np.eye(2)
    mix = np.eye(sigma.shape[-1])
    mix[a, a], mix[a, b], mix[b, a], mix[b, b] = stays, goes, -goes, stays
    return mix @ sigma @ mix.T


def condition(covariance: ArrayLike, mode: int, detection: Detection = "homodyne") -> NDArray[np.float64]:
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

    Raises
    ------
    ValueError, TypeError
        If the mode does not exist, no other is left, or `detection` is neither of the two.

    Examples
    --------
    >>> from qlearn.communication.continuous_variables import epr
    >>> condition(epr(5.0), 0, "heterodyne").round(6)  # a coherent state is left
    array([[1., 0.],
           [0., 1.]])

    References
    ----------
    Weedbrook et al., Rev. Mod. Phys. 84, 621 (2012), arXiv:1110.3234, section II.

    Taught in :doc:`/communication/continuous_variables`.
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
    told = cross @ np.linalg.solve(sigma[np.ix_(seen, seen)] + noise * np.eye(len(seen)), cross.T)
    return sigma[np.ix_(rest, rest)] - told
