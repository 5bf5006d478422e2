"""The end of an episode: nothing follows a terminal state, whatever Gymnasium does next; a cut-off one goes on."""

import gymnasium
import numpy as np
import pytest
from gymnasium.spaces import Discrete
from gymnasium.vector import AutoresetMode, SyncVectorEnv

from qlearn.learning.reinforcement import (
    MarkovDecisionProcess,
    TableScores,
    q_learning,
    reinforce,
    value_iteration,
)
from qlearn.learning.reinforcement.environment import ChannelSelection, ChannelSelectionVector
from qlearn.learning.reinforcement.policy_gradient import play_slot, rollout

MODES = list(AutoresetMode)


class Two(gymnasium.Env):
    """At the start action 0 ends with 1, action 1 leads on; there either ends with 1.5."""

    observation_space, action_space = Discrete(3), Discrete(2)

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.at = 0
        return 0, {}

    def step(self, action):
        assert self.at < 2, "the episode is over"
        reward, ends = ((1.0, True) if action == 0 else (0.0, False)) if self.at == 0 else (1.5, True)
        self.at = 2 if ends else 1
        return self.at, reward, ends, False, {}


class Lamp(gymnasium.Env):
    """Each slot gives 1 and moves on; after three the clock cuts it off, though it would go on for ever."""

    observation_space, action_space = Discrete(4), Discrete(2)

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.at = 0
        return 0, {}

    def step(self, action):
        self.at += 1
        return self.at, 1.0, False, self.at == 3, {}


@pytest.mark.parametrize("mode", MODES)
def test_q_learning_values_nothing_after_the_end(mode):
    envs = SyncVectorEnv([Two] * 8, autoreset_mode=mode)
    q = q_learning(envs, updates=20, learning_rate=1.0, exploration=1.0, rng=1)
    # deterministic, and at rate 1 each correction is exact: 0.9 times 1.5, and an end has no value
    np.testing.assert_allclose(q.parameters[0][0], [[1, 1.35], [1.5, 1.5], [0, 0]], atol=1e-12)


@pytest.mark.parametrize("mode", MODES)
def test_reinforce_prefers_what_pays_within_the_episode(mode):
    envs = SyncVectorEnv([Two] * 16, autoreset_mode=mode)
    p = reinforce(TableScores(3, 2), envs, updates=150, slots=12, rng=1)
    assert p.policies[0, -1, 0, 1] > 0.95
    # at discount 0.5 the later 1.5 is worth 0.75, less than 1
    p = reinforce(TableScores(3, 2), envs, updates=150, slots=12, discount=0.5, rng=1)
    assert p.policies[0, -1, 0, 0] > 0.95


@pytest.mark.parametrize("mode", MODES)
def test_what_is_cut_off_keeps_its_value(mode):
    envs = SyncVectorEnv([Lamp] * 4, autoreset_mode=mode)
    q = q_learning(envs, updates=30, learning_rate=1.0, exploration=1.0, rng=1).parameters[0][0]
    # the last observation is never acted on, so it is worth what it was at first, 0: not what the first one is worth
    np.testing.assert_allclose(q, [[2.71, 2.71], [1.9, 1.9], [1, 1], [0, 0]], atol=1e-12)


@pytest.mark.parametrize("mode", MODES)
def test_a_slot_says_what_led_where(mode):
    envs = SyncVectorEnv([Two] * 2, autoreset_mode=mode)
    envs.reset(seed=0)
    slot = play_slot(envs, np.array([0, 1]), np.zeros(2, bool))
    assert slot.after.tolist() == [2, 1]
    assert slot.terminated.tolist() == slot.ended.tolist() == [True, False]
    assert slot.observation.tolist() == ([2, 1] if mode == AutoresetMode.NEXT_STEP else [0, 1])
    after = play_slot(envs, np.array([1, 1]), slot.ended)
    assert after.played.tolist() == [mode != AutoresetMode.NEXT_STEP, True]
    assert after.reward.tolist() == [0, 1.5]
    assert after.ended.tolist() == [False, True]


@pytest.mark.parametrize("mode", MODES)
def test_no_action_of_a_finished_episode_is_counted(mode):
    envs = SyncVectorEnv([Two] * 200, autoreset_mode=mode)
    played = rollout(envs, np.full((200, 3, 2), 0.5), 20, np.random.default_rng(0))
    assert (played.seen[played.played] < 2).all()
    assert (played.rewards[played.ended] >= 1).all()
    assert (played.rewards[~played.ended] == 0).all()
    assert (~played.played).any() == (mode == AutoresetMode.NEXT_STEP)


def frozen_lake(envs):
    """The lake as a finite problem, from Gymnasium's own table: an end leads to itself and gives nothing."""
    table = envs.envs[0].unwrapped.P
    most = max(len(outcomes) for actions in table.values() for outcomes in actions.values())
    after, chance = np.zeros((len(table), 4, most), int), np.zeros((len(table), 4, most))
    reward, ends = np.zeros((len(table), 4)), set()
    for state, actions in table.items():
        for action, outcomes in actions.items():
            for k, (probability, following, gain, end) in enumerate(outcomes):
                after[state, action, k], chance[state, action, k] = following, probability
                reward[state, action] += probability * gain
                ends |= {following} if end else set()
    for state in ends:
        after[state], chance[state], reward[state] = state, np.eye(most)[0], 0
    return MarkovDecisionProcess(after, chance, reward, np.eye(len(table))[0]), sorted(ends)


@pytest.mark.parametrize("mode", MODES)
def test_frozen_lake_by_value_iteration(mode):
    envs = SyncVectorEnv(
        [lambda: gymnasium.make("FrozenLake-v1", is_slippery=False)] * 16, autoreset_mode=mode
    )
    problem, ends = frozen_lake(envs)
    values, exact = value_iteration(problem, 0.9)
    assert values[0] == pytest.approx(0.9**5)
    q = q_learning(envs, updates=60, slots=40, learning_rate=1.0, exploration=1.0, rng=2).parameters[0][0]
    np.testing.assert_allclose(q, exact, atol=1e-8)  # at rate 1, without ice, every correction is exact
    assert not q[ends].any()


def test_our_own_episodes_begin_anew_when_they_are_over():
    # slots of the environment fewer than those of the update; one at a time and all at once
    for envs in (SyncVectorEnv([lambda: ChannelSelection(slots=4)] * 4), ChannelSelectionVector(4, slots=4)):
        played = rollout(envs, np.full((4, 4, 2), 0.5), 10, np.random.default_rng(0))
        assert (played.ended.sum(axis=1) == 2).all()
