"""Answers to the exercises of *The whole way*: right ones in another style, and wrong ones that look right."""

import numpy as np
import pytest

from qlearn.applications.whole_way import ResourceEntry, ResourceLedger
from qlearn.exercises.applications.whole_way import (
    estimated_joules,
    ledger_sum,
    order_of_arrows,
    rounds_of_a_key,
    where_it_ends,
)
from tests.exercises.tried import passes, refused


@pytest.mark.parametrize(
    "answer",
    [
        lambda stages: sum(a - b for a, b in stages if None not in (a, b)),
        lambda stages: np.sum([a - b for a, b in stages if a is not None and b is not None], dtype=int),
        lambda stages: ResourceLedger([ResourceEntry("", a, b) for a, b in stages], 1.0).bits_spent,
    ],
)
def test_sums_in_another_style(answer):
    passes(ledger_sum, answer)


def test_other_sums_are_refused():
    refused(ledger_sum, lambda stages: (stages[0][1] or 0) - (stages[-1][1] or 0) if stages else 0)
    refused(ledger_sum, lambda stages: sum(abs((a or 0) - (b or 0)) for a, b in stages))


def by_the_bit(stored, n, d, w, piece):
    bits, rounds = 3 * d * w + 512, 0
    pair = bits + (-bits) % piece
    while stored >= pair * (n * (n - 1) // 2):
        stored, rounds = stored - pair * (n * (n - 1) // 2), rounds + 1
    return rounds


def test_rounds_by_taking_them_out_one_by_one():
    passes(rounds_of_a_key, by_the_bit)


def test_other_rounds_are_refused():
    refused(rounds_of_a_key, lambda stored, n, d, w, piece: by_the_bit(stored, n, d, w, piece) + 1)
    refused(rounds_of_a_key, lambda stored, n, d, w, piece: by_the_bit(stored, n, d + 1, w, piece))


def test_ends_in_another_style():
    def told(made, piece, price, wanted):
        pieces = made // piece
        paid = pieces * piece // price
        ends = [("link", not made), ("store", not pieces), ("rounds", not paid), ("model", True)]
        name = next(name for name, here in ends if here)
        return [name, min(paid, wanted)]

    passes(where_it_ends, told)


def test_other_ends_are_refused():
    refused(where_it_ends, lambda made, piece, price, wanted: ("model", wanted))
    refused(where_it_ends, lambda made, piece, price, wanted: "link" if not made else "model")


def test_joules_in_another_style():
    def told(stages, watts):
        ledger = [ResourceEntry("", None, None, a, b, simulated) for a, b, simulated in stages]
        return ResourceLedger(ledger, watts).joules

    passes(estimated_joules, told)


def test_other_joules_are_refused():
    refused(estimated_joules, lambda stages, watts: watts * sum(b or a for a, b, s in stages if not s))
    refused(estimated_joules, lambda stages, watts: 1e-3 * watts * sum(b or 0 for _, b, s in stages if not s))


def test_arrows_in_another_style():
    def told(arrows, start):
        left, names = dict(arrows), []
        while name := next((n for n, (takes, _) in left.items() if takes == start), None):
            names.append(name)
            start = left.pop(name)[1]
        return names, start

    passes(order_of_arrows, told)


def test_other_arrows_are_refused():
    refused(order_of_arrows, lambda arrows, start: (list(arrows), start))
    refused(order_of_arrows, lambda arrows, start: (order_of_arrows.solution(arrows, start)[0], start))
