"""Finite problems: transitions that are probabilities, and beliefs that follow Bayes."""

import numpy as np
import pytest

from qlearn.learning.reinforcement.channels import GilbertElliott
from qlearn.learning.reinforcement.environment import ChannelSelection
from qlearn.learning.reinforcement.problems import FiniteProblem, belief_problem, full_information


@pytest.mark.parametrize("make", [full_information, lambda links: belief_problem(links, decimals=3)])
def test_every_action_leads_somewhere(make):
    problem = make(GilbertElliott(2, [0.1, 0.3], [0.2, 0.4]))
    states, actions = problem.shape
    policy = np.random.default_rng(0).dirichlet(np.ones(actions), states)
    assert np.allclose(problem.matrix(policy).sum(axis=1), 1)
    values = np.arange(states, dtype=float)
    assert np.allclose((policy * problem.expected(values)).sum(axis=1), problem.matrix(policy) @ values)


def test_full_information_is_the_joint_weather():
    links = GilbertElliott(3, [0.1, 0.2, 0.3], [0.3, 0.2, 0.1])
    problem = full_information(links)
    always_two = np.broadcast_to(np.eye(3)[2], (24, 3))
    matrix = problem.matrix(always_two).reshape(8, 3, 8, 3)
    assert np.allclose(matrix[:, :, :, 2], links.joint_matrix()[:, None])
    assert not matrix[:, :, :, :2].any()
    assert problem.rewards[7 * 3].tolist() == [0.9, 0.8, 0.7]


@pytest.mark.parametrize("noise", [0.0, 0.2])
def test_beliefs_are_those_of_a_filter_over_all_states(noise):
    # the oracle follows the joint distribution of all 2**n states through what an environment reports
    links = GilbertElliott(2, [0.1, 0.3], [0.2, 0.4], noise)
    problem = belief_problem(links, decimals=3 if noise else 10)
    env, rng = ChannelSelection(links), np.random.default_rng(4)
    env.reset(seed=4)
    joint, state, states = links.joint_share(), 0, links.all_states()
    for _ in range(60):
        assert np.allclose(problem.rewards[state], joint @ states, atol=1e-3 if noise else 1e-9)
        action = rng.integers(2)
        told = env.step(action)[0] % 2
        likelihood = np.where(states[:, action] == told, 1 - noise, noise)
        assert problem.probabilities[state, action, told] == pytest.approx(joint @ likelihood, abs=2e-3)
        joint = (joint * likelihood) / (joint @ likelihood) @ links.joint_matrix()
        state = problem.next_states[state, action, told]


def test_refuses():
    nowhere, sure = np.zeros((1, 1, 1), dtype=int), np.ones((1, 1, 1))
    with pytest.raises(ValueError, match="must have one shape"):
        FiniteProblem(nowhere, sure, np.zeros(1), np.ones(1))
    with pytest.raises(ValueError, match="next_states must be states, 0 to 0"):
        FiniteProblem(nowhere + 1, sure, np.zeros((1, 1)), np.ones(1))
    with pytest.raises(ValueError, match=r"probabilities must sum to 1, not 0\.5"):
        FiniteProblem(nowhere, sure / 2, np.zeros((1, 1)), np.ones(1))
    with pytest.raises(ValueError, match="start must sum to 1, not 2"):
        FiniteProblem(nowhere, sure, np.zeros((1, 1)), np.full(1, 2))
    with pytest.raises(ValueError, match="more than most = 50 beliefs"):
        belief_problem(GilbertElliott(2), most=50)


def test_with_noise_the_beliefs_are_as_many_as_the_docstring_says():
    links = GilbertElliott(2, 0.1, 0.1, noise=0.1)
    assert belief_problem(links, decimals=2).shape == (5513, 2)
    with pytest.raises(ValueError, match="more than most = 100000"):
        belief_problem(links, decimals=3)
