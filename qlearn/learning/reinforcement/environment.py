"""Channel selection as a Gymnasium environment, alone and by the batch."""

from typing import Any, NamedTuple

import gymnasium
import numpy as np
from gymnasium.spaces import Discrete, MultiDiscrete
from gymnasium.vector import AutoresetMode, VectorEnv
from numpy.typing import NDArray

from qlearn._checks import as_count
from qlearn.learning.reinforcement.gilbert_elliott import GilbertElliott


class ChannelStates(NamedTuple):
    """The states of all channels in one slot, the channel used, and whether it was reported good."""

    states: NDArray[np.bool_]
    used: NDArray[np.intp]
    reported: NDArray[np.bool_]

    @property
    def observations(self) -> NDArray[np.int64]:
        """All that the sender sees: twice the channel used, plus one if it was reported good."""
        return 2 * self.used + self.reported


class ChannelSelection(gymnasium.Env):
    r"""The environment of a sender who uses one of several channels in each slot and sees only how that one did.

    An *action* is a channel. The *reward* is 1 if it is good in this slot, and 0 if not. The *observation* is
    :math:`2c + b`: the channel c just used, and the bit b, whether the sender is told that it was good (with
    `noise`, sometimes wrongly). What the other channels did stays hidden: the sender must infer it, and
    each choice also decides what will be known.

    Parameters
    ----------
    channels : GilbertElliott, optional
        None takes two channels that change with probability 0.1.
    slots : int
        Length of an episode, after which it is truncated.

    Examples
    --------
    >>> env = ChannelSelection(GilbertElliott(3, fade=0.1, recover=0.2), slots=50)
    >>> observation, info = env.reset(seed=4)
    >>> int(observation), info["states"].tolist()  # channel 2 was used, and it was bad
    (4, [False, True, False])
    >>> observation, reward, terminated, truncated, info = env.step(1)
    >>> int(observation), reward  # channel 1 is good
    (3, 1.0)

    References
    ----------
    Zhao, Krishnamachari, Liu, "On myopic sensing for multi-channel opportunistic access", 2008,
    arXiv:0712.0035 (the problem, and what is optimal).
    """

    metadata: dict[str, Any] = {"render_modes": []}

    def __init__(self, channels: GilbertElliott | None = None, slots: int = 100) -> None:
        self.channels = _as_channels(channels)
        self.slots = as_count(slots, "slots")
        self.observation_space = Discrete(2 * self.channels.n_channels)
        self.action_space = Discrete(self.channels.n_channels)
        self._now: ChannelStates | None = None

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[np.int64, dict[str, Any]]:
        """Start an episode: the channels as in the long run, one of them used at random."""
        super().reset(seed=seed)
        self._now, self._slot = _first(self.channels, 1, self.np_random), 0
        return self._now.observations[0], {"states": self._now.states[0]}

    def step(self, action: Any) -> tuple[np.int64, float, bool, bool, dict[str, Any]]:
        """Use a channel for one slot; returns observation, reward, False, whether truncated, and the states."""
        if self._now is None:
            raise RuntimeError("call reset() before step(): an episode must have begun")
        if not self.action_space.contains(action):
            raise ValueError(f"action must be a channel, 0 to {self.channels.n_channels - 1}, not {action!r}")
        self._now, rewards = _next(self.channels, self._now, np.array([action]), self.np_random)
        self._slot += 1
        done = self._slot >= self.slots
        return self._now.observations[0], float(rewards[0]), False, done, {"states": self._now.states[0]}


class ChannelSelectionVector(VectorEnv):
    """Many independent :class:`ChannelSelection` at once, one array operation for all of them.

    Parameters
    ----------
    num_envs : int
        How many.
    channels : GilbertElliott, optional
        As in :class:`ChannelSelection`.
    slots : int
        Length of the episodes, all of which begin and are truncated together; then call :meth:`reset`.

    Examples
    --------
    >>> envs = ChannelSelectionVector(3, slots=50)
    >>> envs.reset(seed=1)[0]
    array([0, 2, 1])
    >>> observations, rewards, *_ = envs.step([0, 1, 0])
    >>> observations, rewards
    (array([0, 2, 1]), array([0., 0., 1.]))
    """

    metadata: dict[str, Any] = {"autoreset_mode": AutoresetMode.DISABLED}

    def __init__(self, num_envs: int, channels: GilbertElliott | None = None, slots: int = 100) -> None:
        self.num_envs = as_count(num_envs, "num_envs")
        self.channels = _as_channels(channels)
        self.slots = as_count(slots, "slots")
        n = self.channels.n_channels
        self.single_observation_space, self.single_action_space = Discrete(2 * n), Discrete(n)
        self.observation_space = MultiDiscrete([2 * n] * num_envs)
        self.action_space = MultiDiscrete([n] * num_envs)
        self._now: ChannelStates | None = None

    def reset(
        self, *, seed: Any = None, options: dict[str, Any] | None = None
    ) -> tuple[NDArray[np.int64], dict[str, Any]]:
        """Start all episodes, as they end together; returns the observations, shape (num_envs,), and {"states": ...}."""
        super().reset(seed=seed)
        self._now, self._slot = _first(self.channels, self.num_envs, self.np_random), 0
        return self._now.observations, {"states": self._now.states}

    def step(self, actions: Any) -> tuple[NDArray, NDArray, NDArray, NDArray, dict[str, Any]]:
        """Use a channel in each; returns observations, rewards, False, truncated (num_envs,) and the states."""
        if self._now is None:
            raise RuntimeError("call reset() before step(): the episodes must have begun")
        used = np.asarray(actions)
        n = self.channels.n_channels
        if used.shape != (self.num_envs,) or used.dtype.kind not in "iu" or used.min() < 0 or used.max() >= n:
            raise ValueError(f"actions must be {self.num_envs} channels, each 0 to {n - 1}, not {actions!r}")
        self._now, rewards = _next(self.channels, self._now, used, self.np_random)
        self._slot += 1
        truncated = np.full(self.num_envs, self._slot >= self.slots)
        return (
            self._now.observations,
            rewards,
            np.zeros_like(truncated),
            truncated,
            {"states": self._now.states},
        )


def _as_channels(channels: GilbertElliott | None) -> GilbertElliott:
    if channels is None:
        return GilbertElliott()
    if not isinstance(channels, GilbertElliott):
        raise TypeError(f"channels must be a GilbertElliott, not {type(channels).__name__}")
    return channels


def _first(channels: GilbertElliott, size: int, rng: np.random.Generator) -> ChannelStates:
    states, used = channels.draw_first(size, rng), rng.integers(channels.n_channels, size=size)
    return ChannelStates(states, used, _reports(channels, states[np.arange(size), used], rng))


def _next(
    channels: GilbertElliott, now: ChannelStates, used: NDArray[np.intp], rng: np.random.Generator
) -> tuple[ChannelStates, NDArray[np.float64]]:
    states = channels.draw_next(now.states, rng)
    through = states[np.arange(len(used)), used]
    return ChannelStates(states, used, _reports(channels, through, rng)), through.astype(float)


def _reports(
    channels: GilbertElliott, through: NDArray[np.bool_], rng: np.random.Generator
) -> NDArray[np.bool_]:
    return through ^ (rng.random(through.shape) < channels.noise) if channels.noise else through
