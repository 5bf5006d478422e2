"""Finite problems: transitions that are probabilities, and beliefs that follow Bayes.

Planning: closed forms for one who sees everything, theorems for one who does not.

Shares: three formulas and a sum over all histories agree.
"""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from scipy.special import expit

from qlearn.learning.reinforcement.environment import ChannelSelection
from qlearn.learning.reinforcement.gilbert_elliott import GilbertElliott
from qlearn.learning.reinforcement.markov_decision_processes import (
    MarkovDecisionProcess,
    average_reward,
    belief_mdp,
    full_information_mdp,
    myopic_policy,
    optimal_average_reward,
    two_channel_optimum,
    value_iteration,
)


@pytest.mark.parametrize("make", [full_information_mdp, lambda links: belief_mdp(links, decimals=3)])
def test_every_action_leads_somewhere(make):
    problem = make(GilbertElliott(2, [0.1, 0.3], [0.2, 0.4]))
    states, actions = problem.shape
    policy = np.random.default_rng(0).dirichlet(np.ones(actions), states)
    assert np.allclose(problem.matrix(policy).sum(axis=1), 1)
    values = np.arange(states, dtype=float)
    assert np.allclose((policy * problem.expected(values)).sum(axis=1), problem.matrix(policy) @ values)


def test_full_information_is_the_joint_weather():
    links = GilbertElliott(3, [0.1, 0.2, 0.3], [0.3, 0.2, 0.1])
    problem = full_information_mdp(links)
    always_two = np.broadcast_to(np.eye(3)[2], (24, 3))
    matrix = problem.matrix(always_two).reshape(8, 3, 8, 3)
    assert np.allclose(matrix[:, :, :, 2], links.joint_matrix()[:, None])
    assert not matrix[:, :, :, :2].any()
    assert problem.rewards[7 * 3].tolist() == [0.9, 0.8, 0.7]


@pytest.mark.parametrize("noise", [0.0, 0.2])
def test_beliefs_are_those_of_a_filter_over_all_states(noise):
    # the oracle follows the joint distribution of all 2**n states through what an environment reports
    links = GilbertElliott(2, [0.1, 0.3], [0.2, 0.4], noise)
    problem = belief_mdp(links, decimals=3 if noise else 10)
    env, rng = ChannelSelection(links), np.random.default_rng(4)
    env.reset(seed=4)
    joint, state, states = links.joint_stationary(), 0, links.all_states()
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
        MarkovDecisionProcess(nowhere, sure, np.zeros(1), np.ones(1))
    with pytest.raises(ValueError, match="next_states must be states, 0 to 0"):
        MarkovDecisionProcess(nowhere + 1, sure, np.zeros((1, 1)), np.ones(1))
    with pytest.raises(ValueError, match=r"probabilities must sum to 1, not 0\.5"):
        MarkovDecisionProcess(nowhere, sure / 2, np.zeros((1, 1)), np.ones(1))
    with pytest.raises(ValueError, match="start must sum to 1, not 2"):
        MarkovDecisionProcess(nowhere, sure, np.zeros((1, 1)), np.full(1, 2))
    with pytest.raises(ValueError, match="more than most = 50 beliefs"):
        belief_mdp(GilbertElliott(2), most=50)


def test_with_noise_the_beliefs_are_as_many_as_the_docstring_says():
    links = GilbertElliott(2, 0.1, 0.1, noise=0.1)
    assert belief_mdp(links, decimals=2).shape == (5513, 2)
    with pytest.raises(ValueError, match="more than most = 100000"):
        belief_mdp(links, decimals=3)


@pytest.mark.parametrize("n", [1, 2, 3, 4])
def test_who_sees_everything_fails_only_when_all_were_bad(n):
    fade, recover = 0.1, 0.3
    all_bad = (fade / (fade + recover)) ** n
    closed = (1 - fade) * (1 - all_bad) + recover * all_bad
    assert optimal_average_reward(full_information_mdp(GilbertElliott(n, fade, recover))) == pytest.approx(
        closed, abs=1e-10
    )


@settings(max_examples=15, deadline=None)
@given(st.floats(0.05, 0.45), st.floats(0.05, 0.45))
def test_with_two_equal_channels_nothing_is_lost_by_seeing_one(fade, recover):
    best = optimal_average_reward(belief_mdp(GilbertElliott(2, fade, recover)))
    assert best == pytest.approx(two_channel_optimum(fade, recover), abs=1e-8)


def test_with_three_stay_or_switch_is_best_and_less_than_seeing_all():
    links = GilbertElliott(3, 0.2, 0.3)  # Ahmad et al. 2009
    best = optimal_average_reward(belief_mdp(links, decimals=4))
    assert best == pytest.approx(float(average_reward(links, myopic_policy(3))), abs=5e-4)
    assert best < optimal_average_reward(full_information_mdp(links)) - 0.02


