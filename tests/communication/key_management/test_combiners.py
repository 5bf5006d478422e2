"""Combiners: those that are said to fail fall to the attack, and the others to none of these."""

import pytest
from hypothesis import given, strategies as st

from qlearn.communication.key_management import (
    hash_combiner,
    mix_and_match,
    rebind,
    steer_xor,
    transcript_combiner,
    x_wing_combiner,
    xor_combiner,
)

secret = st.binary(min_size=32, max_size=32)


def first_only(k1, k2, c1, c2):
    return k1


@given(secret, secret)
def test_xor_is_steered_to_any_key(honest, wanted):
    assert xor_combiner(honest, steer_xor(honest, wanted)) == wanted


@pytest.mark.parametrize("combiner", [hash_combiner, transcript_combiner])
def test_a_hash_is_not_steered_by_the_same(combiner):
    honest, wanted = bytes(range(32)), bytes(32)
    assert combiner(honest, steer_xor(honest, wanted), b"", b"") != wanted


@pytest.mark.parametrize("combiner", [hash_combiner, transcript_combiner])
def test_who_supplies_the_second_secret_last_sets_some_bits_of_any_hash(combiner):
    # Eight bits are wanted. That 4,096 tries fail has a chance of (255/256)^4096 = 1.1e-7, and here nothing is drawn.
    tries = (combiner(bytes(range(32)), n.to_bytes(32, "big"), b"", b"")[0] for n in range(4096))
    assert any(first == 0 for first in tries)


@given(secret, secret)
def test_xor_alone_hides_one_secret_behind_the_other(first, second):
    # What makes XOR tempting: for every key there is exactly one second secret, so a uniform one hides the first.
    key = xor_combiner(first, second)
    assert steer_xor(first, key) == second


def test_mix_and_match_breaks_xor_every_time_and_no_hash():
    assert all(mix_and_match(xor_combiner) for _ in range(5))
    assert not any(
        mix_and_match(combiner) for combiner in (hash_combiner, transcript_combiner) for _ in range(5)
    )


def test_rebinding_breaks_what_ignores_the_second_ciphertext():
    assert all(rebind(combiner) for combiner in (xor_combiner, hash_combiner, first_only) for _ in range(5))
    combiners = (transcript_combiner, x_wing_combiner(bytes(range(32))))
    assert not any(rebind(combiner) for combiner in combiners for _ in range(5))


def test_the_attack_asks_for_no_forbidden_pair():
    asked = []

    def noting(k1, k2, c1, c2):
        asked.append((c1, c2))
        return xor_combiner(k1, k2, c1, c2)

    assert mix_and_match(noting)
    alice, *others = asked
    assert len(others) == 2
    assert alice not in others


@given(
    secret, secret, st.binary(max_size=8), st.binary(max_size=8), st.binary(max_size=8), st.binary(max_size=8)
)
def test_the_transcripts_decide(k1, k2, c1, c2, d1, d2):
    same = transcript_combiner(k1, k2, c1, c2) == transcript_combiner(k1, k2, d1, d2)
    assert same == ((c1, c2) == (d1, d2))


@pytest.mark.parametrize("combiner", [xor_combiner, hash_combiner, transcript_combiner])
def test_refuses(combiner):
    with pytest.raises(ValueError, match="first must have 32 bytes, not 31"):
        combiner(bytes(31), bytes(32))
    with pytest.raises(ValueError, match="second must have 32 bytes, not 33"):
        combiner(bytes(32), bytes(33))
    with pytest.raises(TypeError, match="second must be bytes, not int"):
        combiner(bytes(32), 7)


def test_refuses_a_key_of_another_length():
    with pytest.raises(ValueError, match="wanted must have 32 bytes, not 16"):
        steer_xor(bytes(32), bytes(16))
    with pytest.raises(ValueError, match="public_key must have 32 bytes, not 3"):
        x_wing_combiner(b"abc")
