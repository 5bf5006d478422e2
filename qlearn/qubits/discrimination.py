"""Discrimination: how well any measurement can tell two states apart."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_probability
from qlearn.qubits.density import as_comparable, density


def helstrom(a: ArrayLike, b: ArrayLike, prior: float = 0.5) -> NDArray[np.float64]:
    r"""Return the best probability to tell two states apart with one copy.

    .. math:: P = \tfrac12\bigl(1 + \lVert p\,\rho_a - (1-p)\,\rho_b\rVert_1\bigr)
              \;=\; \tfrac12\Bigl(1 + \sqrt{1 - 4p(1-p)\,|\langle a|b\rangle|^2}\Bigr) \text{ for pure states}

    No measurement, however clever, does better; orthogonal states reach 1, equal states the larger of p and 1 - p.

    Parameters
    ----------
    a, b : array_like, shape (..., 2**n) or (..., 2**n, 2**n)
        State vectors or density matrices.
    prior : float
        Probability of state `a` before the measurement.

    Returns
    -------
    ndarray of float64, shape (...)

    Raises
    ------
    ValueError
        If a state is not valid, the two differ in size, their batches do not broadcast, or `prior` is not a probability.

    Examples
    --------
    >>> float(helstrom([1, 0], [np.sqrt(.5), np.sqrt(.5)]).round(6))
    0.853553

    References
    ----------
    Helstrom, J. Stat. Phys. 1, 231 (1969), doi:10.1007/BF01007479.

    Taught in :doc:`/qubits/measurement`.
    """
    p = as_probability(prior, "prior")
    first, second = (density(state) for state, _ in as_comparable(a, b))
    return (1 + np.abs(np.linalg.eigvalsh(p * first - (1 - p) * second)).sum(-1)) / 2
