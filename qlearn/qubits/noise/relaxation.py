"""Relaxation: a qubit loses its energy within T1 and its phase within T2."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_probabilities, as_reals, together
from qlearn.qubits.noise.channel import Channel


def amplitude_damping(gamma: ArrayLike, excited: ArrayLike = 0.0) -> Channel:
    r"""Return the channel in which a 1 falls to 0 with chance gamma.

    .. math:: K_0 = \begin{pmatrix} 1 & 0 \\ 0 & \sqrt{1-\gamma} \end{pmatrix}, \qquad
              K_1 = \begin{pmatrix} 0 & \sqrt\gamma \\ 0 & 0 \end{pmatrix}

    An atom that may emit, a photon that a fibre may swallow. The coherences shrink by
    :math:`\sqrt{1-\gamma}`, even where nothing was emitted: no click is news too. In surroundings that are
    not cold the qubit is also lifted from 0 to 1, and ends in 1 with chance `excited`.

    Parameters
    ----------
    gamma : array_like of float
        Chance of the fall, 0 to 1; an array makes a batch of channels.
    excited : array_like of float
        Share of 1 in thermal equilibrium, 0 to 1; 0 is a cold environment.

    Returns
    -------
    Channel
        On one qubit, with two operators, or four where `excited` is not 0.

    Raises
    ------
    ValueError
        If a parameter is not between 0 and 1, or the two do not broadcast.

    Examples
    --------
    >>> amplitude_damping(0.36).apply([0.6, 0.8]).real.round(4)
    array([[0.5904, 0.384 ],
           [0.384 , 0.4096]])

    References
    ----------
    Nielsen and Chuang, *Quantum Computation and Quantum Information* (2010), section 8.3.5 (their p is
    1 - `excited`).

    Taught in :doc:`/qubits/noise`.
    """
    gamma = as_probabilities(gamma, "gamma", "the chance of a fall")
    excited = as_probabilities(excited, "excited", "the share of 1")
    gamma, excited = together(gamma=gamma, excited=excited)
    return _damping(np.sqrt(1 - gamma), np.sqrt(gamma), excited)


def phase_damping(lam: ArrayLike) -> Channel:
    r"""Return the channel in which the environment learns, with chance lambda, that the qubit is a 1.

    .. math:: K_0 = \begin{pmatrix} 1 & 0 \\ 0 & \sqrt{1-\lambda} \end{pmatrix}, \qquad
              K_1 = \begin{pmatrix} 0 & 0 \\ 0 & \sqrt\lambda \end{pmatrix}

    The populations stay, the coherences shrink by :math:`\sqrt{1-\lambda}`. The same channel as a
    :func:`phase_flip` with :math:`p = (1 - \sqrt{1-\lambda})/2`: being watched and being kicked at random
    cannot be told apart.

    Parameters
    ----------
    lam : array_like of float
        Lambda, 0 to 1; an array makes a batch of channels.

    Returns
    -------
    Channel
        On one qubit, with two operators.

    Raises
    ------
    ValueError
        If lambda is not between 0 and 1.

    Examples
    --------
    >>> phase_damping(0.36).apply([0.6, 0.8]).real.round(4)
    array([[0.36 , 0.384],
           [0.384, 0.64 ]])

    References
    ----------
    Nielsen and Chuang, *Quantum Computation and Quantum Information* (2010), section 8.3.6.

    Taught in :doc:`/qubits/noise`.
    """
    lam = as_probabilities(lam, "lam", "the chance that the environment learns")
    return _dephasing(np.sqrt(1 - lam), np.sqrt(lam))


def thermal_relaxation(time: ArrayLike, t1: ArrayLike, t2: ArrayLike, excited: ArrayLike = 0.0) -> Channel:
    r"""Return what a qubit suffers that waits for a time, from its T1 and T2.

    .. math:: \rho_{11} - p_1 \;\propto\; e^{-t/T_1}, \qquad \rho_{01} \;\propto\; e^{-t/T_2}, \qquad T_2 \le 2\,T_1

    It is :func:`amplitude_damping` with :math:`\gamma = 1 - e^{-t/T_1}`, which by itself makes
    :math:`T_2 = 2T_1`, followed by the :func:`phase_damping` that is missing,
    :math:`1 - \lambda = e^{-2t/T_\varphi}` with :math:`1/T_\varphi = 1/T_2 - 1/2T_1`.

    Parameters
    ----------
    time : array_like of float
        Waiting time, 0 or more, in the unit of `t1` and `t2`.
    t1, t2 : array_like of float
        Relaxation and coherence time, above 0; infinity is allowed.
    excited : array_like of float
        Share of 1 in thermal equilibrium, 0 to 1.

    Returns
    -------
    Channel
        On one qubit; arrays broadcast and make a batch.

    Raises
    ------
    ValueError
        If a time is negative or not a number, if T2 exceeds 2 T1, or if the shapes do not broadcast.

    Examples
    --------
    >>> thermal_relaxation(100, t1=100, t2=50).apply([0.6, 0.8]).real.round(4)
    array([[0.7646, 0.065 ],
           [0.065 , 0.2354]])

    References
    ----------
    Nielsen and Chuang, *Quantum Computation and Quantum Information* (2010), sections 8.3.5
    and 8.3.6.

    Taught in :doc:`/qubits/noise`.
    """
    time, t1, t2, excited = together(
        time=as_reals(time, "time", least=0),
        t1=_as_lifetime(t1, "t1"),
        t2=_as_lifetime(t2, "t2"),
        excited=as_probabilities(excited, "excited", "the share of 1"),
    )
    if not (t2 <= 2 * t1 * (1 + 1e-12)).all():
        worst = np.flatnonzero(~(t2 <= 2 * t1).ravel())[0]
        raise ValueError(
            f"t2 must be at most 2 * t1 = {2 * t1.flat[worst]:g}, not {t2.flat[worst]:g}: losing energy alone already "
            "costs the phase, and a map with more coherence than that would make negative probabilities"
        )
    # Where T2 = 2 T1 the difference of the two rates may round below 0.
    dephasing = (1 / t2 - 1 / (2 * t1)).clip(0)
    fallen = _damping(np.exp(-time / (2 * t1)), np.sqrt(-np.expm1(-time / t1)), excited)
    return fallen.then(_dephasing(np.exp(-time * dephasing), np.sqrt(-np.expm1(-2 * time * dephasing))))


def _damping(stays: NDArray, falls: NDArray, excited: NDArray) -> Channel:
    """Return amplitude damping from its two amplitudes, which long waits make too small to take from 1 - gamma."""
    zero, one = np.zeros_like(stays), np.ones_like(stays)
    down = _operators([one, zero, zero, stays], [zero, falls, zero, zero])
    if not excited.any():
        return Channel(down)
    up = _operators([stays, zero, zero, one], [zero, zero, falls, zero])
    cold, hot = (np.sqrt(weight)[..., None, None, None] for weight in (1 - excited, excited))
    return Channel(np.concatenate([cold * down, hot * up], axis=-3))


def _dephasing(unseen: NDArray, seen: NDArray) -> Channel:
    zero, one = np.zeros_like(unseen), np.ones_like(unseen)
    return Channel(_operators([one, zero, zero, unseen], [zero, zero, zero, seen]))


def _as_lifetime(value: ArrayLike, name: str) -> NDArray[np.float64]:
    array = np.asarray(value)
    if array.dtype.kind not in "uif":
        raise TypeError(f"{name} must be a time, a number or an array of them, not {value!r}")
    if not (array > 0).all():
        raise ValueError(f"{name} must be above 0 (infinity is allowed), not {array[~(array > 0)].flat[0]:g}")
    return array.astype(np.float64)


def _operators(*matrices: list[NDArray]) -> NDArray:
    """Stack 2 x 2 matrices, given by their entries in reading order, to shape (..., m, 2, 2)."""
    entries = np.stack([np.stack(matrix, axis=-1) for matrix in matrices], axis=-2)
    return entries.reshape(*entries.shape[:-1], 2, 2)
