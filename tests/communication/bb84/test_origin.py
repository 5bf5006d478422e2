"""Origin: bits that belong together are used up together, and columns hold their alphabet or are refused."""

import copy
import gc
import pickle
import threading
from dataclasses import replace

import numpy as np
import pytest

from qlearn.communication import bb84, photons, postprocessing
from qlearn.communication.coins import coins
from qlearn.communication.postprocessing import AuthenticationKey, ChannelError, PublicChannel, distill

ZEROS = np.zeros(4, dtype=np.uint8)


def test_a_copy_is_no_second_set_of_bits():
    sent = bb84.exchange(100, rng=1)
    for other in (copy.copy(sent), copy.deepcopy(sent), replace(sent), bb84.sift(sent)):
        assert other.origin is sent.origin
    sent.origin.spent = "it ended"
    with pytest.raises(ValueError, match="used up by an earlier session: it ended"):
        bb84.sift(sent).origin.refuse_if_spent()


def test_new_bits_have_an_origin_of_their_own():
    one, two = bb84.exchange(100, rng=1), bb84.exchange(100, rng=1)
    assert one.origin is not two.origin
    assert one.origin.light == "single photons"


def test_light_goes_with_the_bits():
    laser = photons.exchange(5_000, link=photons.LINKS["gys"], transmittance=0.5, rng=1)
    assert (
        laser.transmission.origin.light
        == laser.sift().origin.light
        == laser.sift(0).origin.light
        == "laser pulses"
    )


ESTIMATES = [lambda k: bb84.estimate(k, 1_000, rng=2), lambda k: postprocessing.estimate(k, rng=2)]


def pool():
    return AuthenticationKey(coins(2048, rng=9))


@pytest.mark.parametrize("estimate", ESTIMATES)
def test_what_was_partly_published_is_used_up_and_the_rest_is_fresh(estimate):
    keys = bb84.sift(bb84.exchange(20_000, rng=1))
    left = estimate(keys).remaining
    assert left.origin is not keys.origin
    assert left.origin.spent == ""
    with pytest.raises(ValueError, match="of them were compared in public"):
        keys.origin.refuse_if_spent()


@pytest.mark.parametrize("estimate", ESTIMATES)
def test_no_estimate_makes_used_up_bits_fresh(estimate):
    def drop(message):
        return None if (message.step, message.sender) == ("authenticate", "bob") else message

    pulses = bb84.exchange(60_000, noise=0.01, rng=1)
    failed = distill(pulses, authentication_key=pool(), channel=PublicChannel(drop), rng=2)
    assert failed.step == "authenticate"
    with pytest.raises(ValueError, match="used up by an earlier session: it ended without a key"):
        estimate(bb84.sift(pulses))


@pytest.mark.parametrize("second", ESTIMATES)
@pytest.mark.parametrize("first", ESTIMATES)
def test_bits_are_estimated_once_and_the_rest_makes_one_key(first, second):
    keys = bb84.sift(bb84.exchange(60_000, noise=0.01, rng=1))
    left = first(keys).remaining
    with pytest.raises(ValueError, match="of them were compared in public"):
        second(keys)  # its sample would be among what is left
    assert distill(left, authentication_key=pool(), rng=3).length > 0
    for again in (lambda: second(left), lambda: distill(left, authentication_key=pool(), rng=3)):
        with pytest.raises(ValueError, match="used up by an earlier session: it made a key"):
            again()


@pytest.mark.parametrize(("number", "spent"), [(0, True), (1, True), (2, True), (3, False)])
def test_a_comparison_that_broke_off_has_published_bits(number, spent):
    # the mask, Bob's bits, the count; there is no fourth message
    keys = bb84.sift(bb84.exchange(60_000, noise=0.01, rng=1))
    line = PublicChannel(lambda message: None if message.number == number else message)
    if not spent:
        assert postprocessing.estimate(keys, channel=line, rng=2).remaining.origin.spent == ""
        return
    with pytest.raises(ChannelError):
        postprocessing.estimate(keys, channel=line, rng=2)
    with pytest.raises(ValueError, match="a comparison of some of them in public broke off"):
        postprocessing.estimate(keys, rng=2)


def test_where_nothing_was_compared_the_bits_stay_fresh():
    keys = bb84.sift(bb84.exchange(60_000, noise=0.01, rng=1))
    with pytest.raises(postprocessing.NoKey):
        postprocessing.estimate(keys, {"Z": 10**6, "X": 1})
    with pytest.raises(ValueError, match="too few to disclose"):
        bb84.estimate(keys, 10**6)
    assert keys.origin.spent == ""
    assert len(bb84.estimate(keys, 1_000, rng=2).remaining) == len(keys) - 2_000


