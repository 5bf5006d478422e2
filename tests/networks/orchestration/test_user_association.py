"""User association: the exact answers against every assignment there is, the rules against each other, and bad input."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from qlearn.applications.routing_6g import radio_cells
from qlearn.networks.orchestration import associate, transfer_times


def every_assignment(times, capacity):
    """All assignments (-1: none) that keep links and capacity, as (served, slowest, mean)."""
    units, aggregators = times.shape
    for chosen in product(range(-1, aggregators), repeat=units):
        used = [chosen.count(j) for j in range(aggregators)]
        if any(n > c for n, c in zip(used, capacity, strict=True)):
            continue
        queues = [[times[i, j] for i in range(units) if chosen[i] == j] for j in range(aggregators)]
        if np.isinf(sum(map(sum, queues))):
            continue
        done = [sum(sorted(queue)[: k + 1]) for queue in queues for k in range(len(queue))]
        served = units - chosen.count(-1)
        yield served, max(map(sum, queues)), np.mean(done) if done else np.nan


@st.composite
def problems(draw):
    units, aggregators = draw(st.integers(1, 5)), draw(st.integers(1, 3))
    one = st.one_of(st.floats(0.1, 10), st.just(np.inf), st.integers(1, 3).map(float))
    times = np.array(draw(st.lists(one, min_size=units * aggregators, max_size=units * aggregators)))
    capacity = draw(st.lists(st.integers(0, 5), min_size=aggregators, max_size=aggregators))
    return times.reshape(units, aggregators), capacity


@given(problems())
@settings(deadline=None, max_examples=60)
def test_exact_is_the_best_of_all(problem):
    times, capacity = problem
    known = list(every_assignment(times, capacity))
    most = max(served for served, *_ in known)
    for objective, column in (("slowest", 1), ("mean", 2)):
        found = associate(times, objective=objective, capacity=capacity)
        assert len(found.unserved) == len(times) - most
        best = min((row[column] for row in known if row[0] == most), default=np.nan)
        value = found.slowest_s if objective == "slowest" else found.mean_s
        assert value == pytest.approx(best, nan_ok=True)


@given(problems())
@settings(deadline=None, max_examples=60)
def test_every_rule_keeps_links_and_capacity(problem):
    times, capacity = problem
    exact = associate(times, capacity=capacity)
    for rule in ("nearest", "least_loaded"):
        found = associate(times, rule=rule, capacity=capacity)
        assert (
            np.bincount(found.aggregator[found.aggregator >= 0], minlength=len(capacity)) <= capacity
        ).all()
        assert np.isfinite(found.load_s).all()
        assert len(found.unserved) >= len(exact.unserved)
        if len(found.unserved) == len(exact.unserved):
            assert found.slowest_s >= exact.slowest_s - 1e-9


def test_rules_by_hand():
    times = [[1.0, 1.5], [1.0, 1.5], [1.0, 1.5]]
    assert associate(times, rule="nearest").aggregator.tolist() == [0, 0, 0]
    assert associate(times, rule="least_loaded").aggregator.tolist() == [0, 1, 0]
    assert associate(times).slowest_s == 2.0
    # longest first is not the optimum: 5, 4, 3, 3, 3 on two equal aggregators
    five = np.repeat([[5.0], [4.0], [3.0], [3.0], [3.0]], 2, axis=1)
    assert associate(five, rule="least_loaded").slowest_s == 10.0
    assert associate(five).slowest_s == 9.0
    assert associate([[2.0, np.inf], [np.inf, np.inf]]).unserved == (1,)


def test_links_of_very_different_rates(capfd):
    # a formulation with rules that bind nobody made HiGHS print from C, and once fail, on problems like these
    for seed in range(20):
        rng = np.random.default_rng(seed)
        times = rng.uniform(0.1, 1, (13, 3)) * rng.choice([1.0, 10.0, np.inf], (13, 3), p=[0.6, 0.35, 0.05])
        exact, quick = associate(times), associate(times, rule="least_loaded")
        assert len(exact.unserved) == len(quick.unserved)
        assert exact.slowest_s <= quick.slowest_s + 1e-9
    assert capfd.readouterr().out == ""


def test_one_kind_of_unit_has_a_known_mean():
    # n equal units on one aggregator: (n + 1) / 2 units of time on average
    assert associate(np.ones((7, 1)), objective="mean").mean_s == pytest.approx(4.0)


def test_a_link_that_degrades_moves_units_and_never_helps():
    rng = np.random.default_rng(4)
    rates, bits = rng.uniform(100, 1000, (10, 3)), rng.uniform(500, 2000, 10)
    errors = np.full((10, 3), 0.02)
    before = associate(transfer_times(bits, rates, qber=errors))
    errors[before.aggregator == 1, 1] = 0.11  # at the threshold
    after = associate(transfer_times(bits, rates, qber=errors))
    assert not (after.aggregator[before.aggregator == 1] == 1).any()
    assert after.slowest_s >= before.slowest_s - 1e-9
    assert not after.unserved


def test_times_are_bits_over_rate():
    times = transfer_times([8, 4], [[2, 0], [4, 1]], compute_s=[0.5, 1.0])
    assert times.tolist() == [[4.5, np.inf], [1.5, 5.0]]
    assert np.isinf(transfer_times([8], [[2]], qber=[[0.3]])).all()


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: associate([1.0, 2.0]), r"times must have shape \(units, aggregators\)"),
        (lambda: associate([[np.nan]]), "times must be seconds"),
        (lambda: associate([[-1.0]]), "times must be seconds"),
        (lambda: associate([[1.0]], rule="best"), "rule must be"),
        (lambda: associate([[1.0]], objective="all"), "objective must be"),
        (lambda: associate([[1.0]], capacity=[1, 2]), r"capacity must have shape \(1,\)"),
        (lambda: associate([[1.0]], capacity=[-1]), "capacity must be at least 0"),
        (lambda: transfer_times([1, 2], [[1.0]]), r"bits_per_second must have shape \(2, aggregators\)"),
        (lambda: transfer_times([1], [[1.0]], qber=2.0), "qber must be"),
    ],
)
def test_refuses(call, says):
    with pytest.raises(ValueError, match=says):
        call()


def test_exact_also_where_times_are_worlds_apart():
    """The slowest unit is a billion times slower than the two that count: which is served is still the optimum."""
    times = [[7e7], [8.6e9], [9.1], [179.1]]
    assert associate(times, capacity=[1]).aggregator.tolist() == [-1, -1, 0, -1]
    assert associate([[1e9, 3.0], [2.0, 1e9], [1.0, 1.0]], rule="exact").slowest_s == 3.0


def test_exact_is_no_slower_than_a_rule_where_the_solver_once_stopped_early():
    # a town on which presolve, with an unbounded time, took the rule's plan of 4.758 s for the best
    town = radio_cells(24, 4, rng=1_000_511)
    times = transfer_times(
        1e6 * town.rate_mbps, 14.4e6 * np.minimum(np.log2(1 + 10 ** (town.sinr_db / 10)), 7.4)
    )
    assert associate(times).slowest_s <= associate(times, rule="least_loaded").slowest_s * (1 + 1e-9)
