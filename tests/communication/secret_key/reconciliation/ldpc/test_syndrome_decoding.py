"""Alice: her parities are the code's, her answers her bits, and what is not there she refuses.

Bob: he finds the errors that have the parities, asks for what he cannot tell, and takes over what he is told.
"""

import numpy as np
import pytest

from qlearn.communication.secret_key.public_channel import ChannelError, NoKey
from qlearn.communication.secret_key.reconciliation.ldpc.codes import load
from qlearn.communication.secret_key.reconciliation.ldpc.syndrome_decoding import Alice, Bob

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
    assert alice.disclosed == 2, "and tells nothing"
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
    assert alice.disclosed == syndromes + 3


CODE_BOB = load(2280, 0.8)


def parties(qber, frames=2, coins=0, seed=1):
    """Alice's words and a Bob whose words differ in about `qber` of the bits, and in half of the coins."""
    rng = np.random.default_rng(seed)
    doubt = np.full((frames, CODE_BOB.variables), qber)
    doubt[:, CODE_BOB.untainted[:coins]] = 0.5
    doubt[:, -100:] = 0
    hers = rng.integers(0, 2, doubt.shape, dtype=np.uint8)
    his = hers ^ (rng.random(doubt.shape) < doubt).astype(np.uint8)
    return hers, his, Bob(CODE_BOB, his, doubt)


@pytest.mark.parametrize("coins", [0, 60])
def test_finds_the_errors_when_enough_is_told(coins):
    hers, his, bob = parties(0.015, coins=coins)
    before = his.copy()
    bob.receive(Alice(CODE_BOB, hers).syndromes())
    assert bob.decode(10).size == 0
    np.testing.assert_array_equal(bob.words, hers)
    np.testing.assert_array_equal(his, before)
    assert bob.decode(10).size == 0, "what is found is not looked for again"
    np.testing.assert_array_equal(bob.words, hers)


def test_asks_for_what_he_is_least_certain_of_and_goes_on_until_he_knows():
    hers, _, bob = parties(0.036, coins=100)
    alice = Alice(CODE_BOB, hers)
    bob.receive(alice.syndromes())
    asked = np.zeros(0, dtype=np.uint32)
    while (places := bob.decode(25)).size:
        assert len(np.unique(places)) == places.size <= 50
        assert np.intersect1d(places, asked).size == 0, "nothing is asked twice"
        assert (places % CODE_BOB.variables < CODE_BOB.variables - 100).all(), "nor what both know"
        asked = np.concatenate([asked, places])
        bob.learn(places, alice.answer(places.view(np.uint8)))
        np.testing.assert_array_equal(bob.words.ravel()[asked], hers.ravel()[asked])
    assert asked.size >= 25
    np.testing.assert_array_equal(bob.words, hers)


def test_coins_are_what_he_knows_least_about():
    # 300 of 456 parities are hidden, so nothing converges; a coin in a check without errors stays at even odds.
    hers, _, bob = parties(0.05, frames=1, coins=180)
    bob.receive(Alice(CODE_BOB, hers).syndromes())
    places = bob.decode(60)
    assert np.isin(places, CODE_BOB.untainted[:180]).mean() > 0.5


def test_a_told_bit_changes_the_parities_that_differ():
    hers, his, bob = parties(0.3, frames=1)
    bob.receive(Alice(CODE_BOB, hers).syndromes())
    everywhere = np.arange(CODE_BOB.variables - 100, dtype=np.uint32)
    bob.learn(everywhere, np.packbits(hers[0, :-100]))
    assert bob.decode(10).size == 0
    np.testing.assert_array_equal(bob.words, hers)
    assert (his != hers).any()


def test_counts_his_work_and_gives_up():
    hers, _, bob = parties(0.036, frames=1)
    forged = np.unpackbits(Alice(CODE_BOB, hers).syndromes())
    forged[:6] ^= 1
    bob.receive(np.packbits(forged))
    asked = 0
    while (places := bob.decode(20)).size:
        bob.learn(places, np.packbits(hers.ravel()[places]))
        asked += 1
        assert asked < 60
    assert bob.sweeps <= 50 + 500_000 // 2280
    assert (bob.words != hers).any()


def test_refuses_syndromes_that_make_no_sense():
    code = load(16 * 2280, 0.8)
    words = np.zeros((1, code.variables), dtype=np.uint8)
    bob = Bob(code, words, np.full(words.shape, 0.02))
    with pytest.raises(ChannelError, match="7296 parities were due, and 113 bytes came"):
        bob.receive(np.zeros(113, dtype=np.uint8))
    forged = np.random.default_rng(1).integers(0, 256, 7296 // 8, dtype=np.uint8)
    with pytest.raises(ChannelError, match="the syndromes make no sense"):
        bob.receive(forged)
    assert bob.sweeps == 0


def test_refuses_an_answer_of_another_length():
    hers, _, bob = parties(0.04)
    bob.receive(Alice(CODE_BOB, hers).syndromes())
    with pytest.raises(ChannelError, match=r"bits were asked for, and 1 bytes came"):
        bob.learn(bob.decode(25), np.zeros(1, dtype=np.uint8))
