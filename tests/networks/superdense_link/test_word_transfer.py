"""Words on their way: perfect ones whole, noisy ones by the closed form, and every qubit counted."""

import numpy as np
import pytest
from hypothesis import given, strategies as st

from qlearn.evidence import counts_agree
from qlearn.networks.secure_aggregation import FixedPoint
from qlearn.networks.superdense_link import (
    ClassicalChannel,
    DirectQubits,
    SuperdenseChannel,
    majority_error,
    send_words,
    word_error,
)

NUMBERS = FixedPoint(fraction_bits=6, word_bits=8)
UNLIKE = SuperdenseChannel([0.8, 0.04, 0.06, 0.1])


@given(
    st.lists(st.floats(-1.9, 1.9), min_size=1, max_size=9),
    st.sampled_from(["across", "halves", "neighbours"]),
)
def test_perfect_pairs_bring_the_rounded_number(values, layout):
    sent = send_words(values, SuperdenseChannel(), NUMBERS, layout=layout, rng=1)
    np.testing.assert_array_equal(sent.values, np.rint(np.array(values) * 64) / 64)
    assert (sent.bit_errors, sent.word_errors, sent.cost.bits) == (0, 0, 8 * len(values))
    assert sent.cost.qubits == (
        8 * (len(values) + 1) // 2 // 8 * 8 if layout == "across" else 4 * len(values)
    )


@pytest.mark.parametrize("layout", ["across", "halves", "neighbours"])
@pytest.mark.parametrize("value", [0.5, -1.296875, 0.0])
def test_noisy_pairs_do_what_the_closed_form_says(layout, value):
    n = 20_000
    sent = send_words(np.full(n, value), UNLIKE, NUMBERS, layout=layout, rng=2)
    off = sent.values - value
    theory = word_error(value, UNLIKE, NUMBERS, layout=layout)
    # independent words but for the partner of each; 6.5 standard errors of the mean: below 1e-9, all 18 below 1e-7
    for seen, due in ((off, theory.bias), (off**2, theory.mse)):
        by_two = seen.reshape(-1, 2).mean(axis=1)  # two words share pairs with "across"
        assert abs(seen.mean() - due) < 6.5 * by_two.std() / np.sqrt(n / 2)
    assert sent.word_errors == np.count_nonzero(off)


@pytest.mark.parametrize("words", [1, 3])
@pytest.mark.parametrize(
    "channel", [SuperdenseChannel([0.95, 0, 0, 0.05]), UNLIKE], ids=["dephased", "unlike"]
)
def test_a_word_that_is_alone_stands_on_either_place(words, channel):
    # always on z its error over the dephased pairs would be 0.256 by root mean square, and the closed form says 0.179
    n, value = 20_000, 0.25
    off = send_words(np.full((n, words), value), channel, NUMBERS, rng=5).values - value
    theory = word_error(value, channel, NUMBERS)
    # independent messages; 6.5 standard errors: all 8 together below 1e-9
    for seen, due in ((off.mean(axis=1), theory.bias), ((off**2).mean(axis=1), theory.mse)):
        assert abs(seen.mean() - due) < 6.5 * seen.std() / np.sqrt(n)


def test_copies_vote():
    n, copies = 4000, np.array([5, 3, 3, 1, 1, 2, 0, 0])
    values = np.full(n, 0.75)  # 48 steps, 00110000; the last two bits are read as one half each: 1.5 steps
    sent = send_words(values, DirectQubits(line_noise=0.2), NUMBERS, repetitions=copies, rng=3)
    assert sent.cost.bits == sent.cost.qubits == 15 * n
    steps = np.rint((sent.values * 64 - 1.5) % 256).astype(int)
    wrong = (steps ^ 48)[:, None] >> np.arange(7, 1, -1) & 1
    assert counts_agree(
        (wrong.mean(axis=0), majority_error(0.1, copies[:6]), n),
        (sent.bit_errors / (15 * n), 0.1, 15 * n),
        failure=1e-7,
    )


def test_messages_share_no_pair():
    # all pairs are wrong in both bits; three words of one message leave a place idle in each, five messages of one do
    both = SuperdenseChannel([0, 1, 0, 0])
    for shape, pairs in (((3,), 16), ((5, 1), 40), ((2, 2), 16)):
        sent = send_words(np.zeros(shape), both, NUMBERS, rng=1)
        assert sent.cost.pairs == pairs
        assert sent.bit_errors == sent.cost.bits == 8 * sent.values.size
        np.testing.assert_allclose(sent.values, -1 / 64)  # all ones


def test_rounding_by_chance_is_right_in_the_mean():
    n, x = 40_000, 0.3  # 19.2 steps
    sent = send_words(np.full(n, x), ClassicalChannel(), NUMBERS, dither=True, rng=4)
    up = (sent.values * 64 == 20).mean()
    assert set(np.unique(sent.values * 64)) == {19.0, 20.0}
    assert counts_agree((up, 0.2, n), failure=1e-7)


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ([], "at least one number"),
        (0.5, "at least one number"),
        ([2.0], "Nothing was sent"),
        ([np.nan], "must be finite"),
    ],
)
def test_refuses(values, says):
    with pytest.raises(ValueError, match=says):
        send_words(values, SuperdenseChannel(), NUMBERS)
