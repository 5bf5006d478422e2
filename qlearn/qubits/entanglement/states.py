"""Entangled states with a name: Bell's four, the noisy pair of Werner, and GHZ's."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_probabilities, as_register

BELL_NAMES = ("phi+", "psi+", "phi-", "psi-")
"""The names of the Bell states, at their number 2z + x."""

_BELL = np.array([[1, 0, 0, 1], [0, 1, 1, 0], [1, 0, 0, -1], [0, 1, -1, 0]], dtype=np.complex128) * np.sqrt(
    0.5
)


def bell_state(name: str) -> NDArray[np.complex128]:
    r"""Return one of the four maximally entangled states of two qubits.

    .. math:: |\Phi^\pm\rangle = \frac{|00\rangle \pm |11\rangle}{\sqrt 2}, \qquad
              |\Psi^\pm\rangle = \frac{|01\rangle \pm |10\rangle}{\sqrt 2}

    Each qubit alone is maximally mixed; only the pair has a state. ``BELL_NAMES`` lists the names so that
    number :math:`2z + x` is :math:`(Z^z X^x \otimes 1)\,|\Phi^+\rangle`, up to a sign.

    Parameters
    ----------
    name : {"phi+", "psi+", "phi-", "psi-"}
        Which of the four.

    Returns
    -------
    ndarray of complex128, shape (4,)

    Raises
    ------
    ValueError
        If the name is none of the four.

    Examples
    --------
    >>> bell_state("phi+").real.round(3)
    array([0.707, 0.   , 0.   , 0.707])

    References
    ----------
    Nielsen and Chuang, *Quantum Computation and Quantum Information* (2010), section 1.3.6.

    Taught in :doc:`/qubits/entanglement`.
    """
    if name not in BELL_NAMES:
        raise ValueError(f"name must be one of {', '.join(BELL_NAMES)}, not {name!r}")
    return _BELL[BELL_NAMES.index(name)].copy()


def werner(f: ArrayLike) -> NDArray[np.complex128]:
    r"""Return a noisy pair: :math:`\Phi^+` with weight F, the other Bell states with equal ones.

    .. math:: \rho_F = F\,|\Phi^+\rangle\langle\Phi^+|
              + \frac{1-F}{3}\bigl(\mathbb 1 - |\Phi^+\rangle\langle\Phi^+|\bigr)
              = V\,|\Phi^+\rangle\langle\Phi^+| + (1-V)\,\frac{\mathbb 1}{4},
              \qquad F = \frac{1 + 3V}{4}

    F = 1 is the perfect pair, F = 1/2 the border of entanglement, F = 1/4 pure noise (below it V is negative).
    The *visibility* V is the contrast that an interference experiment shows. Werner's own state has
    :math:`\Psi^-` in the place of :math:`\Phi^+`; a Pauli gate on one half turns one into the other.

    Parameters
    ----------
    f : array_like of float, shape (...)
        The fidelity F with :math:`\Phi^+`, from 0 to 1. Some texts give V instead.

    Returns
    -------
    ndarray of complex128, shape (..., 4, 4)

    Raises
    ------
    TypeError, ValueError
        If F is not a number between 0 and 1.

    Examples
    --------
    >>> werner(0.25).real
    array([[0.25, 0.  , 0.  , 0.  ],
           [0.  , 0.25, 0.  , 0.  ],
           [0.  , 0.  , 0.25, 0.  ],
           [0.  , 0.  , 0.  , 0.25]])

    References
    ----------
    Reinhard F. Werner, Phys. Rev. A 40, 4277 (1989), doi:10.1103/PhysRevA.40.4277.

    Taught in :doc:`/qubits/entanglement`.
    """
    weight = as_probabilities(f, "f", "fidelities")[..., None, None]
    perfect = np.outer(_BELL[0], _BELL[0])
    rest = np.eye(4, dtype=np.complex128) - perfect
    return np.asarray(weight * perfect + (1 - weight) / 3 * rest, dtype=np.complex128)


def ghz(n_qubits: int) -> NDArray[np.complex128]:
    r"""Return the state of Greenberger, Horne and Zeilinger: all qubits 0 and all 1, superposed.

    .. math:: |\mathrm{GHZ}_n\rangle = \frac{|0\rangle^{\otimes n} + |1\rangle^{\otimes n}}{\sqrt 2}

    Two qubits of it are :math:`\Phi^+`. From three on, any two of them alone are not entangled at all: lose
    one, and what is left is a classical coin that all the others have seen.

    Parameters
    ----------
    n_qubits : int
        2 to 30.

    Returns
    -------
    ndarray of complex128, shape (2**n_qubits,)

    Raises
    ------
    TypeError, ValueError
        If the number of qubits is not a whole number of at least 2, or so large that its amplitudes do not fit.

    Examples
    --------
    >>> ghz(3).real.round(3)
    array([0.707, 0.   , 0.   , 0.   , 0.   , 0.   , 0.   , 0.707])

    References
    ----------
    Greenberger, Horne and Zeilinger, *Going beyond Bell's theorem* (1989), arXiv:0712.0921.

    Taught in :doc:`/qubits/entanglement`.
    """
    state = np.zeros(1 << as_register(n_qubits, least=2), dtype=np.complex128)
    state[[0, -1]] = np.sqrt(0.5)
    return state
