"""Detectors on a link: ten million blocks through each, at once and one by one, beside plain loops and river; memory."""

import pickle
import tempfile
import time
import tracemalloc
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

import numpy as np

from benchmarks.harness import Row, compare, peer_seconds, time_best
from qlearn.control import eavesdropper_detection as ed

SECTION = "detectors"
RIVER = Path(__file__).parent / "peers" / "detectors_river.py"
BLOCKS, PART, ONLINE = 10**7, 10**6, 10**6
REFERENCE, THRESHOLD = 0.5, 25.0

DETECTORS: dict[str, Callable[[], ed.Detector]] = {
    "Shewhart": lambda: ed.Shewhart(7.0),
    "Ewma": lambda: ed.Ewma(7.0, weight=0.1),
    "Cusum": lambda: ed.Cusum(THRESHOLD, REFERENCE),
    "Cusum, two-sided": lambda: ed.Cusum(THRESHOLD, REFERENCE, two_sided=True),
    "Sprt": lambda: ed.Sprt(1e-12, 1e-3),
}


def plain_shewhart(stream: list[float]) -> float:
    """Do the same in the fewest lines of Python that one would write: the rival of `run`."""
    worst = 0.0
    for x in stream:
        worst = max(worst, abs(x))
    return worst


def plain_ewma(stream: list[float]) -> float:
    """Keep an exponentially weighted mean."""
    mean = worst = 0.0
    for x in stream:
        mean += 0.1 * (x - mean)
        worst = max(worst, abs(mean))
    return worst / (0.1 / 1.9) ** 0.5


def plain_cusum(stream: list[float]) -> float:
    """Keep a sum above 0."""
    total = worst = 0.0
    for x in stream:
        total = max(0.0, total + x - REFERENCE)
        worst = max(worst, total)
    return worst


def plain_two_sided(stream: list[float]) -> float:
    """Keep two of them."""
    up = down = worst = 0.0
    for x in stream:
        up, down = max(0.0, up + x - REFERENCE), max(0.0, down - x - REFERENCE)
        worst = max(worst, up, down)
    return worst


def plain_sprt(stream: list[float]) -> float:
    """Add up likelihood ratios, from 0 again where a test says nobody."""
    low, _ = ed.wald_bounds(1e-12, 1e-3)
    total = worst = 0.0
    for x in stream:
        total += x
        if total <= low:
            total = 0.0
        worst = max(worst, total)
    return worst


PLAIN = {
    "Shewhart": plain_shewhart,
    "Ewma": plain_ewma,
    "Cusum": plain_cusum,
    "Cusum, two-sided": plain_two_sided,
    "Sprt": plain_sprt,
}


def quiet(n: int, name: str) -> np.ndarray:
    """Return standard normal numbers, for the sequential test as log-likelihood ratios of a shift by one."""
    stream = np.random.default_rng(1).normal(size=n)
    return stream - 0.5 if name == "Sprt" else stream


