"""Authentication: an honest line passes, every change is found, and no secret bit is used twice."""

import copy
import os
import pickle
import sys
import threading
from dataclasses import replace

import numpy as np
import pytest

from qlearn.communication import bb84, random_bits
from qlearn.communication.secret_key import (
    SESSION_BITS,
    AuthenticationKey,
    NoKey,
    PublicChannel,
    authenticate,
    distill,
    forgery_probability,
    tag,
)

P = 2**130 - 5


def poly1305(message: bytes, key: bytes) -> bytes:
    """The formula of the docstring, in Python's integers."""
    r = int.from_bytes(key[:16], "little") & 0x0FFFFFFC0FFFFFFC0FFFFFFC0FFFFFFF
    s = int.from_bytes(key[16:], "little")
    blocks = [message[i : i + 16] + b"\x01" for i in range(0, len(message), 16)]
    q = len(blocks)
    total = sum(int.from_bytes(c, "little") * pow(r, q - i, P) for i, c in enumerate(blocks)) % P
    return ((total + s) % 2**128).to_bytes(16, "little")


@pytest.mark.parametrize("size", [1, 15, 16, 17, 1000])
def test_the_tag_is_the_formula(size):
    rng = np.random.default_rng(size)
    message, key = rng.bytes(size), rng.bytes(32)
    assert tag(message, key) == poly1305(message, key)


def talk(eve=None) -> PublicChannel:
    line = PublicChannel(eve)
    for i in range(4):
        line.send("alice" if i % 2 else "bob", "reconcile", np.array([i, 7], dtype=np.uint8), disclosed=3)
    return line


def pool(n=SESSION_BITS):
    return AuthenticationKey(random_bits(n, rng=9))


def test_an_honest_conversation_passes():
    line, key = talk(), pool()
    assert 0 < authenticate(line, key) < 1e-28
    assert (key.left, key.spent) == (0, SESSION_BITS)
    assert [m.sender for m in line.messages[-2:]] == ["alice", "bob"]


def altered(message):
    if message.number == 2:
        message.payload[0] ^= 1
    return message


def test_one_changed_bit_is_found():
    with pytest.raises(NoKey, match="authenticate: the tag from alice does not fit what Bob heard"):
        authenticate(talk(altered), pool())


def test_a_changed_tag_is_found():
    def eve(message):
        if message.step == "authenticate" and message.sender == "bob":
            message.payload[3] ^= 4
        return message

    with pytest.raises(NoKey, match="the tag from bob does not fit what Alice heard"):
        authenticate(talk(eve), pool())


def test_replayed_payload_under_a_fresh_number_is_found():
    heard = []

    def eve(message):
        heard.append(message)
        return replace(message, payload=heard[0].payload) if message.number == 2 else message

    with pytest.raises(NoKey, match="does not fit"):
        authenticate(talk(eve), pool())


def test_two_answers_swapped_are_found():
    # she holds nothing back, but delivers to each the other's words
    other = {0: np.array([2, 7], dtype=np.uint8), 2: np.array([0, 7], dtype=np.uint8)}

    def eve(message):
        return replace(message, payload=other.get(message.number, message.payload))

    with pytest.raises(NoKey, match="does not fit"):
        authenticate(talk(eve), pool())


def test_eve_without_the_key_cannot_tag_her_own_version():
    rng = np.random.default_rng(1)

    def eve(message):
        if message.step == "authenticate":
            guess = tag(b"whatever she likes", rng.bytes(32))
            return replace(message, payload=np.frombuffer(guess, dtype=np.uint8))
        return altered(message)

    with pytest.raises(NoKey, match="does not fit"):
        authenticate(talk(eve), pool())


def test_secret_bits_are_handed_out_once():
    key = AuthenticationKey(random_bits(600, rng=1))
    first, second = key.take(256), key.take(256)
    assert first != second
    with pytest.raises(ValueError, match="88 bits left and 256 are needed: 512 are spent"):
        key.take(256)
    key.refill(random_bits(168, rng=2))
    assert len(key.take(256)) == 32


