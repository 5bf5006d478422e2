"""Repeaters: a full model of a chain beside SeQUeNCe's, its laws beside the closed forms; waiting times drawn at speed."""

import subprocess
import sys
import time
import tracemalloc
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.harness import ROOT, Row, compare, peer_seconds, time_best
from qlearn.communication import repeaters

SECTION = "repeaters"
SEQUENCE = Path(__file__).parent / "peers" / "repeaters_sequence.py"
ROUTERS = 6
LINKS = ROUTERS - 1
PAIRS = 10**5

# SeQUeNCe's link: 2 km at 0.01 dB/km, a single-atom Bell measurement of two detectors of 0.9 in its middle. Its slot is
# set from its own links, which share their station: what is compared is the mean time of a link and the fidelity.
MEMORY = repeaters.Memory(t1_s=1.0, t2_s=0.5, cutoff_s=0.1)


def line(links: int, slot_s: float, **settings: Any) -> repeaters.Plan:
    """Return a chain of such links."""
    return repeaters.Plan(
        length_km=2.0 * links,
        links=links,
        loss_db_per_km=0.01,
        efficiency=0.5 * 0.9**2,
        fidelity=0.95,
        slot_s=slot_s,
        **settings,
    )


def plan(purification: int, slot_s: float) -> repeaters.Plan:
    """Return the full model of 5 links: ages, decay, a cut-off, swaps that fail, rounds of purification."""
    return line(LINKS, slot_s, swap=0.9, purification=purification, memory=MEMORY)


def nested_plan(slot_s: float) -> repeaters.Plan:
    """Return 4 links, nested, purified on the links and after every swap: three rounds on top of each other."""
    return line(4, slot_s, swap=0.9, scheme="nested", purification=1, purify="nested", memory=MEMORY)


def seconds(model: repeaters.Plan) -> float:
    """Return the seconds of work for 10^5 pairs from end to end."""
    return time_best(
        lambda: repeaters.simulate(model, PAIRS, progress=False, rng=1), repeat=3, clock=time.process_time
    )


def rows() -> Iterable[Row]:
    """Yield the rows of the table; every ratio is of this run, on one thread."""
    link_ms = peer_seconds("sequence", SEQUENCE, "link", 25)
    p = line(1, 1.0).link_success
    slot_s = 1e-3 if link_ms is None else link_ms * 1e-3 * p

    # SeQUeNCe plays every photon and message, and works on pairs that are not done when it stops: so it runs for long.
    name = "SeQUeNCe, 6 routers, every message an event: time of a pair, scaled"
    theirs = peer_seconds("sequence", SEQUENCE, "seconds", ROUTERS, 0.5, 14)
    theirs = None if theirs is None else PAIRS * theirs
    yield compare(
        SECTION, "1e5 pairs over 5 links, full model", seconds(plan(0, slot_s)), name, theirs, faster=1000
    )
    purified = peer_seconds("sequence", SEQUENCE, "seconds", ROUTERS, 0.8, 60)
    purified = None if purified is None else PAIRS * purified
    what = "1e5 pairs over 5 links, two rounds of purification, the second of pairs of the first"
    yield compare(SECTION, what, seconds(plan(2, slot_s)), f"{name}, purified to 0.8", purified, faster=1000)
    # A chain of 4 links has 5 routers: a pair costs SeQUeNCe a fifth of what it costs over 5 links.
    purified = peer_seconds("sequence", SEQUENCE, "seconds", 5, 0.8, 30)
    purified = None if purified is None else PAIRS * purified
    what = "1e5 pairs over 4 links, nested, purified after every swap"
    name = "SeQUeNCe, 5 routers, time of a pair, scaled, purified to 0.8"
    yield compare(SECTION, what, seconds(nested_plan(slot_s)), name, purified, faster=1000)

    yield from laws(link_ms, slot_s)
    yield from waiting_times()
    yield from memory()


