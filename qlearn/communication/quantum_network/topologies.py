"""Topologies: two backbones of the United States with their lengths, and grids."""

import json
from importlib.resources import files
from typing import Any

from qlearn._checks import as_count, as_real
from qlearn.communication.quantum_network.network import Network

# ends and km, as in the paper of DeepRMSA and its code
_NSFNET = (
    "0-1 1050, 0-2 1500, 0-7 2400, 1-2 600, 1-3 750, 2-5 1800, 3-4 600, 3-10 1950, 4-5 1200, 4-6 600, 5-9 1050, "
    "5-13 1800, 6-7 750, 6-9 1350, 7-8 750, 8-9 750, 8-11 300, 8-12 300, 10-11 600, 10-12 750, 11-13 300, 12-13 150"
)


def nobel_us(*, scale: float = 1.0, **attributes: Any) -> Network:
    """Return the backbone *nobel-us* of SNDlib: 14 towns of the United States, 21 links, with labels and positions.

    Read from the package topohub, which took it from SNDlib. Its positions look like degrees and minutes read as
    decimals (Palo Alto at 37.25 for 37 degrees 25 minutes), so its lengths are slightly off; they are kept as they
    come, because others compute with them. It is *not* the NSFNET of 22 links (:func:`nsfnet`).

    Parameters
    ----------
    scale : float
        Factor of all lengths. At 1 a link has 294 to 2834 km, far beyond what a fibre passes without a repeater; 1/20
        makes a network of metropolitan size.
    **attributes
        For :class:`Network`: ``efficiency``, ``fidelity_km``; or an attribute of every link or node, such as
        ``swap_success`` or ``fidelity``.

    Returns
    -------
    Network
        Nodes 0 to 13; :meth:`Network.label` and :meth:`Network.find` speak of towns.

    Examples
    --------
    >>> nobel_us()
    Network(14 nodes, 21 links, 22838.3 km)
    >>> nobel_us().link(3, 8).length_km  # Washington - Princeton
    294.05

    References
    ----------
    Orlowski, Wessaely, Pioro and Tomaszewski, "SNDlib 1.0: Survivable Network Design Library", Networks 55, 276 (2010),
    doi:10.1002/net.20371; P. Jurkiewicz, "TopoHub", SoftwareX (2023), doi:10.1016/j.softx.2023.101540.
    """
    # topohub.get leaves its file open, which a strict test run takes for an error
    told = json.loads((files("topohub") / "data/sndlib/nobel-us.json").read_text(encoding="utf8"))
    edges = [(edge["source"], edge["target"], float(edge["dist"])) for edge in told["edges"]]
    places = {
        node["id"]: {"label": node["name"], "position": tuple(map(float, node["pos"]))}
        for node in told["nodes"]
    }
    return _build(edges, places, scale, attributes)


def nsfnet(*, scale: float = 1.0, **attributes: Any) -> Network:
    """Return the NSFNET in the form with 14 nodes and 22 links that papers on optical routing use.

    Its lengths are round numbers in km. SNDlib's *nobel-us* (:func:`nobel_us`) has 21 links and other lengths, and a
    third form, in the Topology Zoo, has 13 nodes: whoever compares says which.

    Parameters
    ----------
    scale : float
        Factor of all lengths.
    **attributes
        As for :func:`nobel_us`.

    Returns
    -------
    Network
        Nodes 0 to 13, without names or positions.

    Examples
    --------
    >>> nsfnet()
    Network(14 nodes, 22 links, 21300 km)

    References
    ----------
    Chen, Li, Proietti, Lu and Yoo, "DeepRMSA", J. Lightwave Technol. 37, 4155 (2019), doi:10.1109/JLT.2019.2923615.
    """
    edges = []
    for entry in _NSFNET.split(", "):
        ends, km = entry.split(" ")
        u, v = map(int, ends.split("-"))
        edges.append((u, v, float(km)))
    return _build(sorted(edges), {}, scale, attributes)


def grid(rows: int, columns: int, *, length_km: float = 10.0, **attributes: Any) -> Network:
    """Return a grid of nodes with equal links, as a plain case where every route has many equals.

    Parameters
    ----------
    rows, columns : int
        At least 2 nodes in all.
    length_km : float
        Length of each link.
    **attributes
        As for :func:`nobel_us`.

    Returns
    -------
    Network
        Nodes are the pairs (row, column).

    Examples
    --------
    >>> grid(3, 3)
    Network(9 nodes, 12 links, 120 km)
    """
    rows, columns = as_count(rows, "rows"), as_count(columns, "columns")
    length_km = as_real(length_km, "length_km", above=0)
    if rows * columns < 2:
        raise ValueError("a grid must have at least two nodes: give rows or columns above 1")
    edges: list[tuple] = []
    for i in range(rows):
        for j in range(columns):
            edges += [((i, j), (i + 1, j), length_km)] if i + 1 < rows else []
            edges += [((i, j), (i, j + 1), length_km)] if j + 1 < columns else []
    places: dict[Any, dict[str, Any]] = {
        (i, j): {"position": (float(j), float(-i))} for i in range(rows) for j in range(columns)
    }
    return _build(edges, places, 1.0, attributes)


def _build(edges: list, places: dict, scale: float, attributes: dict[str, Any]) -> Network:
    """Make a network of edges and places; an attribute goes to the network, to each link or to each node."""
    import networkx as nx

    from qlearn.communication.quantum_network.network import LINK_NAMES, NODE_NAMES

    scale = as_real(scale, "scale", above=0)
    whole = {name: attributes.pop(name) for name in ("efficiency", "fidelity_km") if name in attributes}
    on_links = {
        name: value for name, value in attributes.items() if name in LINK_NAMES and name != "memories"
    }
    on_nodes = {name: value for name, value in attributes.items() if name in NODE_NAMES}
    if strange := set(attributes) - set(on_links) - set(on_nodes):
        raise TypeError(
            f"{strange.pop()!r} is no attribute of a network, a link or a node: there are efficiency, fidelity_km, "
            f"{', '.join(LINK_NAMES[1:-1])}, {', '.join(NODE_NAMES)}"
        )
    graph = nx.Graph()
    for name in dict.fromkeys([*places, *(end for u, v, _ in sorted(edges) for end in (u, v))]):
        graph.add_node(name, **places.get(name, {}), **on_nodes)
    for u, v, km in edges:
        graph.add_edge(u, v, **{"length_km": scale * km, **on_links})
    return Network(graph, **whole)
