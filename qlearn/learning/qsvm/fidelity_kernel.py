"""The fidelity kernel: two rows are as alike as the squared overlap of their states."""

from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_states
from qlearn.learning._threads import one_thread
from qlearn.learning.encodings.encoding import as_rows, checked_states
from qlearn.learning.qsvm._blocks import Entries
from qlearn.learning.qsvm.quantum_kernel import QuantumKernel

# A block of 128 x 128 complex products is squared and mirrored while it is in the cache.
_BLOCK = 128
# Below 2**10 amplitudes a block costs less than 1e8 operations, and a second thread costs more than it saves.
_WORTH_THREADS = 1 << 10
_SINGLE_TOLERANCE = 1e-5


def overlap(A: ArrayLike, B: ArrayLike | None = None) -> NDArray[np.float64]:
    r"""Return the squared overlaps of two sets of states.

    .. math:: K_{ij} = |\langle a_i | b_j \rangle|^2

    It is the probability that a measurement of :math:`|b_j\rangle` finds :math:`|a_i\rangle`: 1 for equal
    states, 0 for orthogonal ones. Computed block by block, so that no complex array of the size of the
    result is ever made.

    Parameters
    ----------
    A : array_like, shape (n, 2**q)
        Normalised states. complex64 stays complex64: half the memory and half the time, and entries that
        are off by less than 5e-6.
    B : array_like, shape (m, 2**q), optional
        Normalised states; None is A itself: half the work, and a result that is exactly symmetric.

    Returns
    -------
    ndarray of float64, shape (n, m)
        float32 if both sets of states are complex64.

    Raises
    ------
    ValueError, TypeError
        If the states are not normalised, or the two sets do not have the same size of state.

    Examples
    --------
    >>> from qlearn.qubits import ket
    >>> import numpy as np
    >>> overlap(np.array([ket("0"), ket("+")])).round(3)
    array([[1. , 0.5],
           [0.5, 1. ]])

    References
    ----------
    Schuld and Killoran, "Quantum machine learning in feature Hilbert spaces", 2019, arXiv:1803.07128.
    """
    left = _as_rows(A, "A")
    right = None if B is None else _as_rows(B, "B")
    if right is not None and left.shape[1] != right.shape[1]:
        raise ValueError(
            f"A and B must hold states of one size, not of {left.shape[1]} and {right.shape[1]} amplitudes: "
            "use the same feature map and the same features for both"
        )
    return squared_overlaps(left, right)


def squared_overlaps(left: NDArray[Any], right: NDArray[Any] | None) -> NDArray[Any]:
    """Compute :func:`overlap` of states that are known to be valid; complex64 states make float32."""
    columns = left if right is None else right
    kernel = np.empty((len(left), len(columns)), np.result_type(left, columns).type(0).real.dtype)
    with one_thread() if left.shape[1] < _WORTH_THREADS else nullcontext():
        for j in range(0, len(columns), _BLOCK):
            bras = columns[j : j + _BLOCK].conj()
            for i in range(0, j + 1 if right is None else len(left), _BLOCK):
                amplitudes = left[i : i + _BLOCK] @ bras.T
                square = np.square(amplitudes.real)
                square += np.square(amplitudes.imag)
                kernel[i : i + _BLOCK, j : j + _BLOCK] = square
                if right is None and i < j:
                    kernel[j : j + _BLOCK, i : i + _BLOCK] = square.T
                elif right is None:
                    # The two halves of a diagonal block differ by rounding: keep one of them.
                    kernel[i : i + _BLOCK, j : j + _BLOCK] = (square + square.T) / 2
    return kernel


def _as_rows(states: ArrayLike, name: str) -> NDArray[Any]:
    given = np.asarray(states)
    single = given.dtype == np.complex64
    if single:
        # Rounding has moved the norms by about 1e-7: forgive that, and nothing more.
        given = given.astype(np.complex128)
        norms = np.linalg.norm(given, axis=-1, keepdims=True)
        given = given / np.where(np.abs(norms - 1) < _SINGLE_TOLERANCE, norms, 1)
    rows = as_states(given, name)
    if rows.ndim != 2 or len(rows) == 0:
        raise ValueError(f"{name} must have shape (n, 2**q): a state for each sample, not {rows.shape}")
    return rows.astype(np.complex64) if single else rows


