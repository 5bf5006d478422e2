"""Bob: errors that hide from one pass are found by another, which reveals those that hid behind them."""

import numpy as np
import pytest

from qlearn.communication.secret_key.reconciliation.cascade import Alice, Blocks, Bob

LENGTH, SIZES, SEED = 1024, (32, 256), np.array([7], dtype=np.uint8)


@pytest.fixture(params=["numpy", "numba"])
def engine(request):
    if request.param == "numba":
        pytest.importorskip("numba", reason="numba is an optional extra")
    return request.param


def correct(errors, engine, sizes=SIZES):
    alice = np.random.default_rng(1).integers(0, 2, (LENGTH + 1, 1), dtype=np.uint8)
    alice[-1] = 0
    bob, is_open = alice.copy(), np.ones_like(alice)
    bob[errors] ^= 1
    is_open[-1] = 0
    hers = Alice(alice, Blocks(SEED, 1, LENGTH, sizes))
    plan = Blocks(SEED, 1, LENGTH, sizes)
    his = Bob(bob, is_open, plan, engine=engine)
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
    plan = Blocks(SEED, 1, LENGTH, SIZES)
    for number in range(len(SIZES)):
        plan.shuffle()
        yield plan.place[number, bits] - plan.first[number] >> plan.depth[number]


def test_nothing_to_find_costs_the_whole_blocks_only(engine):
    # 32 blocks, then 4 of which the last follows from the parity of the frame.
    assert correct([], engine) == (0, [(0, 32), (1, 3)])


def test_one_error_costs_five_questions_more(engine):
    left, questions = correct([77], engine)
    assert left == 0
    assert questions == [(0, 32)] + 5 * [(0, 1)] + [(1, 3)]


def test_two_errors_in_one_block_are_found_by_the_second_pass(engine):
    first, second = blocks_of(np.arange(LENGTH))
    a = 77
    b = next(i for i in range(LENGTH) if i != a and first[i] == first[a] and second[i] != second[a])
    assert correct([a, b], engine, SIZES[:1]) == (2, [(0, 32)])
    left, questions = correct([a, b], engine)
    assert left == 0
    assert questions == [(0, 32), (1, 3)] + 8 * [(1, 2)]


def test_the_cascade(engine):
    # b and c hide from both passes: b behind a, c behind d in the first, and behind each other in the second.
    first, second = blocks_of(np.arange(LENGTH))
    every = np.arange(LENGTH)
    a, b, c, d = next(
        (a, b, c, d)
        for a in every[:50]
        for b in every[(first == first[a]) & (second != second[a])]
        for c in every[(second == second[b]) & (first != first[a])]
        for d in every[(first == first[c]) & (second != second[b]) & (second != second[a])]
    )
    left, questions = correct([a, b, c, d], engine)
    assert left == 0
    # The second pass finds a and d; only then is the first pass, four or five questions each, asked again.
    assert questions[:2] == [(0, 32), (1, 3)]
    assert questions[2:10] == 8 * [(1, 2)]
    assert {number for number, _ in questions[10:]} == {0}
    assert 8 <= sum(size for _, size in questions[10:]) <= 10
