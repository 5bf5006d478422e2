"""The decision problem: its table against the rules written out, its values against play, its oracle against every rival."""

from itertools import product
from math import nan

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from qlearn.learning.reinforcement import (
    FeatureScores,
    infer_reward,
    optimal_average_reward,
    reward_weights,
    soft_policy,
    visit_counts,
)
from qlearn.networks.orchestration import (
    FEATURES,
    REST,
    FixedPolicy,
    KPIs,
    LearnedPolicy,
    OraclePolicy,
    OrchestrationProblem,
    Orders,
    default_actions,
    play,
)

PROBLEM = OrchestrationProblem()
ALL = np.arange(32)


def by_the_rules(problem, state, orders):
    """Features and law of the next state, from the words of the docstring, one coin after the other."""
    key, load, eve = state // 8, state // 2 % 4, state % 2
    rests = orders.update_every == REST
    cost = 0 if rests else int(np.ceil(2 * orders.model_size))
    missing = max(cost - key, 0)
    seconds = orders.local_epochs * problem.epoch_s + load * problem.queue_s
    seconds += 0.1 if orders.assignment != "home" else 0.0
    if orders.on_empty == "shrink":
        sent = min(cost, key)
    elif missing and eve:
        sent, seconds = 0, problem.timeout_s
    else:
        sent, seconds = cost, seconds + missing * problem.wait_s
    if rests:
        sent, seconds = 0, 0.0
    gain = (sent / 2) ** 0.5 * (2 - 2 ** (1 - orders.local_epochs))
    work = 0 if rests else orders.local_epochs / (orders.local_epochs + 1)
    work /= 2 if orders.assignment != "home" else 1
    chances = (
        1 - problem.eve_goes if eve else problem.eve_comes,
        0.0 if eve else problem.key_chance,
        problem.arrivals,
        work,
    )
    law = np.zeros(32)
    for coins in product((0, 1), repeat=4):
        likely = np.prod([c if coin else 1 - c for c, coin in zip(chances, coins, strict=True)])
        left = min(max(key - min(sent, key) + coins[1], 0), 3)
        queue = min(max(load - 1 + coins[2] + coins[3], 0), 3)
        law[left * 8 + queue * 2 + coins[0]] += likely
    return (gain, seconds, float(sent > 0 and eve)), law


@pytest.mark.parametrize(
    "problem",
    [PROBLEM, OrchestrationProblem(key_chance=0.3, eve_comes=0.5, arrivals=0.9, weights=(2, -1, -0.5))],
)
def test_the_table_is_the_rules(problem):
    for state, (number, orders) in product(range(32), enumerate(problem.orders)):
        features, law = by_the_rules(problem, state, orders)
        assert problem.features[state, number] == pytest.approx(features)
        assert problem.process.rewards[state, number] == pytest.approx(np.dot(features, problem.weights))
        found = np.bincount(
            problem.process.next_states[state, number], problem.process.probabilities[state, number], 32
        )
        assert found == pytest.approx(law)


def test_the_oracle_is_the_optimum():
    best = optimal_average_reward(PROBLEM.process)
    assert PROBLEM.average_reward(PROBLEM.best_policy()) == pytest.approx(best, abs=1e-6)
    rng = np.random.default_rng(0)
    for _ in range(50):
        assert PROBLEM.average_reward(rng.dirichlet(np.full(5, 0.3), 32)) < best
    # foresight is worth something here, and so is to look at the state
    fixed = max(PROBLEM.average_reward(np.eye(5)[np.full(32, a)]) for a in range(5))
    assert fixed < PROBLEM.average_reward(PROBLEM.best_policy(0.0)) < 0.6 * best


def test_the_long_run_is_what_is_played():
    # 20 x 2,000 rounds; rewards lie in an interval of 3 and are correlated over some ten rounds: the deviation of the mean
    # below 1.5 sqrt(20 / 40,000) = 0.034 at the very most, measured 0.005; allowed 0.03 = 6 measured ones
    rng = np.random.default_rng(3)
    table = rng.dirichlet(np.ones(5), 32)
    played = np.mean(
        [play(PROBLEM, LearnedPolicy(PROBLEM, table), 2000, rng=seed).mean() for seed in range(20)]
    )
    assert played == pytest.approx(PROBLEM.average_reward(table), abs=0.03)


def test_two_policies_meet_the_same_world():
    class Watcher:
        def __init__(self, orders):
            self.orders, self.seen = orders, []

        def decide(self, kpis, rng):
            rng.random(len(self.seen) % 3)  # what a policy draws is its own affair
            self.seen.append(kpis.suspected_eve)
            return self.orders

    one, two = Watcher(PROBLEM.orders[0]), Watcher(PROBLEM.orders[3])
    first = play(PROBLEM, one, 200, rng=5)
    assert one.seen != (play(PROBLEM, two, 200, rng=6), two.seen)[1]
    two.seen.clear()
    play(PROBLEM, two, 200, rng=5)
    assert one.seen == two.seen
    assert 0 < sum(one.seen) < 200
    assert (first == 0).all()  # who rests gains nothing and loses nothing