def test_a_pickle_that_outlives_its_bits_is_no_second_set_of_them():
    sent = bb84.exchange(60_000, noise=0.01, rng=1)
    blob, other = pickle.dumps(sent), pickle.dumps(bb84.exchange(60_000, noise=0.01, rng=1))
    assert distill(sent, authentication_key=pool(), rng=2).length > 0
    del sent
    gc.collect()
    again, twin = pickle.loads(blob), pickle.loads(blob)
    assert again.origin is twin.origin
    for opened in (again, bb84.sift(twin)):
        with pytest.raises(ValueError, match="used up by an earlier session: it made a key"):
            distill(opened, authentication_key=pool(), rng=2)
    gc.collect()
    fresh = pickle.loads(other)  # these were never used, and a key of them uses up what is opened later, too
    assert distill(fresh, authentication_key=pool(), rng=2).length > 0
    del fresh
    gc.collect()
    with pytest.raises(ValueError, match="used up"):
        distill(pickle.loads(other), authentication_key=pool(), rng=2)


def test_a_pickle_is_no_second_set_of_bits():
    keys = bb84.sift(bb84.exchange(100, rng=1))
    again = pickle.loads(pickle.dumps(keys))
    assert again.origin is keys.origin
    assert (again.alice == keys.alice).all()
    state = pickle.dumps(keys.origin)
    keys.origin.spent = "it ended"
    assert pickle.loads(state).spent == "it ended"


def test_bits_are_claimed_once_whoever_asks_at_the_same_time():
    origin, got = bb84.Origin(), []

    def claim():
        try:
            origin.claim()
        except ValueError:
            return
        got.append(1)

    threads = [threading.Thread(target=claim) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert got == [1]


@pytest.mark.parametrize(
    ("call", "error", "says"),
    [
        (lambda: bb84.Origin("moonlight"), ValueError, "light must be one of single photons"),
        (lambda: bb84.Origin(spent=None), TypeError, "spent must be words"),
        (lambda: bb84.Transmission(*[ZEROS] * 5, origin="laser"), TypeError, "origin must be an Origin"),
        (lambda: bb84.SiftedKeys(*[ZEROS] * 3, None), TypeError, "origin must be an Origin"),
    ],
)
def test_refuses(call, error, says):
    with pytest.raises(error, match=says):
        call()


@pytest.mark.parametrize(
    ("wrong", "error", "says"),
    [
        (np.array([0, 1, 2, 0]), ValueError, "0 and 1 only; it holds 2"),
        (np.array([0, 1, -1, 0]), ValueError, "it holds -1"),
        (np.array([0, 255, 1, 0], dtype=np.uint8), ValueError, "it holds 255"),
        (np.array([0.0, 1.0, 0.0, 1.0]), TypeError, "not of float64"),
        (np.array([0, np.nan, 1, 0]), TypeError, "not of float64"),
        (np.array([0, 1, None, 0]), TypeError, "not of object"),
        (np.array(["0", "1", "0", "1"]), TypeError, "whole numbers 0 and 1"),
        (np.zeros((4, 1), dtype=np.uint8), ValueError, "one axis"),
        ([0, 1, 0, 1], TypeError, "NumPy array, not list"),
    ],
)
def test_columns_hold_their_alphabet_or_are_refused(wrong, error, says):
    for place, name in enumerate(("alice", "bob", "bases")):
        columns = [ZEROS] * 3
        columns[place] = wrong
        with pytest.raises(error, match=f"{name} must .*{says}|must have .* length"):
            bb84.SiftedKeys(*columns)
    for place, name in enumerate(("alice_bits", "alice_bases", "bob_bits", "bob_bases", "detected")):
        columns = [ZEROS] * 5
        columns[place] = wrong
        with pytest.raises(error, match=f"{name} must .*{says}|must have .* length"):
            bb84.Transmission(*columns)


@pytest.mark.parametrize("dtype", [bool, np.int64, np.uint16])
def test_whole_numbers_of_any_width_are_bits(dtype):
    bits = np.array([0, 1, 1, 0], dtype=dtype)
    keys = bb84.SiftedKeys(bits, bits, bits)
    assert keys.alice.dtype == keys.bases.dtype == np.uint8
    assert keys.bits_by_basis == {"Z": 2, "X": 2}
    assert bb84.Transmission(*[bits] * 5).detected.dtype == bool
