"""The decision problem of an orchestrator: small enough that the best policy can be computed, and every other be judged."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import isnan
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_count, as_probability, as_real, as_reals, as_rng
from qlearn._types import Array
from qlearn.learning.reinforcement import MarkovDecisionProcess, value_iteration
from qlearn.networks.orchestration.kpis import KPIs
from qlearn.networks.orchestration.orders import Orders
from qlearn.networks.orchestration.policies import Policy

REST = 10**9
"""An ``update_every`` that no round's number is a multiple of: the units rest."""

FEATURES = ("gain", "latency_s", "watched")
"""What a reward is made of: the worth of an update, its seconds, and whether it went out while Eve was suspected."""

_LEVELS = 4  # of the key reserve and of the load
_FULL_COST = 2  # levels of key for a whole model
_FACTORS = 4  # coins a round: Eve, a level of key, a new device, work left behind
_PLACES = 2 ** np.arange(_FACTORS)  # a throw of the coins as the number of an outcome
# The long run is the limit of ever less discounting; two small discounts, extrapolated, are close to it.
_GAP = 1e-6


def default_actions() -> tuple[Orders, ...]:
    """Return five orders that differ in what the article lists: how often, how long, how large, where, and what if.

    Returns
    -------
    tuple of Orders
        Rest; half of the model; all of it; all of it after three epochs, balanced; the same at home, and wait for keys.

    Examples
    --------
    >>> [(orders.local_epochs, orders.model_size, orders.on_empty) for orders in default_actions()[1:]]
    [(1, 0.5, 'shrink'), (1, 1.0, 'shrink'), (3, 1.0, 'shrink'), (3, 1.0, 'wait')]
    """
    return (
        Orders(update_every=REST),
        Orders(model_size=0.5, on_empty="shrink"),
        Orders(on_empty="shrink"),
        Orders(local_epochs=3, assignment="balanced", on_empty="shrink"),
        Orders(local_epochs=3, on_empty="wait"),
    )


