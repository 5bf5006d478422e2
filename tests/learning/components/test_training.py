"""The training that brings a mixture to rest: its cost, its gradient, its bound and its interruption."""

import numpy as np
import pytest
from hypothesis import given, strategies as st

from qlearn.learning.components import _training as levels
from qlearn.learning.components._training import minimise_cost
from qlearn.learning.neural_networks.ansatz import Ansatz
from qlearn.qubits import probabilities, random_state

SETTINGS = {"epochs": 60, "learning_rate": 0.1, "progress": False}


def test_cost_is_the_mean_price_of_the_ones():
    states, weights = random_state(3, 4, rng=1), np.array([4.0, 2.0, 1.0])
    ansatz = Ansatz(3, 2)
    angles, costs = minimise_cost(ansatz, states / 2, weights, rng=5, **SETTINGS)
    outcomes = probabilities(ansatz.circuit(angles).run(states)).mean(axis=0)
    assert costs[-1] == pytest.approx(float(outcomes @ np.arange(8)), abs=1e-12)
    assert len(costs) == 61


@given(st.integers(0, 30))
def test_never_below_the_sorted_eigenvalues(seed):
    states = random_state(2, 3, rng=seed)
    _, costs = minimise_cost(
        Ansatz(2, 3), states / np.sqrt(3), np.array([2.0, 1.0]), rng=seed, **SETTINGS | {"epochs": 20}
    )
    eigenvalues = np.linalg.eigvalsh(states.T @ states.conj() / 3)[::-1]
    assert min(costs) >= eigenvalues @ np.arange(4) - 1e-10
    assert costs[-1] < costs[0]


def test_interrupt_keeps_what_was_reached(monkeypatch):
    class Impatient(levels.Adam):
        def step(self, parameters, gradients):
            if self._steps == 30:
                raise KeyboardInterrupt
            return super().step(parameters, gradients)

    states, weights = random_state(2, 2, rng=1) / np.sqrt(2), np.ones(2)
    whole = minimise_cost(Ansatz(2, 3), states, weights, rng=2, **SETTINGS)
    monkeypatch.setattr(levels, "Adam", Impatient)
    angles, costs = minimise_cost(Ansatz(2, 3), states, weights, rng=2, **SETTINGS)
    assert costs[:31] == whole[1][:31]
    assert angles.shape == (3, 2, 2)


def test_shows_a_bar_when_asked(capsys):
    minimise_cost(
        Ansatz(1, 1), np.eye(1, 2, dtype=complex), np.ones(1), rng=2, **SETTINGS | {"progress": True}
    )
    assert "epochs" in capsys.readouterr().err


def test_refuses_no_epochs():
    with pytest.raises(ValueError, match="epochs must be at least 1"):
        minimise_cost(
            Ansatz(1, 1), np.eye(1, 2, dtype=complex), np.ones(1), rng=2, **SETTINGS | {"epochs": 0}
        )


def test_without_entanglement_only_the_couplings_are_missing():
    angles = np.random.default_rng(2).uniform(-np.pi, np.pi, (3, 4, 2))
    full = Ansatz(4, 3, "circular").circuit(angles).operations
    bare = Ansatz(4, 3, "none").circuit(angles).operations
    assert [str(step) for step in bare] == [str(step) for step in full if step.name != "cx"]
    assert len(bare) < len(full)
