"""Networks of the first stages: rates of routes by hand, and what a fault of the full network is in them."""

import pytest

from qlearn.networks.orchestration import Fault, intelligence_network, link_key_rate, nodes_of
from qlearn.networks.orchestration._stage_networks import one_link, routed

FULL = intelligence_network(5, 2, rng=3)


def nearest_way(unit):
    ways = {
        hub: e["length_km"] + FULL.edges["orchestrator", hub, "results"]["length_km"]
        for _, hub, e in FULL.edges(unit, data=True)
        if e["channel"] == "results"
    }
    return min(ways, key=ways.get), min(ways.values())


def test_a_route_is_as_long_as_its_links_and_as_rich_as_the_poorest_share():
    network, _ = routed(FULL)
    over = {unit: nearest_way(unit)[0] for unit in nodes_of(FULL, "unit")}
    for unit, hub in over.items():
        line = network.edges[unit, "aggregator 0", "results"]
        assert line["length_km"] == pytest.approx(nearest_way(unit)[1])
        shares = list(over.values()).count(hub)
        own, trunk = FULL.edges[unit, hub, "results"], FULL.edges["orchestrator", hub, "results"]
        assert line["key_rate"] == pytest.approx(min(own["key_rate"], trunk["key_rate"] / shares))
        assert line["bits_per_second"] == pytest.approx(
            min(own["bits_per_second"], trunk["bits_per_second"] / shares)
        )


def test_one_link_is_a_fibre_straight_to_the_middle():
    network, _ = one_link(FULL)
    x, y = FULL.nodes["unit 0"]["position"]
    line = network.edges["unit 0", "aggregator 0", "results"]
    assert line["length_km"] == pytest.approx((x * x + y * y) ** 0.5)
    assert line["key_rate"] == pytest.approx(float(link_key_rate(line["length_km"])))
    assert nodes_of(network, "unit") == ["unit 0"]


def test_faults_of_the_full_network_where_they_matter():
    _, there = routed(FULL)
    over = {unit: nearest_way(unit)[0] for unit in nodes_of(FULL, "unit")}
    behind = [unit for unit, hub in over.items() if hub == "aggregator 1"]
    cut = there(Fault(2, "aggregator lost", "aggregator 1", rounds=3))
    assert cut == [Fault(2, "line cut", f"{unit} - aggregator 0", rounds=3) for unit in behind]
    assert there(Fault(1, "flood", "aggregator 1", size=9.0)) == [Fault(1, "flood", "aggregator 0", size=9.0)]
    unit = behind[0]
    assert there(Fault(1, "link noise", f"{unit} - aggregator 1", size=0.2)) == [
        Fault(1, "link noise", f"{unit} - aggregator 0", size=0.2)
    ]
    assert there(Fault(1, "link noise", f"{unit} - aggregator 9", size=0.2)) == []
    assert there(Fault(1, "unit lost", unit)) == [Fault(1, "unit lost", unit)]
    assert there(Fault(4, "KPI missing")) == [Fault(4, "KPI missing")]


def test_a_fibre_of_its_own_has_no_node_that_could_be_lost():
    _, there = one_link(FULL)
    assert there(Fault(1, "aggregator lost", "aggregator 0")) == []
    assert there(Fault(1, "update tampered", "unit 1")) == []
    assert there(Fault(1, "update tampered", "unit 0")) == [Fault(1, "update tampered", "unit 0")]


def test_keys_of_a_route_are_taken_from_each_of_its_links():
    """Two fibres from a unit over its node to the middle, one where the fibre is its own, none within the room."""
    from qlearn.networks.orchestration import stage

    for network, hops in ((routed(FULL)[0], 2), (one_link(FULL)[0], 1)):
        assert {
            network.edges[u, "aggregator 0", "results"].get("hops", 1) for u in nodes_of(network, "unit")
        } == {hops}
        assert network.edges["orchestrator", "aggregator 0", "results"]["hops"] == 0
    run = stage(2).run(5, rounds=1)  # one model of so many numbers down and up, each with four words of tag
    size = sum(p.size for p in run.parameters)
    assert run.rounds[0].key_bits == len(run.rounds[0].sent) * 2 * 2 * (size + 4) * 64
