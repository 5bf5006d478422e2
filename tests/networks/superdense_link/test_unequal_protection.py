"""Unequal protection: majorities by enumeration, the best copies by trying all."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, strategies as st

from qlearn.networks.superdense_link import best_repetitions, majority_error


def by_enumeration(e, r):
    """All ways in which r copies fail."""
    total = 0.0
    for wrong in product((0, 1), repeat=r):
        chance = np.prod([e if bit else 1 - e for bit in wrong])
        total += chance * (1.0 if 2 * sum(wrong) > r else 0.5 if 2 * sum(wrong) == r else 0.0)
    return total


@given(st.floats(0, 1), st.integers(0, 7))
def test_majority_is_all_ways_to_fail(e, r):
    assert majority_error(e, r) == pytest.approx(by_enumeration(e, r), abs=1e-12)


@given(st.floats(0, 0.49), st.integers(1, 20))
def test_a_second_copy_of_two_is_wasted(e, half):
    assert majority_error(e, 2 * half) == pytest.approx(majority_error(e, 2 * half - 1), abs=1e-12)


@given(st.floats(0.001, 0.49), st.integers(1, 6))
def test_other_receivers_get_more_from_the_same_copies(e, r):
    # the mean of a bit given its copies, and ties read as one half: both below what the majority leaves
    majority, halves, means = by_enumeration(e, r), 0.0, 0.0
    for copies in product((0, 1), repeat=r):
        ones = sum(copies)
        if_0 = e**ones * (1 - e) ** (r - ones) / 2
        if_1 = (1 - e) ** ones * e ** (r - ones) / 2
        halves += (if_0 + if_1) / 4 if 2 * ones == r else min(if_0, if_1)
        means += if_0 * if_1 / (if_0 + if_1)
    if r % 2:
        assert halves == pytest.approx(majority)
    else:
        assert halves < majority
    assert means < majority
    if r == 2:
        assert halves == pytest.approx(e**2 + e * (1 - e) / 2)


def cost(copies, e):
    return sum(
        4.0**b * (0.25 if r == 0 else by_enumeration(e, r)) for b, r in enumerate(reversed(list(copies)))
    )


@pytest.mark.parametrize("e", [0.0, 0.01, 0.05, 0.2, 0.3, 0.45])
@pytest.mark.parametrize(("w", "budget"), [(1, 5), (2, 7), (3, 0), (3, 6), (4, 8), (4, 5)])
def test_nothing_within_the_budget_is_better(w, budget, e):
    found = best_repetitions(w, e, budget)
    assert found.copies.sum() <= budget
    assert found.mse == pytest.approx(cost(found.copies, e))
    best = min(cost(copies, e) for copies in product(range(budget + 1), repeat=w) if sum(copies) <= budget)
    assert found.mse == pytest.approx(best)


@given(st.floats(0, 0.49), st.integers(0, 30))
def test_copies_never_rise_towards_the_less_significant(e, budget):
    assert (np.diff(best_repetitions(6, e, budget).copies) <= 0).all()


@given(st.floats(0.2501, 0.499))
def test_from_a_quarter_on_one_copy_is_worth_nothing(e):
    assert 1 not in best_repetitions(5, e, 17).copies


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: best_repetitions(0, 0.1, 5), "word_bits must be at least 1"),
        (lambda: best_repetitions(4, 0.5, 5), "error must be below 1/2"),
        (lambda: best_repetitions(4, 1.2, 5), "error must be a probability"),
        (lambda: best_repetitions(4, 0.1, -1), "budget must be at least 0"),
        (lambda: majority_error(0.1, -1), "copies must be whole numbers"),
        (lambda: majority_error(0.1, 1.5), "copies must be whole numbers"),
        (lambda: majority_error(1.1, 1), "error must be probabilities"),
    ],
)
def test_refuses(call, says):
    with pytest.raises(ValueError, match=says):
        call()
