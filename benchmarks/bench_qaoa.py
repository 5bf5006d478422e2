"""Energy and gradient of QAOA beside PennyLane: lightning with the adjoint method, and default.qubit.

Random 3-regular graphs, random angles. Each side is prepared once (our diagonal of the cost, their device and
QNode) and then asked for the expected cut *and* its 2p derivatives. They must agree before the clock starts.
"""

import warnings
from collections.abc import Callable, Iterable
from typing import Any

import networkx as nx
import numpy as np

from benchmarks.harness import Row, compare, time_best
from qlearn.learning.optimisation import QAOASimulator

SECTION = "qaoa"
SIZES, DEPTHS = (10, 12, 14, 16), (1, 3, 5)
# What a device is called, and how it takes gradients best of what it offers.
ADJOINT, BACKPROP = ("lightning.qubit", "adjoint"), ("default.qubit", "backprop")


def problem(n: int, p: int) -> tuple[nx.Graph, np.ndarray]:
    """Return a graph and angles, shape (2, p): what they are does not matter to the clock."""
    return nx.random_regular_graph(3, n, seed=n), np.random.default_rng(p).uniform(-1, 1, (2, p))


def ours(graph: nx.Graph, angles: np.ndarray) -> Callable[[], tuple[float, np.ndarray]]:
    """Return the function to time."""
    sweep = QAOASimulator.of(graph)
    return lambda: sweep.energy_and_gradient(angles[0], angles[1])


def pennylane(
    graph: nx.Graph, angles: np.ndarray, device: str, method: str
) -> Callable[[], tuple[float, np.ndarray]] | None:
    """Return the same function by PennyLane; None if the device is not installed."""
    import pennylane as qml
    from pennylane import numpy as pnp

    n, p = len(graph), angles.shape[1]
    try:
        simulator = qml.device(device, wires=n)
    except (ImportError, qml.DeviceError):
        return None
    edges = list(graph.edges)
    # The cut is m/2 minus half of the sum of Z Z: one observable, its constant left out.
    cost = qml.Hamiltonian([-0.5] * len(edges), [qml.Z(u) @ qml.Z(v) for u, v in edges])

    @qml.qnode(simulator, interface="autograd", diff_method=method)
    def expectation(angles: Any) -> Any:
        for w in range(n):
            qml.Hadamard(w)
        for layer in range(p):
            for u, v in edges:
                qml.IsingZZ(-angles[0, layer], [u, v])
            for w in range(n):
                qml.RX(2 * angles[1, layer], w)
        return qml.expval(cost)

    gradient, given = qml.grad(expectation), pnp.array(angles, requires_grad=True)

    def both() -> tuple[float, np.ndarray]:
        derivatives = gradient(given)  # its forward pass gives the energy as well
        return float(gradient.forward) + len(edges) / 2, np.asarray(derivatives)

    return both


def rows() -> Iterable[Row]:
    """Yield a row for each size and depth beside lightning, and for n = 10 beside default.qubit."""
    for n in SIZES:
        for p in DEPTHS:
            graph, angles = problem(n, p)
            mine = ours(graph, angles)
            rivals = [(ADJOINT, {"at_most": 1.0})] + ([(BACKPROP, {"faster": 50.0})] if n == 10 else [])
            seconds = time_best(mine, repeat=9)
            for (device, method), bound in rivals:
                what = f"energy and gradient, {n} nodes, p={p}"
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")
                    theirs = pennylane(graph, angles, device, method)
                    if theirs is not None:
                        agree(mine(), theirs())
                    other = None if theirs is None else time_best(theirs, repeat=3)
                yield compare(SECTION, what, seconds, f"PennyLane {device}, {method}", other, **bound)


def agree(mine: tuple[float, np.ndarray], theirs: tuple[float, np.ndarray]) -> None:
    """Refuse to time two functions that do not compute the same thing."""
    np.testing.assert_allclose(mine[0], theirs[0], atol=1e-9)
    np.testing.assert_allclose(mine[1], theirs[1], atol=1e-9)
