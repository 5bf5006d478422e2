"""REINFORCE, the policy gradient: make the actions that turned out well in an episode more likely."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from gymnasium.spaces import Discrete
from gymnasium.vector import AutoresetMode, VectorEnv
from numpy.typing import NDArray
from scipy.special import softmax
from tqdm import tqdm

from qlearn._checks import as_count, as_rng
from qlearn._types import Arrays
from qlearn.learning._threads import one_thread
from qlearn.learning.neural_networks.optimizers import new_optimizer
from qlearn.learning.reinforcement.markov_decision_processes import as_discount
from qlearn.learning.reinforcement.score_models import ScoreModel


class Slot(NamedTuple):
    """One slot of every environment, each array of shape (num_envs,), whatever they do when an episode ends.

    At the end of an episode `after` is its last observation, and `observation`, which the next action has to answer, the
    first of the next one. `played` is False where an environment only began anew and did not look at the action.
    """

    after: NDArray[np.intp]
    reward: NDArray[np.float64]
    terminated: NDArray[np.bool_]
    ended: NDArray[np.bool_]
    played: NDArray[np.bool_]
    observation: NDArray[np.intp]


def play_slot(envs: VectorEnv, action: NDArray[np.intp], over: NDArray[np.bool_]) -> Slot:
    """Play one slot in every environment, and begin episodes anew where they ended in the slot before (`over`).

    Gymnasium knows three ways. With ``SAME_STEP`` the observation is that of the new episode already, and the last
    one of the old stands in the info. With ``NEXT_STEP``, its default, the slot after the end is only a reset. With
    ``DISABLED`` we reset those that have ended.

    Examples
    --------
    >>> import numpy as np
    >>> from qlearn.learning.reinforcement.environment import ChannelSelectionVector
    >>> envs = ChannelSelectionVector(3, slots=1)
    >>> _ = envs.reset(seed=1)
    >>> play_slot(envs, np.zeros(3, int), np.zeros(3, bool)).ended
    array([ True,  True,  True])

    References
    ----------
    Pardo, Tavakoli, Levdik, Kormushev, "Time limits in reinforcement learning", 2018, arXiv:1712.00378: what is cut
    off goes on to have a value, what has ended has none.
    """
    mode = envs.metadata.get("autoreset_mode", AutoresetMode.NEXT_STEP)
    observation, reward, terminated, truncated, info = envs.step(action)
    played = ~over if mode == AutoresetMode.NEXT_STEP else np.ones_like(over)
    terminated = np.asarray(terminated, dtype=bool) & played
    ended = terminated | (np.asarray(truncated, dtype=bool) & played)
    after = observation = np.asarray(observation, dtype=np.intp)
    if ended.any() and mode == AutoresetMode.SAME_STEP:
        last = info["final_obs"]
        after = observation.copy()
        after[ended] = [int(last[i]) for i in np.flatnonzero(ended)]
    if ended.any() and mode == AutoresetMode.DISABLED:
        observation = np.asarray(envs.reset(options={"reset_mask": ended})[0], dtype=np.intp)
    return Slot(after, np.where(played, reward, 0.0), terminated, ended, played, observation)


class Episodes(NamedTuple):
    """Observations, actions and rewards, slot by slot; each array has the shape (num_envs, slots).

    `ended` is where an episode was over after the slot, `played` False in slots that only began one.
    """

    seen: NDArray[np.intp]
    taken: NDArray[np.intp]
    rewards: NDArray[np.float64]
    ended: NDArray[np.bool_]
    played: NDArray[np.bool_]


def rollout(envs: VectorEnv, policies: NDArray[np.float64], slots: int, rng: np.random.Generator) -> Episodes:
    """Play some slots in every environment by policies of shape (num_envs, observations, actions).

    Examples
    --------
    >>> import numpy as np
    >>> from qlearn.learning.reinforcement.environment import ChannelSelectionVector
    >>> policies = np.full((3, 4, 2), 0.5)
    >>> rollout(ChannelSelectionVector(3), policies, 7, np.random.default_rng(0)).rewards.shape
    (3, 7)
    """
    n, uniform = envs.num_envs, rng.random((slots, envs.num_envs, 1))
    thresholds, rows = policies.cumsum(axis=-1)[..., :-1], np.arange(envs.num_envs)
    seen, taken = np.empty((slots, n), dtype=np.intp), np.empty((slots, n), dtype=np.intp)
    rewards = np.empty((slots, n))
    ended, played = np.empty((slots, n), dtype=bool), np.empty((slots, n), dtype=bool)
    observation, _ = envs.reset(seed=int(rng.integers(2**31)))
    over = np.zeros(n, dtype=bool)
    for slot in range(slots):
        seen[slot] = observation
        taken[slot] = (uniform[slot] > thresholds[rows, observation]).sum(axis=-1)
        step = play_slot(envs, taken[slot], over)
        rewards[slot], ended[slot], played[slot] = step.reward, step.ended, step.played
        observation, over = step.observation, step.ended
    return Episodes(seen.T, taken.T, rewards.T, ended.T, played.T)


def advantages(
    rewards: NDArray[np.float64],
    discount: float,
    runs: int = 1,
    *,
    ended: NDArray[np.bool_] | None = None,
    played: NDArray[np.bool_] | None = None,
) -> NDArray[np.float64]:
    r"""Return the discounted reward to come, less its mean over the *other* environments of the same run.

    .. math:: A_{et} = G_{et} - \frac{1}{E_t - 1} \sum_{e' \ne e} G_{e't}, \qquad
              G_{et} = R_{et} + \gamma\, G_{e,t+1} \;\text{ within an episode}

    of rewards (num_envs, slots), the environments of the runs one after the other, and over the :math:`E_t` of the run that
    play in slot t; where one does not, its advantage is 0. What comes after the end of an episode is
    none of its return.

    Examples
    --------
    >>> import numpy as np
    >>> advantages(np.array([[0.0, 1.0], [0.0, 0.0]]), discount=0.5)
    array([[ 0.5,  1. ],
           [-0.5, -1. ]])
    >>> over = np.array([[True, False], [False, False]])  # the first reward is no fruit of the first action
    >>> advantages(np.array([[0.0, 1.0], [0.0, 0.0]]), discount=0.5, ended=over)
    array([[ 0.,  1.],
           [ 0., -1.]])
    """
    goes_on = np.ones(rewards.shape) if ended is None else 1.0 - ended
    counts = np.ones(rewards.shape) if played is None else played.astype(np.float64)
    to_come = rewards.copy()
    for slot in reversed(range(rewards.shape[1] - 1)):
        to_come[:, slot] += discount * goes_on[:, slot] * to_come[:, slot + 1]
    grouped, playing = ((x * counts).reshape(runs, -1, rewards.shape[1]) for x in (to_come, counts))
    others = playing.sum(axis=1, keepdims=True) - playing
    baseline = (grouped.sum(axis=1, keepdims=True) - grouped) / np.maximum(others, 1)
    return ((grouped - baseline) * playing).reshape(rewards.shape)


def score_gradients(
    policies: NDArray[np.float64],
    seen: NDArray[np.intp],
    taken: NDArray[np.intp],
    advantage: NDArray[np.float64],
) -> NDArray[np.float64]:
    r"""Return the policy gradient in the scores, shape (runs, observations, actions).

    .. math:: g_{oa} = w_{oa} - \pi(a|o) \sum_{a'} w_{oa'}, \qquad
              w_{oa} = \tfrac1E \sum_{e,t:\; o_t = o,\, a_t = a} A_{et}

    Examples
    --------
    >>> import numpy as np
    >>> score_gradients(np.full((1, 1, 2), 0.5), np.array([[0]]), np.array([[1]]), np.array([[1.0]]))
    array([[[-0.5,  0.5]]])
    """
    runs, observations, actions = policies.shape
    each = len(seen) // runs
    run = np.repeat(np.arange(runs), each)[:, None]
    cells = (run * observations + seen) * actions + taken
    weights = np.bincount(cells.ravel(), advantage.ravel(), policies.size).reshape(policies.shape) / each
    return weights - policies * weights.sum(axis=-1, keepdims=True)


@dataclass(frozen=True, eq=False)
class TrainedPolicies:
    """Policies of several runs of training after each update, and their last parameters.

    Parameters
    ----------
    policies : ndarray of float64, shape (runs, updates, observations, actions)
        The policy of each run after each update.
    slots : ndarray of int, shape (updates,)
        Slots of the environment that each run had seen by then.
    parameters : list of lists of ndarray
        The last parameters of each run.
    """

    policies: NDArray[np.float64]
    slots: NDArray[np.intp]
    parameters: list[Arrays]

    def __repr__(self) -> str:
        runs, updates, *_ = self.policies.shape
        seen = int(self.slots[-1]) if updates else 0
        return f"TrainedPolicies(runs={runs}, updates={updates}, slots={seen})"


def reinforce(
    model: ScoreModel,
    envs: VectorEnv,
    *,
    runs: int = 1,
    updates: int = 100,
    slots: int = 25,
    discount: float = 0.9,
    learning_rate: float | Sequence[float] = 0.1,
    optimizer: str = "adam",
    rng: Any = None,
    progress: bool = False,
) -> TrainedPolicies:
    r"""Train softmax policies by the policy gradient, several independent ones side by side.

    .. math:: \pi(a|o) = \frac{e^{s_{oa}}}{\sum_{a'} e^{s_{oa'}}}, \qquad
              \nabla J = \mathbb{E} \sum_t (G_t - b_t)\, \nabla \log \pi(a_t|o_t), \qquad
              G_t = \sum_{k \ge t} \gamma^{k-t} R_k

    The environments are shared out to the runs evenly. In each update all play some slots from the start of an episode;
    the baseline b is the mean return of the run's *other* environments in the same slot, which leaves the gradient
    unbiased and makes it less noisy. Where an episode ends, its return ends, and the next one begins (any of
    Gymnasium's autoreset modes); the reset itself counts as a slot with the mode ``NEXT_STEP``. The gradient in the
    scores is exact for these episodes and is carried to the parameters by the model: for a circuit, by the adjoint sweep.

    Parameters
    ----------
    model : ScoreModel
        What the scores are made of.
    envs : gymnasium.vector.VectorEnv
        With discrete observations and actions; at least two environments for each run.
    runs : int
        Independent learners, each with its own first parameters and its own share of the environments.
    updates : int
        Steps of the optimizer.
    slots : int
        Slots that each environment plays in an update.
    discount : float
        :math:`\gamma`, 0 to 1. Below 1 it trades a little bias for much less noise.
    learning_rate : float or sequence of `runs` floats
        Step of the optimizer; several, to compare them, one for each run.
    optimizer : {"adam", "sgd"}
    rng : optional
        Anything :func:`numpy.random.default_rng` takes.
    progress : bool
        Show a progress bar.

    Returns
    -------
    TrainedPolicies
        Interrupted (Ctrl-C) it holds the updates made so far.

    Examples
    --------
    >>> from qlearn.learning.reinforcement.gilbert_elliott import GilbertElliott
    >>> from qlearn.learning.reinforcement.environment import ChannelSelectionVector
    >>> from qlearn.learning.reinforcement.score_models import TableScores
    >>> from qlearn.learning.reinforcement.markov_decision_processes import average_reward
    >>> links = GilbertElliott(2, fade=0.1, recover=0.1)
    >>> learned = reinforce(TableScores(4, 2), ChannelSelectionVector(16, links), updates=60, rng=1)
    >>> bool(average_reward(links, learned.policies[0, -1]) > 0.65)  # a coin gets 0.5, the optimum is 0.7
    True

    References
    ----------
    Williams, "Simple statistical gradient-following algorithms for connectionist reinforcement learning",
    1992, doi:10.1007/BF00992696.
    Sutton, Barto, "Reinforcement learning: an introduction", 2nd ed. 2018, section 13.4.
    """
    each = envs_per_run(envs, model.shape, runs)
    if each < 2:
        raise ValueError(
            f"envs must hold at least 2 environments for each of the {runs} runs, not {envs.num_envs} in all: the "
            "baseline of an episode is the mean of the others"
        )
    as_count(updates, "updates")
    as_count(slots, "slots")
    if discount != 1:
        as_discount(discount)
    rng = as_rng(rng)
    optimizers = [new_optimizer(optimizer, rate) for rate in rate_per_run(learning_rate, runs)]
    parameters = [model.start(rng) for _ in range(runs)]
    policies = np.empty((updates, runs, *model.shape))
    done = 0
    try:
        with one_thread():
            tables, pullbacks = _evaluate(model, parameters)
            for done in tqdm(range(updates), "updates", disable=not progress, leave=False):
                played = rollout(envs, np.repeat(tables, each, axis=0), slots, rng)
                advantage = advantages(
                    played.rewards, discount, runs, ended=played.ended, played=played.played
                )
                gradients = score_gradients(tables, played.seen, played.taken, advantage)
                parameters = [
                    optimizer.step(p, pull_back(-gradient))
                    for optimizer, p, pull_back, gradient in zip(
                        optimizers, parameters, pullbacks, gradients, strict=True
                    )
                ]
                tables, pullbacks = _evaluate(model, parameters)
                policies[done] = tables
        done += 1
    except KeyboardInterrupt:  # keep what was learned
        pass
    return TrainedPolicies(policies[:done].swapaxes(0, 1), each * slots * np.arange(1, done + 1), parameters)


def _evaluate(model: ScoreModel, parameters: list[Arrays]) -> tuple[NDArray[np.float64], list[Any]]:
    tables, pullbacks = zip(*(model.scores(p) for p in parameters), strict=True)
    return softmax(tables, axis=-1), list(pullbacks)


def envs_per_run(envs: VectorEnv, shape: tuple[int, int] | None, runs: int) -> int:
    """Return how many environments each run gets; refuse spaces that are not discrete or do not fit."""
    spaces = envs.single_observation_space, envs.single_action_space
    if not all(isinstance(space, Discrete) and space.start == 0 for space in spaces):
        raise TypeError(
            f"envs must have discrete observations and actions counted from 0, not {spaces[0]} and {spaces[1]}: a policy here "
            "is a table"
        )
    if shape is not None and shape != (spaces[0].n, spaces[1].n):
        raise ValueError(
            f"model must have a row for each of the {spaces[0].n} observations and a column for each of the {spaces[1].n} "
            f"actions of envs, not shape {shape}"
        )
    if envs.num_envs % as_count(runs, "runs"):
        raise ValueError(f"runs must divide the {envs.num_envs} environments evenly, not {runs}")
    return envs.num_envs // runs


def rate_per_run(learning_rate: float | Sequence[float], runs: int) -> list[float]:
    """Return a learning rate for each run; refuse a number that does not fit."""
    rates: list[Any] = list(np.ravel(learning_rate)) if np.ndim(learning_rate) else [learning_rate] * runs
    if len(rates) != runs:
        raise ValueError(
            f"learning_rate must be one number, or one for each of the {runs} runs, not {len(rates)}"
        )
    return rates
