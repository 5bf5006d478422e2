"""How large a store must be: against closed forms, linear algebra, the store itself, and the same chances drawn."""

from itertools import pairwise

import numpy as np
import pytest

from qlearn.communication.key_management import (
    KeyStore,
    KeyTraffic,
    NotEnoughKeys,
    draws_per_second,
    follow_stock,
    refused_share,
    smallest_store,
)

STEADY = KeyTraffic(10, 9)
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
    draws = np.random.default_rng(5).random(3000)
    runs = [follow_stock(draws, capacity, traffic) for capacity in (traffic.burst, 40, 41, 90)]
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
    capacity, n = traffic.burst + 8, 20_000
    rng = np.random.default_rng(8)
    runs = [follow_stock(rng.random(n), capacity, traffic) for _ in range(32)]
    late = slice(2000, None)  # (the full beginning is forgotten)
    shares = np.array([run.refused[late].sum() / run.asked[late].sum() for run in runs])
    off = abs(shares.mean() - refused_share(capacity, traffic))
    assert off < 6.1 * shares.std(ddof=1) / np.sqrt(32)
    # requests, and the time in darkness, at the rates that were asked for
    asked = sum(run.asked.sum() for run in runs) / (32 * n)
    due = traffic.asked / traffic.burst / draws_per_second(traffic)
    assert abs(asked - due) < 5.5 * np.sqrt(due * (1 - due) / (32 * n))
    darkness = np.array([run.dark[late].mean() for run in runs])
    if traffic.dark_s:
        assert abs(darkness.mean() - traffic.dark_share) < 6.1 * darkness.std(ddof=1) / np.sqrt(32)
    else:
        assert not darkness.any()


def test_the_store_itself_does_the_same(tmp_path):
    traffic, capacity = KeyTraffic(10, 11, burst=5, dark_s=0.5), 12
    run = follow_stock(np.random.default_rng(3).random(500), capacity, traffic)
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
    assert repr(follow_stock([0.0, 0.0, 0.99], 1, KeyTraffic(1, 1))) == (
        "StockRun(2 requests, 1 refused, 0 keys not stored)"
    )
    assert len(follow_stock([], 3, STEADY).stock) == 0


@pytest.mark.parametrize(
    ("name", "value"),
    [("made", 0), ("asked", 0), ("burst", 0), ("burst", 1.5), ("dark_s", -1), ("dark_share", 0), ("dark_share", 1)],
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
            follow_stock([0.5], capacity, STEADY)
    for draws in ([1.0], [-0.1], [[0.5]]):
        with pytest.raises(ValueError, match="draws"):
            follow_stock(draws, 3, STEADY)
