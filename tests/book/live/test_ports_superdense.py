"""The ports of superdense coding with noisy pairs, against the library."""

from collections.abc import Callable

import numpy as np
from scipy.optimize import brentq

from qlearn.communication import superdense
from qlearn.qubits import bell_state, entropy
from qlearn.qubits.entanglement import werner
from qlearn.qubits.entropies import binary_entropy, shannon
from qlearn.qubits.noise import amplitude_damping, depolarising, phase_flip
from qlearn.qubits.paulis import PAULIS

N = 250
KINDS = ("white", "phase", "hers", "his")
TURNS = [np.kron(PAULIS[one], np.eye(4)) for one in ("I", "X", "Z")]
TURNS.append(TURNS[2] @ TURNS[1])


def pair(kind: str, p: float) -> np.ndarray:
    """Return Phi+ with that noise in one half."""
    channel = {"white": depolarising, "phase": phase_flip}.get(kind, amplitude_damping)(p)
    return channel.apply(bell_state("phi+"), 1 if kind == "his" else 0)


def cases() -> list[list]:
    rng = np.random.default_rng(1)
    return [[kind, p] for kind in KINDS for p in np.append(rng.random(N), [0, 0.5, 1])]


def rest_and_qubit(rho: np.ndarray) -> float:
    """Holevo's quantity of what Eve holds who makes the pair pure and catches the turned qubit."""
    values, vectors = np.linalg.eigh(rho)
    whole = (np.sqrt(values.clip(0)) * vectors).reshape(2, 2, 4)  # Alice, Bob, Eve
    hers = np.einsum("abe,cbf->aecf", whole, whole.conj()).reshape(8, 8)
    states = np.array([turn @ hers @ turn.conj().T for turn in TURNS])
    return float(entropy(states.mean(axis=0)) - entropy(states).mean())


def test_what_bob_reads(port: Callable, agree: Callable):
    asked = cases()
    chances = np.array([superdense.error_probabilities(pair(*case)) for case in asked])
    agree(port("communication/superdense", "error_probabilities", asked), chances, scale=1)
    expected = np.array([2 - shannon(p) for p in chances])
    agree(port("communication/superdense", "bell_bits", asked), expected, scale=1)
    rows = [[list(p)] for p in chances]
    agree(port("communication/superdense", "shannon", rows), np.array([shannon(p) for p in chances]), scale=1)


def test_what_a_pair_is_worth_to_bob_and_to_eve(port: Callable, agree: Callable):
    asked = cases()
    agree(
        port("communication/superdense", "capacity", asked),
        np.array([superdense.capacity(pair(*case)) for case in asked]),
        scale=1,
    )
    agree(
        port("communication/superdense", "rest_and_qubit", asked),
        np.array([rest_and_qubit(pair(*case)) for case in asked]),
        scale=1,
    )


def test_what_is_carried_without_pairs(port: Callable, agree: Callable):
    def bare(kind: str, p: float, on_line: bool) -> float:
        """0 and 1, evenly, over the line itself: for white noise King's theorem says that nothing beats it."""
        if not on_line:
            return 1.0
        channel = {"white": depolarising, "phase": phase_flip}[kind](p)
        flipped = float(channel.apply(np.array([1.0, 0.0]), 0)[1, 1].real)
        return 1 - float(binary_entropy(flipped))

    asked = [[kind, p, True] for kind, p in cases() if kind in ("white", "phase")]
    asked += [[kind, p, False] for kind, p in cases()]
    agree(
        port("communication/superdense", "bare_bits", asked),
        np.array([bare(*case) for case in asked]),
        scale=1,
    )


def test_where_the_pair_is_level_with_a_bare_qubit(port: Callable, agree: Callable):
    white = (
        4 / 3 * (1 - brentq(lambda f: float(superdense.capacity(werner(f))) - 1, 0.7, 0.9, xtol=1e-14))
    )  # (as a strength)
    his = brentq(lambda p: float(superdense.capacity(pair("his", p))) - 1, 0.1, 0.9, xtol=1e-14)
    agree(
        port("communication/superdense", "break_even", [["white"], ["his"]] * 500),
        np.array([white, his] * 500),
        scale=1,
    )
