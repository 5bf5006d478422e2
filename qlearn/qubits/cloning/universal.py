"""The universal cloner: every state alike, and as well as physics allows."""

import numpy as np
from numpy.typing import ArrayLike

from qlearn.qubits.circuit import Circuit
from qlearn.qubits.cloning.limits import as_copy_fidelity

SYMMETRIC = 5 / 6
"""Fidelity of two equal copies of an unknown qubit."""


def universal_cloner(fidelity: ArrayLike = SYMMETRIC) -> Circuit:
    r"""Return the circuit that copies every qubit state equally well, and best.

    It is a superposition of *keep it* and *give it away*:

    .. math:: |\psi\rangle_0|00\rangle_{12} \;\to\;
              \alpha\,|\psi\rangle_0\,|\Phi^+\rangle_{12} + \beta\,|\psi\rangle_1\,|\Phi^+\rangle_{02},
              \qquad \alpha^2+\alpha\beta+\beta^2 = 1,

    with the fidelities :math:`F_0 = 1-\beta^2/2` and :math:`F_1 = 1-\alpha^2/2` for every :math:`\psi`. Equal
    shares give 5/6 twice; 1 and 1/2 are the ends where nothing is copied.

    Parameters
    ----------
    fidelity : array_like of float, 1/2 to 1
        Fidelity of the copy on wire 0. An array makes a batch of circuits.

    Returns
    -------
    Circuit
        On 3 wires: 0 takes the original and carries the first copy, 1 the second, 2 is the machine.

    Raises
    ------
    ValueError, TypeError
        If a fidelity is not between 1/2 and 1.

    Examples
    --------
    >>> from qlearn.qubits import random_state
    >>> from qlearn.qubits.cloning import copy_fidelities
    >>> copy_fidelities(universal_cloner(), random_state(1, rng=1)).round(6)
    array([0.833333, 0.833333])

    References
    ----------
    Buzek and Hillery, Phys. Rev. A 54, 1844 (1996), arXiv:quant-ph/9607018 (the equal copies);
    Cerf, Phys. Rev. Lett. 84, 4497 (2000), arXiv:quant-ph/9803058 (the unequal ones);
    Braunstein, Buzek and Hillery, Phys. Rev. A 63, 052313 (2001), arXiv:quant-ph/0009076 (the four CNOTs).

    Taught in :doc:`/qubits/no_cloning`.
    """
    first = as_copy_fidelity(fidelity, "fidelity")
    beta = np.sqrt(2 * (1 - first))
    alpha = (np.sqrt(4 - 3 * beta**2) - beta) / 2
    # Blank and machine: alpha |Phi+> + beta |0+>. Wire 1 first, then wire 2 by what wire 1 shows.
    if_zero = 2 * np.arctan2(beta, alpha + beta)
    mean, half = (if_zero + np.pi) / 2, (if_zero - np.pi) / 2
    program = Circuit(3).ry(2 * np.arcsin(alpha / np.sqrt(2)), 1).ry(mean, 2).cx(1, 2).ry(half, 2).cx(1, 2)
    return program.cx(0, 1).cx(0, 2).cx(1, 0).cx(2, 0)
