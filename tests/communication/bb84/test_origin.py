"""Origin: bits that belong together are used up together, and columns hold their alphabet or are refused."""

import copy
import pickle
import threading
from dataclasses import replace

import numpy as np
import pytest

from qlearn.communication import bb84, photons, postprocessing

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


@pytest.mark.parametrize(
    "estimate", [lambda k: bb84.estimate(k, 1_000, rng=2), lambda k: postprocessing.estimate(k, rng=2)]
)
def test_what_was_partly_published_is_used_up_and_the_rest_is_fresh(estimate):
    keys = bb84.sift(bb84.exchange(20_000, rng=1))
    left = estimate(keys).remaining
    assert left.origin is not keys.origin
    assert left.origin.spent == ""
    with pytest.raises(ValueError, match="of them were compared in public"):
        keys.origin.refuse_if_spent()


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
