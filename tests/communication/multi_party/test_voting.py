"""Voting: right tallies, the attacks that break the naive form, and what slots see of a lie."""

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from qlearn.communication.multi_party import phase_vote, slot_vote
from qlearn.communication.multi_party.private_sums import add_phases, digit_circuit
from qlearn.evidence import counts_agree
from qlearn.qubits.entanglement import ghz

VOTES = st.lists(st.integers(0, 1), min_size=3, max_size=7)


@given(VOTES, st.integers(0, 1000))
@settings(max_examples=15, deadline=None)
def test_both_ways_count_right(votes, seed):
    assert phase_vote(votes, rng=seed).yes == sum(votes)
    held = slot_vote(votes, rng=seed)
    assert held.yes == sum(votes)
    assert [held.seen_by(voter) for voter in range(len(votes))] == votes
    assert sorted(held.slots) == list(range(len(votes)))


@given(VOTES, st.integers(-2, 2), st.integers(0, 1000))
@settings(max_examples=15, deadline=None)
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
    """The votes of a cheat by the circuits that count them, 20,000 elections at once: one law of all words."""
    laws = [
        np.unique(
            add_phases(np.tile(turns, (20_000, 1)), 2, None, np.random.default_rng(seed)).announcements,
            axis=0,
        )
        for seed, turns in enumerate(([2, 0, 0], [1, 1, 0]))
    ]
    np.testing.assert_array_equal(*laws)
    said = add_phases(np.tile([2, 0, 0], (20_000, 1)), 2, None, np.random.default_rng(5)).announcements
    counted = np.bincount(said.reshape(-1, 6) @ (1 << np.arange(6)), minlength=64) / 20_000
    even, odd = ([word for word in range(8) if word.bit_count() % 2 == k] for k in (0, 1))
    due = np.zeros(64)
    due[[low + 8 * high for low in even for high in odd]] = 1 / 16
    assert counts_agree((counted, due, 20_000))


@given(VOTES, st.integers(-(10**15), 10**15))
@settings(max_examples=10, deadline=None)
def test_a_cheat_of_any_size_counts_modulo(votes, more):
    assert (
        phase_vote(votes, cheats={1: more}, rng=1).yes == (sum(votes) + more) % 2 ** len(votes).bit_length()
    )


def test_plus_states_in_all_rounds_spoil_the_tally_and_in_the_first_alone_they_do_not():
    """Two yes: the second digit is a coin if its round has no GHZ state. So a source needs |+> once, in the first."""
    votes, plus, rng = np.array([1, 0, 0, 1, 0]), np.full(32, 32**-0.5), np.random.default_rng(1)
    tallies = add_phases(np.tile(votes, (500, 1)), 3, plus, rng).totals
    assert 0.1 < (tallies == 2).mean() < 0.7
    known = np.zeros(500, dtype=np.int64)
    for digit in range(3):
        circuit = digit_circuit(np.tile(votes, (500, 1)), known, digit)
        said = circuit.run(plus if digit == 0 else ghz(5), rng).bits
        known = known + ((said.sum(1) % 2).astype(np.int64) << digit)
        if digit == 0:
            np.testing.assert_array_equal(said, np.tile(votes, (500, 1)))
    assert (known == 2).all()


@given(VOTES, st.integers(0, 6), st.integers(0, 1000))
@settings(max_examples=10, deadline=None)
def test_who_complains_tells_his_slot_and_his_vote(votes, slot, seed):
    """The liar learns no owner from the board; from the complaint he learns it, and the vote is what he has flipped."""
    n = len(votes)
    held = slot_vote(votes, lies=[(0, slot % n)], rng=seed)
    complains = [voter for voter in range(n) if held.seen_by(voter) != votes[voter]]
    assert len(complains) == 1
    assert votes[complains[0]] == 1 - held.board[slot % n]


def test_a_source_of_plus_states_reads_every_ballot():
    votes = [1, 0, 1, 1]
    plus = np.full(16, 1 / 4)
    assert phase_vote(votes, state=plus, rng=1).announcements[0].tolist() == votes
    held = slot_vote(votes, state=plus, rng=1)
    assert held.yes == 3  # nobody sees it from the tally
    np.testing.assert_array_equal(held.announcements[held.slots, np.arange(4)], votes)


@given(VOTES, st.integers(0, 6), st.integers(0, 6), st.integers(0, 1000))
@settings(max_examples=15, deadline=None)
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
    runs = 80
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
        (lambda: phase_vote([0, 1, 1], cheats={1: -(2**63)}), "what a voter adds must be at least"),
        (lambda: slot_vote([0, 1, 1], lies=[3]), "lies must be pairs \\(voter, slot\\), not 3"),
        (lambda: slot_vote([0, 1, 1], lies=(0, 1)), "lies must be pairs"),
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


def test_a_cheat_adds_whole_votes():
    with pytest.raises(TypeError, match=r"what a voter adds must be a whole number, not 0\.5"):
        phase_vote([0, 1, 1], cheats={1: 0.5})
