"""Which layers are trained when.

Training with few shots: exact without them, honest with them, and strict about rows and labels.
"""

import numpy as np
import pytest

from qlearn.learning.barren_plateaus import draw_circuits, expected_cost, gradients, train_circuits
from qlearn.learning.barren_plateaus.training import trained_layers
from qlearn.qubits import expectation


@pytest.mark.parametrize("start", ["random", "identity"])
def test_all_layers_always(start):
    assert list(trained_layers(start, 6, 2, 3)) == [(0, 6, 6)] * 3


@pytest.mark.parametrize(
    ("depth", "block", "steps"), [(12, 4, 30), (10, 4, 30), (1, 2, 7), (6, 6, 2), (8, 2, 3)]
)
def test_layerwise_appends_every_layer_once_and_then_trains_all(depth, block, steps):
    plan = list(trained_layers("layerwise", depth, block, steps))
    assert len(plan) == steps
    assert all(0 <= begin < end <= present <= depth for begin, end, present in plan)
    growing, later = plan[: steps // 2], plan[steps // 2 :]
    assert all(end == present for _, end, present in growing)
    assert [end for _, end, _ in growing] == sorted(end for _, end, _ in growing)
    assert {present for *_, present in later} == {depth}
    if steps // 2 >= -(-depth // block):
        assert {begin for begin, *_ in growing} == set(range(0, depth, block))


RNG = np.random.default_rng(0)
X = RNG.uniform(0, np.pi, (60, 3))
Y = np.where(np.cos(X[:, 0]) * np.cos(X[:, 1]) > 0, 1, -1)


@pytest.mark.parametrize("start", ["random", "identity", "layerwise"])
def test_learns_what_z0_z1_can_say(start):
    found = train_circuits(
        X, Y, depth=4, start=start, block=2, restarts=3, steps=150, shots=None, learning_rate=0.1, rng=2
    )
    assert found.losses[-20:].mean() < found.losses[:3].mean()
    assert found.score(X, Y).max() > 0.85
    assert (found.noise == 0).all()


def test_a_result_shows_its_size_and_its_last_loss():
    found = train_circuits(X, Y, depth=2, restarts=3, steps=2, rng=1)
    assert repr(found) == f"TrainedCircuits(restarts=3, steps=2, last_loss={found.losses[-1].mean():.3g})"


def test_identity_starts_as_the_rule_itself():
    # U is the identity, so the first answer is cos x0 cos x1: every label of this task is right before training.
    found = train_circuits(X, Y, depth=4, start="identity", restarts=2, steps=1, learning_rate=1e-9, rng=3)
    np.testing.assert_allclose(found.decision_function(X), [np.cos(X[:, 0]) * np.cos(X[:, 1])] * 2, atol=1e-6)
    assert (found.score(X, Y) == 1).all()


def test_answers_are_those_of_the_circuit():
    found = train_circuits(X, Y, depth=3, restarts=2, steps=2, rng=4)
    start = np.array([np.cos(X / 2), np.sin(X / 2)]).transpose(1, 2, 0)
    states = np.einsum("ra,rb,rc->rabc", *start.transpose(1, 0, 2)).reshape(60, 8)
    for restart in range(2):
        final = found.circuits.circuit(restart).run(states)
        np.testing.assert_allclose(found.decision_function(X)[restart], expectation(final, "ZZI"), atol=1e-12)


def test_the_slope_recorded_is_that_of_the_loss():
    # One row at RY(pi/4), label 1: dL = 2 (m - 1) dm, and dm is what `gradients` gives.
    rows = np.full((2, 3), np.pi / 4)
    found = train_circuits(
        rows, [1, -1], depth=4, restarts=2, steps=1, shots=None, learning_rate=1e-12, rng=5
    )
    m, dm = found.decision_function(rows)[:, 0], gradients(found.circuits)
    slope = (2 * 0.5 * ((m - 1) + (m + 1)))[:, None, None] * dm
    np.testing.assert_allclose(found.gradient_rms[0], np.sqrt((slope**2).mean(axis=(1, 2))), rtol=1e-6)
    np.testing.assert_allclose(found.losses[0], ((m - 1) ** 2 + (m + 1) ** 2) / 2, rtol=1e-9)


def test_counts_shots_and_their_noise():
    # Layer by layer only part of the angles is measured: 2 values for each row and trained angle, and the row's answer.
    how = {"depth": 4, "start": "layerwise", "block": 2, "restarts": 2, "steps": 8, "batch_size": 5, "rng": 6}
    found = train_circuits(X, Y, shots=10**9, **how)
    assert found.expectations.tolist() == [5 * (1 + 2 * 3 * 2)] * 8
    # With so many shots the answers are exact: 2/B sqrt(sum of squared errors) / sqrt(2 shots).
    np.testing.assert_allclose(found.noise, 2 * np.sqrt(found.losses / 5) / np.sqrt(2e9), rtol=1e-3)
    # With one shot an answer is -1 or 1: an error is 0 or 2, so B noise^2 / 2 is a whole number of fours, over B.
    single = train_circuits(X, Y, shots=1, **how)
    wrong = single.noise**2 * 5**2 / 2 / 4
    np.testing.assert_allclose(wrong, np.rint(wrong), atol=1e-9)
    assert len(np.unique(np.rint(wrong))) > 2


def test_counted_answers_are_right_in_the_mean():
    # n = 4000 restarts of the same circuit at its start, one row: the mean of (counted answer - 1)^2 is
    # (m - 1)^2 + (1 - m^2) / shots.
    shots, restarts = 10, 4000
    rows = np.full((2, 2), 1.0)
    found = train_circuits(
        rows,
        [1, -1],
        depth=2,
        start="identity",
        block=2,
        restarts=restarts,
        steps=1,
        batch_size=2,
        shots=shots,
        rng=3,
    )
    m = np.cos(1.0) ** 2
    both = found.noise[0] ** 2 * 2**2 / 4 * 2 * shots  # (a - 1)^2 + (b + 1)^2
    right = (m - 1) ** 2 + (m + 1) ** 2 + 2 * (1 - m**2) / shots
    # Standard deviation of one sum: below 0.95 (measured: 0.89); six standard errors, false alarm 2e-9.
    assert both.std() < 0.95
    assert abs(both.mean() - right) < 6 * 0.95 / np.sqrt(restarts)


@pytest.mark.parametrize("init", ["random", "identity"])
def test_no_derivative_is_noisier_than_what_is_added(init):
    # The two runs of the shift rule, exactly: variance ((1 - m+^2) + (1 - m-^2)) / (4 shots) <= 1 / (2 shots).
    one = draw_circuits(4, 8, samples=1, init=init, block=4, rng=11)
    turns = np.pi / 2 * np.eye(32).reshape(32, 8, 4)
    plus, minus = (expected_cost(one.with_angles(one.angles + sign * turns)) for sign in (1, -1))
    np.testing.assert_allclose((plus - minus) / 2, gradients(one)[0].ravel(), atol=1e-12)
    share = ((1 - plus**2) + (1 - minus**2)) / 2
    assert (share <= 1).all()
    assert share.min() < 0.999  # a bound, not an equality


@pytest.mark.parametrize("start", ["random", "identity", "layerwise"])
def test_the_switch_changes_the_couplings_and_nothing_else(start):
    how = {
        "depth": 4,
        "start": start,
        "block": 2,
        "restarts": 3,
        "steps": 4,
        "batch_size": 5,
        "shots": 10,
        "rng": 12,
    }
    one, none = (train_circuits(X, Y, entanglement=kind, **how) for kind in ("linear", "none"))
    assert one.circuits.pairs
    assert not none.circuits.pairs
    np.testing.assert_array_equal(one.circuits.axes, none.circuits.axes)
    np.testing.assert_array_equal(one.circuits.mirrored, none.circuits.mirrored)
    np.testing.assert_array_equal(one.expectations, none.expectations)
    # Angles and batches: with steps too small to move anything, what is left is where it began.
    still = {**how, "learning_rate": 1e-12}
    one, none = (train_circuits(X, Y, entanglement=kind, **still) for kind in ("linear", "none"))
    np.testing.assert_allclose(one.circuits.angles, none.circuits.angles, atol=1e-9)
    if start == "identity":  # the circuit is the identity with and without: the same rows, the same losses
        np.testing.assert_allclose(one.losses, none.losses, atol=1e-9)


def test_without_couplings_only_the_measured_wires_count():
    found = train_circuits(X, Y, depth=4, restarts=2, steps=3, entanglement="none", rng=13)
    other = X.copy()
    other[:, 2] = RNG.uniform(0, np.pi, len(X))
    np.testing.assert_allclose(found.decision_function(other), found.decision_function(X), atol=1e-12)


def test_frozen_layers_stay():
    # two steps, one of each phase, train layers 0-1 and then 0-2: the rest was appended as zeros and stays
    found = train_circuits(X, Y, depth=6, start="layerwise", block=2, steps=2, rng=7)
    angles = found.circuits.angles[0]
    assert (angles[3:] == 0).all()
    assert (angles[:3] != 0).all()


def test_few_shots_for_a_prediction_lose_what_a_small_margin_holds():
    found = train_circuits(X, Y, depth=30, restarts=4, steps=3, rng=8)
    rng = np.random.default_rng(1)
    exact, many, few = (
        found.score(X, Y),
        found.score(X, Y, shots=10**8, rng=rng),
        found.score(X, Y, shots=3, rng=rng),
    )
    np.testing.assert_allclose(many, exact, atol=0.02)  # a row within 1e-4 of zero may differ
    assert few.shape == (4,)
    assert ((few >= 0) & (few <= 1)).all()


def test_rows_of_their_own_for_each_restart():
    both = np.stack([X, X[::-1]])
    found = train_circuits(both, np.stack([Y, Y[::-1]]), depth=2, restarts=2, steps=2, rng=9)
    assert found.decision_function(both).shape == (2, 60)
    assert found.score(both, np.stack([Y, Y[::-1]])).shape == (2,)


def test_an_interrupted_run_keeps_its_steps(monkeypatch):
    from qlearn.learning.barren_plateaus import training

    class Impatient(training.Adam):
        def step(self, parameters, gradients):
            if self._steps == 3:
                raise KeyboardInterrupt
            return super().step(parameters, gradients)

    monkeypatch.setattr(training, "Adam", Impatient)
    found = train_circuits(X, Y, depth=2, steps=9, rng=1)
    assert 3 <= len(found.losses) <= 4


def test_shows_progress_when_asked(capsys):
    train_circuits(X, Y, depth=2, steps=2, rng=1)
    assert capsys.readouterr().err == ""
    train_circuits(X, Y, depth=2, steps=2, rng=1, progress=True)
    assert "step" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "error", "says"),
    [
        ({"start": "zero"}, ValueError, "start must be one of random, identity, layerwise"),
        ({"shots": -1}, ValueError, "shots must be at least 1"),
        ({"shots": 0}, ValueError, "shots must be at least 1"),
        ({"steps": 0}, ValueError, "steps must be at least 1"),
        ({"batch_size": 0}, ValueError, "batch_size must be at least 1"),
        ({"learning_rate": 0}, ValueError, "learning_rate must be above 0"),
        ({"X": np.full((60, 3), np.nan)}, ValueError, "X must be finite"),
        ({"X": np.zeros((60, 1))}, ValueError, "n_qubits must be at least 2"),
        ({"X": np.zeros((4, 60, 3))}, ValueError, "X must have shape"),
        ({"X": 1.0}, ValueError, "n_qubits must be at least 2"),
        ({"y": Y[:-1]}, ValueError, "y must hold one label for each of the 60 rows"),
        ({"y": (Y + 1) // 2}, ValueError, "labels -1 and 1"),
        ({"y": np.ones(60)}, ValueError, "both of them"),
        ({"y": []}, ValueError, "labels -1 and 1"),
        ({"y": ["a"] * 60}, TypeError, "y must be a number or an array of numbers"),
        ({"depth": 3, "start": "identity"}, ValueError, "must be even"),
    ],
)
def test_refuses(arguments, error, says):
    with pytest.raises(error, match=says):
        train_circuits(**{"X": X, "y": Y, "depth": 2, "steps": 1, **arguments})
