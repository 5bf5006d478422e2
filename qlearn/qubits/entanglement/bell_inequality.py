"""Bell's inequality as CHSH: correlations and answers of a pair, 2 if agreed on beforehand, up to 2 sqrt 2 for qubits."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_angles, as_probabilities, is_coarse, norm_tolerance
from qlearn.qubits.density_matrices import as_matrices, as_pairs
from qlearn.qubits.paulis import IXYZ

# All products of two of 1, X, Y, Z.
_PRODUCTS = np.einsum("iab,jcd->ijacbd", IXYZ, IXYZ).reshape(4, 4, 4, 4)


def moments(state: ArrayLike, name: str = "state") -> NDArray[np.float64]:
    """Return the mean values of all products of 1, X, Y, Z, shape (..., 4, 4): T, and each side alone."""
    return np.einsum("...ab,ijba->...ij", as_matrices(*as_pairs(state, name)), _PRODUCTS).real


def correlations(state: ArrayLike) -> NDArray[np.float64]:
    r"""Return the correlation matrix of a pair: the mean product of Pauli measurements on its two sides.

    .. math:: T_{ij} = \operatorname{tr}\bigl(\rho\;\sigma_i\otimes\sigma_j\bigr), \qquad
              E(\vec a, \vec b) = \vec a^{\,\mathsf T}\, T\, \vec b

    When the sides measure along the directions :math:`\vec a` and :math:`\vec b`, with answers +1 and -1,
    the mean product of their answers is E. :math:`\Phi^+` has T = diag(1, -1, 1).

    Parameters
    ----------
    state : array_like, shape (..., 4) or (..., 4, 4)
        Pairs of qubits, state vectors or density matrices.

    Returns
    -------
    ndarray of float64, shape (..., 3, 3)
        Rows are X, Y, Z on wire 0, columns X, Y, Z on wire 1.

    Examples
    --------
    >>> from qlearn.qubits import bell_state
    >>> correlations(bell_state("phi+")).round(12).diagonal()
    array([ 1., -1.,  1.])

    References
    ----------
    Horodecki and Horodecki, Phys. Rev. A 54, 1838 (1996), arXiv:quant-ph/9607007, eq. 1.
    """
    return moments(state)[..., 1:, 1:]


def direction(angle: ArrayLike) -> NDArray[np.float64]:
    r"""Return directions in the X-Z plane of the Bloch sphere, by their angle from Z towards X.

    .. math:: \vec n(\theta) = (\sin\theta,\ 0,\ \cos\theta)

    0 is the Z basis, :math:`\pi/2` the X basis, :math:`\pi` is Z with the two answers exchanged. A
    polariser in the laboratory is turned by half of this angle.

    Parameters
    ----------
    angle : array_like of float, shape (...)
        In radians.

    Returns
    -------
    ndarray of float64, shape (..., 3)

    Examples
    --------
    >>> direction([0, np.pi / 2]).round(12)
    array([[0., 0., 1.],
           [1., 0., 0.]])

    References
    ----------
    Nielsen and Chuang, *Quantum Computation and Quantum Information* (2010), section 1.2.
    """
    angles = as_angles(angle)
    return np.stack([np.sin(angles), np.zeros(angles.shape), np.cos(angles)], axis=-1)


def as_directions(x: ArrayLike, name: str, count: int | None = None) -> NDArray[np.float64]:
    """Return `x` as unit vectors of shape (..., m, 3), with m = count if that is given."""
    array = np.asarray(x)
    if array.dtype.kind not in "iuf" or array.ndim < 2 or array.shape[-1] != 3:
        raise ValueError(
            f"{name} must be directions of shape (..., m, 3), one for each setting, not of shape {array.shape}; "
            "direction(angle) makes them from angles"
        )
    if count is not None and array.shape[-2] != count:
        raise ValueError(f"{name} must be {count} directions, not {array.shape[-2]}")
    tolerance, coarse = norm_tolerance(array.dtype), is_coarse(array.dtype)
    array = array.astype(np.float64, copy=False)
    lengths = np.linalg.norm(array, axis=-1, keepdims=True)
    # The negated form also refuses NaN.
    if not (np.abs(lengths - 1) < tolerance).all():
        raise ValueError(f"{name} must be directions of length 1: divide them by their norm")
    return array / lengths if coarse else array


def _refuse_unfit_batches(*arrays: NDArray) -> None:
    """Refuse a state and settings, each with two axes of its own, whose batches do not broadcast."""
    batches = [array.shape[:-2] for array in arrays]
    try:
        np.broadcast_shapes(*batches)
    except ValueError:
        raise ValueError(
            "state, alice and bob must have batches that broadcast, not " + ", ".join(map(str, batches))
        ) from None


def behaviour(state: ArrayLike, alice: ArrayLike, bob: ArrayLike) -> NDArray[np.float64]:
    r"""Return the chance of every pair of answers, for every pair of settings.

    .. math:: p(a, b \,|\, x, y) = \operatorname{tr}\bigl(\rho\; A_{a|x}\otimes B_{b|y}\bigr), \qquad
              A_{a|x} = \tfrac12\bigl(\mathbb 1 + (-1)^a\, \vec n_x\cdot\vec\sigma\bigr)

    Parameters
    ----------
    state : array_like, shape (..., 4) or (..., 4, 4)
        Pairs of qubits, state vectors or density matrices; Alice has wire 0, Bob wire 1.
    alice : array_like, shape (..., m, 3)
        Her settings: directions of length 1, with batches that broadcast with those of the state.
    bob : array_like, shape (..., k, 3)
        His settings.

    Returns
    -------
    ndarray of float64, shape (..., m, k, 2, 2)
        ``p[x, y, a, b]``, answers 0 and 1.

    Examples
    --------
    >>> from qlearn.qubits import bell_state
    >>> behaviour(bell_state("phi+"), direction([0]), direction([0]))[0, 0].round(12)
    array([[0.5, 0. ],
           [0. , 0.5]])

    References
    ----------
    Brunner, Cavalcanti, Pironio, Scarani and Wehner, Rev. Mod. Phys. 86, 419 (2014), arXiv:1303.2849,
    section II.
    """
    mean = moments(state)
    hers, his = as_directions(alice, "alice"), as_directions(bob, "bob")
    _refuse_unfit_batches(mean, hers, his)
    p = np.einsum("...xai,...ij,...ybj->...xyab", _projectors(hers), mean, _projectors(his))
    return np.clip(p, 0, 1)  # rounding alone leaves the interval


def signalling(p: ArrayLike) -> NDArray[np.float64]:
    r"""Return the signalling of a table of chances: how much the choice of one side shows in what the other sees alone.

    .. math:: \max\Bigl(\max_{b,y,x,x'} \bigl|p(b|x,y) - p(b|x',y)\bigr|,\;
              \max_{a,x,y,y'} \bigl|p(a|x,y) - p(a|x,y')\bigr|\Bigr), \qquad p(b|x,y) = \sum_a p(a,b|x,y)

    0 for every state of two parts and all measurements on them: no setting can be read at the other side.

    Parameters
    ----------
    p : array_like, shape (..., m, k, r, s)
        ``p[x, y, a, b]``, the chance of the answers a and b to the settings x and y.

    Returns
    -------
    ndarray of float64, shape (...)
        From 0 to 1, where a whole bit is sent.

    Examples
    --------
    >>> from qlearn.qubits import bell_state
    >>> quantum = behaviour(bell_state("phi+"), direction([0, 1.5]), direction([0.3, 2]))
    >>> float(signalling(quantum).round(12))
    0.0
    >>> telephone = [[[[1, 0], [0, 0]]], [[[0, 1], [0, 0]]]]  # b = x: Bob's answer is Alice's choice
    >>> float(signalling(telephone))
    1.0

    References
    ----------
    Ghirardi, Rimini and Weber, Lett. Nuovo Cimento 27, 293 (1980), doi:10.1007/BF02817189.
    """
    table = as_behaviour(p)
    seen_by_bob, seen_by_alice = table.sum(-2), table.sum(-1)  # (..., x, y, b) and (..., x, y, a)
    return np.maximum(
        np.ptp(seen_by_bob, axis=-3).max(axis=(-2, -1)), np.ptp(seen_by_alice, axis=-2).max(axis=(-2, -1))
    )


def as_behaviour(p: ArrayLike, shape: tuple[int, ...] | None = None) -> NDArray[np.float64]:
    """Return a checked table p[x, y, a, b]; `shape` asks for these numbers of settings and answers."""
    table = as_probabilities(p, "p")
    if table.ndim < 4 or table.size == 0 or (shape is not None and table.shape[-4:] != shape):
        wanted = "(..., m, k, r, s)" if shape is None else f"(..., {', '.join(map(str, shape))})"
        raise ValueError(f"p must be a table p[x, y, a, b] of shape {wanted}, not {table.shape}")
    given = np.asarray(p).dtype
    sums = table.sum(axis=(-2, -1), keepdims=True)
    if np.abs(sums - 1).max() > norm_tolerance(given):
        worst = sums.flat[np.abs(sums - 1).argmax()]
        raise ValueError(f"p must sum to 1 over the answers of each pair of settings, not to {worst:.6g}")
    return table / sums if is_coarse(given) else table


def draw_answers(
    p: NDArray[np.float64], cell: NDArray[np.integer], rng: np.random.Generator
) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Draw both answers of each round together; `cell` counts through the settings of p, of shape (..., 2, 2)."""
    limits = p.reshape(-1, 4).cumsum(axis=1)
    limits /= limits[:, -1:]  # the last is exactly 1: an answer of chance 0 is never given
    u = rng.random(cell.size)
    joint: NDArray[np.uint8] = np.zeros(cell.size, dtype=np.uint8)
    for limit in limits.T[:-1]:
        joint += u >= limit.take(cell)
    return joint >> np.uint8(1), joint & np.uint8(1)


