"""How large a store must be: against closed forms, linear algebra, the store itself, and the same chances drawn."""

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import pytest
from scipy.linalg import expm

from qlearn.communication.key_management import (
    KeyStore,
    KeyTraffic,
    NotEnoughKeys,
    follow_stock,
    refused_share,
    smallest_store,
)

STEADY = KeyTraffic(10, 9)


def endless(seed: int | np.random.Generator) -> Iterator[float]:
    return iter(np.random.default_rng(seed).random, None)


KINDS = [
    KeyTraffic(10, 9, burst=7, dark_s=2),
    KeyTraffic(10, 14, burst=5, dark_s=0.3, dark_share=0.2),
    KeyTraffic(3, 2, burst=16, dark_s=5, dark_share=0.7),
    KeyTraffic(10, 10, burst=3),
    KeyTraffic(10, 6, burst=32),
    KeyTraffic(10, 9.5, dark_s=20),
]


def by_linear_algebra(capacity: int, traffic: KeyTraffic) -> float:
    """Solve for the shares of time of all states, from the generator written out state by state."""
    request = traffic.asked / traffic.burst
    wakes = 1 / (traffic.dark_s or 1)
    ends = wakes * traffic.dark_share / (1 - traffic.dark_share)
    key = traffic.made / (1 - traffic.dark_share)
    if not traffic.dark_s:
        ends, key = 0.0, traffic.made
    flow = np.zeros((2 * (capacity + 1),) * 2)
    for k in range(capacity + 1):
        for dark in (0, 1):
            here = 2 * k + dark
            flow[here, 2 * k + 1 - dark] += wakes if dark else ends
            if not dark and k < capacity:
                flow[here, here + 2] += key
            if k >= traffic.burst:
                flow[here, here - 2 * traffic.burst] += request
    equations = (flow - np.diag(flow.sum(axis=1))).T
    equations[-1] = 1
    shares = np.linalg.solve(equations, np.eye(len(flow))[-1])
    return float(shares[: 2 * traffic.burst].sum())


@pytest.mark.parametrize("traffic", KINDS)
def test_the_recursion_solves_the_chain(traffic: KeyTraffic):
    for capacity in (1, traffic.burst, traffic.burst + 1, 2 * traffic.burst + 1, 60):
        assert refused_share(capacity, traffic) == pytest.approx(
            by_linear_algebra(capacity, traffic), rel=1e-9
        )


def test_one_key_at_a_time_is_the_queue_of_the_textbook():
    for load in (0.3, 0.9, 1.2):
        for capacity in (1, 10, 200):
            due = (1 - load) * load**capacity / (1 - load ** (capacity + 1))
            assert refused_share(capacity, KeyTraffic(1, load)) == pytest.approx(due, rel=1e-9)
    assert refused_share(999, KeyTraffic(7, 7)) == pytest.approx(1e-3)


def test_more_keys_than_are_made_cannot_be_handed_out():
    for traffic in (KeyTraffic(10, 12), KeyTraffic(10, 12, burst=9), KeyTraffic(10, 12, dark_s=3)):
        shares = [refused_share(capacity, traffic) for capacity in (20, 200, 2000, 20_000)]
        assert shares == sorted(shares, reverse=True)
        assert shares[-1] >= 1 / 6 * (1 - 1e-9)
        assert shares[-1] == pytest.approx(1 / 6, rel=1e-2)
    assert refused_share(100_000, KeyTraffic(1, 1e3)) == pytest.approx(0.999)  # (and the sums stay in range)
    assert refused_share(100_000, KeyTraffic(1, 0.5, burst=8)) == 0.0


@pytest.mark.parametrize("traffic", KINDS)
def test_a_larger_store_refuses_no_more(traffic: KeyTraffic):
    shares = [refused_share(capacity, traffic) for capacity in range(1, 120)]
    assert all(more <= less * (1 + 1e-12) for less, more in pairwise(shares))
    assert shares[: traffic.burst - 1] == [1.0] * (traffic.burst - 1)
    # Event by event, too, as the docstring says: served more, or as many and no fewer keys left.
    runs = [follow_stock(endless(5), capacity, traffic, seconds=150) for capacity in (traffic.burst, 40, 41, 90)]  # fmt: skip
    for small, large in pairwise(runs):
        assert np.array_equal(small.asked, large.asked)
        more = np.cumsum(small.refused) - np.cumsum(large.refused, dtype=int)
        assert (more >= 0).all()
        assert (large.stock >= small.stock - more * traffic.burst).all()


@pytest.mark.parametrize("traffic", KINDS)
def test_the_smallest_store_is_the_smallest(traffic: KeyTraffic):
    found = smallest_store(0.02, traffic, most=20_000)
    if traffic.load > 1:
        assert found is None
        return
    assert refused_share(found, traffic) <= 0.02
    assert found == traffic.burst or refused_share(found - 1, traffic) > 0.02
    assert smallest_store(0.02, traffic, most=found) == found
    assert smallest_store(0.02, traffic, most=found - 1) is None


