"""The ports behind the worth of bits, against the library: sources, estimates, and what a hash may keep."""

from collections.abc import Callable

import numpy as np
import pytest

from qlearn.communication import random_numbers

PROPERTIES = ("ones", "correlation", "shannon_rate", "guess_probability", "min_entropy_rate")


class Handed(np.random.Generator):
    """Hands out the numbers that it was given."""

    def __init__(self, numbers: np.ndarray) -> None:
        super().__init__(np.random.PCG64(1))
        self.numbers = numbers

    def random(self, n: int) -> np.ndarray:
        assert n == len(self.numbers)
        return self.numbers


@pytest.fixture(scope="module")
def chances() -> np.ndarray:
    """Draw the chances of a 1 after a 0 and after a 1, with what is certain among them."""
    drawn = np.random.default_rng(1).random((1200, 2))
    drawn[:5] = [[0.5, 0.5], [0, 0], [1, 1], [0, 1], [1, 0]]
    return drawn


def test_sources_with_a_memory(port: Callable, agree: Callable, chances: np.ndarray):
    theirs = port("communication/random_numbers", "MarkovSource", chances)
    ours = [random_numbers.MarkovSource(*one) for one in chances]
    for name in PROPERTIES:
        agree([one[name] for one in theirs], [getattr(one, name) for one in ours], scale=1)


def test_bits_of_the_same_numbers(port: Callable, chances: np.ndarray):
    drawn = np.random.default_rng(2).random((len(chances), 200))
    sent = [[*one, row] for one, row in zip(chances.tolist(), drawn.tolist(), strict=True)]
    theirs = port("communication/random_numbers", "sample", sent)
    ours = [
        random_numbers.MarkovSource(*one).sample(200, Handed(row)).tolist()
        for one, row in zip(chances, drawn, strict=True)
    ]
    assert theirs == ours


def test_estimates(port: Callable, agree: Callable, chances: np.ndarray):
    rng = np.random.default_rng(3)
    bits = [random_numbers.MarkovSource(*one).sample(int(rng.integers(2, 600)), rng) for one in chances]
    for method in ("most_common", "markov"):
        ours = [random_numbers.min_entropy(one, method) for one in bits]
        sent = [[one.tolist(), method] for one in bits]
        agree(port("communication/random_numbers", "min_entropy", sent), ours, scale=1)


def test_clues_and_hashes(port: Callable, agree: Callable):
    rng = np.random.default_rng(4)
    tables = rng.dirichlet(np.ones(6), 1200).reshape(-1, 2, 3)
    tables[0], tables[1] = [[0.5, 0, 0], [0.5, 0, 0]], [[0, 1, 0], [0, 0, 0]]
    ours = [random_numbers.conditional_min_entropy(one) for one in tables]
    agree(
        port("communication/random_numbers", "conditional_min_entropy", [[one] for one in tables.tolist()]),
        ours,
    )
    k, distance = 10 ** rng.uniform([[0], [-40]], [[6], [-0.4]], (2, 1500))
    ours = [random_numbers.leftover_hash_length(a, b) for a, b in zip(k, distance, strict=True)]
    theirs = port("communication/random_numbers", "leftover_hash_length", np.column_stack([k, distance]))
    agree(theirs, ours)
    assert 0 in ours
