"""Copies: run a copier on a state and ask each copy how much it looks like the original."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_states, as_wires
from qlearn.qubits.circuit import Circuit
from qlearn.qubits.density import fidelity, partial_trace


def copy_fidelities(
    copier: Circuit, states: ArrayLike, wires: int | Iterable[int] = (0, 1)
) -> NDArray[np.float64]:
    r"""Return how well each copy of a state resembles it.

    .. math:: F_k = \langle\psi|\,\rho_k\,|\psi\rangle, \qquad
              \rho_k = \operatorname{tr}_{\text{all but } k}\, |\Psi\rangle\langle\Psi|, \qquad
              |\Psi\rangle = U\,|\psi\rangle|0\cdots0\rangle

    The chance that wire k passes for the original. 1: a perfect copy. A qubit that has nothing to do
    with the original scores 1/2 on average over all states; on a single state anything from 0 to 1.

    Parameters
    ----------
    copier : Circuit
        Without measurements. It gets the state on wire 0, and 0 on all others.
    states : array_like, shape (..., 2)
        Qubits to copy; their batch broadcasts with the circuit's.
    wires : int or iterable of int
        Where the copies come out.

    Returns
    -------
    ndarray of float64, shape (..., k)
        One fidelity for each of the k wires.

    Raises
    ------
    ValueError, TypeError
        If a state is no qubit, a wire is none of the circuit's, or the circuit measures.

    Examples
    --------
    >>> from qlearn.qubits import ket
    >>> copy_fidelities(Circuit(2).cx(0, 1), [ket("0"), ket("1"), ket("+")]).round(6)
    array([[1. , 1. ],
           [1. , 1. ],
           [0.5, 0.5]])

    References
    ----------
    Buzek and Hillery, Phys. Rev. A 54, 1844 (1996), arXiv:quant-ph/9607018, section II.

    Taught in :doc:`/qubits/no_cloning`.
    """
    if not isinstance(copier, Circuit):
        raise TypeError(f"copier must be a Circuit, not {type(copier).__name__}")
    if copier.bits:
        raise ValueError(
            "copier must be a circuit without classical bits: whoever measures has no copies left"
        )
    originals = as_states(states, "states", n_qubits=1)
    places = as_wires(wires, copier.n_qubits)
    start = np.zeros((*originals.shape[:-1], 1 << copier.n_qubits), dtype=np.complex128)
    start[..., :: 1 << (copier.n_qubits - 1)] = originals  # wire 0 is the most significant
    copied = copier.run(start)
    return np.stack([fidelity(originals, partial_trace(copied, wire)) for wire in places], axis=-1)
