"""Any Markov decision process as a batch of Gymnasium environments: what has been written down can be learned from."""

from typing import Any

import numpy as np
from gymnasium.spaces import Discrete, MultiDiscrete
from gymnasium.vector import AutoresetMode, VectorEnv
from numpy.typing import NDArray

from qlearn._checks import as_count
from qlearn.learning.reinforcement.markov_decision_processes import MarkovDecisionProcess


class ProcessVector(VectorEnv):
    """Many independent players of one Markov decision process, which show their state and hide its probabilities.

    Parameters
    ----------
    num_envs : int
        How many.
    process : MarkovDecisionProcess
        The observation is the state; the reward is the expected one of state and action.
    slots : int
        Length of the episodes, all of which are truncated together; then call :meth:`reset`.

    Examples
    --------
    >>> import numpy as np
    >>> stay_or_go = np.array([[[0], [1]], [[1], [0]]])
    >>> rooms = MarkovDecisionProcess(stay_or_go, np.ones((2, 2, 1)), np.array([[0.0, 0.0], [1.0, 0.0]]), np.array([1.0, 0.0]))
    >>> envs = ProcessVector(3, rooms, slots=10)
    >>> envs.reset(seed=1)[0]
    array([0, 0, 0])
    >>> envs.step([1, 0, 1])[0]
    array([1, 0, 1])
    """

    metadata: dict[str, Any] = {"autoreset_mode": AutoresetMode.DISABLED}

    def __init__(self, num_envs: int, process: MarkovDecisionProcess, slots: int = 100) -> None:
        if not isinstance(process, MarkovDecisionProcess):
            raise TypeError(f"process must be a MarkovDecisionProcess, not {type(process).__name__}")
        self.num_envs = as_count(num_envs, "num_envs")
        self.process = process
        self.slots = as_count(slots, "slots")
        states, actions = process.shape
        self.single_observation_space, self.single_action_space = Discrete(states), Discrete(actions)
        self.observation_space = MultiDiscrete([states] * num_envs)
        self.action_space = MultiDiscrete([actions] * num_envs)
        self._thresholds = process.probabilities.cumsum(axis=-1)[..., :-1]
        self._states: NDArray[np.intp] | None = None

    def reset(
        self, *, seed: Any = None, options: dict[str, Any] | None = None
    ) -> tuple[NDArray[np.intp], dict[str, Any]]:
        """Start all episodes, as they end together; returns the states, shape (num_envs,)."""
        super().reset(seed=seed)
        start = self.process.start.cumsum()[:-1]
        self._states = np.searchsorted(start, self.np_random.random(self.num_envs), side="right")
        self._slot = 0
        return self._states, {}

    def step(self, actions: Any) -> tuple[NDArray, NDArray, NDArray, NDArray, dict[str, Any]]:
        """Take an action in each; returns states, rewards, False and truncated, each of shape (num_envs,)."""
        if self._states is None:
            raise RuntimeError("call reset() before step(): the episodes must have begun")
        taken, n = np.asarray(actions), self.process.shape[1]
        if (
            taken.shape != (self.num_envs,)
            or taken.dtype.kind not in "iu"
            or taken.min() < 0
            or taken.max() >= n
        ):
            raise ValueError(f"actions must be {self.num_envs} numbers, each 0 to {n - 1}, not {actions!r}")
        rewards = self.process.rewards[self._states, taken]
        drawn = self.np_random.random((self.num_envs, 1))
        outcome = (drawn > self._thresholds[self._states, taken]).sum(axis=1)
        self._states = self.process.next_states[self._states, taken, outcome]
        self._slot += 1
        truncated = np.full(self.num_envs, self._slot >= self.slots)
        return self._states, rewards, np.zeros_like(truncated), truncated, {}
