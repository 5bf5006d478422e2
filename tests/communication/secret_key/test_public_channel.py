"""The public line: everything is counted, and what Eve does to it is seen at once or in the transcripts.

A conversation: two programs, one line, and no other way from one to the other.
"""

import threading
import time
from dataclasses import replace

import numpy as np
import pytest

from qlearn.communication import bb84, random_bits
from qlearn.communication.secret_key import (
    AuthenticationKey,
    NoKey,
    PublicChannel,
    Receive,
    Send,
    converse,
    distill,
)
from qlearn.communication.secret_key.distillation import QubitSession
from qlearn.communication.secret_key.public_channel import ChannelError, Disclosed, Message, Note
from qlearn.communication.secret_key.reconciliation.methods import RECONCILERS
from qlearn.communication.secret_key.session import Terms
from qlearn.communication.secret_key.sifting import each_side


def payload(*values):
    return np.array(values, dtype=np.uint8)


def test_delivers_and_counts():
    line = PublicChannel()
    assert line.send("alice", "reconcile", payload(7, 9), disclosed=16).tolist() == [7, 9]
    line.send("bob", "reconcile", payload(1), disclosed=0)
    line.send("bob", "verify", payload(5), disclosed=8)
    assert line.disclosed == {"reconcile": 16, "verify": 8}
    assert line.rounds == 3
    assert [(m.number, m.sender, m.step) for m in line.messages] == [
        (0, "alice", "reconcile"),
        (1, "bob", "reconcile"),
        (2, "bob", "verify"),
    ]
    assert line.transcript("alice") == line.transcript("bob") != b""


def test_eve_may_change_what_arrives_and_never_what_was_sent():
    def flip(message: Message) -> Message:
        message.payload[0] ^= 1
        return message

    line, said = PublicChannel(flip), payload(4, 4)
    assert line.send("alice", "estimate", said).tolist() == [5, 4]
    assert said.tolist() == [4, 4]
    assert line.transcript("alice") != line.transcript("bob")


def test_eve_is_asked_in_place_where_there_are_no_threads(monkeypatch):
    monkeypatch.setattr("qlearn.communication.secret_key.public_channel._NO_THREADS", True)
    threads = []

    def flip_once(message: Message) -> Message:
        threads.append(threading.current_thread())
        if message.number:
            raise KeyboardInterrupt
        message.payload[0] ^= 1
        return message

    line = PublicChannel(flip_once)
    assert line.send("alice", "estimate", payload(4, 4)).tolist() == [5, 4]
    with pytest.raises(ChannelError, match="KeyboardInterrupt"):
        line.send("bob", "estimate", payload(1))
    assert set(threads) == {threading.current_thread()}


def test_eve_cannot_take_a_change_back():
    held = []

    def flip(message: Message) -> Message:
        held.append(message.payload)
        message.payload[0] ^= 1
        return message

    line = PublicChannel(flip)
    heard = line.send("alice", "reconcile", payload(4, 4))
    held[0][0] ^= 1  # what she delivered is in her hands still; what was heard is not
    assert heard.tolist() == [5, 4]
    assert line.transcript("alice") != line.transcript("bob")


def test_what_was_said_and_heard_stands():
    line, said = PublicChannel(), payload(4, 4)
    heard = line.send("alice", "reconcile", said)
    before = line.transcript("alice")
    said[0] = 9
    assert line.transcript("alice") == line.transcript("bob") == before
    for words in (heard, line.messages[0].payload):
        with pytest.raises(ValueError, match="read-only"):
            words[0] = 9


def test_transcripts_cannot_be_confused():
    # the same bytes, cut differently, are different conversations
    one, two = PublicChannel(), PublicChannel()
    one.send("alice", "estimate", payload(1, 2, 3))
    two.send("alice", "estimate", payload(1))
    two.send("alice", "estimate", payload(2, 3))
    assert one.transcript("bob") != two.transcript("bob")


class Liar(Exception):
    """Raises when somebody asks of which class it is."""

    @property
    def __class__(self):
        raise RuntimeError


def liar(message):
    raise Liar


@pytest.mark.parametrize(
    ("eve", "says"),
    [
        (lambda m: None, "message 1 from bob never arrived"),
        (lambda m: replace(m, number=0), "out of order"),
        (lambda m: replace(m, sender="alice"), "from alice"),
        (lambda m: replace(m, step="verify"), "replayed or out of order"),
        (lambda m: replace(m, payload=np.zeros(999, dtype=np.uint8)), "999 bytes, and 68 at most"),
        (lambda m: replace(m, payload=m.payload.tolist()), "does not consist of bytes"),
        (lambda m: 3, "what arrived is no message"),
        (lambda m: object.__new__(Message), "what arrived is no message"),
        (lambda m: replace(m, number=10**5000), "a number without end"),
        (lambda m: replace(m, step="\ud800" * 10**6), r"\(\\ud800.{,300}\) arrived"),
        (lambda m: 1 / 0, r"the line failed \(ZeroDivisionError\)"),
        (liar, r"the line failed \(Liar\)"),
    ],
)
def test_a_clumsy_eve_is_seen_at_once(eve, says):
    line = PublicChannel(lambda m: m if m.number == 0 else eve(m))
    line.send("alice", "estimate", payload(1))
    with pytest.raises(ChannelError, match=says) as caught:
        line.send("bob", "estimate", payload(1, 2), disclosed=3)
    assert caught.value.step == "estimate"
    assert line.disclosed["estimate"] == 3  # it was said, whoever heard it


