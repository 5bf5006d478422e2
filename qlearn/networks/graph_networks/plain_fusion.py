r"""Plain fusion: the mean, the median, the best linear weights, and weights by a covariance that the graph gives."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from qlearn._checks import as_real
from qlearn.networks.graph_networks.fusion_task import FusionRows


class MeanFusion:
    """The mean of the outputs: what federated averaging does with models.

    Examples
    --------
    >>> rows = FusionRows(np.array([[1.0, 2.0, 6.0]]), np.zeros((1, 3, 3)), np.array([2.0]), np.zeros((1, 3), bool))
    >>> MeanFusion().fit(rows).predict(rows)
    array([3.])
    """

    def fit(self, rows: FusionRows) -> Self:
        """Return itself: there is nothing to learn."""
        return self

    def predict(self, rows: FusionRows) -> NDArray[np.float64]:
        """Return one number a row, shape (rows,)."""
        return rows.outputs.mean(axis=1)


class MedianFusion:
    """The median of the outputs, which fewer than half of the units cannot move far.

    Examples
    --------
    >>> rows = FusionRows(np.array([[1.0, 2.0, 6.0]]), np.zeros((1, 3, 3)), np.array([2.0]), np.zeros((1, 3), bool))
    >>> MedianFusion().fit(rows).predict(rows)
    array([2.])
    """

    def fit(self, rows: FusionRows) -> Self:
        """Return itself: there is nothing to learn."""
        return self

    def predict(self, rows: FusionRows) -> NDArray[np.float64]:
        """Return one number a row, shape (rows,)."""
        return np.median(rows.outputs, axis=1)


@dataclass
class LinearFusion:
    r"""The best linear fusion: one weight for each unit, by least squares, weights that add to one.

    .. math:: \hat s = \sum_i a_i x_i, \quad \sum_i a_i = 1, \qquad
              a = \arg\min \tfrac1N \sum_r (\hat s_r - s_r)^2 + \lambda \sum_i (a_i - \tfrac1n)^2

    It knows the units by their place and no graph: best where the same units come every time.

    Parameters
    ----------
    ridge : float
        :math:`\lambda`, at least 0: pulls the weights to those of the mean.

    Attributes
    ----------
    shares_ : ndarray of float64, shape (n,)
        The weights a.

    Examples
    --------
    >>> from qlearn.networks.graph_networks import FusionTask
    >>> rows = FusionTask(n_units=4, fixed_graph=1).draw(500, rng=0)
    >>> float(round(LinearFusion().fit(rows).shares_.sum(), 12))
    1.0

    References
    ----------
    Bates, Granger, "The combination of forecasts", 1969, doi:10.1057/jors.1969.103.
    """

    ridge: float = 0.0

    def fit(self, rows: FusionRows) -> Self:
        """Fit the weights to rows."""
        ridge = as_real(self.ridge, "ridge", least=0)
        errors = rows.outputs - rows.target[:, None]
        n = errors.shape[1]
        moments = errors.T @ errors / len(errors) + ridge * np.eye(n)
        # With a Lagrange multiplier for the sum; the constant part of the ridge cancels in it.
        solved = np.linalg.solve(moments, np.ones(n))
        self.shares_ = solved / solved.sum()
        return self

    def predict(self, rows: FusionRows) -> NDArray[np.float64]:
        """Return one number a row, shape (rows,)."""
        if not hasattr(self, "shares_"):
            raise ValueError("fit must come before predict: the fusion has no weights yet")
        if rows.outputs.shape[1] != len(self.shares_):
            raise ValueError(
                f"rows must hold the outputs of the {len(self.shares_)} units that the weights were fitted to, not of "
                f"{rows.outputs.shape[1]}: a linear fusion knows units by their place, and a new one has no weight"
            )
        return np.asarray(rows.outputs @ self.shares_)


@dataclass
class CovarianceFusion:
    r"""The best weights for a covariance that the graph gives: generalised least squares, row by row.

    .. math:: \hat s = \frac{1^{\mathsf T} \Sigma^{-1} x}{1^{\mathsf T} \Sigma^{-1} 1}, \qquad
              \Sigma = a\,W + b\,I

    The two numbers a and b are fitted to the products of the errors of the rows. If the errors have this covariance, no
    unbiased linear fusion has a smaller error (Gauss and Markov), and if they are Gaussian no other one either.

    Attributes
    ----------
    shared_, own_ : float
        a and b.

    Examples
    --------
    >>> from qlearn.networks.graph_networks import FusionTask
    >>> fusion = CovarianceFusion().fit(FusionTask(noise=1.0, sensors_each=4).draw(4000, rng=0))
    >>> bool(abs(fusion.shared_ - 1 / 4) < 0.02)
    True

    References
    ----------
    Aitken, "On least squares and linear combination of observations", 1936, doi:10.1017/S0370164600014346.
    """

    def fit(self, rows: FusionRows) -> Self:
        """Fit the two numbers of the covariance."""
        self.shared_, self.own_ = _covariance(rows, np.ones_like(rows.faulty))
        return self

    def shares(self, rows: FusionRows, kept: NDArray[np.bool_] | None = None) -> NDArray[np.float64]:
        """Return the weight of each unit in each row, shape (rows, n); of the kept units only, if they are named."""
        if not hasattr(self, "own_"):
            raise ValueError("fit must come before predict and shares: the covariance has no numbers yet")
        n = rows.outputs.shape[1]
        sigma = self.shared_ * rows.weights + self.own_ * np.eye(n)
        if kept is not None:
            # Who is dropped is as good as infinitely noisy.
            sigma = sigma + np.where(kept, 0.0, 1e9 * self.own_)[:, :, None] * np.eye(n)
        solved = np.linalg.solve(sigma, np.ones((*sigma.shape[:-1], 1)))[..., 0]
        return np.asarray(solved / solved.sum(axis=1, keepdims=True))

    def predict(self, rows: FusionRows) -> NDArray[np.float64]:
        """Return one number a row, shape (rows,)."""
        return np.sum(self.shares(rows) * rows.outputs, axis=1)


@dataclass
class ScreenedFusion:
    r"""The weights by covariance, after dropping outputs that lie far from the median.

    .. math:: i \text{ stays} \iff |x_i - \operatorname{median}(x)| \le c

    What a colleague would try first against broken units. Of each row at least the output nearest to the median stays, or
    several that are equally near.

    Parameters
    ----------
    within : float
        c, above 0, in the unit of the outputs.

    Examples
    --------
    >>> from qlearn.networks.graph_networks import FusionTask
    >>> task = FusionTask(fault_rate=0.2)
    >>> old, new = task.draw(300, rng=0), task.draw(1000, rng=1)
    >>> errors = [np.mean((f.fit(old).predict(new) - new.target) ** 2) for f in (ScreenedFusion(1.5), MeanFusion())]
    >>> bool(errors[0] < errors[1])
    True
    """

    within: float = 1.5

    def fit(self, rows: FusionRows) -> Self:
        """Fit the covariance to what is kept."""
        as_real(self.within, "within", above=0)
        self._weights = CovarianceFusion()
        self._weights.shared_, self._weights.own_ = _covariance(rows, self._kept(rows))
        return self

    def predict(self, rows: FusionRows) -> NDArray[np.float64]:
        """Return one number a row, shape (rows,)."""
        if not hasattr(self, "_weights"):
            raise ValueError("fit must come before predict: the covariance has no numbers yet")
        return np.sum(self._weights.shares(rows, self._kept(rows)) * rows.outputs, axis=1)

    def _kept(self, rows: FusionRows) -> NDArray[np.bool_]:
        off = np.abs(rows.outputs - np.median(rows.outputs, axis=1, keepdims=True))
        return np.asarray(off <= np.maximum(self.within, off.min(axis=1, keepdims=True)))


def _covariance(rows: FusionRows, kept: NDArray[np.bool_]) -> tuple[float, float]:
    """Return a and b of the covariance a W + b I, by the products of the errors of what is kept."""
    errors = rows.outputs - rows.target[:, None]
    both = kept[:, :, None] & kept[:, None, :]
    on_edges = np.sum(rows.weights**2 * both)
    own = float(np.mean(errors[kept] ** 2))
    products = errors[:, :, None] * errors[:, None, :] * both
    shared = float(np.sum(products * rows.weights) / on_edges) if on_edges else 0.0
    # Sampling noise may make the matrix indefinite; a covariance never is.
    return min(max(shared, 0.0), 0.999 * own), own
