"""What all machines on a quantum kernel share: which kernel the parameters name, its tables, and what is refused."""

import warnings
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, ClassVar, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.utils.validation import check_is_fitted

from qlearn._checks import as_choice
from qlearn.learning._estimators import (
    NestedParameters,
    as_generator,
    as_scaled_bandwidth,
    level_of_caller,
    refuse_ignored,
    validate_rows,
)
from qlearn.learning.encodings.encoding import Encoding
from qlearn.learning.encodings.feature_maps import parameters_of
from qlearn.learning.qsvm.bandwidth import scaled_kernel, warn_of_concentration
from qlearn.learning.qsvm.counted_kernel import CountedKernel
from qlearn.learning.qsvm.fidelity_kernel import FidelityKernel, QuantumKernel
from qlearn.learning.qsvm.projected_kernel import ProjectedKernel
from qlearn.learning.qsvm.shot_noise import as_kernel_matrix, as_symmetric, to_psd
from qlearn.qubits.entanglement_patterns import Entanglement

# New rows are compared so many at a time, fewer if their states need it: 64 MiB of states of ten qubits.
_ROWS = 4096
_FEWEST = 128
# What float32 leaves of a table: its eigenvalues may fall by so much for each row.
_ROUNDING = 1e-6

_SHAPE = ("encoding", "reps", "entanglement", "bandwidth", "gamma")
_COUNTING = ("shots", "noise", "device")


