"""The network: what follows from a length, what may be set, what is refused, and that it stays as it is."""

import networkx as nx
import numpy as np
import pytest

from qlearn.communication.quantum_network import Link, Network, Node, grid


def edge(**attributes):
    graph = nx.Graph()
    graph.add_edge("a", "b", **attributes)
    return graph


def test_what_an_edge_does_not_say_follows_from_its_length():
    link = Network(edge(length_km=50), efficiency=0.5, fidelity_km=1000).link("b", "a")
    assert link.loss_db == pytest.approx(10)
    assert link.transmittance == pytest.approx(0.1)
    assert link.success == pytest.approx(0.05)
    assert link.slot_s == pytest.approx(5e-4)
    assert link.rate_hz == pytest.approx(100)
    assert link.werner == pytest.approx(np.exp(-0.05))
    assert link.fidelity == pytest.approx(0.25 + 0.75 * np.exp(-0.05))


def test_every_attribute_may_be_set_instead():
    told = {
        "length_km": 7.0, "loss_db": 3.0, "success": 0.25, "slot_s": 0.5, "rate_hz": 9.0, "fidelity": 0.75, "memories": 4
    }  # fmt: skip
    assert Network(edge(**told)).link("a", "b") == Link(**told)
    graph = edge(length_km=1)
    graph.nodes["a"].update(
        memories=3, swap_success=0.5, swap_werner=0.9, coherence_s=2.0, label="A", position=(1, 2)
    )
    network = Network(graph)
    assert network["a"] == Node(3, 0.5, 0.9, 2.0)
    assert network["b"] == Node()
    assert network.label("a") == "A"
    assert network.find("b") == "b"
    np.testing.assert_array_equal(network.positions(), [[1, 2], [np.nan, np.nan]])


def test_memories_multiply_the_rate():
    one, four = (Network(edge(length_km=50, memories=m)).link("a", "b").rate_hz for m in (1, 4))
    assert four == pytest.approx(4 * one)


def test_it_does_not_change():
    graph = edge(length_km=50)
    network = Network(graph)
    graph.edges["a", "b"]["length_km"] = 1
    graph.add_edge("a", "c", length_km=1)
    assert network.length_km == 50
    assert "c" not in network
    with pytest.raises(nx.NetworkXError, match="Frozen"):
        network.graph.add_edge("a", "c")
    with pytest.raises(AttributeError):
        network.link("a", "b").fidelity = 1.0


def test_it_reads_as_a_mapping_of_nodes():
    network = grid(2, 3)
    assert len(network) == 6
    assert next(iter(network)) == (0, 0)
    assert len(network.links) == 7
    assert network.links[(0, 0), (0, 1)].length_km == 10


BAD = [
    ({}, "length_km of link 'a' - 'b' is missing"),
    ({"length_km": -1}, "length_km of link 'a' - 'b' must be above 0, not -1"),
    ({"length_km": 0}, "must be above 0"),
    ({"length_km": 1, "loss_db": -3}, "loss_db of link"),
    (
        {"length_km": 1, "success": 0},
        "success of link 'a' - 'b' must be above 0: a link that never makes a pair",
    ),
    ({"length_km": 1, "success": 1.5}, "probability between 0 and 1"),
    ({"length_km": 1, "fidelity": 0.25}, "fidelity of link 'a' - 'b' must be above 1/4"),
    ({"length_km": 1, "fidelity": 0.1}, "must be above 1/4"),
    ({"length_km": 1, "slot_s": 0}, "slot_s of link"),
    ({"length_km": 1, "rate_hz": -2}, "rate_hz of link"),
    ({"length_km": 1, "memories": 0}, "memories of link"),
    ({"length_km": 1, "width_km": 3}, "unknown attribute 'width_km'"),
    ({"length_km": 1e6}, "success of link 'a' - 'b' must be above 0"),
]


@pytest.mark.parametrize(("attributes", "says"), BAD)
def test_refuses_links(attributes, says):
    with pytest.raises(ValueError, match=says):
        Network(edge(**attributes))


@pytest.mark.parametrize(
    ("attributes", "says"),
    [
        ({"swap_success": 0}, "swap_success of node 'a' must be above 0"),
        ({"swap_werner": 0}, "swap_werner of node 'a' must be above 0"),
        ({"coherence_s": 0}, "coherence_s of node 'a' must be above 0"),
        ({"memories": 0}, "memories of node 'a' must be at least 1"),
        ({"memory": 1}, "unknown attribute 'memory'"),
    ],
)
def test_refuses_nodes(attributes, says):
    graph = edge(length_km=1)
    graph.nodes["a"].update(attributes)
    with pytest.raises(ValueError, match=says):
        Network(graph)


def test_refuses_more_memory_than_there_is():
    graph = nx.star_graph(3)
    nx.set_edge_attributes(graph, 1.0, "length_km")
    graph.nodes[0]["memories"] = 2
    with pytest.raises(ValueError, match="the links of node 0 ask for 3 memories and it has 2: give it more"):
        Network(graph)


def test_refuses_what_is_no_graph():
    with pytest.raises(TypeError, match=r"must be a networkx.Graph with length_km"):
        Network({"a": "b"})
    with pytest.raises(TypeError, match="a pair has no direction"):
        Network(nx.DiGraph([(0, 1)]))
    with pytest.raises(ValueError, match="at least one edge"):
        Network(nx.empty_graph(3))
    loop = edge(length_km=1)
    loop.add_edge("a", "a", length_km=1)
    with pytest.raises(ValueError, match="joins a node to itself"):
        Network(loop)


def test_unknown_nodes_and_links_and_paths_are_refused():
    network = grid(2, 2)
    with pytest.raises(
        ValueError, match=r"there is no node \(9, 9\) in the network; its 4 nodes are \(0, 0\)"
    ):
        network[9, 9]
    with pytest.raises(ValueError, match=r"there is no link \(0, 0\) - \(1, 1\); \(0, 0\) has links to"):
        network.link((0, 0), (1, 1))
    with pytest.raises(ValueError, match="at least two nodes"):
        network.links_of([(0, 0)])
    with pytest.raises(ValueError, match="visit each node once"):
        network.links_of([(0, 0), (0, 1), (0, 0)])
    with pytest.raises(ValueError, match="no node is called 'Atlantis'"):
        network.find("Atlantis")
