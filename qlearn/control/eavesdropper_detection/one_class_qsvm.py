"""A one-class support vector machine whose kernel is the overlap of quantum states: it is shown quiet rows alone."""

from typing import Any, Literal, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import OutlierMixin
from sklearn.svm import OneClassSVM
from sklearn.utils.validation import check_is_fitted

from qlearn._checks import as_real
from qlearn.learning import FidelityKernel
from qlearn.learning._estimators import NestedParameters, as_scaled_bandwidth, validate_rows
from qlearn.learning.encodings.encoding import Encoding
from qlearn.learning.qsvm.bandwidth import scaled_kernel
from qlearn.qubits.entanglement_patterns import Entanglement


class OneClassQSVM(OutlierMixin, NestedParameters):
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
    nu : float
        :math:`\nu`, upper bound on the share of training rows outside, above 0 and at most 1.
    max_gib : float
        States and matrices that would take more GiB are refused before memory is taken.

    Attributes
    ----------
    n_features_in_ : int
        Features seen in `fit`.
    bandwidth_ : float
        The factor on the features.
    support_ : ndarray of int, shape (n_support,)
        Rows of the training data that are support vectors.
    support_vectors_ : ndarray, shape (n_support, n_features)
        Those rows; only they are compared with new rows.
    offset_ : float
        :math:`\rho`.

    Raises
    ------
    ValueError
        By `fit` and `predict`: scikit-learn's own for rows; for a `nu` outside of its range, and for more
        features than memory has room for.

    Examples
    --------
    >>> quiet, odd = np.random.default_rng(0).normal(size=(200, 3)), np.full((1, 3), 4.0)
    >>> model = OneClassQSVM(nu=0.05).fit(quiet)
    >>> model.predict(odd), bool(np.mean(model.predict(quiet) == -1) < 0.1)
    (array([-1]), True)

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
    ) -> None:
        self.encoding = encoding
        self.reps = reps
        self.entanglement = entanglement
        self.bandwidth = bandwidth
        self.nu = nu
        self.max_gib = max_gib

    def fit(self, X: ArrayLike, y: Any = None) -> Self:
        """Learn from quiet rows.

        Parameters
        ----------
        X : array_like, shape (n, q)
            Finite features, scaled to the order of 1.
        y : None
            Not used: there is one class.

        Returns
        -------
        OneClassQSVM
            Itself.
        """
        nu = as_real(self.nu, "nu", most=1.0, above=0.0)
        bandwidth, by_rows = as_scaled_bandwidth(self.bandwidth)
        kernel: Any = FidelityKernel(
            self.encoding, self.reps, self.entanglement, bandwidth=bandwidth, max_gib=self.max_gib
        )
        rows = validate_rows(self, X, reset=True)
        if by_rows:
            kernel = scaled_kernel(kernel, rows)
        machine = OneClassSVM(kernel="precomputed", nu=nu).fit(kernel.gram(rows))
        self.kernel_, self.svm_, self.bandwidth_ = kernel, machine, kernel.bandwidth
        self.support_ = machine.support_
        self.support_vectors_ = rows[self.support_]
        self.offset_ = float(np.ravel(machine.offset_)[0])
        return self

    def decision_function(self, X: ArrayLike) -> NDArray[np.float64]:
        """Return f of each row, shape (n,): below 0 outside."""
        return self.score_samples(X) - self.offset_

    def score_samples(self, X: ArrayLike) -> NDArray[np.float64]:
        r"""Return how much each row is like the support vectors, shape (n,): f without the offset :math:`\rho`."""
        check_is_fitted(self)
        rows = validate_rows(self, X)
        return self.kernel_.gram(rows, self.support_vectors_) @ np.ravel(self.svm_.dual_coef_)

    def predict(self, X: ArrayLike) -> NDArray[np.int64]:
        """Return 1 for rows inside and -1 for rows outside, shape (n,)."""
        return np.where(self.decision_function(X) >= 0, 1, -1)
