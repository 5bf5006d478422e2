"""Sifting, spoken: what is said says all, and nonsense is refused."""

import numpy as np
import pytest
from hypothesis import given, strategies as st

from qlearn.communication import bb84
from qlearn.communication.secret_key.public_channel import ChannelError, PublicChannel, converse
from qlearn.communication.secret_key.sifting import (
    AlicePulses,
    BobPulses,
    decode_clicks,
    each_side,
    encode_clicks,
    sift_as_alice,
    sift_as_bob,
)


@pytest.mark.parametrize("loss_db", [0, 3, 20, 60])
@pytest.mark.parametrize("chunks", [1, 7])
def test_is_what_sift_computes(loss_db, chunks):
    sent = [bb84.exchange(5_000, noise=0.05, loss_db=loss_db, p_x=0.3, rng=i) for i in range(chunks)]
    hers, his = each_side(sent)
    line = PublicChannel()
    alice, bob = converse(line, sift_as_alice(hers), sift_as_bob(his))
    keys = [bb84.sift(one) for one in sent]
    assert (alice.bits == np.concatenate([k.alice for k in keys])).all()
    assert (bob.bits == np.concatenate([k.bob for k in keys])).all()
    assert (alice.bases == bob.bases).all()
    assert (alice.bases == np.concatenate([k.bases for k in keys])).all()
    # where he clicked as the pulses come in; how he read when the last one is there; and only then Alice
    assert [m.sender for m in line.messages] == ["bob"] * chunks + ["bob", "alice"]
    assert alice.intensities is bob.intensities is None


def test_intensities_are_said_of_the_bits_that_stay():
    rng = np.random.default_rng(1)
    bits, bases, bright, his_bits, his_bases = rng.integers(0, 2, (5, 1_000), dtype=np.uint8)
    bright = bright + rng.integers(0, 2, 1_000, dtype=np.uint8)
    detected = rng.random(1_000) < 0.3
    alice, bob = converse(
        PublicChannel(),
        sift_as_alice([AlicePulses(bits, bases, bright)]),
        sift_as_bob([BobPulses(detected, his_bits, his_bases)], decoys=True),
    )
    kept = detected & (bases == his_bases)
    assert (alice.intensities == bright[kept]).all()
    assert (bob.intensities == bright[kept]).all()
    assert set(np.unique(bob.intensities)) == {0, 1, 2}


def test_no_word_about_bases_before_the_last_pulse_is_there():
    # Of each chunk the line hears as much as its clicks fill, and those are the same whatever the bases are
    said = []
    for seed in (1, 2):
        sent = [bb84.exchange(1_000, loss_db=3, rng=i) for i in range(3)]
        bases = np.random.default_rng(seed).integers(0, 2, (3, 1_000), dtype=np.uint8)
        other = [
            bb84.Transmission(s.alice_bits, s.alice_bases, s.bob_bits, b, s.detected)
            for s, b in zip(sent, bases, strict=True)
        ]
        line = PublicChannel()
        hers, his = each_side(other)
        converse(line, sift_as_alice(hers), sift_as_bob(his))
        said.append([bytes(message) for message in line.messages])
    assert said[0][:3] == said[1][:3]
    assert said[0][3] != said[1][3]


@given(st.integers(1, 300), st.floats(0, 1), st.integers(0, 2**32 - 1))
def test_clicks_come_back(n, share, seed):
    detected = np.random.default_rng(seed).random(n) < share
    clicks = np.flatnonzero(detected)
    said = encode_clicks(detected, clicks)
    assert (decode_clicks(said, n) == clicks).all()
    # the shorter of a mask and numbers, in whole bytes
    assert said.size <= 5 + min(-(-n // 8), 4 * clicks.size)


@given(st.binary(max_size=60), st.integers(1, 200))
def test_nonsense_is_refused_or_makes_sense(said, n):
    try:
        clicks = decode_clicks(np.frombuffer(said, dtype=np.uint8), n)
    except ChannelError:
        return
    assert (np.diff(clicks) > 0).all()
    assert clicks.size == 0 or 0 <= clicks[0] <= clicks[-1] < n


@pytest.mark.parametrize(
    "spoil",
    [
        lambda m: m[:-1],
        lambda m: np.append(m, m[:1]),
        lambda m: np.concatenate([m[:1] ^ 1, m[1:]]),
        lambda m: np.concatenate([m[:1] + 7, m[1:]]),
        lambda m: np.concatenate([m[:1], m[1:2] ^ 1, m[2:]]),
        lambda m: m[:3],
    ],
)
def test_a_spoilt_announcement_is_refused(spoil):
    said = encode_clicks(np.ones(100, dtype=bool), np.arange(100))
    with pytest.raises(ChannelError, match="altered the conversation"):
        decode_clicks(spoil(said), 100)


def test_numbers_twice_or_out_of_range_are_refused():
    detected = np.zeros(1_000, dtype=bool)
    detected[[5, 9]] = True
    said = encode_clicks(detected, np.array([5, 9]))
    assert said[0] == 1  # as numbers
    for first, second in ((5, 5), (9, 5), (5, 1_000)):
        wrong = said.copy()
        wrong[5:13] = np.array([first, second], dtype="<u4").view(np.uint8)
        with pytest.raises(ChannelError, match="different pulses"):
            decode_clicks(wrong, 1_000)
