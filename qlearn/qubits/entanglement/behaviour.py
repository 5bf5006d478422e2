"""The table of all that two sides can see of a pair, and whether it lets one side signal to the other."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_probabilities, is_coarse, norm_tolerance
from qlearn.qubits.entanglement.correlations import moments


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

    Raises
    ------
    ValueError
        If an angle is not a finite number.

    Examples
    --------
    >>> direction([0, np.pi / 2]).round(12)
    array([[0., 0., 1.],
           [1., 0., 0.]])

    References
    ----------
    Nielsen and Chuang, *Quantum Computation and Quantum Information* (2010), section 1.2.

    Taught in :doc:`/qubits/entanglement`.
    """
    angles = as_angles(angle)
    return np.stack([np.sin(angles), np.zeros(angles.shape), np.cos(angles)], axis=-1)


def as_angles(x: ArrayLike, name: str = "angle") -> NDArray[np.float64]:
    """Return `x` as a float array, of any shape, of finite angles."""
    angles = np.asarray(x)
    if angles.dtype.kind not in "iuf" or not np.isfinite(angles).all():
        raise ValueError(f"{name} must be finite numbers, in radians, not {x!r}")
    return angles.astype(np.float64, copy=False)


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


def batches_fit(*arrays: NDArray) -> None:
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

    Raises
    ------
    ValueError
        If the state is not valid or not of two qubits, or the settings are not directions.

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

    Taught in :doc:`/qubits/entanglement`.
    """
    mean = moments(state)
    hers, his = as_directions(alice, "alice"), as_directions(bob, "bob")
    batches_fit(mean, hers, his)
    p = np.einsum("...xai,...ij,...ybj->...xyab", _projectors(hers), mean, _projectors(his))
    return np.clip(p, 0, 1)  # rounding alone leaves the interval


def signalling(p: ArrayLike) -> NDArray[np.float64]:
    r"""Return by how much the choice of one side shows in what the other side sees alone.

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

    Raises
    ------
    ValueError
        If p is not a table of probabilities that sum to 1 over the answers.

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

    Taught in :doc:`/qubits/entanglement`.
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
