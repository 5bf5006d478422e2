"""Admission: the exact plan against brute force, the problem in bits against both, and what is refused."""

from contextlib import suppress
from itertools import product

import dimod
import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from qlearn.applications.routing_6g import REFUSED, AdmissionProblem
from qlearn.applications.routing_6g.admission import _slack_weights
from qlearn.learning.optimisation import energies


@st.composite
def problems(draw):
    n, resources = draw(st.integers(1, 4)), draw(st.integers(1, 2))
    value = draw(st.lists(st.integers(1, 9), min_size=n, max_size=n))
    units = st.lists(st.integers(0, 4), min_size=resources, max_size=resources)
    uses = [draw(st.lists(units, min_size=1, max_size=2)) for _ in range(n)]
    return AdmissionProblem(
        value, uses, draw(st.lists(st.integers(1, 5), min_size=resources, max_size=resources))
    )


def every_plan(problem):
    return product(*(range(-1, len(table)) for table in problem.uses))


def by_hand(problem, plan):
    """Value and loads with nothing but sums."""
    value = sum(problem.value[a] for a, i in enumerate(plan) if i >= 0)
    loads = [
        sum(int(problem.uses[a][i][r]) for a, i in enumerate(plan) if i >= 0)
        for r in range(len(problem.capacity))
    ]
    return value, loads


def best(problem):
    """Brute force over all plans."""
    worth = [by_hand(problem, plan) for plan in every_plan(problem)]
    return max(
        value for value, loads in worth if all(x <= c for x, c in zip(loads, problem.capacity, strict=True))
    )


@given(problems())
@settings(max_examples=60, deadline=None)
def test_exact_is_the_best_of_all_plans(problem):
    plan = problem.exact()
    assert problem.fits(plan)
    assert problem.served(plan) == best(problem) <= problem.bound() + 1e-9


@given(problems())
@settings(max_examples=60, deadline=None)
def test_loads_and_values_are_sums(problem):
    for plan in list(every_plan(problem))[:40]:
        value, loads = by_hand(problem, plan)
        assert problem.served(plan) == value
        assert problem.load(plan).tolist() == loads


@given(problems())
@settings(max_examples=80, deadline=None)
def test_every_minimum_in_bits_is_a_best_plan(problem):
    bqm = problem.bqm()
    if not 0 < bqm.num_variables <= 14:
        return
    table = energies(bqm)
    assert np.isclose(table.min(), -best(problem))
    n = bqm.num_variables
    for index in np.flatnonzero(table < table.min() + 1e-9)[:20]:
        bits = dict(zip(bqm.variables, (int(index) >> np.arange(n)[::-1] & 1).tolist(), strict=True))
        plan = problem.decode(bits)
        assert plan is not None
        assert problem.served(plan) == best(problem)


def test_below_the_sufficient_penalty_a_broken_rule_can_pay():
    # two parties of value 1 on one unit: both served is one over, which costs P
    tight = AdmissionProblem([1, 1], [[[1]], [[1]]], [1])
    assert energies(tight.bqm(0.5)).min() == -1.5
    assert energies(tight.bqm()).min() == -1.0


@given(st.integers(1, 300))
def test_slack_reaches_each_number_up_to_the_capacity_and_no_other(capacity):
    weights = _slack_weights(capacity)
    reached = {0}
    for w in weights:
        reached |= {x + w for x in reached}
    assert reached == set(range(capacity + 1))
    assert len(weights) == capacity.bit_length()


def test_a_resource_that_cannot_be_overloaded_has_no_slack():
    roomy = AdmissionProblem([1, 1], [[[1, 3]], [[1, 3]]], [2, 4])
    assert roomy.scarce == (1,)
    assert {v for v in roomy.bqm().variables if v[0] == "slack"} == {("slack", 1, k) for k in range(3)}


def test_a_party_that_no_option_fits_is_refused():
    hopeless = AdmissionProblem([1], [[[3]]], [2])
    assert hopeless.exact() == (REFUSED,)
    assert hopeless.bound() == 0
    assert hopeless.options == ()


def test_a_limit_of_time_gives_a_plan_that_fits():
    rng = np.random.default_rng(0)
    many = AdmissionProblem(rng.integers(1, 9, 40), [rng.integers(1, 9, (3, 5)) for _ in range(40)], [30] * 5)
    plan = many.exact(time_limit=1e-3)
    assert many.fits(plan)
    assert many.served(plan) <= many.bound() + 1e-9


@pytest.mark.parametrize("scale", [1e-9, 1e-6, 1.0, 1e9])
def test_the_scale_of_the_values_does_not_matter_to_the_optimum(scale):
    # HiGHS stops at a gap of a millionth: values of a millionth once gave any plan at all
    for seed in range(10):
        draw = np.random.default_rng(seed)
        value, units = draw.uniform(1, 2, 7), draw.integers(1, 9, 7)
        one = AdmissionProblem(value * scale, [[[u]] for u in units], [12])
        top = max(by_hand(one, plan)[0] for plan in every_plan(one) if by_hand(one, plan)[1][0] <= 12)
        assert one.served(one.exact()) == pytest.approx(top)