def laws(link_ms: float | None, slot_s: float) -> Iterable[Row]:
    """Yield the laws: mean time of a link, mean fidelity."""
    one = repeaters.simulate(line(1, slot_s), PAIRS, progress=False, rng=2)
    ours = 1e3 * slot_s * one.mean_slots
    near = None if link_ms is None else abs(ours / link_ms - 1) < 0.02
    what = "mean time of a link, ms; the slot is set from it"
    rival = "SeQUeNCe, 25 memories"
    yield Row(SECTION, what, ours, rival, link_ms, "within 2 %", near)

    model = line(LINKS, slot_s)
    exact = float(repeaters.chain_fidelity(0.95, LINKS))
    ours = repeaters.simulate(model, PAIRS, progress=False, rng=3).fidelity
    what = "mean fidelity of 5 links of 0.95 that do not decay; the closed form"
    yield Row(SECTION, f"{what} is {exact:.6f}", ours, bound="1e-9", holds=abs(ours - exact) < 1e-9)
    # The peer's script stops unless SeQUeNCe's mean is F^5 .95^4: its swap is F1 F2 .95, which no pair obeys.
    fault = 0.95**LINKS * 0.95 ** (LINKS - 1)
    yield Row(
        SECTION, "the same in SeQUeNCe 0.8.5, whose swap multiplies F1 F2 .95 (checked by its script)", fault
    )

    model = plan(1, slot_s)
    played, law = repeaters.simulate(model, PAIRS, progress=False, rng=4), repeaters.chain_of(model)
    off = abs(played.mean_slots - law.mean_slots) / played.mean_slots_error
    what = "full model against its exact law: mean slots, standard errors apart"
    yield Row(SECTION, what, off, bound="<= 6", holds=off <= 6)
    off = abs(played.fidelity - law.fidelity) / played.fidelity_error
    yield Row(SECTION, "the same: fidelity", off, bound="<= 6", holds=off <= 6)


def waiting_times() -> Iterable[Row]:
    """Yield how fast waiting times are drawn: each chain stands for 5 link times."""
    rng = np.random.default_rng(5)
    chains = 10**6

    def numpy(p: float) -> np.ndarray:
        return rng.geometric(p, (LINKS, chains)).max(axis=0)

    def exponential(p: float) -> np.ndarray:
        largest = rng.standard_exponential((LINKS, chains)).max(axis=0)
        return np.floor(largest * (-1 / np.log1p(-p))) + 1

    for p in (0.3, 0.05, 1e-4):
        ours = time_best(partial(repeaters.waiting_time_samples, LINKS, p, chains, rng=rng))
        theirs = time_best(partial(numpy, p))
        what = f"5e6 link times, p = {p:g}: waiting time of 1e6 chains of 5"
        yield compare(SECTION, what, ours, "rng.geometric(p, (5, n)).max(0)", theirs, at_most=1)
        theirs = time_best(partial(exponential, p))
        yield compare(SECTION, what, ours, "whole slots of the largest of 5 exponentials", theirs, at_most=1)
        speed = LINKS * chains / ours / 1e6
        yield Row(
            SECTION,
            "the same: link times that these stand for, 1e6/s",
            speed,
            bound=">= 30",
            holds=speed >= 30,
        )
    model = repeaters.Plan(loss_db=50, links=LINKS, fidelity=0.95, memory=repeaters.Memory(t2_s=500))
    speed = LINKS * PAIRS / seconds(model) / 1e6
    what = "full model in series, every link drawn: link times, 1e6/s"
    yield Row(SECTION, what, speed)


def memory() -> Iterable[Row]:
    """Yield what 10^7 pairs take, in a process of their own."""
    code = (
        "import resource\n"
        "from benchmarks.bench_repeaters import plan\n"
        "from qlearn.communication import repeaters as r\n"
        "r.simulate(plan(0, 1e-3), 1000, progress=False, rng=1)\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "r.simulate(plan(0, 1e-3), 10**7, progress=False, rng=1)\n"
        "print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024)"
    )
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    grown = float(ran.stdout)
    yield Row(
        SECTION,
        "1e7 pairs of the full model: growth of the process, MiB",
        grown,
        bound="<= 50 MiB",
        holds=grown <= 50,
    )
    tracemalloc.start()
    repeaters.simulate(nested_plan(1e-3), PAIRS, progress=False, rng=1)
    mib = tracemalloc.get_traced_memory()[1] / 2**20
    tracemalloc.stop()
    yield Row(
        SECTION,
        "1e5 pairs, nested and purified: peak of its memory, MiB",
        mib,
        bound="<= 50 MiB",
        holds=mib <= 50,
    )
