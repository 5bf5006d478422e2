"""A made market: its numbers are those that are stated, and what is drawn has them."""

import numpy as np
import pytest

from qlearn.applications.finance import FactorMarket, made_market


def test_without_alpha_all_return_is_that_of_the_factor():
    market = made_market(11, alpha=0, rng=4)
    beta = market.mean / (0.08 / 12)
    assert np.sort(beta) == pytest.approx(np.linspace(0.5, 1.5, 11))
    own = market.covariance - 0.16**2 / 12 * np.outer(beta, beta)
    assert own == pytest.approx(np.diag(np.diag(own)), abs=1e-15)
    assert ((np.diag(own) * 12 >= 0.1**2) & (np.diag(own) * 12 <= 0.3**2)).all()


def test_draws_have_the_mean_and_the_covariance():
    """40,000 months of 5 shares, 20 numbers at 6 standard errors: a false alarm below 1e-7."""
    market, n = made_market(5, rng=2), 40_000
    returns = market.draw(n, rng=3)
    off = (returns.mean(axis=0) - market.mean) / np.sqrt(np.diag(market.covariance) / n)
    assert np.abs(off).max() < 6
    spread = np.sqrt((np.outer(*[np.diag(market.covariance)] * 2) + market.covariance**2) / n)
    assert (np.abs(np.cov(returns.T) - market.covariance) < 6 * spread).all()


def test_worth_by_hand_and_by_seed():
    market = FactorMarket(np.array([0.01, 0.02]), np.array([[0.04, 0.01], [0.01, 0.09]]))
    assert market.worth([0.5, 0.5], 2) == pytest.approx(0.015 - (0.04 + 0.02 + 0.09) / 4)
    assert (made_market(3, rng=5).mean == made_market(3, rng=5).mean).all()


def test_refuses():
    with pytest.raises(ValueError, match="n_assets must be at least 2"):
        made_market(1)
    with pytest.raises(ValueError, match="alpha must be"):
        made_market(2, alpha=-1)
    with pytest.raises(ValueError, match="months must be"):
        made_market(2, rng=0).draw(0)
    with pytest.raises(ValueError, match="one number a share"):
        made_market(2, rng=0).worth([1, 0, 0], 1)
