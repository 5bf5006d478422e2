"""Errors of words: closed forms against all patterns of wrong bits, and who should share a pair."""

from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given, strategies as st

from qlearn.networks.secure_aggregation import FixedPoint
from qlearn.networks.superdense_link import (
    ClassicalChannel,
    SuperdenseChannel,
    best_repetitions,
    mean_word_error,
    word_error,
)

NUMBERS = FixedPoint(fraction_bits=2, word_bits=4)
UNLIKE = SuperdenseChannel([0.7, 0.05, 0.1, 0.15])
LAYOUTS = ("across", "halves", "neighbours")


def signed(bits):
    """The number of a word in two's complement, bit by bit."""
    return -bits[0] * 2 ** (len(bits) - 1) + sum(b << k for k, b in enumerate(reversed(bits[1:])))


def by_patterns(value, law, pairs):
    """Mean and mean square of the error over all patterns; `pairs` lists (z bit, x bit), None for another word's."""
    w = NUMBERS.word_bits
    bits = [int(value * 4) % 16 >> k & 1 for k in range(w - 1, -1, -1)]
    bias = square = total = 0.0
    for errors in product(range(4), repeat=len(pairs)):  # 2 z + x for each pair
        chance = np.prod([law[e] for e in errors])
        read = list(bits)
        for (z, x), e in zip(pairs, errors, strict=True):
            for place, wrong in ((z, e >> 1), (x, e & 1)):
                if place is not None:
                    read[place] ^= wrong
        off = (signed(read) - signed(bits)) / 4
        bias, square, total = bias + chance * off, square + chance * off**2, total + chance
    assert total == pytest.approx(1)
    return bias, square


# who shares a pair in a word of 4; of UNLIKE z fails in 0.2, x in 0.15: the upper half belongs on x
PAIRS = {"neighbours": [(0, 1), (2, 3)], "halves": [(2, 0), (3, 1)]}


@pytest.mark.parametrize("value", np.arange(-7, 8) / 4)
@pytest.mark.parametrize("layout", PAIRS)
def test_within_a_word_it_is_the_mean_over_all_patterns(layout, value):
    found = word_error(value, UNLIKE, NUMBERS, layout=layout)
    assert (found.bias, found.mse) == pytest.approx(by_patterns(value, UNLIKE.law, PAIRS[layout]))


@pytest.mark.parametrize("value", np.arange(-7, 8) / 4)
def test_across_a_word_stands_on_either_place(value):
    found = word_error(value, UNLIKE, NUMBERS)
    on = [by_patterns(value, UNLIKE.law, [((k, None), (None, k))[lane] for k in range(4)]) for lane in (0, 1)]
    assert (found.bias, found.mse) == pytest.approx(np.mean(on, axis=0))


@given(st.floats(0, 0.5), st.integers(-1000, 1000))
def test_equal_errors_shrink_and_spread_alike(e, steps):
    numbers = FixedPoint(fraction_bits=3, word_bits=12)
    found = word_error(steps / 8, ClassicalChannel(e), numbers)
    assert found.bias * 8 == pytest.approx(-e * (2 * steps + 1))
    assert found.mse * 64 == pytest.approx(e * (1 - e) * (4**12 - 1) / 3 + (e * (2 * steps + 1)) ** 2)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_mean_over_all_words_is_that_over_even_bits(layout):
    # the symmetric format has no word for -2, so the word 1000 is added by hand: the patterns do not need FixedPoint
    values = np.arange(-8, 8) / 4
    if layout == "across":
        each = [
            np.mean(
                [
                    by_patterns(v, UNLIKE.law, [((k, None), (None, k))[lane] for k in range(4)])[1]
                    for lane in (0, 1)
                ]
            )
            for v in values
        ]
    else:
        each = [by_patterns(v, UNLIKE.law, PAIRS[layout])[1] for v in values]
    assert mean_word_error(UNLIKE, NUMBERS, layout=layout) == pytest.approx(np.mean(each))


def test_with_white_noise_the_layout_matters_for_a_number_and_not_for_their_mean():
    pairs, numbers = SuperdenseChannel(0.9), FixedPoint(fraction_bits=7, word_bits=8)
    means = [mean_word_error(pairs, numbers, layout=layout) for layout in LAYOUTS]
    assert means == pytest.approx([means[0]] * 3)
    near_0 = {layout: word_error([0.0, 0.04, -0.04], pairs, numbers, layout=layout).mse for layout in LAYOUTS}
    assert (near_0["neighbours"] < 0.75 * near_0["across"]).all()
    # the sign and the bit below it, of a word of zeros, in one pair: 64 - 128 if both are wrong
    e, both = 2 / 30, 1 / 30
    apart = e * (1 - e) * (4**8 - 1) / 3
    together = 2 * (both - e**2) * (-128 * 64 + 32 * 16 + 8 * 4 + 2 * 1)
    found = near_0["neighbours"][0] * 128**2
    assert found == pytest.approx(apart + together + e**2)
    far = word_error(0.75, pairs, numbers, layout="neighbours").mse
    assert far > word_error(0.75, pairs, numbers).mse


@given(st.lists(st.floats(0.01, 1), min_size=4, max_size=4))
def test_no_other_division_of_a_word_is_better_than_halves(raw):
    channel, w = SuperdenseChannel((np.array(raw) / sum(raw)).tolist()), 6
    lanes = channel.law[2] + channel.law[3], channel.law[1] + channel.law[3]
    found = mean_word_error(channel, FixedPoint(fraction_bits=0, word_bits=w), layout="halves")
    every = [sum(4.0**b * lanes[b not in on_z] for b in range(w)) for on_z in combinations(range(w), w // 2)]
    assert found == pytest.approx(min(every))


@given(st.floats(0, 0.2), st.integers(1, 20))
def test_copies_cost_what_the_search_says(e, budget):
    best = best_repetitions(5, e, budget)
    numbers = FixedPoint(fraction_bits=0, word_bits=5)
    found = mean_word_error(ClassicalChannel(e), numbers, repetitions=best.copies)
    assert found == pytest.approx(best.mse)


def test_a_bit_without_copy_is_read_as_one_half():
    numbers = FixedPoint(fraction_bits=0, word_bits=4)
    found = word_error([4, 5, 6, 7], ClassicalChannel(0.0), numbers, repetitions=[1, 1, 0, 0])
    np.testing.assert_allclose(found.bias, [1.5, 0.5, -0.5, -1.5])
    np.testing.assert_allclose(found.mse, [2.25, 0.25, 0.25, 2.25])


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"values": [9.0]}, "Nothing was sent"),
        ({"layout": "aside"}, "layout must be one of across, halves, neighbours"),
        ({"numbers": FixedPoint(0, 5), "layout": "halves"}, "word_bits must be even, not 5"),
        ({"repetitions": [1, 1]}, "for each of the 4 bits"),
        ({"repetitions": [0, 0, 0, 0]}, "at least one bit"),
        ({"repetitions": [1, 1, 1, -1]}, "whole numbers of copies"),
        ({"repetitions": [1, 1, 1, 1], "layout": "halves"}, "fail together"),
    ],
)
def test_refuses(change, says):
    given_ = {"values": [0.5], "channel": UNLIKE, "numbers": NUMBERS} | change
    with pytest.raises(ValueError, match=says):
        word_error(**given_)
