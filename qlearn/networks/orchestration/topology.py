r"""Topology: the network of Fig. 5, with its orchestrator, aggregators, processing units and sensors."""

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_choice, as_count, as_probability, as_real, as_reals, as_rng
from qlearn.communication.key_rate import asymptotic_rate

if TYPE_CHECKING:
    import networkx as nx

ORCHESTRATOR = "orchestrator"
"""Name of the one node with this role."""
ROLES = ("orchestrator", "aggregator", "unit", "sensor")
CHANNELS = ("management", "results", "sensing")

_LOSS_DB_PER_KM = 0.2
_QBER = 0.02


def link_key_rate(
    length_km: ArrayLike, qber: ArrayLike = _QBER, *, pulses_per_second: float = 1e6
) -> NDArray[np.float64]:
    r"""Return the secret bits a second that a link of fibre makes.

    .. math:: R = \tfrac12\, f_\text{rep}\; 10^{-0.2 L/10}\; \max\bigl(0,\, 1 - 2h(Q)\bigr)

    A photon a pulse, BB84 with equal bases, endless keys; above 11 % of errors there is none. It is the plain scale of a
    link: what lasers, dead times and finite keys cost is the business of earlier chapters.

    Parameters
    ----------
    length_km : array_like of float, shape (...)
        Length :math:`L`.
    qber : array_like of float, shape (...)
        Error rate :math:`Q`; broadcasts.
    pulses_per_second : float
        :math:`f_\text{rep}`, Hz.

    Returns
    -------
    ndarray of float, shape (...)
        Bit a second.

    Examples
    --------
    >>> link_key_rate([0.0, 50.0], qber=0.0)
    array([500000.,  50000.])
    >>> link_key_rate(10.0, qber=0.12)
    array(0.)

    References
    ----------
    Shor and Preskill, "Simple proof of security of the BB84 quantum key distribution protocol", 2000,
    arXiv:quant-ph/0003004.
    """
    length = as_reals(length_km, "length_km", least=0)
    pulses = as_real(pulses_per_second, "pulses_per_second", above=0)
    return np.asarray(pulses / 2 * 10 ** (-_LOSS_DB_PER_KM * length / 10) * asymptotic_rate(qber))


def nodes_of(network: "nx.Graph", role: str) -> list[str]:
    """Return the names of the nodes with this role, in the network's order.

    Parameters
    ----------
    network : networkx.Graph
        As :func:`intelligence_network` makes it.
    role : {"orchestrator", "aggregator", "unit", "sensor"}
        The role.

    Returns
    -------
    list of str

    Examples
    --------
    >>> nodes_of(intelligence_network(3, 1, rng=0), "unit")
    ['unit 0', 'unit 1', 'unit 2']
    """
    as_choice(role, ROLES, "role")
    return [name for name, its in network.nodes(data="role") if its == role]


