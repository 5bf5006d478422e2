"""Cascade: what it discloses, what it leaves, and how fast it is beside TNO's Python and the Rust of qkd."""

import time
from collections.abc import Iterable
from functools import partial
from pathlib import Path

import numpy as np

from benchmarks.harness import Row, compare, peer_seconds, time_best
from qlearn._types import Bits
from qlearn.communication import binary_entropy
from qlearn.communication.secret_key import reconcile
from qlearn.communication.secret_key.reconciliation._interface import Engine, engine_of
from qlearn.communication.secret_key.reconciliation.cascade import VARIANTS, Variant, correct

SECTION = "cascade"
PEERS = Path(__file__).parent / "peers"
RATES = (0.01, 0.03, 0.05, 0.08)
BITS, FRAME, FRAMES = 10**6, 2**14, 2048
BOUND = 0.03  # the error rate at which a bound is stated against the Rust


def keys(n: int, qber: float, rng: np.random.Generator) -> tuple[Bits, Bits]:
    """Return a random key, and what the other side has of it."""
    alice = rng.integers(0, 2, n, dtype=np.uint8)
    return alice, alice ^ (rng.random(n) < qber).astype(np.uint8)


def speed(qber: float) -> Iterable[Row]:
    """Yield the rows of one key of 1e6 bits."""
    alice, bob = keys(BITS, qber, np.random.default_rng(1))
    done = reconcile(alice, bob, qber, rng=2)
    f = done.efficiency(qber)
    what = f"1e6 bits, QBER {qber:.0%}"
    yield Row(
        SECTION, f"{what}: efficiency f", f, bound="<= 1.06, verified", holds=done.verified and f <= 1.06
    )
    yield Row(SECTION, f"{what}: messages in lockstep", done.rounds)

    best = engine_of("auto")
    both = {engine: _seconds(alice, bob, qber, engine) for engine in dict.fromkeys((best, "numpy"))}
    ours = both[best]
    for engine, seconds in both.items():
        yield Row(SECTION, f"{what}: Mbit/s with {engine}", BITS / seconds / 1e6)
    theirs = peer_seconds("tno", PEERS / "cascade_tno.py", BITS, BITS, qber)
    yield compare(SECTION, what, ours, "TNO, the same bits", theirs, faster=20)
    # It knows no frames; cut by hand into messages that its caches hold, it is faster.
    theirs = peer_seconds("tno", PEERS / "cascade_tno.py", BITS, 10_000, qber)
    yield Row(SECTION, what, 1e3 * ours, "TNO, 1e4 bits at a time", None if theirs is None else 1e3 * theirs)
    frames = round(BITS / FRAME)
    rust = peer_seconds("qkd", PEERS / "cascade_qkd.py", frames, FRAME, qber)
    rust = None if rust is None else rust * BITS / (frames * FRAME)
    for engine, seconds in both.items():
        with_engine, rival = f"{what}, {engine}", "qkd (Rust, no messages)"
        if engine == "numba" and qber == BOUND:
            yield compare(SECTION, with_engine, seconds, rival, rust, at_most=2)
        else:
            yield Row(SECTION, with_engine, 1e3 * seconds, rival, None if rust is None else 1e3 * rust)


def _seconds(alice: Bits, bob: Bits, qber: float, engine: Engine) -> float:
    """Return the seconds of work of one correction, both parties and all messages."""
    return time_best(partial(correct, alice, bob, qber, rng=2, engine=engine), clock=time.process_time)


def failures(qber: float, variant: Variant) -> Iterable[Row]:
    """Yield what is disclosed and left in many frames; they are corrected 64 at a time."""
    rng = np.random.default_rng(3)
    failed, disclosed = 0, 0
    for _ in range(FRAMES // 64):
        alice, bob = keys(64 * FRAME, qber, rng)
        done = correct(alice, bob, qber, rng=rng, variant=variant)
        failed += int((done.bob != alice).reshape(64, FRAME).any(axis=1).sum())
        disclosed += done.disclosed
    what = f"{FRAMES} frames of 2^14, QBER {qber:.0%}, {variant}"
    f = disclosed / (FRAMES * FRAME * float(binary_entropy(qber)))
    share = failed / FRAMES
    if variant == "original":
        yield Row(SECTION, f"{what}: efficiency f", f)
        yield Row(SECTION, f"{what}: share that keeps errors", share)
    else:
        yield Row(SECTION, f"{what}: efficiency f", f, bound="<= 1.06", holds=f <= 1.06)
        yield Row(SECTION, f"{what}: share that keeps errors", share, bound="<= 0.001", holds=share <= 1e-3)


def rows() -> Iterable[Row]:
    """Yield the rows of the table; every ratio is of this run, on one thread."""
    for qber in RATES:
        yield from speed(qber)
    for variant in VARIANTS:
        for qber in RATES:
            yield from failures(qber, variant)
