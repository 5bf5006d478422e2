"""LDPC codes: what correcting a key discloses, how often it fails, how fast it is, and what an attack costs."""

import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace

import numpy as np

from benchmarks.harness import Row
from qlearn._types import Bits
from qlearn.communication import binary_entropy
from qlearn.communication.secret_key import reconcile
from qlearn.communication.secret_key.public_channel import Message, NoKey, PublicChannel
from qlearn.communication.secret_key.reconciliation._interface import engine_of
from qlearn.communication.secret_key.reconciliation.ldpc import adapt, correct

SECTION = "ldpc"
RATES = (0.01, 0.02, 0.03, 0.05, 0.08)
# The shares to tell were chosen on keys of other seeds.
BITS, KEYS, SEED = 10**5, 20, 20262


def keys(n: int, qber: float, rng: np.random.Generator) -> tuple[Bits, Bits]:
    """Return a random key, and what the other side has of it."""
    alice = rng.integers(0, 2, n, dtype=np.uint8)
    return alice, alice ^ (rng.random(n) < qber).astype(np.uint8)


def one_rate(qber: float) -> Iterable[Row]:
    """Yield the rows of some keys of 1e5 bits at one error rate; the time includes the verification.

    Seconds are of this thread, so that who else works on the machine counts less.
    """
    rng = np.random.default_rng(SEED)
    reconcile(
        *keys(BITS, qber, rng), qber, method="ldpc", rng=rng
    )  # loads the code, and the decoder once it is compiled
    disclosed, least, seconds, failed, undetected, messages = 0, 0.0, 0.0, 0, 0, 0
    for _ in range(KEYS):
        alice, bob = keys(BITS, qber, rng)
        start = time.thread_time()
        done = reconcile(alice, bob, qber, method="ldpc", rng=rng)
        seconds += time.thread_time() - start
        wrong = np.add.reduceat(done.alice != done.bob, np.arange(0, BITS, done.frame)) > 0
        failed += int(wrong.sum())
        undetected += int(done.verified and wrong.any())
        disclosed += done.disclosed
        least += BITS * float(binary_entropy(float((alice != bob).mean())))
        messages += done.rounds
    f, speed, frames = disclosed / least, KEYS * BITS / seconds / 1e6, KEYS * adapt(BITS, qber).frames
    what = f"{KEYS} keys of 1e5 bits, QBER {qber:.0%}"
    yield Row(SECTION, f"{what}: efficiency f", f, bound="<= 1.16", holds=f <= 1.16)
    yield Row(SECTION, f"{what}: frames of {frames} that keep errors", failed, bound="none", holds=not failed)
    yield Row(SECTION, f"{what}: keys with undetected errors", undetected, bound="none", holds=not undetected)
    yield Row(SECTION, f"{what}: messages a key", messages / KEYS)
    compiled = engine_of("auto") == "numba"
    yield Row(
        SECTION,
        f"{what}: Mbit/s with {engine_of('auto')}",
        speed,
        bound=">= 1" if compiled else "",
        holds=speed >= 1 if compiled else None,
    )


def numpy_engine() -> Row:
    """Return how fast it is without a compiler."""
    alice, bob = keys(BITS, 0.03, np.random.default_rng(SEED))
    start = time.thread_time()
    reconcile(alice, bob, 0.03, method="ldpc", rng=1, engine="numpy")
    return Row(SECTION, "1e5 bits, QBER 3%: Mbit/s with numpy", BITS / (time.thread_time() - start) / 1e6)


def attack(number: int, what: str) -> Row:
    """Return how much longer a correction takes in which one message is replaced, against the honest one."""

    def eve(message: Message) -> Message:
        if message.number != number:
            return message
        return replace(message, payload=np.random.default_rng(5).permutation(message.payload))

    def seconds(line: PublicChannel) -> float:
        start = time.thread_time()
        with suppress(NoKey):  # which is how many of them end
            correct(alice, bob, 0.04, rng=1, channel=line)
        return time.thread_time() - start

    alice, bob = keys(60_000, 0.043, np.random.default_rng(SEED))
    seconds(PublicChannel())
    honest = min(seconds(PublicChannel()) for _ in range(3))
    ratio = min(seconds(PublicChannel(eve)) for _ in range(3)) / honest
    return Row(
        SECTION,
        f"6e4 bits, {what} altered: time against the honest session",
        ratio,
        bound="<= 2",
        holds=ratio <= 2,
    )


def rows() -> Iterable[Row]:
    """Yield the rows of the table, on one thread."""
    for qber in RATES:
        yield from one_rate(qber)
    yield numpy_engine()
    for number, what in enumerate(("seed", "syndrome", "request", "answer")):
        yield attack(number, what)
