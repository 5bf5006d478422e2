"""A conversation: two programs, one line, and no other way from one to the other."""

from dataclasses import replace

import numpy as np
import pytest

from qlearn.communication import bb84
from qlearn.communication.coins import coins
from qlearn.communication.postprocessing import (
    RECONCILERS,
    AuthenticationKey,
    Hear,
    NoKey,
    PublicChannel,
    Say,
    converse,
    distill,
)
from qlearn.communication.postprocessing.distillation import QubitSession
from qlearn.communication.postprocessing.sifting import each_side


def payload(*values):
    return np.array(values, dtype=np.uint8)


def says(*values):
    for value in values:
        yield Say("x", payload(value))
    return "said"


def hears(n, step="x", size=1):
    heard = []
    for _ in range(n):
        heard.append((yield Hear(step, size)))
    return [int(h[0]) for h in heard]


def test_letters_arrive_in_order():
    assert converse(PublicChannel(), says(1, 2, 3), hears(3)) == ("said", [1, 2, 3])
    assert converse(PublicChannel(), hears(3), says(1, 2, 3)) == ([1, 2, 3], "said")


@pytest.mark.parametrize(
    ("alice", "bob", "reason"),
    [
        (says(1), hears(2), "each waits for the other"),
        (hears(1), hears(1), "each waits for the other"),
        (says(1), hears(1, size=2), "2 bytes of x were due, and 1 of x arrived"),
        (says(1), hears(1, step="y"), "1 bytes of y were due, and 1 of x arrived"),
    ],
)
def test_ends_where_nobody_can_go_on(alice, bob, reason):
    with pytest.raises(NoKey, match=reason):
        converse(PublicChannel(), alice, bob)


def test_what_is_longer_than_can_be_is_not_taken():
    line = PublicChannel(lambda m: replace(m, payload=np.zeros(3, dtype=np.uint8)))
    with pytest.raises(NoKey, match="3 bytes, and 1 at most"):
        converse(line, says(1), hears(1))


@pytest.mark.parametrize("reconciliation", RECONCILERS)
@pytest.mark.parametrize("name", ["alice", "bob"])
def test_each_party_makes_the_key_of_its_own_data_and_what_it_heard(name, reconciliation, alone):
    # The other party does not exist in the second run: were anything of it looked at, there would be nothing.
    sent = bb84.exchange(60_000, noise=0.02, rng=1)
    pool = AuthenticationKey(coins(512, rng=9))
    made = distill(sent, reconciliation=reconciliation, authentication_key=pool, rng=2)
    talk = [message for message in made.channel.messages if message.step != "authenticate"]
    hers, his = each_side([sent])
    session = QubitSession(
        PublicChannel(), np.random.default_rng(2), 1e-10, 1e-15, RECONCILERS[reconciliation], lambda: None
    )
    mind = session._alice(hers, 512) if name == "alice" else session._bob(his, 512)
    key = alone(mind, name, talk)
    assert (key[512:] == made.key).all()
    assert session.line.rounds == 0


def test_bob_keeps_what_he_was_told_to_keep_and_not_what_alice_keeps():
    # Eve changes which bits Alice names for the sample: Bob cuts his key by what he heard, so the keys part ways
    def eve(message):
        if (message.number, message.step) == (3, "estimate"):
            one, zero = (
                np.flatnonzero(bits := np.unpackbits(message.payload))[0],
                np.flatnonzero(bits == 0)[0],
            )
            bits[[one, zero]] = bits[[zero, one]]
            return replace(message, payload=np.packbits(bits))
        return message

    sent = bb84.exchange(60_000, noise=0.02, rng=1)
    made = distill(
        sent, authentication_key=AuthenticationKey(coins(512, rng=9)), channel=PublicChannel(eve), rng=2
    )
    assert made.key is None


def test_who_speaks_without_end_is_never_far_ahead_of_who_listens():
    ahead, most = 0, 0

    def speaks():
        nonlocal ahead, most
        for _ in range(1_000):
            ahead, most = ahead + 1, max(most, ahead + 1)
            yield Say("sift", np.zeros(1, dtype=np.uint8))

    def listens():
        nonlocal ahead
        for _ in range(1_000):
            yield Hear("sift", 1)
            ahead -= 1

    line = PublicChannel()
    converse(line, listens(), speaks())
    assert line.rounds == 1_000
    assert most <= 6
