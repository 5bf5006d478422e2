"""Alice: parities as the definition has them, and no answer about blocks that are not there."""

import numpy as np
import pytest

from qlearn.communication.postprocessing.channel import ChannelError
from qlearn.communication.postprocessing.reconciliation.cascade import Alice, passes

SEED = np.array([3], dtype=np.uint8)


def alice(key) -> Alice:
    return Alice(key, passes(SEED, key.shape[1], 16, (4, 8)))


def request(*numbers: int):
    return np.array(numbers, dtype=np.uint32).view(np.uint8)


def test_answers_with_the_parities_of_her_blocks():
    key = np.random.default_rng(1).integers(0, 2, (17, 2), dtype=np.uint8)
    key[-1] = 0
    party = alice(key)
    for number, blocks in enumerate(passes(SEED, 2, 16, (4, 8))):
        shuffled = key[blocks.bit].reshape(blocks.count, -1, 2)
        told = np.unpackbits(party.answer(request(number, *blocks.whole.ravel())), count=blocks.whole.size)
        np.testing.assert_array_equal(told, (shuffled.sum(axis=1) % 2).ravel())
        left, right = blocks.halves(blocks.whole[1])
        told = np.unpackbits(party.answer(request(number, *left, *right)), count=4)
        halves = shuffled[1].reshape(2, -1, 2).sum(axis=1) % 2
        np.testing.assert_array_equal(told, halves.ravel())


def test_may_be_asked_for_a_later_pass_first():
    key = np.zeros((17, 1), dtype=np.uint8)
    key[5] = 1
    assert np.unpackbits(alice(key).answer(request(1, 2, 3)), count=2).sum() == 1


@pytest.mark.parametrize("numbers", [(2, 4), (0, 32), (0, 4, 2**32 - 1), (2**32 - 1, 4)])
def test_refuses_blocks_that_are_not_there(numbers):
    with pytest.raises(ChannelError, match="a block that is not there"):
        alice(np.zeros((17, 1), dtype=np.uint8)).answer(request(*numbers))
