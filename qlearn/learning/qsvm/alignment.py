"""Kernel-target alignment: the cosine of a kernel matrix and that of the labels, and a transformer that raises it."""

from typing import Any, Literal, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import minimize
from sklearn.base import OneToOneFeatureMixin, TransformerMixin
from sklearn.utils.multiclass import type_of_target
from sklearn.utils.validation import check_is_fitted, check_X_y

from qlearn._checks import as_count, same_length
from qlearn.learning._estimators import NestedParameters, validate_rows
from qlearn.learning.encodings.encoding import largest_scales
from qlearn.learning.qsvm.fidelity_kernel import FidelityKernel, QuantumKernel
from qlearn.learning.qsvm.shot_noise import as_symmetric


def kernel_alignment(K: ArrayLike, y: ArrayLike, *, centred: bool = True) -> float:
    r"""Return the alignment of a kernel matrix with labels: the cosine of the angle between it and the ideal one.

    .. math:: A = \frac{\langle K, T \rangle_F}{\|K\|_F\, \|T\|_F}, \qquad T_{ij} = y_i\, y_j

    T is the ideal matrix: of classes -1 and 1 (for more classes, the overlap of their
    columns of zeros and ones), or real targets. Centred, both matrices first lose the means of their rows and
    columns; otherwise a kernel that finds everything alike looks good wherever one class is large.

    Parameters
    ----------
    K : array_like, shape (n, n)
        A symmetric kernel matrix.
    y : array_like, shape (n,)
        Classes of any type, or real targets.
    centred : bool
        Whether means are taken out first.

    Returns
    -------
    float
        1 for a matrix that is proportional to T, 0 for one that says nothing about the labels.

    Raises
    ------
    ValueError, TypeError
        If K is not symmetric, there is not one label a row, or a matrix has nothing left after centring: a
        single class, or all rows alike.

    Examples
    --------
    >>> kernel_alignment([[1, 1, 0], [1, 1, 0], [0, 0, 1]], ["a", "a", "b"])
    1.0
    >>> round(kernel_alignment([[1, 0, 0], [0, 1, 0], [0, 0, 1]], ["a", "a", "b"]), 4)
    0.7071

    References
    ----------
    Cristianini et al., "On kernel-target alignment", NIPS 14, 2001. Cortes et al., 2012, arXiv:1203.0550
    (centred). Hubregtsen et al., 2021, arXiv:2105.02276 (for quantum kernels).
    """
    matrix, ideal = as_symmetric(K), target_matrix(y, centred=centred)
    same_length(matrix, ideal, "K and y")
    if centred:
        matrix = centre(matrix)
    norm = float(np.linalg.norm(matrix))
    if norm < 1e-12 * len(matrix):
        raise ValueError("K finds all rows equally alike: an alignment of nothing is not defined")
    return float(np.vdot(matrix, ideal)) / norm


def target_matrix(y: ArrayLike, *, centred: bool = True) -> NDArray[np.float64]:
    """Return the ideal kernel matrix of labels, shape (n, n), scaled to norm 1."""
    labels = np.asarray(y)
    if labels.ndim != 1 or not labels.size:
        raise ValueError(f"y must have shape (n,): a label for each row, not {labels.shape}")
    columns: NDArray[Any]
    kind = type_of_target(labels, input_name="y")
    if kind == "unknown":
        raise ValueError(f"Unknown label type for y: {labels!r}")
    if kind.startswith("continuous"):
        columns = labels.astype(np.float64)[:, None]
    else:
        classes, which = np.unique(labels, return_inverse=True)
        columns = np.eye(len(classes))[which]
        if len(classes) <= 2:
            columns = 1.0 - 2.0 * columns[:, :1]
    ideal = columns @ columns.T
    if centred:
        ideal = centre(ideal)
    norm = float(np.linalg.norm(ideal))
    if norm < 1e-12 * len(labels):
        raise ValueError(
            "y must hold at least two classes (or values), got 1 class: it says nothing about likeness"
        )
    return ideal / norm


