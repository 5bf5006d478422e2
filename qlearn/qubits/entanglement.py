"""Entanglement: the four Bell states, in the order of the teleportation bits."""

import numpy as np
from numpy.typing import NDArray

BELL_NAMES = ("phi+", "psi+", "phi-", "psi-")

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

    Taught in :doc:`/communication/teleportation`.
    """
    if name not in BELL_NAMES:
        raise ValueError(f"name must be one of {', '.join(BELL_NAMES)}, not {name!r}")
    return _BELL[BELL_NAMES.index(name)].copy()
