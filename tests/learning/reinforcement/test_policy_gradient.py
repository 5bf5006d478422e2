"""Episodes and their gradient: unbiased, against the exact derivative of the expected return.

REINFORCE: it learns, is its seed, keeps runs apart, and stops when told.
"""

import gymnasium
import numpy as np
import pytest
from gymnasium.vector import SyncVectorEnv
from scipy.special import softmax

from qlearn.learning.reinforcement import policy_gradient
from qlearn.learning.reinforcement.environment import ChannelSelection, ChannelSelectionVector
from qlearn.learning.reinforcement.gilbert_elliott import GilbertElliott
from qlearn.learning.reinforcement.markov_decision_processes import average_reward
from qlearn.learning.reinforcement.policy_gradient import advantages, reinforce, rollout, score_gradients
from qlearn.learning.reinforcement.score_models import CircuitScores, DenseScores, TableScores, index_bits
from qlearn.learning.reinforcement.tabular_q_learning import q_learning


def test_advantages_are_the_return_less_the_mean_of_the_others():
    rewards = np.random.default_rng(0).normal(size=(6, 4))
    got = advantages(rewards, 0.7, runs=2)
    for episode in range(6):
        run = range(3) if episode < 3 else range(3, 6)
        for slot in range(4):
            to_come = {e: sum(0.7**k * rewards[e, slot + k] for k in range(4 - slot)) for e in run}
            others = np.mean([value for e, value in to_come.items() if e != episode])
            assert got[episode, slot] == pytest.approx(to_come[episode] - others)


def test_the_policy_gradient_is_unbiased(expected_return):
    # 400 independent gradients of 50 episodes each: the mean of each of 8 entries within 5.5 standard errors: 3e-7
    links, slots, runs = GilbertElliott(2, [0.1, 0.3], 0.2, noise=0.1), 5, 400
    scores = np.random.default_rng(1).normal(size=(4, 2))
    exact = np.zeros_like(scores)
    for cell in np.ndindex(scores.shape):
        step = np.zeros_like(scores)
        step[cell] = 1e-5
        ahead, behind = (expected_return(links, softmax(scores + s * step, axis=1), slots) for s in (1, -1))
        exact[cell] = (ahead - behind) / 2e-5
    policies = np.broadcast_to(softmax(scores, axis=1), (runs, 4, 2))
    envs, rng = ChannelSelectionVector(runs * 50, links), np.random.default_rng(2)
    seen, taken, rewards, *_ = rollout(envs, np.repeat(policies, 50, axis=0), slots, rng)
    found = score_gradients(policies, seen, taken, advantages(rewards, 1.0, runs))
    error = found.std(axis=0, ddof=1) / np.sqrt(runs)
    assert (np.abs(found.mean(axis=0) - exact) < 5.5 * error).all()
    assert np.abs(exact).max() > 20 * error.max()  # there is something to see


def test_a_result_shows_its_size():
    envs = ChannelSelectionVector(4)
    assert repr(reinforce(TableScores(4, 2), envs, runs=2, updates=3, slots=5, rng=0)) == (
        "TrainedPolicies(runs=2, updates=3, slots=30)"
    )


def test_actions_are_drawn_by_the_policy_of_what_was_seen():
    # 4000 episodes of 3 slots: shares of four observations, 5.5 standard errors: 2e-7
    table = np.array(
        [[0.5, 0.3, 0.2], [0.1, 0.1, 0.8], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.2] * 2 + [0.6], [1 / 3] * 3]
    )
    envs = ChannelSelectionVector(4000, GilbertElliott(3))
    seen, taken, *_ = rollout(envs, np.broadcast_to(table, (4000, 6, 3)), 3, np.random.default_rng(0))
    for observation, row in enumerate(table):
        chosen = np.bincount(taken[seen == observation], minlength=3)
        n = chosen.sum()
        assert (np.abs(chosen / n - row) <= 5.5 * np.sqrt(row * (1 - row) / n)).all()


def test_a_return_ends_with_its_episode_and_a_reset_is_no_slot_of_it():
    # against a plain loop over episodes; dead slots hold a reward that nobody may see
    rng = np.random.default_rng(3)
    rewards, ended, played = rng.normal(size=(6, 9)), rng.random((6, 9)) < 0.3, rng.random((6, 9)) < 0.8
    rewards[~played] = 0
    got = advantages(rewards, 0.7, runs=2, ended=ended, played=played)
    to_come = np.zeros_like(rewards)
    for row in range(6):
        for slot in range(9):
            weight = 1.0
            for later in range(slot, 9):
                to_come[row, slot] += weight * rewards[row, later]
                weight *= 0.7
                if ended[row, later]:
                    break
    for row in range(6):
        run = range(3) if row < 3 else range(3, 6)
        for slot in range(9):
            others = [to_come[e, slot] for e in run if e != row and played[e, slot]]
            expected = to_come[row, slot] - (np.mean(others) if others else 0) if played[row, slot] else 0
            assert got[row, slot] == pytest.approx(expected)


