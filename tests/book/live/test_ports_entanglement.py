"""The ports of the CHSH game, against the library."""

from collections.abc import Callable

import numpy as np

from qlearn.qubits import bell_state, density, partial_trace, random_state
from qlearn.qubits.entanglement import (
    BELL_NAMES,
    GameRounds,
    behaviour,
    chsh_at,
    direction,
    werner,
    winning_probability,
)
from qlearn.qubits.entanglement.bell_inequality import draw_answers, moments

N = 1000


class Given:
    """A generator that gives these numbers."""

    def __init__(self, numbers: np.ndarray) -> None:
        self.numbers = numbers

    def random(self, n: int) -> np.ndarray:
        """Return them."""
        assert n == len(self.numbers)
        return self.numbers


def arrows(rng: np.random.Generator) -> np.ndarray:
    found = rng.normal(size=(N, 2, 2, 3))
    return found / np.linalg.norm(found, axis=-1, keepdims=True)


def test_states_of_pairs(port: Callable, agree: Callable):
    rng = np.random.default_rng(1)
    fidelities = rng.random(N)
    agree(port("qubits/entanglement", "werner", fidelities[:, None]), werner(fidelities), scale=1)
    pure = random_state(2, size=N, rng=rng)
    agree(port("qubits/entanglement", "density", pure[:, None]), density(pure), scale=1)
    names = [BELL_NAMES[k] for k in rng.integers(0, 4, N)]
    agree(
        port("qubits/entanglement", "bell_state", [[name] for name in names]),
        np.array([bell_state(name) for name in names]),
    )
    mixed = partial_trace(random_state(4, size=N, rng=rng), keep=[0, 1])
    agree(port("qubits/entanglement", "moments", mixed[:, None]), moments(mixed), scale=1)


def test_answers_and_their_sum(port: Callable, agree: Callable):
    rng = np.random.default_rng(2)
    mixed = partial_trace(random_state(3, size=N, rng=rng), keep=[0, 1])
    angles = rng.uniform(-7, 7, N)
    agree(port("qubits/entanglement", "direction", angles[:, None]), direction(angles), scale=1)
    alice, bob = arrows(rng), arrows(rng)
    alice, bob = alice[:, 0], bob[:, 0]
    arguments = list(zip(mixed, alice, bob, strict=True))
    table = behaviour(mixed, alice, bob)
    agree(port("qubits/entanglement", "chsh_at", arguments), chsh_at(mixed, alice, bob), scale=1)
    agree(port("qubits/entanglement", "behaviour", arguments), table, scale=1)
    agree(port("qubits/entanglement", "winning_probability", table[:, None]), winning_probability(table))


def test_the_same_drawn_numbers_play_the_same_game(
    port: Callable, agree: Callable, drawn: Callable[[int, int], np.ndarray]
):
    rng = np.random.default_rng(3)
    mixed = partial_trace(random_state(3, size=N, rng=rng), keep=[0, 1])
    tables = behaviour(mixed, arrows(rng)[:, 0], arrows(rng)[:, 1])
    rounds, seeds = 120, rng.integers(1, 10_000, N)
    counts, results = [], []
    for p, seed in zip(tables, seeds, strict=True):
        numbers = drawn(int(seed), 2 * rounds)
        asked = (4 * numbers[::2]).astype(np.uint8)
        played = GameRounds(asked >> 1, asked & 1, *draw_answers(p, asked, Given(numbers[1::2])))
        differ = np.bincount(asked[played.a != played.b], minlength=4)
        counts.append([played.asked.ravel(), differ])
        results.append([*played.correlations.ravel(), played.wins, played.chsh, played.chsh_error])
    agree(
        port(
            "qubits/entanglement", "play_chsh", [[p, rounds, s] for p, s in zip(tables, seeds, strict=True)]
        ),
        np.array(counts),
    )
    agree(port("qubits/entanglement", "GameRounds", counts), np.array(results), scale=1)
