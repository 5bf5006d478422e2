"""A made market: shares that move with one factor and by themselves, so that the truth is known."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qlearn._checks import as_count, as_real, as_rng

_FACTOR_MEAN, _FACTOR_SPREAD = 0.08 / 12, 0.16 / 12**0.5
_OWN = (0.10 / 12**0.5, 0.30 / 12**0.5)


@dataclass(frozen=True, eq=False)
class FactorMarket:
    """True mean and covariance of monthly returns above the riskless one.

    Parameters
    ----------
    mean : ndarray of float64, shape (n,)
    covariance : ndarray of float64, shape (n, n)
    """

    mean: NDArray[np.float64]
    covariance: NDArray[np.float64]

    def draw(self, months: int, rng: Any = None) -> NDArray[np.float64]:
        """Return normal returns of so many months, shape (months, n)."""
        noise = as_rng(rng).standard_normal((as_count(months, "months"), self.mean.size))
        return self.mean + noise @ np.linalg.cholesky(self.covariance).T

    def worth(self, weights: Any, risk_aversion: float) -> float:
        r"""Return the certainty equivalent of a portfolio a month: :math:`\mu^T w - \frac\gamma2 w^T \Sigma w`, by the truth."""
        w = np.asarray(weights, np.float64)
        if w.shape != self.mean.shape:
            raise ValueError(f"weights must be one number a share, shape {self.mean.shape}, not {w.shape}")
        return float(
            self.mean @ w - as_real(risk_aversion, "risk_aversion", least=0) / 2 * w @ self.covariance @ w
        )


def made_market(n_assets: int, *, alpha: float = 0.02, rng: Any = None) -> FactorMarket:
    r"""Make a market of one factor.

    .. math:: r_i = \alpha_i + \beta_i f + \varepsilon_i

    A year the factor brings 8 % with a spread of 16 %; the :math:`\beta_i` lie evenly in 0.5 to 1.5, in random order,
    and the own spreads uniformly in 10 to 30 %. Those are the numbers of DeMiguel, Garlappi and Uppal, where
    :math:`\alpha_i = 0`; here it is normal, so that choosing can be worth something.

    Parameters
    ----------
    n_assets : int
        At least 2.
    alpha : float
        Spread of :math:`\alpha_i`, a year.
    rng : optional
        Anything that :func:`numpy.random.default_rng` takes.

    Returns
    -------
    FactorMarket

    Examples
    --------
    >>> market = made_market(4, rng=0)
    >>> market.draw(60, rng=1).shape, round(market.worth([0.25] * 4, risk_aversion=3), 4)
    ((60, 4), 0.0022)

    References
    ----------
    DeMiguel, Garlappi and Uppal, "Optimal versus naive diversification: how inefficient is the 1/N portfolio
    strategy?", 2009, doi:10.1093/rfs/hhm075.
    """
    n, rng = as_count(n_assets, "n_assets", least=2), as_rng(rng)
    beta = rng.permutation(np.linspace(0.5, 1.5, n))
    own = rng.uniform(*_OWN, n)
    mean = rng.normal(0, as_real(alpha, "alpha", least=0) / 12, n) + beta * _FACTOR_MEAN
    return FactorMarket(mean, _FACTOR_SPREAD**2 * np.outer(beta, beta) + np.diag(own**2))
