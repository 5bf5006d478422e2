"""Secure aggregation: MB of update that a client masks in a second, one-time and stretched, beside plain additions."""

import os
import time
from collections.abc import Callable

import numpy as np

from benchmarks.harness import Row, compare, time_best
from qlearn.networks.secure_aggregation import FixedPoint, KeyBudget, pairwise_mask, stretched_pad
from qlearn.networks.secure_aggregation.fixed_point import Words, words_of

SECTION = "secure_aggregation"
CLIENTS, PARAMETERS = 10, 10**6
LEAST = 50.0
"""MB of an update, 8 bytes a word, that each client must mask in a second."""


def masker(update: np.ndarray, pads: Callable[[], dict[int, Words]]) -> Callable[[], Words]:
    """Return what one client does between its trained numbers and its message."""
    numbers = FixedPoint()
    return lambda: pairwise_mask(numbers.encode(update, CLIENTS), 0, pads())


def rows() -> list[Row]:
    """Mask one of ten clients' updates with its nine pads."""
    rng = np.random.default_rng(1)
    update = rng.normal(size=PARAMETERS)
    keys = {v: os.urandom(8 * PARAMETERS) for v in range(1, CLIENTS)}
    seeds = {v: os.urandom(32) for v in keys}
    found = []
    ways = {
        "one-time pads": lambda: {v: words_of(key, 64) for v, key in keys.items()},
        "stretched pads": lambda: {v: stretched_pad(seed, PARAMETERS) for v, seed in seeds.items()},
    }
    for way, pads in ways.items():
        speed = 8 * PARAMETERS / 1e6 / time_best(masker(update, pads), repeat=3, clock=time.process_time)
        what = f"{way}, {CLIENTS} clients x {PARAMETERS:,} parameters: MB/s a client"
        found.append(Row(SECTION, what, speed, bound=f">= {LEAST:g} MB/s", holds=speed >= LEAST))
    ready = {v: np.frombuffer(key, np.uint64) for v, key in keys.items()}

    def plain() -> np.ndarray:
        words = np.rint(np.ldexp(update, 16)).astype(np.int64).view(np.uint64)
        for pad in ready.values():
            words = words + pad
        return words

    ours = time_best(
        masker(update, lambda: {v: words_of(key, 64) for v, key in keys.items()}),
        repeat=3,
        clock=time.process_time,
    )
    found.append(
        compare(
            SECTION,
            "one-time pads, from bytes",
            ours,
            "plain NumPy sums",
            time_best(plain, repeat=3, clock=time.process_time),
            at_most=6,
        )
    )
    bits = KeyBudget(CLIENTS, PARAMETERS).per_client / 1e6
    found.append(Row(SECTION, "key of such a round: Mbit a client", bits))
    return found
