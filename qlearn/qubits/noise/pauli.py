"""Pauli noise: with some chance a qubit is flipped, its sign is flipped, or both, and nobody is told."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_count, as_probabilities, norm_tolerance, together
from qlearn.qubits.gates import PAULIS
from qlearn.qubits.noise.channel import Channel


def pauli_channel(x: ArrayLike = 0.0, y: ArrayLike = 0.0, z: ArrayLike = 0.0) -> Channel:
    r"""Return the channel that applies X, Y or Z with given chances, and else nothing.

    .. math:: \mathcal E(\rho) = (1-p_x-p_y-p_z)\,\rho + p_x X\rho X + p_y Y\rho Y + p_z Z\rho Z

    Parameters
    ----------
    x, y, z : array_like of float
        The three chances; they sum to at most 1. Arrays broadcast and make a batch of channels.

    Returns
    -------
    Channel
        On one qubit, with four operators.

    Raises
    ------
    ValueError
        If a chance is not between 0 and 1, their sum exceeds 1, or their shapes do not broadcast.

    Examples
    --------
    >>> pauli_channel(x=0.1, z=0.2).apply([1, 0]).real
    array([[0.9, 0. ],
           [0. , 0.1]])

    References
    ----------
    Nielsen and Chuang, *Quantum Computation and Quantum Information* (2010), section 8.3.

    Taught in :doc:`/qubits/noise`.
    """
    named = {"x": x, "y": y, "z": z}
    chances = together(
        **{name: as_probabilities(chance, name, "the chance of an error") for name, chance in named.items()}
    )
    nothing = 1 - np.sum(chances, axis=0)
    if (nothing < -max(norm_tolerance(np.asarray(chance).dtype) for chance in named.values())).any():
        raise ValueError(
            f"x, y and z must sum to at most 1, not {1 - nothing.min():.6g}: no two of them happen at once"
        )
    chances = [chance / np.maximum(1, 1 - nothing) for chance in chances]  # rounding of their format alone
    return _mixture([nothing.clip(0), *chances], [PAULIS[letter] for letter in "IXYZ"])


def bit_flip(p: ArrayLike) -> Channel:
    r"""Return the channel that exchanges 0 and 1 with chance p.

    .. math:: \mathcal E(\rho) = (1-p)\,\rho + p\,X\rho X

    On the Bloch ball x stays, y and z shrink by 1 - 2p. At p = 1/2 nothing is left of Z, and beyond it the
    channel is a flip with some noise.

    Parameters
    ----------
    p : array_like of float
        Chance of the flip; an array makes a batch of channels.

    Returns
    -------
    Channel
        On one qubit, with two operators.

    Raises
    ------
    ValueError
        If p is not between 0 and 1.

    Examples
    --------
    >>> bit_flip(0.1).apply([1, 0]).real
    array([[0.9, 0. ],
           [0. , 0.1]])

    References
    ----------
    Nielsen and Chuang, *Quantum Computation and Quantum Information* (2010), section 8.3.3.

    Taught in :doc:`/qubits/noise`.
    """
    p = as_probabilities(p, "p", "the chance of a flip")
    return _mixture([1 - p, p], [PAULIS["I"], PAULIS["X"]])


def phase_flip(p: ArrayLike) -> Channel:
    r"""Return the channel that changes the sign of the amplitude of 1 with chance p.

    .. math:: \mathcal E(\rho) = (1-p)\,\rho + p\,Z\rho Z

    Populations stay and coherences shrink by 1 - 2p, so up to p = 1/2 it is :func:`phase_damping` with
    :math:`\lambda = 4p(1-p)`. Classical bits have no such error.

    Parameters
    ----------
    p : array_like of float
        Chance of the flip; an array makes a batch of channels.

    Returns
    -------
    Channel
        On one qubit, with two operators.

    Raises
    ------
    ValueError
        If p is not between 0 and 1.

    Examples
    --------
    >>> phase_flip(0.1).apply([0.6, 0.8]).real.round(3)
    array([[0.36 , 0.384],
           [0.384, 0.64 ]])

    References
    ----------
    Nielsen and Chuang, *Quantum Computation and Quantum Information* (2010), section 8.3.3.

    Taught in :doc:`/qubits/noise`.
    """
    p = as_probabilities(p, "p", "the chance of a flip")
    return _mixture([1 - p, p], [PAULIS["I"], PAULIS["Z"]])


def depolarising(p: ArrayLike, n_qubits: int = 1) -> Channel:
    r"""Return the channel that replaces the state by pure noise with chance p.

    .. math:: \mathcal E(\rho) = (1-p)\,\rho + p\,\frac{\mathbb 1}{2^n}
              = \Bigl(1 - p + \frac{p}{4^n}\Bigr)\rho + \frac{p}{4^n}\sum_{P \ne \mathbb 1} P\rho P

    The arrow of the Bloch ball shrinks by 1 - p in every direction. Of one qubit, an X, a Y and a Z happen
    with p/4 each; some programs (PennyLane's is one) call the sum of those three, 3p/4, the probability.

    Parameters
    ----------
    p : array_like of float
        Chance to lose the state; an array makes a batch of channels.
    n_qubits : int
        Qubits that are replaced together.

    Returns
    -------
    Channel
        With 4**n_qubits operators.

    Raises
    ------
    ValueError
        If p is not between 0 and 1, or `n_qubits` is below 1.

    Examples
    --------
    >>> depolarising(0.2).apply([1, 0]).real.round(3)
    array([[0.9, 0. ],
           [0. , 0.1]])

    References
    ----------
    Nielsen and Chuang, *Quantum Computation and Quantum Information* (2010), section 8.3.4.

    Taught in :doc:`/qubits/noise`.
    """
    p = as_probabilities(p, "p", "the chance to lose the state")
    operators: list[NDArray] = [np.eye(1)]
    for _ in range(as_count(n_qubits, "n_qubits")):
        operators = [np.kron(word, PAULIS[letter]) for word in operators for letter in "IXYZ"]
    share = p / len(operators)
    return _mixture([1 - p + share] + [share] * (len(operators) - 1), operators)


def _mixture(chances: list[NDArray[np.float64]], unitaries: list[NDArray]) -> Channel:
    roots = np.sqrt(np.stack(chances, axis=-1))
    return Channel(roots[..., None, None] * np.stack(unitaries))