def test_what_makes_a_store_large():
    """What the chapter says of it: bursts, a load near 1, and spells of darkness; each to within a part of it."""
    need = smallest_store(1e-3, STEADY)
    assert smallest_store(1e-3, KeyTraffic(10, 9, burst=64)) > 30 * need
    assert smallest_store(1e-3, KeyTraffic(10, 9.9)) > 5 * need
    assert smallest_store(1e-3, KeyTraffic(10, 9, dark_s=10)) > 50 * need
    assert smallest_store(1e-3, KeyTraffic(20, 18, dark_s=5)) == smallest_store(
        1e-3, KeyTraffic(10, 9, dark_s=10)
    )
    # twice the burst, or twice as long a darkness: about twice the store
    for one, two in (({"burst": 16}, {"burst": 32}), ({"dark_s": 8}, {"dark_s": 16})):
        needs = [smallest_store(1e-3, KeyTraffic(10, 9, **terms)) for terms in (one, two)]
        assert 1.8 < needs[1] / needs[0] < 2.1


@pytest.mark.parametrize("traffic", KINDS)
def test_what_is_followed_is_what_was_solved(traffic: KeyTraffic):
    """Thirty-two long runs: their mean within 6.1 standard errors, missed by chance once in a million (Student, 31 degrees)."""
    capacity, seconds, runs = traffic.burst + 8, 1000.0, 32
    draws = endless(8)
    shares, darkness, asked, gaps = np.zeros(runs), np.zeros(runs), 0, []
    for k in range(runs):
        run = follow_stock(draws, capacity, traffic, seconds=seconds)
        assert (np.diff(run.time) >= 0).all()
        assert 0 <= run.time[0] <= run.time[-1] <= seconds
        late = run.time > seconds / 10  # (the full beginning is forgotten)
        shares[k] = run.refused[late].sum() / run.asked[late].sum()
        lasts = np.diff(run.time, append=seconds)[late]
        darkness[k] = lasts @ run.dark[late] / lasts.sum()
        asked += int(run.asked.sum())
        gaps.append(np.diff(run.time[run.asked]))
    assert abs(shares.mean() - refused_share(capacity, traffic)) < 6.1 * shares.std(ddof=1) / np.sqrt(runs)
    # requests come as a Poisson process: so many, and the spread of their gaps is their mean
    due = traffic.asked / traffic.burst * seconds * runs
    assert abs(asked - due) < 5.5 * np.sqrt(due)
    gap = np.concatenate(gaps)
    assert abs(gap.std() / gap.mean() - 1) < 5.5 / np.sqrt(len(gap))
    if traffic.dark_s:
        assert abs(darkness.mean() - traffic.dark_share) < 6.1 * darkness.std(ddof=1) / np.sqrt(runs)
    else:
        assert not darkness.any()


def test_keys_come_at_random_times_whatever_is_asked():
    """They came like a clock's ticks once, where requests were rare: gaps of 0.1 s with a spread of 0.006."""
    run = follow_stock(endless(1), 500, KeyTraffic(10, 9, burst=64), seconds=5000)
    gaps = np.diff(run.time[~run.asked])
    # 50,000 exponential gaps, mean and spread (whose error is sqrt(2) larger) to 5.5 standard errors: false alarms 8e-8
    error = 0.1 / np.sqrt(len(gaps))
    assert gaps.mean() == pytest.approx(0.1, abs=5.5 * error)
    assert gaps.std() == pytest.approx(0.1, abs=5.5 * np.sqrt(2) * error)
    # and their number is not tied to that of requests
    counts = np.array(
        [(run.asked.sum(), (~run.asked).sum()) for run in (
            follow_stock(endless(seed), 500, KeyTraffic(10, 9), seconds=12) for seed in range(1000)
        )]
    )  # fmt: skip
    assert abs(np.corrcoef(counts.T)[0, 1]) < 5.5 / np.sqrt(1000)


def test_spells_of_random_length_ask_for_the_store():
    """Ten seconds to the clock, dark and lit in turn: 120 keys do, not 2278, by the chances of all stocks."""

    def to_the_clock(capacity: int) -> float:
        spells = []
        for key in (20, 0):
            flow = 9 * np.eye(capacity + 1, k=-1) + key * np.eye(capacity + 1, k=1)
            clock = np.pad(flow - np.diag(flow.sum(axis=1)), (0, 1))
            clock[0, -1] = 1  # one column more: the time without a key
            spells.append(expm(10 * clock))
        (lit, lit_empty), (dark, dark_empty) = ((one[:-1, :-1], one[:-1, -1]) for one in spells)
        stock = np.linalg.matrix_power(lit @ dark, 50)[0]
        return float(stock @ lit_empty + stock @ lit @ dark_empty) / 20

    assert to_the_clock(120) < 1e-3 < to_the_clock(119)
    assert smallest_store(1e-3, KeyTraffic(10, 9, dark_s=10)) == 2278


