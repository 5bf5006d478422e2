"""The fusion task: its covariance, counted; its optimum, by integration; its refusals."""

import numpy as np
import pytest

from qlearn.networks.graph_networks import FusionRows, FusionTask


def test_errors_have_the_covariance_of_the_graph():
    # 40,000 rows: a product of two Gaussians of variance v has standard deviation at most sqrt(2) v, here .27 * 1.41;
    # 6 standard errors of the mean of each of 15 entries: a false alarm in 3e-8
    task = FusionTask(fixed_graph=2)
    rows = task.draw(40_000, rng=0)
    errors = rows.outputs - rows.target[:, None]
    due = task.covariance(rows.weights[0])
    bound = 6 * np.sqrt(2) * due.max() / np.sqrt(40_000)
    assert np.abs(errors.T @ errors / len(errors) - due).max() < bound
    np.testing.assert_allclose(np.diag(due), 1 / 4 + 0.15**2)


def test_weights_are_shares_of_sensors():
    rows = FusionTask().draw(200, rng=1)
    assert (rows.weights == rows.weights.mT).all()
    assert not np.diagonal(rows.weights, axis1=1, axis2=2).any()
    assert set(np.unique(rows.weights)) <= {0, 0.25, 0.5, 0.75, 1}
    assert not rows.faulty.any()
    assert len(np.unique(rows.weights, axis=0)) > 100  # each row has a graph of its own
    fixed = FusionTask(fixed_graph=2)
    assert (fixed.draw(3, rng=1).weights == fixed.draw(1, rng=7).weights).all()


def test_who_crowds_reads_the_first_sensors():
    overlaps = [FusionTask(crowd=crowd).draw(500, rng=0).weights.mean() for crowd in (0.0, 0.5, 1.0)]
    assert overlaps[0] < overlaps[1] < overlaps[2]
    # two of five sensors-of-five sets of four share 3 or 4: (1/5) 4 + (4/5) 3 = 3.2 of 4; off-diagonal share 4/5
    assert overlaps[2] == pytest.approx(0.8 * 3.2 / 4, abs=0.01)


def test_faults_come_as_often_as_said():
    # 25,000 units: standard error sqrt(.2 * .8 / 25000) = .0025; 6 of them: 2e-9
    rows = FusionTask(fault_rate=0.2).draw(5000, rng=3)
    assert abs(rows.faulty.mean() - 0.2) < 6 * 0.0025
    off = np.abs(rows.outputs - rows.target[:, None])
    assert off[rows.faulty].mean() > 4 * off[~rows.faulty].mean()


def test_without_faults_the_optimum_is_least_squares():
    task = FusionTask()
    rows = task.draw(50, rng=4)
    for x, w, answer in zip(rows.outputs, rows.weights, task.optimum(rows), strict=True):
        # the minimum of a' C a under 1' a = 1, by its equations with a multiplier
        system = np.block([[task.covariance(w), np.ones((5, 1))], [np.ones((1, 5)), np.zeros((1, 1))]])
        shares = np.linalg.solve(system, np.r_[np.zeros(5), 1.0])[:5]
        assert answer == pytest.approx(shares @ x, abs=1e-9)


def test_with_faults_the_optimum_is_the_mean_over_all_targets():
    """By a sum over a fine grid of targets, unit by unit: no formula of least squares in it."""
    task = FusionTask(n_units=3, fault_rate=0.3, own_noise=0.5, crowd=0.0, n_sensors=12)
    rows = task.draw(6, rng=5)
    for x, w, answer in zip(rows.outputs, rows.weights, task.optimum(rows), strict=True):
        grid = np.linspace(x.min() - 30, x.max() + 30, 20_001)
        density = np.zeros_like(grid)
        for pattern in np.ndindex(2, 2, 2):
            sigma = task.covariance(w) + 16 * np.diag(pattern)
            left = x[:, None] - grid
            chance = 0.3 ** sum(pattern) * 0.7 ** (3 - sum(pattern))
            misfit = np.sum(left * np.linalg.solve(sigma, left), axis=0)
            density += chance * np.exp(-misfit / 2) / np.sqrt(np.linalg.det(sigma))
        assert answer == pytest.approx(np.sum(grid * density) / density.sum(), abs=1e-6)


def test_the_optimum_follows_a_shift():
    task = FusionTask(fault_rate=0.2)
    rows = task.draw(20, rng=6)
    moved = FusionRows(rows.outputs + 3, rows.weights, rows.target + 3, rows.faulty)
    np.testing.assert_allclose(task.optimum(moved), task.optimum(rows) + 3, atol=1e-9)


@pytest.mark.parametrize(
    ("options", "error", "says"),
    [
        ({"n_units": 1}, ValueError, "n_units must be at least 2"),
        ({"n_units": 13}, ValueError, "n_units must be at most 12"),
        ({"n_sensors": 4}, ValueError, "n_sensors must be at least the 5"),
        ({"noise": 0.0}, ValueError, "noise must be above 0"),
        ({"own_noise": -1.0}, ValueError, "own_noise must be above 0"),
        ({"fault_spread": 0.0}, ValueError, "fault_spread must be above 0"),
        ({"fault_rate": 1.5}, ValueError, "fault_rate must be a probability"),
        ({"crowd": 2}, ValueError, "crowd must be a probability"),
        ({"fixed_graph": -1}, ValueError, "fixed_graph must be at least 0"),
    ],
)
def test_refuses(options, error, says):
    with pytest.raises(error, match=says):
        FusionTask(**options)


def test_rows_that_do_not_fit_are_refused():
    rows = FusionTask().draw(3, rng=0)
    with pytest.raises(ValueError, match="outputs, weights and faulty must have shapes"):
        FusionRows(rows.outputs, rows.weights, rows.target[:2], rows.faulty)
    spoiled = rows.outputs.copy()
    spoiled[0, 0] = np.nan
    with pytest.raises(ValueError, match="outputs must be finite"):
        FusionRows(spoiled, rows.weights, rows.target, rows.faulty)
    with pytest.raises(ValueError, match="n_rows must be at least 1"):
        FusionTask().draw(0)
