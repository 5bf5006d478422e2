"""Alice: parities as the definition has them, and no answer about blocks that are not there."""

import numpy as np
import pytest

from qlearn.communication.postprocessing.cascade import Alice, passes
from qlearn.communication.postprocessing.channel import ChannelError

SEED = np.array([3], dtype=np.uint8)


def alice(key) -> Alice:
    return Alice(key, passes(SEED, len(key), 16, (4, 8)))


def request(*numbers: int):
    return np.array(numbers, dtype=np.uint32).view(np.uint8)


def test_answers_with_the_parities_of_her_blocks():
    key = np.random.default_rng(1).integers(0, 2, (2, 17), dtype=np.uint8)
    key[:, -1] = 0
    party = alice(key)
    for number, blocks in enumerate(passes(SEED, 2, 16, (4, 8))):
        size = 16 // blocks.count
        shuffled = key[:, blocks.bit].reshape(2, blocks.count, size)
        told = party.answer(request(number, *blocks.whole.ravel()))
        np.testing.assert_array_equal(
            np.unpackbits(told, count=blocks.whole.size), (shuffled.sum(axis=2) % 2).ravel()
        )
        left = np.unpackbits(party.answer(request(number, *2 * blocks.whole[1])), count=blocks.count)
        np.testing.assert_array_equal(left, shuffled[1, :, : size // 2].sum(axis=1) % 2)


def test_may_be_asked_for_a_later_pass_first():
    key = np.zeros((1, 17), dtype=np.uint8)
    key[0, 5] = 1
    assert np.unpackbits(alice(key).answer(request(1, 2, 3)), count=2).sum() == 1


@pytest.mark.parametrize("numbers", [(2, 4), (0, 3), (0, 32), (0, 4, 2**32 - 1), (2**32 - 1, 4)])
def test_refuses_blocks_that_are_not_there(numbers):
    with pytest.raises(ChannelError, match="a block that is not there"):
        alice(np.zeros((1, 17), dtype=np.uint8)).answer(request(*numbers))
