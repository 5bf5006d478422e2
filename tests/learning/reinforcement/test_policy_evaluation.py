"""Shares: three formulas and a sum over all histories agree."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import expit

from qlearn.learning.reinforcement.gilbert_elliott import GilbertElliott
from qlearn.learning.reinforcement.policy_evaluation import (
    expected_return,
    long_run_share,
    stay_or_switch,
    two_channel_share,
)

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
    share = two_channel_share(fade, recover)
    assert share == pytest.approx(stays(fade, recover), abs=1e-12)
    exact = long_run_share(GilbertElliott(2, fade, recover), stay_or_switch(2))
    assert exact == pytest.approx(share, abs=1e-8)


@given(st.integers(1, 4), chance, chance, st.floats(0, 0.5))
def test_a_coin_gets_what_there_is(n, fade, recover, noise):
    links = GilbertElliott(n, fade, recover, noise)
    coin = np.full((2 * n, n), 1 / n)
    assert long_run_share(links, coin) == pytest.approx(recover / (fade + recover), abs=1e-8)
    assert expected_return(links, coin, 5) == pytest.approx(5 * recover / (fade + recover))


def test_a_policy_that_never_leaves_is_as_good_as_its_channel():
    links = GilbertElliott(2, [0.1, 0.3], [0.1, 0.1])
    stay = np.eye(2)[[0, 0, 1, 1]]  # the chain falls apart: half of the episodes begin on each channel
    assert long_run_share(links, stay) == pytest.approx((0.5 + 0.25) / 2, abs=1e-8)


def test_the_return_of_an_episode_is_the_sum_over_all_its_histories():
    links = GilbertElliott(2, [0.1, 0.3], [0.25, 0.2], noise=0.1)
    policy = np.random.default_rng(1).dirichlet(np.ones(2), 4)
    joint, states, total = links.joint_matrix(), links.all_states(), 0.0

    def told(state, used, bit):
        return 0.9 if states[state][used] == bit else 0.1

    for (first, second, third), begin, used, bits in product(
        product(range(4), repeat=3), range(2), product(range(2), repeat=2), product(range(2), repeat=3)
    ):
        chance = links.joint_share()[first] * told(first, begin, bits[0]) / 2
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
    shares = long_run_share(links, grid_of_policies(list(product(levels, repeat=4))))
    rules = long_run_share(links, np.eye(2)[list(product((0, 1), repeat=4))])
    assert rules.max() == pytest.approx(0.7 - 0.4 * noise, abs=1e-8)
    assert shares.max() <= rules.max() + 1e-8


def test_no_sum_of_bits_passes_its_ceiling_not_even_with_coins():
    # log-odds a + b (channel) + d (report): sums, sharp and soft; 23/38 is the best rule among them
    links, levels = GilbertElliott(2, 0.1, 0.1), [-40.0, -20.0, -3.0, -1.0, 0.0, 1.0, 3.0, 20.0, 40.0]
    a, b, d = np.array(list(product(levels, repeat=3))).T
    shares = long_run_share(links, grid_of_policies(np.stack([a, a + d, a + b, a + b + d], axis=-1)))
    assert shares.max() == pytest.approx(23 / 38, abs=1e-8)


def test_long_episodes_tend_to_the_long_run():
    links = GilbertElliott(3, 0.1, 0.2, noise=0.1)
    policies = np.random.default_rng(2).dirichlet(np.ones(3), (5, 6))
    gain = expected_return(links, policies, 400) - expected_return(links, policies, 300)
    assert np.allclose(gain / 100, long_run_share(links, policies), atol=1e-8)


def test_refuses():
    links = GilbertElliott(2)
    with pytest.raises(ValueError, match=r"policy must have shape \(..., 4, 2\)"):
        long_run_share(links, np.ones((2, 2)) / 2)
    with pytest.raises(ValueError, match="rows of policy must sum to 1; one sums to 2"):
        long_run_share(links, np.ones((4, 2)))
    with pytest.raises(ValueError, match="policy must be finite and between 0 and 1"):
        expected_return(links, np.full((4, 2), np.nan), 3)
    with pytest.raises(ValueError, match="slots must be at least 1"):
        expected_return(links, stay_or_switch(2), 0)
    with pytest.raises(ValueError, match="sum to at most 1"):
        two_channel_share(0.7, 0.7)
    with pytest.raises(ValueError, match="n_channels must be at least 1"):
        stay_or_switch(0)
