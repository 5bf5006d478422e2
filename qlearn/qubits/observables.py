"""Observables: the average answer to a yes-or-no question, asked of many copies."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import n_qubits_of
from qlearn.qubits.density import as_pure_or_mixed


def expectation(state: ArrayLike, observable: str) -> NDArray[np.float64]:
    r"""Return the mean value of a product of Pauli operators.

    .. math:: \langle P\rangle = \langle\psi|P|\psi\rangle = \operatorname{tr}(\rho P)

    +1 and -1 are the two answers of each Pauli operator; this is the average over many copies.

    Parameters
    ----------
    state : array_like, shape (..., 2**n) or (..., 2**n, 2**n)
        State vectors or density matrices.
    observable : str
        One letter of I, X, Y, Z for each wire, such as ``"ZZI"``.

    Returns
    -------
    ndarray of float64, shape (...)

    Raises
    ------
    ValueError
        If the state is not valid or the observable does not fit it.

    Examples
    --------
    >>> float(expectation([0.6, 0.8], "Z").round(12))
    -0.28

    References
    ----------
    Nielsen and Chuang, *Quantum Computation and Quantum Information* (2010), section 2.2.5.

    Taught in :doc:`/qubits/measurement`.
    """
    array, mixed = as_pure_or_mixed(state)
    n = n_qubits_of(array)
    if not isinstance(observable, str) or len(observable) != n or set(observable) - set("IXYZ"):
        raise ValueError(
            f"observable must be {n} letters of I, X, Y, Z, one for each wire (such as {'Z' * n!r}), not {observable!r}"
        )
    # A Pauli product sends |j> to phase[j] |j ^ flip>: no matrix is needed.
    j = np.arange(1 << n)
    flip, phase = 0, np.ones(1 << n, dtype=np.complex128)
    for wire, letter in enumerate(observable):
        bit = 1 << (n - 1 - wire)
        flip |= bit if letter in "XY" else 0
        if letter in "YZ":
            phase *= np.where(j & bit, -1, 1) * (1j if letter == "Y" else 1)
    if mixed:
        return (phase * array[..., j, j ^ flip]).sum(-1).real
    return (array[..., j ^ flip].conj() * phase * array).sum(-1).real
