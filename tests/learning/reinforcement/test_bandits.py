"""Bandits: regrets that were computed elsewhere, games played one by one, bounds, and what is refused."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from scipy.integrate import quad
from scipy.stats import beta

from qlearn.learning.reinforcement import (
    UCB1,
    Greedy,
    ThompsonSampling,
    bayes_optimum,
    choose_arm,
    exact_regret,
    lai_robbins,
    ucb1_bound,
)

RULES = [UCB1(), ThompsonSampling(), Greedy()]


@pytest.mark.parametrize(
    ("rule", "known"),
    [
        (UCB1(), (0.82846167, 1.54651882, 2.83908374, 3.98501402)),
        (ThompsonSampling(), (0.81637298, 1.43225528, 2.37359501, 3.07773489)),
        (Greedy(), (0.58198764, 1.01447445, 1.82781623, 2.61332432)),
    ],
)
def test_regret_of_arms_06_04(rule, known):
    # values of an enumeration that shares nothing with the library
    assert exact_regret(rule, [0.6, 0.4], 60)[[9, 19, 39, 59]] == pytest.approx(known, abs=5e-9)


def regret_by_paths(rule, means, horizon):
    """Every sequence of arms and outcomes, one by one: the definition."""
    lost = 0.0
    for path in product(product(range(len(means)), (0, 1)), repeat=horizon):
        won, n, chance, gap = np.zeros(len(means)), np.zeros(len(means)), 1.0, 0.0
        for arm, success in path:
            chance *= rule.probabilities(won, n)[arm] * (means[arm] if success else 1 - means[arm])
            won[arm] += success
            n[arm] += 1
            gap += max(means) - means[arm]
        lost += chance * gap
    return lost


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("means", [(0.3, 0.8), (0.9, 0.1, 0.5)])
def test_regret_is_the_sum_over_all_paths(rule, means):
    horizon = 5 if len(means) == 2 else 3
    assert exact_regret(rule, means, horizon)[-1] == pytest.approx(regret_by_paths(rule, means, horizon))


@pytest.mark.parametrize("rule", RULES)
def test_regret_is_what_games_lose(rule):
    # 1,000 games of 15 pulls; the regret of a game is at most 15 x 0.4, its deviation below 3: 5 sigma, 6e-7
    means, horizon, games = np.array([0.7, 0.3]), 15, 1000
    rng, lost = np.random.default_rng(5), []
    for _ in range(games):
        won, n = np.zeros(2), np.zeros(2)
        for _ in range(horizon):
            arm = choose_arm(rule, won, n, rng)
            won[arm] += rng.random() < means[arm]
            n[arm] += 1
        lost.append(n[1] * 0.4)
    expected = exact_regret(rule, means, horizon)[-1]
    assert abs(np.mean(lost) - expected) < 5 * np.std(lost) / np.sqrt(games)


@given(st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8)), min_size=2, max_size=4))
@settings(deadline=None, max_examples=30)
def test_thompson_is_the_chance_to_be_best(record):
    won, failed = np.array(record).T
    chances = ThompsonSampling().probabilities(won, won + failed)
    laws = [beta(1 + s, 1 + f) for s, f in record]

    def integrand(x):
        return laws[0].pdf(x) * np.prod([law.cdf(x) for law in laws[1:]])

    assert chances[0] == pytest.approx(quad(integrand, 0, 1)[0], abs=1e-7)
    assert chances.sum() == pytest.approx(1)


@given(st.data())
@settings(deadline=None, max_examples=50)
def test_arms_can_be_renamed_and_records_batched(data):
    arms = data.draw(st.integers(2, 4))
    n = np.array(data.draw(st.lists(st.integers(1, 9), min_size=arms, max_size=arms)))
    won = np.array([data.draw(st.integers(0, k)) for k in n])
    order = np.array(data.draw(st.permutations(range(arms))))
    chances = ThompsonSampling().probabilities(won, n)
    assert ThompsonSampling().probabilities(won[order], n[order]) == pytest.approx(chances[order])
    for rule in RULES:
        both = rule.probabilities([won, won[order]], [n, n[order]])
        assert both[1] == pytest.approx(rule.probabilities(won[order], n[order]))
        assert both.sum(axis=1) == pytest.approx([1, 1])


def test_ucb1_is_its_formula():
    won, n = np.array([7.0, 2.0, 0.0]), np.array([11.0, 3.0, 2.0])
    index = [s / k + np.sqrt(2 * np.log(16) / k) for s, k in zip(won, n, strict=True)]
    assert UCB1().probabilities(won, n).argmax() == int(np.argmax(index)) == 1
    assert UCB1().probabilities([5, 0, 0], [5, 0, 1]).tolist() == [
        0,
        1,
        0,
    ]  # an arm without a pull comes first
    assert Greedy().probabilities([2, 1], [4, 2]).tolist() == [1, 0]  # of equal arms the first


def test_bounds():
    assert ucb1_bound([0.6, 0.4], 60) == pytest.approx(164.632, abs=5e-4)
    assert lai_robbins([0.6, 0.4]) == pytest.approx(2.466303, abs=5e-7)
    assert lai_robbins([0.5, 0.5]) == 0
    assert lai_robbins([1.0, 0.5]) == 0
    assert lai_robbins([0.6, 0.0]) == pytest.approx(0.6 / np.log(1 / 0.4))
    assert lai_robbins([0.6, 0.4, 0.4]) == pytest.approx(2 * lai_robbins([0.6, 0.4]))
    for t in (5, 20, 60):
        assert exact_regret(UCB1(), [0.6, 0.4], t)[-1] < ucb1_bound([0.6, 0.4], t)


def test_the_optimum_of_the_prior():
    known = {
        1: 0.5,
        2: 1.0833333,
        3: 1.6666667,
        5: 2.8888889,
        10: 6.0217857,
        20: 12.4312649,
        30: 18.9198680,
    }
    assert [bayes_optimum(t) for t in known] == pytest.approx(list(known.values()), abs=6e-8)


def test_many_arms_are_told_apart():
    """With twenty arms a record has forty digits; an arm is pulled as often as it is likely to be the best, by symmetry."""
    means = np.linspace(0.9, 0.1, 20)
    # First pull: all alike. Second, after a success of arm a: it is the best with probability p, the others share the rest.
    x = (np.polynomial.legendre.leggauss(40)[0] + 1) / 2
    w = np.polynomial.legendre.leggauss(40)[1] / 2
    won, failed = (float((w * 2 * f * x**19).sum()) for f in (x, 1 - x))
    others = (means.sum() - means) / 19
    second = [
        m * (won * m + (1 - won) * o) + (1 - m) * (failed * m + (1 - failed) * o)
        for m, o in zip(means, others, strict=True)
    ]
    steps = np.diff(exact_regret(ThompsonSampling(), means, 3), prepend=0)
    assert steps[:2] == pytest.approx([0.9 - means.mean(), 0.9 - np.mean(second)], abs=1e-12)
    # Third: a value of an enumeration that shares nothing with the library.
    assert steps[2] == pytest.approx(0.38879745, abs=1e-8)


def test_no_rule_beats_the_optimum_of_the_prior():
    # expected successes over two Beta(1, 1) arms, by quadrature over the means: exact for 12 pulls (degree 13)
    nodes, weights = np.polynomial.legendre.leggauss(8)
    means, horizon = (nodes + 1) / 2, 12
    for rule in RULES:
        gained = sum(
            wa * wb / 4 * (horizon * max(a, b) - exact_regret(rule, [a, b], horizon)[-1])
            for a, wa in zip(means, weights, strict=True)
            for b, wb in zip(means, weights, strict=True)
        )
        assert 6 < gained <= bayes_optimum(horizon) + 1e-9


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: exact_regret(UCB1(), [0.5], 3), r"means must have shape \(arms,\) with at least two arms"),
        (lambda: exact_regret(UCB1(), [0.5, 1.5], 3), "means must be"),
        (lambda: exact_regret(UCB1(), [0.5, 0.4], 0), "horizon must be at least 1"),
        (lambda: exact_regret(UCB1(), [0.5, 0.4, 0.3], 60), "records of successes and pulls, more than"),
        (lambda: UCB1().probabilities([3, 1], [2, 2]), "successes must be at most pulls"),
        (lambda: UCB1().probabilities([3, 1], [4, 2, 2]), "successes and pulls must have one shape"),
        (lambda: Greedy().probabilities([1], [1]), "at least two arms"),
        (lambda: choose_arm(UCB1(), [[1, 1]], [[1, 2]]), r"must have shape \(arms,\), not"),
        (lambda: bayes_optimum(61), "horizon must be at most 60"),
        (lambda: ucb1_bound([0.5, 0.4], 0), "horizon must be at least 1"),
        (lambda: lai_robbins([[0.5, 0.4]]), "means must have shape"),
    ],
)
def test_refuses(call, says):
    with pytest.raises(ValueError, match=says):
        call()
