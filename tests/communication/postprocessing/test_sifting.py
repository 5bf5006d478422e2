"""Sifting, spoken: what is said says all, and nonsense is refused."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qlearn.communication import bb84
from qlearn.communication.postprocessing.channel import ChannelError, PublicChannel
from qlearn.communication.postprocessing.conversation import converse
from qlearn.communication.postprocessing.sifting import (
    AlicePulses,
    BobPulses,
    announcement,
    each_side,
    heard_announcement,
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
    assert [m.sender for m in line.messages] == ["bob", "alice"] * chunks  # he speaks first, having measured
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


@given(st.integers(1, 300), st.floats(0, 1), st.integers(0, 2**32 - 1))
def test_clicks_and_bases_come_back(n, share, seed):
    rng = np.random.default_rng(seed)
    detected, bases = rng.random(n) < share, rng.integers(0, 2, n, dtype=np.uint8)
    clicks = np.flatnonzero(detected)
    said = announcement(detected, clicks, bases[clicks])
    again, his = heard_announcement(said, n)
    assert (again == clicks).all()
    assert (his == bases[clicks]).all()
    # the shorter of a mask and numbers, in whole bytes
    assert said.size <= 5 + -(-clicks.size // 8) + min(-(-n // 8), 4 * clicks.size)


@given(st.binary(max_size=60), st.integers(1, 200))
def test_nonsense_is_refused_or_makes_sense(said, n):
    try:
        clicks, bases = heard_announcement(np.frombuffer(said, dtype=np.uint8), n)
    except ChannelError:
        return
    assert clicks.size == bases.size
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
    detected = np.ones(100, dtype=bool)
    said = announcement(detected, np.arange(100), np.zeros(100, dtype=np.uint8))
    with pytest.raises(ChannelError, match="altered the conversation"):
        heard_announcement(spoil(said), 100)


def test_numbers_twice_or_out_of_range_are_refused():
    detected = np.zeros(1_000, dtype=bool)
    detected[[5, 9]] = True
    said = announcement(detected, np.array([5, 9]), np.zeros(2, dtype=np.uint8))
    assert said[0] == 1  # as numbers
    for first, second in ((5, 5), (9, 5), (5, 1_000)):
        wrong = said.copy()
        wrong[5:13] = np.array([first, second], dtype="<u4").view(np.uint8)
        with pytest.raises(ChannelError, match="different pulses"):
            heard_announcement(wrong, 1_000)
