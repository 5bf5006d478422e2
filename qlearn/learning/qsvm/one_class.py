"""A one-class support vector machine whose kernel is the overlap of quantum states: it is shown quiet rows alone."""

from typing import Any, Literal, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import OutlierMixin
from sklearn.svm import OneClassSVM

from qlearn._checks import as_real
from qlearn.learning._estimators import as_sample_weight, restored_on_error, validate_rows
from qlearn.learning.encodings.encoding import Encoding
from qlearn.learning.qsvm._kernel_estimators import KernelEstimator
from qlearn.qubits.entanglement_patterns import Entanglement


class OneClassQSVM(OutlierMixin, KernelEstimator):
    r"""Learn from quiet rows alone where rows are to be expected, with a quantum kernel.

    .. math:: f(x) = \sum_{i \in \text{support}} \alpha_i\, |\langle \psi(x_i) | \psi(x) \rangle|^2 - \rho

    Positive inside, negative outside. The overlaps are the quantum part; the convex optimisation, which
    leaves a share of about :math:`\nu` of the training rows outside, is that of :class:`sklearn.svm.OneClassSVM`.

    Parameters
    ----------
    encoding, reps, entanglement
        The states that are compared: see :class:`~qlearn.learning.FidelityKernel`.
    bandwidth : float or "scale"
        Multiplies the features. "scale" takes it from the training rows, as in :class:`~qlearn.learning.QSVC`.
        Where these lie in several groups it is too low to tell them from what lies between (see the example): search over it
        with a few rows that are known to be odd.
    nu : float
        :math:`\nu`, upper bound on the share of training rows outside, above 0 and at most 1.
    max_gib : float
        States and matrices that would take more GiB are refused before memory is taken.
    kernel, gamma
        Which kernel: as in :class:`~qlearn.learning.QSVC`.
    tol, max_iter
        Where the optimisation stops, as in :class:`sklearn.svm.OneClassSVM`.
    shots, noise, device, repair, random_state
        How the kernel is counted, if it is: as in :class:`~qlearn.learning.QSVC`.

    Attributes
    ----------
    n_features_in_ : int
        Features seen in `fit`.
    bandwidth_ : float or None
        The factor on the features; None if the encoding or the kernel brings its own.
    support_ : ndarray of int, shape (n_support,)
        Rows of the training data that are support vectors.
    support_vectors_ : ndarray, shape (n_support, n_features)
        Those rows; only they are compared with new rows.
    dual_coef_ : ndarray, shape (n_support,)
        :math:`\alpha`.
    offset_ : float
        :math:`\rho`.
    n_iter_ : int
        Steps of the optimisation.

    Raises
    ------
    ValueError, TypeError
        By `fit` and `predict`: scikit-learn's own for rows; for a `nu` outside of its range, for a parameter that was set
        and has no effect, and for more features than memory has room for.

    Examples
    --------
    >>> quiet, odd = np.random.default_rng(0).normal(size=(200, 3)), np.full((1, 3), 4.0)
    >>> model = OneClassQSVM(nu=0.05).fit(quiet)
    >>> model.predict(odd), bool(np.mean(model.predict(quiet) == -1) < 0.1)
    (array([-1]), True)

    Quiet rows in two groups, and the share of the rows anywhere else that is found to be odd:

    >>> rng = np.random.default_rng(0)
    >>> groups = rng.normal(0, 0.3, (400, 2)) + np.repeat([[2], [-2]], 200, axis=0)
    >>> anywhere = rng.uniform(-4, 4, (200, 2))
    >>> elsewhere = anywhere[np.minimum(np.hypot(*(anywhere - 2).T), np.hypot(*(anywhere + 2).T)) > 1]
    >>> for bandwidth in ("scale", 0.1):
    ...     found = OneClassQSVM(bandwidth=bandwidth, nu=0.1).fit(groups).predict(elsewhere) == -1
    ...     print(bandwidth, round(found.mean(), 1))
    scale 0.2
    0.1 0.9

    References
    ----------
    Schoelkopf, Platt, Shawe-Taylor, Smola and Williamson, "Estimating the support of a high-dimensional
    distribution", Neural Comput. 13, 1443 (2001), doi:10.1162/089976601750264965. The kernel: Havlicek et al.,
    2019, arXiv:1804.11326.
    """

    def __init__(
        self,
        encoding: str | Encoding = "zz",
        reps: int = 2,
        entanglement: Entanglement = "full",
        *,
        bandwidth: float | Literal["scale"] = "scale",
        nu: float = 0.05,
        max_gib: float = 4.0,
        kernel: Any = "fidelity",
        gamma: float = 1.0,
        tol: float = 1e-3,
        max_iter: int = -1,
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
        self.nu = nu
        self.max_gib = max_gib
        self.kernel = kernel
        self.gamma = gamma
        self.tol = tol
        self.max_iter = max_iter
        self.shots = shots
        self.noise = noise
        self.device = device
        self.repair = repair
        self.random_state = random_state

    def fit(self, X: ArrayLike, y: Any = None, sample_weight: ArrayLike | None = None) -> Self:
        """Learn from quiet rows.

        Parameters
        ----------
        X : array_like, shape (n, q)
            Finite features, scaled to the order of 1; with ``kernel="precomputed"`` the table, shape (n, n).
        y : None
            Not used: there is one class.
        sample_weight : array_like, shape (n,), optional
            How much each row counts, at least 0. A row of weight 0 is not there.

        Returns
        -------
        OneClassQSVM
            Itself.
        """
        with restored_on_error(self):
            kernel = self._kernel()
            nu = as_real(self.nu, "nu", most=1.0, above=0.0)
            rows = validate_rows(self, X, reset=True)
            rows, kept, weights = self._weighted(rows, as_sample_weight(sample_weight, rows))
            machine = OneClassSVM(kernel="precomputed", nu=nu, tol=self.tol, max_iter=self.max_iter)
            machine.fit(self._learn_table(kernel, rows), sample_weight=weights)
            self.svm_ = machine
            self.n_iter_ = int(machine.n_iter_)
            self.support_ = kept[machine.support_]
            self.support_vectors_ = rows[machine.support_]
            self.dual_coef_ = np.ravel(machine.dual_coef_)
            self.offset_ = float(np.ravel(machine.offset_)[0])
        return self

    def decision_function(self, X: ArrayLike) -> NDArray[np.float64]:
        """Return f of each row, shape (n,): below 0 outside."""
        return self.score_samples(X) - self.offset_

    def score_samples(self, X: ArrayLike) -> NDArray[np.float64]:
        r"""Return how much each row is like the support vectors, shape (n,): f without the offset :math:`\rho`."""
        return self._sums(X)

    def predict(self, X: ArrayLike) -> NDArray[np.int64]:
        """Return 1 for rows inside and -1 for rows outside, shape (n,)."""
        return np.where(self.decision_function(X) >= 0, 1, -1)
