"""Answers to the exercises of *Finance and security*: right ones in another style, and wrong ones that look right."""

from fractions import Fraction
from itertools import combinations, permutations

import numpy as np
import pytest

from qlearn.applications.finance import (
    PortfolioProblem,
    bayesian_detection_rate,
    largest_false_alarm_rate,
    mosca_margin,
)
from qlearn.exercises.applications.finance import (
    first_to_move,
    harvest_storage,
    least_penalty,
    mosca_years,
    true_alarms,
)
from qlearn.learning.optimisation import energies
from tests.exercises.tried import passes, refused


@pytest.mark.parametrize(
    "answer",
    [
        lambda x, y, z: np.clip(-mosca_margin(x, y, z), 0, x),
        lambda x, y, z: x + y - max(y, min(z, x + y)),
        lambda x, y, z: x if z <= y else (x + y - z if z < x + y else 0),
    ],
)
def test_years_in_another_style(answer):
    passes(mosca_years, answer)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda x, y, z: max(0, min(x, y - z)), ""),
        (lambda x, y, z: max(0, x - y - z), ""),
        (lambda x, y, z: round(min(x, max(0, x + y - z))), ""),
        (lambda x, y, z: abs(x + y - z), ""),
        (lambda x, y, z: x, ""),
        (lambda x, y, z: x + y > z, "for how many years"),
    ],
)
def test_other_years_are_refused(answer, words):
    refused(mosca_years, answer, words)


def by_small_steps(streams, years, z):
    """Add up moments; rates do not change, so the border is all that matters."""
    total = 0.0
    for rate, x in streams:
        begins = 0 if x >= z else z - x
        if begins < years:
            total += rate * 125_000 * (years - begins) * 31_557_600 * 1e-12
    return total


def test_storage_in_another_style():
    passes(harvest_storage, by_small_steps)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda streams, years, z: by_small_steps(streams, years, z) * 1e12, ""),
        (lambda streams, years, z: by_small_steps(streams, years, z) * 1e12 / 2**40, ""),
        (lambda streams, years, z: by_small_steps(streams, years, z) * 8, "eight of them"),
        (lambda streams, years, z: by_small_steps([(r, x + years) for r, x in streams], years, z), ""),
        (lambda streams, years, z: by_small_steps([(r, x) for r, x in streams if x > z], years, z), ""),
        (lambda streams, years, z: 0.0, ""),
    ],
)
def test_other_storage_is_refused(answer, words):
    refused(harvest_storage, answer, words)


def by_search(f, k):
    """Halve the interval in which the fine lies."""
    ones = np.array([i.bit_count() for i in range(len(f))])
    best = f[ones == k].min()
    low, high = 0.0, float(f.max() - f.min())
    if f.min() >= best:
        return 0.0
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (low, middle) if (f + middle * (ones - k) ** 2).min() >= best else (middle, high)
    return high


def test_fines_in_another_style():
    passes(least_penalty, by_search)


def test_the_library_agrees():
    rng = np.random.default_rng(2)
    spread = rng.normal(size=(6, 9)) / 10
    problem = PortfolioProblem(rng.normal(size=6) / 10, spread @ spread.T, 3, 5.0)
    assert least_penalty(energies(problem.bqm(0)), 3) == pytest.approx(problem.needed_penalty())


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda f, k: 2 * by_search(f, k) + 1, ""),
        (lambda f, k: by_search(f, min(k + 1, len(f).bit_length() - 1)), ""),
        (lambda f, k: by_search(-f, k), ""),
        (lambda f, k: f.max() - f.min(), "more than is needed"),
        (lambda f, k: by_search(f, k) + 1e-3, ""),
        (lambda f, k: 0, ""),
    ],
)
def test_other_fines_are_refused(answer, words):
    refused(least_penalty, answer, words)


def by_counting(events, attacks, detection, false_alarm):
    true = Fraction(attacks) * Fraction(detection)
    false = (events - attacks) * Fraction(false_alarm)
    return float(true / (true + false)), float(true / (events - attacks))


@pytest.mark.parametrize(
    "answer",
    [
        by_counting,
        lambda events, attacks, detection, false_alarm: [
            bayesian_detection_rate(detection, false_alarm, attacks / events),
            attacks * detection / (events - attacks),
        ],
    ],
)
def test_alarms_in_another_style(answer):
    passes(true_alarms, answer)
    assert true_alarms(1000, 5, 0.8, 0.1)[1] == pytest.approx(largest_false_alarm_rate(0.5, 0.8, 0.005))


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda e, a, d, f: by_counting(e, a, d, f)[::-1], ""),
        (lambda e, a, d, f: by_counting(e, a, d, f)[0], ""),
        (lambda e, a, d, f: (by_counting(e, a, d, f)[0], a / e), ""),
        (lambda e, a, d, f: (by_counting(e, a, 1 - d, f)[0], by_counting(e, a, d, f)[1]), ""),
        (lambda e, a, d, f: (d, by_counting(e, a, d, f)[1]), "share of alarms"),
    ],
)
def test_other_alarms_are_refused(answer, words):
    refused(true_alarms, answer, words)


def by_subsets(systems, z):
    """When a system is done depends only on which came before."""
    n = len(systems)
    best = {frozenset(): 0.0}
    for size in range(1, n + 1):
        for chosen in map(frozenset, combinations(range(n), size)):
            end = sum(systems[i][1] for i in chosen)
            best[chosen] = min(
                best[chosen - {i}] + systems[i][2] * max(0, end - max(0, z - systems[i][0])) for i in chosen
            )
    return best[frozenset(range(n))]


def test_moves_in_another_style():
    passes(first_to_move, by_subsets)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda systems, z: by_subsets(systems, z + 1), ""),
        (lambda systems, z: by_subsets([(x, e, 1.0) for x, e, _ in systems], z), ""),
        (lambda systems, z: by_subsets([(x + z, e, w) for x, e, w in systems], z), "z - x on"),
        (lambda systems, z: min(permutations(systems)), ""),
        (lambda systems, z: 0, ""),
    ],
)
def test_other_moves_are_refused(answer, words):
    refused(first_to_move, answer, words)
