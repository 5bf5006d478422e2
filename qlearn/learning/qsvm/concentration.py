"""Concentration: mean and spread of the entries of a kernel matrix as qubits are added."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qlearn._checks import as_count, as_rng
from qlearn.learning.qsvm.fidelity_kernel import QuantumKernel


@dataclass(frozen=True)
class Concentration:
    """Mean and standard deviation of the entries of a kernel of random rows, by the number of qubits.

    Parameters
    ----------
    n_qubits : ndarray of int, shape (k,)
        Features, and qubits, of each measurement.
    mean : ndarray, shape (k,)
        Of the entries of two different rows.
    std : ndarray, shape (k,)
        Their standard deviation: the signal that tells one pair from another.
    slope : float
        Of log2(std) by qubits, from a straight line through all points: -1 halves the signal with each.
    slope_error : float
        Standard error of that slope, from the scatter around the line.
    """

    n_qubits: NDArray[np.int64]
    mean: NDArray[np.float64]
    std: NDArray[np.float64]
    slope: float
    slope_error: float

    @property
    def shots(self) -> NDArray[np.float64]:
        """Shots an entry at which counting noise is as large as the signal, for entries that are probabilities."""
        return self.mean * (1 - self.mean) / self.std**2


def measure_concentration(
    kernel: QuantumKernel, n_qubits: Iterable[int] = range(2, 9), *, samples: int = 200, rng: Any = None
) -> Concentration:
    r"""Measure mean and spread of a kernel on uniform random rows, for growing numbers of features.

    .. math:: \sigma_q = \operatorname{sd}_{x \ne y}\, k(x, y), \qquad x, y \in [0, 2\pi)^q

    For states that fill the space (Haar) the mean is :math:`2^{-q}` and so is, nearly, the spread. The ZZ map, with two
    layers and bandwidth 1, does so nearly, up to about ten qubits, and falls more slowly beyond: its couplings of all
    pairs add up to the square of one sum. So all rows share a piece of :math:`|0\ldots0\rangle`, of probability about
    :math:`1/v`, and the mean is about :math:`2^{-q} + 1/(v v')`, with :math:`v = \sum_i (\pi - x_i)^2 \approx q\pi^2/3`.
    The map without couplings and one layer has :math:`\sigma_q^2 = (3/8)^q - 4^{-q}`. An entry is counted
    with an error of :math:`\sqrt{k(1-k)/s}`; once that is larger than :math:`\sigma_q`, the measured matrix says
    the same of every pair, and so does the trained machine (Thanasilp et al.).

    Parameters
    ----------
    kernel : FidelityKernel or ProjectedKernel
        Asked for one matrix for each number of features.
    n_qubits : iterable of int
        Numbers of features, at least 3 different ones.
    samples : int
        Rows, at least 3.
    rng : optional
        Anything that :func:`numpy.random.default_rng` takes.

    Returns
    -------
    Concentration

    Raises
    ------
    ValueError, TypeError
        If there are fewer than three numbers of features, or too many for memory; or if the kernel finds all pairs
        equally alike, so that there is no spread whose logarithm could fall.

    Examples
    --------
    >>> from qlearn.learning import FidelityKernel
    >>> found = measure_concentration(FidelityKernel(), range(2, 9), rng=1)
    >>> -1.2 < found.slope < -0.8  # each qubit nearly halves what there is to see
    True

    References
    ----------
    Thanasilp et al., "Exponential concentration in quantum kernel methods", 2024, arXiv:2208.11060.
    """
    sizes = [as_count(q, "n_qubits") for q in n_qubits]
    if len(set(sizes)) < 3:
        raise ValueError(
            f"n_qubits must be at least three different numbers, for a slope with an error, not {sizes}"
        )
    n, generator = as_count(samples, "samples", least=3), as_rng(rng)
    kernel.require_memory(n, n * n, max(sizes))  # the largest is refused before the first is computed
    mean, std = np.empty(len(sizes)), np.empty(len(sizes))
    for place, q in enumerate(sizes):
        entries = kernel.gram(generator.uniform(0, 2 * np.pi, (n, q)))[np.triu_indices(n, 1)]
        mean[place], std[place] = entries.mean(), entries.std()
        if std[place] == 0:
            raise ValueError(
                f"kernel finds all pairs of {q} features equally alike, {mean[place]:g}: there is no spread to follow. "
                "Give it a wider bandwidth"
            )
    (slope, _), covariance = np.polyfit(sizes, np.log2(std), 1, cov=True)
    return Concentration(np.array(sizes), mean, std, float(slope), float(np.sqrt(covariance[0, 0])))