@dataclass(frozen=True, eq=False)
class OrchestrationProblem:
    r"""What an orchestrator sees, may order, and gets for it, as a Markov decision process of 32 states.

    .. math:: r(s,a) = w_1\, g\, + w_2\, t + w_3\, e, \qquad
              g = \sqrt{\tfrac{\text{sent}}{\text{whole}}}\;\bigl(2 - 2^{1-E}\bigr), \qquad
              t = c\,E + q\,\ell + \text{wait}

    The state is (key reserve k, load :math:`\ell`, Eve suspected e): four levels, four levels, yes or no. An update of
    E local epochs costs up to two levels of key. Each round makes one level with probability `key_chance`, but none while
    somebody listens. New devices and the work of an update raise the load, an aggregator clears one level a round.
    Orders that find too little key send what they can ("shrink") or wait ("wait"); while Eve listens waiting ends
    without an update.

    The model is ours: it keeps what makes the choice hard (keys spent now are missing later), and is coarse
    everywhere else. Each update is worth the same, as if the data drifted for ever.

    Parameters
    ----------
    actions : sequence of Orders, optional
        What may be ordered. None: :func:`default_actions`.
    weights : array_like, shape (3,)
        w, of :data:`FEATURES`.
    key_chance : float
        Probability of a level of key in a round.
    eve_comes, eve_goes : float
        Probability that the suspicion begins, and that it ends, in a round.
    arrivals : float
        Probability of a new device in a round.
    epoch_s, queue_s, wait_s, timeout_s : float
        Seconds of an epoch (c), of a level of load (q), of waiting for a missing level, and of waiting in vain.
    buffer_s : float
        Seconds of work in the ``buffer`` of a report that make one level of load.

    Examples
    --------
    >>> problem = OrchestrationProblem()
    >>> problem.process
    MarkovDecisionProcess(states=32, actions=5, outcomes=16)
    >>> state = problem.state(KPIs(1, key_reserve=1.0, buffer=0.0, suspected_eve=0))
    >>> [int(problem.best_policy()[s].argmax()) for s in (state, 0)]  # plenty of keys: send; none: wait for them
    [3, 4]
    >>> OrchestrationProblem([Orders(update_every=REST), *default_actions()[2:]]).shape
    (32, 4)

    References
    ----------
    The indicators and orders are those of sections I-B and III of the article. For the method: Sutton, Barto,
    "Reinforcement learning: an introduction", 2nd ed. 2018, chapters 3 and 4.
    """

    actions: Sequence[Orders] | None = None
    weights: ArrayLike = (1.0, -0.3, 0.0)
    key_chance: float = 0.8
    eve_comes: float = 0.05
    eve_goes: float = 0.2
    arrivals: float = 0.5
    epoch_s: float = 0.2
    queue_s: float = 1.0
    wait_s: float = 1.5
    timeout_s: float = 3.0
    buffer_s: float = 1.0

    def __post_init__(self) -> None:
        for name in ("key_chance", "eve_comes", "eve_goes", "arrivals"):
            as_probability(getattr(self, name), name)
        for name in ("epoch_s", "queue_s", "wait_s", "timeout_s"):
            as_real(getattr(self, name), name, least=0)
        as_real(self.buffer_s, "buffer_s", above=0)
        if as_reals(self.weights, "weights").shape != (len(FEATURES),):
            raise ValueError(
                f"weights must be {len(FEATURES)} numbers, of {', '.join(FEATURES)}, not {self.weights!r}"
            )
        orders = default_actions() if self.actions is None else tuple(self.actions)
        if len(orders) < 2 or not all(isinstance(one, Orders) for one in orders):
            raise TypeError(f"actions must be at least two Orders, not {self.actions!r}")
        if any(one.update_every not in (1, REST) for one in orders):
            raise ValueError(
                f"actions must update in the round that they are for (update_every=1) or rest (update_every=REST, {REST}): "
                "how often is for the policy to choose, round by round"
            )
        object.__setattr__(self, "actions", orders)

    def __repr__(self) -> str:
        return (
            f"OrchestrationProblem({len(self.orders)} actions, weights={np.asarray(self.weights).tolist()})"
        )

    @property
    def orders(self) -> tuple[Orders, ...]:
        """The actions."""
        return tuple(self.actions or ())

    @property
    def shape(self) -> tuple[int, int]:
        """Number of states and of actions."""
        return 2 * _LEVELS * _LEVELS, len(self.orders)

    def parts(self, state: ArrayLike) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.intp]]:
        """Return the levels of key and load and whether Eve is suspected, each of the shape of `state`."""
        number = np.asarray(state, dtype=np.intp)
        return number // (2 * _LEVELS), number // 2 % _LEVELS, number % 2

    def state(self, kpis: KPIs, before: int | None = None) -> int:
        """Return the state that a report shows.

        What is missing is taken from the state `before`; without one it is the bad news: no key, full load, Eve.

        Parameters
        ----------
        kpis : KPIs
        before : int, optional
            The state of the round before.

        Returns
        -------
        int
            8 x key level + 2 x load level + whether Eve is suspected.
        """
        old = 2 * _LEVELS - 1 if before is None else int(before)
        old_key, old_load, old_eve = old // (2 * _LEVELS), old // 2 % _LEVELS, old % 2
        key = old_key if isnan(kpis.key_reserve) else min(int(kpis.key_reserve * _LEVELS), _LEVELS - 1)
        load = old_load if isnan(kpis.buffer) else min(int(kpis.buffer / self.buffer_s + 1e-9), _LEVELS - 1)
        eve = old_eve if isnan(kpis.suspected_eve) else int(kpis.suspected_eve > 0)
        return (key * _LEVELS + load) * 2 + eve

    def kpis(self, state: int, number: int = 0, latency: float = np.nan) -> KPIs:
        """Return a report that shows a state; it has no accuracy, for the problem has none."""
        state = int(state)
        return KPIs(
            number,
            latency=latency,
            key_reserve=state // (2 * _LEVELS) / (_LEVELS - 1),
            buffer=state // 2 % _LEVELS * self.buffer_s,
            suspected_eve=state % 2,
        )

    @cached_property
    def features(self) -> Array:
        """Gain, seconds and sent-while-watched of each action in each state, shape (states, actions, 3)."""
        sent, seconds = self._sent_and_seconds
        epochs = np.array([one.local_epochs for one in self.orders])
        gain = np.sqrt(sent / _FULL_COST) * (2 - 2.0 ** (1 - epochs))
        watched = (sent > 0) & (self._state_parts[2] == 1)[:, None]
        return np.stack([gain, seconds, watched.astype(float)], axis=-1)

    @cached_property
    def process(self) -> MarkovDecisionProcess:
        """The problem as states, actions, outcomes (all throws of four coins) and expected rewards."""
        states, actions = self.shape
        throws = (np.arange(2**_FACTORS)[:, None] // _PLACES) % 2
        chances = self._coins[:, :, None, :]
        likely = np.where(throws, chances, 1 - chances).prod(axis=-1)
        each, action = np.arange(states)[:, None, None], np.arange(actions)[None, :, None]
        nexts = self._next(each, action, list(np.moveaxis(throws, -1, 0)[:, None, None, :].astype(bool)))
        start = np.zeros(states)
        start[(_LEVELS - 1) * _LEVELS * 2] = 1  # full reserves, no load, nobody listens
        rewards = self.features @ np.asarray(self.weights, dtype=np.float64)
        return MarkovDecisionProcess(np.broadcast_to(nexts, likely.shape), likely, rewards, start)

    def best_policy(self, discount: float = 0.99) -> Array:
        """Return what value iteration finds, with full knowledge of every probability: the oracle, shape (states, actions)."""
        _, q = value_iteration(self.process, discount)
        return np.eye(self.shape[1])[q.argmax(axis=1)]

    def average_reward(self, policy: ArrayLike, weights: ArrayLike | None = None) -> float:
        r"""Return the mean reward of a round in the long run, exactly: no round is played.

        .. math:: \lim_{\gamma \to 1} (1 - \gamma)\, \mu_0\, (1 - \gamma P_\pi)^{-1}\, r_\pi

        Parameters
        ----------
        policy : array_like, shape (states, actions)
            Probabilities.
        weights : array_like, shape (3,), optional
            Judge by these instead of the problem's own.

        Returns
        -------
        float
        """
        table = as_reals(policy, "policy", least=0, most=1)
        if table.shape != self.shape or not np.allclose(table.sum(axis=1), 1):
            raise ValueError(
                f"policy must have shape {self.shape}, a row of probabilities for each state, not {table.shape}"
            )
        w = np.asarray(self.weights if weights is None else weights, dtype=np.float64)
        reward = (table * (self.features @ w)).sum(axis=1)
        matrix, start = self.process.matrix(table), self.process.start

        def discounted(gap: float) -> float:
            return float(start @ np.linalg.solve(np.eye(len(matrix)) - (1 - gap) * matrix, gap * reward))

        return 2 * discounted(_GAP / 2) - discounted(_GAP)

    @cached_property
    def _state_parts(self) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.intp]]:
        return self.parts(np.arange(self.shape[0]))

    @cached_property
    def _sent_and_seconds(self) -> tuple[Array, Array]:
        """Levels of key sent, and seconds taken, each of shape (states, actions)."""
        key, load, eve = (part[:, None] for part in self._state_parts)
        cost = np.array([_cost(one) for one in self.orders])
        waits = np.array([one.on_empty == "wait" for one in self.orders])
        missing = np.maximum(cost - key, 0)
        vain = waits & (missing > 0) & (eve == 1)
        sent = np.where(waits, cost, np.minimum(cost, key)) * ~vain
        epochs = np.array([one.local_epochs for one in self.orders]) * self.epoch_s
        balanced = np.array([0.1 * (one.assignment != "home") for one in self.orders])
        seconds = epochs + balanced + load * self.queue_s + np.where(waits, missing * self.wait_s, 0.0)
        return sent.astype(float), np.where(vain, self.timeout_s, seconds) * (cost > 0)

    @cached_property
    def _coins(self) -> Array:
        """Probability of each coin to show 1, shape (states, actions, 4): Eve, key, device, work."""
        _, _, eve = self._state_parts
        coins = np.empty((*self.shape, _FACTORS))
        coins[..., 0] = np.where(eve, 1 - self.eve_goes, self.eve_comes)[:, None]
        coins[..., 1] = np.where(eve, 0.0, self.key_chance)[:, None]
        coins[..., 2] = self.arrivals
        coins[..., 3] = [
            (_cost(one) > 0)
            * (one.local_epochs / (one.local_epochs + 1))
            * (0.5 if one.assignment != "home" else 1)
            for one in self.orders
        ]
        return coins

    def _next(self, state: NDArray, action: NDArray, throws: Sequence[NDArray]) -> NDArray[np.intp]:
        """Return where a throw of the coins leads."""
        key, load, _ = self.parts(state)
        eve, made, arrived, work = throws
        spent = np.minimum(self._sent_and_seconds[0][state, action], key)
        key = np.clip(key - spent + made, 0, _LEVELS - 1)
        load = np.clip(load - 1 + arrived + work, 0, _LEVELS - 1)
        return np.asarray((key * _LEVELS + load) * 2 + eve, dtype=np.intp)


