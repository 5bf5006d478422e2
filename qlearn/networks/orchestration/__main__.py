"""A stage, or all of them side by side, by one command: ``python -m qlearn.networks.orchestration stage 3``, or ``compare``.

>>> main(["stage", "5"])
Traceback (most recent call last):
...
SystemExit: number must be 1 to 4, not 5: the article has four stages
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from qlearn.evidence import seeds
from qlearn.networks.orchestration.orchestration_history import OrchestratedRound
from qlearn.networks.orchestration.stage_comparison import compare_stages, run_measures
from qlearn.networks.orchestration.stages import stage


def _line(record: OrchestratedRound) -> str:
    """Return what one round was worth, and what went wrong in it."""
    kpis, orders = record.kpis, record.orders
    assigned = orders.assignment if isinstance(orders.assignment, str) else "listed"
    told = (
        f"round {record.number}: {len(record.sent)} updates  accuracy {kpis.accuracy:.3f}  latency {kpis.latency:.3f} s  "
        f"keys {kpis.key_reserve:.2f}  buffer {kpis.buffer:.2f} s  suspected {kpis.suspected_eve:g}  "
        f"(size {orders.model_size:g}, {assigned}, {orders.on_empty})"
    )
    return "\n".join([told, *(f"  {event.client}, {event.stage}: {event.reason}" for event in record.events)])


def _run(number: int, rounds: int, seed: int, checkpoint: str | None) -> None:
    chosen = stage(number)
    print(f"stage {number}, {chosen.name}: it adds {chosen.adds}")
    options = {} if checkpoint is None else {"checkpoint": checkpoint, "restart": Path(checkpoint).exists()}
    history = chosen.run(seed, rounds, **options)
    for record in history.rounds:
        print(_line(record))
    print(history)
    if history.rounds:
        print("  ".join(f"{name} {value:.4g}" for name, value in run_measures(history).items()))


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the command line, and do what it says."""
    parser = argparse.ArgumentParser(
        prog="python -m qlearn.networks.orchestration", description=(__doc__ or "").split(":")[0]
    )
    commands = parser.add_subparsers(required=True, metavar="stage | compare", dest="command")
    one = commands.add_parser("stage", help="run one of the four stages")
    one.add_argument("number", type=int, help="1, 2, 3 or 4")
    one.add_argument("--rounds", type=int, default=30, help="rounds (30)")
    one.add_argument("--seed", type=int, default=0, help="of the world (0)")
    one.add_argument("--checkpoint", help="file to save to after each round, and to go on from")
    all_ = commands.add_parser("compare", help="run all stages in the same worlds, and print the table")
    all_.add_argument("--worlds", type=int, default=20, help="how many (20)")
    all_.add_argument("--rounds", type=int, default=30, help="rounds (30)")
    all_.add_argument(
        "--file", help="file that keeps what was measured: an interrupted comparison goes on from it"
    )
    given = parser.parse_args(arguments)
    try:
        if given.command == "stage":
            _run(given.number, given.rounds, given.seed, given.checkpoint)
        else:
            print(compare_stages(seeds("judge", given.worlds), given.rounds, file=given.file))
    except (ValueError, TypeError, OSError, RuntimeError) as fault:
        sys.exit(str(fault))
    except KeyboardInterrupt:
        kept = ": the file keeps what was measured" * bool(getattr(given, "file", None))
        what = "one world was complete" if given.command == "compare" else "the first round"
        sys.exit(f"stopped before {what}{kept}")


if __name__ == "__main__":
    main()