def test_the_store_itself_does_the_same(tmp_path):
    traffic, capacity = KeyTraffic(10, 11, burst=5, dark_s=0.5), 12
    run = follow_stock(endless(3), capacity, traffic, seconds=30)
    assert run.refused.any()
    assert run.full.any()
    assert run.dark.any()
    store = KeyStore(tmp_path / "keys.db", capacity=capacity)
    store.add(bytes(range(12)) * 32)
    before = capacity
    for stock, asked, refused, full in zip(run.stock, run.asked, run.refused, run.full, strict=True):
        if asked:
            try:
                store.hand_out("Alice", "Bob", number=traffic.burst)
                assert not refused
            except NotEnoughKeys:
                assert refused
        elif full or stock > before:
            assert store.add(bytes(32)) == (not full)
        assert store.stored == stock
        before = stock
    store.close()


def test_a_run_says_what_came_of_it():
    # half a second each: -ln(1 - u) / 2; three requests, a key, and the time is over
    u = 1 - np.exp(-1)
    run = follow_stock([u, 0.0, u, 0.2, u, 0.4, u, 0.9, u, 0.9], 2, KeyTraffic(1, 1), seconds=2.4)
    assert repr(run) == "StockRun(3 requests, 1 refused, 0 keys not stored)"
    assert run.time == pytest.approx([0.5, 1, 1.5, 2])
    assert run.stock.tolist() == [1, 0, 0, 1]
    assert len(follow_stock([0.9, 0.0], 3, STEADY, seconds=0.01).stock) == 0


@pytest.mark.parametrize(
    ("name", "value"),
    [("made", 0), ("asked", 0), ("burst", 0), ("burst", 1.5), ("dark_s", -1), ("dark_share", 0), ("dark_share", 1),
     ("made", 1e-60), ("asked", 1e60), ("dark_s", 1e-310), ("dark_s", 1e60)],
)  # fmt: skip
def test_traffic_that_cannot_be_is_refused(name: str, value: float):
    with pytest.raises((ValueError, TypeError), match=name):
        KeyTraffic(**{"made": 1, "asked": 1, name: value})


def test_questions_that_cannot_be_answered_are_refused():
    for wrong in (0, 1, 1.5, -1):
        with pytest.raises(ValueError, match="refused"):
            smallest_store(wrong, STEADY)
    with pytest.raises(ValueError, match="most"):
        smallest_store(0.1, STEADY, most=0)
    for capacity in (0, 2.5):
        with pytest.raises((ValueError, TypeError), match="capacity"):
            refused_share(capacity, STEADY)
        with pytest.raises((ValueError, TypeError), match="capacity"):
            follow_stock([0.5, 0.5], capacity, STEADY, seconds=1)
    for draws in ([1.0, 0.5], [0.5, -0.1], [np.nan, 0.5]):
        with pytest.raises(ValueError, match="draws must be numbers from 0"):
            follow_stock(draws, 3, STEADY, seconds=1)
    for short in ([], [0.9], [0.5, 0.5, 0.5]):
        with pytest.raises(ValueError, match="draws must last for 10 seconds"):
            follow_stock(short, 3, STEADY, seconds=10)
    with pytest.raises(ValueError, match="seconds"):
        follow_stock([0.5, 0.5], 3, STEADY, seconds=0)


def test_the_edges_of_what_can_be_asked():
    # what never fits is refused before anything is laid out for it
    assert refused_share(10, KeyTraffic(1, 1, burst=10**9)) == 1.0
    assert smallest_store(0.1, KeyTraffic(1, 1, burst=10**9)) is None
    # the least and the most that is taken: sums stay numbers
    for made, asked in ((1e-20, 1e20), (1e20, 1e-20), (1e-20, 1e-20)):
        for burst in (1, 3):
            for dark_s in (0, 1e-20, 1e20):
                for dark_share in (1e-16, 0.5, 1 - 1e-16):
                    traffic = KeyTraffic(made, asked, burst, dark_s, dark_share)
                    assert 0 <= refused_share(200, traffic) <= 1
    assert refused_share(200, KeyTraffic(1e-20, 1e20, 3)) == pytest.approx(1)
    # 1 - 1/load, however its last digits fall
    for made, asked in ((10, 12), (0.1, 0.3), (7, 7.7)):
        bound = 1 - made / asked
        for share in (bound, np.nextafter(bound, 1), np.nextafter(bound, 0)):
            assert smallest_store(float(share), KeyTraffic(made, asked)) is None
        found = smallest_store(bound + 1e-6, KeyTraffic(made, asked))
        assert refused_share(found, KeyTraffic(made, asked)) <= bound + 1e-6
    assert smallest_store(1 / 6, KeyTraffic(10, 12)) is None
