"""Fusion by a graph network: its gradient, its symmetries, where it starts, and what it learns."""

import numpy as np
import pytest
from scipy.special import softmax

from qlearn.networks.graph_networks import (
    FusionRows,
    FusionTask,
    GraphFusion,
    MeanFusion,
    MessagePassingNetwork,
    QuantumGraphNetwork,
    mean_squared_error,
)

NETWORKS = [QuantumGraphNetwork(2), MessagePassingNetwork(2, "square")]
FAULTY = FusionTask(fault_rate=0.2)


@pytest.fixture(scope="module", params=NETWORKS, ids=lambda n: type(n).__name__)
def fusion(request):
    return GraphFusion(request.param, iterations=30, random_state=0).fit(FAULTY.draw(120, rng=0))


def test_it_learns(fusion):
    # the mean's error is that of broken units, about .6; a standard error of 2000 rows is .02
    new = FAULTY.draw(2000, rng=1)
    assert mean_squared_error(fusion, new) < mean_squared_error(MeanFusion(), new) - 0.1
    shares = fusion.shares(new)
    assert (shares > 0).all()
    np.testing.assert_allclose(shares.sum(axis=1), 1)
    assert shares[new.faulty].mean() < shares[~new.faulty].mean()


def test_units_may_be_numbered_in_any_way(fusion):
    rows = FAULTY.draw(30, rng=2)
    order = np.array([3, 0, 4, 1, 2])
    moved = FusionRows(
        rows.outputs[:, order], rows.weights[:, order][:, :, order], rows.target, rows.faulty[:, order]
    )
    np.testing.assert_allclose(fusion.predict(moved), fusion.predict(rows), atol=1e-9)
    np.testing.assert_allclose(fusion.shares(moved), fusion.shares(rows)[:, order], atol=1e-9)


def test_a_shift_of_all_outputs_shifts_the_answer(fusion):
    rows = FAULTY.draw(30, rng=3)
    moved = FusionRows(rows.outputs - 7, rows.weights, rows.target - 7, rows.faulty)
    np.testing.assert_allclose(fusion.predict(moved), fusion.predict(rows) - 7, atol=1e-9)


def test_it_runs_on_more_units_than_it_was_trained_on(fusion):
    more = FusionTask(n_units=7, fault_rate=0.2).draw(50, rng=4)
    assert fusion.predict(more).shape == (50,)


def test_the_loss_is_that_of_the_rows_with_the_penalty():
    rows = FAULTY.draw(60, rng=5)
    fusion = GraphFusion(NETWORKS[1], iterations=10, penalty=0.01, random_state=1).fit(rows)
    off = rows.outputs - np.median(rows.outputs, axis=1, keepdims=True)
    scores, _ = NETWORKS[1].scores(fusion.parameters_, np.arctan(off), rows.weights)
    answer = np.sum(softmax(scores, axis=1) * rows.outputs, axis=1)
    due = np.mean((answer - rows.target) ** 2) + 0.01 * np.mean(fusion.parameters_**2)
    assert fusion.loss_ == pytest.approx(due)
    assert fusion.evaluations_ >= 3


def test_training_ends_in_a_valley():
    """The gradient that BFGS was given is that of the loss: where it stops, no direction goes down."""
    rows = FAULTY.draw(60, rng=6)
    fusion = GraphFusion(
        MessagePassingNetwork(1, "square"), iterations=500, restarts=1, penalty=0.01, random_state=2
    )
    fusion.fit(rows)

    def loss(parameters):
        fusion.parameters_ = parameters
        return mean_squared_error(fusion, rows) + 0.01 * np.mean(parameters**2)

    best, step = fusion.parameters_.copy(), 1e-4
    slopes = [(loss(best + step * e) - loss(best - step * e)) / (2 * step) for e in np.eye(best.size)]
    np.testing.assert_allclose(slopes, 0, atol=1e-4)


def test_the_same_seed_trains_the_same():
    rows = FAULTY.draw(40, rng=7)
    one, two = (
        GraphFusion(NETWORKS[0], iterations=5, random_state=3).fit(rows).parameters_ for _ in range(2)
    )
    assert (one == two).all()


def test_equal_scores_are_the_mean():
    rows = FAULTY.draw(20, rng=8)
    fusion = GraphFusion(NETWORKS[0])
    fusion.parameters_ = np.r_[1.0, np.ones(4), 0.0, 0.0]  # a readout of nothing
    np.testing.assert_allclose(fusion.predict(rows), rows.outputs.mean(axis=1))


@pytest.mark.parametrize(
    ("options", "error", "says"),
    [
        ({"network": "quantum"}, TypeError, "network must have scores"),
        ({"iterations": 0}, ValueError, "iterations must be at least 1"),
        ({"restarts": 0}, ValueError, "restarts must be at least 1"),
        ({"penalty": -1.0}, ValueError, "penalty must be a finite number"),
    ],
)
def test_refuses(options, error, says):
    with pytest.raises(error, match=says):
        GraphFusion(**{"network": NETWORKS[0], **options}).fit(FAULTY.draw(5, rng=0))


def test_predict_before_fit_says_what_to_do():
    with pytest.raises(ValueError, match="fit must come before predict"):
        GraphFusion(NETWORKS[0]).predict(FAULTY.draw(2, rng=0))
