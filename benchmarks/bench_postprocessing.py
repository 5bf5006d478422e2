"""Post-processing: Toeplitz hashing beside SciPy's convolution, `distill` from pulses to key, memory of a long stream."""

import time
import tracemalloc
from collections.abc import Iterable
from functools import wraps
from typing import Any

import numpy as np
from scipy.signal import fftconvolve

from benchmarks.harness import Row, compare, time_best
from qlearn.communication import bb84, postprocessing
from qlearn.communication.coins import coins
from qlearn.communication.postprocessing import session

SECTION = "postprocessing"
STEPS = ("estimate", "verify", "amplify", "authenticate")


def by_scipy(key: np.ndarray, seed: np.ndarray, length: int) -> np.ndarray:
    """Hash as a SciPy user would: one full linear convolution."""
    sums = fftconvolve(seed.astype(np.float64), key.astype(np.float64))[key.size - 1 :][:length]
    return (np.rint(sums).astype(np.int64) & 1).astype(np.uint8)


def exact(key: np.ndarray, seed: np.ndarray, rows: Iterable[int]) -> np.ndarray:
    """Compute some rows of the hash by the definition."""
    return np.array([(seed[i : i + key.size][::-1] & key).sum() % 2 for i in rows], dtype=np.uint8)


def timed_distill(
    keys: bb84.SiftedKeys, reconciliation: Any
) -> tuple[postprocessing.Distilled, float, dict[str, float]]:
    """Distil once, and measure the whole and each step."""
    spent = dict.fromkeys(("reconcile", *STEPS), 0.0)

    def clocked(name: str, step: Any) -> Any:
        @wraps(step)
        def run(*args: Any, **options: Any) -> Any:
            start = time.perf_counter()
            try:
                return step(*args, **options)
            finally:
                spent[name] += time.perf_counter() - start

        return run

    ways = dict(postprocessing.RECONCILERS)
    originals = {name: getattr(session, name) for name in STEPS}
    pool = postprocessing.AuthenticationKey(coins(512, rng=1))
    try:
        for name, step in originals.items():
            setattr(session, name, clocked(name, step))
        postprocessing.RECONCILERS[reconciliation] = clocked("reconcile", ways[reconciliation])
        start = time.perf_counter()
        made = postprocessing.distill(keys, reconciliation=reconciliation, authentication_key=pool, rng=3)
        return made, time.perf_counter() - start, spent
    finally:
        for name, step in originals.items():
            setattr(session, name, step)
        postprocessing.RECONCILERS.update(ways)


def rows() -> Iterable[Row]:
    """Yield the rows of the table."""
    rng = np.random.default_rng(1)
    n, m = 10**6, 5 * 10**5
    key, seed = coins(n, rng=rng), coins(n + m - 1, rng=rng)
    hashed = postprocessing.toeplitz_hash(key, seed, m)
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
    ours = time_best(lambda: postprocessing.toeplitz_hash(key, seed, m))
    theirs = time_best(lambda: by_scipy(key, seed, m), repeat=3)
    yield compare(
        SECTION, "Toeplitz hash, 1e6 -> 5e5 bits", ours, "scipy.signal.fftconvolve", theirs, at_most=1
    )

    start = time.perf_counter()
    keys = bb84.sift(bb84.exchange(10**7, noise=0.03, rng=rng))
    yield Row(SECTION, "1e7 pulses at 3 %: sent and sifted: seconds", time.perf_counter() - start)
    for way in postprocessing.RECONCILERS:
        if way == "ldpc":  # belief propagation takes its time
            keys = bb84.sift(bb84.exchange(10**6, noise=0.03, rng=rng))
        made, seconds, spent = timed_distill(keys, way)
        if made.key is None or made.bob is None or not np.array_equal(made.key, made.bob):
            raise RuntimeError(f"no key: {made.step}: {made.reason}")
        rate = len(keys) / seconds / 1e6
        bound, holds = (">= 1", rate >= 1) if way == "cascade" else ("", None)
        yield Row(SECTION, f"distill ({way}), {len(keys):,} sifted bits: seconds", seconds)
        yield Row(
            SECTION,
            f"the same: Mbit/s of sifted key ({made.length:,} secret bits)",
            rate,
            bound=bound,
            holds=holds,
        )
        for name, part in spent.items():
            yield Row(SECTION, f"the same: share of {name}, %", 100 * part / seconds)

    tracemalloc.start()
    stream = bb84.stream(10**8, noise=0.03, progress=False, rng=rng)
    pool, length = postprocessing.AuthenticationKey(coins(512, rng=rng)), 0
    for made in postprocessing.distill_stream(stream, block=2**22, authentication_key=pool, rng=rng):
        length += made.length
    mib = tracemalloc.get_traced_memory()[1] / 2**20
    tracemalloc.stop()
    what = f"1e8 pulses streamed and distilled ({length:,} secret bits): peak of its memory, MiB"
    yield Row(SECTION, what, mib, bound="<= 1024 MiB", holds=mib <= 1024)
