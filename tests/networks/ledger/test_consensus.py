"""Consensus: everything that one liar can do, counted by independent code; no rule for three; signatures for three."""

from itertools import chain, combinations, product

import pytest
from hypothesis import given, strategies as st

from qlearn.networks.ledger import behaviours, oral_messages, signed_messages, violations
from qlearn.networks.ledger.consensus import majority


@pytest.mark.parametrize(("n", "expected"), [(3, (2, 16)), (4, (0, 40)), (5, (0, 96)), (6, (0, 224))])
def test_all_behaviours_of_one_traitor(n, expected):
    assert violations(n) == expected
    # 2 orders; the commander lies to n - 1, each of n - 1 lieutenants to n - 2
    assert expected[1] == 2 * (2 ** (n - 1) + (n - 1) * 2 ** (n - 2))


def by_hand(order, traitor, lies):
    """Four nodes written out, without a loop over roles."""
    a, b, c = (lies[i] if traitor == 0 else order for i in (1, 2, 3))
    says = lambda j, i, truth: lies[i] if traitor == j else truth  # noqa: E731
    heard = {
        1: (a, says(2, 1, b), says(3, 1, c)),
        2: (b, says(1, 2, a), says(3, 2, c)),
        3: (c, says(1, 3, a), says(2, 3, b)),
    }
    return {i: int(sum(v) >= 2) for i, v in heard.items() if i != traitor}


def test_four_nodes_equal_what_is_written_out():
    tried = list(behaviours(4))
    assert len({(o, t, tuple(lies.items())) for o, t, lies in tried}) == 40
    for order, traitor, lies in tried:
        assert oral_messages(order, 4, traitor, lies) == by_hand(order, traitor, lies)


def test_no_pair_of_rules_makes_three_nodes_enough():
    # a lieutenant of three hears two bits: 16 rules each, 256 pairs, and one liar breaks every pair
    heard = list(product((0, 1), repeat=2))
    rules = [dict(zip(heard, decided, strict=True)) for decided in product((0, 1), repeat=4)]
    fewest = min(
        violations(3, lambda node, said, pair=pair: pair[node - 1][said])[0]
        for pair in product(rules, repeat=2)
    )
    assert fewest > 0


def test_two_traitors_break_four():
    # the commander and lieutenant 3: lieutenants 1 and 2 end apart. Two liars need seven nodes and one round more.
    broken = 0
    for sent in product((0, 1), repeat=3):
        for said in product((0, 1), repeat=2):
            one, two = (majority(i, (sent[i - 1], sent[2 - i], said[i - 1])) for i in (1, 2))
            broken += one != two
    assert broken > 0


@given(st.sampled_from(["a", "b", b"root"]), st.integers(4, 7), st.data())
def test_any_values_not_only_bits(order, n, data):
    traitor = data.draw(st.integers(0, n - 1))
    others = [i for i in range(1, n) if i != traitor]
    lies = data.draw(st.dictionaries(st.sampled_from(others), st.sampled_from(["a", "b", "c", b"root", 0])))
    decided = oral_messages(order, n, traitor, lies)
    assert set(decided) == set(others)
    assert len(set(decided.values())) == 1
    if traitor:
        assert set(decided.values()) == {order}


def test_without_a_traitor_all_obey():
    assert oral_messages("go", 5) == dict.fromkeys(range(1, 5), "go")


def subsets(values):
    values = list(values)
    return chain.from_iterable(combinations(values, k) for k in range(len(values) + 1))


@pytest.mark.parametrize("n", [3, 4])
def test_with_signatures_three_are_enough_against_everything_one_traitor_can_do(n):
    lieutenants = range(1, n)
    tried = 0
    for orders in product(
        list(subsets((0, 1))), repeat=n - 1
    ):  # a traitor commands: any signed orders to anybody
        decided = signed_messages({i: set(o) for i, o in zip(lieutenants, orders, strict=True)})
        assert len(set(decided.values())) == 1
        tried += 1
    for order, traitor in product((0, 1), lieutenants):  # a lieutenant keeps the order from some
        for silent in subsets(i for i in lieutenants if i != traitor):
            decided = signed_messages({i: {order} for i in lieutenants}, {(traitor, i) for i in silent})
            assert {decided[i] for i in lieutenants if i != traitor} == {order}
            tried += 1
    assert tried == 4 ** (n - 1) + 2 * (n - 1) * 2 ** (n - 2)


@pytest.mark.parametrize(
    ("call", "error", "says"),
    [
        (lambda: oral_messages(1, 2), ValueError, "n_nodes must be at least 3, a commander and two"),
        (lambda: oral_messages(1, 4.0), TypeError, "n_nodes must be a whole number"),
        (lambda: oral_messages(1, 4, traitor=4), ValueError, "traitor must be below n_nodes = 4, not 4"),
        (lambda: oral_messages(1, 4, lies={1: 0}), ValueError, "lies must come with a traitor"),
        (lambda: oral_messages(1, 4, 2, {2: 0}), ValueError, r"lies must be told to other lieutenants, 1 to 3, not to \[2\]"),
        (lambda: oral_messages(1, 4, 2, {0: 0}), ValueError, r"not to \[0\]"),
        (lambda: oral_messages(1, 4, 2, {4: 0}), ValueError, r"not to \[4\]"),
        (lambda: violations(2), ValueError, "n_nodes must be at least 3"),
        (lambda: signed_messages({1: {1}}), ValueError, "orders must be of at least 2 lieutenants, not 1"),
        (lambda: signed_messages({1: {1}, 2: {1}}, {(3, 1)}), ValueError, r"dropped must name lieutenants of orders, not \[3\]"),
    ],
)  # fmt: skip
def test_refuses(call, error, says):
    with pytest.raises(error, match=says):
        call()
