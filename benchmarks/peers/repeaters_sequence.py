"""A chain of repeaters in SeQUeNCe, run in its own environment: prints what is asked for on its last line.

`repeaters_sequence.py seconds ROUTERS TARGET MS`: seconds of work for one pair from end to end, of MS ms of traffic in a
chain of routers that asks for pairs of the fidelity TARGET (from .65 on it purifies).
`repeaters_sequence.py link MEMORIES`: mean milliseconds until a link of two routers has made a pair, per memory.
Its swaps multiply F1 F2 .95, whatever the pairs are: the mean fidelity is checked against that, so that it is known what
was timed.
"""

import json
import sys
import tempfile
import time
from itertools import pairwise
from pathlib import Path
from typing import Any

from sequence.app.request_app import RequestApp
from sequence.topology.router_net_topo import RouterNetTopo

RAW, DEGRADATION, MEMORIES = 0.95, 0.95, 25
START_MS = 100  # the reservation has to reach the last router and come back
MS = 10**9  # picoseconds


class Counting(RequestApp):
    """Ask for pairs, and note when each comes and how good it is said to be."""

    def __init__(self, node: Any) -> None:
        super().__init__(node)
        self.found: list[tuple[int, float]] = []

    def get_memory(self, info: Any) -> None:
        """Note a pair with the other end."""
        # SeQUeNCe's own application overlooks pairs in the state PURIFIED: they would fill the memories and count for nothing.
        if info.state in ("ENTANGLED", "PURIFIED") and info.index in self.memo_to_reservation:
            asked = self.memo_to_reservation[info.index]
            if info.remote_node == asked.responder and info.fidelity >= asked.fidelity:
                self.found.append((self.node.timeline.now(), info.fidelity))
        super().get_memory(info)


def chain(routers: int, memories: int, stop_ms: float) -> RouterNetTopo:
    """Return routers in a row, a station in the middle of each link of 2 km."""
    names = [f"r{i}" for i in range(routers)]
    template = {"MemoryArray": {"fidelity": RAW, "efficiency": 1, "frequency": 8e7, "coherence_time": -1}}
    config = {
        "stop_time": int(stop_ms * MS),
        "templates": {"router": template},
        "nodes": [
            {
                "name": name,
                "type": "QuantumRouter",
                "seed": i,
                "memo_size": 2 * memories,
                "template": "router",
            }
            for i, name in enumerate(names)
        ],
        "qconnections": [
            {
                "node1": a,
                "node2": b,
                "attenuation": 1e-5,
                "distance": 2000,
                "type": "meet_in_the_middle",
                "seed": 100 + i,
            }
            for i, (a, b) in enumerate(pairwise(names))
        ],
        "cconnections": [
            {"node1": a, "node2": b, "distance": 1000, "delay": MS // 10}
            for i, a in enumerate(names)
            for b in names[i + 1 :]
        ],
    }
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "chain.json"
        path.write_text(json.dumps(config))
        network = RouterNetTopo(str(path))
    for station in network.get_nodes_by_type(RouterNetTopo.BSM_NODE):
        (bsm,) = station.get_components_by_type("SingleAtomBSM")
        bsm.update_detectors_params("efficiency", 0.9)
    return network


def run(
    routers: int, memories: int, target: float, traffic_ms: float
) -> tuple[float, list[tuple[int, float]]]:
    """Return the seconds of the run, and time and fidelity of each pair."""
    stop = START_MS + traffic_ms
    network = chain(routers, memories, stop)
    first, *_, last = sorted(network.get_nodes_by_type(RouterNetTopo.QUANTUM_ROUTER), key=lambda r: r.name)
    app, _ = Counting(first), RequestApp(last)
    timeline = network.get_timeline()
    timeline.init()
    app.start(last.name, START_MS * MS, int(stop * MS), memories, target)
    began = time.process_time()
    timeline.run()
    return time.process_time() - began, app.found


if sys.argv[1] == "link":
    count = int(sys.argv[2])
    _, found = run(2, count, 0.5, 20)
    first = [(at - START_MS * MS) / MS for at, _ in found[:count]]
    print(f"{len(first)} links, first {min(first):.3f} ms, last {max(first):.3f} ms", file=sys.stderr)
    print(sum(first) / len(first))
else:
    routers, target, traffic_ms = int(sys.argv[2]), float(sys.argv[3]), float(sys.argv[4])
    seconds, found = run(routers, MEMORIES, target, traffic_ms)
    if not found:
        raise SystemExit("SeQUeNCe delivered nothing")
    mean = sum(fidelity for _, fidelity in found) / len(found)
    print(f"{seconds:.2f} s, {len(found)} pairs, mean fidelity {mean:.4f}", file=sys.stderr)
    plain = RAW ** (routers - 1) * DEGRADATION ** (routers - 2)
    if abs(mean - plain) > 1e-9 if target < plain else mean < target:
        raise SystemExit(f"SeQUeNCe did not run the chain that is timed here: mean fidelity {mean}")
    print(seconds / len(found))
