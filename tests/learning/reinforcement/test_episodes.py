"""Episodes and their gradient: unbiased, against the exact derivative of the expected return."""

import numpy as np
import pytest
from scipy.special import softmax

from qlearn.learning.reinforcement.channels import GilbertElliott
from qlearn.learning.reinforcement.environment import ChannelSelectionVector
from qlearn.learning.reinforcement.episodes import advantages, rollout, score_gradients
from qlearn.learning.reinforcement.shares import expected_return


def test_advantages_are_the_return_less_the_mean_of_the_others():
    rewards = np.random.default_rng(0).normal(size=(6, 4))
    got = advantages(rewards, 0.7, runs=2)
    for episode in range(6):
        run = range(3) if episode < 3 else range(3, 6)
        for slot in range(4):
            to_come = {e: sum(0.7**k * rewards[e, slot + k] for k in range(4 - slot)) for e in run}
            others = np.mean([value for e, value in to_come.items() if e != episode])
            assert got[episode, slot] == pytest.approx(to_come[episode] - others)


def test_the_policy_gradient_is_unbiased():
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
