"""Global and local cost functions of a circuit, and their derivatives: all of them, or the first."""

import numpy as np
from numpy.typing import NDArray

from qlearn._checks import as_count
from qlearn.learning._threads import one_thread
from qlearn.learning.barren_plateaus._engine import LayeredSimulator, start_states
from qlearn.learning.barren_plateaus.random_circuits import LayeredCircuits

COSTS = ("global", "local", "zz")
"""The costs that can be measured: one question about all wires, one about each, one about the first two."""


def as_cost(cost: str) -> str:
    """Return `cost` if it is the name of one."""
    if cost not in list(COSTS):
        raise ValueError(f"cost must be one of {', '.join(COSTS)}, not {cost!r}")
    return cost


def cost_diagonal(cost: str, n_qubits: int) -> NDArray[np.float64]:
    r"""Return the observable of a cost, which is diagonal in the Z basis.

    .. math:: C_\text{global} = 1 - |0\rangle\langle 0|^{\otimes n}, \qquad
              C_\text{local} = 1 - \frac1n \sum_w |0\rangle\langle 0|_w, \qquad C_{zz} = Z_0 Z_1

    The global and the local cost are both zero for the state of all zeros and nowhere else: they ask for the
    same state, the first with one question about all wires, the second with one about each.

    Parameters
    ----------
    cost : {"global", "local", "zz"}
        Which of the three.
    n_qubits : int
        Number of wires, at least 2.

    Returns
    -------
    ndarray of float64, shape (2**n_qubits,)
        The cost of each basis state.

    Examples
    --------
    >>> cost_diagonal("global", 2)
    array([0., 1., 1., 1.])
    >>> cost_diagonal("local", 2)
    array([0. , 0.5, 0.5, 1. ])

    References
    ----------
    Cerezo et al., "Cost function dependent barren plateaus in shallow parametrized quantum circuits", 2021,
    arXiv:2001.00550.
    """
    n = as_count(n_qubits, "n_qubits", least=2)
    as_cost(cost)
    index = np.arange(1 << n)
    if cost == "global":
        return (index != 0).astype(np.float64)
    if cost == "local":
        return (np.bitwise_count(index) / n).astype(np.float64)
    differ = (index >> (n - 1) ^ index >> (n - 2)) & 1
    return (1 - 2 * differ).astype(np.float64)


def expected_cost(circuits: LayeredCircuits, cost: str = "zz") -> NDArray[np.float64]:
    r"""Return the cost of every circuit.

    .. math:: C = \langle s|\,U(\theta)^\dagger C\,U(\theta)\,|s\rangle, \qquad
              |s\rangle = R_Y(\tfrac\pi4)^{\otimes n}|0\rangle

    Parameters
    ----------
    circuits : LayeredCircuits
        From :func:`draw_circuits`.
    cost : {"global", "local", "zz"}
        See :func:`cost_diagonal`.

    Returns
    -------
    ndarray of float64, shape (samples,)

    Examples
    --------
    >>> from qlearn.learning.barren_plateaus.random_circuits import draw_circuits
    >>> expected_cost(draw_circuits(2, 4, samples=2, init="identity", rng=0))  # cos(pi/4) squared
    array([0.5, 0.5])
    """
    diagonal = cost_diagonal(cost, circuits.n_qubits)
    with one_thread():
        final = LayeredSimulator(circuits).forward(start_states(circuits))[:, 0]
    return (final.real**2 + final.imag**2) @ diagonal


def gradients(circuits: LayeredCircuits, cost: str = "zz") -> NDArray[np.float64]:
    r"""Return every derivative of the cost of every circuit, by the adjoint sweep.

    .. math:: g_{\ell w} = \frac{\partial}{\partial\theta_{\ell w}}
              \langle s|\,U(\theta)^\dagger C\,U(\theta)\,|s\rangle, \qquad
              |s\rangle = R_Y(\tfrac\pi4)^{\otimes n}|0\rangle

    Parameters
    ----------
    circuits : LayeredCircuits
        From :func:`draw_circuits`.
    cost : {"global", "local", "zz"}
        See :func:`cost_diagonal`.

    Returns
    -------
    ndarray of float64, shape (samples, depth, n_qubits)

    Examples
    --------
    >>> from qlearn.learning.barren_plateaus.random_circuits import draw_circuits
    >>> gradients(draw_circuits(3, 4, samples=5, rng=0), "local").shape
    (5, 4, 3)
    """
    diagonal = cost_diagonal(cost, circuits.n_qubits)
    sweep = LayeredSimulator(circuits)
    with one_thread():
        final = sweep.forward(start_states(circuits))
        return sweep.backward(final, diagonal * final)


def first_gradients(circuits: LayeredCircuits, cost: str = "zz") -> NDArray[np.float64]:
    r"""Return the derivative in the first angle (layer 1, wire 0) of every circuit.

    .. math:: g = \operatorname{Im}\,\langle\phi|V^\dagger C\,V\,P_{11}|\phi\rangle

    with :math:`\phi` the state behind the first turns and V the rest of the circuit: two states are
    followed forwards and nothing back, less than half the work of :func:`gradients`.

    Parameters
    ----------
    circuits : LayeredCircuits
        From :func:`draw_circuits`.
    cost : {"global", "local", "zz"}
        See :func:`cost_diagonal`.

    Returns
    -------
    ndarray of float64, shape (samples,)

    Examples
    --------
    >>> from qlearn.learning.barren_plateaus.random_circuits import draw_circuits
    >>> circuits = draw_circuits(3, 4, samples=5, rng=0)
    >>> bool(np.allclose(first_gradients(circuits), gradients(circuits)[:, 0, 0]))
    True
    """
    diagonal = cost_diagonal(cost, circuits.n_qubits)
    sweep = LayeredSimulator(circuits)
    # A half turn about its own axis is -i P: the turn by angle + pi is P behind the turn, times -i.
    turned = circuits.angles.copy()
    turned[:, 0, 0] += np.pi
    start = start_states(circuits)
    with one_thread():
        beside = LayeredSimulator(circuits.with_angles(turned)).layer(start, 0) * 1j
        both = np.concatenate([sweep.layer(start, 0), beside], axis=1)
        for number in range(1, circuits.depth):
            both = sweep.layer(both, number)
    return np.einsum("sd,d,sd->s", both[:, 0].conj(), diagonal, both[:, 1]).imag
