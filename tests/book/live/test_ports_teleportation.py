"""The ports of teleportation, against the library and against three qubits by hand."""

from collections.abc import Callable

import numpy as np

from qlearn.communication import teleportation
from qlearn.qubits import (
    BELL_NAMES,
    bell_state,
    bloch_vector,
    density,
    fidelity,
    partial_trace,
    random_state,
)
from qlearn.qubits.entanglement.bell_inequality import moments
from qlearn.qubits.paulis import IXYZ, PAULIS

N = 1000
GATES = [PAULIS["I"], PAULIS["X"], PAULIS["Z"], PAULIS["Z"] @ PAULIS["X"]]


def arrow(rho: np.ndarray) -> np.ndarray:
    return np.einsum("iab,...ba->...i", IXYZ[1:], rho).real


def by_hand(state: np.ndarray, pair: np.ndarray, found: int) -> list[np.ndarray]:
    """Project wires 0 and 1 of eight amplitudes squared on a Bell state, and trace."""
    whole = np.kron(density(state), pair)
    projector = np.kron(density(bell_state(BELL_NAMES[found])), np.eye(2))
    left = projector @ whole @ projector
    chance = np.trace(left).real
    bob = partial_trace(left / chance, keep=2)
    return [chance, arrow(bob), arrow(GATES[found] @ bob @ GATES[found].conj().T)]


def test_runs_of_the_protocol(port: Callable, agree: Callable):
    rng = np.random.default_rng(1)
    states = random_state(1, size=N, rng=rng)
    pairs = partial_trace(random_state(4, size=N, rng=rng), keep=[0, 1])
    runs = [teleportation.teleport(s, resource=pair, rng=rng) for s, pair in zip(states, pairs)]
    found = np.array([2 * run.bits[0] + run.bits[1] for run in runs])
    theirs = port(
        "communication/teleportation", "teleport", list(zip(bloch_vector(states), moments(pairs), found))
    )
    agree([one[2] for one in theirs], arrow(np.array([run.states for run in runs])), scale=1)
    hand = [by_hand(s, pair, k) for s, pair, k in zip(states, pairs, found)]
    agree([one[0] for one in theirs], np.array([one[0] for one in hand]), scale=1)
    agree([one[1] for one in theirs], np.array([one[1] for one in hand]), scale=1)


def test_fidelities(port: Callable, agree: Callable):
    rng = np.random.default_rng(2)
    pairs = partial_trace(random_state(4, size=N, rng=rng), keep=[0, 1])
    table = moments(pairs)[:, None]
    process = [teleportation.process_fidelity(pair) for pair in pairs]
    agree(port("communication/teleportation", "process_fidelity", table), np.array(process), scale=1)
    average = [teleportation.average_fidelity(pair) for pair in pairs]
    agree(port("communication/teleportation", "average_fidelity", table), np.array(average), scale=1)
    states, mixed = (
        random_state(1, size=N, rng=rng),
        partial_trace(random_state(2, size=N, rng=rng), keep=0),
    )
    theirs = port(
        "communication/teleportation", "fidelity", list(zip(bloch_vector(states), arrow(mixed)))
    )
    agree(theirs, fidelity(states, mixed), scale=1)
