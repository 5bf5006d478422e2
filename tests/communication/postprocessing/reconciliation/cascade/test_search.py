"""The search in one pass: what it asks, what follows without asking, and contradictions."""

import numpy as np
import pytest

from qlearn.communication.postprocessing.channel import ChannelError
from qlearn.communication.postprocessing.reconciliation.cascade import Blocks, Search


class Searching:
    """A search in the last of some passes, and a line that answers for Alice and remembers what was asked.

    All of Alice's bits are 0, and so are all of her parities.
    """

    def __init__(self, errors, *, certain=(), passes=1):
        length, plans = 32, [Blocks(np.array([1], dtype=np.uint8), 1, 32, passes * (16,)) for _ in range(2)]
        while plans[0].made < passes:
            plans[0].shuffle()
        self.first = int(plans[0].first[passes - 1])
        self.bits = plans[0].bit[self.first + length :][:length]  # a place a bit
        bob, is_open = np.zeros((length + 1, 1), dtype=np.uint8), np.ones((length + 1, 1), dtype=np.uint8)
        bob[self.bits[list(errors)]] = 1
        is_open[self.bits[list(certain)]] = is_open[-1] = 0
        self.search, self.asked = Search(plans[1], bob, is_open), []
        for _ in range(passes):
            self.asked = []
            self._told(self.search.begin(np.array([0])))

    def _told(self, talk):
        try:
            numbers = next(talk)
            while True:
                self.asked += (numbers - self.first).tolist()
                numbers = talk.send(np.zeros(numbers.size, dtype=np.uint8))
        except StopIteration as end:
            return end.value

    def go_on(self):
        """Halve what is loose down to single places; return those that were wrong, and those that were not."""
        nodes, found = self.search.nodes(self.search.loose(np.array([True]))), ([], [])
        while nodes.size:
            single = nodes[2] == 1
            self.search.correct(nodes[:, single])
            for number, word in nodes[:, single][[0, 4]].T.tolist():
                found[word == 1].append(number - self.first - 32)
            nodes = self._told(self.search.halve(nodes[:, ~single]))
        return sorted(found[0]), sorted(found[1])


def test_one_error_takes_one_question_for_each_halving():
    search = Searching([5])
    assert search.asked == [2, 3]
    # Place 5 of 16 is found by four questions, and its neighbour's value follows.
    assert search.go_on() == ([5], [4])
    assert len(search.asked) == 2 + 4
    assert search.go_on() == ([], [])
    assert search.search.corrected == 1
    assert not search.search.key.any()


def test_all_odd_blocks_are_halved_together():
    search = Searching([5, 20])
    assert search.go_on() == ([5, 20], [4, 21])
    assert len(search.asked) == 2 + 2 * 4


def test_what_is_certain_is_not_asked_for():
    # Seven of the eight places of a half are certain: no question decides between them.
    search = Searching([3], certain=[0, 1, 2, 4, 5, 6, 7])
    assert search.go_on() == ([3], [])
    assert len(search.asked) == 2 + 1


def test_the_last_open_bit_of_a_block_is_corrected_without_a_question():
    search = Searching([3], certain=[*range(3), *range(4, 16)])
    asked = len(search.asked)
    assert search.go_on() == ([3], [])
    assert len(search.asked) == asked


def test_from_the_second_pass_on_the_last_block_is_not_asked_for():
    search = Searching([], passes=2)
    assert search.asked == [2]


def test_a_contradiction_is_an_alteration():
    search = Searching([5], certain=[*range(5), *range(6, 16)])
    search.search._bits[search.bits[5], 0] -= 1  # "certain", and yet wrong
    search.search._words[search.first + 2] -= 1
    with pytest.raises(ChannelError, match="contradict each other"):
        search.go_on()
