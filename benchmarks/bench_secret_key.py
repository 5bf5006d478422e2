"""Post-processing: Toeplitz hashing beside SciPy's convolution, `distill` from pulses to key, memory of a long stream."""

import time
import tracemalloc
from collections.abc import Iterable
from typing import Any

import numpy as np
from scipy.signal import fftconvolve

from benchmarks.harness import Row, compare, time_best
from qlearn._types import Bits
from qlearn.communication import bb84, random_bits, secret_key

SECTION = "secret_key"
PULSES = {"cascade": 10**7, "ldpc": 10**6}
"""How many pulses each way gets; the decoder of `ldpc` takes its time."""


def by_scipy(key: np.ndarray, seed: np.ndarray, length: int) -> np.ndarray:
    """Hash as a SciPy user would: one full linear convolution."""
    sums = fftconvolve(seed.astype(np.float64), key.astype(np.float64))[key.size - 1 :][:length]
    return (np.rint(sums).astype(np.int64) & 1).astype(np.uint8)


def exact(key: np.ndarray, seed: np.ndarray, rows: Iterable[int]) -> np.ndarray:
    """Compute some rows of the hash by the definition."""
    return np.array([(seed[i : i + key.size][::-1] & key).sum() % 2 for i in rows], dtype=np.uint8)


class ClockedChannel(secret_key.PublicChannel):
    """An honest line that notes when each message is sent."""

    def __init__(self) -> None:
        super().__init__()
        self.times: list[float] = []

    def send(self, *args: Any, **options: Any) -> Bits:
        """Note the time, and send."""
        self.times.append(time.perf_counter())
        return super().send(*args, **options)

    def seconds_by_step(self, start: float, end: float) -> dict[str, float]:
        """Return how long each step took: from its first message to the first one of the next.

        What a party does before it opens a step counts for the step before: drawing the sample, or the seed of the hash.
        """
        steps = [message.step for message in self.messages]
        first = {step: self.times[steps.index(step)] for step in dict.fromkeys(steps)}
        ends = [*list(first.values())[1:], end]
        begins = [start, *list(first.values())[1:]]
        return {step: stop - begin for step, begin, stop in zip(first, begins, ends, strict=True)}


def timed_distill(
    sent: bb84.Transmission, reconciliation: Any
) -> tuple[secret_key.DistilledKey, float, dict[str, float]]:
    """Distil once, from the first word on, and measure the whole and each step."""
    pool, line = secret_key.AuthenticationKey(random_bits(512, rng=1)), ClockedChannel()
    start = time.perf_counter()
    made = secret_key.distill(
        sent, reconciliation=reconciliation, authentication_key=pool, channel=line, rng=3
    )
    end = time.perf_counter()
    return made, end - start, line.seconds_by_step(start, end)


def seconds_a_message(eve: Any, messages: int = 10_000) -> float:
    """Send many short messages over a line, and return what one of them takes."""
    words = np.zeros(64, dtype=np.uint8)

    def talk() -> None:
        line = secret_key.PublicChannel(eve)
        for _ in range(messages):
            line.send("alice", "reconcile", words)

    return time_best(talk, repeat=3) / messages


def rows() -> Iterable[Row]:
    """Yield the rows of the table."""
    rng = np.random.default_rng(1)
    n, m = 10**6, 5 * 10**5
    key, seed = random_bits(n, rng=rng), random_bits(n + m - 1, rng=rng)
    hashed = secret_key.toeplitz_hash(key, seed, m)
    same = bool((hashed == by_scipy(key, seed, m)).all())
    some = rng.integers(0, m, 200)
    same &= bool((hashed[some] == exact(key, seed, some)).all())
    yield Row(
        SECTION,
        "Toeplitz 1e6 -> 5e5: bits that differ from SciPy's, and from the definition",
        float(not same),
        bound="0",
        holds=same,
    )
    ours = time_best(lambda: secret_key.toeplitz_hash(key, seed, m))
    theirs = time_best(lambda: by_scipy(key, seed, m), repeat=3)
    yield compare(
        SECTION, "Toeplitz hash, 1e6 -> 5e5 bits", ours, "scipy.signal.fftconvolve", theirs, at_most=1
    )

    for way, pulses in PULSES.items():
        start = time.perf_counter()
        sent = bb84.exchange(pulses, noise=0.03, rng=rng)
        yield Row(SECTION, f"{pulses:,} pulses at 3 %: sent: seconds", time.perf_counter() - start)
        made, seconds, spent = timed_distill(sent, way)
        if made.key is None or made.bob is None or not np.array_equal(made.key, made.bob):
            raise RuntimeError(f"no key: {made.step}: {made.reason}")
        sifted = made.ledger.by_step["sift"]
        rate = sifted / seconds / 1e6
        bound, holds = (">= 1", rate >= 1) if way == "cascade" else ("", None)
        yield Row(
            SECTION, f"distill ({way}) from {pulses:,} pulses, {sifted:,} sifted bits: seconds", seconds
        )
        yield Row(
            SECTION,
            f"the same: Mbit/s of sifted key, sifting included ({made.length:,} secret bits)",
            rate,
            bound=bound,
            holds=holds,
        )
        for name, part in spent.items():
            yield Row(SECTION, f"the same: share of {name}, %", 100 * part / seconds)
        yield Row(SECTION, "the same: messages", made.channel.rounds)

    alone, heard = seconds_a_message(None), seconds_a_message(lambda message: message)
    yield Row(SECTION, "a message of 64 bytes on a line without an Eve: microseconds", 1e6 * alone)
    yield Row(SECTION, "the same through the thread of an Eve who listens: microseconds", 1e6 * heard)

    tracemalloc.start()
    stream = bb84.stream(10**8, noise=0.03, progress=False, rng=rng)
    pool, length = secret_key.AuthenticationKey(random_bits(512, rng=rng)), 0
    for made in secret_key.distill_stream(stream, block=2**23, authentication_key=pool, rng=rng):
        length += made.length
    mib = tracemalloc.get_traced_memory()[1] / 2**20
    tracemalloc.stop()
    what = f"1e8 pulses streamed and distilled ({length:,} secret bits): peak of its memory, MiB"
    yield Row(SECTION, what, mib, bound="<= 1024 MiB", holds=mib <= 1024)
