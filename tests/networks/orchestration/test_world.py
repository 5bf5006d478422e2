"""The world of a run: links by number, assignments by hand, queues and keys as time goes by."""

import numpy as np
import pytest

from qlearn.networks.orchestration import Fault, intelligence_network, nodes_of
from qlearn.networks.orchestration._world import TEST_BITS, World

NETWORK = intelligence_network(5, 3, rng=2, reach=2)


def world(network=NETWORK, seed=0):
    return World(network, 50, np.random.default_rng(seed).spawn(2))


def distances(unit):
    its = {hub: e["length_km"] for _, hub, e in NETWORK.edges(unit, data=True) if e["channel"] == "results"}
    return sorted(its, key=its.get)


def names(one, links):
    return [None if link < 0 else one.hubs[one.link_hub[link]] for link in links]


def test_home_is_the_nearest_whatever_happens():
    one = world()
    now = one.conditions(1, [Fault(1, "aggregator lost", "aggregator 0")], [])
    assert names(one, one.assigned("home", now, [])) == [
        distances(unit)[0] for unit in nodes_of(NETWORK, "unit")
    ]


def test_usable_is_the_nearest_that_is_there():
    one, events = world(), []
    unit = "unit 3"
    near, far = distances(unit)
    faults = [Fault(1, "link noise", f"{near} - {unit}", size=0.4), Fault(2, "line cut", f"{unit} - {far}")]
    assert names(one, one.assigned("usable", one.conditions(1, faults, events), []))[3] == far
    assert names(one, one.assigned("usable", one.conditions(2, faults, events), []))[3] == near
    both = [Fault(1, "aggregator lost", near), Fault(1, "aggregator lost", far)]
    assert names(one, one.assigned("usable", one.conditions(1, both, events), []))[3] is None
    assert [event.stage for event in events] == [
        "link noise",
        "line cut",
        "aggregator lost",
        "aggregator lost",
    ]


def test_balanced_goes_to_the_shortest_queue():
    one = world()
    now = one.conditions(1, [], [])
    one.backlog_s[:] = [5.0, 0.0, 5.0]
    chosen = names(one, one.assigned("balanced", now, []))
    for unit, hub in zip(one.units, chosen, strict=True):
        assert (hub == "aggregator 1") == ("aggregator 1" in distances(unit))


def test_the_threshold_is_that_of_the_key_rate():
    # the estimate of 1000 bits has sigma 0.0063 at 2 %, and 0.0126 at 20 %: 0.11 is 14 and 7 sigma off, 1e-12 a link
    one = world()
    fault = Fault(1, "link noise", f"unit 0 - {distances('unit 0')[0]}", size=0.2)
    now = one.conditions(1, [fault], [])
    assert now.suspected.sum() == 1
    assert (now.key_rate == 0).sum() == 1
    assert now.key_rate[~now.suspected] == pytest.approx(one.key_rate[~now.suspected])
    assert TEST_BITS == 1000


def test_more_errors_give_less_key():
    one = world()
    link = f"unit 0 - {distances('unit 0')[0]}"
    h = lambda q: -q * np.log2(q) - (1 - q) * np.log2(1 - q)  # noqa: E731
    now = one.conditions(1, [Fault(1, "link noise", link, size=0.05)], [])
    assert now.key_rate[0] / one.key_rate[0] == pytest.approx((1 - 2 * h(0.05)) / (1 - 2 * h(0.02)))


def test_queues_and_keys_as_time_goes_by():
    one = world()
    now = one.conditions(1, [Fault(1, "flood", "aggregator 1", size=300.0)], [])
    waits = np.zeros(len(one.key_rate))
    one.pass_time(now, 2.0, waits, np.array([0, 10, 0]))
    served = (300 + one.devices[1]) * 0.005 * 2 + 10 * 0.005
    assert one.backlog_s == pytest.approx([0.0, served - 2, 0.0])
    assert (one.reserves.levels == np.minimum(50, one.key_rate * 2 // 64)).all()


def test_sensors_are_devices_of_the_nearest_aggregator():
    one = world()
    home = [distances(unit)[0] for unit in one.units]
    assert one.devices.tolist() == [home.count(hub) for hub in one.hubs]


def test_goes_on_from_its_state():
    first, second = world(), world(seed=9)
    faults = [Fault(1, "new devices", "aggregator 2", size=40.0)]
    first.pass_time(first.conditions(1, faults, []), 1.0, np.zeros(len(first.key_rate)), np.zeros(3, int))
    second.set_state(first.get_state())
    a, b = (one.conditions(2, faults, []) for one in (first, second))
    assert all(np.array_equal(x, y) for x, y in zip(a, b, strict=True))
    assert second.devices.tolist() == first.devices.tolist()
