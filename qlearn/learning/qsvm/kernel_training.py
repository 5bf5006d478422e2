"""Kernel training: the angles of a kernel's own circuit, as many as it has, turned until the kernel agrees with the labels."""

from dataclasses import replace
from typing import Any, Self, cast

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import minimize
from sklearn.base import TransformerMixin
from sklearn.utils.validation import check_is_fitted, check_X_y

from qlearn._checks import as_count
from qlearn.learning._estimators import NestedParameters, as_generator, restored_on_error, validate_rows
from qlearn.learning.encodings.circuit_encoding import CircuitEncoding, trainable_embedding
from qlearn.learning.encodings.encoding import checked_states
from qlearn.learning.qsvm.alignment import alignment_gradient, target_matrix
from qlearn.learning.qsvm.fidelity_kernel import FidelityKernel, QuantumKernel


class KernelTrainer(TransformerMixin, NestedParameters):
    r"""Train the angles of a kernel's circuit until its matrix is aligned with the labels.

    .. math:: \theta = \arg\max_\theta A\big( K_\theta(X, X), y \big), \qquad
              K_\theta(x, x') = |\langle \psi_\theta(x) | \psi_\theta(x') \rangle|^2

    (or the projected kernel of the same states). A is the centred alignment
    (:func:`~qlearn.learning.qsvm.alignment.kernel_alignment`); it climbs by exact
    slopes (L-BFGS), of which one kernel matrix and one sweep back through the circuit give all, however many angles there are.
    The surface has many tops: more `starts` find better ones. The alignment is a proxy, and sees training rows only.

    The trained kernel is `kernel_`: give it to :class:`~qlearn.learning.QSVC`. As a transformer, `transform` gives the kernel
    values of rows with the training rows, for any machine that takes ``kernel="precomputed"``.

    Parameters
    ----------
    kernel : FidelityKernel, ProjectedKernel or None
        With a :class:`~qlearn.learning.encodings.CircuitEncoding`; if that has values for its angles, the first climb begins
        there. None is the fidelity kernel of :func:`~qlearn.learning.encodings.trainable_embedding`.
    max_iter : int
        Steps of a climb; 0 takes the first angles.
    starts : int
        Climbs from different first angles, drawn uniformly in :math:`\pm\pi`. The best is kept.
    random_state : int, RandomState, Generator or None
        Draws first angles.

    Attributes
    ----------
    theta_ : ndarray, shape (n_angles,)
        The angles, in radians.
    kernel_ : FidelityKernel or ProjectedKernel
        The kernel with these angles.
    alignment_ : float
        The centred alignment reached, on the training rows.
    start_ : float
        That of the angles from which the best climb began.
    n_iter_ : int
        Steps of the best climb.
    rows_ : ndarray, shape (n, n_features)
        The training rows.
    n_features_in_ : int
        Features seen in `fit`.

    Raises
    ------
    ValueError, TypeError
        By `fit`: scikit-learn's own for rows and labels; if the kernel has no circuit of its own with trained angles, or
        rows do not fit it; for a single class.

    Examples
    --------
    >>> import numpy as np
    >>> from qlearn.learning import QSVC
    >>> from qlearn.learning.encodings import CircuitEncoding, trainable_embedding
    >>> X = np.random.default_rng(0).uniform(-1.5, 1.5, (60, 2))
    >>> y = X[:, 0] * X[:, 1] > 0
    >>> trainer = KernelTrainer(FidelityKernel(CircuitEncoding(trainable_embedding)), random_state=0).fit(X[:40], y[:40])
    >>> trainer.theta_.shape, trainer.alignment_ > trainer.start_
    ((8,), True)
    >>> QSVC(kernel=trainer.kernel_).fit(X[:40], y[:40]).score(X[40:], y[40:]) > 0.8
    True

    References
    ----------
    Hubregtsen et al., "Training quantum embedding kernels on near-term quantum computers", 2021, arXiv:2105.02276.
    Glick et al., "Covariant quantum kernels for data with group structure", 2021, arXiv:2105.03406.
    """

    def __init__(
        self,
        kernel: QuantumKernel | None = None,
        *,
        max_iter: int = 50,
        starts: int = 1,
        random_state: Any = None,
    ) -> None:
        self.kernel = kernel
        self.max_iter = max_iter
        self.starts = starts
        self.random_state = random_state

    def fit(self, X: ArrayLike, y: ArrayLike) -> Self:
        """Train the angles on rows and their labels, classes or real targets; return itself."""
        kernel = FidelityKernel(CircuitEncoding(trainable_embedding)) if self.kernel is None else self.kernel
        if not isinstance(kernel, QuantumKernel):
            raise TypeError(
                f"kernel must be a FidelityKernel or ProjectedKernel, not {type(kernel).__name__}"
            )
        encoding = kernel.map
        if not isinstance(encoding, CircuitEncoding):
            raise TypeError(
                f"kernel must have a CircuitEncoding, whose angles can be trained, not {kernel.encoding!r}; factors on the "
                "features of any encoding are what KernelAligner learns"
            )
        as_count(self.max_iter, "max_iter", least=0)
        as_count(self.starts, "starts")
        with restored_on_error(self):
            self._train(kernel, encoding, X, y)
        return self

    def _train(self, kernel: QuantumKernel, encoding: CircuitEncoding, X: ArrayLike, y: ArrayLike) -> None:
        rows = validate_rows(self, X, reset=True)
        _, labels = check_X_y(rows, y, estimator=self, dtype=None, y_numeric=False)
        ideal = target_matrix(labels)
        n_angles = len(encoding.angles(rows.shape[1]))
        if not n_angles:
            raise ValueError(
                "kernel must have a circuit with angles to train, parameters of another name than 'x', and this has none"
            )
        kernel.require_memory(4 * len(rows), len(rows) ** 2, rows.shape[1])
        rng = as_generator(self.random_state)
        first = rng.uniform(-np.pi, np.pi, (self.starts, n_angles))
        if encoding.theta is not None:
            first[0] = encoding.theta
        best: tuple[float, float, int, NDArray[np.float64]] | None = None
        for theta in first:
            start, reached, steps, angles = self._climb(kernel, rows, ideal, theta)
            if best is None or reached > best[1]:
                best = start, reached, steps, angles
        assert best is not None  # as_count has seen to it that there is a start
        self.start_, self.alignment_, self.n_iter_, self.theta_ = best
        self.kernel_ = replace(kernel, encoding=replace(encoding, theta=tuple(self.theta_.tolist())))
        self.rows_ = rows

    def transform(self, X: ArrayLike) -> NDArray[np.float64]:
        """Return the kernel values of rows with the training rows, shape (n, n_training)."""
        check_is_fitted(self)
        return self.kernel_.gram(validate_rows(self, X), self.rows_)

    def _climb(
        self,
        kernel: QuantumKernel,
        rows: NDArray[np.float64],
        ideal: NDArray[np.float64],
        theta: NDArray[np.float64],
    ) -> tuple[float, float, int, NDArray[np.float64]]:
        """Return the alignment of the first angles, the one reached, the steps and the angles."""

        def loss(angles: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
            value, slopes = alignment_by_angles(kernel, rows, angles, ideal)
            return -value, -slopes

        start = -loss(theta)[0]
        if not self.max_iter:
            return start, start, 0, theta
        found = minimize(loss, theta, jac=True, method="L-BFGS-B", options={"maxiter": self.max_iter})
        if -found.fun <= start:
            return start, start, 0, theta
        return start, float(-found.fun), int(found.nit), found.x

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.target_tags.required = True
        return tags

    def _more_tags(self) -> dict[str, bool]:
        return {"requires_y": True}  # how scikit-learn 1.5 asks


def alignment_by_angles(
    kernel: QuantumKernel, rows: NDArray[np.float64], theta: NDArray[np.float64], ideal: NDArray[np.float64]
) -> tuple[float, NDArray[np.float64]]:
    """Return the alignment of a kernel whose circuit has the angles theta, and its gradient in them, shape (n_angles,)."""
    encoding = replace(cast(CircuitEncoding, kernel.map), theta=tuple(theta.tolist()))
    kernel = replace(kernel, encoding=encoding)
    states = checked_states(encoding, rows)
    value, by_entry = alignment_gradient(kernel.entries()(kernel.points(rows), None), ideal)
    return value, encoding.pull_back(rows, kernel.state_slopes(states, by_entry))
