"""A decision process as an environment: its moves have the written probabilities, and a learner finds its values."""

import numpy as np
import pytest

from qlearn.learning.reinforcement import (
    GilbertElliott,
    MarkovDecisionProcess,
    ProcessVector,
    full_information_mdp,
    q_learning,
    value_iteration,
)


def some_process(seed=0, states=4, actions=3, outcomes=2):
    rng = np.random.default_rng(seed)
    likely = rng.dirichlet(np.ones(outcomes), (states, actions))
    return MarkovDecisionProcess(
        rng.integers(states, size=likely.shape),
        likely,
        rng.normal(size=(states, actions)),
        np.full(states, 1 / states),
    )


def test_moves_have_the_written_probabilities():
    # 40,000 moves of each pair of state and action: a share deviates by at most 1/(2 x 200); 6 sigma, 2e-9 each
    process, n = some_process(), 40_000
    envs = ProcessVector(n, process)
    for action in range(3):
        first, _ = envs.reset(seed=action)
        after, rewards, terminated, truncated, _ = envs.step(np.full(n, action))
        assert not terminated.any()
        assert not truncated.any()
        for state in range(4):
            here = first == state
            assert (rewards[here] == process.rewards[state, action]).all()
            law = np.bincount(process.next_states[state, action], process.probabilities[state, action], 4)
            share = np.bincount(after[here], minlength=4) / here.sum()
            assert (np.abs(share - law) < 6 * 0.5 / np.sqrt(here.sum())).all()


def test_a_learner_finds_the_best_actions():
    process = full_information_mdp(GilbertElliott(2, 0.1, 0.2))
    learned = q_learning(ProcessVector(64, process, slots=25), updates=100, learning_rate=0.05, rng=1)
    values, q = value_iteration(process, 0.9)
    chosen = learned.policies[0, -1].argmax(axis=1)
    assert q[np.arange(8), chosen] == pytest.approx(values, abs=1e-6)


def test_episodes_end_and_repeat_with_their_seed():
    envs = ProcessVector(5, some_process(), slots=2)
    runs = []
    for _ in range(2):
        states = [envs.reset(seed=3)[0]]
        over = []
        for _ in range(2):
            after, _, _, truncated, _ = envs.step(np.zeros(5, int))
            states.append(after)
            over.append(truncated.all())
        assert over == [False, True]
        runs.append(np.array(states))
    assert (runs[0] == runs[1]).all()


def test_refuses():
    with pytest.raises(TypeError, match="process must be a MarkovDecisionProcess, not int"):
        ProcessVector(2, 3)
    envs = ProcessVector(2, some_process())
    with pytest.raises(RuntimeError, match="call reset"):
        envs.step([0, 0])
    envs.reset(seed=0)
    for wrong in ([0], [0, 3], [0.0, 1.0], [-1, 0]):
        with pytest.raises(ValueError, match="actions must be 2 numbers, each 0 to 2"):
            envs.step(wrong)
