"""Block sizes: the published ones, and the limits.

Blocks: every bit in one place of every pass, and parities of blocks as the definition has them.

Alice: parities as the definition has them, each told once, no answer to what Bob cannot have asked; on both engines.

The search: what it asks, what follows without asking, and contradictions; the same on both engines.

Bob, who leads it: errors that hide from one pass are found by another, which reveals those that hid behind them.
"""

from importlib.util import find_spec
from itertools import chain

import numpy as np
import pytest
from hypothesis import given, strategies as st

from qlearn.communication.secret_key.public_channel import ChannelError, NoKey
from qlearn.communication.secret_key.reconciliation.cascade import VARIANTS
from qlearn.communication.secret_key.reconciliation.cascade._compiled import CompiledAlice, CompiledSearch
from qlearn.communication.secret_key.reconciliation.cascade.binary_search import (
    Alice,
    Blocks,
    Search,
    block_sizes,
)
from qlearn.communication.secret_key.reconciliation.cascade.protocol import Bob

# Martinez-Mateo et al., arXiv:1407.3257, table 3: error rate, k1, k2, as measured at n = 2^14 with k3 = 4096.
PUBLISHED = [
    (0.005, 256, 1024),
    (0.010, 128, 512),
    (0.020, 64, 512),
    (0.030, 32, 512),
    (0.040, 32, 256),
    (0.050, 16, 256),
    (0.060, 16, 256),
    (0.070, 16, 256),
    (0.080, 8, 256),
    (0.090, 8, 256),
    (0.100, 8, 256),
    (0.110, 8, 256),
]


def formula(qber):
    """The closed form that the article gives for its table."""
    alpha = np.log2(1 / qber) - 0.5
    return int(2 ** np.ceil(alpha)), int(2 ** np.ceil((alpha + 12) / 2))


@pytest.mark.parametrize(("qber", "first", "second"), PUBLISHED)
def test_near_optimal_as_published(qber, first, second):
    assert block_sizes(2**14, qber) == (first, second, 4096) + 11 * (8192,)


def test_the_formula_doubles_one_size_at_three_rates_of_the_table():
    misfits = {qber: formula(qber) for qber, *sizes in PUBLISHED if formula(qber) != tuple(sizes)}
    assert misfits == {0.01: (128, 1024), 0.04: (32, 512), 0.08: (16, 256)}


@given(st.one_of(st.floats(0.001, 0.00499), st.floats(0.1101, 0.49)))
def test_the_formula_outside_of_the_table(qber):
    assert block_sizes(2**14, qber)[:2] == formula(qber)


def test_original_doubles():
    assert block_sizes(10_000, 0.01, "original") == (73, 146, 292, 584)
    assert block_sizes(10_000, 0.05, "original") == (15, 30, 60, 120)


@given(st.integers(1, 10**6), st.floats(0, 0.499), st.sampled_from(VARIANTS))
def test_no_block_exceeds_half_the_frame(n, qber, variant):
    sizes = block_sizes(n, qber, variant)
    assert len(sizes) == {"near-optimal": 14, "original": 4}[variant]
    assert min(sizes) >= 1
    assert max(sizes) <= (n + 1) // 2


@given(st.sampled_from(VARIANTS))
def test_without_errors_every_block_is_half_the_frame(variant):
    assert set(block_sizes(1000, 0.0, variant)) == {500}


@pytest.mark.parametrize(
    ("arguments", "error", "says"),
    [
        ((0, 0.1), ValueError, "n must be at least 1"),
        ((1.5, 0.1), TypeError, "n must be a whole number"),
        ((10, 0.5), ValueError, "nothing in common"),
        ((10, -0.1), ValueError, "qber must be a probability"),
        ((10, "0.1"), TypeError, "qber must be a number"),
        ((10, 0.1, "optimal"), ValueError, "variant must be"),
    ],
)
def test_refuses(arguments, error, says):
    with pytest.raises(error, match=says):
        block_sizes(*arguments)


def members(blocks: Blocks, row: int) -> list[int]:
    """The definition: the bits of a block, by halving it down to its places."""
    if blocks.levels(np.array([row]))[0]:
        left = 2 * row - int(blocks.first[blocks.pass_of(np.array([row]))[0]])
        return members(blocks, left) + members(blocks, left + 1)
    return [int(blocks.bit[row])] if blocks.bit[row] < blocks.length else []


