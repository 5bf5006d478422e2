"""Alice: parities as the definition has them, each told once, no answer to what Bob cannot have asked; on both engines."""

from importlib.util import find_spec

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qlearn.communication.secret_key.public_channel import ChannelError, NoKey
from qlearn.communication.secret_key.reconciliation.cascade import Alice, Blocks
from qlearn.communication.secret_key.reconciliation.cascade._compiled import CompiledAlice

without_numba = pytest.mark.skipif(find_spec("numba") is None, reason="numba is an optional extra")
on_both_engines = pytest.mark.parametrize("kind", [Alice, pytest.param(CompiledAlice, marks=without_numba)])

SEED = np.array([3], dtype=np.uint8)
SIZES = (4, 8)


def blocks(frames=1) -> Blocks:
    return Blocks(SEED, frames, 16, SIZES)


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
    for number in range(len(SIZES)):
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
