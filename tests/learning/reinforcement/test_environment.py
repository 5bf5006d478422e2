"""The environment: Gymnasium accepts it, alone and by the batch it obeys one law, and that is the exact one."""

import gymnasium
import numpy as np
import pytest
from gymnasium.utils.env_checker import check_env

from qlearn.learning.reinforcement.environment import ChannelSelection, ChannelSelectionVector
from qlearn.learning.reinforcement.gilbert_elliott import GilbertElliott
from qlearn.learning.reinforcement.markov_decision_processes import myopic_policy

NOISY = GilbertElliott(3, [0.1, 0.2, 0.3], 0.25, noise=0.15)


# of a class that is not registered the checker cannot compare two copies, and says so
@pytest.mark.filterwarnings("ignore:.*spec.*")
@pytest.mark.parametrize("channels", [None, NOISY, GilbertElliott(1)])
def test_passes_gymnasiums_own_check(channels):
    check_env(ChannelSelection(channels), skip_render_check=True)


def test_an_episode_is_its_seed_and_ends_when_it_should():
    env = ChannelSelection(NOISY, slots=7)

    def play(seed):
        seen = [env.reset(seed=seed)[0]]
        while True:
            used = len(seen) % 3
            observation, reward, terminated, truncated, info = env.step(used)
            seen += [observation, reward]
            assert not terminated
            assert observation // 2 == used
            assert reward == info["states"][used]
            if truncated:
                return seen

    assert play(5) == play(5) != play(6)
    assert len(play(5)) == 15


@pytest.mark.parametrize("batch", [False, True])
def test_delivers_what_the_chain_says(expected_return, batch):
    # 4000 episodes of 6 slots (alone: 800): the sum has a standard deviation below 3; 5.5 sigma: 4e-8
    rng, policy, slots = np.random.default_rng(3), 0.8 * myopic_policy(3) + 0.2 / 3, 6
    episodes = 4000 if batch else 800
    if batch:
        envs = ChannelSelectionVector(episodes, NOISY, slots)
    else:
        envs = gymnasium.vector.SyncVectorEnv([lambda: ChannelSelection(NOISY, slots)] * episodes)
    seen, _ = envs.reset(seed=2)
    total = np.zeros(episodes)
    for _ in range(slots):
        actions = (rng.random((episodes, 1)) > policy[seen].cumsum(axis=1)[:, :-1]).sum(axis=1)
        seen, rewards, *_, truncated, _ = envs.step(actions)
        total += rewards
    assert truncated.all()
    assert abs(total.mean() - expected_return(NOISY, policy, slots)) < 5.5 * 2 / np.sqrt(episodes)


def test_is_told_wrongly_as_often_as_the_noise():
    # n = 2e4, standard error 0.0025; 5.5 sigma: 4e-8
    envs = ChannelSelectionVector(20_000, NOISY)
    envs.reset(seed=0)
    observations, rewards, *_ = envs.step(np.zeros(20_000, dtype=int))
    assert set(observations) == {0, 1}
    assert abs((observations != rewards).mean() - 0.15) < 5.5 * 0.0025


def test_refuses():
    with pytest.raises(TypeError, match="channels must be a GilbertElliott, not int"):
        ChannelSelection(3)
    with pytest.raises(ValueError, match="slots must be at least 1"):
        ChannelSelectionVector(2, slots=0)
    with pytest.raises(RuntimeError, match=r"call reset\(\) before step"):
        ChannelSelection().step(0)
    with pytest.raises(RuntimeError, match=r"call reset\(\) before step"):
        ChannelSelectionVector(2).step([0, 0])
    env, envs = ChannelSelection(), ChannelSelectionVector(2)
    env.reset(seed=1)
    envs.reset(seed=1)
    with pytest.raises(ValueError, match="action must be a channel, 0 to 1, not 2"):
        env.step(2)
    for actions in ([0, 2], [0], [0.0, 1.0], [-1, 0]):
        with pytest.raises(ValueError, match="actions must be 2 channels, each 0 to 1"):
            envs.step(actions)
