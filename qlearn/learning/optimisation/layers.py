r"""QAOA as a circuit: what the diagonal sweep shortcuts, for devices and for the adapters."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_reals
from qlearn.learning.optimisation.graphs import cost_bqm
from qlearn.learning.optimisation.qubo import coefficients
from qlearn.qubits import Circuit


def qaoa_circuit(problem: Any, gammas: ArrayLike, betas: ArrayLike, *, couplings: bool = True) -> Circuit:
    r"""Return p layers of QAOA as a circuit of H, P, CP and RX gates.

    .. math:: e^{-i\gamma C} \propto \prod_i P_i(-\gamma a_i) \prod_{i<j} CP_{ij}(-\gamma b_{ij}), \qquad
              e^{-i\beta B} = \prod_i RX_i(2\beta)

    for a cost :math:`C = c + \sum_i a_i x_i + \sum_{i<j} b_{ij} x_i x_j` of bits. For a graph C is the size of the
    cut: :math:`a_i` is the weighted degree and :math:`b_{ij} = -2 w_{ij}`. The constant is a global phase.

    Parameters
    ----------
    problem : networkx.Graph, dimod.BinaryQuadraticModel, mapping or array_like
        A graph to cut, or a quadratic problem as :func:`as_bqm` takes it; at most 20 wires.
    gammas, betas : array_like of float, shape (..., p)
        Angles in radians; a batch of them gives a batched circuit.
    couplings : bool
        False leaves the CP gates out, and nothing else: an ablation without entanglement. What is left depends on
        how a phase is taken apart. Here P keeps the degree of each node; with RZZ for every edge nothing would
        be left of an unweighted cut.

    Returns
    -------
    Circuit
        Wire i is node (variable) i.

    Raises
    ------
    ValueError, TypeError
        If the problem or the angles are refused.

    Examples
    --------
    >>> import networkx as nx
    >>> edge = qaoa_circuit(nx.path_graph(2), [np.pi / 2], [np.pi / 8])
    >>> (abs(edge.run()) ** 2).round(6)
    array([0. , 0.5, 0.5, 0. ])
    >>> alone = qaoa_circuit(nx.path_graph(2), [np.pi / 2], [np.pi / 8], couplings=False)
    >>> (abs(alone.run()) ** 2).round(6)
    array([0.021447, 0.125   , 0.125   , 0.728553])

    References
    ----------
    Farhi, Goldstone, Gutmann, 2014, arXiv:1411.4028, eqs. 2 to 5.

    Taught in :doc:`/learning/optimisation`.
    """
    gammas, betas = as_angles(gammas, betas)
    linear, pairs, _ = coefficients(cost_bqm(problem))
    circuit = Circuit(linear.size)
    for wire in range(linear.size):
        circuit = circuit.h(wire)
    for layer in range(gammas.shape[-1]):
        gamma, beta = gammas[..., layer], betas[..., layer]
        for wire, a in enumerate(linear):
            if a:
                circuit = circuit.p(-gamma * a, wire)
        for (i, j), b in pairs.items() if couplings else ():
            circuit = circuit.cp(-gamma * b, i, j)
        for wire in range(linear.size):
            circuit = circuit.rx(2 * beta, wire)
    return circuit


def as_angles(gammas: ArrayLike, betas: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return both lists of angles with p, the number of layers, on the last axis; a number is one layer."""
    first, second = (np.atleast_1d(as_reals(a, name)) for a, name in ((gammas, "gammas"), (betas, "betas")))
    if first.shape[-1] != second.shape[-1] or first.shape[-1] == 0:
        raise ValueError(
            "gammas and betas must hold one angle each for every layer on the last axis, "
            f"not {first.shape[-1]} and {second.shape[-1]}"
        )
    try:
        first, second = np.broadcast_arrays(first, second)
    except ValueError:
        raise ValueError(
            f"gammas and betas must broadcast against each other, not: {first.shape} and {second.shape}"
        ) from None
    return first, second