def intelligence_network(
    n_units: int,
    n_aggregators: int,
    *,
    rng: Any = None,
    quantum_share: float = 0.5,
    reach: int = 2,
    side_km: float = 40.0,
    sensors_per_unit: int = 1,
    pulses_per_second: float = 1e6,
    bits_per_second: float = 1e6,
    qber: float = _QBER,
    two_channels: bool = True,
) -> "nx.MultiGraph":
    """Return a quantum intelligence network as a graph: who is who, and which link can do what.

    Units lie uniformly in a square, with the orchestrator in its middle and the aggregators on a circle around it. Each unit
    has a link to each of its `reach` nearest aggregators.

    Parameters
    ----------
    n_units : int
        Processing units.
    n_aggregators : int
        Aggregators.
    rng : optional
        Anything that :func:`numpy.random.default_rng` takes: draws places and speeds, and which units have quantum data.
    quantum_share : float
        Share of the units with quantum data, 0 to 1; rounded to whole units.
    reach : int
        Links of a unit: more than one lets it change its aggregator.
    side_km : float
        Side of the square.
    sensors_per_unit : int
        Sensors of a unit, at its place; 0 leaves them out.
    pulses_per_second : float
        Of each quantum link, Hz: see :func:`link_key_rate`.
    bits_per_second : float
        Of each classical line.
    qber : float
        Error rate of each quantum link while nobody listens.
    two_channels : bool
        Whether aggregators have a line of their own for management, beside the one for results.

    Returns
    -------
    networkx.MultiGraph
        Nodes have ``role``, ``position`` (km, km) and, if units or sensors, ``data`` ("classical" or "quantum"); a unit
        has ``speed`` (sample passes a second), an aggregator ``service_s`` (seconds of its time an update). Edges have as
        key and as ``channel`` "results", "management" or, from a sensor to its unit, "sensing"; the first two have
        ``length_km``, ``bits_per_second``, ``key_rate`` (bit a second), ``qber``, ``pulses_per_second``.

    Examples
    --------
    >>> network = intelligence_network(6, 2, rng=0, quantum_share=0.5)
    >>> network.number_of_nodes(), [network.nodes[unit]["data"] for unit in nodes_of(network, "unit")].count("quantum")
    (15, 3)
    >>> sorted(network["orchestrator"]["aggregator 0"])
    ['management', 'results']
    >>> link = network["orchestrator"]["aggregator 0"]["results"]
    >>> link["length_km"], link["key_rate"] == link_key_rate(10.0)
    (10.0, np.True_)
    """
    import networkx as nx

    n_units, n_aggregators = as_count(n_units, "n_units"), as_count(n_aggregators, "n_aggregators")
    reach = min(as_count(reach, "reach"), n_aggregators)
    sensors_per_unit = as_count(sensors_per_unit, "sensors_per_unit", least=0)
    n_quantum = int(np.floor(as_probability(quantum_share, "quantum_share") * n_units + 0.5))
    side_km = as_real(side_km, "side_km", above=0)
    bits_per_second = as_real(bits_per_second, "bits_per_second", above=0)
    qber = as_probability(qber, "qber")
    generator = as_rng(rng)

    turns = 2 * np.pi * np.arange(n_aggregators) / n_aggregators
    hubs = side_km / 4 * np.stack([np.cos(turns), np.sin(turns)], axis=1)
    places = generator.uniform(-side_km / 2, side_km / 2, (n_units, 2))
    speeds = generator.uniform(500, 1500, n_units)
    quantum = np.zeros(n_units, bool)
    quantum[generator.choice(n_units, n_quantum, replace=False)] = True
    far = np.linalg.norm(places[:, None, :] - hubs[None, :, :], axis=2)
    near = np.argsort(far, axis=1, kind="stable")[:, :reach]
    rates = link_key_rate(far, qber, pulses_per_second=pulses_per_second)

    def line(km: float, rate: float, channel: str) -> dict[str, Any]:
        return {
            "channel": channel,
            "length_km": float(km),
            "bits_per_second": bits_per_second,
            "key_rate": float(rate),
            "qber": qber,
            "pulses_per_second": pulses_per_second,
        }

    network = nx.MultiGraph()
    network.add_node(ORCHESTRATOR, role="orchestrator", position=(0.0, 0.0))
    trunk = side_km / 4
    trunk_rate = float(link_key_rate(trunk, qber, pulses_per_second=pulses_per_second))
    for j in range(n_aggregators):
        name = f"aggregator {j}"
        network.add_node(name, role="aggregator", position=tuple(hubs[j].tolist()), service_s=0.005)
        for channel in ("results", "management")[: 1 + two_channels]:
            network.add_edge(ORCHESTRATOR, name, key=channel, **line(trunk, trunk_rate, channel))
    for i in range(n_units):
        name, data = f"unit {i}", "quantum" if quantum[i] else "classical"
        place = tuple(places[i].tolist())
        network.add_node(name, role="unit", position=place, data=data, speed=float(speeds[i]))
        for j in near[i].tolist():
            network.add_edge(
                name, f"aggregator {j}", key="results", **line(far[i, j], rates[i, j], "results")
            )
        for k in range(sensors_per_unit):
            sensor = f"sensor {i}.{k}"
            network.add_node(sensor, role="sensor", position=place, data=data)
            network.add_edge(sensor, name, key="sensing", channel="sensing")
    return network
