"""LDPC codes: what correcting a key discloses, how often it fails, and how fast it is."""

import time
from collections.abc import Iterable

import numpy as np

from benchmarks.harness import Row
from qlearn.communication.bb84.pulses import Bits
from qlearn.communication.entropy import binary_entropy
from qlearn.communication.postprocessing.reconciliation.ldpc import adapt, ldpc

SECTION = "ldpc"
RATES = (0.01, 0.02, 0.03, 0.05, 0.08)
BITS, KEYS = 10**5, 5


def keys(n: int, qber: float, rng: np.random.Generator) -> tuple[Bits, Bits]:
    """Return a random key, and what the other side has of it."""
    alice = rng.integers(0, 2, n, dtype=np.uint8)
    return alice, alice ^ (rng.random(n) < qber).astype(np.uint8)


def one_rate(qber: float) -> Iterable[Row]:
    """Yield the rows of some keys of 1e5 bits at one error rate; the time includes the verification."""
    rng = np.random.default_rng(1)
    ldpc(*keys(BITS, qber, rng), qber, rng=rng)  # loads the code and the decoder
    disclosed, seconds, failed, undetected, messages = 0, 0.0, 0, 0, 0
    for _ in range(KEYS):
        alice, bob = keys(BITS, qber, rng)
        start = time.perf_counter()
        done = ldpc(alice, bob, qber, rng=rng)
        seconds += time.perf_counter() - start
        wrong = np.add.reduceat(done.alice != done.bob, np.arange(0, BITS, done.frame)) > 0
        failed += int(wrong.sum())
        undetected += int(done.verified and wrong.any())
        disclosed += done.disclosed
        messages += done.rounds
    f = disclosed / (KEYS * BITS * float(binary_entropy(qber)))
    frames = KEYS * adapt(BITS, qber).frames
    what = f"{KEYS} keys of 1e5 bits, QBER {qber:.0%}"
    yield Row(SECTION, f"{what}: efficiency f", f, bound="<= 1.25", holds=f <= 1.25)
    yield Row(SECTION, f"{what}: frames of {frames} that keep errors", failed)
    yield Row(SECTION, f"{what}: keys with undetected errors", undetected, bound="none", holds=not undetected)
    yield Row(SECTION, f"{what}: messages a key", messages / KEYS)
    yield Row(SECTION, f"{what}: Mbit/s", KEYS * BITS / seconds / 1e6)


def rows() -> Iterable[Row]:
    """Yield the rows of the table, on one thread."""
    for qber in RATES:
        yield from one_rate(qber)
