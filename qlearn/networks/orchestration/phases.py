"""Phases that sensors took up: the same as quantum data, kept on qubits, and as classical data, measured first."""

from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_choice, as_count, as_reals, as_rng
from qlearn.qubits import Circuit


def phase_states(phases: ArrayLike) -> NDArray[np.complex128]:
    r"""Return the states of sensors whose qubits took up these phases: :math:`\bigotimes_k R_z(\varphi_k)\,|+\rangle`.

    Parameters
    ----------
    phases : array_like of float, shape (n, k)
        Phases in radians, one a qubit.

    Returns
    -------
    ndarray of complex, shape (n, 2**k)

    Examples
    --------
    >>> phase_states([[0.0], [np.pi]]).round(3)
    array([[0.707+0.j   , 0.707+0.j   ],
           [0.   -0.707j, 0.   +0.707j]])
    """
    angles = as_reals(phases, "phases")
    if angles.ndim != 2 or not angles.shape[1]:
        raise ValueError(f"phases must have shape (n, k), one phase a qubit, not {angles.shape}")
    circuit = Circuit(angles.shape[1])
    for wire in range(angles.shape[1]):
        circuit = circuit.h(wire).rz(angles[:, wire], wire)
    return circuit.run()


def measured_phases(phases: ArrayLike, shots: int, rng: Any = None) -> NDArray[np.float64]:
    r"""Return what is read of phases when `shots` copies of each qubit are measured in X and as many in Y.

    .. math:: \hat\varphi = \operatorname{atan2}(\hat y, \hat x), \qquad
              P(+|X) = \tfrac{1+\cos\varphi}{2}, \quad P(+|Y) = \tfrac{1+\sin\varphi}{2}

    Parameters
    ----------
    phases : array_like of float, shape (...)
        Phases in radians.
    shots : int
        Copies for each of the two measurements.
    rng : optional
        Anything that :func:`numpy.random.default_rng` takes.

    Returns
    -------
    ndarray of float, shape (...)
        In (-pi, pi]; the error is about :math:`1/\sqrt{\text{shots}}`.

    Examples
    --------
    >>> bool(abs(measured_phases(0.5, 100_000, rng=0) - 0.5) < 0.02)
    True
    """
    angles, shots, rng = as_reals(phases, "phases"), as_count(shots, "shots"), as_rng(rng)
    x = 2 * rng.binomial(shots, (1 + np.cos(angles)) / 2) / shots - 1
    y = 2 * rng.binomial(shots, (1 + np.sin(angles)) / 2) / shots - 1
    return np.arctan2(y, x)


def sensed_data(
    n: int, data: Literal["classical", "quantum"], *, shots: int = 10, rng: Any = None
) -> tuple[NDArray[np.complex128], NDArray[np.int64]]:
    """Return readings of two sensors as states of two qubits, and whether their phases have the same sign.

    With "quantum" data the unit holds the sensors' qubits. With "classical" data the sensors were measured, and the unit prepares
    qubits from the readings: so both train one model, on states, and the classical units' states are off by what the
    measurement lost.

    Parameters
    ----------
    n : int
        Samples.
    data : {"classical", "quantum"}
        Which.
    shots : int
        Copies measured in either basis, for classical data.
    rng : optional
        Anything that :func:`numpy.random.default_rng` takes.

    Returns
    -------
    X : ndarray of complex, shape (n, 4)
        States.
    y : ndarray of int, shape (n,)
        1 where the product of the two phases, uniform between -pi/2 and pi/2, is positive.

    Examples
    --------
    >>> X, y = sensed_data(3, "quantum", rng=0)
    >>> X.shape, y
    ((3, 4), array([0, 1, 1]))
    >>> read = phase_states(measured_phases([[0.3, -0.2]], shots=10_000, rng=0))  # what a classical unit prepares
    >>> bool(abs((read.conj() * phase_states([[0.3, -0.2]])).sum()) ** 2 > 0.99)
    True
    """
    n, rng = as_count(n, "n"), as_rng(rng)
    as_choice(data, ("classical", "quantum"), "data")
    as_count(shots, "shots")
    phases = rng.uniform(-np.pi / 2, np.pi / 2, (n, 2))
    labels = (phases.prod(axis=1) > 0).astype(np.int64)
    return phase_states(phases if data == "quantum" else measured_phases(phases, shots, rng)), labels