LINKS = GilbertElliott(2, 0.1, 0.1)


@pytest.mark.parametrize(
    ("model", "rate"),
    [
        (TableScores(4, 2), 0.1),
        (DenseScores(np.eye(4), 2, hidden=8), 0.03),
        (CircuitScores(np.pi * index_bits(4), 2), 0.1),
    ],
    ids=["table", "network", "circuit"],
)
def test_learns_to_stay_or_switch(model, rate):
    envs = ChannelSelectionVector(64, LINKS)
    learned = reinforce(model, envs, runs=4, updates=120, learning_rate=rate, rng=0)
    shares = average_reward(LINKS, learned.policies[:, [0, -1]])
    assert (shares[:, 1] > 0.69).all()  # the optimum is 0.7
    assert (shares[:, 0] < 0.62).all()
    assert learned.slots[-1] == 16 * 25 * 120
    assert [p.shape for p in learned.parameters[0]] == [p.shape for p in model.start(np.random.default_rng())]


def test_without_entanglement_it_cannot():
    model = CircuitScores(np.pi * index_bits(4), 2, entanglement="none")
    learned = reinforce(model, ChannelSelectionVector(64, LINKS), runs=4, updates=120, rng=0)
    assert (average_reward(LINKS, learned.policies[:, -1]) < 0.6053).all()  # 23/38: no sum does better


def test_works_with_environments_of_others():
    envs = SyncVectorEnv([lambda: ChannelSelection(LINKS, 10)] * 4)
    learned = reinforce(TableScores(4, 2), envs, runs=2, updates=3, slots=10, rng=1)
    assert learned.policies.shape == (2, 3, 4, 2)
    assert np.allclose(learned.policies.sum(axis=-1), 1)


def test_a_result_is_its_seed_and_runs_are_independent():
    def train(seed):
        envs = ChannelSelectionVector(8, LINKS)
        return reinforce(TableScores(4, 2), envs, runs=2, updates=5, rng=seed, progress=True).policies

    assert (train(1) == train(1)).all()
    assert (train(1) != train(2)).any()
    assert (train(1)[0] != train(1)[1]).any()


@pytest.mark.parametrize("learn", [lambda *a, **k: reinforce(TableScores(4, 2), *a, **k), q_learning])
def test_each_run_may_have_its_own_rate(learn):
    def train(rates):
        return learn(ChannelSelectionVector(4, LINKS), runs=2, updates=3, learning_rate=rates, rng=1).policies

    assert (train([0.1, 0.1]) == train(0.1)).all()
    # a run does not notice the other's rate
    tried = train(np.array([0.1, 0.5]))
    assert (tried[0] == train(0.1)[0]).all()
    assert (tried[1] == train(0.5)[1]).all()
    with pytest.raises(
        ValueError, match="learning_rate must be one number, or one for each of the 2 runs, not 3"
    ):
        train([0.1, 0.1, 0.1])


def test_an_interrupt_keeps_what_was_learned(monkeypatch):
    calls = iter(range(100))

    def four_episodes(*arguments):
        if next(calls) == 4:
            raise KeyboardInterrupt
        return rollout(*arguments)

    rollout = policy_gradient.rollout
    monkeypatch.setattr(policy_gradient, "rollout", four_episodes)
    learned = reinforce(TableScores(4, 2), ChannelSelectionVector(4, LINKS), updates=50, rng=0)
    assert learned.policies.shape == (1, 4, 4, 2)
    assert len(learned.slots) == 4


def test_refuses():
    envs, model = ChannelSelectionVector(4, LINKS), TableScores(4, 2)
    with pytest.raises(ValueError, match="at least 2 environments for each of the 4 runs"):
        reinforce(model, envs, runs=4)
    with pytest.raises(ValueError, match="runs must divide the 4 environments evenly, not 3"):
        reinforce(model, envs, runs=3)
    with pytest.raises(ValueError, match="model must have a row for each of the 4 observations"):
        reinforce(TableScores(6, 2), envs)
    with pytest.raises(ValueError, match="discount must be at least 0"):
        reinforce(model, envs, discount=-0.1)
    with pytest.raises(ValueError, match="updates must be at least 1"):
        reinforce(model, envs, updates=0)
    with pytest.raises(ValueError, match="learning_rate must be above 0"):
        reinforce(model, envs, learning_rate=0.0)
    with pytest.raises(ValueError, match="optimizer must be one of"):
        reinforce(model, envs, optimizer="newton")
    with pytest.raises(TypeError, match="envs must have discrete observations and actions"):
        reinforce(model, gymnasium.make_vec("CartPole-v1", 2, vectorization_mode="sync"))
