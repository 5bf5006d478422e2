"""Answers to the exercises of *Routing in a 6G network*: right ones in another style, and wrong ones that look right."""

import math
from functools import cache
from itertools import product

import numpy as np
import pytest
from scipy.optimize import milp

from qlearn.exercises.applications.routing_6g import (
    blocks_needed,
    chance_needed,
    first_fit,
    one_cell,
    slack_weights,
)
from tests.exercises.tried import passes, refused


def by_counting(rate_mbps, sinr_db):
    """One block more until it is enough."""
    ratio = 10.0 ** (sinr_db * 0.1)
    each = 0.36 * min(math.log1p(ratio) / math.log(2), 7.40625)
    blocks = 1
    while blocks * each < rate_mbps * (1 - 1e-12):
        blocks += 1
    return blocks


def test_blocks_in_another_style():
    passes(blocks_needed, by_counting)
    passes(blocks_needed, lambda rate, db: np.int64(by_counting(rate, db)))


@pytest.mark.parametrize(
    "answer",
    [
        lambda rate, db: math.ceil(rate / (0.36 * min(math.log(1 + 10 ** (db / 10)), 7.40625))),
        lambda rate, db: math.ceil(rate / (0.36 * min(math.log2(1 + 10 ** (db / 20)), 7.40625))),
        lambda rate, db: math.ceil(rate / (0.18 * min(math.log2(1 + 10 ** (db / 10)), 7.40625))),
        lambda rate, db: math.ceil(rate / (0.36 * math.log2(1 + min(10 ** (db / 10), 7.40625)))),
    ],
)
def test_wrong_blocks(answer):
    refused(blocks_needed, answer)


def by_filling(capacity):
    """Double while it fits, and give the rest to the last."""
    weights, left = [], capacity
    step = 1
    while step < left:
        weights.append(step)
        left, step = left - step, 2 * step
    return [*weights, left]


def greedy_rest(capacity):
    return [capacity, *by_filling(capacity)[:-1]]


def test_slack_in_another_style():
    passes(slack_weights, by_filling)
    passes(slack_weights, lambda capacity: np.array(by_filling(capacity)))
    refused(slack_weights, greedy_rest)
    refused(slack_weights, lambda capacity: by_filling(capacity + 1))


def test_the_weights_of_the_solution_make_every_number():
    for capacity in range(1, 70):
        weights = slack_weights(capacity)
        made = {
            sum(w for w, bit in zip(weights, bits, strict=True) if bit)
            for bits in product((0, 1), repeat=len(weights))
        }
        assert made == set(range(capacity + 1))


def with_lists(value, uses, capacity):
    """The rule with sorted() and lists."""
    left = list(capacity)
    plan = {}
    for a in sorted(range(len(value)), key=lambda a: (-value[a], a)):
        plan[a] = -1
        for i, row in enumerate(uses[a].tolist()):
            if min(c - u for c, u in zip(left, row, strict=True)) >= 0:
                plan[a], left = i, [c - u for c, u in zip(left, row, strict=True)]
                break
    return [plan[a] for a in range(len(value))]


def leanest_option(value, uses, capacity):
    lean = [table[np.argsort(table.sum(axis=1), kind="stable")] for table in uses]
    return with_lists(value, lean, capacity)


def last_option(value, uses, capacity):
    return with_lists(value, [table[::-1] for table in uses], capacity)


def test_first_fit_in_another_style():
    passes(first_fit, with_lists)
    passes(first_fit, lambda value, uses, capacity: np.array(with_lists(value, uses, capacity)))
    refused(first_fit, leanest_option)
    refused(first_fit, last_option)


def by_logarithms(shot_s, budget_s, confidence):
    shots = math.floor(budget_s / shot_s)
    return -math.expm1(math.log(1 - confidence) / shots) if shots else None


@pytest.mark.parametrize(
    "answer",
    [
        lambda shot, budget, c: None if budget < shot else -math.log(1 - c) / (budget // shot),
        lambda shot, budget, c: None if budget <= shot else by_logarithms(shot, budget, c),
        lambda shot, budget, c: 0 if budget < shot else by_logarithms(shot, budget, c),
        lambda shot, budget, c: None if budget < shot else by_logarithms(shot, budget, 0.99),
    ],
)
def test_chances(answer):
    passes(chance_needed, by_logarithms)
    refused(chance_needed, answer)


def by_program(value, blocks, capacity):
    """An integer program."""
    found = milp(
        -value,
        integrality=np.ones(len(value)),
        bounds=(0, 1),
        constraints=(blocks[None, :], -np.inf, capacity),
    )
    return -found.fun


def by_recursion(value, blocks, capacity):
    @cache
    def most(a, left):
        if a == len(value):
            return 0.0
        without = most(a + 1, left)
        return max(without, value[a] + most(a + 1, left - blocks[a])) if blocks[a] <= left else without

    return most(0, capacity)


def pairs_of_rules(value, blocks, capacity):
    """The better of two greedy rules: half of the optimum at least, and not the optimum."""
    best = 0.0
    for order in (np.argsort(-value / blocks), np.argsort(-value)):
        left, total = capacity, 0.0
        for a in order:
            if blocks[a] <= left:
                left, total = left - blocks[a], total + value[a]
        best = max(best, total)
    return best


def test_one_cell_in_another_style():
    passes(one_cell, by_recursion)
    passes(one_cell, by_program)
    refused(one_cell, pairs_of_rules)


def crowded(value, uses, capacity, *, most=None):
    """First fit with no more than so many options, or (None) every party's first option before anybody's second."""
    order = sorted(range(len(value)), key=lambda a: -value[a])
    asked = (
        [(a, i) for a in order for i in range(min(most, len(uses[a])))]
        if most
        else [(a, i) for i in range(5) for a in order if i < len(uses[a])]
    )
    free, plan = np.array(capacity), [-1] * len(value)
    for a, i in asked:
        if plan[a] < 0 and (uses[a][i] <= free).all():
            plan[a], free = i, free - uses[a][i]
    return plan


def test_first_fit_asks_all_options_party_by_party():
    passes(first_fit, lambda v, u, c: crowded(v, u, c, most=5))
    for most in (2, 3, 4, None):
        refused(first_fit, lambda v, u, c, most=most: crowded(v, u, c, most=most))


def test_greedy_with_one_or_two_forced_in_is_no_optimum():
    def forced(value, blocks, capacity):
        best, order = 0.0, np.argsort(-value / blocks, kind="stable").tolist()
        for first in product(range(-1, len(value)), repeat=2 if len(value) <= 12 else 1):
            for banned in range(-1, len(value)):
                free, total = capacity, 0.0
                for a in dict.fromkeys([*first, *(b for b in order if b != banned)]):
                    if a >= 0 and blocks[a] <= free:
                        free, total = free - blocks[a], total + value[a]
                best = max(best, total)
        return best

    refused(one_cell, forced)
