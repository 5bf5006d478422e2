"""The phase-covariant cloner: who knows the circle on which the state lies copies better."""

from math import sqrt
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from qlearn.qubits.circuit import Circuit
from qlearn.qubits.cloning.limits import as_copy_fidelity

SYMMETRIC = 0.5 + sqrt(1 / 8)
"""Fidelity of two equal copies of a qubit from a known circle."""


def phase_covariant_cloner(fidelity: ArrayLike = SYMMETRIC, plane: Literal["XY", "ZX"] = "ZX") -> Circuit:
    r"""Return the circuit that copies all states of one great circle equally well, and best.

    On the equator, where :math:`|\psi\rangle = (|0\rangle + e^{i\phi}|1\rangle)/\sqrt2`,

    .. math:: |00\rangle \to |00\rangle, \qquad |10\rangle \to \cos\eta\,|10\rangle + \sin\eta\,|01\rangle,

    which shares one excitation between the two wires, with fidelities :math:`F_0 = (1+\cos\eta)/2` and
    :math:`F_1 = (1+\sin\eta)/2` for every phase. Equal shares give :math:`1/2+1/\sqrt8 = 0.8536`. No third
    wire is needed. Off the circle it is worse on one side: of the two poles, 0 is copied perfectly, and the copies of
    1 have the fidelities :math:`\cos^2\eta` and :math:`\sin^2\eta`, 1 together. The circle through Z and X holds
    the four states of BB84; it is turned onto the equator first, and back at the end.

    Parameters
    ----------
    fidelity : array_like of float, 1/2 to 1
        Fidelity of the copy on wire 0. An array makes a batch of circuits.
    plane : {"ZX", "XY"}
        The circle: through the poles and X ("ZX"), or the equator ("XY").

    Returns
    -------
    Circuit
        On 2 wires: 0 takes the original and carries the first copy, 1 the second.

    Raises
    ------
    ValueError, TypeError
        If a fidelity is not between 1/2 and 1, or `plane` is neither.

    Examples
    --------
    >>> from qlearn.qubits import ket
    >>> from qlearn.qubits.cloning import copy_fidelities
    >>> copy_fidelities(phase_covariant_cloner(), [ket("0"), ket("+"), ket("j")]).round(4)
    array([[0.8536, 0.8536],
           [0.8536, 0.8536],
           [0.5   , 0.5   ]])

    References
    ----------
    Bruss, Cinchetti, D'Ariano and Macchiavello, Phys. Rev. A 62, 012302 (2000), arXiv:quant-ph/9909046;
    Niu and Griffiths, Phys. Rev. A 60, 2764 (1999), arXiv:quant-ph/9810008 (two wires, unequal shares).

    Taught in :doc:`/qubits/no_cloning`.
    """
    first = as_copy_fidelity(fidelity, "fidelity")
    if plane not in ("ZX", "XY"):
        raise ValueError(f'plane must be "ZX" (the states of BB84) or "XY" (the equator), not {plane!r}')
    eta = np.arccos(2 * first - 1)
    one = Circuit(2)
    if plane == "ZX":
        one = one.rx(np.pi / 2, 0)
    # RY(2 eta) on wire 1 if wire 0 is 1, then wire 0 back to 0 if the excitation moved.
    one = one.ry(eta, 1).cx(0, 1).ry(-eta, 1).cx(0, 1).cx(1, 0)
    if plane == "ZX":
        one = one.rx(-np.pi / 2, 0).rx(-np.pi / 2, 1)
    return one
