"""What a checkpoint of an orchestrated run holds, and how such a run is known again."""

from collections.abc import Mapping
from dataclasses import asdict
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from qlearn.networks.federated._identity import described, digest
from qlearn.networks.federated.history import Failure
from qlearn.networks.orchestration._engine import Engine
from qlearn.networks.orchestration.kpis import KPIs
from qlearn.networks.orchestration.latency import Latency
from qlearn.networks.orchestration.orchestration_history import OrchestratedRound
from qlearn.networks.orchestration.orders import Orders

if TYPE_CHECKING:
    import networkx as nx


def identity(network: "nx.Graph", engine: Engine) -> dict[str, Any]:
    """Return what tells this run from another, as JSON holds it.

    The samples of the units are in it by a digest: what is sent again after a restart must be what was sent before, since it
    goes under the same pads.
    """
    nodes, edges = sorted(network.nodes(data=True)), sorted(network.edges(data=True), key=repr)
    samples = "".join(digest(client.X, client.y) for client in engine.server.clients)
    return {
        **engine.server.identity(),
        "samples": sha256(samples.encode()).hexdigest(),
        "network": sha256(repr((nodes, edges)).encode()).hexdigest(),
        "policy": described(engine.policy)
        if not hasattr(engine.policy, "get_state")
        else type(engine.policy).__name__,
        "fusion": described(engine.fusion),
        "faults": [described(fault) for fault in engine.faults],
        "constraints": described(engine.constraints),
        "reward": getattr(engine.reward, "__qualname__", type(engine.reward).__name__),
        "period_s": engine.period_s,
        "patience_s": engine.patience_s,
        "capacity": engine.world.reserves.capacity,
    }


def told(record: OrchestratedRound) -> dict[str, Any]:
    """Return a record as numbers, texts, lists and dictionaries."""
    assignment = record.orders.assignment
    plain = asdict(record)
    plain["orders"]["assignment"] = dict(assignment) if isinstance(assignment, Mapping) else assignment
    plain["events"] = [[event.client, event.stage, event.reason] for event in record.events]
    return plain


def record_of(plain: dict[str, Any]) -> OrchestratedRound:
    """Return the record again.

    Examples
    --------
    >>> record = OrchestratedRound(2, Orders(assignment={"unit 0": "aggregator 1"}), KPIs(2, accuracy=0.5))
    >>> again = record_of(told(record))
    >>> again.orders == record.orders, again.kpis.accuracy, again.latency == record.latency
    (True, 0.5, True)
    """
    return OrchestratedRound(
        **{
            **plain,
            "orders": Orders(**plain["orders"]),
            "kpis": KPIs(**plain["kpis"]),
            "latency": Latency(**plain["latency"]),
            "events": tuple(Failure(*event) for event in plain["events"]),
        }
    )
