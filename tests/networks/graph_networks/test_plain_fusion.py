"""Plain fusion: closed forms of the weights, and who is best where."""

import numpy as np
import pytest
from scipy.optimize import minimize

from qlearn.networks.graph_networks import (
    CovarianceFusion,
    FusionRows,
    FusionTask,
    LinearFusion,
    MeanFusion,
    MedianFusion,
    ScreenedFusion,
    mean_squared_error,
)


def test_mean_and_median():
    rows = FusionTask().draw(30, rng=0)
    np.testing.assert_allclose(MeanFusion().fit(rows).predict(rows), [sum(x) / 5 for x in rows.outputs])
    np.testing.assert_allclose(MedianFusion().fit(rows).predict(rows), [sorted(x)[2] for x in rows.outputs])


def test_linear_weights_are_the_minimum():
    """By a general optimiser on four free weights; the fifth is what is left of 1."""
    rows = FusionTask(fixed_graph=2).draw(300, rng=1)
    for ridge in (0.0, 0.3):

        def loss(free, ridge=ridge):
            shares = np.r_[free, 1 - free.sum()]
            return np.mean((rows.outputs @ shares - rows.target) ** 2) + ridge * np.sum((shares - 1 / 5) ** 2)

        found = minimize(loss, np.full(4, 0.2), tol=1e-12).x
        np.testing.assert_allclose(LinearFusion(ridge).fit(rows).shares_[:4], found, atol=1e-5)
    np.testing.assert_allclose(LinearFusion(1e9).fit(rows).shares_, 0.2, atol=1e-6)


def test_linear_fusion_comes_to_the_optimum_where_the_graph_stays():
    # judged on 4000 rows: both answers err by nearly the same, so their difference has a standard error below .001
    task = FusionTask(fixed_graph=2)
    fusion, new = LinearFusion().fit(task.draw(20_000, rng=2)), task.draw(4000, rng=3)
    optimum = np.mean((task.optimum(new) - new.target) ** 2)
    assert mean_squared_error(fusion, new) == pytest.approx(optimum, abs=0.002)
    assert mean_squared_error(MeanFusion(), new) > optimum + 0.01


def test_covariance_fusion_with_the_true_covariance_is_the_optimum():
    task = FusionTask()
    new = task.draw(500, rng=4)
    fusion = CovarianceFusion()
    fusion.shared_, fusion.own_ = 1 / 4, 1 / 4 + 0.15**2
    np.testing.assert_allclose(fusion.predict(new), task.optimum(new), atol=1e-9)


def test_covariance_fusion_learns_its_two_numbers():
    # own: 20,000 outputs, correlated by row: standard error at most sqrt(2/4000) .2725 = .006; 6 of them
    fusion = CovarianceFusion().fit(FusionTask().draw(4000, rng=5))
    assert abs(fusion.own_ - 0.2725) < 0.036
    assert abs(fusion.shared_ - 0.25) < 0.036


def test_no_edges_make_the_mean():
    rows = FusionTask(n_sensors=2000, crowd=0.0).draw(40, rng=6)
    alone = FusionRows(rows.outputs, np.zeros_like(rows.weights), rows.target, rows.faulty)
    np.testing.assert_allclose(CovarianceFusion().fit(alone).predict(alone), rows.outputs.mean(axis=1))


def test_screening_drops_what_lies_far():
    outputs = np.array([[0.0, 0.5, 1.0, 50.0]])
    rows = FusionRows(outputs, np.zeros((1, 4, 4)), np.array([0.5]), np.zeros((1, 4), bool))
    assert ScreenedFusion(1.0).fit(rows).predict(rows)[0] == pytest.approx(0.5, abs=1e-6)
    assert MeanFusion().predict(rows)[0] == pytest.approx(12.875)
    # however narrow, somebody stays
    assert ScreenedFusion(1e-9).fit(rows).predict(rows)[0] == pytest.approx(0.75, abs=1e-6)


def test_screening_that_drops_nobody_is_covariance_fusion():
    rows = FusionTask().draw(200, rng=7)
    np.testing.assert_allclose(
        ScreenedFusion(1e9).fit(rows).predict(rows), CovarianceFusion().fit(rows).predict(rows)
    )


@pytest.mark.parametrize(
    ("fusion", "says"),
    [(LinearFusion(-1.0), "ridge must be a finite number"), (ScreenedFusion(0.0), "within must be above 0")],
)
def test_refuses(fusion, says):
    with pytest.raises(ValueError, match=says):
        fusion.fit(FusionTask().draw(10, rng=0))


@pytest.mark.parametrize("fusion", [LinearFusion(), CovarianceFusion(), ScreenedFusion()], ids=repr)
def test_predict_before_fit_says_what_to_do(fusion):
    with pytest.raises(ValueError, match="fit must come before predict"):
        fusion.predict(FusionTask().draw(2, rng=0))


@pytest.mark.parametrize("n_units", [3, 5])
def test_linear_weights_are_for_as_many_units_as_there_were(n_units):
    fusion = LinearFusion().fit(FusionTask(n_units=4).draw(20, rng=0))
    with pytest.raises(ValueError, match=f"of the 4 units .* not of {n_units}"):
        fusion.predict(FusionTask(n_units=n_units).draw(2, rng=0))
