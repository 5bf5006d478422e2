"""The search: what it asks, what follows without asking, and contradictions; the same on both engines.

Bob: errors that hide from one pass are found by another, which reveals those that hid behind them.
"""

import numpy as np
import pytest

from qlearn.communication.secret_key.public_channel import ChannelError
from qlearn.communication.secret_key.reconciliation.cascade._compiled import CompiledSearch
from qlearn.communication.secret_key.reconciliation.cascade.binary_search import Bob, Search
from qlearn.communication.secret_key.reconciliation.cascade.blocks import Alice, Blocks

LENGTH, SEED = 32, np.array([1], dtype=np.uint8)
ALL = np.array([True])


@pytest.fixture(params=[Search, CompiledSearch])
def kind(request):
    if request.param is CompiledSearch:
        pytest.importorskip("numba", reason="numba is an optional extra")
    return request.param


class Searching:
    """A search in a frame of 32 bits, and a line that answers for Alice and remembers what was asked.

    All of Alice's bits are 0, and so are all of her parities. Errors and what is certain are named by their places in
    one of the passes; no more than that pass and those before it are begun.
    """

    def __init__(self, kind, errors, *, certain=(), size=16, within=0):
        passes = within + 1
        self.plan, hidden = (Blocks(SEED, 1, LENGTH, passes * (size,)) for _ in range(2))
        for _ in range(passes):
            self.plan.shuffle()
        self.bits = self.bits_of(within)
        bob, is_open = np.zeros((LENGTH + 1, 1), dtype=np.uint8), np.ones((LENGTH + 1, 1), dtype=np.uint8)
        bob[self.bits[list(errors)]] = 1
        is_open[self.bits[list(certain)]] = is_open[-1] = 0
        self.search, self.asked = kind(hidden, bob, is_open), []

    def bits_of(self, number):
        """The bits in the order of their places in a pass."""
        first = int(self.plan.first[number])
        return self.plan.bit[first + LENGTH :][:LENGTH]

    def row(self, number, block):
        """The row of a block that is the so-manieth of its pass, as Bob's numbers go."""
        return int(self.plan.first[number]) + block

    def _told(self, talk):
        try:
            numbers = next(talk)
            while True:
                self.asked += numbers.tolist()
                numbers = talk.send(np.zeros(numbers.size, dtype=np.uint8))
        except StopIteration as end:
            return end.value

    def begin(self):
        """Begin the next pass; return what was asked, counted from the first row of the pass."""
        number, before = int(self.search.begun[0]), len(self.asked)
        self._told(self.search.begin(np.array([0])))
        return [row - int(self.plan.first[number]) for row in self.asked[before:]]

    def differing(self):
        """Return the loose blocks that differ."""
        numbers = self.search.loose(ALL)
        return numbers[self.search._words[numbers] & self.search._odd > 0]

    def halve(self, numbers):
        """Halve down to single places, and correct; return the bits that were wrong, and those that were not."""
        nodes, found = self.search.nodes(numbers), ([], [])
        while nodes.size:
            single = nodes[2] == 1
            self.search.correct(nodes[:, single])
            for number, word in nodes[:, single][[0, 4]].T.tolist():
                found[word == 1].append(int(self.plan.bit[number]))
            nodes = self._told(self.search.halve(nodes[:, ~single]))
        return found

    def go_on(self, number=0):
        """Halve all that is loose; return what was wrong and what was not by its place in a pass."""
        place = np.argsort(self.bits_of(number))
        found = self.halve(self.search.loose(ALL))
        return tuple(sorted(place[bits].tolist()) for bits in found)


def test_one_error_takes_one_question_for_each_halving(kind):
    search = Searching(kind, [5])
    assert search.begin() == [2, 3]
    # Place 5 of 16 is found by four questions, and its neighbour's value follows.
    assert search.go_on() == ([5], [4])
    assert len(search.asked) == 2 + 4
    assert search.go_on() == ([], [])
    assert search.search.corrected == 1
    assert not search.search.key.any()


