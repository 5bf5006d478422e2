"""Teleporting 1000 random states: qlearn beside PennyLane's one broadcast call and one Aer batch."""

from collections.abc import Callable, Iterable

import numpy as np
from numpy.typing import NDArray

from benchmarks.harness import Row, compare, time_best
from qlearn.communication.teleportation import circuit, teleport, werner
from qlearn.qubits import ket, random_state

SECTION = "teleportation"
N = 1000


def plain_numpy(states: NDArray) -> Callable[[], object]:
    """Return the vectorised loop a careful student would write: eight amplitudes a run, gate by gate."""
    h, rng, one = np.array([[1, 1], [1, -1]]) / np.sqrt(2), np.random.default_rng(1), np.arange(len(states))
    pair = np.array([[1, 0], [0, 1]]) / np.sqrt(2)

    def run() -> NDArray:
        psi = np.einsum("ni,jk->nijk", states, pair)
        psi[:, 1] = psi[:, 1, ::-1]  # cx(0, 1)
        psi = np.einsum("ai,nijk->najk", h, psi).reshape(-1, 4, 2)
        chances = (np.abs(psi) ** 2).sum(-1).cumsum(-1)
        found = (rng.random((len(states), 1)) > chances[:, :3]).sum(-1)
        bob = psi[one, found]
        bob /= np.linalg.norm(bob, axis=1, keepdims=True)
        bob = np.where((found & 1)[:, None] == 1, bob[:, ::-1], bob)
        bob[:, 1] *= 1 - 2 * (found >> 1)
        return bob

    return run


def pennylane_broadcast(states: NDArray) -> Callable[[], object]:
    """Return one call over the whole batch, controls in the place of the bits: its quickest form."""
    import pennylane as qml

    device = qml.device("default.qubit", wires=3)

    @qml.qnode(device, interface=None)
    def node() -> object:
        qml.StatePrep(states, wires=0)
        qml.Hadamard(1)
        qml.CNOT([1, 2])
        qml.CNOT([0, 1])
        qml.Hadamard(0)
        qml.CNOT([1, 2])
        qml.CZ([0, 2])
        return qml.density_matrix(2)

    return node


def aer_batch(states: NDArray) -> Callable[[], object]:
    """Return one Aer run of all circuits, built and transpiled beforehand, one shot each."""
    from qiskit import QuantumCircuit, transpile
    from qiskit_aer import AerSimulator

    backend = AerSimulator(max_parallel_threads=1)
    body = circuit().to_qiskit()
    programs = []
    for state in states:
        program = QuantumCircuit(*body.qregs, *body.cregs)
        program.initialize(state, 2)  # our wire 0
        program.compose(body, inplace=True)
        programs.append(program)
    ready = transpile(programs, backend, optimization_level=0)
    return lambda: backend.run(ready, shots=1).result()


def _seconds(make: Callable[[NDArray], Callable[[], object]], states: NDArray, repeat: int) -> float | None:
    try:
        run = make(states)
    except ImportError:
        return None
    return time_best(run, repeat=repeat)


def rows() -> Iterable[Row]:
    """Yield the rows of the table; every ratio is of this run, on one thread."""
    states, rng = random_state(1, size=N, rng=1), np.random.default_rng(2)
    ours = time_best(lambda: teleport(states, rng=rng), repeat=20)
    noisy = time_best(lambda: teleport(states, resource=werner(0.9), rng=rng), repeat=20)
    steps, start = circuit(), np.kron(states, ket("00"))
    engine = time_best(lambda: steps.run(start, rng=rng), repeat=20)

    numpy = _seconds(plain_numpy, states, 20)
    pennylane = _seconds(pennylane_broadcast, states, 20)
    aer = _seconds(aer_batch, states, 3)
    what = f"{N} states"
    yield compare(SECTION, what, ours, "vectorised NumPy", numpy, at_most=1)
    yield compare(SECTION, what, ours, "PennyLane, one broadcast call", pennylane, faster=1)
    yield compare(SECTION, what, ours, "Aer, one batch", aer, faster=1000)
    yield compare(
        SECTION, what + ", circuit engine", engine, "PennyLane, one broadcast call", pennylane, faster=1
    )
    yield compare(SECTION, what + ", mixed pair", noisy, "PennyLane, one broadcast call", pennylane, faster=1)
