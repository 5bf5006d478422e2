"""A support vector machine for numbers instead of classes, whose kernel is the overlap of quantum states."""

from typing import Any, Literal, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import RegressorMixin
from sklearn.svm import SVR

from qlearn._checks import as_real
from qlearn.learning._estimators import as_cost, as_sample_weight, refuse_times, restored_on_error, validate
from qlearn.learning.encodings.encoding import Encoding
from qlearn.learning.qsvm._kernel_estimators import KernelEstimator
from qlearn.qubits.entanglement_patterns import Entanglement


class QSVR(RegressorMixin, KernelEstimator):
    r"""Support vector regression with a quantum kernel.

    .. math:: f(x) = \sum_{i \in \text{support}} \beta_i\, |\langle \psi(x_i) | \psi(x) \rangle|^2 + b

    Errors below :math:`\varepsilon` cost nothing, larger ones C times their excess. The overlaps are the quantum part; the
    convex optimisation is that of :class:`sklearn.svm.SVR`. It knows no unit: bring the targets to the order of 1, as with
    :class:`sklearn.compose.TransformedTargetRegressor`.

    Parameters
    ----------
    encoding, reps, entanglement, bandwidth, kernel, gamma, max_gib
        Which kernel: as in :class:`~qlearn.learning.QSVC`.
    C : float
        Cost of an error beyond `epsilon`, above 0.
    epsilon : float
        Half the width of the tube in which errors cost nothing, at least 0, in the unit of the targets.
    tol, max_iter
        Where the optimisation stops, as in :class:`sklearn.svm.SVR`.
    shots, noise, device, repair, random_state
        How the kernel is counted, if it is: as in :class:`~qlearn.learning.QSVC`.

    Attributes
    ----------
    support_ : ndarray of int, shape (n_support,)
        Rows of the training data that are support vectors.
    support_vectors_ : ndarray, shape (n_support, n_features)
        Those rows; only they are compared with new rows.
    dual_coef_ : ndarray, shape (n_support,)
        :math:`\beta`.
    intercept_ : float
        b.
    n_iter_ : int
        Steps of the optimisation.
    n_features_in_ : int
        Features seen in `fit`.
    bandwidth_ : float or None
        The factor on the features; None if the encoding or the kernel brings its own.

    Raises
    ------
    ValueError, TypeError
        By `fit` and `predict`: as :class:`~qlearn.learning.QSVC`.

    Examples
    --------
    >>> x = np.linspace(-3, 3, 40)[:, None]
    >>> machine = QSVR("z", C=100, epsilon=0.01).fit(x, np.sin(x[:, 0]))
    >>> round(machine.score(x + 0.05, np.sin(x[:, 0] + 0.05)), 3)
    1.0

    References
    ----------
    Drucker, Burges, Kaufman, Smola and Vapnik, "Support vector regression machines", 1996. The kernel: Havlicek et al.,
    2019, arXiv:1804.11326.
    """

    def __init__(
        self,
        encoding: str | Encoding = "zz",
        reps: int = 2,
        entanglement: Entanglement = "full",
        *,
        bandwidth: float | Literal["scale"] = "scale",
        kernel: Any = "fidelity",
        gamma: float = 1.0,
        C: float = 1.0,
        epsilon: float = 0.1,
        tol: float = 1e-3,
        max_iter: int = -1,
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
        self.bandwidth = bandwidth
        self.kernel = kernel
        self.gamma = gamma
        self.C = C
        self.epsilon = epsilon
        self.tol = tol
        self.max_iter = max_iter
        self.max_gib = max_gib
        self.shots = shots
        self.noise = noise
        self.device = device
        self.repair = repair
        self.random_state = random_state

    def fit(self, X: ArrayLike, y: ArrayLike, sample_weight: ArrayLike | None = None) -> Self:
        """Learn from rows and the numbers that belong to them.

        Parameters
        ----------
        X : array_like, shape (n, q)
            Finite features; with ``kernel="precomputed"`` the table, shape (n, n).
        y : array_like, shape (n,)
            Numbers.
        sample_weight : array_like, shape (n,), optional
            How often each row counts, at least 0: it multiplies C. A row of weight 0 is not there.

        Returns
        -------
        QSVR
            Itself.
        """
        with restored_on_error(self):
            kernel = self._kernel()
            as_cost(self.C)
            as_real(self.epsilon, "epsilon", least=0)
            refuse_times(y)
            rows, values = validate(self, X, y, reset=True, dtype=np.float64, y_numeric=True)
            rows, kept, weights = self._weighted(rows, as_sample_weight(sample_weight, rows))
            machine = SVR(
                C=self.C, epsilon=self.epsilon, kernel="precomputed", tol=self.tol, max_iter=self.max_iter
            )
            matrix = self._learn_table(kernel, rows)
            self._warn_of_concentration(matrix, rows.shape[1])
            machine.fit(matrix, values.astype(np.float64)[kept], sample_weight=weights)
            self.support_ = kept[machine.support_]
            self.support_vectors_ = rows[machine.support_]
            self.dual_coef_ = np.ravel(machine.dual_coef_)
            self.intercept_ = float(machine.intercept_[0])
            self.n_iter_ = int(machine.n_iter_)
        return self

    def predict(self, X: ArrayLike) -> NDArray[np.float64]:
        """Return the number of each row, shape (n,)."""
        return self._sums(X) + self.intercept_
