"""The exercises on repeaters take right answers of another style, and no wrong one."""

from functools import reduce
from math import comb, log2

import numpy as np
import pytest

from qlearn.communication import repeaters
from qlearn.exercises.communication import repeaters as exercises
from tests.exercises.tried import passes, refused


def swapped_one_by_one(fidelities):
    return reduce(lambda a, b: a * b + (1 - a) * (1 - b) / 3, fidelities)


def swapped_from_the_far_end(fidelities):
    vectors = [repeaters.werner_vector(f) for f in reversed(fidelities)]
    return np.array([reduce(repeaters.swap_bell, vectors)[0]])


@pytest.mark.parametrize(
    "answer", [swapped_one_by_one, swapped_from_the_far_end, lambda f: reduce(repeaters.swap, f)]
)
def test_a_chain_may_be_swapped_in_any_way(answer):
    assert passes(exercises.end_to_end, answer)


def by_exchange_and_library(p1, p2):
    pair, chance = repeaters.bilateral_cnot(np.array(p1)[[0, 1, 3, 2]], np.array(p2)[[0, 1, 3, 2]])
    return pair.tolist(), float(chance)


def by_bits(p1, p2):
    kept = {}
    bits = [(0, 0), (1, 1), (0, 1), (1, 0)]  # (x, z) after H, in the order of the lists
    for (x, z), a in zip(bits, p1, strict=True):
        for (u, v), b in zip(bits, p2, strict=True):
            if x == u:
                kept[x, z ^ v] = kept.get((x, z ^ v), 0) + a * b
    chance = sum(kept.values())
    return [kept.get(k, 0) / chance for k in ((0, 0), (1, 1), (1, 0), (0, 1))], chance


@pytest.mark.parametrize("answer", [by_exchange_and_library, by_bits])
def test_a_round_for_signs_by_the_library_or_by_bits(answer):
    assert passes(exercises.sign_round, answer)


def by_the_last_step_first(chances):
    # the first pair and k fresh ones, each with all the steps that it has to go through
    total, through = 0.0, 1.0
    for k in range(len(chances), 0, -1):
        through *= chances[k - 1]
        total += 1 / through
    return total + 1 / through


def recursively(chances):
    return (recursively(chances[:-1]) + 1) / chances[-1] if chances else 1.0


@pytest.mark.parametrize("answer", [by_the_last_step_first, recursively])
def test_the_cost_of_pumping_in_another_order(answer):
    assert passes(exercises.pumping_cost, answer)


def as_a_sum_over_time(n, p):
    t = np.arange(4000)
    return (1 - (1 - (1 - p) ** t) ** n).sum()


def link_by_link(n, p):
    means = [0.0]
    for m in range(1, n + 1):
        left = sum(comb(m, k) * p**k * (1 - p) ** (m - k) * means[m - k] for k in range(1, m + 1))
        means.append((1 + left) / (1 - (1 - p) ** m))
    return means[-1]


@pytest.mark.parametrize("answer", [as_a_sum_over_time, link_by_link])
def test_the_slowest_link_by_a_sum_over_time_or_what_is_left(answer):
    assert passes(exercises.slowest_link, answer)


def orders_by_formula(f):
    def purified(f):
        g = (1 - f) / 3
        p = f**2 + 2 * f * g + 5 * g**2
        return (f**2 + g**2) / p, p

    def swapped(f):
        return f**2 + (1 - f) ** 2 / 3

    short, p = purified(f)
    long, q = purified(swapped(f))
    return [swapped(short), 4 / p, long, 4 / q]


def test_the_two_orders_by_formula_and_which_is_ahead():
    assert passes(exercises.purify_or_swap, orders_by_formula)
    # the words of the exercise: more fidelity at less cost, on a grid over all that it asks for
    for f in np.linspace(0.75, 0.999, 60):
        first, cost, second, cost_of_second = orders_by_formula(f)
        assert first > second
        assert cost < cost_of_second


def test_faulty_gates_can_turn_the_two_orders_round():
    def both(f, faults):
        short = float(repeaters.purify(f, **faults).fidelity)
        long = float(repeaters.swap(f, f, **faults))
        return float(repeaters.swap(short, short, **faults)), float(repeaters.purify(long, **faults).fidelity)

    poor = {"gate": 0.99, "readout": 0.99}
    assert both(0.95, {})[0] > both(0.95, {})[1]
    assert both(0.95, poor) == pytest.approx((0.8908, 0.8995), abs=5e-5)
    assert both(0.75, poor)[0] > both(0.75, poor)[1]