def test_all_odd_blocks_are_halved_together(kind):
    search = Searching(kind, [5, 20])
    search.begin()
    assert search.go_on() == ([5, 20], [4, 21])
    assert len(search.asked) == 2 + 2 * 4


def test_what_is_certain_is_not_asked_for(kind):
    # Seven of the eight places of a half are certain: no question decides between them.
    search = Searching(kind, [3], certain=[0, 1, 2, 4, 5, 6, 7])
    search.begin()
    assert search.go_on() == ([3], [])
    assert len(search.asked) == 2 + 1


def test_the_last_open_bit_of_a_block_is_corrected_without_a_question(kind):
    search = Searching(kind, [3], certain=[*range(3), *range(4, 16)])
    asked = search.begin()
    assert search.go_on() == ([3], [])
    assert len(search.asked) == len(asked)


def apart(first, *, among):
    """Two of these places of the first pass that the second pass puts into different blocks of 16."""
    plan = Searching(Search, [], within=1)
    second = np.argsort(plan.bits_of(1))[plan.bits_of(0)] // 16
    one = next(place for place in among if place != first)
    return one, next(place for place in among if second[place] != second[one] and place != first)


def second_pass(kind, errors):
    """A search of two passes, with errors named by their places in the first."""
    plan = Searching(Search, [], within=1)
    return Searching(kind, np.argsort(plan.bits_of(1))[plan.bits_of(0)[list(errors)]].tolist(), within=1)


def test_two_errors_in_one_block_hide_until_one_is_heard_of(kind):
    one, other = apart(None, among=range(16))
    search = second_pass(kind, [one, other])
    assert search.begin() == [2, 3]
    assert search.search.loose(ALL).size == 0
    # The second pass holds them apart, and finds whichever is in its first block.
    search.begin()
    both = search.search.loose(ALL)
    assert both.tolist() == [search.row(1, 2), search.row(1, 3)]
    (heard,), _ = search.halve(both[:1])
    # Now the block of the first pass differs, and betrays the other one.
    hidden = search.search.loose(ALL)
    assert hidden.tolist() == [search.row(0, 2)]
    wrong, _ = search.halve(hidden)
    assert sorted([heard, *wrong]) == sorted(search.bits_of(0)[[one, other]].tolist())
    assert search.search.corrected == 2
    assert not search.search.key.any()
    assert search.differing().size == 0


def test_halves_told_before_are_used_again(kind):
    # The first pass finds place 5 in the first half of its block; of the second half it is told that it is even.
    one, other = apart(None, among=range(8, 16))
    search = second_pass(kind, [5, one, other])
    search.begin()
    assert search.go_on()[0] == [5]
    assert len(search.asked) == 2 + 4
    search.begin()
    search.halve(search.search.loose(ALL)[:1])
    # One of the two is heard of: not the whole block differs now, but that half of it. (And where one open bit is left
    # of a block that does not, it is certain: that is loose too.)
    half = search.differing()
    assert half.tolist() == [search.row(0, 5)]
    before = len(search.asked)
    assert len(search.halve(half)[0]) == 1
    assert 0 < len(search.asked) - before <= 3
    assert len(set(search.asked)) == len(search.asked)
    assert not search.search.key.any()


