"""Inverse reinforcement learning by maximum entropy: from what somebody does to what they want."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import minimize
from scipy.special import logsumexp

from qlearn._checks import as_count, as_reals, as_rng
from qlearn._types import Arrays
from qlearn.learning.reinforcement.markov_decision_processes import (
    MarkovDecisionProcess,
    as_discount,
    as_policy,
)
from qlearn.learning.reinforcement.score_models import ScoreModel


def soft_policy(
    problem: MarkovDecisionProcess, rewards: ArrayLike, discount: float = 0.9, tolerance: float = 1e-12
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    r"""Return the policy of largest discounted reward plus entropy, shape (states, actions), and its values.

    .. math:: V(s) = \log \sum_a e^{Q(s,a)}, \qquad Q(s,a) = r(s,a) + \gamma \sum_{s'} P(s'|s,a) V(s'),
              \qquad \pi(a|s) = e^{Q(s,a) - V(s)}

    It maximises the discounted reward plus entropy (nats): rewards are in units of the randomness. Twice the
    reward is half the randomness; an endless reward is the best policy.

    Parameters
    ----------
    problem : MarkovDecisionProcess
        Where actions lead; its own rewards are not used.
    rewards : array_like, shape (states, actions)
    discount : float
        :math:`\gamma`, 0 to below 1.
    tolerance : float
        Stop when no value can be further than this from the truth.

    Returns
    -------
    policy : ndarray of float64, shape (states, actions)
    values : ndarray of float64, shape (states,)

    Examples
    --------
    >>> import numpy as np
    >>> one = MarkovDecisionProcess(np.zeros((1, 2, 1), int), np.ones((1, 2, 1)), np.zeros((1, 2)), np.ones(1))
    >>> soft_policy(one, [[np.log(3), 0.0]], discount=0.5)[0]  # three to one
    array([[0.75, 0.25]])

    References
    ----------
    Ziebart, Bagnell, Dey, "Modeling interaction via the principle of maximum causal entropy", ICML 2010.
    """
    table = as_reals(rewards, "rewards")
    if table.shape != problem.shape:
        raise ValueError(f"rewards must have the shape of the problem, {problem.shape}, not {table.shape}")
    as_discount(discount)
    return solve_soft(problem, table, discount, np.zeros(len(table)), tolerance)


def visit_counts(
    problem: MarkovDecisionProcess, policy: ArrayLike, episodes: int, slots: int, rng: Any = None
) -> NDArray[np.float64]:
    """Return how often each action was taken in each state by one who acts by `policy`, shape (states, actions).

    Parameters
    ----------
    problem : MarkovDecisionProcess
    policy : array_like, shape (states, actions)
    episodes, slots : int
        Episodes, and the length of each.
    rng : optional
        Anything :func:`numpy.random.default_rng` takes.

    Returns
    -------
    ndarray of float64, shape (states, actions)
        Counts; they sum to episodes x slots.

    Examples
    --------
    >>> import numpy as np
    >>> one = MarkovDecisionProcess(np.zeros((1, 2, 1), int), np.ones((1, 2, 1)), np.zeros((1, 2)), np.ones(1))
    >>> visit_counts(one, [[0.75, 0.25]], episodes=10, slots=40, rng=2)
    array([[307.,  93.]])
    """
    n, actions = problem.shape
    table = as_policy(policy, n, actions)
    size, rng = as_count(episodes, "episodes"), as_rng(rng)
    states, counts = rng.choice(n, size, p=problem.start), np.zeros(n * actions)
    for _ in range(as_count(slots, "slots")):
        taken = (rng.random((size, 1)) > table.cumsum(axis=1)[states, :-1]).sum(axis=1)
        counts += np.bincount(states * actions + taken, minlength=n * actions)
        likely = problem.probabilities[states, taken].cumsum(axis=1)[:, :-1]
        outcome = (rng.random((size, 1)) > likely).sum(axis=1)
        states = problem.next_states[states, taken, outcome]
    return counts.reshape(n, actions)


def solve_soft(
    problem: MarkovDecisionProcess,
    rewards: NDArray[np.float64],
    discount: float,
    values: NDArray[np.float64],
    tolerance: float,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return soft policy and values by Newton's method: each step solves for the values of the last policy."""
    step, eye = np.inf, np.eye(len(values))
    while True:
        q = rewards + discount * problem.expected(values)
        residual = logsumexp(q, axis=1) - values
        policy = np.exp(q - logsumexp(q, axis=1, keepdims=True))
        size = float(np.abs(residual).max())
        # rounding sets a floor that grows with the values: stop there too
        if size <= tolerance * max(1.0, float(np.abs(values).max())) * (1 - discount) or (
            size < 1e-9 and size >= step
        ):
            return policy, values + residual
        step = size
        values = values + np.linalg.solve(eye - discount * problem.matrix(policy), residual)


class InferredReward(NamedTuple):
    """A reward inferred from visits: its parameters, its table, the policy that it explains."""

    parameters: Arrays
    rewards: NDArray[np.float64]
    policy: NDArray[np.float64]
    log_likelihood: float


def infer_reward(
    problem: MarkovDecisionProcess,
    visits: ArrayLike,
    model: ScoreModel,
    *,
    discount: float = 0.9,
    start: Arrays | None = None,
    iterations: int = 1000,
    rng: Any = None,
) -> InferredReward:
    r"""Return the reward under which the counted visits are most likely, for one who acts by the soft policy.

    .. math:: L = \sum_{s,a} n_{sa} \log \pi(a|s), \qquad
              \frac{\partial L}{\partial r(s,a)} = n_{sa} - x_s\, \pi(a|s), \qquad
              x = (n_\cdot - \gamma P^{\mathsf T} n)\,(1 - \gamma P_\pi)^{-1}

    The gradient is what was seen less what the model would have done from the same starts: it vanishes when the two
    agree on every feature (Ziebart et al. 2008).
    The model carries it on to its parameters, be they weights of features, a table or a circuit.

    Parameters
    ----------
    problem : MarkovDecisionProcess
        Where actions lead: it must be known. Its own rewards are not used.
    visits : array_like, shape (states, actions)
        Counts n of :func:`~qlearn.learning.reinforcement.visit_counts`, or shares; at least one above 0.
    model : ScoreModel
        What the reward r(s, a) is made of.
    discount : float
        The discount of the one who was watched.
    start : list of ndarray, optional
        First parameters; None draws them by the model.
    iterations : int
        Most steps of the quasi-Newton search (BFGS). Where rewards can differ without a difference in behaviour,
        it may walk along for long.
    rng : optional
        Anything :func:`numpy.random.default_rng` takes; draws the first parameters.

    Returns
    -------
    InferredReward
        `log_likelihood` is in nats per visit.

    Examples
    --------
    >>> import numpy as np
    >>> from qlearn.learning.reinforcement.score_models import TableScores
    >>> one = MarkovDecisionProcess(np.zeros((1, 2, 1), int), np.ones((1, 2, 1)), np.zeros((1, 2)), np.ones(1))
    >>> found = infer_reward(one, [[300, 100]], TableScores(1, 2))
    >>> found.policy.round(4), np.exp(found.rewards @ [1, -1]).round(3)  # the reward, up to a constant
    (array([[0.75, 0.25]]), array([3.]))

    References
    ----------
    Ziebart, Maas, Bagnell, Dey, "Maximum entropy inverse reinforcement learning", AAAI 2008.
    Ziebart, Bagnell, Dey, "Modeling interaction via the principle of maximum causal entropy", ICML 2010.
    """
    seen = as_reals(visits, "visits", least=0)
    if seen.shape != problem.shape or model.shape != problem.shape:
        raise ValueError(
            f"visits and model must have the shape of the problem, {problem.shape}, not {seen.shape} and {model.shape}"
        )
    if not seen.sum():
        raise ValueError("visits must hold at least one visit: nothing was seen, so nothing can be inferred")
    as_discount(discount)
    as_count(iterations, "iterations")
    seen = seen / seen.sum()
    first = model.start(as_rng(rng)) if start is None else start
    arriving = np.bincount(
        problem.next_states.ravel(), (seen[:, :, None] * problem.probabilities).ravel(), len(seen)
    )
    source, values = seen.sum(axis=1) - discount * arriving, np.zeros(len(seen))

    def loss(flat: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        rewards, pull_back = model.scores(_folded(flat, first))
        policy, values[:] = solve_soft(problem, rewards, discount, values, 1e-12)
        moves = np.eye(len(seen)) - discount * problem.matrix(policy)
        expected = np.linalg.solve(moves.T, source)[:, None] * policy
        surprise = -np.sum(seen * np.log(np.maximum(policy, 1e-300)))
        return float(surprise), _flat(pull_back(expected - seen))

    found = minimize(
        loss, _flat(first), jac=True, method="BFGS", options={"gtol": 1e-9, "maxiter": iterations}
    )
    parameters = _folded(found.x, first)
    rewards = model.scores(parameters)[0]
    policy, _ = soft_policy(problem, rewards, discount)
    return InferredReward(parameters, rewards, policy, -float(found.fun))


def reward_weights(
    problem: MarkovDecisionProcess, policy: ArrayLike, features: ArrayLike, discount: float = 0.9
) -> tuple[NDArray[np.float64], int]:
    r"""Solve for the weights of a reward from a policy that is known exactly, in closed form.

    .. math:: \log \pi(a|s) = \sum_k \theta_k\, \varphi_k(s,a) + \gamma \sum_{s'} P(s'|s,a) V(s') - V(s)

    These are linear equations in the weights and the values. How many directions of the weights they leave
    open says what cannot be known from *any* amount of watching in this problem.

    Parameters
    ----------
    problem : MarkovDecisionProcess
    policy : array_like, shape (states, actions)
        All entries above 0.
    features : array_like, shape (states, actions, n_features)
    discount : float
        :math:`\gamma`, 0 to below 1.

    Returns
    -------
    weights : ndarray of float64, shape (n_features,)
        Those that explain the policy best (least squares); if directions are open, the ones that are shortest
        together with their values.
    open_directions : int
        0: the weights are the only ones. Otherwise they are known up to so many numbers.

    Raises
    ------
    ValueError
        If shapes do not fit or an action is never taken.

    Examples
    --------
    >>> import numpy as np
    >>> one = MarkovDecisionProcess(np.zeros((1, 2, 1), int), np.ones((1, 2, 1)), np.zeros((1, 2)), np.ones(1))
    >>> weights, open_directions = reward_weights(one, [[0.75, 0.25]], np.array([[[1.0], [0.0]]]))
    >>> weights.round(4), open_directions  # log 3
    (array([1.0986]), 0)
    >>> reward_weights(one, [[0.75, 0.25]], np.eye(2)[None])[1]  # a reward of its own for each action: up to a constant
    1

    References
    ----------
    Cao, Cohen, Szpruch, "Identifiability in inverse reinforcement learning", 2021, arXiv:2106.03498.
    """
    n, actions = problem.shape
    table = as_policy(policy, n, actions)
    known = as_reals(features, "features")
    if known.ndim != 3 or known.shape[:2] != problem.shape:
        raise ValueError(
            f"features must have shape {(*problem.shape, 'n_features')}, not {known.shape}".replace("'", "")
        )
    if not (table > 0).all():
        raise ValueError(
            "policy must give every action some probability: an action that is never taken has a reward anywhere below"
        )
    as_discount(discount)
    rows = n * actions
    values = -np.repeat(np.eye(n), actions, axis=0)
    cells = np.arange(rows)[:, None] * n + problem.next_states.reshape(rows, -1)
    values += discount * np.bincount(cells.ravel(), problem.probabilities.ravel(), rows * n).reshape(rows, n)
    equations = np.hstack([known.reshape(rows, -1), values])
    solution, *_ = np.linalg.lstsq(equations, np.log(table).ravel())
    rank, rank_without = np.linalg.matrix_rank(equations), np.linalg.matrix_rank(values)
    return solution[: known.shape[2]], known.shape[2] - int(rank - rank_without)


def _flat(arrays: Arrays) -> NDArray[np.float64]:
    return np.concatenate([array.ravel() for array in arrays])


def _folded(flat: NDArray[np.float64], like: Arrays) -> Arrays:
    ends = np.cumsum([array.size for array in like])[:-1]
    return [part.reshape(array.shape) for part, array in zip(np.split(flat, ends), like, strict=True)]
