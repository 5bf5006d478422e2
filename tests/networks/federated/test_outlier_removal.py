"""Outlier removal: who goes, by the formula; how many at most; how far what stays can lie; how often it is wrong."""

import statistics

import numpy as np
import pytest
from hypothesis import given, strategies as st

from qlearn.networks.federated import FedAdam, FedAvg, OutlierRemoval
from tests.networks.federated.flower_oracle import SET_A, START

anything = st.one_of(st.floats(-2, 2), st.floats(-1e308, 1e308), st.sampled_from([0.0, 1.7e308, -1.7e308]))
rows_of_two = st.lists(st.tuples(anything, anything), min_size=1, max_size=9)


def updates_of(rows):
    return [([np.array([x]), np.array([y])], 10) for x, y in rows]


def test_the_outlier_of_the_table():
    strategy = OutlierRemoval()
    assert strategy.kept(SET_A) == [0, 1, 2, 3, 4, 5]
    assert repr(strategy.aggregate(SET_A, START)) == repr(FedAvg().aggregate(SET_A[:6], START))


@given(st.lists(st.tuples(st.floats(-5, 5), st.floats(-5, 5)), min_size=1, max_size=9), st.floats(1.5, 6))
def test_is_the_formula(rows, cutoff):
    middle = [statistics.median(column) for column in zip(*rows, strict=True)]
    distances = [np.hypot(x - middle[0], y - middle[1]) for x, y in rows]
    usual = statistics.median(distances)
    spread = 1.4826 * statistics.median(abs(d - usual) for d in distances)
    strategy, bound = OutlierRemoval(cutoff=cutoff), usual + cutoff * spread
    np.testing.assert_allclose(strategy.distances(updates_of(rows)), distances, rtol=1e-12, atol=1e-150)
    kept = strategy.kept(updates_of(rows))
    for i, distance in enumerate(distances):
        if abs(distance - bound) > 1e-9 * (1 + bound):  # not decided by the last digit
            assert (i in kept) == (distance < bound)


@given(rows_of_two, st.sampled_from([1.5, 3.5, 10.0]))
def test_more_than_half_stay_whatever_is_sent(rows, cutoff):
    assert 2 * len(OutlierRemoval(cutoff=cutoff).kept(updates_of(rows))) > len(rows)


@given(
    st.lists(st.tuples(st.floats(-1, 1), st.floats(-1, 1)), min_size=3, max_size=6),
    st.lists(st.tuples(anything, anything), min_size=0, max_size=2),
)
def test_what_stays_lies_within_the_stated_distance(honest, lies):
    updates = updates_of([*honest, *lies])
    strategy = OutlierRemoval()
    distances = strategy.distances(updates)
    largest = distances[: len(honest)].max()
    assert (distances[strategy.kept(updates)] <= (1 + 1.4826 * 3.5) * largest * (1 + 1e-9)).all()


@given(st.integers(0, 10**6), st.floats(-100, 100))
def test_neither_order_nor_place_counts(seed, shift):
    rng = np.random.default_rng(seed)
    rows = rng.normal(size=(9, 2)) * np.array([1.0] * 7 + [20.0] * 2)[:, None]
    order = rng.permutation(9)
    kept = OutlierRemoval().kept(updates_of(rows))
    assert sorted(order[OutlierRemoval().kept(updates_of(rows[order] + shift))]) == kept


@pytest.mark.parametrize(
    ("n", "d", "share"), [(10, 1, 0.031), (10, 100, 0.009), (3, 1, 0.081), (3, 100, 0.049)]
)
def test_how_many_honest_clients_go(n, d, share):
    # 400 rounds; the clients of one are not independent: at most n out in a round, so sd <= sqrt(share / 400)
    rng = np.random.default_rng(n * d)
    out = 0
    for _ in range(400):
        updates = [([row], 10) for row in rng.normal(size=(n, d))]
        out += n - len(OutlierRemoval().kept(updates))
    assert abs(out / (400 * n) - share) < 5 * np.sqrt(share / 400)
    assert out > 0


def test_claims_have_no_part_in_who_goes():
    claimed = [(arrays, 10**9 if i == 6 else n) for i, (arrays, n) in enumerate(SET_A)]
    assert 6 not in OutlierRemoval().kept(claimed)


def test_a_strategy_in_it_keeps_its_own():
    inside = FedAdam(local_epochs=2, fraction=0.5)
    strategy = OutlierRemoval(inside)
    assert (strategy.choose(10, 3), strategy.config(4)) == (inside.choose(10, 3), inside.config(4))
    (_, ours), (_, theirs) = (s.aggregate(SET_A[:6], START, s.start(START)) for s in (strategy, inside))
    assert repr(ours) == repr(theirs)


def test_refuses():
    with pytest.raises(ValueError, match=r"cutoff must be at least 1\.5, not 1: below, half"):
        OutlierRemoval(cutoff=1)
    with pytest.raises(TypeError, match="strategy must be a strategy, such as FedAvg"):
        OutlierRemoval(3.5)
    with pytest.raises(ValueError, match="no client answered"):
        OutlierRemoval().aggregate([], START)
    with pytest.raises(ValueError, match="update 1 holds NaN"):
        OutlierRemoval().kept([([np.zeros(1)], 1), ([np.array([np.nan])], 1)])
