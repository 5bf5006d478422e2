"""Random numbers: NIST's fifteen tests beside a package of the same, and how the estimates of entropy grow."""

import json
import tempfile
import time
from collections.abc import Iterable
from functools import partial
from pathlib import Path

import numpy as np

from benchmarks.harness import Row, compare, peer_seconds, time_best
from qlearn.communication import random_numbers

SECTION = "random_numbers"
NIST80022 = Path(__file__).parent / "peers" / "random_numbers_nist80022.py"
MILLION = 10**6


def rows() -> Iterable[Row]:
    """Yield the rows of the table; every ratio is of this run, in seconds of work."""
    e = random_numbers.constant_bits("e", MILLION)
    report = random_numbers.suite(e)
    theirs: dict[str, float | None] = {}
    with tempfile.TemporaryDirectory() as folder:
        bits, ours = Path(folder, "e.npy"), Path(folder, "ours.json")
        np.save(bits, e)
        found = {name: test.p_values.tolist() for name, test in report.tests.items()}
        ours.write_text(json.dumps(found), encoding="utf8")
        for what in ("all", "linear_complexity"):
            theirs[what] = peer_seconds("nist80022", NIST80022, bits, ours, what)

    work = partial(time_best, repeat=3, clock=time.process_time)
    # Its script stops unless 13 tests agree, and the longest run and the universal test are the two that do not.
    name = "nist80022, 13 of 15 right, one template, state and direction"
    what = "1e6 bits, the fifteen tests of SP 800-22, 188 P-values"
    yield compare(SECTION, what, work(lambda: random_numbers.suite(e)), name, theirs["all"], faster=30)
    ours_linear = work(lambda: random_numbers.linear_complexity(e))
    yield compare(
        SECTION,
        "linear complexity alone, 2000 blocks of 500",
        ours_linear,
        "nist80022",
        theirs["linear_complexity"],
        faster=100,
    )

    for method in ("most_common", "collision", "markov", "compression"):
        small = work(partial(random_numbers.min_entropy, e[: MILLION // 10], method))
        large = work(partial(random_numbers.min_entropy, e, method))
        growth = np.log10(large / small)
        yield Row(SECTION, f"min_entropy of 1e6 bits, {method}, s", large, bound="<= 1 s", holds=large <= 1)
        what = f"the same: exponent of growth from 1e5 to 1e6 bits, {method}"
        yield Row(SECTION, what, growth, bound="<= 1.5", holds=bool(growth <= 1.5))
