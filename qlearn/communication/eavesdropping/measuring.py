"""Measuring is copying: intercept and resend as a circuit, with nobody looking yet."""

import numpy as np

from qlearn.qubits import Circuit

# RY that turns a basis of hers onto Z.
_TURNS = {"Z": 0.0, "X": -np.pi / 2, "breidbart": -np.pi / 4}


def measuring(basis: str) -> Circuit:
    r"""Return intercept and resend as a circuit: a CNOT, in Eve's basis, onto a qubit of hers.

    .. math:: R^\dagger_{y}\;\mathrm{CNOT}\;R_{y}

    To measure a pulse and resend what was found is to copy it, in that basis, onto a memory, and to look at
    the memory whenever one likes: every attack on a pulse is a unitary with helpers.

    Parameters
    ----------
    basis : {"Z", "X", "breidbart"}
        Eve's.

    Returns
    -------
    Circuit
        On 2 wires: the pulse and her qubit.

    Raises
    ------
    ValueError
        If there is no such basis.

    Examples
    --------
    >>> measuring("Z").run([0, 0, 1, 0]).real.round(3)  # |1>: the copy shows it
    array([0., 0., 0., 1.])

    References
    ----------
    Nielsen and Chuang, *Quantum Computation and Quantum Information* (2010), section 4.4 (deferred measurement).

    Taught in :doc:`/communication/eavesdropping`.
    """
    if basis not in _TURNS:
        raise ValueError(f'basis must be "Z", "X" or "breidbart", not {basis!r}')
    return Circuit(2).ry(_TURNS[basis], 0).cx(0, 1).ry(-_TURNS[basis], 0)
