"""Quadratic problems of bits (QUBO): in from three forms, and the energy of every bit string."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import dimod

LARGEST = 20
"""Most bits of a state vector here: 2**20 amplitudes are 16 MiB, and a sweep keeps one vector a layer."""


def as_bqm(problem: Any, most: int | None = None) -> "dimod.BinaryQuadraticModel":
    r"""Return a problem as a binary quadratic model of 0/1 variables, to be minimised.

    .. math:: E(x) = c + \sum_i a_i x_i + \sum_{i<j} b_{ij}\, x_i x_j = c + x^{\mathsf T} Q\, x

    Parameters
    ----------
    problem : dimod.BinaryQuadraticModel, mapping, or array_like of shape (n, n)
        A model of spins is rewritten in bits. A mapping ``{(i, j): Q_ij}`` and a square matrix are read as Q, with
        :math:`Q_{ii}` the linear terms and :math:`Q_{ij} + Q_{ji}` the couplings.
    most : int, optional
        Most variables allowed.

    Returns
    -------
    dimod.BinaryQuadraticModel

    Examples
    --------
    >>> bqm = as_bqm([[-1, 2], [0, -1]])
    >>> bqm.energies([{0: 1, 1: 0}, {0: 1, 1: 1}])
    array([-1.,  0.])

    References
    ----------
    Lucas, "Ising formulations of many NP problems", 2014, arXiv:1302.5843.
    """
    import dimod  # where it is wanted: a page of the book has none

    if isinstance(problem, dimod.BinaryQuadraticModel):
        bqm = problem.change_vartype(dimod.BINARY, inplace=False)
    elif isinstance(problem, Mapping):
        bqm = dimod.BinaryQuadraticModel.from_qubo(dict(problem))
    elif isinstance(problem, list | tuple | np.ndarray):
        try:
            matrix = np.asarray(problem)
        except ValueError:  # rows of different lengths
            lengths = ", ".join(str(np.size(row)) for row in problem)
            raise TypeError(
                f"problem must be a square matrix Q of real numbers, not rows of lengths {lengths}"
            ) from None
        if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1] or matrix.dtype.kind not in "buif":
            raise TypeError(f"problem must be a square matrix Q of real numbers, not of shape {matrix.shape}")
        bqm = dimod.BinaryQuadraticModel(matrix.astype(np.float64), dimod.BINARY)
    else:
        raise TypeError(
            "problem must be a dimod.BinaryQuadraticModel, a mapping {(i, j): Q_ij} or a square matrix, "
            f"not {type(problem).__name__}"
        )
    n = bqm.num_variables
    if n == 0:
        raise ValueError("problem must have at least one variable; it has none")
    if most is not None and n > most:
        raise ValueError(
            f"problem must have at most {most} variables for a state vector of 2**n amplitudes, not {n}: "
            "anneal(problem) takes thousands"
        )
    linear, (_, _, couplings), offset = bqm.to_numpy_vectors()
    if not (np.isfinite(linear).all() and np.isfinite(couplings).all() and np.isfinite(offset)):
        raise ValueError("problem must have finite coefficients; it holds NaN or infinity")
    return bqm


def energies(problem: Any) -> NDArray[np.float64]:
    """Return the energy of every bit string of a problem of at most 20 variables.

    The half where a variable is 1 is the half where it is 0 plus a linear form of the variables after it. Both double
    from variable to variable, so the whole table costs two additions an entry.

    Parameters
    ----------
    problem : dimod.BinaryQuadraticModel, mapping or array_like
        As :func:`as_bqm` takes it.

    Returns
    -------
    ndarray of float64, shape (2**n,)
        Indexed by the bit string, the first of ``bqm.variables`` most significant.

    Examples
    --------
    >>> energies([[-1, 2], [0, -1]])
    array([ 0., -1., -1.,  0.])
    >>> chosen = {("b", "b"): -2, ("a", "b"): 1, ("a", "a"): -3}
    >>> as_bqm(chosen).variables, energies(chosen)
    (Variables(['b', 'a']), array([ 0., -3., -2., -4.]))

    References
    ----------
    Lucas, 2014, arXiv:1302.5843, eq. 1.
    """
    bqm = as_bqm(problem, LARGEST)
    linear, pairs, offset = coefficients(bqm)
    n = linear.size
    couplings = np.zeros((n, n))
    for (i, j), b in pairs.items():
        couplings[i, j] = b
    table = np.array([offset])
    for i in reversed(range(n)):
        step = linear[i : i + 1]
        for j in reversed(range(i + 1, n)):
            step = np.concatenate([step, step + couplings[i, j]])
        table = np.concatenate([table, table + step])
    return table


def coefficients(
    bqm: "dimod.BinaryQuadraticModel",
) -> tuple[NDArray[np.float64], dict[tuple[int, int], float], float]:
    """Return the linear terms, the couplings by positions i < j, and the offset, in the order of the variables."""
    linear, (rows, columns, biases), offset = bqm.to_numpy_vectors(variable_order=list(bqm.variables))
    pairs: dict[tuple[int, int], float] = {}
    for i, j, b in zip(rows.tolist(), columns.tolist(), biases.tolist(), strict=True):
        pairs[min(i, j), max(i, j)] = b
    return np.asarray(linear, np.float64), pairs, float(offset)
