"""Gram matrices: what every quantum kernel shares, from rows to a matrix, whole or in blocks."""

import os
from abc import ABC, abstractmethod
from dataclasses import replace
from typing import Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_count
from qlearn.learning.encodings.encoding import as_rows
from qlearn.learning.qsvm._blocks import Entries, Journal, compute, tiles, to_file

# 1024 x 1024 entries of 2**10 amplitudes: a third of a second of work, 8 MiB of result, 32 MiB of states.
_BLOCK = 1024


class GramMatrix(ABC):
    """A kernel that makes points of rows (states, or features of states) and entries of pairs of points."""

    max_gib: float
    __dataclass_fields__: ClassVar[dict[str, Any]]

    @abstractmethod
    def _points(self, rows: NDArray[np.float64]) -> NDArray[Any]:
        """Make what is compared."""

    @abstractmethod
    def _entries(self) -> Entries:
        """Return the function that compares, one that can be sent to another process."""

    @abstractmethod
    def _pull_back(self, points: NDArray[Any], G: NDArray[np.float64]) -> NDArray[Any]:
        """Return the derivative of the sum of G times the (symmetric) matrix by the points."""

    @abstractmethod
    def _gib(self, rows: int, n_features: int) -> float:
        """Return the memory that it takes to make the points of so many rows."""

    @property
    @abstractmethod
    def _dtype(self) -> np.dtype:
        """The type of the entries."""

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
        shape = (len(left), len(left if right is None else right))
        if out is not None:
            self._room(min(2 * block, sum(shape)), min(block, shape[0]) * min(block, shape[1]), left)
            return self._in_file(left, right, shape, out, block, n_jobs, progress)
        if max(shape) > block and _jobs(n_jobs) > 1:
            self._room(2 * block, shape[0] * shape[1], left)
            table = np.empty(shape, self._dtype)

            def write(corner: tuple[int, int], values: NDArray[Any]) -> None:
                i, j = corner
                table[i : i + values.shape[0], j : j + values.shape[1]] = values

            todo = tiles(shape[0], None if right is None else shape[1], block)
            for _ in compute(
                self._points, self._entries(), left, right, write,
                todo=todo, block=block, n_jobs=n_jobs, progress=progress,
            ):  # fmt: skip
                pass
            return table
        self._room(len(left) + (0 if right is None else len(right)), shape[0] * shape[1], left)
        return self._entries()(self._points(left), None if right is None else self._points(right))

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
                self._points, self._entries(), left, right,
                journal=journal, block=block, n_jobs=n_jobs, progress=progress,
            )  # fmt: skip
        return np.load(out, mmap_mode="r")

    def _room(self, rows: int, entries: int, X: NDArray[np.float64]) -> None:
        n_features = X.shape[1]
        gib = entries * self._dtype.itemsize * 2.0**-30 + self._gib(rows, n_features)
        if gib > self.max_gib:
            raise ValueError(
                f"X has {n_features} features, so {self._qubits(n_features)} qubits; the states of {rows} rows would "
                f"take {gib:.3g} GiB, and max_gib is {self.max_gib:g}. Reduce the features (for example with PCA), "
                "give fewer rows, let out be a file, or raise max_gib"
            )

    @abstractmethod
    def _qubits(self, n_features: int) -> int:
        """Return the number of qubits, for a message."""


def _jobs(n_jobs: int | None) -> int:
    from joblib import effective_n_jobs

    return effective_n_jobs(n_jobs)
