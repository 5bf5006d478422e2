"""Sensed data: states by hand, readings with the spread of their shots, and one task for both kinds."""

import numpy as np
import pytest
from hypothesis import given, strategies as st

from qlearn.learning.neural_networks import QNNClassifier
from qlearn.networks.orchestration import measured_phases, phase_states, sensed_data


@given(st.lists(st.floats(-np.pi, np.pi), min_size=1, max_size=3))
def test_states_by_hand(phases):
    expected = np.ones(1)
    for phase in phases:
        expected = np.kron(expected, np.array([np.exp(-0.5j * phase), np.exp(0.5j * phase)]) / np.sqrt(2))
    np.testing.assert_allclose(phase_states([phases])[0], expected, atol=1e-12)


def test_the_states_are_those_of_the_networks_own_angles():
    phases = np.random.default_rng(0).uniform(-1, 1, (20, 2))
    labels = (phases.sum(axis=1) > 0).astype(int)
    by_state = QNNClassifier(encoding="state", random_state=0).fit(phase_states(phases), labels)
    by_phase = QNNClassifier(encoding="phase", random_state=0).fit(phases, labels)
    np.testing.assert_allclose(
        by_state.predict_proba(phase_states(phases)), by_phase.predict_proba(phases), atol=1e-9
    )


def test_readings_have_the_spread_of_their_shots():
    # at phase 0 the reading is atan2(y, 1): its variance is that of y, 1/shots; the variance of 20,000 normal readings
    # has a relative sigma of 1 %: 6 sigma are 6 %, false alarm 2e-9 (the bend of the arc tangent is below 1 %)
    read = measured_phases(np.zeros(20_000), 400, rng=1)
    assert read.var() == pytest.approx(1 / 400, rel=0.07)
    assert abs(read.mean()) < 6 / np.sqrt(400 * 20_000)


def test_classical_data_is_the_same_task_seen_less_well():
    (X, y), (Z, w) = (sensed_data(300, kind, rng=4) for kind in ("quantum", "classical"))
    assert (y == w).all()  # one seed, the same phases
    overlap = np.abs((X.conj() * Z).sum(axis=1)) ** 2
    assert 0.8 < overlap.mean() < 0.99
    assert set(y.tolist()) == {0, 1}


@pytest.mark.parametrize(
    ("act", "error", "says"),
    [
        (lambda: phase_states([0.1]), ValueError, "phases must have shape"),
        (lambda: phase_states(np.empty((2, 0))), ValueError, "phases must have shape"),
        (lambda: phase_states([[np.nan]]), ValueError, "phases must be finite"),
        (lambda: measured_phases(0.1, 0), ValueError, "shots must be at least 1"),
        (lambda: sensed_data(0, "quantum"), ValueError, "n must be at least 1"),
        (lambda: sensed_data(1, "both"), ValueError, "data must be one of classical, quantum"),
        (lambda: sensed_data(1, "quantum", shots=0), ValueError, "shots must be at least 1"),
    ],
)
def test_refuses(act, error, says):
    with pytest.raises(error, match=says):
        act()