class KernelEstimator(NestedParameters):
    """A base of estimators that see rows through a kernel: a quantum one, exact or counted, or one of the user's own.

    A subclass stores the parameters below and calls :meth:`_learn_table` in `fit`, and :meth:`_tables` afterwards.
    """

    # What limits a named kernel alone: another one brings its own limit, or has none.
    _limits: ClassVar[tuple[str, ...]] = ("max_gib",)

    encoding: str | Encoding
    reps: int
    entanglement: Entanglement
    bandwidth: float | Literal["scale"]
    kernel: Any
    gamma: float
    max_gib: float
    shots: int | None
    noise: float
    device: Any
    repair: Literal["clip", "shift"] | None
    random_state: Any

    def _is_counted(self) -> bool:
        return self.shots is not None or self.device is not None or self.noise != 0

    def _is_by_chance(self) -> bool:
        return self._is_counted() or isinstance(self.kernel, CountedKernel)

    def _is_precomputed(self) -> bool:
        return isinstance(self.kernel, str) and self.kernel == "precomputed"

    def _ignored(self) -> dict[str, str]:
        """Return the parameters that do not shape the kernel, each with the one that makes it so."""
        if self._is_precomputed():
            return dict.fromkeys((*_SHAPE, *_COUNTING, *self._limits), "kernel")
        unused: dict[str, str] = {} if self._is_counted() else {"repair": "shots"}
        if isinstance(self.kernel, ProjectedKernel) or self.kernel == "projected":
            unused["repair"] = "kernel"  # a Gaussian of measured numbers needs none
        if isinstance(self.kernel, QuantumKernel):
            return unused | dict.fromkeys((*_SHAPE, *self._limits), "kernel")
        if not isinstance(self.kernel, str):
            return unused | dict.fromkeys((*_SHAPE, *_COUNTING, "repair", *self._limits), "kernel")
        if self.kernel == "fidelity":
            unused["gamma"] = "kernel"
        taken = parameters_of(self.encoding)
        return unused | {
            name: "encoding" for name in ("reps", "entanglement", "bandwidth") if name not in taken
        }

    def _kernel(self) -> Any:
        """Return the kernel that the parameters describe; for "scale", before it has seen rows; refuse what is ignored."""
        bandwidth, _ = as_scaled_bandwidth(self.bandwidth)
        options: dict[str, Any] = {"bandwidth": bandwidth, "max_gib": self.max_gib}
        kernel = self.kernel
        if isinstance(kernel, str) and kernel == "fidelity":
            kernel = FidelityKernel(self.encoding, self.reps, self.entanglement, **options)
        elif isinstance(kernel, str) and kernel == "projected":
            kernel = ProjectedKernel(self.encoding, self.reps, self.entanglement, gamma=self.gamma, **options)
        elif not self._is_precomputed() and (
            isinstance(kernel, str | type) or not (hasattr(kernel, "gram") or callable(kernel))
        ):
            raise ValueError(
                "kernel must be 'fidelity', 'projected' or 'precomputed', an object with a method gram, or a function "
                f"(X, Y) -> table, not {kernel!r}"
            )
        refuse_ignored(self, self._ignored())
        if self.repair is not None:
            as_choice(self.repair, ("clip", "shift"), "repair")
        self._counted(kernel)  # refuses shots, noise, devices and repairs that there are not
        return kernel

    def _counted(self, kernel: Any) -> Any:
        """Return the kernel as it is counted, if it is to be."""
        if not self._is_counted():
            return kernel
        return CountedKernel(
            kernel,
            self.shots,
            noise=self.noise,
            device=self.device,
            repair=self.repair,
            random_state=self.random_state,
        )

    def _weighted(
        self, rows: NDArray[np.float64], weights: NDArray[np.float64] | None
    ) -> tuple[NDArray[np.float64], NDArray[np.intp], NDArray[np.float64] | None]:
        """Return the training rows that count, which they are, and their weights."""
        kept = np.arange(len(rows)) if weights is None else np.flatnonzero(weights)
        return self._some(rows, kept), kept, None if weights is None else weights[kept]

    def _some(self, rows: NDArray[np.float64], kept: NDArray[np.intp]) -> NDArray[np.float64]:
        """Return some of the training rows; of a precomputed table these rows and columns."""
        return _square(rows)[np.ix_(kept, kept)] if self._is_precomputed() else rows[kept]

    def _learn_table(
        self, kernel: Any, rows: NDArray[np.float64], of_all: NDArray[np.float64] | None = None
    ) -> NDArray[np.float64]:
        """Return the table of rows, shape (n, n), scaled by all of the training; note the kernel as it is from now on."""
        self.bandwidth_ = None
        if "bandwidth" not in self._ignored():
            if as_scaled_bandwidth(self.bandwidth)[1]:
                kernel = scaled_kernel(kernel, rows if of_all is None else of_all)
            self.bandwidth_ = kernel.bandwidth
        self.kernel_ = self._counted(kernel)
        if isinstance(self.kernel_, CountedKernel):
            # A seed of its own: the same rows are counted alike in each call, so `predict` and `predict_proba` agree.
            source = self.kernel_.random_state
            seed = (
                int(source)
                if isinstance(source, int | np.integer)
                else int(as_generator(source).integers(2**31))
            )
            self.kernel_ = replace(self.kernel_, random_state=seed)
        self.noise_floor_ = 0.0
        if self._is_precomputed():
            return self._mended(_table(self.kernel_, rows, None))
        counted = self.kernel_
        if isinstance(counted, CountedKernel) and counted.repair is not None and not _is_projected(counted):
            matrix = as_symmetric(_table(replace(counted, repair=None), rows, None))
            self._note_floor(matrix, counted.repair)
            return to_psd(matrix, counted.repair)
        matrix = _table(counted, rows, None)
        if not isinstance(counted, QuantumKernel):
            matrix = as_kernel_matrix(matrix, "matrix of kernel")
        return matrix

    def _note_floor(self, matrix: NDArray[np.float64], repair: Literal["clip", "shift"]) -> float:
        """Note below what size the eigenvalues of a repaired table say nothing, and return the lowest before the repair.

        Noise reaches as far above zero as below it.
        """
        lowest = float(np.linalg.eigvalsh(matrix)[0])
        self.noise_floor_ = max(0.0, -lowest) * (1 if repair == "clip" else 2)
        return lowest

    def _mended(self, table: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return a table from elsewhere, repaired if it has negative eigenvalues: where it was counted, it has."""
        matrix = as_symmetric(table, "X")
        lowest = self._note_floor(matrix, self.repair or "clip")
        if lowest >= -_ROUNDING * len(matrix) * max(1.0, float(np.abs(matrix).max())):
            return matrix
        if self.repair is None:
            return as_kernel_matrix(matrix, "X")
        warnings.warn(
            f"X is no table of likenesses: its smallest eigenvalue is {lowest:.3g}. If it was counted, that is shot noise, and "
            f"repair={self.repair!r} has mended it; if it holds distances, give likenesses instead",
            UserWarning,
            stacklevel=level_of_caller(),
        )
        return to_psd(matrix, self.repair)

    def _warn_of_concentration(self, matrix: NDArray[np.float64], n_features: int) -> None:
        """Warn if the training rows are unlike all others: a machine with labels learns them by heart then."""
        exact = self.kernel_.kernel if isinstance(self.kernel_, CountedKernel) else self.kernel_
        if isinstance(exact, FidelityKernel):
            warn_of_concentration(exact, matrix, n_features)

    def _tables(
        self, rows: NDArray[np.float64], others: NDArray[np.float64], columns: NDArray[np.intp]
    ) -> Iterator[NDArray[np.float64]]:
        """Yield the tables of some rows after others against `others`; of a precomputed table, its `columns`."""
        if not len(others):  # a flat machine has no support vectors
            yield np.empty((len(rows), 0))
            return
        step = self._rows_at_once(len(others), rows.shape[1])
        for start in range(0, len(rows), step):
            block = rows[start : start + step]
            yield block[:, columns] if self._is_precomputed() else _table(self.kernel_, block, others)

    def _sums(self, X: ArrayLike) -> NDArray[np.float64]:
        """Return the likeness of some rows to the support vectors, each times its coefficient, shape (n,)."""
        check_is_fitted(self)
        tables = self._tables(validate_rows(self, X), self.support_vectors_, self.support_)
        return np.concatenate([table @ self.dual_coef_ for table in tables])

    def _rows_at_once(self, n_others: int, n_features: int) -> int:
        step = _ROWS
        kernel = self.kernel_.kernel if isinstance(self.kernel_, CountedKernel) else self.kernel_
        if isinstance(kernel, QuantumKernel):
            while (
                step > _FEWEST and kernel.gib(step + n_others, step * n_others, n_features) > kernel.max_gib
            ):
                step //= 2
        return step

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.pairwise = self._is_precomputed()
        tags.non_deterministic = self._is_by_chance()
        return tags

    def _more_tags(self) -> dict[str, bool]:  # how scikit-learn 1.5 asks
        return {"pairwise": self._is_precomputed(), "non_deterministic": self._is_by_chance()}


def _table(kernel: Any, rows: NDArray[np.float64], others: NDArray[np.float64] | None) -> NDArray[np.float64]:
    """Return the table of rows with others, or with themselves (None), whatever kind of kernel it is."""
    if isinstance(kernel, str):  # "precomputed"
        return rows
    if hasattr(kernel, "gram"):
        made = kernel.gram(rows) if others is None else kernel.gram(rows, others)
    else:
        made = kernel(rows, rows if others is None else others)
    table = np.asarray(made)
    expected = (len(rows), len(rows if others is None else others))
    if table.shape != expected:
        raise ValueError(f"kernel must make a table of shape {expected} of these rows, not {table.shape}")
    if not isinstance(kernel, QuantumKernel | CountedKernel):
        if table.dtype.kind not in "buif":
            raise TypeError(f"kernel must make a table of real numbers, not of {table.dtype}")
        if not np.isfinite(table).all():
            raise ValueError("kernel must make a finite table; it holds NaN or infinity")
    return table


def _is_projected(kernel: CountedKernel) -> bool:
    return isinstance(kernel.kernel, ProjectedKernel)


def _square(table: NDArray[np.float64]) -> NDArray[np.float64]:
    if table.shape[0] != table.shape[1]:
        raise ValueError(
            f"X must be the square table of the training rows with kernel='precomputed', not of shape {table.shape}: "
            "give kernel.gram(X), and to predict kernel.gram(X_new, X)"
        )
    return table