@pytest.mark.parametrize("scale", [10**6, 10**9, 10**11])
def test_very_many_units_are_kept_or_refused_and_never_broken(scale):
    # a bit that is whole to a millionth, times a billion units: the plan of the solver can be one unit too large
    for seed in range(30):
        draw = np.random.default_rng(seed)
        units = draw.integers(scale, 3 * scale, 8)
        one = AdmissionProblem(draw.uniform(1, 2, 8), [[[u]] for u in units], [int(units[:3].sum()) - 1])
        with suppress(ArithmeticError):  # "count in coarser units"
            assert one.fits(one.exact())


def test_a_proof_has_the_tree_and_the_bound():
    easy = AdmissionProblem([3, 2], [[[2, 0], [0, 3]], [[2, 0]]], [2, 3]).prove()
    assert (easy.plan, easy.bound, easy.proven) == ((1, 0), 5.0, True)
    assert easy.nodes <= 1
    draw = np.random.default_rng(0)
    hard = AdmissionProblem(
        draw.uniform(1, 2, 60), [draw.integers(5, 30, (4, 12)) for _ in range(60)], [90] * 12
    )
    stopped = hard.prove(time_limit=0.2)
    assert hard.fits(stopped.plan)
    assert not stopped.proven
    assert hard.served(stopped.plan) < stopped.bound <= hard.bound() + 1e-6
    nobody = AdmissionProblem([1.0], [[[5]]], [2]).prove()
    assert (nobody.plan, nobody.bound, nobody.nodes, nobody.proven) == ((REFUSED,), 0.0, 0, True)


@pytest.mark.parametrize("bits", [1, 2, 10, 39])
def test_slack_has_as_few_bits_as_do(bits):
    for capacity in (2**bits - 1, 2**bits, 2**bits + 1):
        weights = _slack_weights(capacity)
        assert len(weights) == capacity.bit_length()
        assert sum(weights) == capacity
        assert min(weights) >= 1


def test_the_split_keeps_every_rule_and_is_worth_the_bound():
    draw = np.random.default_rng(3)
    some = AdmissionProblem(draw.uniform(1, 2, 9), [draw.integers(1, 6, (3, 2)) for _ in range(9)], [11, 12])
    x = some.split()
    load = sum(share * some.uses[a][i] for (a, i), share in zip(some.options, x, strict=True))
    assert (load <= some.capacity + 1e-7).all()
    assert all(
        sum(s for (a, _), s in zip(some.options, x, strict=True) if a == b) <= 1 + 1e-9 for b in range(9)
    )
    assert some.bound() == pytest.approx(
        sum(some.value[a] * s for (a, _), s in zip(some.options, x, strict=True))
    )
    assert some.bound() >= some.served(some.exact())


def test_refuses_more_units_than_numbers_hold():
    with pytest.raises(ValueError, match=r"capacity must hold at most 1e\+12 units"):
        AdmissionProblem([1.0], [[[1]]], [1e300])


def test_a_sample_that_breaks_a_rule_is_no_plan():
    two = AdmissionProblem([3, 2], [[[2, 0], [0, 3]], [[2, 0]]], [2, 3])
    assert two.decode({(0, 0): 0, (0, 1): 1, (1, 0): 1}) == (1, 0)
    assert two.decode({(0, 0): 1, (0, 1): 1, (1, 0): 0}) is None
    assert two.decode({(0, 0): 1, (0, 1): 0, (1, 0): 1}) is None
    assert two.wanted({(0, 0): 1, (0, 1): 1, (1, 0): 0}) == [[0, 1], []]
    assert dimod.ExactSolver().sample(two.bqm()).first.energy == -5


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (([0], [[[1]]], [1]), "value must hold a number above 0"),
        (([], [], [1]), "value must hold a number above 0"),
        (([1], [[[1]]], []), "capacity must hold a number"),
        (([1], [[[1]]], [0]), "capacity must be finite and at least 1"),
        (([1, 2], [[[1]]], [1]), "a table for each of the 2 parties"),
        (([1], [[1]], [1]), r"uses\[0\] must have shape"),
        (([1], [[[1, 1]]], [1]), r"uses\[0\] must have shape \(options, 1\)"),
        (([1], [[[0.5]]], [1]), "whole units"),
        (([1], [[[-1]]], [1]), r"uses\[0\] must be finite and at least 0"),
    ],
)
def test_refuses(arguments, says):
    with pytest.raises(ValueError, match=says):
        AdmissionProblem(*arguments)


@pytest.mark.parametrize(
    ("plan", "says"),
    [
        ((0,), "each of the 2 parties"),
        ((0, 1), r"plan\[1\] must be an option from 0 to 0"),
        ((True, 0), r"plan\[0\]"),
    ],
)
def test_refuses_what_is_no_plan(plan, says):
    two = AdmissionProblem([3, 2], [[[2, 0], [0, 3]], [[2, 0]]], [2, 3])
    with pytest.raises(ValueError, match=says):
        two.load(plan)


def test_refuses_a_sample_without_a_bit_or_with_spins():
    one = AdmissionProblem([1], [[[1]]], [1])
    with pytest.raises(ValueError, match=r"\(0, 0\) is missing"):
        one.decode({})
    with pytest.raises(ValueError, match="bits, 0 or 1, not -1"):
        one.decode({(0, 0): -1})
    with pytest.raises(ValueError, match="time_limit must be above 0"):
        one.exact(time_limit=0)
    with pytest.raises(ValueError, match="penalty must be"):
        one.bqm(-1)
