"""A portfolio of few shares: the optimum of all choices, a penalty that is proved, and heuristics that stay allowed."""

from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from scipy.optimize import minimize

from qlearn.applications.finance import PortfolioProblem, made_market
from qlearn.learning.optimisation import anneal, energies


def a_problem(n, k, seed, gamma=3.0, months=60):
    rng = np.random.default_rng(seed)
    returns = made_market(n, rng=rng).draw(months, rng=rng)
    return PortfolioProblem(returns.mean(axis=0), np.cov(returns.T), k, gamma)


def by_hand(problem, x):
    """The sums of the definition, term by term."""
    n, k = problem.mean.size, problem.cardinality
    risk = sum(problem.covariance[i, j] * x[i] * x[j] for i in range(n) for j in range(n))
    return (
        problem.risk_aversion / 2 * risk / k**2 - sum(m * v for m, v in zip(problem.mean, x, strict=True)) / k
    )


problems = st.builds(
    lambda n, k, seed, gamma: a_problem(n, min(k, n), seed, gamma),
    st.integers(2, 9), st.integers(1, 9), st.integers(0, 999), st.sampled_from([0.0, 1.0, 10.0, 300.0]),
)  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(problems)
def test_the_optimum_is_that_of_all_choices(problem):
    n, k = problem.mean.size, problem.cardinality
    values = {chosen: problem.cost(chosen) for chosen in combinations(range(n), k)}
    best = problem.exact()
    assert values[best] == pytest.approx(min(values.values()), abs=1e-14)
    assert values[best] == pytest.approx(by_hand(problem, np.isin(np.arange(n), best)))
    for other in (problem.greedy(), problem.relaxed(), problem.exchange(problem.greedy())):
        assert values[other] >= values[best] - 1e-14
    assert problem.cost(problem.exchange(problem.greedy())) <= problem.cost(problem.greedy()) + 1e-14
    # nothing that an exchange of one would improve is left
    left = problem.exchange(problem.greedy())
    near = [c for c in values if len(set(c) & set(left)) == k - 1]
    assert all(values[c] >= values[left] - 1e-13 for c in near)


@settings(max_examples=30, deadline=None)
@given(problems)
def test_the_penalty_suffices_and_the_needed_one_is_no_larger(problem):
    n = problem.mean.size
    table = energies(problem.bqm())
    held = np.array([sum(bits) for bits in product((0, 1), repeat=n)])
    assert held[table.argmin()] == problem.cardinality
    assert table.min() == pytest.approx(problem.cost(problem.exact()), abs=1e-10)
    needed = problem.needed_penalty()
    assert needed <= problem.sufficient_penalty()
    above = energies(problem.bqm(needed * (1 + 1e-6) + 1e-12))
    assert held[above.argmin()] == problem.cardinality
    if needed > 1e-6:  # and below it some string that is not allowed is lower
        below = energies(problem.bqm(needed * 0.99))
        assert below.min() < problem.cost(problem.exact())


def test_the_energy_of_every_string():
    problem = a_problem(5, 2, 3)
    due = [by_hand(problem, x) + 0.7 * (2 - sum(x)) ** 2 for x in product((0, 1), repeat=5)]
    assert energies(problem.bqm(0.7)) == pytest.approx(due)


def test_the_relaxation_agrees_with_a_general_solver():
    problem = a_problem(8, 3, 5, gamma=30)
    x, bound = problem._relaxation(np.zeros(8), np.arange(8), np.inf, steps=4000)
    solved = minimize(
        lambda v: 1e3 * by_hand(problem, v), np.full(8, 3 / 8), bounds=[(0, 1)] * 8, method="SLSQP",
        constraints={"type": "eq", "fun": lambda v: v.sum() - 3}, options={"ftol": 1e-12, "maxiter": 500},
    )  # fmt: skip
    assert problem._value(x) == pytest.approx(solved.fun / 1e3, abs=2e-6)
    assert bound <= solved.fun / 1e3 + 1e-9


