"""What every quantum kernel shares: an encoding, and the way from rows to a Gram matrix, whole or in blocks."""

import os
from abc import ABC, abstractmethod
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_count, as_real
from qlearn.learning.encodings.encoding import Encoding, as_rows
from qlearn.learning.encodings.feature_maps import as_encoding
from qlearn.learning.qsvm._blocks import Entries, Journal, compute, tiles, to_file
from qlearn.qubits import Circuit
from qlearn.qubits.entanglement_patterns import Entanglement

# 1024 x 1024 entries of 2**10 amplitudes: a third of a second of work, 8 MiB of result, 32 MiB of states.
_BLOCK = 1024


@dataclass(frozen=True)
class QuantumKernel(ABC):
    """A kernel that makes a point of each row (a state, or features of it) and compares pairs of points.

    A subclass gives :meth:`points`, :meth:`entries` and :meth:`pull_back`; the Gram matrix, in memory or in a file, and
    the limit on memory come from here. Whoever differentiates a kernel, as :class:`~qlearn.learning.KernelAligner`
    does, asks for the same three.

    Parameters
    ----------
    encoding : {"zz", "z", "angle", "amplitude", "basis"} or Encoding
        "zz" couples pairs of features, "z" is the same map without couplings; the others are those of
        :doc:`/learning/encodings`. An object is used as it is.
    reps : int
        Layers of the map, at least 1.
    entanglement : {"full", "linear", "circular", "pairwise", "none"}
        Which pairs "zz" couples.
    bandwidth : float
        Multiplies the features, above 0. "amplitude" and "basis" have none.
    max_gib : float
        A call whose states and matrix would take more GiB than this is refused before it begins.
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
    def _points_gib(self, n_rows: int, n_features: int) -> float:
        """Return the memory that it takes to make the points of so many rows."""

    @property
    @abstractmethod
    def _dtype(self) -> np.dtype:
        """The type of the entries."""

    def require_memory(self, n_points: int, n_entries: int, n_features: int) -> None:
        """Refuse a call that would make so many points and entries, if they take more than `max_gib`."""
        gib = n_entries * self._dtype.itemsize * 2.0**-30 + self._points_gib(n_points, n_features)
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
        """Return the kernel matrix of two sets of rows, if need be in blocks.

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
            Rows and columns of a block. A worker needs ``32 * block * 2**q`` bytes for states.
        progress : bool
            Show a bar.

        Returns
        -------
        ndarray of float64, shape (n, m)
            With `out` a read-only :class:`numpy.memmap` of the file; float32 if the states are complex64.
        """
        left = as_rows(X)
        right = None if Y is None or Y is X else as_rows(Y, "Y")
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

    __call__ = gram

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
