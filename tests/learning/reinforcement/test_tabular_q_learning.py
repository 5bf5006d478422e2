"""Q-learning: right where theory is exact, good where it promises nothing."""

import numpy as np
import pytest

from qlearn.learning.reinforcement import tabular_q_learning as q_tables
from qlearn.learning.reinforcement.environment import ChannelSelectionVector
from qlearn.learning.reinforcement.gilbert_elliott import GilbertElliott
from qlearn.learning.reinforcement.markov_decision_processes import full_information_mdp, value_iteration
from qlearn.learning.reinforcement.tabular_q_learning import q_learning


def test_finds_the_values_of_a_problem_that_hides_nothing():
    # one channel: what is told is the whole state. With eta = 0.02 over 64 environments the table jitters by less
    # than 0.01 about the truth (100 seeds: largest 0.02); allowed 0.06
    links = GilbertElliott(1, 0.3, 0.2)
    learned = q_learning(
        ChannelSelectionVector(64, links), updates=150, slots=10, discount=0.8, learning_rate=0.02, rng=0
    )
    _, exact = value_iteration(full_information_mdp(links), 0.8)
    assert np.abs(learned.parameters[0][0] - exact).max() < 0.06
    assert exact.max() > 1


def test_learns_to_stay_or_switch():
    learned = q_learning(
        ChannelSelectionVector(64, GilbertElliott(2, 0.1, 0.1)), runs=4, learning_rate=0.03, rng=0
    )
    assert (learned.policies[:, -1].argmax(axis=-1) == [1, 0, 0, 1]).all()
    assert learned.slots[-1] == 16 * 25 * 100


def test_a_result_is_its_seed():
    def train(seed):
        return q_learning(ChannelSelectionVector(4), runs=2, updates=3, rng=seed, progress=True).parameters

    assert (np.array(train(1)) == train(1)).all()
    assert (np.array(train(1)) != train(2)).any()


def test_an_interrupt_keeps_what_was_learned(monkeypatch):
    class Tired(ChannelSelectionVector):
        resets = 0

        def reset(self, **options):
            self.resets += 1
            if self.resets == 4:
                raise KeyboardInterrupt
            return super().reset(**options)

    learned = q_tables.q_learning(Tired(2), updates=50, rng=0)
    assert learned.policies.shape == (1, 3, 4, 2)
    assert learned.slots.tolist() == [50, 100, 150]


def test_refuses():
    envs = ChannelSelectionVector(2)
    for learning_rate in (0, 1.1):
        with pytest.raises(ValueError, match="learning_rate must be above 0 and at most 1"):
            q_learning(envs, learning_rate=learning_rate)
    with pytest.raises(ValueError, match="exploration must be a probability"):
        q_learning(envs, exploration=2)
    with pytest.raises(ValueError, match="discount must be at least 0 and below 1"):
        q_learning(envs, discount=1.0)
    with pytest.raises(ValueError, match="runs must divide"):
        q_learning(envs, runs=3)
    with pytest.raises(ValueError, match="slots must be at least 1"):
        q_learning(envs, slots=0)