def whole_stream(name: str) -> tuple[float, float, int]:
    """Return the seconds of work for all blocks in parts, MiB beside what one part returns, bytes of the detector after."""
    detector, part = DETECTORS[name](), quiet(PART, name)
    seconds = 0.0
    for _ in range(BLOCKS // PART):
        start = time.process_time()
        detector.run(part)
        seconds += time.process_time() - start
    if detector.record.used != BLOCKS or detector.alarmed:
        raise RuntimeError(f"{name} used {detector.record.used} blocks, and alarmed: {detector.alarmed}")
    # With everything on that could cost memory: a clock, and a look at all of it before anything changes.
    detector.strict, clock = True, np.arange(1.0, PART + 1)
    tracemalloc.start()
    detector.run(part, clock)
    peak = tracemalloc.get_traced_memory()[1] - part.nbytes  # what it returns is as large as what it read
    tracemalloc.stop()
    return seconds, peak / 2**20, len(pickle.dumps(detector))


def at_once(make: Callable[[], ed.Detector], stream: np.ndarray) -> None:
    """Feed a new detector with all of the stream."""
    make().run(stream)


def one_by_one(make: Callable[[], ed.Detector], stream: list[float]) -> None:
    """Feed a new detector as a running link would."""
    detector = make()
    for value in stream:
        detector.update(value)


def rows() -> Iterable[Row]:
    """Yield the rows of the table, in seconds of work."""
    for name, make in DETECTORS.items():
        seconds, mib, size = whole_stream(name)
        rate = BLOCKS / seconds / 1e6
        yield Row(SECTION, f"1e7 blocks, {name}, million blocks/s", rate, bound=">= 3", holds=rate >= 3)
        yield Row(
            SECTION,
            f"1e6 of them, strict, by a clock: MiB beside the answers, {name}",
            mib,
            bound="<= 8",
            holds=mib <= 8,
        )
        fresh = len(pickle.dumps(make()))
        grown = size - fresh
        yield Row(
            SECTION,
            f"1.1e7 blocks: bytes the detector grew by, {name}",
            grown,
            bound="<= 64",
            holds=grown <= 64,
        )

        stream = quiet(PART, name)
        numbers = stream.tolist()
        plain, ours = PLAIN[name](numbers), float(make().run(stream).max())
        if abs(plain - ours) > 1e-9:
            raise RuntimeError(f"{name}: a plain loop comes to {plain}, and run to {ours}")
        work = partial(time_best, repeat=3, clock=time.process_time)
        theirs = work(partial(PLAIN[name], numbers))
        mine = work(partial(at_once, make, stream))
        # A sequential test is a loop here too, with a call for each block, and keeps each statistic.
        bound = {"at_most": 4.0} if name == "Sprt" else {"faster": 5.0}
        yield compare(SECTION, f"1e6 blocks at once, {name}", mine, "a plain loop", theirs, **bound)

        mine = work(partial(one_by_one, make, numbers))
        what = f"1e6 blocks one by one, {name}"
        yield compare(SECTION, what, mine, "a plain loop", theirs, at_most=6)

    # A stream that shifts near its end, for both to find.
    stream = np.random.default_rng(2).normal(size=ONLINE)
    change = ONLINE - 1000
    stream[change:] += 2.0
    over = ed.Cusum(THRESHOLD, REFERENCE).run(stream) > THRESHOLD
    alarm = int(np.argmax(over))
    if not over.any() or alarm < change:
        raise RuntimeError(f"our CUSUM alarms in block {alarm}, and the change is in block {change}")
    numbers = stream.tolist()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "stream.npz")
        np.savez(file, stream=stream, change=change, alarm=alarm, reference=REFERENCE, threshold=THRESHOLD)
        theirs_s = peer_seconds("river", RIVER, file)
    ours_s = time_best(partial(one_by_one, DETECTORS["Cusum"], numbers), repeat=3, clock=time.process_time)
    what = "1e6 blocks one by one, Cusum"
    yield compare(SECTION, what, ours_s, "river, PageHinkley", theirs_s, at_most=2)

    line, eve = ed.MonitoredLink(drift=ed.Drift(0.02, 0.05, 0.1)), ed.Intercept(0.05)
    seconds = time_best(
        lambda: ed.link_stream(PART // 10, line, eve, rng=1), repeat=2, clock=time.process_time
    )
    yield Row(SECTION, "1e5 blocks of a million pulses drawn, s", seconds, bound="<= 5", holds=seconds <= 5)
    drawn = ed.link_stream(PART // 10, line, eve, rng=1)
    for what, score in (
        ("features", drawn.features),
        ("log-likelihood ratios", lambda: ed.log_likelihood_ratio(drawn, line, eve)),
    ):
        seconds = time_best(score, repeat=3, clock=time.process_time)
        yield Row(SECTION, f"1e5 blocks, {what}, s", seconds, bound="<= 1", holds=seconds <= 1)
    lengths = {
        "run length, CUSUM": lambda: ed.average_run_length(0.5, 5.0),
        "threshold for a run length": lambda: ed.threshold_for(1e4),
        "sequential test, exactly": lambda: ed.sprt_properties(0.02, 0.05, 1e-3, 1e-3, p=0.02),
        "roc of 10,000 bits": lambda: ed.roc(10_000, 0.03, 0.02),
    }
    for what, work_of in lengths.items():
        seconds = time_best(work_of, repeat=3, clock=time.process_time)
        yield Row(SECTION, f"{what}, ms", 1e3 * seconds)