def test_the_alternating_sum_is_lost_with_many_links_and_the_sum_over_time_is_not():
    exact = float(repeaters.waiting_time_mean(60, 0.1))
    assert as_a_sum_over_time(60, 0.1) == pytest.approx(exact, rel=1e-12)
    assert abs(exercises.slowest_link.solution(60, 0.1) / exact - 1) > 0.01
    assert exercises.slowest_link.solution(30, 0.1) == pytest.approx(
        float(repeaters.waiting_time_mean(30, 0.1)), rel=1e-6
    )


def with_arrays(loss_db, f, most):
    n = np.arange(1, most + 1)
    slots = np.array([link_by_link(k, 10 ** (-loss_db / 10 / k)) for k in n])
    e = (1 - ((4 * f - 1) / 3) ** n) / 2
    key = 1 + 2 * (e * np.log2(e) + (1 - e) * np.log2(1 - e))
    rate = key.clip(0) / slots
    return int(n[rate.argmax()]), rate.max()


def test_the_best_number_of_links_with_arrays():
    assert passes(exercises.cut_line, with_arrays)


def best_for(loss_db, f, most, first=1):
    def bits(n):
        e = 2 / 3 * (1 - float(repeaters.chain_fidelity(f, n)))
        h = -e * log2(e) - (1 - e) * log2(1 - e)
        return (1 - 2 * h) / link_by_link(n, 10 ** (-loss_db / 10 / n))

    n = max(range(first, most + 1), key=bits)
    return n, bits(n)


WRONG = [
    (exercises.end_to_end, lambda fidelities: 0.5, ""),
    (exercises.end_to_end, lambda fidelities: fidelities[0] ** len(fidelities), ""),
    (exercises.end_to_end, lambda fidelities: fidelities[0] * fidelities[-1], ""),
    (
        exercises.end_to_end,
        lambda fidelities: round(swapped_one_by_one(fidelities), 3),
        "keep them all",
    ),
    (exercises.end_to_end, lambda fidelities: 1 - swapped_one_by_one(fidelities), ""),
    (exercises.sign_round, lambda p1, p2: (p1, 1.0), ""),
    (exercises.sign_round, lambda p1, p2: by_bits(p1, p2)[0], ""),
    (exercises.sign_round, lambda p1, p2: by_bits(sorted(p1)[::-1], sorted(p2)[::-1]), ""),
    (exercises.sign_round, lambda p1, p2: by_bits(p1, p1), ""),
    (exercises.pumping_cost, lambda chances: len(chances) + 1, ""),
    (exercises.pumping_cost, lambda chances: recursively(chances[::-1]), ""),
    (exercises.pumping_cost, lambda chances: 2 ** len(chances), ""),
    (exercises.slowest_link, lambda n, p: 1 / p, ""),
    (exercises.slowest_link, lambda n, p: round(link_by_link(n, p)), ""),
    (exercises.slowest_link, lambda n, p: link_by_link(n, p) + 1, ""),
    (exercises.slowest_link, lambda n, p: link_by_link(2, p), ""),
    (exercises.purify_or_swap, lambda f: orders_by_formula(f)[:2], ""),
    (exercises.purify_or_swap, lambda f: [f, 4, f, 4], ""),
    (exercises.cut_line, lambda loss_db, f, most: (most, 0.1), ""),
    (exercises.cut_line, lambda loss_db, f, most: with_arrays(loss_db, f, most)[0], ""),
    (exercises.cut_line, lambda loss_db, f, most: with_arrays(loss_db, f, most)[::-1], ""),
    (exercises.cut_line, lambda loss_db, f, most: best_for(loss_db, f, most, first=2), ""),
    (exercises.cut_line, lambda loss_db, f, most: best_for(loss_db, f, 4 * most), ""),
]


@pytest.mark.parametrize(("exercise", "answer", "word"), WRONG)
def test_what_is_wrong_is_refused(exercise, answer, word):
    assert word in refused(exercise, answer)
