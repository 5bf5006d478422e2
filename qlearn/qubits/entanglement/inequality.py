"""The inequality of Clauser, Horne, Shimony and Holt: 2 for any shared list of answers, 2 sqrt 2 for qubits."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn.qubits.entanglement.correlations import correlations


def chsh(rho: ArrayLike) -> NDArray[np.float64]:
    r"""Return the largest CHSH value that a pair reaches, over all settings of its two sides.

    .. math:: S = E(a,b) + E(a,b') + E(a',b) - E(a',b'), \qquad
              \max_{a,a',b,b'} S = 2\sqrt{t_1^2 + t_2^2}

    :math:`t_1, t_2` are the two largest singular values of the correlation matrix T
    (:func:`correlations`). Answers that were agreed on beforehand stay at or under 2, qubits at or under
    :math:`2\sqrt 2`. A Werner pair of visibility V has :math:`2\sqrt2\,V`: it is entangled from V > 1/3 on,
    and more than 2 from :math:`V > 1/\sqrt2` on only.

    Parameters
    ----------
    rho : array_like, shape (..., 4) or (..., 4, 4)
        Pairs of qubits, state vectors or density matrices.

    Returns
    -------
    ndarray of float64, shape (...)
        From 0 to :math:`2\sqrt 2`.

    Raises
    ------
    ValueError
        If a state is not valid or not of two qubits.

    Examples
    --------
    >>> from qlearn.qubits import bell_state
    >>> float(chsh(bell_state("psi-")).round(6))
    2.828427
    >>> float(chsh([1, 0, 0, 0]).round(6))
    2.0

    References
    ----------
    Horodecki, Horodecki and Horodecki, Phys. Lett. A 200, 340 (1995), doi:10.1016/0375-9601(95)00214-N.

    Taught in :doc:`/qubits/entanglement`.
    """
    strongest = np.linalg.svd(correlations(rho), compute_uv=False)[..., :2]
    return 2 * np.sqrt((strongest**2).sum(-1))
