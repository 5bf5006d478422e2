"""Voting: right tallies, the attacks that break the naive form, and what slots see of a lie."""

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from qlearn.communication.multi_party import phase_vote, slot_vote
from qlearn.evidence import counts_agree

VOTES = st.lists(st.integers(0, 1), min_size=3, max_size=7)


@given(VOTES, st.integers(0, 1000))
@settings(max_examples=40, deadline=None)
def test_both_ways_count_right(votes, seed):
    assert phase_vote(votes, rng=seed).yes == sum(votes)
    held = slot_vote(votes, rng=seed)
    assert held.yes == sum(votes)
    assert [held.seen_by(voter) for voter in range(len(votes))] == votes
    assert sorted(held.slots) == list(range(len(votes)))


@given(VOTES, st.integers(-2, 2), st.integers(0, 1000))
@settings(max_examples=40, deadline=None)
def test_a_voter_can_turn_as_often_as_he_likes(votes, more, seed):
    """In phases: any number is added, modulo the next power of two, and no word tells."""
    held = phase_vote(votes, cheats={1: more}, rng=seed)
    assert held.yes == (sum(votes) + more) % 2 ** len(votes).bit_length()


def test_two_sums_that_must_be_n_do_not_stop_him():
    votes = np.array([1, 0, 0, 1, 0])
    yes = phase_vote(votes, cheats={0: 1}, rng=1).yes
    no = phase_vote(1 - votes, cheats={0: -1}, rng=2).yes
    assert (yes, no, yes + no) == (3, 2, 5)


def test_announcements_of_a_cheat_are_coins_too():
    said = np.array([phase_vote([1, 0, 0], cheats={0: 1}, rng=seed).announcements for seed in range(300)])
    assert counts_agree((said.mean(0)[:, 1:], 1 / 2, 300), (said.mean(0)[:, 0], 1 / 2, 300))


def test_a_source_of_plus_states_reads_every_ballot():
    votes = [1, 0, 1, 1]
    plus = np.full(16, 1 / 4)
    assert phase_vote(votes, state=plus, rng=1).announcements[0].tolist() == votes
    held = slot_vote(votes, state=plus, rng=1)
    assert held.yes == 3  # nobody sees it from the tally
    np.testing.assert_array_equal(held.announcements[held.slots, np.arange(4)], votes)


@given(VOTES, st.integers(0, 6), st.integers(0, 6), st.integers(0, 1000))
@settings(max_examples=40, deadline=None)
def test_a_lie_in_a_slot_is_seen_by_its_owner_and_by_no_other(votes, liar, slot, seed):
    n = len(votes)
    held = slot_vote(votes, lies=[(liar % n, slot % n)], rng=seed)
    wrong = [voter for voter in range(n) if held.seen_by(voter) != votes[voter]]
    assert wrong == [int(np.flatnonzero(held.slots == slot % n)[0])]
    assert abs(held.yes - sum(votes)) == 1


def test_two_lies_in_one_slot_undo_each_other():
    held = slot_vote([1, 0, 0], lies=[(0, 1), (2, 1)], rng=1)
    assert held.yes == 1
    assert repr(held) == "SlotElection(1 yes of 3)"


def test_the_last_to_speak_makes_a_slot_what_he_wants_but_not_whose_vote_it_is():
    """A lie where the board would say 0: one yes more. Over many shuffles its owner is anybody who voted no."""
    votes, rng, hit = np.array([1, 0, 0, 0]), np.random.default_rng(1), np.zeros(4)
    runs = 300
    for _ in range(runs):
        seed = int(rng.integers(2**31))
        honest = slot_vote(votes, rng=seed)
        slot = int(np.flatnonzero(honest.board == 0)[0])
        lied = slot_vote(votes, lies=[(0, slot)], rng=seed)
        assert lied.yes == 2
        hit[int(np.flatnonzero(lied.slots == slot)[0])] += 1
    assert counts_agree((hit / runs, [0, 1 / 3, 1 / 3, 1 / 3], runs))


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: phase_vote([0, 1, 2]), "votes must be an array of 0 and 1; it holds 2"),
        (lambda: phase_vote([0, 1]), "the number of votes must be at least 3"),
        (lambda: phase_vote([0] * 11), "at most 10"),
        (lambda: phase_vote([0, 1, 1], cheats={3: 1}), "cheats must be one of the parties 0 to 2, not 3"),
        (lambda: slot_vote([0, 1, 0.5]), "votes must be an array of 0 and 1"),
        (lambda: slot_vote([0, 1]), "the number of votes must be at least 3"),
        (lambda: slot_vote([0, 1, 1], lies=[(5, 0)]), "the voter of a lie must be one of the parties 0 to 2"),
        (lambda: slot_vote([0, 1, 1], lies=[(0, 4)]), "the slot of a lie must be one of the parties 0 to 2"),
        (lambda: slot_vote([0, 1, 1], rng=1).seen_by(7), "voter must be one of the parties 0 to 2, not 7"),
    ],
)
def test_refuses(call, says):
    with pytest.raises(ValueError, match=says):
        call()