@dataclass(frozen=True)
class FidelityKernel(QuantumKernel):
    r"""The kernel that measures how alike two rows are by the overlap of their states.

    .. math:: k(x, y) = |\langle \psi(x) | \psi(y) \rangle|^2
              = \Pr\big[\, 0 \dots 0 \text{ from } U(y)^\dagger U(x) |0 \dots 0\rangle \,\big]

    The fidelity is squared. Every matrix of it is positive semidefinite, since it is the inner product of
    the density matrices :math:`|\psi(x)\rangle\langle\psi(x)|`, and its diagonal is 1. Here it is computed
    exactly; a quantum computer estimates each entry by counting zeros of compute and uncompute (Havlicek et al. 2019).

    Parameters
    ----------
    encoding, reps, entanglement
        The states that are compared: see :class:`~qlearn.learning.qsvm.quantum_kernel.QuantumKernel`, also for the next two.
    bandwidth : float
        The inverse length scale of the kernel.
    max_gib : float
        A call that would take more GiB than this is refused.
    dtype : {"complex128", "complex64"}
        Of the states. With complex64 memory and time halve and the matrix is float32: an entry is off by
        less than 5e-6 (2.4e-6 seen up to 13 qubits, on the diagonal), an eigenvalue of n rows by less than n
        times that.

    Raises
    ------
    ValueError, TypeError
        If an argument is none of these; by the methods, if rows are not finite, have different widths or
        need more qubits than memory has room for (16 bytes times 2**n_qubits a row), or if a map of your
        own makes no state of each row.

    Examples
    --------
    >>> kernel = FidelityKernel(reps=2)
    >>> kernel.gram([[0.1, 0.2], [0.3, 0.4]]).round(4)
    array([[1.    , 0.1035],
           [0.1035, 1.    ]])

    It is a kernel for scikit-learn as it stands:

    >>> from sklearn.svm import SVC
    >>> SVC(kernel=kernel).fit([[0.1, 0.2], [0.3, 0.4]], [0, 1]).predict([[0.1, 0.25]])
    array([0])

    References
    ----------
    Havlicek et al., "Supervised learning with quantum-enhanced feature spaces", 2019, arXiv:1804.11326,
    section on estimating the kernel. Schuld and Killoran, 2019, arXiv:1803.07128.
    """

    dtype: Literal["complex128", "complex64"] = field(default="complex128", kw_only=True)

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.dtype not in ("complex128", "complex64"):
            raise ValueError(f"dtype must be 'complex128' or 'complex64', not {self.dtype!r}")

    def states(self, X: ArrayLike) -> NDArray[Any]:
        """Return the states of the rows: compute them once, overlap them often.

        Parameters
        ----------
        X : array_like, shape (n, q)
            Finite features.

        Returns
        -------
        ndarray of complex128 (or complex64), shape (n, 2**q)
        """
        rows = as_rows(X)
        self.require_memory(len(rows), 0, rows.shape[1])
        return self.points(rows)

    def overlap(self, A: ArrayLike, B: ArrayLike | None = None) -> NDArray[Any]:
        """Return the squared overlaps of states; see :func:`qlearn.learning.overlap`."""
        return overlap(A, B)

    def points(self, rows: NDArray[np.float64]) -> NDArray[Any]:
        """Return the states of rows that are checked, shape (n, 2**n_qubits)."""
        return checked_states(self.map, rows).astype(self.dtype, copy=False)

    def entries(self) -> Entries:
        """Return the function that overlaps two sets of states."""
        return squared_overlaps

    def pull_back(self, points: NDArray[Any], G: NDArray[np.float64]) -> NDArray[Any]:
        """Return the derivative of the sum of G times the overlaps by the states."""
        # d|<a|b>|^2 = 2 Re <da|b><b|a> + the same with a and b exchanged; G is symmetric.
        return 4 * (G * (points @ points.conj().T)) @ points

    @property
    def _dtype(self) -> np.dtype:
        return np.dtype(self.dtype).type(0).real.dtype

    def _points_gib(self, n_rows: int, n_features: int) -> float:
        # 2.0**999 is room enough for every table and does not overflow.
        return n_rows * np.dtype(self.dtype).itemsize * 2.0 ** min(self.map.n_qubits(n_features) - 30, 999)
