r"""REINFORCE: make the actions that turned out well more likely."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from gymnasium.spaces import Discrete
from gymnasium.vector import VectorEnv
from numpy.typing import NDArray
from scipy.special import softmax
from tqdm import tqdm

from qlearn._checks import as_count, as_rng
from qlearn.learning.neural_networks.descent import Arrays, new_optimizer
from qlearn.learning.reinforcement.episodes import advantages, rollout, score_gradients
from qlearn.learning.reinforcement.planning import as_discount
from qlearn.learning.reinforcement.scores import ScoreModel
from qlearn.learning.threads import one_thread


@dataclass(frozen=True, eq=False)
class Learned:
    """What several learners became, update by update.

    Parameters
    ----------
    policies : ndarray of float64, shape (runs, updates, observations, actions)
        The policy of each run after each update.
    slots : ndarray of int, shape (updates,)
        Slots of the environment that each run had seen by then.
    parameters : list of lists of ndarray
        The last parameters of each run.

    Taught in :doc:`/learning/reinforcement`.
    """

    policies: NDArray[np.float64]
    slots: NDArray[np.intp]
    parameters: list[Arrays]


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
) -> Learned:
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
    Learned
        Interrupted (Ctrl-C) it holds the updates made so far.

    Raises
    ------
    ValueError, TypeError
        If spaces are not discrete or do not fit the model, or a number is out of range.

    Examples
    --------
    >>> from qlearn.learning.reinforcement.channels import GilbertElliott
    >>> from qlearn.learning.reinforcement.environment import ChannelSelectionVector
    >>> from qlearn.learning.reinforcement.scores import TableScores
    >>> from qlearn.learning.reinforcement.shares import long_run_share
    >>> links = GilbertElliott(2, fade=0.1, recover=0.1)
    >>> learned = reinforce(TableScores(4, 2), ChannelSelectionVector(16, links), updates=60, rng=1)
    >>> bool(long_run_share(links, learned.policies[0, -1]) > 0.65)  # a coin gets 0.5, the optimum is 0.7
    True

    References
    ----------
    Williams, "Simple statistical gradient-following algorithms for connectionist reinforcement learning",
    1992, doi:10.1007/BF00992696.
    Sutton, Barto, "Reinforcement learning: an introduction", 2nd ed. 2018, section 13.4.

    Taught in :doc:`/learning/reinforcement`.
    """
    each = share_out(envs, model.shape, runs)
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
    optimizers = [new_optimizer(optimizer, rate) for rate in one_each(learning_rate, runs)]
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
    return Learned(policies[:done].swapaxes(0, 1), each * slots * np.arange(1, done + 1), parameters)


def _evaluate(model: ScoreModel, parameters: list[Arrays]) -> tuple[NDArray[np.float64], list[Any]]:
    tables, pullbacks = zip(*(model.scores(p) for p in parameters), strict=True)
    return softmax(tables, axis=-1), list(pullbacks)


def share_out(envs: VectorEnv, shape: tuple[int, int] | None, runs: int) -> int:
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


def one_each(learning_rate: float | Sequence[float], runs: int) -> list[float]:
    """Return a learning rate for each run; refuse a number that does not fit."""
    rates: list[Any] = list(np.ravel(learning_rate)) if np.ndim(learning_rate) else [learning_rate] * runs
    if len(rates) != runs:
        raise ValueError(
            f"learning_rate must be one number, or one for each of the {runs} runs, not {len(rates)}"
        )
    return rates