def centre(K: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return a symmetric matrix less the means of its rows and columns: a kernel of points around their mean."""
    means = K.mean(axis=0)
    return K - means - means[:, None] + means.mean()


def alignment_gradient(
    K: NDArray[np.float64], ideal: NDArray[np.float64]
) -> tuple[float, NDArray[np.float64]]:
    r"""Return the centred alignment and its derivative by each entry of the kernel matrix.

    .. math:: \frac{\partial A}{\partial K} = \frac{1}{\|K_c\|} \Big( \hat T - A\, \frac{K_c}{\|K_c\|} \Big)
    """
    matrix = centre(K)
    norm = max(float(np.linalg.norm(matrix)), 1e-300)
    value = float(np.vdot(matrix, ideal)) / norm
    return value, (ideal - value / norm * matrix) / norm


# Bandwidths that the search begins with: a feature turns by 1/300 of itself, or by itself.
_BANDWIDTHS = np.geomspace(1 / 300, 1, 12)
# Central differences of states: an error of 1e-10 in the gradient.
_STEP = 1e-5
_WIDEST = np.log(1e3)


class KernelAligner(OneToOneFeatureMixin, TransformerMixin, NestedParameters):
    r"""Learn a factor for each feature that aligns a kernel with the labels; multiply features by it.

    .. math:: w = \arg\max_w A\big( K(w \circ x), y \big)

    First one common factor, a bandwidth, is searched on a grid; from there each factor climbs by its own exact
    slope (L-BFGS): one kernel matrix gives all slopes, and the encoding is asked for 2q more sets of
    states. The alignment is a proxy for accuracy that needs no machine, no cross-validation and
    no C; it sees training rows only, so put it in a pipeline, before a machine with the same kernel and a bandwidth
    of 1 (with "scale" QSVC would choose the common factor again). The surface has many tops, and for wide
    bandwidths its slopes vanish as overlaps do.

    Parameters
    ----------
    kernel : FidelityKernel, ProjectedKernel or None
        None is ``FidelityKernel()``. With an encoding that refuses angles beyond :math:`\pi` ("angle", and
        re-uploading, without `wrap`) no factor is tried that turns a training feature by more than a quarter turn.
        "basis" is refused: its features are whole numbers, and no factor leaves them so.
    weights : {"each", "shared"}
        A factor a feature, or the search for the common one alone.
    max_iter : int
        Steps of the climb.

    Attributes
    ----------
    weights_ : ndarray, shape (n_features,)
        The factors, above 0.
    alignment_ : float
        The centred alignment reached, on the training rows.
    start_ : float
        That of the common factor, before the climb.
    n_iter_ : int
        Steps taken; the search is the first.
    n_features_in_ : int
        Features seen in `fit`.

    Raises
    ------
    ValueError, TypeError
        By `fit`: scikit-learn's own for rows and labels; for parameters that do not exist; for a single class.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn.pipeline import make_pipeline
    >>> from qlearn.learning import QSVC
    >>> X = np.random.default_rng(0).normal(size=(40, 2))
    >>> y = X[:, 0] > 0  # the second feature says nothing
    >>> scale = KernelAligner().fit(X, y)
    >>> bool(scale.weights_[0] > 3 * scale.weights_[1]), scale.alignment_ > scale.start_
    (True, True)
    >>> reached = kernel_alignment(FidelityKernel()(scale.transform(X)), y)
    >>> bool(np.isclose(reached, scale.alignment_))
    True
    >>> make_pipeline(KernelAligner(), QSVC(bandwidth=1)).fit(X, y).score(X, y) > 0.9
    True

    References
    ----------
    Hubregtsen et al., "Training quantum embedding kernels on near-term quantum computers", 2021, arXiv:2105.02276.
    Cortes et al., 2012, arXiv:1203.0550.
    """

    def __init__(
        self,
        kernel: QuantumKernel | None = None,
        *,
        weights: Literal["each", "shared"] = "each",
        max_iter: int = 30,
    ) -> None:
        self.kernel = kernel
        self.weights = weights
        self.max_iter = max_iter

    def fit(self, X: ArrayLike, y: ArrayLike) -> Self:
        """Learn the factors from rows and their labels, classes or real targets; return itself."""
        kernel = FidelityKernel() if self.kernel is None else self.kernel
        if not isinstance(kernel, QuantumKernel):
            raise TypeError(
                f"kernel must be a FidelityKernel or ProjectedKernel, not {type(kernel).__name__}"
            )
        if self.weights not in ("each", "shared"):
            raise ValueError(f"weights must be 'each' or 'shared', not {self.weights!r}")
        as_count(self.max_iter, "max_iter", least=0)
        rows = validate_rows(self, X, reset=True)
        _, labels = check_X_y(rows, y, estimator=self, dtype=None, y_numeric=False)
        ideal = target_matrix(labels)

        def alignment(theta: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
            value, gradient = alignment_by_scales(kernel, rows, theta, ideal)
            return -value, -gradient

        widest = np.minimum(_WIDEST, np.log(largest_scales(kernel.map, rows)))
        grid = _BANDWIDTHS[np.exp(widest.min()) >= _BANDWIDTHS]
        if not grid.size:  # even the narrowest turns too far: begin where nothing does
            grid = np.array([np.exp(widest.min())])
        starts = [np.full(rows.shape[1], np.log(bandwidth)) for bandwidth in grid]
        values = [alignment_gradient(kernel.gram(rows * np.exp(theta)), ideal)[0] for theta in starts]
        best = starts[int(np.argmax(values))]
        self.n_iter_ = 1
        self.start_ = self.alignment_ = float(max(values))
        if self.weights == "each" and self.max_iter:
            found = minimize(
                alignment,
                best,
                jac=True,
                method="L-BFGS-B",
                bounds=[(-max(_WIDEST, 1 - high), high) for high in widest],
                options={"maxiter": self.max_iter},
            )
            self.n_iter_ += found.nit
            if -found.fun > self.start_:
                best, self.alignment_ = found.x, float(-found.fun)
        self.weights_ = np.exp(best)
        return self

    def transform(self, X: ArrayLike) -> NDArray[np.float64]:
        """Return the rows with each feature times its factor, shape (n, q)."""
        check_is_fitted(self)
        return validate_rows(self, X) * self.weights_

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.target_tags.required = True
        return tags

    def _more_tags(self) -> dict[str, bool]:
        return {"requires_y": True}  # how scikit-learn 1.5 asks


def alignment_by_scales(
    kernel: QuantumKernel, rows: NDArray[np.float64], theta: NDArray[np.float64], ideal: NDArray[np.float64]
) -> tuple[float, NDArray[np.float64]]:
    r"""Return the alignment of a kernel whose features are multiplied by :math:`e^\theta`, and its gradient, shape (q,).

    .. math:: \frac{\partial A}{\partial \theta_f} = \operatorname{Re} \sum_i \Big\langle
              \frac{\partial \psi_i}{\partial \theta_f} \Big| \sum_j \frac{\partial A}{\partial K_{ij}}
              \frac{\partial K_{ij}}{\partial \psi_i} \Big\rangle
    """
    scaled = rows * np.exp(theta)
    points = kernel.points(scaled)
    value, by_entry = alignment_gradient(kernel.entries()(points, None), ideal)
    pull = kernel.pull_back(points, by_entry)
    gradient = np.empty(len(theta))
    for f in range(len(theta)):
        step = np.zeros(len(theta))
        step[f] = _STEP
        there, back = (kernel.points(rows * np.exp(theta + sign * step)) for sign in (1, -1))
        gradient[f] = np.vdot(there - back, pull).real / (2 * _STEP)
    return value, gradient
