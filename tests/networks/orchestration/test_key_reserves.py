"""Key reserves: equal at both ends, first in first out, each word once, nothing taken that is not there."""

from collections import deque

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from qlearn.networks.orchestration import KeyReserves, ReserveEmpty

CAPACITY = 7
steps = st.lists(
    st.one_of(
        st.tuples(st.just("add"), st.lists(st.floats(0, 600), min_size=3, max_size=3)),
        st.tuples(st.just("take"), st.tuples(st.sets(st.integers(0, 2), min_size=1), st.integers(0, 5))),
    ),
    max_size=25,
)


@settings(max_examples=60, deadline=None)
@given(steps)
def test_against_queues_of_python(plan):
    reserves, made = KeyReserves(3, CAPACITY, rng=5), np.random.default_rng(5)
    queues, part = [deque() for _ in range(3)], np.zeros(3)
    given_out = []
    for what, value in plan:
        if what == "add":
            added = reserves.add(value)
            for link in range(3):
                whole = part[link] + value[link] / 64
                room = CAPACITY - len(queues[link])
                n = min(int(np.floor(whole)), room)
                queues[link].extend(made.integers(0, 2**64, n, np.uint64).tolist())
                part[link] = whole - np.floor(whole) if n < room else 0.0
                assert added[link] == n
        else:
            links, words = sorted(value[0]), value[1]
            if any(len(queues[link]) < words for link in links):
                before = reserves.levels.copy()
                with pytest.raises(ReserveEmpty):
                    reserves.take(links, words)
                assert (reserves.levels == before).all()
            else:
                near, far = reserves.take(links, words)
                expected = [[queues[link].popleft() for _ in range(words)] for link in links]
                assert near.tolist() == far.tolist() == expected
                given_out += near.ravel().tolist()
        assert reserves.levels.tolist() == [len(queue) for queue in queues]
    # 64-bit words of one stream: two equal ones among at most 375 have a chance of 4e-15
    assert len(set(given_out)) == len(given_out)


def test_what_is_handed_out_is_erased_at_both_ends():
    reserves = KeyReserves(1, 4, rng=0)
    reserves.add([256.0])
    reserves.take([0], 3)
    state = reserves.get_state()
    assert np.count_nonzero(state["near"]) == np.count_nonzero(state["far"]) == 1


def test_a_drained_reserve_is_empty_and_fills_again():
    reserves = KeyReserves(2, 4, rng=0)
    reserves.add([256.0, 256.0])
    assert reserves.drain(1) == 4
    assert reserves.levels.tolist() == [4, 0]
    assert reserves.fill.tolist() == [1.0, 0.0]
    assert reserves.add([64.0, 64.0]).tolist() == [0, 1]


def test_goes_on_from_its_state_to_the_same_keys():
    first, second = KeyReserves(2, 8, rng=1), KeyReserves(2, 8, rng=2)
    first.add([300.0, 100.0])
    first.take([0], 2)
    second.set_state(first.get_state())
    for reserves in (first, second):
        reserves.add([200.0, 90.0])
    assert (first.take([0, 1], 2)[0] == second.take([0, 1], 2)[1]).all()


def test_shows_no_key():
    reserves = KeyReserves(1, 4, rng=0)
    reserves.add([256.0])
    assert repr(reserves) == "KeyReserves(1 links, 4 words)"


@pytest.mark.parametrize(
    ("act", "error", "says"),
    [
        (lambda r: r.add([1.0]), ValueError, "bits must hold a number for each of the 2 links"),
        (lambda r: r.add([-1.0, 0.0]), ValueError, "bits must be finite and at least 0"),
        (lambda r: r.take([0, 0], 1), ValueError, "links must be different"),
        (lambda r: r.take([0], -1), ValueError, "words must be at least 0"),
        (
            lambda r: r.take([1], 1),
            ReserveEmpty,
            "link 1 has 0 words of key, and 1 are needed: nothing is sent",
        ),
        (
            lambda r: r.set_state(KeyReserves(3, 4).get_state()),
            ValueError,
            "state must be of 2 links of 4 words",
        ),
        (lambda r: KeyReserves(0, 4), ValueError, "n_links must be at least 1"),
        (lambda r: KeyReserves(1, 0), ValueError, "capacity must be at least 1"),
    ],
)
def test_refuses(act, error, says):
    with pytest.raises(error, match=says):
        act(KeyReserves(2, 4, rng=0))


@pytest.mark.parametrize("links", [[0, -2], [-1], [2], [0.5, 1.5], [True, False]])
def test_a_link_has_one_name_and_a_pad_one_use(links):
    reserves = KeyReserves(2, 8, rng=0)
    reserves.add([512.0, 512.0])
    with pytest.raises(ValueError, match="links must be whole numbers from 0 to 1"):
        reserves.take(links, 3)
    assert reserves.levels.tolist() == [8, 8]
