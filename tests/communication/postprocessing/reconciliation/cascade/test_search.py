"""The search in one pass: what it asks, what follows without asking, and contradictions."""

import numpy as np
import pytest

from qlearn.communication.postprocessing.channel import ChannelError
from qlearn.communication.postprocessing.reconciliation.cascade import Search, passes


class Line:
    """Answers for Alice's key, and remembers what was asked."""

    def __init__(self, blocks, key):
        self.parities = blocks.gather(key, np.bitwise_xor)
        self.asked = []

    def __call__(self, nodes):
        self.asked += nodes.tolist()
        return self.parities[nodes]


def searching(errors, *, length=32, size=16, certain=()):
    (blocks,) = passes(np.array([1], dtype=np.uint8), 1, length, (size,))
    alice = np.zeros((length + 1, 1), dtype=np.uint8)
    bob, is_open = alice.copy(), 1 - alice
    is_open[-1] = 0
    bob[blocks.bit[list(errors)]] = 1
    is_open[blocks.bit[list(certain)]] = 0
    line = Line(blocks, alice)
    return Search(blocks, bob, is_open, line), line


def places(search, found):
    bits, _, wrong = found
    where = search.blocks.place[bits]
    return sorted(where[wrong == 1].tolist()), sorted(where[wrong == 0].tolist())


def test_one_error_takes_one_question_for_each_halving():
    search, line = searching([5])
    search.begin(None)
    assert line.asked == [2, 3]
    # Place 5 of 16 is found by four questions, and its neighbour's value follows.
    assert places(search, search.search()) == ([5], [4])
    assert len(line.asked) == 2 + 4
    assert search.search() is None


def test_all_odd_blocks_are_halved_together():
    search, line = searching([5, 20])
    search.begin(None)
    assert places(search, search.search()) == ([5, 20], [4, 21])
    assert len(line.asked) == 2 + 2 * 4


def test_two_errors_in_one_block_hide_until_one_is_heard_of():
    search, line = searching([5, 11])
    search.begin(None)
    assert search.search() is None
    search.hear((search.blocks.bit[[5]], np.array([0]), np.array([1], dtype=np.uint8)))
    assert places(search, search.search())[0] == [11]
    assert len(line.asked) == 2 + 4


def test_halves_told_before_are_used_again():
    search, line = searching([5, 11, 14])
    search.begin(None)
    (first,), _ = places(search, search.search())
    asked = len(line.asked)
    assert asked == 2 + 4
    other = next(place for place in (11, 14) if place != first)
    search.hear((search.blocks.bit[[other]], np.array([0]), np.array([1], dtype=np.uint8)))
    assert len(places(search, search.search())[0]) == 1
    assert len(line.asked) - asked < 4
    assert len(set(line.asked)) == len(line.asked)


def test_what_is_certain_is_not_asked_for():
    # Seven of the eight places of a half are certain: no question decides between them.
    search, line = searching([3], size=16, certain=[0, 1, 2, 4, 5, 6, 7])
    search.begin(None)
    assert places(search, search.search()) == ([3], [])
    assert len(line.asked) == 2 + 1


def test_the_last_open_bit_of_a_block_is_corrected_without_a_question():
    search, line = searching([3], certain=[*range(3), *range(4, 16)])
    search.begin(None)
    asked = len(line.asked)
    assert places(search, search.search()) == ([3], [])
    assert len(line.asked) == asked


def test_a_known_frame_parity_saves_the_last_block():
    search, line = searching([5])
    frame_parity = search.begin(np.zeros(1, dtype=np.uint8))
    assert line.asked == [2]
    assert frame_parity == 0
    assert places(search, search.search())[0] == [5]
    search, line = searching([20])
    search.begin(np.zeros(1, dtype=np.uint8))
    assert places(search, search.search())[0] == [20]


def test_a_contradiction_is_an_alteration():
    search, _ = searching([5], certain=range(32))  # "certain", and yet wrong
    search.begin(np.zeros(1, dtype=np.uint8))
    with pytest.raises(ChannelError, match="contradict each other"):
        search.search()
