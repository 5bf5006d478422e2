"""Participation: who is out says why, once, and key is never promised twice."""

import numpy as np
import pytest

from qlearn.networks.orchestration import Constraints, Fault, Orders, intelligence_network
from qlearn.networks.orchestration._participation import Participation, sealed_bits
from qlearn.networks.orchestration._world import World

NETWORK = intelligence_network(4, 2, rng=1)


def of(faults=(), orders=None, keys=1e6, size=5, **options):
    world, events = World(NETWORK, 100, np.random.default_rng(0).spawn(2)), []
    world.reserves.add(np.full(len(world.key_rate), keys))
    now = world.conditions(1, faults, [])
    orders = Orders() if orders is None else orders
    who = Participation(
        world,
        options.pop("constraints", Constraints()),
        options.pop("patience_s", 60.0),
        orders,
        now,
        np.ones(2, bool),
        world.assigned(orders.assignment, now, events),
        np.full(4, 10.0),
        np.zeros(size, int),
        np.full(4, -1),
        np.full(2, -1),
        events,
    )
    units, trunk = who.of(np.arange(4), size)
    return world, who, units, trunk


def test_all_take_part_where_nothing_is_wrong():
    world, who, units, trunk = of()
    assert units.unit.tolist() == [0, 1, 2, 3]
    assert units.down.tolist() == units.up.tolist() == [5] * 4
    assert trunk.numbers.tolist() == [5, 5]
    assert units.compute_s == pytest.approx(10 / world.speed)
    assert who.events == []


def test_one_reason_for_each_who_is_out():
    faults = [
        Fault(1, "unit lost", "unit 1"),
        Fault(1, "aggregator lost", "aggregator 0"),
        Fault(1, "aggregator lost", "aggregator 1"),
    ]
    _, who, units, _ = of(faults)
    assert units.unit.size == 0
    assert [(e.client, e.stage) for e in who.events] == [
        ("unit 1", "unit"),
        ("unit 0", "aggregator"),
        ("unit 2", "aggregator"),
        ("unit 3", "aggregator"),
    ]


def test_who_waits_then_has_the_key_that_it_needs():
    world, who, units, _ = of(keys=64.0 * 10)  # ten words, and eighteen are needed
    assert (units.keys_s > 0).all()
    assert (world.reserves.levels[units.link] == 18).all()
    assert (world.reserves.levels[world.trunk] == 18).all()
    assert who.waits_s[units.link] == pytest.approx(64 * 8 / world.key_rate[units.link])


def test_who_shrinks_sends_what_is_paid_for():
    _, who, units, trunk = of(keys=64.0 * 16, orders=Orders(on_empty="shrink"))
    assert trunk.numbers.tolist() == units.up.tolist()[:2] == [3, 3]
    assert not who.waits_s.any()


def test_bits_of_messages():
    assert sealed_bits(np.array([3])).tolist() == [3 * 64 + 128]
