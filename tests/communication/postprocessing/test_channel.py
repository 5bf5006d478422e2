"""The public line: everything is counted, and what Eve does to it is seen at once or in the transcripts."""

import threading
import time
from dataclasses import replace

import numpy as np
import pytest

from qlearn.communication.postprocessing.channel import ChannelError, Message, PublicChannel


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
