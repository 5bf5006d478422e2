"""Streaming: session after session from a stream, none of the bits used twice or lost."""

import numpy as np
import pytest

from qlearn.communication import bb84, random_bits
from qlearn.communication.secret_key import AuthenticationKey, PublicChannel, distill, distill_stream


def pool():
    return AuthenticationKey(random_bits(512, rng=9))


def stream():
    return bb84.stream(300_000, chunk=70_000, noise=0.01, rng=1)


def test_cuts_the_stream_into_sessions():
    made = list(distill_stream(stream(), block=80_000, authentication_key=pool(), rng=2))
    sifted = [session.ledger.by_step["sift"] for session in made]
    assert sum(sifted) == sum(len(bb84.sift(sent)) for sent in stream())
    assert len(made) == 4
    assert all((session.alice == session.bob).all() for session in made)
    assert min(session.length for session in made) > 0


@pytest.mark.parametrize("loss_db", [0, 5])
def test_a_session_ends_where_both_can_count_it(loss_db):
    # after so many clicks, which Bob has named: not after so many equal bases, which nobody has said by then
    for p_x in (0.5, 0.1):
        sent = bb84.stream(200_000, chunk=30_000, noise=0.01, loss_db=loss_db, p_x=p_x, rng=1)
        first = next(distill_stream(sent, block=40_000, authentication_key=pool(), rng=2))
        said = [m.payload for m in first.channel.messages if m.step == "sift"]
        assert sum(int(clicks[1:5].view("<u4")[0]) for clicks in said[:-2]) == 40_000
        kept = first.ledger.by_step["sift"] / 40_000
        # binomial: sd 0.0025 at most, 6 sd: 2e-9
        assert abs(kept - (p_x**2 + (1 - p_x) ** 2)) < 6 * 0.0025


def test_is_what_distill_makes_of_the_same_bits():
    first = next(distill_stream(stream(), block=100_000, authentication_key=pool(), rng=2))
    sent = list(stream())  # without loss: 100,000 clicks are as many pulses
    n = len(bb84.sift(sent[0])) + np.count_nonzero(sent[1].kept[:30_000])
    parts = [bb84.sift(one) for one in sent]
    bits = (np.concatenate([getattr(p, name) for p in parts])[:n] for name in ("alice", "bob", "bases"))
    again = distill(bb84.SiftedKeys(*bits), authentication_key=pool(), rng=2)
    assert first.channel.messages[0].step == "sift"
    assert (first.key == again.key).all()


def test_computes_nothing_before_it_is_asked():
    def sent():
        yield from bb84.stream(300_000, chunk=150_000, noise=0.01, rng=1)
        raise AssertionError("asked too far")

    assert next(distill_stream(sent(), block=120_000, authentication_key=pool(), rng=1)).length > 0


def test_a_stream_is_used_once():
    sent = list(stream())
    list(distill_stream(sent, block=100_000, authentication_key=pool(), rng=2))
    assert all(one.origin.spent for one in sent)
    with pytest.raises(ValueError, match="used up"):
        next(distill_stream(sent, authentication_key=pool()))
    with pytest.raises(ValueError, match="used up"):
        distill(sent[0], authentication_key=pool())


def test_pulses_that_come_twice_in_a_session_are_refused():
    sent = bb84.exchange(60_000, noise=0.01, rng=1)
    key = pool()
    with pytest.raises(ValueError, match="in this session already"):
        next(distill_stream([sent, sent], block=10**6, authentication_key=key, rng=2))
    assert sent.origin.spent  # they were spoken of
    assert key.spent == 0


def test_a_chunk_without_pulses_is_no_end():
    nothing = np.zeros(0, dtype=np.uint8)
    empty, other = (bb84.Transmission(*5 * [nothing]) for _ in range(2))
    sent = bb84.exchange(60_000, noise=0.01, rng=1)
    (made,) = distill_stream([empty, sent, other], block=10**6, authentication_key=pool(), rng=2)
    assert made.length > 0
    assert made.ledger.by_step["sift"] == np.count_nonzero(sent.kept)


def test_ends_when_there_is_nothing_left_to_authenticate_with():
    def drop(message):
        return None if (message.step, message.sender) == ("authenticate", "bob") else message

    sent = list(stream())
    made = list(
        distill_stream(sent, block=100_000, authentication_key=pool(), channel=PublicChannel(drop), rng=2)
    )
    assert [one.step for one in made] == ["authenticate", "authenticate"]
    assert "0 bits left" in made[1].reason
    assert [bool(one.origin.spent) for one in sent] == [True, True, False, False, False]


def test_a_session_is_not_held_to_account_for_the_one_before():
    def once(message):
        if message.number == 5:
            message.payload[0] ^= 1
        return message

    pools, line = AuthenticationKey(random_bits(2048, rng=9)), PublicChannel(once)
    made = list(distill_stream(stream(), block=100_000, authentication_key=pools, channel=line, rng=2))
    assert [one.key is None for one in made[:3]] == [True, False, False]  # and a short rest


def test_refuses():
    with pytest.raises(ValueError, match="block must be"):
        next(distill_stream(stream(), block=0, authentication_key=pool()))
    with pytest.raises(TypeError, match="transmissions must be Transmission"):
        next(distill_stream([3], authentication_key=pool()))