def test_with_noise_memory_is_worth_something():
    links = GilbertElliott(2, 0.1, 0.1, noise=0.3)
    remembers = optimal_average_reward(belief_mdp(links, decimals=2))
    forgets = max(average_reward(links, np.eye(2)[np.indices((2,) * 4).reshape(4, -1).T]))
    assert remembers > forgets + 0.01


def test_a_filter_that_is_not_rounded_delivers_what_was_planned():
    # the oracle plays: exact Bayes, always the likelier channel. 4000 senders, 250 slots after 50: standard error
    # below 0.5 (1e6 / 10)^-0.5 = 0.0016 were ten slots worth one; 5.5 of them, and 0.001 for the rounded plan
    noise, rng = 0.3, np.random.default_rng(6)
    now, belief, senders, got = rng.random((4000, 2)) < 0.5, np.full((4000, 2), 0.5), np.arange(4000), []
    for _ in range(300):
        now = rng.random((4000, 2)) < np.where(now, 0.9, 0.1)
        used = belief.argmax(axis=1)
        got.append(now[senders, used].mean())
        told = now[senders, used] ^ (rng.random(4000) < noise)
        good = belief[senders, used] * np.where(told, 1 - noise, noise)
        bad = (1 - belief[senders, used]) * np.where(told, noise, 1 - noise)
        belief[senders, used] = good / (good + bad)
        belief = 0.1 + 0.8 * belief
    planned = optimal_average_reward(
        belief_mdp(GilbertElliott(2, 0.1, 0.1, noise), decimals=2), tolerance=1e-6
    )
    assert abs(np.mean(got[50:]) - planned) < 5.5 * 0.0016 + 0.001
    assert planned > 0.58 + 5.5 * 0.0016 + 0.001  # the best without memory


def test_values_are_those_of_the_greedy_policy():
    problem = full_information_mdp(GilbertElliott(2, [0.1, 0.3], [0.2, 0.5]))
    values, q = value_iteration(problem, 0.9)
    greedy = np.eye(2)[q.argmax(axis=1)]
    exact = np.linalg.solve(np.eye(8) - 0.9 * problem.matrix(greedy), (greedy * problem.rewards).sum(axis=1))
    assert np.abs(values - exact).max() < 1e-9
    other = np.random.default_rng(0).dirichlet(np.ones(2), 8)
    worse = np.linalg.solve(np.eye(8) - 0.9 * problem.matrix(other), (other * problem.rewards).sum(axis=1))
    assert (worse < values).all()


def test_a_problem_that_swings_has_a_mean():
    to_and_fro = MarkovDecisionProcess(
        np.array([[[1]], [[0]]]), np.ones((2, 1, 1)), np.array([[1.0], [0.0]]), np.array([1.0, 0.0])
    )
    assert optimal_average_reward(to_and_fro) == pytest.approx(0.5, abs=1e-9)


def test_refuses_planning(monkeypatch):
    problem = full_information_mdp(GilbertElliott(1))
    with pytest.raises(ValueError, match="discount must be at least 0 and below 1, not 1"):
        value_iteration(problem, 1.0)
    for plan in (value_iteration, optimal_average_reward):
        with pytest.raises(ValueError, match="tolerance must be above 0"):
            plan(problem, tolerance=0)
    monkeypatch.setattr("qlearn.learning.reinforcement.markov_decision_processes._MOST_SWEEPS", 50)
    two_islands = MarkovDecisionProcess(
        np.array([[[0]], [[1]]]), np.ones((2, 1, 1)), np.array([[1.0], [0.0]]), np.array([0.5, 0.5])
    )
    with pytest.raises(ArithmeticError, match="still lies between 0 and 1"):
        optimal_average_reward(two_islands)


chance = st.floats(0.03, 0.5)


def stays(fade, recover):
    """Zhao et al. 2008: the share from the mean length of a stay."""
    memory, good = 1 - fade - recover, recover / (fade + recover)
    soonest = good * (1 - memory**2)
    later = good * (1 - memory**3 * fade / (1 - memory * (1 - fade)))
    first = soonest / (1 + soonest - later)
    return first / (first + fade)


@given(chance, chance)
def test_two_channels_three_ways(fade, recover):
    share = two_channel_optimum(fade, recover)
    assert share == pytest.approx(stays(fade, recover), abs=1e-12)
    exact = average_reward(GilbertElliott(2, fade, recover), myopic_policy(2))
    assert exact == pytest.approx(share, abs=1e-8)


