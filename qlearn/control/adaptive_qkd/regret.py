"""Regret: what a rule that must learn which setting is best loses on average, exactly."""

from numpy.typing import ArrayLike

from qlearn._checks import as_choice
from qlearn.learning.reinforcement.bandits import (
    UCB1,
    BanditRule,
    Greedy,
    ThompsonSampling,
    exact_regret,
)

RULES: dict[str, BanditRule] = {"ucb1": UCB1(), "thompson": ThompsonSampling(), "greedy": Greedy()}
"""Rules by name."""


def expected_regret(policy: BanditRule | str, arms: ArrayLike, rounds: int) -> float:
    r"""Return the expected regret of a rule after so many blocks, each of which gives a key or none.

    .. math:: R_T = T \max_a \mu_a - \sum_{t \le T} \mathbb{E}\,\mu_{a_t}

    By :func:`~qlearn.learning.reinforcement.exact_regret`: all records of successes are gone through, nothing is sampled. An
    arm is a setting, a pull is a block, a success a block that makes a key of the agreed length.

    Parameters
    ----------
    policy : {"ucb1", "thompson", "greedy"} or BanditRule
    arms : array_like, shape (arms,)
        Probability of success of each setting; at least two.
    rounds : int
        Blocks T.

    Returns
    -------
    float
        Successes that the best setting would have brought more.

    Examples
    --------
    >>> [round(expected_regret(policy, [0.6, 0.4], 20), 6) for policy in ("ucb1", "thompson", "greedy")]
    [1.546519, 1.432255, 1.014474]

    References
    ----------
    Lattimore and Szepesvari, "Bandit algorithms", 2020, doi:10.1017/9781108571401, section 4.5.
    """
    return float(exact_regret(as_rule(policy), arms, rounds)[-1])


def as_rule(policy: BanditRule | str) -> BanditRule:
    """Return the rule of that name, or a rule that was made."""
    if isinstance(policy, str):
        return RULES[as_choice(policy.lower(), RULES, "policy")]
    if not callable(getattr(policy, "probabilities", None)):
        raise TypeError(
            f"policy must be one of {', '.join(RULES)}, or have probabilities(successes, pulls), not {policy!r}"
        )
    return policy