def test_a_listener_hears_what_arrives_whatever_its_length():
    line = PublicChannel(lambda m: replace(m, payload=m.payload[:1]))
    assert line.send("bob", "estimate", payload(1, 2)).tolist() == [1]
    assert line.transcript("alice") != line.transcript("bob")


def test_nobody_waits_for_ever():
    never = threading.Event()
    line = PublicChannel(lambda m: never.wait() and m, patience_s=0.05)
    with pytest.raises(ChannelError, match=r"did not arrive within the 0\.05 s"):
        line.send("bob", "estimate", payload(1, 2))
    never.set()


def test_what_comes_too_late_does_not_stand_for_the_next_message():
    may_answer = threading.Event()

    def eve(message):
        if message.number == 0:
            may_answer.wait()
        return message

    line = PublicChannel(eve, patience_s=0.05)
    with pytest.raises(ChannelError, match="did not arrive"):
        line.send("bob", "estimate", payload(1, 2))
    may_answer.set()
    assert line.send("alice", "estimate", payload(3)).tolist() == [3]


def test_patience_is_for_a_whole_session():
    line = PublicChannel(lambda m: time.sleep(0.03) or m, patience_s=0.1)

    def talk_on():
        for _ in range(10):
            line.send("bob", "estimate", payload(1))

    with pytest.raises(ChannelError, match="left for the session"):
        talk_on()
    assert 1 <= line.rounds <= 4
    line.open()
    assert line.send("bob", "estimate", payload(7)).tolist() == [7]


def test_a_session_answers_for_itself_alone():
    line = PublicChannel(lambda m: replace(m, payload=m.payload ^ (m.number == 0)))
    line.send("bob", "estimate", payload(1))
    assert line.transcript("alice") != line.transcript("bob")
    line.open()
    line.send("alice", "estimate", payload(5))
    assert line.transcript("alice") == line.transcript("bob") != b""
    assert line.rounds == 2


def test_what_eve_raises_is_a_fault_of_the_line_even_an_interrupt():
    def stop(message):
        raise KeyboardInterrupt

    with pytest.raises(ChannelError, match="KeyboardInterrupt"):
        PublicChannel(stop).send("bob", "estimate", payload(1))


@pytest.mark.parametrize(
    ("call", "error", "says"),
    [
        (lambda: PublicChannel(eve=3), TypeError, "eve must be a function"),
        (lambda: PublicChannel(patience_s=-1), ValueError, "patience_s must be"),
        (lambda: PublicChannel(patience_s=1e300), ValueError, "patience_s must be"),
        (lambda: PublicChannel().send("eve", "x", payload(1)), ValueError, "sender must be"),
        (lambda: PublicChannel().send("bob", "x", [1]), TypeError, "payload must be"),
        (lambda: PublicChannel().send("bob", "x", payload(1), disclosed=-1), ValueError, "disclosed must be"),
        (lambda: PublicChannel().transcript("eve"), ValueError, "party must be"),
    ],
)
def test_refuses(call, error, says):
    with pytest.raises(error, match=says):
        call()


def says(*values):
    for value in values:
        yield Send("x", payload(value))
    return "said"


def hears(n, step="x", size=1):
    heard = []
    for _ in range(n):
        heard.append((yield Receive(step, size)))
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
    pool = AuthenticationKey(random_bits(512, rng=9))
    made = distill(sent, reconciliation=reconciliation, authentication_key=pool, rng=2)
    talk = [message for message in made.channel.messages if message.step != "authenticate"]
    hers, his = each_side([sent])
    line = PublicChannel()
    session = QubitSession(Terms(1e-10, 1e-15, reconciliation, pool, line, 2))
    mind = session.alice(hers) if name == "alice" else session.bob(his)
    key = alone(mind, name, talk)
    assert (key[512:] == made.key).all()
    assert line.rounds == 0


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
        sent, authentication_key=AuthenticationKey(random_bits(512, rng=9)), channel=PublicChannel(eve), rng=2
    )
    assert made.key is None


def test_who_speaks_without_end_is_never_far_ahead_of_who_listens():
    ahead, most = 0, 0

    def speaks():
        nonlocal ahead, most
        for _ in range(1_000):
            ahead, most = ahead + 1, max(most, ahead + 1)
            yield Send("sift", np.zeros(1, dtype=np.uint8))

    def listens():
        nonlocal ahead
        for _ in range(1_000):
            yield Receive("sift", 1)
            ahead -= 1

    line = PublicChannel()
    converse(line, listens(), speaks())
    assert line.rounds == 1_000
    assert most <= 6


def test_a_party_notes_for_the_ledger_and_learns_what_the_line_counted_of_it():
    notes, line = [], PublicChannel()

    def tells():
        yield Note("x")
        yield Send("x", payload(1), disclosed=5)
        yield Send("y", payload(2), disclosed=7)
        mine = yield Disclosed("x")
        yield Note("x", "said", -mine)
        return mine

    def listens():
        yield Receive("x", 1)
        yield Receive("y", 1)
        return (yield Disclosed("x"))

    for _ in range(2):
        line.open()
        assert converse(line, tells(), listens(), note=notes.append) == (5, 0)
        assert line.disclosed_in_session() == {"x": 5, "y": 7}
    assert notes == 2 * [Note("x"), Note("x", "said", -5)]
    assert line.disclosed == {"x": 10, "y": 14}
    assert line.rounds == 4