@pytest.mark.parametrize(
    ("certain", "asked", "errors"),
    [
        ((), [4, 5, 6], (3, 30)),
        ((), [4, 5, 6], (3, 20)),
        (range(24, 32), [4, 5], (3, 17)),
        (range(24, 32), [4, 5], (3, 9)),
        (range(16, 32), [4], (3, 12)),
        (range(8, 32), [], (3, 6)),
    ],
)
def test_from_the_second_pass_on_the_last_open_block_follows(kind, certain, asked, errors):
    search = Searching(kind, errors, certain=certain, size=8, within=1)
    search.begin()
    search.search.loose(ALL)  # what differs in the first pass is left as it is
    assert search.begin() == asked
    # Of four blocks of eight: where both errors are in one, nothing differs; else each in its own.
    blocks = [search.row(1, 4 + place // 8) for place in errors]
    odd = [block for block in blocks if blocks.count(block) == 1]
    assert search.differing().tolist() == odd


def test_a_contradiction_is_an_alteration(kind):
    search = Searching(kind, [5], certain=[*range(5), *range(6, 16)])
    search.begin()
    search.search._bits[search.bits[5], 0] -= 1  # "certain", and yet wrong
    search.search._words[search.row(0, 2)] -= 1
    with pytest.raises(ChannelError, match="contradict each other"):
        search.go_on()


LENGTH_PASSES, SIZES, SEED_PASSES = 1024, (32, 256), np.array([7], dtype=np.uint8)


def correct(errors, kind, sizes=SIZES):
    alice = np.random.default_rng(1).integers(0, 2, (LENGTH_PASSES + 1, 1), dtype=np.uint8)
    alice[-1] = 0
    bob, is_open = alice.copy(), np.ones_like(alice)
    bob[errors] ^= 1
    is_open[-1] = 0
    hers = Alice(alice, Blocks(SEED_PASSES, 1, LENGTH_PASSES, sizes))
    plan = Blocks(SEED_PASSES, 1, LENGTH_PASSES, sizes)
    his = Bob(bob, is_open, plan, search=kind)
    questions = []
    talk = his.correct()
    numbers = next(talk, None)
    while numbers is not None:
        questions.append((int(plan.pass_of(numbers)[0]), numbers.size))
        told = np.unpackbits(hers.answer(numbers.astype("<u4").view(np.uint8)), count=numbers.size)
        try:
            numbers = talk.send(told)
        except StopIteration:
            numbers = None
    return int((his.key != alice).sum()), questions


def blocks_of(bits):
    """The block of each bit in the first and in the second pass."""
    plan = Blocks(SEED_PASSES, 1, LENGTH_PASSES, SIZES)
    for number in range(len(SIZES)):
        plan.shuffle()
        yield plan.place[number, bits] - plan.first[number] >> plan.depth[number]


def test_nothing_to_find_costs_the_whole_blocks_only(kind):
    # 32 blocks, then 4 of which the last follows from the parity of the frame.
    assert correct([], kind) == (0, [(0, 32), (1, 3)])


def test_one_error_costs_five_questions_more(kind):
    left, questions = correct([77], kind)
    assert left == 0
    assert questions == [(0, 32)] + 5 * [(0, 1)] + [(1, 3)]


def test_two_errors_in_one_block_are_found_by_the_second_pass(kind):
    first, second = blocks_of(np.arange(LENGTH_PASSES))
    a = 77
    b = next(i for i in range(LENGTH_PASSES) if i != a and first[i] == first[a] and second[i] != second[a])
    assert correct([a, b], kind, SIZES[:1]) == (2, [(0, 32)])
    left, questions = correct([a, b], kind)
    assert left == 0
    assert questions == [(0, 32), (1, 3)] + 8 * [(1, 2)]


def test_the_cascade(kind):
    # b and c hide from both passes: b behind a, c behind d in the first, and behind each other in the second.
    first, second = blocks_of(np.arange(LENGTH_PASSES))
    every = np.arange(LENGTH_PASSES)
    a, b, c, d = next(
        (a, b, c, d)
        for a in every[:50]
        for b in every[(first == first[a]) & (second != second[a])]
        for c in every[(second == second[b]) & (first != first[a])]
        for d in every[(first == first[c]) & (second != second[b]) & (second != second[a])]
    )
    left, questions = correct([a, b, c, d], kind)
    assert left == 0
    # The second pass finds a and d; only then is the first pass, four or five questions each, asked again.
    assert questions[:2] == [(0, 32), (1, 3)]
    assert questions[2:10] == 8 * [(1, 2)]
    assert {number for number, _ in questions[10:]} == {0}
    assert 8 <= sum(size for _, size in questions[10:]) <= 10
