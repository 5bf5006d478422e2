"""Heuristics of admission: what they give by hand, that they always fit, and that search only improves."""

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from qlearn.applications.routing_6g import AdmissionProblem, greedy_admission, local_search, repair, rounded

TWO = AdmissionProblem([3, 2], [[[2, 0], [0, 3]], [[2, 0]]], [2, 3])


def drawn(seed, n=12):
    rng = np.random.default_rng(seed)
    uses = [rng.integers(0, 5, (rng.integers(1, 4), 3)) for _ in range(n)]
    return AdmissionProblem(rng.integers(1, 9, n), uses, rng.integers(3, 9, 3))


def first_fit_by_hand(problem, order):
    """One party after the other, with lists."""
    free, plan = problem.capacity.tolist(), [-1] * len(problem.uses)
    for a in order:
        for i, row in enumerate(problem.uses[a].tolist()):
            if all(u <= f for u, f in zip(row, free, strict=True)):
                plan[a] = i
                free = [f - u for u, f in zip(row, free, strict=True)]
                break
    return tuple(plan)


@given(st.integers(0, 10**6))
@settings(max_examples=40, deadline=None)
def test_first_fit_is_the_rule_said_in_words(seed):
    problem = drawn(seed)
    order = np.random.default_rng(seed).permutation(12).tolist()
    assert greedy_admission(problem, order=order) == first_fit_by_hand(problem, order)
    assert greedy_admission(problem) == first_fit_by_hand(problem, range(12))


@given(st.integers(0, 10**6), st.sampled_from(["preferred", "first_fit", "least_loaded"]))
@settings(max_examples=40, deadline=None)
def test_every_rule_fits_and_none_passes_the_optimum(seed, rule):
    problem = drawn(seed, 8)
    top = problem.served(problem.exact())
    for order in ("given", "largest", "densest"):
        plan = greedy_admission(problem, rule, order=order)
        assert problem.fits(plan)
        assert problem.served(plan) <= top


def test_the_preferred_rule_never_takes_a_second_option():
    problem = drawn(3)
    assert set(greedy_admission(problem, "preferred")) <= {-1, 0}
    assert greedy_admission(TWO, "preferred") == (0, -1)


def test_the_least_loaded_option_is_taken():
    # first option fills half of the first cell, second a third of the second
    one = AdmissionProblem([1], [[[2, 0], [0, 1]]], [4, 3])
    assert greedy_admission(one, "least_loaded") == (1,)
    assert greedy_admission(one) == (0,)


def test_orders():
    # values 3, 2, 4; needs 3, 1, 4 of 4: the most value first takes all, the densest two fit together
    three = AdmissionProblem([3, 2, 4], [[[3]], [[1]], [[4]]], [4])
    assert greedy_admission(three, order="largest") == (-1, -1, 0)
    assert greedy_admission(three, order="densest") == (0, 0, -1)
    assert greedy_admission(three, order=[2, 1, 0]) == (-1, -1, 0)


@given(st.integers(0, 10**6))
@settings(max_examples=25, deadline=None)
def test_search_fits_and_never_ends_below_its_start(seed):
    problem = drawn(seed)
    start = greedy_admission(problem)
    found = local_search(problem, start, moves=60, rng=seed)
    assert problem.fits(found)
    assert problem.served(start) <= problem.served(found) <= problem.served(problem.exact())


def test_search_repeats_by_seed_and_finds_what_one_move_away():
    assert local_search(TWO, (0, -1), moves=20, rng=0) == (1, 0)
    assert local_search(TWO, (0, -1), moves=0, rng=0) == (0, -1)
    problem = drawn(5)
    assert local_search(problem, moves=100, rng=7) == local_search(problem, moves=100, rng=7)


def test_search_finds_the_optimum_of_small_problems():
    # seeded: of 20 problems of twelve parties all, after 2000 moves
    for seed in range(20):
        problem = drawn(seed)
        assert problem.served(local_search(problem, moves=2000, rng=seed)) == problem.served(problem.exact())


def test_the_scale_of_the_values_does_not_matter_to_the_search():
    for seed in range(5):
        one = drawn(seed, 20)
        small = AdmissionProblem(one.value * 2.0**-50, one.uses, one.capacity)
        for temperature in (0.0, 0.3):
            plans = [local_search(each, moves=60, temperature=temperature, rng=seed) for each in (one, small)]
            assert plans[0] == plans[1]


def test_search_where_nobody_can_be_served():
    assert local_search(AdmissionProblem([1], [[[3]]], [2])) == (-1,)


@given(st.integers(0, 10**6))
@settings(max_examples=40, deadline=None)
def test_any_sample_is_mended_and_a_good_one_is_kept(seed):
    problem, rng = drawn(seed), np.random.default_rng(seed)
    assert problem.fits(repair(problem, {option: int(rng.integers(2)) for option in problem.options}))
    best = problem.exact()
    mended = repair(problem, {(a, i): int(best[a] == i) for a, i in problem.options})
    assert problem.served(mended) == problem.served(best)


@given(st.integers(0, 10**6))
@settings(max_examples=20, deadline=None)
def test_what_is_rounded_fits_and_is_no_worse_with_more_tries(seed):
    problem = drawn(seed)
    few, many = (rounded(problem, tries=tries, rng=seed) for tries in (2, 20))
    assert problem.fits(few)
    assert problem.served(few) <= problem.served(many) <= problem.served(problem.exact())


def test_a_whole_solution_of_the_linear_program_is_not_changed():
    roomy = AdmissionProblem([3, 2, 4], [[[2], [1]], [[2]], [[3]]], [9])
    assert all(x in (0.0, 1.0) for x in roomy.split())
    assert roomy.served(rounded(roomy, tries=1, rng=0)) == 9
    assert rounded(AdmissionProblem([1], [[[3]]], [2]), tries=1) == (-1,)


def test_refuses():
    with pytest.raises(ValueError, match="tries must be at least 1"):
        rounded(TWO, tries=0)
    with pytest.raises(ValueError, match="rule must be one of preferred"):
        greedy_admission(TWO, "best")
    with pytest.raises(ValueError, match="order must be one of given"):
        greedy_admission(TWO, order="random")
    with pytest.raises(ValueError, match="order must name each party from 0 to 1 once"):
        greedy_admission(TWO, order=[0, 0])
    with pytest.raises(ValueError, match="start must be a plan that fits"):
        local_search(TWO, (0, 0))
    with pytest.raises(ValueError, match="moves must be at least 0"):
        local_search(TWO, moves=-1)
    with pytest.raises(ValueError, match="temperature must be"):
        local_search(TWO, temperature=-0.1)
    with pytest.raises(ValueError, match="is missing"):
        repair(TWO, {})
