"""What a checkpoint of an orchestrated run holds, and how such a run is known again."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from functools import cached_property, partial
from hashlib import sha256
from types import CodeType, FunctionType, MethodType, ModuleType
from typing import TYPE_CHECKING, Any

import numpy as np

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
    # The order of nodes and links says whose samples are whose, and which reserve is of which link.
    places = engine.world.units, engine.world.hubs, list(engine.world.link_of.items())
    samples = "".join(digest(client.X, client.y) for client in engine.server.clients)
    return {
        **engine.server.identity(),
        "samples": sha256(samples.encode()).hexdigest(),
        "network": sha256(repr((nodes, edges, places)).encode()).hexdigest(),
        "policy": made_of(engine.policy, memory_of(engine.policy)),
        "strategy_made_of": made_of(engine.server.strategy),
        "fusion": made_of(engine.fusion),
        "faults": [described(fault) for fault in engine.faults],
        "constraints": described(engine.constraints),
        "reward": made_of(engine.reward),
        "period_s": engine.period_s,
        "patience_s": engine.patience_s,
        "capacity": engine.world.reserves.capacity,
    }


def memory_of(policy: Any) -> set[str]:
    """Return the names of what a policy keeps in a checkpoint: that is taken from there, and may differ."""
    return set(policy.get_state()) if callable(getattr(policy, "get_state", None)) else set()


def made_of(thing: Any, without: Iterable[str] = (), _within: tuple[int, ...] = ()) -> str:
    """Return what a thing is made of, down to numbers, texts and code, but for the attributes in `without`.

    How a thing shows itself is not enough: two policies of one class, or two lambdas, may show the same and order differently,
    and a restart with the other one would put other numbers under pads that were used.

    Examples
    --------
    >>> made_of(lambda x: 2 * x) == made_of(lambda x: 3 * x), made_of(Orders()) == made_of(Orders())
    (False, True)
    """
    if id(thing) in _within:
        return "itself"
    within = (*_within, id(thing))

    def inner(part: Any) -> str:
        return made_of(part, (), within)

    name = f"{type(thing).__module__}.{type(thing).__qualname__}"
    if isinstance(thing, np.ndarray) and thing.dtype != object:
        return f"array {thing.shape} {sha256(described(thing).encode()).hexdigest()[:16]}"
    if isinstance(thing, np.random.Generator):
        return f"{name} {sha256(repr(thing.bit_generator.state).encode()).hexdigest()[:16]}"
    if isinstance(thing, CodeType):
        return f"{thing.co_code.hex()} {thing.co_names} {[inner(part) for part in thing.co_consts]}"
    if isinstance(thing, FunctionType):
        held = [cell.cell_contents for cell in thing.__closure__ or ()]
        code = " ".join(map(inner, (thing.__code__, thing.__defaults__, thing.__kwdefaults__, held)))
        return f"{thing.__qualname__} {sha256(code.encode()).hexdigest()[:16]}"
    if isinstance(thing, MethodType):
        return f"{inner(thing.__func__)} of {inner(thing.__self__)}"
    if isinstance(thing, partial):
        return f"partial {inner(thing.func)} {inner(thing.args)} {inner(thing.keywords)}"
    if isinstance(thing, Mapping):
        return f"{{{', '.join(f'{inner(key)}: {inner(value)}' for key, value in thing.items())}}}"
    if isinstance(thing, set | frozenset):  # texts in a set have another order in each process
        return f"{type(thing).__name__}[{', '.join(sorted(map(inner, thing)))}]"
    if isinstance(thing, list | tuple):
        return f"{type(thing).__name__}[{', '.join(map(inner, thing))}]"
    if isinstance(thing, type | ModuleType) or not hasattr(thing, "__dict__"):
        return described(thing)
    # What a property has computed and kept is no setting.
    kept = {key for key in vars(thing) if isinstance(getattr(type(thing), key, None), cached_property)}
    own = {
        key: value
        for key, value in sorted(vars(thing).items())
        if key not in kept and not {key, key.lstrip("_")} & set(without)
    }
    return f"{name}({', '.join(f'{key}={inner(value)}' for key, value in own.items())})"


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
