r"""Q-learning: a table of what each action is worth, corrected after every slot."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from gymnasium.vector import VectorEnv
from tqdm import tqdm

from qlearn._checks import as_count, as_probability, as_real, as_rng
from qlearn.learning.reinforcement.markov_decision_processes import as_discount
from qlearn.learning.reinforcement.policy_gradient import (
    TrainedPolicies,
    envs_per_run,
    play_slot,
    rate_per_run,
)


def q_learning(
    envs: VectorEnv,
    *,
    runs: int = 1,
    updates: int = 100,
    slots: int = 25,
    discount: float = 0.9,
    learning_rate: float | Sequence[float] = 0.1,
    exploration: float = 0.1,
    rng: Any = None,
    progress: bool = False,
) -> TrainedPolicies:
    r"""Train tables of action values, several independent ones side by side.

    .. math:: Q(o,a) \leftarrow Q(o,a) + \eta\,\bigl[R + \gamma \max_{a'} Q(o',a') - Q(o,a)\bigr]

    and where an episode terminates nothing follows: there the term with :math:`\gamma` is left out. (An episode that is
    only cut off, *truncated*, would have gone on: there it stays.)

    The policy takes the best action of its row, and with probability `exploration` any. Environments, runs,
    updates and slots are counted as in :func:`~qlearn.learning.reinforcement.policy_gradient.reinforce`, so that both learn
    from equally much; within an update the table is corrected in every slot, by the mean over the run's
    environments. Observations that hide something (as here) void the proof of convergence, not the rule.

    Parameters
    ----------
    envs : gymnasium.vector.VectorEnv
        With discrete observations and actions.
    runs, updates, slots : int
    discount : float
        :math:`\gamma`, 0 to below 1.
    learning_rate : float or sequence of `runs` floats
        :math:`\eta`, above 0 and at most 1; several, to compare them, one for each run.
    exploration : float
        Probability of a random action.
    rng : optional
        Anything :func:`numpy.random.default_rng` takes.
    progress : bool
        Show a progress bar.

    Returns
    -------
    TrainedPolicies
        Its policies are greedy (no exploration); its parameters are the tables. Interrupted (Ctrl-C) it holds
        the updates made so far.

    Examples
    --------
    >>> from qlearn.learning.reinforcement.environment import ChannelSelectionVector
    >>> learned = q_learning(ChannelSelectionVector(16), updates=40, rng=1)
    >>> learned.policies[0, -1].argmax(axis=1)  # stay after a good slot, else switch
    array([1, 0, 0, 1])

    References
    ----------
    Watkins, Dayan, "Q-learning", Machine Learning 8, 279 (1992).
    """
    each = envs_per_run(envs, None, runs)
    as_count(updates, "updates")
    as_count(slots, "slots")
    as_discount(discount)
    as_probability(exploration, "exploration")
    rates = [as_real(rate, "learning_rate") for rate in rate_per_run(learning_rate, runs)]
    if not all(0 < rate <= 1 for rate in rates):
        raise ValueError(f"learning_rate must be above 0 and at most 1, not {learning_rate}")
    rate_of = np.array(rates)[:, None, None]
    rng = as_rng(rng)
    actions = int(envs.single_action_space.n)
    run, n = np.repeat(np.arange(runs), each), envs.num_envs
    tables = np.zeros((runs, int(envs.single_observation_space.n), actions))
    policies = np.empty((updates, *tables.shape))
    done = 0
    try:
        for done in tqdm(range(updates), "updates", disable=not progress, leave=False):
            seen, _ = envs.reset(seed=int(rng.integers(2**31)))
            over = np.zeros(n, dtype=bool)
            curious = rng.random((slots, n)) < exploration
            anything = rng.integers(actions, size=(slots, n))
            ties = 1e-9 * rng.random((slots, n, actions))  # equal values are no preference
            for slot in range(slots):
                best = (tables[run, seen] + ties[slot]).argmax(axis=-1)
                action = np.where(curious[slot], anything[slot], best)
                step = play_slot(envs, action, over)
                follows = np.where(step.terminated, 0.0, tables[run, step.after].max(axis=-1))
                surprise = step.reward + discount * follows - tables[run, seen, action]
                cells = np.ravel_multi_index((run, seen, action), tables.shape)[step.played]
                surprise = surprise[step.played]
                visits = np.bincount(cells, minlength=tables.size)
                mean = np.bincount(cells, surprise, tables.size) / np.maximum(visits, 1)
                tables += rate_of * mean.reshape(tables.shape)
                seen, over = step.observation, step.ended
            policies[done] = np.eye(actions)[tables.argmax(axis=-1)]
        done += 1
    except KeyboardInterrupt:  # keep what was learned
        pass
    return TrainedPolicies(
        policies[:done].swapaxes(0, 1), each * slots * np.arange(1, done + 1), [[table] for table in tables]
    )