@given(n=st.integers(1, 4), fade=chance, recover=chance, noise=st.floats(0, 0.5))
def test_a_coin_gets_what_there_is(expected_return, n, fade, recover, noise):
    links = GilbertElliott(n, fade, recover, noise)
    coin = np.full((2 * n, n), 1 / n)
    assert average_reward(links, coin) == pytest.approx(recover / (fade + recover), abs=1e-8)
    assert expected_return(links, coin, 5) == pytest.approx(5 * recover / (fade + recover))


def test_a_policy_that_never_leaves_is_as_good_as_its_channel():
    links = GilbertElliott(2, [0.1, 0.3], [0.1, 0.1])
    stay = np.eye(2)[[0, 0, 1, 1]]  # the chain falls apart: half of the episodes begin on each channel
    assert average_reward(links, stay) == pytest.approx((0.5 + 0.25) / 2, abs=1e-8)


def test_the_return_of_an_episode_is_the_sum_over_all_its_histories(expected_return):
    links = GilbertElliott(2, [0.1, 0.3], [0.25, 0.2], noise=0.1)
    policy = np.random.default_rng(1).dirichlet(np.ones(2), 4)
    joint, states, total = links.joint_matrix(), links.all_states(), 0.0

    def told(state, used, bit):
        return 0.9 if states[state][used] == bit else 0.1

    for (first, second, third), begin, used, bits in product(
        product(range(4), repeat=3), range(2), product(range(2), repeat=2), product(range(2), repeat=3)
    ):
        chance = links.joint_stationary()[first] * told(first, begin, bits[0]) / 2
        chance *= policy[2 * begin + bits[0], used[0]] * joint[first, second] * told(second, used[0], bits[1])
        chance *= (
            policy[2 * used[0] + bits[1], used[1]] * joint[second, third] * told(third, used[1], bits[2])
        )
        total += chance * (states[second][used[0]] + states[third][used[1]])
    assert expected_return(links, policy, 2) == pytest.approx(total)


def grid_of_policies(log_odds):
    """Policies of two channels from the log-odds of channel 1 for each observation, (..., 4)."""
    odds = expit(np.asarray(log_odds))
    return np.stack([1 - odds, odds], axis=-1)


@pytest.mark.parametrize("noise", [0.0, 0.1, 0.3])
def test_tossing_coins_does_not_replace_memory(noise):
    # in hidden problems coins may beat every rule (Singh, Jaakkola, Jordan 1994); not in this one
    links = GilbertElliott(2, 0.1, 0.1, noise)
    levels = [-40.0, -2.0, -0.7, 0.0, 0.7, 2.0, 40.0]
    shares = average_reward(links, grid_of_policies(list(product(levels, repeat=4))))
    rules = average_reward(links, np.eye(2)[list(product((0, 1), repeat=4))])
    assert rules.max() == pytest.approx(0.7 - 0.4 * noise, abs=1e-8)
    assert shares.max() <= rules.max() + 1e-8


def test_no_sum_of_bits_passes_its_ceiling_not_even_with_coins():
    # log-odds a + b (channel) + d (report): sums, sharp and soft; 23/38 is the best rule among them
    links, levels = GilbertElliott(2, 0.1, 0.1), [-40.0, -20.0, -3.0, -1.0, 0.0, 1.0, 3.0, 20.0, 40.0]
    a, b, d = np.array(list(product(levels, repeat=3))).T
    shares = average_reward(links, grid_of_policies(np.stack([a, a + d, a + b, a + b + d], axis=-1)))
    assert shares.max() == pytest.approx(23 / 38, abs=1e-8)


def test_long_episodes_tend_to_the_long_run(expected_return):
    links = GilbertElliott(3, 0.1, 0.2, noise=0.1)
    policies = np.random.default_rng(2).dirichlet(np.ones(3), (5, 6))
    gain = expected_return(links, policies, 400) - expected_return(links, policies, 300)
    assert np.allclose(gain / 100, average_reward(links, policies), atol=1e-8)


def test_refuses_policy_evaluation():
    links = GilbertElliott(2)
    with pytest.raises(ValueError, match=r"policy must have shape \(..., 4, 2\)"):
        average_reward(links, np.ones((2, 2)) / 2)
    with pytest.raises(ValueError, match="rows of policy must sum to 1; one sums to 2"):
        average_reward(links, np.ones((4, 2)))
    with pytest.raises(ValueError, match="policy must be finite and between 0 and 1"):
        average_reward(links, np.full((4, 2), np.nan))
    with pytest.raises(ValueError, match="sum to at most 1"):
        two_channel_optimum(0.7, 0.7)
    with pytest.raises(ValueError, match="n_channels must be at least 1"):
        myopic_policy(0)