def play(problem: OrchestrationProblem, policy: Policy, rounds: int, rng: Any = None) -> Array:
    """Let a policy decide round by round, learn if it can, and return the reward of each round, shape (rounds,).

    The coins of the world are drawn from `rng` before the policy acts: two policies that are played with one seed meet
    the same Eve, the same new devices and the same luck with keys, so that their rewards can be compared in pairs.

    Parameters
    ----------
    problem : OrchestrationProblem
    policy : Policy
        Sees reports and gives orders, which must be among the problem's.
    rounds : int
    rng : optional
        Anything :func:`numpy.random.default_rng` takes.

    Returns
    -------
    ndarray of float64, shape (rounds,)

    Examples
    --------
    >>> from qlearn.networks.orchestration import FixedPolicy, Orders
    >>> play(OrchestrationProblem(), FixedPolicy(Orders(on_empty="shrink")), 5, rng=1).round(2)
    array([0.94, 0.65, 0.65, 0.65, 0.35])
    """
    rng = as_rng(rng)
    throws = rng.random((as_count(rounds, "rounds"), _FACTORS))
    own = np.random.default_rng(rng.integers(2**63))  # what the policy draws moves no coin of the world
    process, coins = problem.process, problem._coins
    state, rewards = int(process.start.argmax()), np.empty(rounds)
    seen = problem.kpis(state)
    for t in range(rounds):
        orders = policy.decide(seen, own)
        if orders not in problem.orders:
            raise ValueError(
                f"policy must give orders that are an action of the problem, which {orders} is not"
            )
        action = problem.orders.index(orders)
        rewards[t] = process.rewards[state, action]
        outcome = int((throws[t] < coins[state, action]) @ _PLACES)
        after = int(process.next_states[state, action, outcome])
        next_kpis = problem.kpis(after, t + 1, float(problem.features[state, action, 1]))
        learn = getattr(policy, "learn", None)
        if learn is not None:
            learn(seen, orders, float(rewards[t]), next_kpis)
        state, seen = after, next_kpis
    return rewards


def _cost(orders: Orders) -> int:
    """Levels of key that an update needs; none if the units rest."""
    return 0 if orders.update_every == REST else int(np.ceil(orders.model_size * _FULL_COST))
