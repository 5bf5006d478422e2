r"""Equivariance: whether a model of a graph depends on how its nodes are numbered."""

from collections.abc import Callable
from itertools import islice, permutations as all_permutations
from math import factorial
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_count, as_rng
from qlearn.networks.graph_networks._graphs import as_graphs

_ALL_UP_TO = 6
"""720 numberings are tried one by one; of more nodes some are drawn."""


def equivariance_defect(
    model: Callable[[NDArray[np.float64], NDArray[np.float64]], ArrayLike],
    x: ArrayLike,
    weights: ArrayLike,
    *,
    permutations: int | None = None,
    rng: Any = None,
) -> float:
    r"""Return the largest difference between answers that should be the same but for the numbering of the nodes.

    .. math:: \max_{P}\ \bigl\| f(P x,\, P W P^{\mathsf T}) - P f(x, W) \bigr\|_\infty

    0, but for rounding, of an equivariant model. It is a maximum over one graph and the numberings that were tried: a
    defect proves that the model is not equivariant, and none on one graph does not prove that it is.

    Parameters
    ----------
    model : callable
        From node values (n,) and weights (n, n) to one number a node, shape (n,).
    x : array_like of float, shape (n,)
        Different values, so that no two nodes are alike.
    weights : array_like of float, shape (n, n)
        Of the edges: symmetric, 0 where there is none.
    permutations : int, optional
        Numberings to draw. None: all n! up to six nodes, and 720 drawn ones beyond.
    rng : optional
        Anything that :func:`numpy.random.default_rng` takes, for the draws.

    Returns
    -------
    float

    Examples
    --------
    >>> path = [[0, 1, 0], [1, 0, 1], [0, 1, 0]]
    >>> equivariance_defect(lambda x, w: w @ x, [0.1, 0.2, 0.4], path)
    0.0
    >>> round(equivariance_defect(lambda x, w: x + [1, 0, 0], [0.1, 0.2, 0.4], path), 6)  # node 0 is favoured
    1.0

    References
    ----------
    Bronstein, Bruna, Cohen, Velickovic, "Geometric deep learning", 2021, arXiv:2104.13478, section 3.
    """
    values, matrix = as_graphs(x, weights)
    if values.ndim != 1 or matrix.ndim != 2:
        raise ValueError(
            f"x must be the values of one graph, shape (n,), not {values.shape}: give graph by graph"
        )
    n, rng = len(values), as_rng(rng)
    if permutations is None and n <= _ALL_UP_TO:
        orders = list(islice(all_permutations(range(n)), factorial(n)))
    else:
        draws = factorial(_ALL_UP_TO) if permutations is None else as_count(permutations, "permutations")
        orders = [tuple(rng.permutation(n)) for _ in range(draws)]
    plain = _answer(model, values, matrix)
    return max(
        float(np.abs(_answer(model, values[list(p)], matrix[np.ix_(p, p)]) - plain[list(p)]).max())
        for p in orders
    )


def _answer(model: Callable[..., ArrayLike], x: NDArray, weights: NDArray) -> NDArray[np.float64]:
    answer = np.asarray(model(x.copy(), weights.copy()), dtype=np.float64)
    if answer.shape != x.shape:
        raise ValueError(f"model must return one number a node, shape {x.shape}, not shape {answer.shape}")
    if not np.isfinite(answer).all():
        # A maximum would pass over NaN, and call such a model equivariant.
        raise ValueError(
            f"model must return finite numbers, not {answer}: they have no difference to measure"
        )
    return answer
