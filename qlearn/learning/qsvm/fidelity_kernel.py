"""Quantum kernels: the fidelity kernel (squared overlaps of states), and what every kernel shares, up to its Gram matrix."""

import os
from abc import ABC, abstractmethod
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_count, as_real, as_states
from qlearn.learning._threads import one_thread
from qlearn.learning.encodings.encoding import Encoding, as_rows, checked_states
from qlearn.learning.encodings.feature_maps import as_encoding
from qlearn.learning.qsvm._blocks import Entries, Journal, compute, tiles, to_file
from qlearn.qubits import Circuit
from qlearn.qubits.entanglement_patterns import Entanglement

# 1024 x 1024 entries of 2**10 amplitudes: a third of a second of work, 8 MiB of result, 32 MiB of states.
_BLOCK = 1024
# A tile of at most 200 x 200 overlaps is squared and mirrored while it is in the cache.
_TILE = 200
# Amplitudes of a block that are split into real numbers at a time: 8 MiB for each of at most eight real arrays.
_DEPTH = 1024
# Below 2**10 amplitudes a block costs less than 1e8 operations, and a second thread costs more than it saves.
_WORTH_THREADS = 1 << 10
_SINGLE_TOLERANCE = 1e-5


def overlap(A: ArrayLike, B: ArrayLike | None = None) -> NDArray[np.float64]:
    r"""Return the squared overlaps of two sets of states, shape (n, m).

    .. math:: K_{ij} = |\langle a_i | b_j \rangle|^2

    It is the probability that a measurement of :math:`|b_j\rangle` finds :math:`|a_i\rangle`: 1 for equal
    states, 0 for orthogonal ones. Computed block by block, so that no complex array of the size of the
    result is ever made.

    Parameters
    ----------
    A : array_like, shape (n, 2**q)
        Normalised states. complex64 stays complex64 (and float32 becomes it): half the memory and half the time, and
        entries that are off by less than 5e-6.
    B : array_like, shape (m, 2**q), optional
        Normalised states; None is A itself: half the work, and a result that is exactly symmetric.

    Returns
    -------
    ndarray of float64, shape (n, m)
        float32 if both sets of states are complex64 or float32.

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
            for i in range(0, j + 1 if right is None else len(left), _BLOCK):
                rows, cols = slice(i, i + _BLOCK), slice(j, j + _BLOCK)
                _overlap_block(
                    kernel[rows, cols],
                    kernel[cols, rows] if right is None else None,
                    left[rows],
                    None if right is None and i == j else columns[cols],
                )
    return kernel


def _overlap_block(
    out: NDArray[Any], mirror: NDArray[Any] | None, left: NDArray[Any], right: NDArray[Any] | None
) -> None:
    """Write the squared overlaps of a block of states with another (None: with itself) into `out`, and its mirror image.

    Complex numbers multiply by three real products in place of four: with states a + ib and c + id the real part of the
    overlap is ac + bd, the imaginary part (a - b)(c + d) - ac + bd.
    """
    symmetric, n_amplitudes = right is None, left.shape[1]
    # Equal sides: a rest of a few rows would cost as much as a whole tile.
    sides = [-(-size // -(-size // _TILE)) for size in out.shape]
    corners = [
        (slice(i, i + sides[0]), slice(j, j + sides[1]))
        for j in range(0, out.shape[1], sides[1])
        for i in range(0, j + 1 if symmetric else out.shape[0], sides[0])
    ]
    # All room is asked for once: for every product anew, the system would spend as long on the pages as on the sums.
    depth = min(_DEPTH, n_amplitudes)
    room = np.empty((4, len(left), depth), out.dtype)
    other_room = room if right is None else np.empty((4, len(right), depth), out.dtype)
    spare = np.empty((3, *sides), out.dtype)
    sums: dict[int, NDArray[Any]] = {}
    for start in range(0, n_amplitudes, depth):
        a, b, minus, plus = _real_parts(left[:, start : start + depth], room)
        c, d = a, b
        if right is not None:
            c, d, _, plus = _real_parts(right[:, start : start + depth], other_room)
        for number, (rows, cols) in enumerate(corners):
            height, width = out[rows, cols].shape
            real, other, imaginary = spare[:, :height, :width]
            np.matmul(a[rows], c[cols].T, out=real)
            np.matmul(b[rows], d[cols].T, out=other)
            np.matmul(minus[rows], plus[cols].T, out=imaginary)
            imaginary -= real
            imaginary += other
            real += other
            if n_amplitudes > depth:
                if start == 0:
                    sums[number] = np.stack([real, imaginary])
                    continue
                sums[number] += spare[::2, :height, :width]
                real, imaginary = sums[number]
                if start + depth < n_amplitudes:
                    continue
            square = np.square(real, out=real)
            square += np.square(imaginary, out=imaginary)
            if symmetric and rows == cols:
                # The two halves of a tile on the diagonal differ by rounding: keep one of them.
                square = (square + square.T) / 2
            out[rows, cols] = square
            if mirror is not None and not (symmetric and rows == cols):
                mirror[cols, rows] = square.T


def _real_parts(states: NDArray[Any], room: NDArray[Any]) -> NDArray[Any]:
    """Return real and imaginary parts, their difference and their sum."""
    room[0], room[1] = states.real, states.imag
    np.subtract(room[0], room[1], out=room[2])
    np.add(room[0], room[1], out=room[3])
    return room


def kernel_rows(X: ArrayLike, Y: ArrayLike | None) -> tuple[NDArray[np.float64], NDArray[np.float64] | None]:
    """Return the rows of both sides of a kernel matrix, None where the other side is X itself.

    Examples
    --------
    >>> kernel_rows([[1, 2]], None)
    (array([[1., 2.]]), None)
    """
    return as_rows(X), None if Y is None or Y is X else as_rows(Y, "Y")


def _as_rows(states: ArrayLike, name: str) -> NDArray[Any]:
    given = np.asarray(states)
    single = given.dtype in (np.complex64, np.float32)
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
class QuantumKernel(ABC):
    """A kernel that makes a point of each row (a state, or features of it) and compares pairs of points.

    A subclass gives :meth:`points`, :meth:`entries` and :meth:`pull_back`, and says what they weigh in memory; the Gram
    matrix, in memory or in a file, and the limit on memory come from here. Whoever differentiates a kernel, as
    :class:`~qlearn.learning.KernelAligner`
    does, asks for the same three.
    The options are said in :class:`~qlearn.learning.FidelityKernel`.
    """

    encoding: str | Encoding = "zz"
    reps: int = 2
    entanglement: Entanglement = "full"
    bandwidth: float = field(default=1.0, kw_only=True)
    max_gib: float = field(default=4.0, kw_only=True)

    def __post_init__(self) -> None:
        as_real(self.max_gib, "max_gib", least=0)
        _ = self.map  # refuses what is no encoding

    @cached_property
    def map(self) -> Encoding:
        """The encoding itself."""
        return as_encoding(self.encoding, self.reps, self.entanglement, self.bandwidth)

    def circuit(self, x: ArrayLike) -> Circuit:
        """Return the circuit that prepares the state of a row.

        In a laboratory ``.inverse()`` of another row's follows it (fidelity), or its wires are measured in X, Y and Z
        (projected).
        """
        return self.map.circuit(x)

    @abstractmethod
    def points(self, rows: NDArray[np.float64]) -> NDArray[Any]:
        """Return what is compared, a point for each row, shape (n, size of a point); rows are checked by then."""

    @abstractmethod
    def entries(self) -> Entries:
        """Return the function that compares two sets of points, or one with itself (None); it can be pickled."""

    @abstractmethod
    def pull_back(self, points: NDArray[Any], G: NDArray[np.float64]) -> NDArray[Any]:
        r"""Return the derivative of :math:`\sum_{ij} G_{ij} K_{ij}`, for a symmetric G, by the points: their shape."""

    @abstractmethod
    def state_slopes(self, states: NDArray[np.complex128], G: NDArray[np.float64]) -> NDArray[np.complex128]:
        r"""Return the derivative of :math:`\sum_{ij} G_{ij} K_{ij}`, for a symmetric G, by the states: their shape."""

    @abstractmethod
    def _points_gib(self, n_rows: int, n_features: int) -> float:
        """Return the memory that it takes to make the points of so many rows."""

    @property
    @abstractmethod
    def _dtype(self) -> np.dtype:
        """The type of the entries."""

    def gib(self, n_points: int, n_entries: int, n_features: int) -> float:
        """Return the memory that so many points and entries take, in GiB."""
        return n_entries * self._dtype.itemsize * 2.0**-30 + self._points_gib(n_points, n_features)

    def require_memory(self, n_points: int, n_entries: int, n_features: int) -> None:
        """Refuse a call that would make so many points and entries, if they take more than `max_gib`."""
        gib = self.gib(n_points, n_entries, n_features)
        if gib > self.max_gib:
            raise ValueError(
                f"X has {n_features} features, so {self.map.n_qubits(n_features)} qubits; the states of {n_points} rows "
                f"would take {gib:.3g} GiB, and max_gib is {self.max_gib:g}. Reduce the features (for example with PCA), "
                "give fewer rows, let out be a file, or raise max_gib"
            )

    def gram(
        self,
        X: ArrayLike,
        Y: ArrayLike | None = None,
        *,
        n_jobs: int | None = None,
        out: str | os.PathLike[str] | None = None,
        block: int = _BLOCK,
        progress: bool = False,
    ) -> NDArray[Any]:
        """Return the kernel matrix of two sets of rows, shape (n, m), if need be in blocks.

        States are made once. With several jobs, or with `out`, they are stored in a file that all workers map
        into their memory, and the matrix is computed block by block by joblib: in processes of this machine
        (loky), or on whatever a surrounding ``joblib.parallel_config`` names, for example on a Dask
        cluster::

            from dask.distributed import Client
            from joblib import parallel_config

            client = Client("tcp://scheduler:8786")
            with parallel_config(backend="dask", wait_for_workers_timeout=60):
                K = kernel.gram(X, out="/shared/K.npy", progress=True)

        Workers that die are replaced by Dask, and only the blocks that they were computing are computed again.

        Parameters
        ----------
        X : array_like, shape (n, q)
            Finite features.
        Y : array_like, shape (m, q), optional
            Finite features; None is X itself: half the work, and exactly symmetric.
        n_jobs : int, optional
            As in ``joblib.Parallel``: None is 1, or what a surrounding `parallel_config` says; -1 is all
            cores. A matrix of a single block is computed here, whatever is asked.
        out : path, optional
            Write the matrix to this ``.npy`` file instead of to memory. Finished blocks are recorded beside it, in
            ``out`` + ``.blocks``: the same call after a break goes on where it broke, and after the end
            returns what is there. On several machines, out must lie in a folder that all of them see.
        block : int
            Rows and columns of a block. A worker needs ``32 * block * 2**q`` bytes for states, and at most 64 MiB for products.
        progress : bool
            Show a bar.

        Returns
        -------
        ndarray of float64, shape (n, m)
            With `out` a read-only :class:`numpy.memmap` of the file; float32 if the states are complex64.
        """
        left, right = kernel_rows(X, Y)
        block = as_count(block, "block")
        if right is not None and left.shape[1] != right.shape[1]:
            raise ValueError(
                f"X and Y must have the same features, not {left.shape[1]} and {right.shape[1]} columns"
            )
        shape, q = (len(left), len(left if right is None else right)), left.shape[1]
        if out is not None:
            self.require_memory(min(2 * block, sum(shape)), min(block, shape[0]) * min(block, shape[1]), q)
            return self._in_file(left, right, shape, out, block, n_jobs, progress)
        if max(shape) > block and _jobs(n_jobs) > 1:
            self.require_memory(2 * block, shape[0] * shape[1], q)
            table = np.empty(shape, self._dtype)

            def write(corner: tuple[int, int], values: NDArray[Any]) -> None:
                i, j = corner
                table[i : i + values.shape[0], j : j + values.shape[1]] = values

            todo = tiles(shape[0], None if right is None else shape[1], block)
            for _ in compute(
                self.points, self.entries(), left, right, write,
                todo=todo, block=block, n_jobs=n_jobs, progress=progress,
            ):  # fmt: skip
                pass
            return table
        self.require_memory(len(left) + (0 if right is None else len(right)), shape[0] * shape[1], q)
        return self.entries()(self.points(left), None if right is None else self.points(right))

    def __call__(self, X: ArrayLike, Y: ArrayLike | None = None, **options: Any) -> Any:
        """Return :meth:`gram`; or of two single rows, shape (q,), one number.

        Some of scikit-learn asks for the table (:class:`~sklearn.svm.SVC`), some for each pair of rows
        (:class:`~sklearn.decomposition.KernelPCA`): the same numbers, many times slower than one table.
        """
        if Y is not None and np.ndim(X) == np.ndim(Y) == 1:
            rows = as_rows([X, Y], "X and Y")
            self.require_memory(2, 1, rows.shape[1])
            points = self.points(rows)  # of both at once: half the time
            return self.entries()(points[:1], points[1:])[0, 0]
        return self.gram(X, Y, **options)

    def _in_file(
        self,
        left: NDArray[np.float64],
        right: NDArray[np.float64] | None,
        shape: tuple[int, int],
        out: str | os.PathLike[str],
        block: int,
        n_jobs: int | None,
        progress: bool,
    ) -> NDArray[Any]:
        import joblib

        # A limit on memory may be raised between two attempts; it does not change a number.
        kernel = replace(self, max_gib=0.0)
        identity = joblib.hash([kernel, np.ascontiguousarray(left), right])
        with Journal(out, identity, shape, self._dtype, block) as journal:
            to_file(
                self.points, self.entries(), left, right,
                journal=journal, block=block, n_jobs=n_jobs, progress=progress,
            )  # fmt: skip
        return np.load(out, mmap_mode="r")


def _jobs(n_jobs: int | None) -> int:
    from joblib import effective_n_jobs

    return effective_n_jobs(n_jobs)


@dataclass(frozen=True)
class FidelityKernel(QuantumKernel):
    r"""The fidelity kernel: the squared overlap of the states of two rows.

    .. math:: k(x, y) = |\langle \psi(x) | \psi(y) \rangle|^2
              = \Pr\big[\, 0 \dots 0 \text{ from } U(y)^\dagger U(x) |0 \dots 0\rangle \,\big]

    The fidelity is squared. Every matrix of it is positive semidefinite, since it is the inner product of
    the density matrices :math:`|\psi(x)\rangle\langle\psi(x)|`, and its diagonal is 1. Here it is computed
    exactly; a quantum computer estimates each entry by counting zeros of compute and uncompute (Havlicek et al. 2019).

    Parameters
    ----------
    encoding : {"zz", "z", "iqp", "angle", "phase", "amplitude", "basis"} or Encoding
        "zz" couples pairs of features, "z" is the same map without couplings, "iqp" couples them by their products; "angle"
        turns about y from the pole, "phase" about z from the equator (one kernel); the others are those of
        :doc:`/learning/encodings`. An object is used as it is.
    reps : int
        Layers of the map, at least 1.
    entanglement : {"full", "linear", "circular", "pairwise", "reverse_linear", "sca", "none"} or pairs
        Which pairs "zz" and "iqp" couple, by name or as a list such as ``[(0, 1), (2, 0)]``.
    bandwidth : float
        Multiplies the features, above 0: the inverse length scale of the kernel. "amplitude" and "basis"
        have none.
    max_gib : float
        A call whose states and matrix would take more GiB than this is refused before it begins.
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

    An object brings its own parameters:

    >>> from qlearn.learning.encodings import PauliFeatureMap
    >>> FidelityKernel(PauliFeatureMap(["Z", "XY"])).gram([[0.1, 0.2], [0.3, 0.4]]).round(4)
    array([[1.    , 0.2188],
           [0.2188, 1.    ]])

    It is a kernel for scikit-learn as it stands:

    >>> from sklearn.svm import SVC
    >>> SVC(kernel=kernel).fit([[0.1, 0.2], [0.3, 0.4]], [0, 1]).predict([[0.1, 0.25]])
    array([0])

    Machines there that ask for one pair of rows at a time, such as :class:`~sklearn.decomposition.KernelPCA`, take it too;
    their ``kernel="precomputed"`` with a table of :meth:`gram` is the same and many times faster. It is a value that does
    not change, so a search there is given whole kernels (one in :class:`~qlearn.learning.QSVC` reaches into it):

    >>> from sklearn.decomposition import KernelPCA
    >>> X = np.random.default_rng(0).uniform(-1, 1, (20, 2))
    >>> slow, fast = KernelPCA(2, kernel=kernel), KernelPCA(2, kernel="precomputed")
    >>> np.allclose(abs(slow.fit_transform(X)), abs(fast.fit_transform(kernel.gram(X))))
    True
    >>> grid = {"kernel": [FidelityKernel(bandwidth=bandwidth) for bandwidth in (0.1, 0.3)]}

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
        """Return the states of the rows, shape (n, 2**n_qubits): compute them once, overlap them often.

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
        """Return the squared overlaps of states; see :func:`qlearn.learning.qsvm.overlap`."""
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

    def state_slopes(self, states: NDArray[np.complex128], G: NDArray[np.float64]) -> NDArray[np.complex128]:
        """Return the derivative by the states: they are the points."""
        return self.pull_back(states, G)

    @property
    def _dtype(self) -> np.dtype:
        return np.dtype(self.dtype).type(0).real.dtype

    def _points_gib(self, n_rows: int, n_features: int) -> float:
        # 2.0**999 is room enough for every table and does not overflow.
        return n_rows * np.dtype(self.dtype).itemsize * 2.0 ** min(self.map.n_qubits(n_features) - 30, 999)
