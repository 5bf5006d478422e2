"""BB84 with full intercept-resend: qlearn beside plain NumPy, Aer and SeQUeNCe; streaming in bounded memory."""

import time
import tracemalloc
from collections.abc import Iterable
from functools import partial
from pathlib import Path

import numpy as np

from benchmarks.harness import Row, compare, peer_seconds, time_best
from qlearn.communication import bb84

SECTION = "bb84"
EVE = bb84.InterceptResend()
SEQUENCE = Path(__file__).parent / "peers" / "bb84_sequence.py"
AER_PULSES = 2_000


def ours(n: int, rng: np.random.Generator) -> float:
    """Send, sift and count with the library."""
    return bb84.sift(bb84.exchange(n, eavesdropper=EVE, rng=rng)).qber


def plain_numpy(n: int, rng: np.random.Generator) -> float:
    """Do the same as a careful student would, array by array."""

    def random_bits() -> np.ndarray:
        return rng.integers(0, 2, n, dtype=np.uint8)

    bits, bases = random_bits(), random_bits()
    eve_bases = random_bits()
    eve_bits = np.where(eve_bases == bases, bits, random_bits())
    bob_bases = random_bits()
    bob_bits = np.where(bob_bases == eve_bases, eve_bits, random_bits())
    same = bases == bob_bases
    return float((bits[same] != bob_bits[same]).mean())


def lean_numpy(n: int, rng: np.random.Generator) -> float:
    """Do it as an expert would: no branch and no copy that a random mask would make slow."""

    def random_bits() -> np.ndarray:
        return rng.integers(0, 2, n, dtype=np.uint8)

    bits, bases, eve_bases, bob_bases = random_bits(), random_bits(), random_bits(), random_bits()
    eve_bits = bits ^ ((bases ^ eve_bases) & random_bits())
    bob_bits = eve_bits ^ ((eve_bases ^ bob_bases) & random_bits())
    same = np.flatnonzero(bases == bob_bases)
    return float((bits.take(same) != bob_bits.take(same)).mean())


def aer_seconds_a_pulse() -> float | None:
    """Time one batched Aer run of one circuit a pulse, built and transpiled beforehand, one shot each."""
    try:
        from qiskit import transpile
        from qiskit_aer import AerSimulator
    except ImportError:
        return None
    rng = np.random.default_rng(1)
    batch = bb84.circuit(
        *rng.integers(0, 2, (3, AER_PULSES)), eve_bases=rng.integers(0, 2, AER_PULSES, dtype=np.uint8)
    )
    backend = AerSimulator(max_parallel_threads=1)
    circuits = [batch.at(i).to_qiskit() for i in range(AER_PULSES)]
    ready = transpile(circuits, backend, optimization_level=0)
    return time_best(lambda: backend.run(ready, shots=1).result(), repeat=3) / AER_PULSES


def rows() -> Iterable[Row]:
    """Yield the rows of the table; every ratio is of this run, on one thread."""
    rng = np.random.default_rng(2)
    million = time_best(lambda: ours(10**6, rng), repeat=20)
    for name, rival in (("plain uint8 NumPy", plain_numpy), ("branch-free uint8 NumPy", lean_numpy)):
        theirs = time_best(partial(rival, 10**6, rng), repeat=20)
        yield compare(SECTION, "1e6 pulses, full intercept-resend", million, name, theirs, at_most=2)

    few = time_best(lambda: ours(10**5, rng), repeat=20)
    aer = aer_seconds_a_pulse()
    aer = None if aer is None else 1e5 * aer
    name = f"Aer, one batch of {AER_PULSES} circuits, scaled"
    yield compare(SECTION, "1e5 pulses, full intercept-resend", few, name, aer, faster=1000)
    sequence = peer_seconds("sequence", SEQUENCE, 10**5)
    name = "SeQUeNCe, without Eve (it has none)"
    yield compare(SECTION, "1e5 pulses, full intercept-resend", few, name, sequence, faster=1000)

    start = time.perf_counter()
    stream_hundred_million(rng)
    yield Row(SECTION, "1e8 pulses streamed (Eve 0.3, noise, 3 dB): seconds", time.perf_counter() - start)
    tracemalloc.start()
    stream_hundred_million(rng)
    mib = tracemalloc.get_traced_memory()[1] / 2**20
    tracemalloc.stop()
    yield Row(SECTION, "the same: peak of its memory, MiB", mib, bound="<= 50 MiB", holds=mib <= 50)


def stream_hundred_million(rng: np.random.Generator) -> bb84.Tally:
    """Send 10^8 pulses through everything that can happen to them, keeping counts only."""
    stream = bb84.stream(
        10**8, noise=0.02, loss_db=3, eavesdropper=bb84.InterceptResend(0.3), progress=False, rng=rng
    )
    return sum(map(bb84.Tally.of, stream), bb84.Tally())
