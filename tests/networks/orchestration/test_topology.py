"""The network of Fig. 5: roles, links to the nearest, rates of keys by hand, and the same graph from the same seed."""

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from qlearn.networks.orchestration import intelligence_network, link_key_rate, nodes_of


def test_a_key_rate_by_hand():
    q = 0.02
    entropy = -q * np.log2(q) - (1 - q) * np.log2(1 - q)
    assert link_key_rate(25.0, q, pulses_per_second=4e5) == pytest.approx(2e5 * 10**-0.5 * (1 - 2 * entropy))


def test_no_key_beyond_the_threshold():
    # 1 - 2h(Q) is zero at 11.0028 %
    assert link_key_rate(0.0, 0.1100) > 0 == link_key_rate(0.0, 0.1101)


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 12), st.integers(1, 4), st.integers(1, 3), st.integers(0, 9), st.floats(0, 1))
def test_roles_links_and_data(n_units, n_aggregators, reach, seed, share):
    network = intelligence_network(n_units, n_aggregators, rng=seed, reach=reach, quantum_share=share)
    units, hubs = nodes_of(network, "unit"), nodes_of(network, "aggregator")
    assert (len(units), len(hubs), len(nodes_of(network, "sensor"))) == (n_units, n_aggregators, n_units)
    assert nx.is_connected(network)
    assert [network.nodes[u]["data"] for u in units].count("quantum") == int(np.floor(share * n_units + 0.5))
    for unit in units:
        far = {
            hub: np.hypot(*np.subtract(network.nodes[unit]["position"], network.nodes[hub]["position"]))
            for hub in hubs
        }
        linked = {hub for _, hub, channel in network.edges(unit, data="channel") if channel == "results"}
        nearest = sorted(far.values())[: len(linked)]
        assert len(linked) == min(reach, n_aggregators)
        assert sorted(far[hub] for hub in linked) == pytest.approx(nearest)
        for hub in linked:
            its = network.edges[unit, hub, "results"]
            assert its["length_km"] == pytest.approx(far[hub])
            assert its["key_rate"] == pytest.approx(float(link_key_rate(far[hub])))


def test_one_channel_or_two():
    one, two = (intelligence_network(2, 1, rng=0, two_channels=both) for both in (False, True))
    assert list(one["orchestrator"]["aggregator 0"]) == ["results"]
    assert sorted(two["orchestrator"]["aggregator 0"]) == ["management", "results"]


def test_equal_seeds_give_equal_networks():
    first, second, other = (intelligence_network(5, 2, rng=seed) for seed in (1, 1, 2))
    assert dict(first.nodes(data=True)) == dict(second.nodes(data=True)) != dict(other.nodes(data=True))


@pytest.mark.parametrize(
    ("told", "error", "says"),
    [
        ({"n_units": 0}, ValueError, "n_units must be at least 1"),
        ({"n_aggregators": 0}, ValueError, "n_aggregators must be at least 1"),
        ({"quantum_share": 1.5}, ValueError, "quantum_share must be a probability"),
        ({"reach": 0}, ValueError, "reach must be at least 1"),
        ({"side_km": 0}, ValueError, "side_km must be above 0"),
        ({"sensors_per_unit": -1}, ValueError, "sensors_per_unit must be at least 0"),
        ({"bits_per_second": 0}, ValueError, "bits_per_second must be above 0"),
        ({"pulses_per_second": 0}, ValueError, "pulses_per_second must be above 0"),
        ({"qber": -1}, ValueError, "qber must be a probability"),
    ],
)
def test_refuses(told, error, says):
    with pytest.raises(error, match=says):
        intelligence_network(**{"n_units": 3, "n_aggregators": 2, **told})


def test_refuses_an_unknown_role():
    with pytest.raises(ValueError, match="role must be one of orchestrator, aggregator, unit, sensor"):
        nodes_of(intelligence_network(1, 1, rng=0), "boss")
