"""The ports of teleportation, against the library and against three qubits by hand."""

from collections.abc import Callable

import numpy as np

from qlearn.communication import teleportation
from qlearn.qubits import (
    BELL_NAMES,
    bell_state,
    bloch,
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
    runs = [teleportation.teleport(s, resource=pair, rng=rng) for s, pair in zip(states, pairs, strict=True)]
    found = np.array([2 * run.bits[0] + run.bits[1] for run in runs])
    theirs = port(
        "communication/teleportation",
        "teleport",
        list(zip(bloch_vector(states), moments(pairs), found, strict=True)),
    )
    agree([one[2] for one in theirs], arrow(np.array([run.states for run in runs])), scale=1)
    hand = [by_hand(s, pair, k) for s, pair, k in zip(states, pairs, found, strict=True)]
    agree([one[0] for one in theirs], np.array([one[0] for one in hand]), scale=1)
    agree([one[1] for one in theirs], np.array([one[1] for one in hand]), scale=1)


def test_the_same_drawn_numbers_give_the_same_share(
    port: Callable, agree: Callable, drawn: Callable[[int, int], np.ndarray]
):
    rng = np.random.default_rng(3)
    pairs = partial_trace(random_state(4, size=N, rng=rng), keep=[0, 1])
    shots, seeds = 6, rng.integers(1, 10_000, N)
    u, turn, which, asked = np.moveaxis([drawn(int(s), 4 * shots).reshape(shots, 4) for s in seeds], -1, 0)
    states = bloch(np.arccos(2 * u - 1), 2 * np.pi * turn)  # (runs, shots, 2), as all that follows
    bell = np.array([bell_state(name) for name in BELL_NAMES]).reshape(4, 2, 2)
    left = np.einsum("kij,nsi->nskj", bell.conj(), states)
    bob = np.einsum("nskj,njcld,nskl->nskcd", left, pairs.reshape(N, 2, 2, 2, 2), left.conj())
    chances = np.trace(bob, axis1=-2, axis2=-1).real
    found = (which[..., None] >= chances.cumsum(-1)).sum(-1).clip(max=3)
    passes = np.einsum("nsa,kab,nskbc,kdc,nsd->nsk", states.conj(), GATES, bob, np.conj(GATES), states).real
    fidelities = np.take_along_axis(passes / chances, found[..., None], -1)[..., 0]
    shares = (asked < fidelities).mean(axis=-1)
    theirs = port(
        "communication/teleportation",
        "share_of_yes",
        [[table, shots, int(s)] for table, s in zip(moments(pairs), seeds, strict=True)],
    )
    agree(theirs, shares)
    # And the mean of many is the mean fidelity: 4,000 counts of 100, sigma 8e-4, six of them (two false alarms in 1e9).
    pair = partial_trace(random_state(3, rng=rng), keep=[0, 1])
    many = port(
        "communication/teleportation", "share_of_yes", [[moments(pair), 100, k + 1] for k in range(4000)]
    )
    assert abs(np.mean(many) - teleportation.average_fidelity(pair)) < 6 * 8e-4


def test_bob_guesses_a_gate_without_the_call(
    port: Callable, agree: Callable, drawn: Callable[[int, int], np.ndarray]
):
    rng = np.random.default_rng(5)
    states = random_state(1, size=N, rng=rng)
    pairs = partial_trace(random_state(4, size=N, rng=rng), keep=[0, 1])
    shots, seeds = 6, rng.integers(1, 10_000, N)
    which, asked, gate = np.moveaxis([drawn(int(s), 3 * shots).reshape(shots, 3) for s in seeds], -1, 0)
    shares = []
    for state, pair, u, ask, thrown in zip(states, pairs, which, asked, gate, strict=True):
        runs = [by_hand(state, pair, k) for k in range(4)]
        found = (u[:, None] >= np.cumsum([chance for chance, _, _ in runs])).sum(-1).clip(max=3)
        chances = []
        for k, g in zip(found, (4 * thrown).astype(int), strict=True):
            turned = (np.eye(2) + np.einsum("i,iab->ab", runs[k][1], IXYZ[1:])) / 2
            chances.append(fidelity(state, GATES[g] @ turned @ GATES[g].conj().T))
        shares.append(np.mean(ask < np.array(chances)))
    theirs = port(
        "communication/teleportation",
        "share_without_call",
        [[r, m, shots, int(s)] for r, m, s in zip(bloch_vector(states), moments(pairs), seeds, strict=True)],
    )
    agree(theirs, np.array(shares))
    # Whatever is sent, half of them pass: 100,000 runs, sigma 1.6e-3, six of them.
    perfect = moments(density(bell_state("phi+")))
    for arrow_sent in ([0, 0, 1], [0.6, 0, 0.8], [1, 0, 0]):
        (share,) = port(
            "communication/teleportation", "share_without_call", [[arrow_sent, perfect, 100_000, 7]]
        )
        assert abs(share - 1 / 2) < 6 * 1.6e-3


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
        "communication/teleportation", "fidelity", list(zip(bloch_vector(states), arrow(mixed), strict=True))
    )
    agree(theirs, fidelity(states, mixed), scale=1)
