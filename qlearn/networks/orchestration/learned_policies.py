"""Policies that learn: a bandit, Q-learning round by round, what was trained before, and the oracle that need not learn."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_probability, as_real, as_reals, as_rng
from qlearn._types import Array
from qlearn.learning.reinforcement import UCB1, BanditRule, choose_arm
from qlearn.networks.orchestration.kpis import KPIs
from qlearn.networks.orchestration.orchestration_problem import OrchestrationProblem
from qlearn.networks.orchestration.orders import Orders


class _OfState:
    """A policy that knows the state of the round before, so that a missing indicator is as it was last seen."""

    def __init__(self, problem: OrchestrationProblem) -> None:
        if not isinstance(problem, OrchestrationProblem):
            raise TypeError(f"problem must be an OrchestrationProblem, not {type(problem).__name__}")
        self.problem = problem
        self._last: int | None = None

    def _see(self, kpis: KPIs) -> int:
        self._last = self.problem.state(kpis, self._last)
        return self._last

    def _number(self, orders: Orders) -> int:
        try:
            return self.problem.orders.index(orders)
        except ValueError:
            raise ValueError(f"orders must be one of the problem's actions, not {orders}") from None

    def get_state(self) -> dict[str, Any]:
        """Return what a restart must not lose."""
        return {"last": -1 if self._last is None else self._last}

    def set_state(self, state: Mapping[str, Any]) -> None:
        """Go on from what :meth:`get_state` gave."""
        self._last = None if state["last"] < 0 else int(state["last"])


class LearnedPolicy(_OfState):
    """Act by a table of probabilities, however it was found: the policy of a trained model at work.

    Parameters
    ----------
    problem : OrchestrationProblem
    table : array_like, shape (states, actions)
        Probability of each action in each state, as :func:`~qlearn.learning.reinforcement.reinforce` and
        :func:`~qlearn.learning.reinforcement.q_learning` train them.

    Examples
    --------
    >>> import numpy as np
    >>> problem = OrchestrationProblem()
    >>> always_rest = LearnedPolicy(problem, np.eye(5)[np.zeros(32, int)])
    >>> always_rest.decide(KPIs(1, key_reserve=0.5)) == problem.orders[0]
    True
    """

    def __init__(self, problem: OrchestrationProblem, table: ArrayLike) -> None:
        super().__init__(problem)
        self.table = as_reals(table, "table", least=0, most=1)
        if self.table.shape != problem.shape or not np.allclose(self.table.sum(axis=1), 1):
            raise ValueError(
                f"table must have shape {problem.shape}, a row of probabilities for each state, not {self.table.shape}"
            )

    def decide(self, kpis: KPIs, rng: Any = None) -> Orders:
        """Draw the orders of the state that the report shows."""
        row = self.table[self._see(kpis)]
        chosen = int(row.argmax()) if row.max() == 1 else int(as_rng(rng).choice(row.size, p=row / row.sum()))
        return self.problem.orders[chosen]


class OraclePolicy(LearnedPolicy):
    """Act as well as can be acted, by value iteration with full knowledge of the problem: the measure of the others.

    Parameters
    ----------
    problem : OrchestrationProblem
    discount : float
        Of the value iteration; 0 plans for nothing but the next reward (a *myopic* oracle).

    Examples
    --------
    >>> OraclePolicy(OrchestrationProblem()).decide(KPIs(1, key_reserve=1.0, buffer=0.0, suspected_eve=0)).local_epochs
    3
    """

    def __init__(self, problem: OrchestrationProblem, discount: float = 0.99) -> None:
        _OfState.__init__(self, problem)
        self.table = problem.best_policy(discount)


class BanditPolicy(_OfState):
    r"""Try orders and keep those that paid: a bandit, with one record for all rounds or one for each state.

    .. math:: x = \frac{r - r_{\min}}{r_{\max} - r_{\min}} \in [0, 1]

    is what the rule is told of a reward. A bandit knows no *later*: orders that empty the reserve look good to it, for
    the price is paid by the next ones; and orders that need a full reserve look good as long as others fill it.

    Parameters
    ----------
    problem : OrchestrationProblem
    rule : BanditRule, optional
        None: :class:`~qlearn.learning.reinforcement.UCB1`.
    contextual : bool
        Whether each state has a record of its own.
    least, most : float, optional
        Range of the rewards; what lies outside counts as its edge. None: that of the problem.

    Examples
    --------
    >>> import numpy as np
    >>> from qlearn.networks.orchestration import play
    >>> problem = OrchestrationProblem()
    >>> bandit = BanditPolicy(problem)
    >>> rewards = play(problem, bandit, 3000, rng=1)
    >>> problem.orders[bandit.pulls.argmax()].on_empty  # it likes to wait for keys that its other orders spare
    'wait'
    >>> [round(problem.average_reward(np.eye(5)[np.full(32, arm)]), 2) for arm in (4, 3)]  # alone, that is bad
    [0.03, 0.31]

    References
    ----------
    Auer, Cesa-Bianchi, Fischer, "Finite-time analysis of the multiarmed bandit problem", 2002,
    doi:10.1023/A:1013689704352.
    """

    def __init__(
        self,
        problem: OrchestrationProblem,
        rule: BanditRule | None = None,
        *,
        contextual: bool = False,
        least: float | None = None,
        most: float | None = None,
    ) -> None:
        super().__init__(problem)
        self.rule = UCB1() if rule is None else rule
        self.contextual = contextual
        rewards = problem.process.rewards
        self.least = float(rewards.min()) if least is None else as_real(least, "least")
        self.most = float(rewards.max()) if most is None else as_real(most, "most", above=self.least)
        self.successes = np.zeros((problem.shape[0] if contextual else 1, problem.shape[1]))
        self.pulls = np.zeros_like(self.successes)

    def decide(self, kpis: KPIs, rng: Any = None) -> Orders:
        """Draw the next orders by the rule."""
        row = self._see(kpis) if self.contextual else 0
        return self.problem.orders[choose_arm(self.rule, self.successes[row], self.pulls[row], rng)]

    def learn(self, kpis: KPIs, orders: Orders, reward: float, next_kpis: KPIs) -> None:
        """Note what the orders gave; a reward that is NaN is not noted."""
        if np.isnan(reward):
            return
        row = self.problem.state(kpis, self._last) if self.contextual else 0
        arm = self._number(orders)
        self.successes[row, arm] += np.clip((reward - self.least) / (self.most - self.least), 0, 1)
        self.pulls[row, arm] += 1

    def get_state(self) -> dict[str, Any]:
        """Return what a restart must not lose."""
        return super().get_state() | {"successes": self.successes.copy(), "pulls": self.pulls.copy()}

    def set_state(self, state: Mapping[str, Any]) -> None:
        """Go on from what :meth:`get_state` gave."""
        super().set_state(state)
        self.successes, self.pulls = (
            _same(self.successes, state["successes"]),
            _same(self.pulls, state["pulls"]),
        )


class QLearningPolicy(_OfState):
    r"""Learn what orders are worth in each state while they are given, with what comes after.

    .. math:: Q(s,a) \leftarrow Q(s,a) + \eta_{sa} \bigl[r + \gamma \max_{a'} Q(s',a') - Q(s,a)\bigr], \qquad
              \eta_{sa} = \max\bigl(\eta,\, n_{sa}^{-1/2}\bigr)

    A share of the rounds, :math:`\varepsilon \min(1, 10\, t^{-1/2})`, tries orders at random.

    Parameters
    ----------
    problem : OrchestrationProblem
    discount : float
        :math:`\gamma`.
    learning_rate : float
        :math:`\eta`, the least step; early steps are larger.
    exploration : float
        :math:`\varepsilon`, for the first hundred rounds; then it falls.
    table : array_like, shape (states, actions), optional
        First values, from training elsewhere. None: twice the largest reward everywhere, so that what was not tried looks good.
    visits : array_like, shape (states, actions), optional
        How often each of these values was corrected there, :math:`n_{sa}`: the next step is as small as if training went on.
        None: never, and the first reward on the job replaces what the table says.

    Examples
    --------
    >>> from qlearn.networks.orchestration import play
    >>> problem = OrchestrationProblem()
    >>> practised = QLearningPolicy(problem)
    >>> rewards = play(problem, practised, 3000, rng=1)
    >>> bool(rewards[-1000:].mean() > rewards[:200].mean())
    True
    >>> at_work = QLearningPolicy(problem, table=practised.table, visits=practised.visits)
    >>> int(at_work.visits.sum())
    3000

    References
    ----------
    Watkins, Dayan, "Q-learning", Machine Learning 8, 279 (1992).
    """

    def __init__(
        self,
        problem: OrchestrationProblem,
        *,
        discount: float = 0.9,
        learning_rate: float = 0.05,
        exploration: float = 0.1,
        table: ArrayLike | None = None,
        visits: ArrayLike | None = None,
    ) -> None:
        super().__init__(problem)
        self.discount = as_real(discount, "discount", least=0, most=1)
        if self.discount == 1:
            raise ValueError("discount must be below 1: the sum of all rewards must be finite")
        self.learning_rate = as_real(learning_rate, "learning_rate", above=0, most=1)
        self.exploration = as_probability(exploration, "exploration")
        hopeful = np.full(problem.shape, 2 * float(problem.process.rewards.max()))
        self.table = hopeful if table is None else _same(hopeful, as_reals(table, "table"))
        never = np.zeros(problem.shape)
        self.visits = never if visits is None else _same(never, as_reals(visits, "visits", least=0))

    def decide(self, kpis: KPIs, rng: Any = None) -> Orders:
        """Give the orders that look best, or, seldom, any."""
        rng, state = as_rng(rng), self._see(kpis)
        curious = self.exploration * min(1.0, (100 / max(self.visits.sum(), 1)) ** 0.5)
        if rng.random() < curious:
            return self.problem.orders[int(rng.integers(self.table.shape[1]))]
        best = np.flatnonzero(self.table[state] == self.table[state].max())
        return self.problem.orders[int(rng.choice(best))]

    def learn(self, kpis: KPIs, orders: Orders, reward: float, next_kpis: KPIs) -> None:
        """Correct the value of the orders by what they gave and what can follow; a NaN teaches nothing."""
        if np.isnan(reward):
            return
        state, arm = self.problem.state(kpis, self._last), self._number(orders)
        after = self.problem.state(next_kpis, state)
        self.visits[state, arm] += 1
        step = max(self.learning_rate, self.visits[state, arm] ** -0.5)
        target = reward + self.discount * self.table[after].max()
        self.table[state, arm] += step * (target - self.table[state, arm])

    def get_state(self) -> dict[str, Any]:
        """Return what a restart must not lose."""
        return super().get_state() | {"table": self.table.copy(), "visits": self.visits.copy()}

    def set_state(self, state: Mapping[str, Any]) -> None:
        """Go on from what :meth:`get_state` gave."""
        super().set_state(state)
        self.table, self.visits = _same(self.table, state["table"]), _same(self.visits, state["visits"])


def _same(like: Array, given: ArrayLike) -> NDArray[np.float64]:
    array = np.array(given, dtype=np.float64)
    if array.shape != like.shape:
        raise ValueError(f"a table of this policy must have shape {like.shape}, not {array.shape}")
    return array
