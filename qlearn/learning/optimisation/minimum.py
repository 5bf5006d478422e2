r"""QAOA for the minimum of a quadratic problem of bits."""

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_count, as_rng
from qlearn.learning.optimisation.angles import as_start, search, tidy
from qlearn.learning.optimisation.qubo import LARGEST, as_bqm, energies
from qlearn.learning.optimisation.sweep import Sweep


@dataclass(frozen=True, eq=False)
class QUBOResult:
    """What QAOA found for the minimum of a quadratic problem."""

    ratio: float
    """(worst - expected) / (worst - best) energy: 1 is the minimum. A random bit string gets what the mean energy
    gives: one half for a symmetric spectrum, more where fines reach far up."""
    energy: float
    """Expected energy of a measured bit string."""
    angles: NDArray[np.float64]
    """Gammas and betas in radians, shape (2, p)."""
    sample: dict[Hashable, int]
    """The best of the measured bit strings, by variable."""
    lowest: float
    """Its energy."""


def qaoa_qubo(
    problem: Any,
    p: int,
    *,
    start: ArrayLike | None = None,
    shots: int = 1000,
    progress: bool = False,
    rng: Any = None,
) -> QUBOResult:
    r"""Minimise a quadratic problem of bits by QAOA with p layers.

    .. math:: \min_{\gamma,\beta}\, \langle\gamma,\beta| E |\gamma,\beta\rangle, \qquad
              E = c + \sum_i a_i x_i + \sum_{i<j} b_{ij} x_i x_j

    Parameters
    ----------
    problem : dimod.BinaryQuadraticModel, mapping or array_like
        As :func:`as_bqm` takes it; at most 20 variables.
    p, start, shots, progress, rng
        As in :func:`qaoa`.

    Returns
    -------
    QUBOResult

    Raises
    ------
    ValueError, TypeError
        If the problem is refused by :func:`as_bqm`, its energy is constant, or a number is no count.

    Examples
    --------
    >>> found = qaoa_qubo([[-1, 2], [0, -1]], 1, rng=0)  # exactly one of two bits
    >>> sum(found.sample.values()), round(found.energy, 6)
    (1, -1.0)

    References
    ----------
    Farhi, Goldstone, Gutmann, 2014, arXiv:1411.4028.
    Lucas, 2014, arXiv:1302.5843.

    Taught in :doc:`/learning/optimisation`.
    """
    p, shots, rng = as_count(p, "p"), as_count(shots, "shots"), as_rng(rng)
    bqm = as_bqm(problem, LARGEST)
    values = energies(bqm)
    best, worst = values.min(), values.max()
    if best == worst:
        raise ValueError(f"problem must have something to minimise; every bit string has the energy {best:g}")
    sweep = Sweep(values)
    angles = search(sweep, p, None if start is None else as_start(start, p), progress=progress, rng=rng)
    energy = sweep.energy(*angles)
    seen = sweep.sample(angles[0], angles[1], shots, rng)
    found = int(seen[values[seen].argmin()])
    bits = (found >> np.arange(bqm.num_variables)[::-1] & 1).tolist()
    sample = dict(zip(bqm.variables, bits, strict=True))
    ratio = float((worst - energy) / (worst - best))
    return QUBOResult(ratio, energy, tidy(angles), sample, float(values[found]))
