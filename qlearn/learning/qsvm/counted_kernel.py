"""A counted kernel: the matrix that a device with finite shots gives, repaired, in place of the exact one."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import combinations, product
from typing import Any, Literal
from zlib import crc32

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_choice, as_count, as_probability, as_rng
from qlearn.learning._estimators import as_generator
from qlearn.learning.encodings.encoding import checked_states
from qlearn.learning.qsvm.fidelity_kernel import FidelityKernel, QuantumKernel, kernel_rows
from qlearn.learning.qsvm.projected_kernel import ProjectedKernel
from qlearn.learning.qsvm.shot_noise import counted_entries, sampled_gram, to_psd
from qlearn.qubits.devices import expectations, frequencies, measured_expectations

# 32 MiB of shares of outcomes, or of amplitudes: so many circuits are run at a time.
_AMPLITUDES = 1 << 22
# So many tables of its size are held while one is counted (the exact one, checked, and what is counted), and repaired.
_COUNTED = 3
_REPAIRED = 6


@dataclass(frozen=True)
class CountedKernel:
    r"""A quantum kernel as it is measured: every entry from finite shots, on NumPy or on a device.

    .. math:: \hat K_{ij} = \frac{\#\{0 \dots 0\}}{s}, \qquad
              \mathbb{E}\,\hat K_{ij} = (1-p)\,K_{ij} + p\,2^{-q}, \qquad
              \operatorname{var} \hat K_{ij} \le \frac{1}{4s}

    Of a :class:`~qlearn.learning.FidelityKernel` each pair of rows is a circuit of its own, compute and uncompute, and the
    entry is the share of zeros among `shots` runs; the diagonal is known to be 1 and not measured. Of a
    :class:`~qlearn.learning.ProjectedKernel` the expectation values of each row are measured, `shots` runs in each of a few
    bases (three for `locality` 1), and the Gaussian is computed from them; rows are measured anew in each call.

    Counted overlaps are often not positive semidefinite, so the square table of training rows is repaired, which has a
    price where there was something to repair. "shift" adds the size of the lowest eigenvalue to the diagonal and leaves the
    other entries unbiased. "clip" is never farther from the exact table than what was counted (in the sum of squares), but
    biased. Measured on 60 rows of the ZZ map with two qubits, 1,000 shots an entry, 200 tables: clipping raised the diagonal
    by 0.026 on average, lowered the other entries by 0.0005 and took their root mean square error from 0.0124 to 0.0099;
    shifting raised the diagonal by 0.157. (On 200 rows with eight qubits neither had anything to repair.) Rows against
    others, as in prediction, are never repaired.

    A counted projected kernel is a Gaussian of measured features: positive semidefinite as it is, and never repaired. It is
    biased too: the noise of the features adds to every distance, so for `locality` 1 an entry falls by up to about
    :math:`3 q \gamma / s` of itself.

    Parameters
    ----------
    kernel : FidelityKernel or ProjectedKernel
        What is measured.
    shots : int or None
        Runs for each entry (fidelity), or for each row and basis (projected). None is exact, or what a device takes by
        itself.
    noise : float
        p, the probability that a run ends in the maximally mixed state; of NumPy only, a device has its own.
    device : optional
        None is NumPy. A sampler of Qiskit's primitives (version 2) or a device of PennyLane, and for projected kernels
        also an estimator: the real circuits, many in one job.
    repair : {"clip", "shift"} or None
        What makes the square table positive semidefinite (:func:`~qlearn.learning.qsvm.to_psd`); None leaves it as counted.
    random_state : optional
        Anything that :func:`numpy.random.default_rng` takes: draws the outcomes on NumPy. With a whole number the same
        rows are counted alike in every call, and other rows independently. A device draws by its own seed.

    Raises
    ------
    ValueError, TypeError
        If an argument is none of these; by :meth:`gram`, as the kernel and :func:`~qlearn.qubits.expectations`.

    Examples
    --------
    >>> from qlearn.learning import FidelityKernel
    >>> counted = CountedKernel(FidelityKernel(reps=2), shots=1000, random_state=0)
    >>> counted.gram([[0.1, 0.2], [0.3, 0.4]])  # exact: 0.1035
    array([[1.  , 0.11],
           [0.11, 1.  ]])

    It is a kernel for scikit-learn and for QSVC as it stands:

    >>> from sklearn.svm import SVC
    >>> SVC(kernel=counted).fit([[0.1, 0.2], [0.3, 0.4]], [0, 1]).predict([[0.1, 0.25]])
    array([0])
    >>> from qlearn.learning import QSVC
    >>> QSVC(kernel=counted).fit([[0.1, 0.2], [0.3, 0.4]], [0, 1]).predict([[0.1, 0.25]])
    array([0])

    References
    ----------
    Havlicek et al., "Supervised learning with quantum-enhanced feature spaces", 2019, arXiv:1804.11326, section on
    estimating the kernel. Hubregtsen et al., 2022, arXiv:2105.02276 (noise and repair). Huang et al., 2021,
    arXiv:2011.01938 (projected kernels).
    """

    kernel: QuantumKernel
    shots: int | None = 1000
    noise: float = field(default=0.0, kw_only=True)
    device: Any = field(default=None, kw_only=True)
    repair: Literal["clip", "shift"] | None = field(default="clip", kw_only=True)
    random_state: Any = field(default=None, kw_only=True)

    def __post_init__(self) -> None:
        if not isinstance(self.kernel, FidelityKernel | ProjectedKernel):
            raise TypeError(
                f"kernel must be a FidelityKernel or a ProjectedKernel, not {self.kernel!r}: of another kernel it is not "
                "known which circuits measure it"
            )
        if self.shots is not None:
            as_count(self.shots, "shots")
        if as_probability(self.noise, "noise") and self.device is not None:
            raise ValueError(
                f"noise must be 0 with a device, not {self.noise:g}: the device brings its own noise"
            )
        if self.repair is not None:
            as_choice(self.repair, ("clip", "shift"), "repair")

    def gram(self, X: ArrayLike, Y: ArrayLike | None = None, *, rng: Any = None) -> NDArray[np.float64]:
        """Return the counted kernel matrix of two sets of rows, shape (n, m).

        Parameters
        ----------
        X : array_like, shape (n, q)
            Finite features.
        Y : array_like, shape (m, q), optional
            Finite features; None is X itself: each pair is counted once, and the table is repaired.
        rng : optional
            Draws the outcomes instead of `random_state`.

        Returns
        -------
        ndarray of float64, shape (n, m)
        """
        left, right = kernel_rows(X, Y)
        if right is not None and left.shape[1] != right.shape[1]:
            raise ValueError(
                f"X and Y must have the same features, not {left.shape[1]} and {right.shape[1]} columns"
            )
        generator = self._generator(left, right) if rng is None else as_rng(rng)
        self._require_memory(len(left), len(left if right is None else right), left.shape[1], right is None)
        if isinstance(self.kernel, ProjectedKernel):
            others = None if right is None else self._features(self.kernel, right, generator)
            return self.kernel.entries()(self._features(self.kernel, left, generator), others)
        table = self._drawn(left, right, generator) if self.device is None else self._run(left, right)
        return table if right is not None or self.repair is None else to_psd(table, self.repair)

    def __call__(self, X: ArrayLike, Y: ArrayLike | None = None, **options: Any) -> NDArray[np.float64]:
        """Return :meth:`gram`; refuse single rows, of which no table comes that could be repaired."""
        if np.ndim(X) == 1:
            raise ValueError(
                f"X must have shape (n, q), not {np.shape(X)}: a table that is counted one pair of rows at a time is not "
                "repaired. Where scikit-learn asks for single pairs, give kernel='precomputed' and the table, gram(X)"
            )
        return self.gram(X, Y, **options)

    def _require_memory(self, n: int, m: int, n_features: int, square: bool) -> None:
        """Refuse tables that do not fit: to count and to repair takes a few of their size at a time."""
        if isinstance(self.kernel, ProjectedKernel):
            tables = 1  # of features, in place
        elif square and self.repair is not None:
            tables = _REPAIRED
        else:
            tables = _COUNTED
        states = 0 if self.device is not None else n if square else n + m
        self.kernel.require_memory(states, tables * n * m, n_features)

    def _generator(self, left: NDArray[np.float64], right: NDArray[np.float64] | None) -> np.random.Generator:
        if not isinstance(self.random_state, int | np.integer):
            return as_generator(self.random_state)
        marks = [0 if rows is None else crc32(np.ascontiguousarray(rows).tobytes()) for rows in (left, right)]
        return np.random.default_rng([int(self.random_state), *marks])

    def _drawn(
        self, left: NDArray[np.float64], right: NDArray[np.float64] | None, rng: np.random.Generator
    ) -> NDArray[np.float64]:
        """Draw counts of the exact probabilities: what the circuits would give, without running each."""
        table = self.kernel.gram(left, right).astype(np.float64, copy=False)
        if self.noise:
            table = (1 - self.noise) * table + self.noise * 2.0 ** -self.kernel.map.n_qubits(left.shape[1])
            if right is None:
                np.fill_diagonal(table, 1)
        if right is not None:
            # Whatever it looks like: one row against another, or rows in another order, make a symmetric table, too.
            return counted_entries(table, self.shots, rng)
        return sampled_gram(table, self.shots, rng=rng)

    def _run(self, left: NDArray[np.float64], right: NDArray[np.float64] | None) -> NDArray[np.float64]:
        """Run the circuit of every pair on the device."""
        encoding, q = self.kernel.map, self.kernel.map.n_qubits(left.shape[1])
        others = left if right is None else right
        rows, columns = (
            np.triu_indices(len(left), 1)
            if right is None
            else (grid.ravel() for grid in np.indices((len(left), len(others))))
        )
        table = np.eye(len(left), len(others))
        for some in _blocks(len(rows), q):
            i, j = rows[some], columns[some]
            pairs = encoding.circuit(left[i]).then(encoding.circuit(others[j]).inverse())
            table[i, j] = frequencies(pairs, shots=self.shots, device=self.device)[..., 0]
            if right is None:
                table[j, i] = table[i, j]
        return table

    def _features(
        self, kernel: ProjectedKernel, rows: NDArray[np.float64], rng: np.random.Generator
    ) -> NDArray[np.float64]:
        """Measure the features of rows that the kernel computes in :meth:`ProjectedKernel.features`."""
        encoding, q = kernel.map, kernel.map.n_qubits(rows.shape[1])
        kernel.require_memory(len(rows), 0, rows.shape[1])
        k = min(kernel.locality, q)
        words = [
            "".join(dict(zip(kept, letters, strict=True)).get(wire, "I") for wire in range(q))
            for kept in combinations(range(q), k)
            for letters in list(product("IXYZ", repeat=k))[1:]
        ]
        seen = []
        for some in _blocks(len(rows), q):
            if self.device is None:
                states = checked_states(encoding, rows[some])
                means = measured_expectations(states, words, shots=self.shots, noise=self.noise, rng=rng)
            else:
                means = expectations(
                    encoding.circuit(rows[some]), words, shots=self.shots, device=self.device
                )
            seen.append(means / np.sqrt(1 << k))
        return np.concatenate(seen)


def _blocks(n: int, n_qubits: int) -> Iterator[slice]:
    step = max(1, _AMPLITUDES >> n_qubits)
    return (slice(start, start + step) for start in range(0, n, step))
