"""Superposition: the state of a qubit is a vector, and the Bloch sphere is its map.

Nielsen and Chuang, *Quantum Computation and Quantum Information* (2010), section 1.2.
"""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_angles, as_count, as_register, as_rng, as_states, broadcast

_HALF = np.sqrt(0.5)
_LETTERS = {
    "0": (1, 0),
    "1": (0, 1),
    "+": (_HALF, _HALF),
    "-": (_HALF, -_HALF),
    "i": (_HALF, 1j * _HALF),
    "j": (_HALF, -1j * _HALF),
}


def ket(label: str) -> NDArray[np.complex128]:
    r"""Return the product state that a label spells out, wire 0 first.

    .. math:: |{+}\rangle, |{-}\rangle = \frac{|0\rangle \pm |1\rangle}{\sqrt 2}, \qquad
              |{i}\rangle, |{j}\rangle = \frac{|0\rangle \pm i|1\rangle}{\sqrt 2}

    Wire 0 is the leftmost letter and the most significant bit of the index: ``ket("10")`` is the basis
    vector of index 2. (Qiskit counts the other way round.)

    Parameters
    ----------
    label : str
        One letter of ``0 1 + - i j`` for each qubit.

    Returns
    -------
    ndarray of complex128, shape (2**n,)

    Examples
    --------
    >>> ket("10").real
    array([0., 0., 1., 0.])
    """
    if not isinstance(label, str) or not label or set(label) - set(_LETTERS):
        raise ValueError(
            f"label must be one letter of 0 1 + - i j for each qubit, such as '01+', not {label!r}"
        )
    as_register(len(label), "the letters of label")
    state: NDArray[Any] = np.ones(1, dtype=np.complex128)
    for letter in label:
        state = np.kron(state, _LETTERS[letter])
    return state


def bloch(theta: ArrayLike, phi: ArrayLike) -> NDArray[np.complex128]:
    r"""Return the qubit state at polar angle theta and azimuth phi of the Bloch sphere.

    .. math:: |\psi\rangle = \cos\tfrac{\theta}{2}\,|0\rangle + e^{i\phi}\sin\tfrac{\theta}{2}\,|1\rangle

    At :math:`\theta = 0` this is :math:`|0\rangle`, at :math:`\pi` it is :math:`|1\rangle`, and on the
    equator, :math:`\pi/2`, both results are equally likely and phi is the relative phase.

    Parameters
    ----------
    theta, phi : array_like, in radians
        Any shapes that broadcast together.

    Returns
    -------
    ndarray of complex128, shape (..., 2)

    Examples
    --------
    >>> bloch(np.pi / 2, [0, np.pi]).round(3).real
    array([[ 0.707,  0.707],
           [ 0.707, -0.707]])
    """
    theta, phi = broadcast(theta=as_angles(theta, "theta"), phi=as_angles(phi, "phi"))
    return np.stack([np.cos(theta / 2) + 0j, np.exp(1j * phi) * np.sin(theta / 2)], axis=-1)


def bloch_vector(state: ArrayLike) -> NDArray[np.float64]:
    r"""Return the point of the Bloch sphere that a qubit state is.

    .. math:: \vec r = (\langle X\rangle, \langle Y\rangle, \langle Z\rangle)
              = (2\,\mathrm{Re}\,\bar a b,\; 2\,\mathrm{Im}\,\bar a b,\; |a|^2 - |b|^2)

    A global phase drops out: all :math:`e^{i\gamma}|\psi\rangle` are one point.

    Parameters
    ----------
    state : array_like, shape (..., 2)
        Normalised amplitudes (a, b) of single qubits.

    Returns
    -------
    ndarray of float64, shape (..., 3)
        Unit vectors (x, y, z).

    Examples
    --------
    >>> bloch_vector(ket("+")).round(12)
    array([1., 0., 0.])
    """
    states = as_states(state, "state", n_qubits=1)
    a, b = states[..., 0], states[..., 1]
    cross = 2 * a.conj() * b
    return np.stack([cross.real, cross.imag, np.abs(a) ** 2 - np.abs(b) ** 2], axis=-1)


def random_state(
    n_qubits: int, size: int | tuple[int, ...] | None = None, rng: Any = None
) -> NDArray[np.complex128]:
    r"""Draw pure states uniformly (Haar) from all states of n qubits.

    .. math:: |\psi\rangle = \frac{g}{\lVert g\rVert}, \qquad g_k \sim \mathcal N(0, 1) + i\,\mathcal N(0, 1)

    The normal distribution looks the same from every direction, so its direction is uniform. (Uniform
    angles theta and phi are not: they crowd at the poles.)

    Parameters
    ----------
    n_qubits : int
        Number of qubits, at least 1.
    size : int or tuple of int, optional
        Batch shape; None gives one state.
    rng : optional
        Anything that :func:`numpy.random.default_rng` takes.

    Returns
    -------
    ndarray of complex128, shape (..., 2**n_qubits), the batch shape first

    Examples
    --------
    >>> random_state(2, size=5, rng=0).shape
    (5, 4)

    References
    ----------
    Zyczkowski and Sommers, J. Phys. A 34, 7111 (2001), arXiv:quant-ph/0012101.
    """
    n = as_register(n_qubits)
    batch = () if size is None else size if isinstance(size, tuple) else (size,)
    shape = (*(as_count(length, "size") for length in batch), 1 << n)
    rng = as_rng(rng)
    g = rng.standard_normal(shape) + 1j * rng.standard_normal(shape)
    return g / np.linalg.norm(g, axis=-1, keepdims=True)
