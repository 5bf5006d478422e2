"""The bandwidth of a quantum kernel, taken from the data as scikit-learn's gamma="scale" is; a warning if it is too wide."""

import warnings
from dataclasses import replace
from typing import TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn.learning._estimators import level_of_caller
from qlearn.learning.encodings.encoding import as_rows, largest_scales
from qlearn.learning.qsvm.fidelity_kernel import QuantumKernel

# So many rows have nearly 5,000 pairs: their mean is known to a few per cent.
_ROWS = 100
# In units of 1 / spread: from where all rows are one to where a feature wraps around.
_BANDWIDTHS = 2.0 ** np.arange(-14, 2)
_HALVINGS = 8
# Mean overlaps below twice that of unrelated states are called hardly more; with two qubits even these tell rows apart.
_UNRELATED = 2.0
_FEW_QUBITS = 2
# Overlaps of a map may lie far above 2**-q and still be next to nothing beside the 1 of the diagonal. Then even the
# likest other row of most rows overlaps by less than this.
_NEAREST = 0.01
# Of the exponent of SVC's gamma="scale". Chosen among 1, 1/2, 1/4, 1/8 on iris, wine and breast cancer with 2, 4 and 8
# components: a kernel that comes back after a period must stay farther from it than a Gaussian need.
_SHARE = 1 / 8

Kernel = TypeVar("Kernel", bound=QuantumKernel)


def scaled_kernel(kernel: Kernel, X: ArrayLike) -> Kernel:
    r"""Return the kernel with the bandwidth at which training rows overlap, on average, as under a Gaussian kernel.

    .. math:: \operatorname{mean}_{i \ne j} k_s(x_i, x_j) = \operatorname{mean}_{i \ne j}
              \exp\Big( -\frac{\|x_i - x_j\|^2}{8\, d \operatorname{Var}(X)} \Big)

    The right side is the kernel of scikit-learn's :class:`~sklearn.svm.SVC` with an eighth of its default,
    ``gamma="scale"``; an eighth, since the likeness of two states comes back after a period and a Gaussian does not. Of
    the bandwidths s that solve this the smallest is taken. There the states still lie close together: near rows are
    nearer than far ones, and overlaps stay far above the :math:`2^{-q}` of unrelated states. X and 10 X give the same
    kernel. It is where a search may begin; data made of the fringes of a map need another bandwidth.

    The eighth was chosen among 1, 1/2, 1/4 and 1/8 on iris, wine and breast cancer, all rows: a score of this default on
    these three has seen its judges.

    Parameters
    ----------
    kernel : FidelityKernel or ProjectedKernel
        With an encoding that is named and takes a bandwidth: "zz", "z", "angle" or "phase". Its own bandwidth does not matter.
    X : array_like, shape (n, q)
        Training rows; beyond 100, every so many.

    Returns
    -------
    FidelityKernel or ProjectedKernel
        With "angle" or "phase" the largest training feature turns by at most a quarter turn, so that rows twice as far out still
        have an angle of their own. Where no bandwidth makes the rows unlike enough, the one that does it most. Rows
        that are all equal have bandwidth 1.

    Raises
    ------
    ValueError, TypeError
        If the rows are not finite numbers or need more memory than the kernel may take.

    Examples
    --------
    >>> from qlearn.learning import FidelityKernel
    >>> X = np.random.default_rng(0).normal(size=(60, 4))
    >>> kernel = scaled_kernel(FidelityKernel("zz"), X)
    >>> round(kernel.bandwidth, 3)
    0.029
    >>> round(scaled_kernel(kernel, 10 * X).bandwidth, 4)
    0.0029
    >>> pairs = np.triu_indices(60, 1)
    >>> [round(float(k.gram(X)[pairs].mean()), 2) for k in (kernel, FidelityKernel("zz"))]
    [0.79, 0.07]

    References
    ----------
    Shaydulin and Wild, "Importance of kernel bandwidth in quantum machine learning", 2022, arXiv:2111.05451: that a
    small bandwidth is what makes such kernels generalise.
    """
    rows = as_rows(X)
    spread = float(rows.std())
    if not spread or len(rows) < 2:
        return replace(kernel, bandwidth=1.0)
    most = float(largest_scales(replace(kernel, bandwidth=1.0).map, rows).min())
    rows = rows[np.linspace(0, len(rows) - 1, min(len(rows), _ROWS)).astype(int)]
    pairs = np.triu_indices(len(rows), 1)
    squares = ((rows[pairs[0]] - rows[pairs[1]]) ** 2).sum(axis=1)
    target = float(np.exp(-_SHARE * squares / (rows.shape[1] * spread**2)).mean())

    def mean_overlap(bandwidth: float) -> float:
        return float(replace(kernel, bandwidth=bandwidth).gram(rows)[pairs].mean())

    candidates = _BANDWIDTHS / spread
    if np.isfinite(most):
        candidates = np.append(candidates[candidates < most], most)
    means = np.array([mean_overlap(float(bandwidth)) for bandwidth in candidates])
    target = max(target, (1 + float(means.min())) / 2)
    first = int(np.argmax(means <= target))
    high, low = float(candidates[first]), float(candidates[max(first - 1, 0)])
    for _ in range(_HALVINGS):
        middle = float(np.sqrt(low * high))
        low, high = (middle, high) if mean_overlap(middle) > target else (low, middle)
    return replace(kernel, bandwidth=high)


def warn_of_concentration(kernel: QuantumKernel, matrix: NDArray[np.float64], n_features: int) -> None:
    """Warn of a Gram matrix that says of every row *like itself, unlike all others*.

    Either the rows are hardly more alike than random states, whose mean overlap is 2**-q, or even the likest other row
    is far from the 1 of the diagonal.
    """
    if not hasattr(kernel.map, "bandwidth"):
        return
    qubits, n = kernel.map.n_qubits(n_features), len(matrix)
    if qubits <= _FEW_QUBITS or n < 2:
        return
    mean = float((matrix.sum() - np.trace(matrix)) / (n * (n - 1)))
    if mean < _UNRELATED * 2.0**-qubits:
        warnings.warn(
            f"the rows overlap by {mean:.2g} on average, hardly more than unrelated states of {qubits} qubits, "
            f"2**-{qubits} = {2.0**-qubits:.2g}: each is like itself and unlike all others, and the machine learns them "
            "by heart. Lower the bandwidth, or leave it at 'scale'",
            UserWarning,
            stacklevel=level_of_caller(),
        )
        return
    some = np.linspace(0, n - 1, min(n, _ROWS)).astype(int)
    others = np.array(matrix[some])
    others[np.arange(len(some)), some] = 0
    nearest = float(np.median(others.max(axis=1)))
    if nearest < _NEAREST:
        warnings.warn(
            f"most rows overlap by less than {nearest:.2g} with the row that is likest to them: each is like itself and "
            "unlike all others, and the machine learns them by heart. Lower the bandwidth, or leave it at 'scale'",
            UserWarning,
            stacklevel=level_of_caller(),
        )
