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
TESTS = (
    random_numbers.monobit,
    random_numbers.block_frequency,
    random_numbers.runs,
    random_numbers.longest_run,
    random_numbers.rank,
    random_numbers.dft,
    random_numbers.non_overlapping_template,
    random_numbers.overlapping_template,
    random_numbers.universal,
    random_numbers.linear_complexity,
    random_numbers.serial,
    random_numbers.approximate_entropy,
    random_numbers.cumulative_sums,
    random_numbers.random_excursions,
    random_numbers.random_excursions_variant,
)


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
        for what in ("all", *found):
            theirs[what] = peer_seconds("nist80022", NIST80022, bits, ours, what)

    work = partial(time_best, repeat=3, clock=time.process_time)
    # Its script stops unless 13 tests agree, and the longest run and the universal test are the two that do not.
    name = "nist80022, 13 of 15 right, one template, state and direction"
    what = "1e6 bits, the fifteen tests of SP 800-22, 188 P-values"
    yield compare(SECTION, what, work(lambda: random_numbers.suite(e)), name, theirs["all"], faster=30)
    for test in TESTS:
        name, ours_s = test.__name__, work(partial(test, e))
        if name == "longest_run":
            yield Row(SECTION, f"1e6 bits, {name}, ms; nist80022 raises", 1e3 * ours_s)
        elif name == "linear_complexity":
            yield compare(SECTION, f"1e6 bits, {name}", ours_s, "nist80022", theirs[name], faster=100)
        else:
            its = theirs[name]
            yield Row(
                SECTION, f"1e6 bits, {name}", 1e3 * ours_s, "nist80022", None if its is None else 1e3 * its
            )

    for method in ("most_common", "collision", "markov", "compression"):
        small = work(partial(random_numbers.min_entropy, e[: MILLION // 10], method))
        large = work(partial(random_numbers.min_entropy, e, method))
        growth = np.log10(large / small)
        yield Row(SECTION, f"min_entropy of 1e6 bits, {method}, s", large, bound="<= 1 s", holds=large <= 1)
        what = f"the same: exponent of growth from 1e5 to 1e6 bits, {method}"
        yield Row(SECTION, what, growth, bound="<= 1.5", holds=bool(growth <= 1.5))
