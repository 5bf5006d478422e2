"""Origin: bits that belong together are used up together, and columns hold their alphabet or are refused."""

import copy
from dataclasses import replace

import numpy as np
import pytest

from qlearn.communication import bb84, photons

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


def test_what_is_left_of_an_estimate_has_the_same_origin():
    keys = bb84.sift(bb84.exchange(20_000, rng=1))
    assert bb84.estimate(keys, 1_000, rng=2).remaining.origin is keys.origin


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


@pytest.mark.parametrize(
    ("arguments", "error", "says"),
    [
        (("sunlight",), ValueError, "light must be one of .*not 'sunlight'"),
        (("single photons", True), TypeError, "spent must be a text"),
        (("single photons", None), TypeError, "spent must be a text"),
    ],
)
def test_an_origin_says_what_it_is(arguments, error, says):
    with pytest.raises(error, match=says):
        bb84.Origin(*arguments)


@pytest.mark.parametrize("origin", [None, "single photons", bb84.Origin])
def test_bits_have_an_origin(origin):
    with pytest.raises(TypeError, match="origin must be an Origin"):
        bb84.SiftedKeys(ZEROS, ZEROS, ZEROS, origin)
    with pytest.raises(TypeError, match="origin must be an Origin"):
        bb84.Transmission(*[ZEROS] * 5, origin=origin)


@pytest.mark.parametrize("dtype", [bool, np.int64, np.uint16])
def test_whole_numbers_of_any_width_are_bits(dtype):
    bits = np.array([0, 1, 1, 0], dtype=dtype)
    keys = bb84.SiftedKeys(bits, bits, bits)
    assert keys.alice.dtype == keys.bases.dtype == np.uint8
    assert keys.bits_by_basis == {"Z": 2, "X": 2}
    assert bb84.Transmission(*[bits] * 5).detected.dtype == bool
