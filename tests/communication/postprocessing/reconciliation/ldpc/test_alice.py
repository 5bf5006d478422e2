"""Alice: her parities are the code's, her answers her bits, and what is not there she refuses."""

import numpy as np
import pytest

from qlearn.communication.postprocessing.channel import ChannelError, NoKey
from qlearn.communication.postprocessing.reconciliation.ldpc import Alice, load

CODE = load(2280, 0.9)
WORDS = np.random.default_rng(1).integers(0, 2, (3, 2280), dtype=np.uint8)


def asked(*places):
    return np.array(places, dtype=np.uint32).view(np.uint8)


def test_tells_the_parities_of_all_frames():
    told = np.unpackbits(Alice(CODE, WORDS).syndromes(), count=3 * CODE.checks)
    np.testing.assert_array_equal(told.reshape(3, -1), CODE.syndrome(WORDS))


def test_tells_the_bits_that_are_asked_for_in_their_order():
    places = (2, 2280, 3 * 2280 - 1, 0, 5000)
    told = np.unpackbits(Alice(CODE, WORDS).answer(asked(*places)), count=5)
    assert told.tolist() == [WORDS[p // 2280, p % 2280] for p in places]


@pytest.mark.parametrize("place", [3 * 2280, 2**32 - 1])
def test_refuses_a_place_that_is_not_there(place):
    with pytest.raises(ChannelError, match="a bit that is not there: the request was altered"):
        Alice(CODE, WORDS).answer(asked(1, place))


@pytest.mark.parametrize(
    ("request_", "says"),
    [
        (np.zeros(0, dtype=np.uint8), "four bytes a place, and 0 bytes"),
        (np.zeros(7, dtype=np.uint8), "four bytes a place, and 7 bytes"),
        (asked(5, 9, 5), "what Bob knows already"),
        (asked(2279), "what Bob knows already"),
        (asked(4), "what Bob knows already"),
    ],
)
def test_refuses_what_bob_would_not_ask(request_, says):
    unknown = np.ones(WORDS.shape, dtype=bool)
    unknown[:, -10:] = False
    alice = Alice(CODE, WORDS, unknown=unknown)
    alice.answer(asked(3, 4))
    with pytest.raises(ChannelError, match=says):
        alice.answer(request_)
    assert alice.told == 2, "and tells nothing"
    assert unknown[0, 3], "nor is what was given touched"


def test_tells_no_more_than_she_may():
    syndromes = 3 * (CODE.checks - 20)
    with pytest.raises(
        NoKey, match=f"more was said than is secret: {syndromes} bits, where {syndromes - 1} may be"
    ):
        Alice(CODE, WORDS, 20, most=syndromes - 1).syndromes()
    alice = Alice(CODE, WORDS, 20, most=syndromes + 3)
    alice.syndromes()
    alice.answer(asked(1, 2))
    with pytest.raises(NoKey, match="more was said than is secret"):
        alice.answer(asked(3, 4))
    assert alice.answer(asked(3)).size == 1
    assert alice.told == syndromes + 3