def test_more_shares_than_a_state_vector_holds():
    problem = a_problem(40, 5, 8, gamma=10)
    best = problem.cost(problem.exact())
    found = anneal(problem.bqm(), reads=50, sweeps=200, rng=0)
    assert problem.cost(problem.repair(found.sample)) >= best - 1e-14
    rng = np.random.default_rng(0)
    assert min(problem.cost(rng.choice(40, 5, replace=False)) for _ in range(500)) >= best


@pytest.mark.parametrize("scale", [1e-13, 1e-6, 1.0, 1e6, 1e12])
@pytest.mark.parametrize("kind", ["random", "twins", "equal", "no risk", "whole numbers"])
def test_the_optimum_in_any_unit_and_among_shares_that_are_alike(kind, scale):
    """Twins made the exchange go round for ever, and small units the bound stop too early."""
    rng = np.random.default_rng(5)
    for _ in range(12):
        n = int(rng.integers(2, 10))
        k, gamma = int(rng.integers(1, n + 1)), float(rng.choice([0.0, 0.5, 3.0, 50.0]))
        parts = {
            "random": rng.normal(size=(n, 3)),
            "twins": rng.normal(size=(2, 3))[rng.integers(0, 2, n)],
            "equal": np.eye(n),
            "no risk": np.zeros((n, 1)),
            "whole numbers": rng.integers(-1, 2, (n, 3)).astype(float),
        }[kind]
        mean = {"random": rng.normal(size=n), "equal": np.ones(n)}.get(kind, rng.integers(0, 2, n) / 2)
        problem = PortfolioProblem(scale * mean, scale * (parts @ parts.T), k, gamma)
        due = min(problem.cost(chosen) for chosen in combinations(range(n), k))
        assert problem.cost(problem.exact()) - due <= 1e-11 * max(abs(due), scale)
        held = np.array([sum(bits) for bits in product((0, 1), repeat=n)])
        assert held[energies(problem.bqm()).argmin()] == k


def test_repairs_what_is_too_many_and_too_few():
    problem = a_problem(6, 2, 4)
    assert problem.repair([0, 1, 0, 0, 1, 0]) == (1, 4)
    values = [problem.cost(pair) for pair in combinations((0, 1, 2), 2)]
    assert problem.cost(problem.repair([1, 1, 1, 0, 0, 0])) == pytest.approx(min(values))
    one = problem.repair(dict(enumerate([0, 0, 0, 1, 0, 0])))
    assert problem.cost(one) == pytest.approx(min(problem.cost((3, i)) for i in (0, 1, 2, 4, 5)))


@pytest.mark.parametrize(
    ("given_", "says"),
    [
        (([0.1], [[1.0]], 1), "at least two shares"),
        (([0.1, 0.2], np.eye(3), 1), "symmetric of shape"),
        (([0.1, 0.2], [[1, 0.5], [0, 1]], 1), "symmetric of shape"),
        (([1e-9, 2e-9], [[1e-9, 5e-10], [0, 1e-9]], 1), "symmetric of shape"),
        (([0.1, 0.2], [[1, 2], [2, 1]], 1), "no negative eigenvalue"),
        (([0.1, 0.2], np.eye(2), 3), "at most the 2 shares"),
        (([0.1, 0.2], np.eye(2), 0), "cardinality must be"),
        (([0.1, 0.2], np.eye(2), 1, -1.0), "risk_aversion must be"),
    ],
)
def test_refuses(given_, says):
    with pytest.raises(ValueError, match=says):
        PortfolioProblem(*given_)


def test_refuses_other_portfolios():
    problem = a_problem(4, 2, 0)
    for chosen in ((0,), (0, 0), (0, 4), (0, 1, 2)):
        with pytest.raises(ValueError, match="2 different shares of 0 to 3"):
            problem.cost(chosen)
    with pytest.raises(ValueError, match="bits must be 0 or 1"):
        problem.repair([0, 1, 2, 0])
    with pytest.raises(ValueError, match="penalty must be"):
        problem.bqm(-1.0)
