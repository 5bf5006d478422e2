"""Adaptive security: the list is whole, its lines agree with each other, and each line says why."""

from itertools import product

import pytest

from qlearn.control.adaptive_qkd import CHOICES, SEEN, may_depend


def test_every_pair_has_a_reason_and_a_condition():
    for choice, seen in product(CHOICES, SEEN):
        answer = may_depend(choice, seen)
        assert bool(answer) is answer.allowed
        assert len(answer.reason) > 40
        assert len(answer.condition) > 20


@pytest.mark.parametrize("choice", CHOICES)
def test_nothing_public_may_depend_on_secret_bits(choice):
    assert not may_depend(choice, "raw_key")


@pytest.mark.parametrize("seen", SEEN)
def test_samples_and_seeds_depend_on_nothing(seen):
    assert not may_depend("test_sample", seen)
    assert not may_depend("hash_seed", seen)


def test_the_next_block_may_learn_from_all_that_is_public():
    for seen in set(SEEN) - {"raw_key"}:
        assert may_depend("next_setting", seen)
        assert may_depend("next_size", seen)


@pytest.mark.parametrize(
    ("choice", "seen", "allowed"),
    [
        ("stop", "test_errors", False),
        ("parts", "test_errors", False),
        ("length", "test_errors", True),
        ("stop", "published_settings", False),
        ("stop", "clicks", True),
        ("parts", "beacon", True),
        ("parts", "clicks", False),
        ("length", "beacon", True),
        ("stop", "beacon", True),
    ],
)
def test_known_answers(choice, seen, allowed):
    assert may_depend(choice, seen).allowed is allowed


@pytest.mark.parametrize("seen", sorted(set(SEEN) - {"raw_key"}))
def test_no_length_is_allowed_but_what_counts_prove_or_a_proof_for_variable_length(seen):
    # Eve moves the beacon, and would set a length that is too long.
    answer = may_depend("length", seen)
    assert "counts prove" in answer.condition or "variable length" in answer.condition
    assert "taken off" in (code := may_depend("code", seen).condition) or "counted" in code


@pytest.mark.parametrize("seen", ["beacon", "clicks"])
def test_a_stop_that_eve_can_move_asks_for_a_proof_that_allows_it(seen):
    assert "proof in use" in may_depend("stop", seen).condition


def test_refuses():
    with pytest.raises(ValueError, match="choice must be one of next_setting"):
        may_depend("colour", "past_counts")
    with pytest.raises(ValueError, match="seen must be one of past_counts"):
        may_depend("stop", "weather")


def test_parts_that_eve_can_choose_by_the_beacon_need_a_proof_for_their_number():
    assert "proof in use" in may_depend("parts", "beacon").condition
