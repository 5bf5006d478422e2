"""Bob: he finds the errors that have the parities, asks for what he cannot tell, and takes over what he is told."""

import numpy as np
import pytest

from qlearn.communication.postprocessing.channel import ChannelError
from qlearn.communication.postprocessing.reconciliation.ldpc import Alice, Bob, load

CODE = load(2280, 0.8)


def parties(qber, frames=2, coins=0, seed=1):
    """Alice's words and a Bob whose words differ in about `qber` of the bits, and in half of the coins."""
    rng = np.random.default_rng(seed)
    doubt = np.full((frames, CODE.variables), qber)
    doubt[:, CODE.untainted[:coins]] = 0.5
    doubt[:, -100:] = 0
    hers = rng.integers(0, 2, doubt.shape, dtype=np.uint8)
    his = hers ^ (rng.random(doubt.shape) < doubt).astype(np.uint8)
    return hers, his, Bob(CODE, his, doubt)


@pytest.mark.parametrize("coins", [0, 60])
def test_finds_the_errors_when_enough_is_told(coins):
    hers, his, bob = parties(0.015, coins=coins)
    before = his.copy()
    bob.hear(Alice(CODE, hers).syndromes())
    assert bob.decode(10).size == 0
    np.testing.assert_array_equal(bob.words, hers)
    np.testing.assert_array_equal(his, before)
    assert bob.decode(10).size == 0, "what is found is not looked for again"
    np.testing.assert_array_equal(bob.words, hers)


def test_asks_for_what_he_is_least_certain_of_and_goes_on_until_he_knows():
    hers, _, bob = parties(0.036, coins=100)
    alice = Alice(CODE, hers)
    bob.hear(alice.syndromes())
    asked = np.zeros(0, dtype=np.uint32)
    while (places := bob.decode(25)).size:
        assert len(np.unique(places)) == places.size <= 50
        assert np.intersect1d(places, asked).size == 0, "nothing is asked twice"
        assert (places % CODE.variables < CODE.variables - 100).all(), "nor what both know"
        asked = np.concatenate([asked, places])
        bob.learn(places, alice.answer(places.view(np.uint8)))
        np.testing.assert_array_equal(bob.words.ravel()[asked], hers.ravel()[asked])
    assert asked.size >= 25
    np.testing.assert_array_equal(bob.words, hers)


def test_coins_are_what_he_knows_least_about():
    # 300 of 456 parities are hidden, so nothing converges; a coin in a check without errors stays at even odds.
    hers, _, bob = parties(0.05, frames=1, coins=180)
    bob.hear(Alice(CODE, hers).syndromes())
    places = bob.decode(60)
    assert np.isin(places, CODE.untainted[:180]).mean() > 0.5


def test_a_told_bit_changes_the_parities_that_differ():
    hers, his, bob = parties(0.3, frames=1)
    bob.hear(Alice(CODE, hers).syndromes())
    everywhere = np.arange(CODE.variables - 100, dtype=np.uint32)
    bob.learn(everywhere, np.packbits(hers[0, :-100]))
    assert bob.decode(10).size == 0
    np.testing.assert_array_equal(bob.words, hers)
    assert (his != hers).any()


def test_counts_his_work_and_gives_up():
    hers, _, bob = parties(0.036, frames=1)
    forged = np.unpackbits(Alice(CODE, hers).syndromes())
    forged[:6] ^= 1
    bob.hear(np.packbits(forged))
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
        bob.hear(np.zeros(113, dtype=np.uint8))
    forged = np.random.default_rng(1).integers(0, 256, 7296 // 8, dtype=np.uint8)
    with pytest.raises(ChannelError, match="the syndromes make no sense"):
        bob.hear(forged)
    assert bob.sweeps == 0


def test_refuses_an_answer_of_another_length():
    hers, _, bob = parties(0.04)
    bob.hear(Alice(CODE, hers).syndromes())
    with pytest.raises(ChannelError, match=r"bits were asked for, and 1 bytes came"):
        bob.learn(bob.decode(25), np.zeros(1, dtype=np.uint8))
