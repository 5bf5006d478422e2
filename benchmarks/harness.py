"""What every benchmark needs: the best of several timings, a row of the table, a peer in its own environment."""

import subprocess
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
NOT_INSTALLED = "not installed"


@dataclass(frozen=True)
class Row:
    """One line of the table: ours against one rival, and whether the stated bound holds.

    `rival_ms` is None where the rival is not installed; `holds` is None where nothing can be decided without it.
    A bound on an absolute figure (seconds, MiB) says its unit in `what`, and has no rival.
    """

    section: str
    what: str
    ours_ms: float
    rival: str = ""
    rival_ms: float | None = None
    bound: str = ""
    holds: bool | None = None


def time_best(
    fn: Callable[[], object],
    repeat: int = 5,
    least: float = 0.02,
    clock: Callable[[], float] = time.perf_counter,
) -> float:
    """Return the seconds of the fastest of `repeat` runs; short functions are looped to last `least` seconds.

    With ``clock=time.process_time`` they are seconds of work, whoever else works on the machine; the peer's must be too.
    """
    start = clock()
    fn()  # also warms caches and compiles what compiles
    loops = max(1, round(least / max(clock() - start, 1e-9)))
    best = float("inf")
    for _ in range(repeat):
        start = clock()
        for _ in range(loops):
            fn()
        best = min(best, (clock() - start) / loops)
    return best


def compare(
    section: str,
    what: str,
    ours: float,
    rival: str,
    theirs: float | None,
    *,
    at_most: float | None = None,
    faster: float | None = None,
) -> Row:
    """Make a row from two times in seconds: ours is `at_most` times theirs, or at least `faster` times as fast.

    Examples
    --------
    >>> compare("bb84", "1e6 pulses", 0.003, "plain NumPy", 0.002, at_most=2).holds
    True
    >>> compare("bb84", "1e5 pulses", 0.001, "Aer", None, faster=1000).holds is None
    True
    """
    holds = None
    if at_most is not None and faster is None:
        bound = f"<= {at_most:g}x"
        if theirs is not None:
            holds = ours <= at_most * theirs
    elif faster is not None and at_most is None:
        bound = f">= {faster:g}x faster"
        if theirs is not None:
            holds = theirs >= faster * ours
    else:
        raise ValueError("give one bound: at_most (ours / theirs) or faster (theirs / ours)")
    return Row(section, what, ours * 1e3, rival, None if theirs is None else theirs * 1e3, bound, holds)


def peer_seconds(peer: str, script: Path | str, *arguments: object, timeout: float = 600) -> float | None:
    """Run `script` with the Python of the peer's own environment; it prints seconds on its last line.

    Returns None where `make bench` has made no environment `.venv-peer-<peer>` (its packages would not install).
    """
    python = ROOT / f".venv-peer-{peer}" / "bin" / "python"
    if not python.exists():
        return None
    command = [str(python), str(script), *map(str, arguments)]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=timeout, check=False)
    if ran.returncode:
        raise RuntimeError(f"{script} failed in the environment of {peer}:\n{ran.stderr[-2000:]}")
    return float(ran.stdout.split()[-1])


def table(rows: Iterable[Row]) -> str:
    """Lay rows out as one Markdown table."""
    lines = [
        "| section | what | ours | rival | theirs | ratio | bound | holds |",
        "|---|---|--:|---|--:|--:|---|---|",
    ]
    for r in rows:
        ratio = f"{r.ours_ms / r.rival_ms:.3g}" if r.rival_ms else ""
        theirs = f"{r.rival_ms:.4g} ms" if r.rival_ms is not None else (NOT_INSTALLED if r.rival else "")
        ours = f"{r.ours_ms:.4g} ms" if r.rival else f"{r.ours_ms:.4g}"
        verdict = {True: "yes", False: "**NO**", None: "?" if r.bound else ""}[r.holds]
        lines.append(
            f"| {r.section} | {r.what} | {ours} | {r.rival} | {theirs} | {ratio} | {r.bound} | {verdict} |"
        )
    return "\n".join(lines)
