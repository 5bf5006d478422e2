"""Faults: ten thousand random sessions of `distill`, each with something wrong: what happens, by kind of fault.

`python -m benchmarks.bench_faults 500` holds 500 of them, and `python -m benchmarks.bench_faults 0 4711` the one whose
number is 4711. In `make bench` the variable FAULTS says how many.
"""

import os
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable
from math import isnan

from tqdm import tqdm

from benchmarks.faults import KINDS, Outcome, names, session
from benchmarks.harness import Row

SECTION = "faults"
SESSIONS = int(os.environ.get("FAULTS", "10000"))
MOST_TIMES_HONEST = 3
FORGERS = {name for name, kind in KINDS.items() if kind.forges}


def held(sessions: int) -> list[Outcome]:
    """Hold the sessions number 0, 1, ..., and say at once what does not hold in one of them."""
    outcomes = []
    for seed in tqdm(range(sessions), unit="session"):
        outcomes.append(session(seed))
        for violation in outcomes[-1].violations:
            tqdm.write(f"session {seed} ({outcomes[-1].kind}): {violation}", file=sys.stderr)
    return outcomes


def table(outcomes: list[Outcome]) -> str:
    """Lay out how the sessions ended, by kind of fault."""
    by_kind: dict[str, list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        by_kind[outcome.kind].append(outcome)
    steps = [step for step in _ends(outcomes) if step]
    head = [
        "kind of fault",
        "sessions",
        "met it",
        "keys",
        *steps,
        "CPU",
        "of",
        "messages",
        "of",
        "worst case",
        "of",
        "violations",
    ]
    lines = ["| " + " | ".join(head) + " |", "|---" + "|--:" * (len(head) - 1) + "|"]
    for kind in (*(name for name in names() if name in by_kind), ""):
        these = by_kind[kind] if kind else outcomes
        ends = Counter(one.step for one in these)
        cells: list[object] = [
            kind or "**all**",
            len(these),
            sum(one.fired for one in these),
            ends[""],
            *(ends[step] or "" for step in steps),
            *_worst(these, "cpu"),
            *_worst(these, "messages"),
            *_worst(these, "beside_the_worst"),
            sum(bool(one.violations) for one in these),
        ]
        lines.append("| " + " | ".join(map(str, cells)) + " |")
    return "\n".join(lines)


def _ends(outcomes: list[Outcome]) -> list[str]:
    order = ["", "refused", "sift", "estimate", "reconcile", "verify", "amplify", "authenticate", "?"]
    met = {outcome.step for outcome in outcomes}
    return [step for step in order if step in met]


def _worst(outcomes: list[Outcome], what: str) -> tuple[str, str]:
    """Return the largest ratio to an honest session, and the number of the session that had it."""
    measured = [one for one in outcomes if not isnan(getattr(one, what))]
    if not measured:
        return "", ""
    worst = max(measured, key=lambda one: getattr(one, what))
    return f"{getattr(worst, what):.2f}", str(worst.seed)


def rows() -> Iterable[Row]:
    """Yield the rows of the table; the long one, by kind of fault, is printed."""
    outcomes = held(SESSIONS)
    print(table(outcomes), flush=True)
    broken = sum(bool(one.violations) for one in outcomes)
    yield Row(
        SECTION,
        f"{len(outcomes):,} sessions, {sum(one.fired for one in outcomes):,} of which met their fault: violations",
        float(broken),
        bound="0",
        holds=not broken,
    )
    yield Row(SECTION, "sessions with a key", float(sum(not one.step for one in outcomes)))
    careless = [one for one in outcomes if one.kind not in FORGERS]
    careful = [one for one in outcomes if one.kind in FORGERS]
    for who, these in (("", careless), ("an Eve who forges the digests too: ", careful)):
        for what, name in (("cpu", "processor time"), ("messages", "messages")):
            worst, seed = _worst(these, what)
            yield Row(SECTION, f"{who}worst {name} in units of an honest session ({seed})", float(worst))
        over = sum(one.cpu > MOST_TIMES_HONEST for one in these)
        yield Row(SECTION, f"{who}of {len(these):,} sessions take over {MOST_TIMES_HONEST}x", float(over))
        worst, seed = _worst(these, "beside_the_worst")
        unit = "an honest session with all the errors that the sample left open"
        yield Row(
            SECTION,
            f"{who}worst of both in units of {unit} ({seed})",
            float(worst),
            bound="" if who else f"<= {MOST_TIMES_HONEST}x",
            holds=None if who else float(worst) <= MOST_TIMES_HONEST,
        )


if __name__ == "__main__":
    if len(sys.argv) > 2:
        print(session(int(sys.argv[2])))
    else:
        print(table(held(int(sys.argv[1]) if len(sys.argv) > 1 else SESSIONS)))
