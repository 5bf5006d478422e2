"""Nystroem's features: a quantum kernel of many rows from its columns at a few, so that a linear machine will do."""

from typing import Any, ClassVar, Literal, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import ClassNamePrefixFeaturesOutMixin, TransformerMixin
from sklearn.utils import check_random_state
from sklearn.utils.validation import check_is_fitted

from qlearn._checks import as_count
from qlearn.learning._estimators import restored_on_error, validate_rows
from qlearn.learning.encodings.encoding import Encoding
from qlearn.learning.qsvm._kernel_estimators import KernelEstimator
from qlearn.learning.qsvm.counted_kernel import CountedKernel
from qlearn.learning.qsvm.projected_kernel import ProjectedKernel
from qlearn.qubits.entanglement_patterns import Entanglement

# As scikit-learn has it: smaller singular values are rounding.
_SMALLEST = 1e-12


class QuantumNystroem(ClassNamePrefixFeaturesOutMixin, TransformerMixin, KernelEstimator):
    r"""Features whose inner products are a quantum kernel, as far as m landmarks span it.

    .. math:: \varphi(x) = K_{mm}^{-1/2}\, k_m(x), \qquad
              \varphi(x) \cdot \varphi(y) = k_m(x)^{\mathsf T} K_{mm}^{-1} k_m(y) \approx k(x, y)

    The landmarks are rows drawn from the training data; between them the product is exact. Of a counted table only the
    directions are kept whose eigenvalue is above the noise: what is left of the others would be divided by the root of a
    number near zero. (The noise reaches as far above zero as the lowest eigenvalue lies below it; with "projected" it is how
    far the table of the landmarks, measured again, lies from the first one.) n rows take n m
    overlaps instead of :math:`n^2/2`, and their features 8 n m bytes: a linear machine behind it learns from 100,000 rows.
    New rows are compared in blocks, so that no more states are held than fit into `max_gib`.

    Parameters
    ----------
    encoding, reps, entanglement, bandwidth, kernel, gamma, max_gib
        Which kernel: as in :class:`~qlearn.learning.QSVC`. "scale" takes the bandwidth from the training rows. With
        "precomputed", X is the table of all training rows, of which columns are read.
    n_components : int
        Landmarks, m. More than there are training rows are all of them.
    shots, noise, device, repair
        How the kernel is counted, if it is: as in :class:`~qlearn.learning.QSVC`.
    random_state : int, RandomState, Generator or None
        Which rows are landmarks (with an int the same as those of :class:`sklearn.kernel_approximation.Nystroem`), and
        what is counted.

    Attributes
    ----------
    components_ : ndarray, shape (m, n_features)
        The landmarks.
    component_indices_ : ndarray of int, shape (m,)
        Which training rows they are.
    normalization_ : ndarray, shape (m, m)
        :math:`K_{mm}^{-1/2}`.
    bandwidth_ : float or None
        The factor on the features; None if the encoding or the kernel brings its own.
    n_features_in_ : int
        Features seen in `fit`.

    Raises
    ------
    ValueError, TypeError
        By `fit` and `transform`: scikit-learn's own for rows; for parameters that no kernel has or that have no effect; for
        states or features that would take more than `max_gib`.

    Examples
    --------
    >>> from sklearn.linear_model import RidgeClassifier
    >>> from sklearn.pipeline import make_pipeline
    >>> X = np.random.default_rng(0).uniform(-1, 1, (3000, 2))
    >>> y = (X**2).sum(axis=1) < 0.6  # a disc, which no straight line cuts off
    >>> model = make_pipeline(QuantumNystroem("z", n_components=20, random_state=0), RidgeClassifier())
    >>> model.fit(X[:2000], y[:2000]).score(X[2000:], y[2000:]) > 0.95
    True

    References
    ----------
    Williams and Seeger, "Using the Nystroem method to speed up kernel machines", NIPS 13 (2000).
    """

    _limits: ClassVar[tuple[str, ...]] = ()  # max_gib is a limit on the features, too

    def __init__(
        self,
        encoding: str | Encoding = "zz",
        reps: int = 2,
        entanglement: Entanglement = "full",
        *,
        n_components: int = 100,
        bandwidth: float | Literal["scale"] = "scale",
        kernel: Any = "fidelity",
        gamma: float = 1.0,
        max_gib: float = 4.0,
        shots: int | None = None,
        noise: float = 0.0,
        device: Any = None,
        repair: Literal["clip", "shift"] | None = "clip",
        random_state: Any = None,
    ) -> None:
        self.encoding = encoding
        self.reps = reps
        self.entanglement = entanglement
        self.n_components = n_components
        self.bandwidth = bandwidth
        self.kernel = kernel
        self.gamma = gamma
        self.max_gib = max_gib
        self.shots = shots
        self.noise = noise
        self.device = device
        self.repair = repair
        self.random_state = random_state

    def fit(self, X: ArrayLike, y: Any = None) -> Self:
        """Draw landmarks from the rows, shape (n, q), and compare them with each other; return itself."""
        with restored_on_error(self):
            kernel = self._kernel()
            wanted = as_count(self.n_components, "n_components")
            rows = validate_rows(self, X, reset=True)
            if isinstance(self.random_state, np.random.Generator):
                order = self.random_state.permutation(len(rows))
            else:
                order = check_random_state(self.random_state).permutation(len(rows))
            kept = order[:wanted]
            self.component_indices_ = kept
            self.components_ = self._some(rows, kept)
            table = self._learn_table(kernel, self.components_, rows)
            U, size, V = np.linalg.svd(table)
            scale = np.where(size > self._noise(table), 1 / np.sqrt(size.clip(min=_SMALLEST)), 0)
            self.normalization_ = (U * scale) @ V
            self._n_features_out = len(kept)
        return self

    def _noise(self, table: NDArray[np.float64]) -> float:
        """Return what an eigenvalue of the landmarks' table may be by counting or by rounding alone."""
        counted = self.kernel_
        if isinstance(counted, CountedKernel) and isinstance(counted.kernel, ProjectedKernel):
            # It is positive however it was counted: ask how far the landmarks, measured once more, are from themselves.
            return float(np.linalg.norm(counted.gram(self.components_, self.components_.copy()) - table, 2))
        return max(self.noise_floor_, -float(np.linalg.eigvalsh(table.astype(np.float64, copy=False))[0]))

    def transform(self, X: ArrayLike) -> NDArray[np.float64]:
        """Return the features of rows, shape (n, m)."""
        check_is_fitted(self)
        n, m = len(rows := validate_rows(self, X)), len(self.components_)
        if (gib := n * m * 2.0**-27) > self.max_gib:
            raise ValueError(
                f"X has {n} rows, whose {m} features each would take {gib:.3g} GiB, and max_gib is {self.max_gib:g}: "
                "transform fewer rows at a time, take fewer landmarks (n_components), or raise max_gib"
            )
        features, start = np.empty((n, m)), 0
        for table in self._tables(rows, self.components_, self.component_indices_):
            np.matmul(table, self.normalization_.T, out=features[start : start + len(table)])
            start += len(table)
        return features
