"""The library by one command: ``python -m qlearn`` says what there is, ``python -m qlearn demo`` goes the whole way once.

>>> main([])  # doctest: +ELLIPSIS
usage: python -m qlearn ...
>>> main(["demo", "--rounds", "0"])
Traceback (most recent call last):
...
SystemExit: rounds must be at least 1, not 0

Taught in :doc:`/applications/whole_way`.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from qlearn import __version__
from qlearn.applications.whole_way._interruption import Guard, Stopped

if TYPE_CHECKING:
    from qlearn.applications.whole_way.demo import Demo, DemoRun

_COMMANDS = """
other commands:
  python -m qlearn.exercises            sheets, marks, and the exercises by name
  python -m qlearn.communication.kme    a key service by ETSI GS QKD 014 over mutual TLS
  python -m qlearn.networks.flower_app  a federation: loop, simulate, deploy, secure
  python -m qlearn.networks.orchestration  four stages of an intelligence network

parts of the library, each a part of the book:
  qlearn.qubits, qlearn.communication, qlearn.learning, qlearn.control, qlearn.networks, qlearn.applications
"""


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the command line, and do what it says; the exit code is that of :attr:`DemoRun.exit_code`."""
    parser = argparse.ArgumentParser(
        prog="python -m qlearn",
        description="Quantum communication and quantum machine learning, one concept a module.",
        epilog=_COMMANDS,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"qlearn {__version__}")
    commands = parser.add_subparsers(metavar="demo", dest="command")
    demo = commands.add_parser(
        "demo", help="from pulses to a trained model, on this machine, in under two minutes"
    )
    demo.add_argument(
        "--eve",
        nargs="?",
        type=float,
        const=1.0,
        default=0.0,
        metavar="SHARE",
        dest="eavesdropped",
        help="Eve measures this share of the pulses (1 where none is said)",
    )
    demo.add_argument(
        "--rounds", type=int, metavar="N", help="rounds of learning (2, if the key pays for them)"
    )
    demo.add_argument("--clients", type=int, default=3, metavar="N", help="who learn, 3 or more (3)")
    demo.add_argument("--pulses", type=int, default=400_000, metavar="N", help="photons of the link (400000)")
    demo.add_argument(
        "--folder", metavar="DIR", help="new folder for picture, ledger and model (qlearn-demo)"
    )
    demo.add_argument(
        "--seed", type=int, default=0, metavar="N", help="of the link, the rows, the first model (0)"
    )
    demo.add_argument(
        "--port", type=int, default=0, metavar="N", help="of the key service; 0 takes a free one (0)"
    )
    demo.add_argument("--watts", type=float, default=10.0, metavar="W", help="of one busy core, assumed (10)")
    demo.add_argument(
        "--engine", default="deploy", help="deploy: processes of Flower; loop: in this one (deploy)"
    )
    given = vars(parser.parse_args(arguments))
    if given.pop("command") is None:
        parser.print_help()
        return
    try:
        with Guard(last=arguments is None):
            code = _demo(given)
    except (ValueError, TypeError, OSError, RuntimeError) as fault:
        sys.exit(str(fault))
    except Stopped as stop:
        _tell("Stopped before the first stage: nothing is kept.")
        sys.exit(128 + stop.number)
    if code:
        sys.exit(code)


def _demo(given: dict) -> int:
    """Refuse what cannot be done; run; show; return the exit code."""
    folder = given.pop("folder")
    from qlearn.applications.whole_way.demo import Demo, run_demo

    demo = Demo(**given)
    _refuse_without(demo)
    from qlearn.applications.whole_way.run_files import claim_folder, release_folder

    made = folder is None or not Path(folder).exists()
    place = claim_folder(folder)
    late = None
    try:
        done = run_demo(demo)
        try:
            files = _written(done, place)
        except Stopped as stop:  # it comes once: what has been worked for is kept all the same
            late = stop.number
            files = _written(done, place)
    finally:
        release_folder(place, made=made)
    _show(done, [str(file) for file in files])
    return done.exit_code if late is None else 128 + late


def _written(done: "DemoRun", place: Path) -> list[Path]:
    """Write what is kept, the picture in the style of the book."""
    if not done.ledger.entries:
        return []
    import matplotlib

    from qlearn.applications.whole_way.run_files import write_run
    from qlearn.plotting import style

    with matplotlib.rc_context():
        style()
        return write_run(done, place)


def _refuse_without(demo: "Demo") -> None:
    """Refuse before any work what this machine cannot do: Flower is not there, or a port is taken."""
    import importlib.util
    import socket

    if importlib.util.find_spec("flwr") is None:
        raise RuntimeError(
            "the demo trains on Flower, which is not installed: pip install 'qlearn[flower]' brings it"
        )
    if demo.port:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", demo.port))
            except OSError:
                raise RuntimeError(
                    f"port must be a free one, but something listens on 127.0.0.1:{demo.port}: name another, or 0"
                ) from None


def _show(done: "DemoRun", files: list[str]) -> None:
    kept = f"Kept: {', '.join(files)}." if files else "Nothing is kept."
    if done.signal is not None:
        ended = [entry.stage for entry in done.ledger.entries if not entry.stage.endswith("broken off")]
        last = f"the last stage that ended is {ended[-1]!r}" if ended else "no stage had ended"
        text = f"Stopped by signal {done.signal}: {last}; all processes and the temporary folder are gone. {kept}"
    elif done.reason:
        text = f"No model: {done.reason}\n{kept}"
    else:
        rounds, wanted = len(done.history.rounds) if done.history else 0, done.demo.federation.rounds
        fewer = f" of {rounds} rounds, for {wanted} the key was too short" if rounds < wanted else ""
        text = f"A model{fewer}, trained under keys of the link. {kept}"
    _tell(f"\n{done.ledger}\n\n{text}")


def _tell(text: str) -> None:
    """Say the last; a terminal that is closed, or a reader that has gone, changes no exit code."""
    try:
        print(text, flush=True)
    except OSError:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())  # what the interpreter flushes at its end
        os.close(nowhere)


if __name__ == "__main__":
    main()