lengths = st.integers(1, 40)
many_sizes = st.lists(st.integers(1, 45), min_size=1, max_size=3).map(tuple)
seeds = st.integers(0, 99)


def shuffled(length, sizes, seed, frames=1) -> Blocks:
    blocks = Blocks(np.array([seed], dtype=np.uint8), frames, length, sizes)
    assert [blocks.shuffle() for _ in sizes] == list(range(len(sizes)))
    return blocks


@given(lengths, many_sizes, seeds)
def test_whole_blocks_partition_every_frame_and_hold_at_most_the_size(length, sizes, seed):
    blocks = shuffled(length, sizes, seed)
    for number, size in enumerate(sizes):
        held = [members(blocks, row) for row in blocks.whole(number).tolist()]
        assert sorted(chain(*held)) == list(range(length))
        assert max(map(len, held)) <= size + 1  # the bits are spread evenly: rounding may add one
        assert max(map(len, held)) - min(map(len, held)) <= 1
        assert len(held) == -(-length // size)


@given(lengths, many_sizes, seeds)
def test_places_and_bits_are_inverse(length, sizes, seed):
    blocks = shuffled(length, sizes, seed)
    for number, place in enumerate(blocks.place):
        np.testing.assert_array_equal(blocks.bit[place], np.arange(length))
        assert (blocks.pass_of(place) == number).all()
        assert (blocks.levels(place) == 0).all()


@given(lengths, many_sizes, seeds)
def test_blocks_are_the_rows_that_halving_reaches(length, sizes, seed):
    blocks = shuffled(length, sizes, seed)
    reached = set()
    for number in range(len(sizes)):
        rows = blocks.whole(number)
        while rows.size:
            reached |= set(rows.tolist())
            left = 2 * rows[blocks.levels(rows) > 0] - blocks.first[number]
            rows = np.concatenate([left, left + 1])
    every = np.arange(int(blocks.first[-1]) + 9)
    assert set(every[blocks.exist(every)].tolist()) == reached


@given(lengths, many_sizes, seeds, st.integers(1, 3), st.randoms())
def test_gathered_parities_equal_the_definition(length, sizes, seed, frames, random):
    blocks = shuffled(length, sizes, seed, frames)
    rows = [[random.randint(0, 1) for _ in range(frames)] for _ in range(length)] + [[0] * frames]
    key = np.array(rows, dtype=np.uint8)
    tree = np.zeros((blocks.first[-1], frames), dtype=np.uint8)
    for number in range(len(sizes)):
        blocks.gather(number, key, np.bitwise_xor, tree)
    for row in np.flatnonzero(blocks.exist(np.arange(len(tree)))).tolist():
        np.testing.assert_array_equal(tree[row], key[members(blocks, row)].sum(axis=0) % 2)


def test_everybody_who_knows_the_seed_has_the_same_passes_and_each_pass_is_shuffled_anew():
    ours, theirs, other = (shuffled(500, (8, 64, 250, 250), seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(ours.place, theirs.place)
    assert (ours.place[0] != other.place[0]).any()
    places = ours.place - ours.first[:-1, None]
    # The first pass too: errors that came side by side are not in one block.
    assert (np.diff(places, axis=1) != 1).any(axis=1).all()
    assert len({places[number].tobytes() for number in (2, 3)}) == 2  # these two have blocks of one size


without_numba = pytest.mark.skipif(find_spec("numba") is None, reason="numba is an optional extra")
on_both_engines = pytest.mark.parametrize("kind", [Alice, pytest.param(CompiledAlice, marks=without_numba)])

HER_SEED = np.array([3], dtype=np.uint8)
HER_SIZES = (4, 8)


def blocks(frames=1) -> Blocks:
    return Blocks(HER_SEED, frames, 16, HER_SIZES)


def alice(kind, key, most=None) -> Alice:
    return kind(key, blocks(key.shape[1]), most)


def request(*numbers: int):
    return np.array(numbers, dtype="<u4").view(np.uint8)


ZEROS = np.zeros((17, 1), dtype=np.uint8)
WHOLE = [4, 5, 6, 7, 34, 35]  # of two passes with 32 rows each


@pytest.mark.parametrize("frames", [1, 2, 64, 71])
@on_both_engines
def test_answers_with_the_parities_of_her_blocks(kind, frames):
    key = np.random.default_rng(1).integers(0, 2, (17, frames), dtype=np.uint8)
    key[-1] = 0
    party, plan = alice(kind, key), blocks(frames)
    for number in range(len(HER_SIZES)):
        plan.shuffle()
        whole = plan.whole(number)
        shuffled = key[plan.bit[plan.first[number] + 16 : plan.first[number + 1]]]
        for size, rows in ((16 // whole.size, whole), (8 // whole.size, 2 * whole - plan.first[number])):
            start = (rows - plan.first[number]) * size - 16
            asked = rows[:, None] * frames + np.arange(frames)
            told = np.unpackbits(party.answer(request(*asked.ravel())), count=asked.size).reshape(asked.shape)
            expected = [shuffled[i : i + size].sum(axis=0) % 2 for i in start]
            np.testing.assert_array_equal(told, expected)


@on_both_engines
def test_may_be_asked_for_a_later_pass_first(kind):
    key = ZEROS.copy()
    key[5] = 1
    assert np.unpackbits(alice(kind, key).answer(request(34, 35)), count=2).sum() == 1


@on_both_engines
def test_counts_what_she_told(kind):
    party = alice(kind, ZEROS)
    party.answer(request(4, 5, 34))
    party.answer(request(7))
    assert party.disclosed == 4


@pytest.mark.parametrize(
    "numbers", [(0,), (3,), (32,), (33,), (64,), (4, 2**32 - 1), (2**31, 5)], ids=lambda numbers: str(numbers)
)
@on_both_engines
def test_refuses_blocks_that_are_not_there(kind, numbers):
    party = alice(kind, ZEROS)
    with pytest.raises(ChannelError, match="a block that is not there"):
        party.answer(request(*numbers))
    assert party.disclosed == 0


@pytest.mark.parametrize("size", [0, 1, 2, 3, 5, 7])
@on_both_engines
def test_refuses_requests_that_are_no_numbers(kind, size):
    with pytest.raises(ChannelError, match=f"a request of {size} bytes"):
        alice(kind, ZEROS).answer(np.full(size, 4, dtype=np.uint8))


@pytest.mark.parametrize("copies", [2, 257])
@on_both_engines
def test_refuses_the_same_block_twice_in_one_request(kind, copies):
    party = alice(kind, ZEROS)
    with pytest.raises(ChannelError, match="the same block twice"):
        party.answer(request(6, *copies * [5]))
    assert party.disclosed == 0


@on_both_engines
def test_refuses_the_same_block_in_two_requests(kind):
    party = alice(kind, ZEROS)
    party.answer(request(5, 6))
    with pytest.raises(ChannelError, match="the same block twice"):
        party.answer(request(7, 6))
    assert party.disclosed == 2


@on_both_engines
def test_tells_no_more_than_she_may(kind):
    party = alice(kind, ZEROS, most=3)
    party.answer(request(4, 5))
    with pytest.raises(NoKey, match=r"more was said than is secret: 2 parities are told, 2 more") as stopped:
        party.answer(request(6, 7))
    assert stopped.value.step == "reconcile"
    assert party.disclosed == 2
    party.answer(request(6))
    assert party.disclosed == 3


@given(st.lists(st.binary(max_size=40), max_size=6))
@on_both_engines
def test_whatever_she_hears_she_answers_or_refuses(kind, requests):
    party, told = alice(kind, ZEROS), 0
    for heard in requests:
        try:
            answer = party.answer(np.frombuffer(heard, dtype=np.uint8))
        except ChannelError:
            assert party.disclosed == told
        else:
            told += len(heard) // 4
            assert answer.size == -(-len(heard) // 32)
    assert party.disclosed == told


@given(st.lists(st.integers(0, 70), min_size=1, max_size=12))
@on_both_engines
def test_answers_to_all_blocks_and_to_nothing_else(kind, numbers):
    there = {*range(4, 32), *range(34, 64)}
    good = set(numbers) <= there and len(set(numbers)) == len(numbers)
    try:
        alice(kind, ZEROS).answer(request(*numbers))
    except ChannelError:
        assert not good
    else:
        assert good


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
