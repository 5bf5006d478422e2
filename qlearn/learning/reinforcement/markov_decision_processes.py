"""Markov decision processes: value iteration, the value of a given policy, beliefs as states."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_count, as_real, as_reals
from qlearn.learning.reinforcement.gilbert_elliott import GilbertElliott


@dataclass(frozen=True, eq=False)
class MarkovDecisionProcess:
    r"""A Markov decision process of finitely many states, each action leading to one of a few next ones.

    .. math:: \sum_{s'} P(s'|s,a)\, V(s') = \sum_k p_{sak}\, V(n_{sak})

    Parameters
    ----------
    next_states : ndarray of int, shape (states, actions, outcomes)
        Where each outcome of an action leads.
    probabilities : ndarray of float64, shape (states, actions, outcomes)
        How likely it is; sums to 1 over the outcomes.
    rewards : ndarray of float64, shape (states, actions)
        Expected reward of an action.
    start : ndarray of float64, shape (states,)
        Probability to begin in each state.

    Examples
    --------
    >>> import numpy as np
    >>> stay_or_go = np.array([[[0], [1]], [[1], [0]]])  # two rooms, one outcome of each action
    >>> rooms = MarkovDecisionProcess(stay_or_go, np.ones((2, 2, 1)), np.array([[0.0, 0.0], [1.0, 0.0]]), np.array([1.0, 0.0]))
    >>> rooms.expected(np.array([0.0, 10.0]))  # the value of what follows, for each state and action
    array([[ 0., 10.],
           [10.,  0.]])
    """

    next_states: NDArray[np.intp]
    probabilities: NDArray[np.float64]
    rewards: NDArray[np.float64]
    start: NDArray[np.float64]

    def __post_init__(self) -> None:
        shape = self.next_states.shape
        if len(shape) != 3 or self.probabilities.shape != shape or self.rewards.shape != shape[:2]:
            raise ValueError(
                "next_states and probabilities must have one shape (states, actions, outcomes) and rewards its first "
                f"two axes, not {shape}, {self.probabilities.shape} and {self.rewards.shape}"
            )
        if self.next_states.min() < 0 or self.next_states.max() >= shape[0]:
            raise ValueError(
                f"next_states must be states, 0 to {shape[0] - 1}; they reach from {self.next_states.min()} to "
                f"{self.next_states.max()}"
            )
        for name, sums in (("probabilities", self.probabilities.sum(axis=-1)), ("start", self.start.sum())):
            if not np.allclose(sums, 1):
                raise ValueError(
                    f"{name} must sum to 1, not {np.ravel(sums)[np.abs(np.ravel(sums) - 1).argmax()]:g}"
                )

    def __repr__(self) -> str:
        states, actions, outcomes = self.next_states.shape
        return f"MarkovDecisionProcess(states={states}, actions={actions}, outcomes={outcomes})"

    @property
    def shape(self) -> tuple[int, int]:
        """Number of states and of actions."""
        return len(self.rewards), self.rewards.shape[1]

    def expected(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the expected value of the next state, shape (states, actions), of values (states,)."""
        return np.einsum("sak,sak->sa", self.probabilities, values[self.next_states])

    def matrix(self, policy: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the transition matrix (states, states) of one who acts by `policy`, shape (states, actions)."""
        n = len(self.rewards)
        cells = np.arange(n)[:, None, None] * n + self.next_states
        flow = (policy[:, :, None] * self.probabilities).ravel()
        return np.bincount(cells.ravel(), flow, n * n).astype(np.float64).reshape(n, n)


def full_information_mdp(channels: GilbertElliott) -> MarkovDecisionProcess:
    r"""Return the decision process of a sender who sees the last state of every channel, and the channel in use.

    State :math:`s = h\,n + c`: the joint state h of the n channels in the last slot (first channel most
    significant) and the channel c used in it. Nobody can do better than the optimum of this problem.

    Parameters
    ----------
    channels : GilbertElliott

    Returns
    -------
    MarkovDecisionProcess
        Of :math:`2^n n` states; the reward of a channel is its probability to be good in the coming slot.

    Examples
    --------
    >>> problem = full_information_mdp(GilbertElliott(2, fade=0.1, recover=0.2))
    >>> problem.shape
    (8, 2)
    >>> problem.rewards[4]  # first channel good, second bad, first in use
    array([0.9, 0.2])
    """
    n, joint = channels.n_channels, channels.joint_matrix()
    every = len(joint)
    after = np.arange(every) * n + np.arange(n)[:, None]  # (action, joint state)
    good = channels.predict(channels.all_states().astype(float))
    return MarkovDecisionProcess(
        np.broadcast_to(after, (every * n, n, every)),
        np.broadcast_to(np.repeat(joint, n, axis=0)[:, None], (every * n, n, every)),
        np.repeat(good, n, axis=0),
        np.repeat(channels.joint_stationary() / n, n),
    )


def belief_mdp(channels: GilbertElliott, decimals: int = 10, most: int = 100_000) -> MarkovDecisionProcess:
    r"""Return the decision process of a sender who remembers all reports: its states are beliefs.

    All that matters of the past is the *belief*: the probability of each channel to be good in the coming
    slot. A report b on channel a changes it by Bayes' rule, and one slot moves it on. The states
    are the beliefs that can be reached from ignorance, equal ones to `decimals` places merged.

    Parameters
    ----------
    channels : GilbertElliott
    decimals : int
        Places to which beliefs must differ. Without noise 10 is as good as exact. With noise the beliefs go on for
        ever and are merged by rounding: two channels with f = r = noise = 0.1 have 5513 states with 2 places, and
        with 3 more than the 100,000 of `most`.
    most : int
        Refuse to make more states than this.

    Returns
    -------
    MarkovDecisionProcess
        Two outcomes for each action: bad, good. It begins in ignorance: every channel as in the long run.

    Raises
    ------
    ValueError
        If more than `most` beliefs can be reached.

    Examples
    --------
    >>> belief_mdp(GilbertElliott(2, fade=0.1, recover=0.1))
    MarkovDecisionProcess(states=765, actions=2, outcomes=2)

    References
    ----------
    Smallwood, Sondik, "The optimal control of partially observable Markov processes over a finite horizon",
    1973, doi:10.1287/opre.21.5.1071 (the belief is a sufficient statistic).
    """
    as_count(decimals, "decimals")
    known = np.round(channels.stationary, decimals)[None]
    numbers = {known[0].tobytes(): 0}
    frontier, nexts, chances = known, [], []
    while len(frontier):
        told_good = frontier * (1 - channels.noise) + (1 - frontier) * channels.noise
        chances.append(np.stack([1 - told_good, told_good], axis=-1))
        after = np.round(_beliefs_after(channels, frontier), decimals) + 0.0
        fresh, places = [], []
        for row in after.reshape(-1, channels.n_channels):
            key = row.tobytes()
            if key not in numbers:
                numbers[key] = len(numbers)
                fresh.append(row)
            places.append(numbers[key])
        if len(numbers) > most:
            raise ValueError(
                f"more than most = {most} beliefs can be reached: take fewer channels, or fewer decimals than {decimals}"
            )
        nexts.append(np.array(places).reshape(after.shape[:3]))
        known = np.concatenate([known, np.array(fresh).reshape(-1, channels.n_channels)])
        frontier = known[len(known) - len(fresh) :]
    start = np.zeros(len(known))
    start[0] = 1
    return MarkovDecisionProcess(np.concatenate(nexts), np.concatenate(chances), known, start)


def _beliefs_after(channels: GilbertElliott, belief: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the next belief for each action and report, shape (..., actions, 2, n_channels)."""
    n, wrong = channels.n_channels, channels.noise
    after = np.broadcast_to(belief[:, None, None], (len(belief), n, 2, n)).copy()
    for action in range(n):
        good = belief[:, action]
        for reported, likelihood in enumerate([(wrong, 1 - wrong), (1 - wrong, wrong)]):
            weight = good * likelihood[0] + (1 - good) * likelihood[1]
            # a report that cannot happen leaves any belief; it is given probability 0
            after[:, action, reported, action] = np.where(
                weight > 0, good * likelihood[0] / np.where(weight > 0, weight, 1), good
            )
    return channels.predict(after)


_MOST_SWEEPS = 100_000


def value_iteration(
    problem: MarkovDecisionProcess, discount: float = 0.95, tolerance: float = 1e-10
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    r"""Return the values of the best policy, shape (states,), and of each action under it, (states, actions).

    .. math:: Q(s,a) = r(s,a) + \gamma \sum_{s'} P(s'|s,a)\, V(s'), \qquad V(s) = \max_a Q(s,a)

    Parameters
    ----------
    problem : MarkovDecisionProcess
    discount : float
        :math:`\gamma`, from 0 to below 1: what a reward is worth if it comes one slot later.
    tolerance : float
        Stop when no value can be further than this from the truth.

    Returns
    -------
    values : ndarray of float64, shape (states,)
    action_values : ndarray of float64, shape (states, actions)
        The best policy takes, in each state, the action whose value is largest.

    Examples
    --------
    >>> from qlearn.learning.reinforcement.gilbert_elliott import GilbertElliott
    >>> from qlearn.learning.reinforcement.markov_decision_processes import full_information_mdp
    >>> values, q = value_iteration(full_information_mdp(GilbertElliott(2, 0.1, 0.2)), discount=0.9)
    >>> q.argmax(axis=1)  # seen bad-bad, bad-good, good-bad, good-good; each with 0, then 1 in use
    array([0, 0, 1, 1, 0, 0, 0, 0])

    References
    ----------
    Sutton, Barto, "Reinforcement learning: an introduction", 2nd ed. 2018, section 4.4.
    """
    as_discount(discount)
    _positive(tolerance)
    values = np.zeros(len(problem.rewards))
    while True:
        q = problem.rewards + discount * problem.expected(values)
        step = np.abs(q.max(axis=1) - values).max()
        values = q.max(axis=1)
        if discount * step <= tolerance * (1 - discount):
            return values, q


def optimal_average_reward(problem: MarkovDecisionProcess, tolerance: float = 1e-10) -> float:
    r"""Return the largest mean reward of a slot that any policy reaches in the long run.

    .. math:: \min_s \bigl[(TV)(s) - V(s)\bigr] \;\le\; g^* \;\le\; \max_s \bigl[(TV)(s) - V(s)\bigr],
              \qquad (TV)(s) = \max_a \Bigl[ r(s,a) + \sum_{s'} P(s'|s,a) V(s') \Bigr]

    Value iteration without a discount: the values grow without end, but what they grow by in a sweep closes in
    on :math:`g^*` from both sides.

    Parameters
    ----------
    problem : MarkovDecisionProcess
        One in which every state can be reached from every other, whatever the start, by some policy.
    tolerance : float
        Largest distance between the two bounds.

    Returns
    -------
    float

    Raises
    ------
    ArithmeticError
        If the bounds do not meet: from some states less can be had than from others.

    Examples
    --------
    >>> from qlearn.learning.reinforcement.gilbert_elliott import GilbertElliott
    >>> from qlearn.learning.reinforcement.markov_decision_processes import belief_mdp, full_information_mdp
    >>> links = GilbertElliott(2, fade=0.1, recover=0.1)
    >>> round(optimal_average_reward(full_information_mdp(links)), 6), round(optimal_average_reward(belief_mdp(links)), 6)
    (0.7, 0.7)

    References
    ----------
    Puterman, "Markov decision processes", 1994, section 8.5.
    """
    _positive(tolerance)
    values = np.zeros(len(problem.rewards))
    for _ in range(_MOST_SWEEPS):
        ahead = (problem.rewards + problem.expected(values)).max(axis=1)
        growth = ahead - values
        if np.ptp(growth) <= tolerance:
            return float(growth.max() + growth.min()) / 2
        # Halfway steps: a problem that swings between two sets of states would never settle otherwise.
        values = values + 0.5 * (growth - growth[0])
    raise ArithmeticError(
        f"after {_MOST_SWEEPS} sweeps the long-run reward still lies between {growth.min():g} and {growth.max():g}: "
        "some states cannot be left, or tolerance is too fine"
    )


def as_discount(discount: float) -> float:
    """Return `discount` as a float from 0 to below 1."""
    value = as_real(discount, "discount")
    if not 0 <= value < 1:
        raise ValueError(
            f"discount must be at least 0 and below 1, not {discount}: the sum of all rewards must be finite"
        )
    return value


def _positive(tolerance: float) -> None:
    if as_real(tolerance, "tolerance") <= 0:
        raise ValueError(f"tolerance must be above 0, not {tolerance}: no finite number of sweeps is exact")


# The long run is the limit of ever less discounting; two small discounts, extrapolated, are 1e-9 close to it.
_DISCOUNT_GAP = 1e-6


def myopic_policy(n_channels: int) -> NDArray[np.float64]:
    """Return the myopic policy: stay while it is good; after a bad slot move to the next channel, round and round.

    Parameters
    ----------
    n_channels : int

    Returns
    -------
    ndarray of float64, shape (2 n_channels, n_channels)
        Probability of each channel for each observation, :math:`2c + b`.

    Examples
    --------
    >>> myopic_policy(2)  # used 0 and bad, 0 and good, 1 and bad, 1 and good
    array([[0., 1.],
           [1., 0.],
           [1., 0.],
           [0., 1.]])

    References
    ----------
    Ahmad, Liu, Javidi, Zhao, Krishnamachari, "Optimality of myopic sensing in multi-channel opportunistic
    access", 2009, arXiv:0811.0637: for equal channels with positive memory, and no noise, nothing is better.
    """
    n = as_count(n_channels, "n_channels")
    used, good = np.divmod(np.arange(2 * n), 2)
    return np.eye(n)[(used + 1 - good) % n]


def two_channel_optimum(fade: float, recover: float) -> float:
    r"""Return the largest long-run share of good slots on two equal channels, in closed form.

    .. math:: U = (1-f)\,\bigl[1 - (1-\omega)^2\bigr] + r\,(1-\omega)^2

    Whoever sees *both* channels picks one that was good: it stays good with probability 1 - f. Only if both were
    bad, a share :math:`(1-\omega)^2` of the slots, must he hope for a recovery. Stay-or-switch sees one channel and
    does as well: while it is good he would stay anyway, and after a bad slot the other one is good, or
    neither is.

    Parameters
    ----------
    fade, recover : float
        f and r of :class:`~qlearn.learning.reinforcement.gilbert_elliott.GilbertElliott`, with :math:`f + r \le 1`.

    Returns
    -------
    float

    Raises
    ------
    ValueError
        If the channels never change or have a negative memory.

    Examples
    --------
    >>> round(two_channel_optimum(0.1, 0.1), 6)  # half of the slots are good; memory gives more
    0.7
    >>> two_channel_optimum(0.5, 0.5)  # without memory, nothing
    0.5

    References
    ----------
    Zhao, Krishnamachari, Liu, "On myopic sensing for multi-channel opportunistic access: structure,
    optimality, and performance", 2008, arXiv:0712.0035 (the throughput of two channels, from the mean length
    of a stay: another formula, the same number).
    """
    links = GilbertElliott(2, fade, recover)
    if links.memory[0] < 0:
        raise ValueError(
            f"fade and recover must sum to at most 1, not {fade} and {recover}: a channel that prefers to change is best "
            "left after a good slot"
        )
    both_bad = float(1 - links.stationary[0]) ** 2
    return (1 - fade) * (1 - both_bad) + recover * both_bad


def average_reward(channels: GilbertElliott, policy: ArrayLike) -> NDArray[np.float64]:
    r"""Return the fraction of slots that get through in the long run, shape (...), for policies of the last observation.

    .. math:: g = \lim_{\gamma\to1} (1-\gamma)\; \mu_0\,(1-\gamma M)^{-1}\, R

    Channels and observation together are a Markov chain of :math:`2^n\,2n` states with matrix M; the share is exact to 1e-8.

    Parameters
    ----------
    channels : GilbertElliott
    policy : array_like, shape (..., 2 n_channels, n_channels)
        Probabilities of each channel for each observation; leading axes are a batch.

    Returns
    -------
    ndarray of float64, shape (...,)

    Examples
    --------
    >>> import numpy as np
    >>> links = GilbertElliott(2, fade=0.1, recover=0.1)
    >>> average_reward(links, [myopic_policy(2), np.full((4, 2), 0.5)]).round(4)
    array([0.7, 0.5])
    """
    chain, reward, start = _chain(channels, policy)
    eye = np.eye(len(start))

    def discounted(gap: float) -> NDArray[np.float64]:
        values = np.linalg.solve(eye - (1 - gap) * chain, gap * reward[..., None])[..., 0]
        return values @ start

    return 2 * discounted(_DISCOUNT_GAP / 2) - discounted(_DISCOUNT_GAP)


def _chain(
    channels: GilbertElliott, policy: ArrayLike
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return matrix, rewards and start of the chain of (joint state, observation)."""
    n, table = channels.n_channels, as_policy(policy, 2 * channels.n_channels, channels.n_channels)
    joint, states = channels.joint_matrix(), channels.all_states()
    wrong, every = channels.noise, len(joint)
    # chance of the report b on channel a in joint state h
    reported = np.stack([np.where(states, wrong, 1 - wrong), np.where(states, 1 - wrong, wrong)], axis=-1)
    # (..., h, o, h', a, b): the channels go from h to h', the policy picks a on seeing o, the report is b
    chain = np.einsum("hg,...oa,gab->...hogab", joint, table, reported)
    size = every * 2 * n
    reward = np.einsum("ha,...oa->...ho", channels.predict(states.astype(float)), table)
    start = channels.joint_stationary()[:, None, None] * reported / n
    return (
        chain.reshape(*table.shape[:-2], size, size),
        reward.reshape(*table.shape[:-2], size),
        start.ravel(),
    )


def as_policy(policy: ArrayLike, n_observations: int, n_actions: int) -> NDArray[np.float64]:
    """Return `policy` as probabilities of shape (..., n_observations, n_actions)."""
    table = as_reals(policy, "policy", least=0, most=1)
    if table.shape[-2:] != (n_observations, n_actions):
        raise ValueError(
            f"policy must have shape (..., {n_observations}, {n_actions}): a row for each observation, a column for each "
            f"action; not {table.shape}"
        )
    sums = table.sum(axis=-1)
    if not np.allclose(sums, 1):
        raise ValueError(
            f"the rows of policy must sum to 1; one sums to {sums.flat[np.abs(sums - 1).argmax()]:g}"
        )
    return table