def test_threads_that_reach_for_the_key_at_once_get_different_bits():
    # without its lock a third of the bits or so are handed out twice, in every one of five tries
    pool, taken = AuthenticationKey(random_bits(16 * 4000, rng=1)), []

    def draw():
        taken.extend(pool.take(16) for _ in range(1000))

    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        threads = [threading.Thread(target=draw) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(usual)
    assert (pool.left, pool.spent, len(taken)) == (0, 16 * 4000, 4000)
    right = AuthenticationKey(random_bits(16 * 4000, rng=1)).take(16 * 4000)
    assert sorted(taken) == sorted(right[i : i + 2] for i in range(0, len(right), 2))


def test_does_not_print_its_bits():
    assert repr(AuthenticationKey([1, 0, 1, 1])) == "AuthenticationKey(4 bits left, 0 spent)"


def test_keeps_a_copy():
    bits = random_bits(256, rng=1)
    key, wanted = AuthenticationKey(bits), np.packbits(bits).tobytes()
    bits[:] = 0
    assert key.take(256) == wanted


def test_nothing_is_said_with_too_short_a_key():
    line = talk()
    with pytest.raises(ValueError, match="Share new ones"):
        authenticate(line, pool(300))
    assert line.rounds == 4


def test_both_tags_are_in_the_bound():
    line = talk()
    long = max(len(line.transcript(party)) for party in ("alice", "bob"))
    assert authenticate(line, pool()) == 2 * 8 * -(-long // 16) / 2**106


def test_the_bound_counts_blocks_of_16_bytes():
    assert forgery_probability(bytes(17)) == 16 / 2**106


def test_a_copy_shares_the_account():
    key = AuthenticationKey(random_bits(600, rng=1))
    first = key.take(256)
    for other in (copy.copy(key), copy.deepcopy(key)):
        assert (other.left, other.spent) == (344, 256)
    assert copy.deepcopy(key).take(256) != first
    assert key.left == 88
    with pytest.raises(TypeError, match="cannot be pickled: the copy would hand out the same bits"):
        pickle.dumps(key)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_a_fork_hands_out_nothing():
    key, sent = AuthenticationKey(random_bits(1024, rng=1)), bb84.exchange(30_000, noise=0.01, rng=1)
    calls = (
        lambda: key.take(256),
        key.take_tag_keys,
        lambda: key.refill(random_bits(8, rng=2)),
        lambda: authenticate(talk(), key),
        lambda: distill(sent, authentication_key=key, rng=3),
    )
    read, write = os.pipe()
    child = os.fork()
    if not child:
        said = []
        try:
            for call in calls:
                try:
                    call()
                    said.append("handed out")
                except ValueError as refusal:
                    said.append(str(refusal))
            said.append(f"spent {key.spent}, pulses {sent.origin.spent!r}")
        except BaseException as unexpected:  # a child that goes on would run the other tests a second time
            said.append(repr(unexpected))
        finally:
            os.write(write, "|".join(said).encode())
            os._exit(0)
    os.close(write)
    with os.fdopen(read, "rb") as end:
        *refusals, rest = end.read().decode().split("|")
    assert os.waitpid(child, 0)[1] == 0
    assert len(refusals) == len(calls)
    for refusal in refusals:
        assert f"belongs to process {os.getpid()} and is asked in process {child}: after a fork" in refusal
    assert rest == "spent 0, pulses ''"
    assert len(key.take(256)) == 32


def test_two_real_accounts_differ_for_good_where_one_is_refilled_alone():
    bits, rng = random_bits(1024, rng=1), np.random.default_rng(2)

    def sessions(waits):
        """Bob's tag is lost in the first of six; what he would refill from it waits for a session that Alice confirms."""
        alice, bob = AuthenticationKey(bits), AuthenticationKey(bits)
        fit = [alice.take_tag_keys() == bob.take_tag_keys()]
        if not waits:
            bob.refill(random_bits(512, rng=rng))  # she has no such key
        for _ in range(5):
            fit.append(alice.take_tag_keys() == bob.take_tag_keys())
            shared = random_bits(512, rng=rng)
            alice.refill(shared)
            bob.refill(shared)
        return fit

    assert sessions(waits=False) == [True, True, False, False, False, False]
    assert all(sessions(waits=True))


def test_one_leaked_pad_gives_a_kept_point_away():
    key = AuthenticationKey(random_bits(1024, rng=5), keep_hash_key=True)
    (first, _), (second, _) = key.take_tag_keys(), key.take_tag_keys()
    said, heard, forged = b"sixteen byte msg", b"honest transcrip", b"forged transcrip"

    def number(block):
        return int.from_bytes(block, "little")

    # of the first session Eve knows the tag and its pad, of the second the tag alone: one block is c r + s
    leaked = (number(tag(said, first)) - number(first[16:])) % 2**128
    inverse = pow(number(said + b"\x01"), -1, P)
    points = [(leaked + i * 2**128) * inverse % P for i in range(4)]
    (point,) = [r for r in points if r & 0x0FFFFFFC0FFFFFFC0FFFFFFC0FFFFFFF == r]

    def value(block):
        return number(block + b"\x01") * point % P

    mark = (number(tag(heard, second)) + value(forged) - value(heard)) % 2**128
    assert mark.to_bytes(16, "little") == tag(forged, second)


def test_a_lost_tag_is_paid_for():
    # the first of the two is the message that is dropped: no more is sent, and both are struck off
    key, line = pool(1024), PublicChannel(lambda message: None)
    with pytest.raises(NoKey, match="message 0 from alice never arrived"):
        authenticate(line, key)
    assert (line.rounds, key.left) == (1, 512)


def test_a_kept_hash_key_costs_the_pads_alone():
    bits = random_bits(1024, rng=3)
    key = AuthenticationKey(bits, keep_hash_key=True)
    assert (key.left, key.spent, key.session_bits) == (768, 0, 256)
    packed = np.packbits(bits).tobytes()
    for session in range(3):
        pads = packed[32 * (session + 1) :]
        # a point for each direction, always the same one, and a pad that is never seen again
        assert key.take_tag_keys() == (packed[:16] + pads[:16], packed[16:32] + pads[16:32])
    assert (key.left, key.spent) == (0, 768)


def test_an_account_with_a_kept_hash_key_survives_twice_as_many_attacks():
    def flip(message):
        if message.number == 3:
            message.payload[0] ^= 1
        return message

    lasted = {}
    for kept in (False, True):
        key, lasted[kept] = AuthenticationKey(random_bits(4096, rng=1), keep_hash_key=kept), 0
        while key.left >= key.session_bits:
            with pytest.raises(NoKey, match="does not fit"):
                authenticate(talk(flip), key)
            lasted[kept] += 1
        authenticate_alone = AuthenticationKey(random_bits(4096, rng=1), keep_hash_key=kept)
        assert authenticate(talk(), authenticate_alone) < 1e-28
    assert lasted == {False: 8, True: 15}


def small_tag(message, point, pad, p=31):
    """Poly1305 in small: blocks modulo 31, at a secret point, plus a pad."""
    value = 0
    for block in message:
        value = (value + block) * point % p
    return (value + pad) % p


def test_kept_points_leave_eve_the_sum_of_her_tries():
    # All 31 points and all pads, exactly. Eve sees one honest tag a session and tries another message with the best
    # change of the tag. Knowing that all earlier tries failed, she rules out their points and takes the best that is
    # left: after q tries, whatever the pads, at most q * 2 of 31 points have let one pass (messages of two blocks).
    p, honest = 31, (3, 5)
    forgeries = [(a, b) for a in range(p) for b in range(p) if (a, b) != honest][::7]

    def points(message, change):
        return {r for r in range(p) if (small_tag(message, r, 0) - small_tag(honest, r, 0)) % p == change}

    every = [points(message, change) for message in forgeries for change in range(p)]
    assert max(map(len, every)) == 2
    left, found = set(range(p)), []
    for _ in range(5):
        best = max(every, key=lambda one: len(one & left))
        found.append(len(best & left))
        left -= best
    assert found == [2] * 5  # the bound is met in small: each try 2/31, the sum 10/31
    # and a tag under a uniform pad is as likely at every point: it says nothing of the point
    seen = {r: sorted(small_tag(honest, r, pad) for pad in range(p)) for r in range(p)}
    assert all(tags == list(range(p)) for tags in seen.values())


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: AuthenticationKey([0, 0, 0]), "all the same"),
        (lambda: AuthenticationKey([0, 2]), "bits must be"),
        (lambda: tag(b"x", bytes(31)), "32 bytes"),
        (
            lambda: AuthenticationKey(random_bits(511, rng=1), keep_hash_key=True),
            "at least 512 to keep a hash key",
        ),
        (lambda: pool().take(0), "n_bits must be at least 1"),
    ],
)
def test_refuses(call, says):
    with pytest.raises(ValueError, match=says):
        call()
