"""Faults: whatever goes wrong in a random session, two equal keys or none, and every account in order.

The sessions are those of ``benchmarks/faults``, of which `make bench` holds ten thousand longer ones and looks at the
clock. Nothing here is a matter of chance: they are drawn by their numbers.
"""

from collections import Counter

import pytest

from benchmarks.faults import ARGUMENTS, KINDS, names, session

SESSIONS = 500


def kind_of(seed):
    return names()[seed % len(names())]


@pytest.fixture(scope="module")
def outcomes():
    return [session(seed, small=True, clocks=False) for seed in range(SESSIONS)]


def test_whatever_goes_wrong_nothing_else_does(outcomes):
    assert [(o.seed, o.kind, o.violations) for o in outcomes if o.violations] == []


def test_every_kind_of_fault_happened(outcomes):
    held = Counter(o.kind for o in outcomes)
    assert set(held) == set(names())
    assert min(held.values()) >= 5
    # Some sessions end before it comes to their fault: then the next ones of that kind are held, until one meets it.
    for kind in set(names()) - {o.kind for o in outcomes if o.fired}:
        more = range(SESSIONS, SESSIONS + 40 * len(names()))
        later = (session(seed, small=True, clocks=False) for seed in more if kind_of(seed) == kind)
        assert next(o for o in later if o.violations or o.fired).violations == ()


def test_the_sessions_are_not_all_alike(outcomes):
    steps = Counter(o.step for o in outcomes)
    assert set(steps) == {"", "refused", "sift", "estimate", "reconcile", "verify", "amplify", "authenticate"}
    assert steps[""] > 10  # keys, where it did not come to the fault or the fault was none
    assert len({o.kind for o in outcomes if o.step == "authenticate"}) > len(KINDS) / 4


@pytest.mark.parametrize("number", range(len(ARGUMENTS)), ids=list(ARGUMENTS))
def test_malformed_arguments_are_refused_before_a_word_is_said(number):
    of_these = list(names()).index("malformed argument")
    made = session(number * len(names()) + of_these, small=True)
    assert (made.kind, made.step, made.violations) == ("malformed argument", "refused", ())


def test_a_session_is_reproducible_by_its_seed():
    once, again = (session(77, small=True, clocks=False) for _ in range(2))
    assert repr(once) == repr(again)
