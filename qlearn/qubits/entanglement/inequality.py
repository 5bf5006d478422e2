"""The inequality of Clauser, Horne, Shimony and Holt: 2 for answers agreed on beforehand, 2 sqrt 2 for qubits."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn.qubits.entanglement.behaviour import as_directions, batches_fit, direction
from qlearn.qubits.entanglement.correlations import correlations, moments

ALICE = direction([0, np.pi / 2])
"""Alice's two best settings for a pair in the state phi+, as directions: Z and X."""

BOB = direction([np.pi / 4, -np.pi / 4])
"""Bob's two best settings for a pair in the state phi+, as directions: halfway between Z and X, and Z and -X."""

for _constant in (ALICE, BOB):
    _constant.flags.writeable = False


def chsh(rho: ArrayLike) -> NDArray[np.float64]:
    r"""Return the largest CHSH value that a pair reaches, over all settings of its two sides.

    .. math:: S = E(a,b) + E(a,b') + E(a',b) - E(a',b'), \qquad
              \max_{a,a',b,b'} S = 2\sqrt{t_1^2 + t_2^2}

    :math:`t_1, t_2` are the two largest singular values of the correlation matrix T
    (:func:`correlations`). Answers that were agreed on beforehand stay at or under 2, qubits at or under
    :math:`2\sqrt 2`. A Werner pair of visibility V has :math:`2\sqrt2\,|V|`: it is entangled from V > 1/3 on,
    and more than 2 from :math:`V > 1/\sqrt2` on only. That is the border of *this* inequality: others, with
    many settings a side, are violated from V > 0.6961 on (Designolle et al.; Vertesi's, the first, from V > 0.7056 on).

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
    Vertesi, *More efficient Bell inequalities for Werner states* (2008), arXiv:0806.0096. Designolle, Iommazzo,
    Besançon, Knebel, Gelß and Pokutta, *Improved local models and new Bell inequalities via Frank-Wolfe algorithms*
    (2023), arXiv:2302.04721.

    Taught in :doc:`/qubits/entanglement`.
    """
    strongest = np.linalg.svd(moments(rho, "rho")[..., 1:, 1:], compute_uv=False)[..., :2]
    return 2 * np.sqrt((strongest**2).sum(-1))


def chsh_at(rho: ArrayLike, alice: ArrayLike = ALICE, bob: ArrayLike = BOB) -> NDArray[np.float64]:
    r"""Return the CHSH value of a pair at given settings, two for each side.

    .. math:: S = E_{00} + E_{01} + E_{10} - E_{11}, \qquad
              E_{xy} = \vec a_x^{\,\mathsf T}\, T\, \vec b_y

    Parameters
    ----------
    rho : array_like, shape (..., 4) or (..., 4, 4)
        Pairs of qubits, state vectors or density matrices.
    alice : array_like, shape (..., 2, 3)
        Her two directions, for x = 0 and 1. Without it Z and X, the best for :math:`\Phi^+`.
    bob : array_like, shape (..., 2, 3)
        His two directions. Without it those at 45 degrees on either side of Z.

    Returns
    -------
    ndarray of float64, shape (...)
        From :math:`-2\sqrt2` to :math:`2\sqrt2`. Other texts put the minus sign at another place, which
        means the same with the settings renamed.

    Raises
    ------
    ValueError
        If a state is not valid or not of two qubits, or the settings are not two directions a side.

    Examples
    --------
    >>> from qlearn.qubits import bell_state
    >>> float(chsh_at(bell_state("phi+")).round(6))
    2.828427
    >>> float(chsh_at(bell_state("psi+")).round(6))  # an agreement in X, a difference in Z
    0.0

    References
    ----------
    Clauser, Horne, Shimony and Holt, Phys. Rev. Lett. 23, 880 (1969), doi:10.1103/PhysRevLett.23.880.

    Taught in :doc:`/qubits/entanglement`.
    """
    matrix = moments(rho, "rho")[..., 1:, 1:]
    hers, his = as_directions(alice, "alice", 2), as_directions(bob, "bob", 2)
    batches_fit(matrix, hers, his)
    e = np.einsum("...xi,...ij,...yj->...xy", hers, matrix, his)
    return e[..., 0, 0] + e[..., 0, 1] + e[..., 1, 0] - e[..., 1, 1]


def chsh_settings(rho: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    r"""Return settings at which a pair reaches its largest CHSH value.

    .. math:: T = \sum_i t_i\, \vec u_i \vec v_i^{\,\mathsf T}: \qquad
              \vec a = \vec u_1,\quad \vec a' = \vec u_2,\quad
              \vec b, \vec b' = \cos\varphi\, \vec v_1 \pm \sin\varphi\, \vec v_2, \quad
              \tan\varphi = t_2 / t_1

    They are not the only ones: a pair in :math:`\Phi^+` has a choice in every plane.

    Parameters
    ----------
    rho : array_like, shape (..., 4) or (..., 4, 4)
        Pairs of qubits, state vectors or density matrices.

    Returns
    -------
    alice : ndarray of float64, shape (..., 2, 3)
        Her two directions.
    bob : ndarray of float64, shape (..., 2, 3)
        His two directions.

    Raises
    ------
    ValueError
        If a state is not valid or not of two qubits.

    Examples
    --------
    >>> from qlearn.qubits import bell_state
    >>> alice, bob = chsh_settings(bell_state("psi-"))
    >>> float(chsh_at(bell_state("psi-"), alice, bob).round(6))
    2.828427

    References
    ----------
    Horodecki, Horodecki and Horodecki, Phys. Lett. A 200, 340 (1995), doi:10.1016/0375-9601(95)00214-N.

    Taught in :doc:`/qubits/entanglement`.
    """
    u, t, v = np.linalg.svd(correlations(rho))
    angle = np.arctan2(t[..., 1], t[..., 0])[..., None]
    along, across = np.cos(angle) * v[..., 0, :], np.sin(angle) * v[..., 1, :]
    alice = np.swapaxes(u[..., :2], -1, -2)
    return alice, np.stack([along + across, along - across], axis=-2)