def _projectors(directions: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return (1, n)/2 and (1, -n)/2, the two answers as combinations of 1, X, Y, Z: (..., m, 2, 4)."""
    signed = np.stack([directions, -directions], axis=-2)
    return np.concatenate([np.ones((*signed.shape[:-1], 1)), signed], axis=-1) / 2


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
    """
    matrix = moments(rho, "rho")[..., 1:, 1:]
    hers, his = as_directions(alice, "alice", 2), as_directions(bob, "bob", 2)
    _refuse_unfit_batches(matrix, hers, his)
    e = np.einsum("...xi,...ij,...yj->...xy", hers, matrix, his)
    return e[..., 0, 0] + e[..., 0, 1] + e[..., 1, 0] - e[..., 1, 1]


def chsh_settings(rho: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    r"""Return settings at which a pair reaches its largest CHSH value.

    .. math:: T = \sum_i t_i\, \vec u_i \vec v_i^{\,\mathsf T}: \qquad
              \vec a = \vec u_1,\quad \vec a' = \vec u_2,\quad
              \vec b, \vec b' = \cos\varphi\, \vec v_1 \pm \sin\varphi\, \vec v_2, \quad
              \tan\varphi = t_2 / t_1

    (Horodecki, as for :func:`chsh`.) They are not the only ones: a pair in :math:`\Phi^+` has a choice in every plane.

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

    Examples
    --------
    >>> from qlearn.qubits import bell_state
    >>> alice, bob = chsh_settings(bell_state("psi-"))
    >>> float(chsh_at(bell_state("psi-"), alice, bob).round(6))
    2.828427
    """
    u, t, v = np.linalg.svd(correlations(rho))
    angle = np.arctan2(t[..., 1], t[..., 0])[..., None]
    along, across = np.cos(angle) * v[..., 0, :], np.sin(angle) * v[..., 1, :]
    alice = u[..., :2].mT
    return alice, np.stack([along + across, along - across], axis=-2)