@given(st.integers(0, 31), st.integers(0, 31))
def test_a_report_shows_its_state_and_what_is_missing_is_remembered(state, before):
    assert PROBLEM.state(PROBLEM.kpis(state, 3)) == state
    assert PROBLEM.state(KPIs(3), before) == before
    key, load, eve = PROBLEM.parts(state)
    assert (
        PROBLEM.state(KPIs(3, buffer=load * 1.0, suspected_eve=eve)) == load * 2 + eve
    )  # no news of keys: none
    assert key * 8 + load * 2 + eve == state


def test_a_report_from_outside():
    assert PROBLEM.state(KPIs(1)) == 7  # no key, full load, Eve: the bad news
    assert PROBLEM.state(KPIs(1, key_reserve=0.99, buffer=100.0, suspected_eve=3)) == 3 * 8 + 3 * 2 + 1
    assert PROBLEM.state(KPIs(1, key_reserve=0.24, buffer=0.9, suspected_eve=0)) == 0
    assert np.isnan(PROBLEM.kpis(5).accuracy)


@settings(deadline=None, max_examples=10)
@given(st.integers(0, 1000))
def test_an_operators_wishes_are_recovered(seed):
    # the operator acts by the soft policy of other weights, a tenth of a reward's randomness; exact by linear equations
    wishes = 10 * np.array([1.0, -0.3, -0.5]) * np.random.default_rng(seed).uniform(0.5, 1.5, 3)
    acts, _ = soft_policy(PROBLEM.process, PROBLEM.features @ wishes, 0.9)
    found, left_open = reward_weights(PROBLEM.process, acts, PROBLEM.features, 0.9)
    assert left_open == 0
    assert found == pytest.approx(wishes, rel=1e-5)


def test_wishes_from_demonstrations():
    wishes = 5 * np.array([1.0, -0.3, -0.5])
    acts, _ = soft_policy(PROBLEM.process, PROBLEM.features @ wishes, 0.9)
    seen = visit_counts(PROBLEM.process, acts, 200, 100, rng=1)
    found = infer_reward(PROBLEM.process, seen, FeatureScores(PROBLEM.features), rng=0).parameters[0]
    # 20,000 decisions: over 20 seeds the largest deviation is 2 % of the first weight; allowed 8 %
    assert found == pytest.approx(wishes, abs=0.08 * 5)
    imitated = OrchestrationProblem(weights=found).best_policy()
    truth = OrchestrationProblem(weights=wishes)
    assert truth.average_reward(imitated) == pytest.approx(
        truth.average_reward(truth.best_policy()), abs=0.02 * 5
    )


def test_other_actions_and_names():
    few = OrchestrationProblem([Orders(update_every=REST), Orders(assignment={"unit 0": "aggregator 1"})])
    assert few.shape == (32, 2)
    assert play(few, OraclePolicy(few), 20, rng=0).shape == (20,)
    assert len(FEATURES) == 3
    assert len(default_actions()) == 5
    assert repr(PROBLEM) == "OrchestrationProblem(5 actions, weights=[1.0, -0.3, 0.0])"


@pytest.mark.parametrize(
    ("call", "error", "says"),
    [
        (lambda: OrchestrationProblem(key_chance=1.5), ValueError, "key_chance must be a probability"),
        (lambda: OrchestrationProblem(queue_s=-1), ValueError, "queue_s must be"),
        (lambda: OrchestrationProblem(buffer_s=0), ValueError, "buffer_s must be above 0"),
        (
            lambda: OrchestrationProblem(weights=(1, 2)),
            ValueError,
            "weights must be 3 numbers, of gain, latency_s",
        ),
        (lambda: OrchestrationProblem([Orders()]), TypeError, "actions must be at least two Orders"),
        (lambda: OrchestrationProblem([Orders(), 3]), TypeError, "actions must be at least two Orders"),
        (
            lambda: OrchestrationProblem([Orders(), Orders(update_every=2)]),
            ValueError,
            "actions must update in the",
        ),
        (lambda: PROBLEM.average_reward(np.ones((32, 5))), ValueError, r"policy must have shape \(32, 5\)"),
        (lambda: PROBLEM.average_reward(np.eye(5)), ValueError, r"policy must have shape \(32, 5\)"),
        (lambda: PROBLEM.best_policy(1.0), ValueError, "discount must be"),
        (lambda: play(PROBLEM, FixedPolicy(), 0), ValueError, "rounds must be at least 1"),
        (
            lambda: play(PROBLEM, FixedPolicy(Orders(local_epochs=7)), 3),
            ValueError,
            "policy must give orders that are an action",
        ),
    ],
)
def test_refuses(call, error, says):
    with pytest.raises(error, match=says):
        call()


def test_nan_is_no_state():
    assert PROBLEM.state(KPIs(1, key_reserve=nan, buffer=0.0, suspected_eve=0.0)) == 0
