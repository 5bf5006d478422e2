"""A federation by one command: ``python -m qlearn.networks.flower_app loop``, ``simulate``, ``deploy`` or ``secure``.

>>> main(["loop", "--data", "nothing"])
Traceback (most recent call last):
...
SystemExit: data must be one of breast cancer, digits 3 or 5, ...
"""

import argparse
import signal
import sys
from collections.abc import Callable, Sequence
from dataclasses import fields

from qlearn.networks.federated.history import History
from qlearn.networks.flower_app.deployment import deploy
from qlearn.networks.flower_app.federation import Federation
from qlearn.networks.flower_app.in_process import loop
from qlearn.networks.flower_app.quantum_keys import secure
from qlearn.networks.flower_app.simulation import simulate

_HELP = {
    "loop": "Flower's server and clients in this process",
    "simulate": "Flower's simulation, by `flwr run`",
    "deploy": "a SuperLink and SuperNodes on this machine, over TLS",
    "secure": "from a simulated quantum link through a key service to masked rounds",
}


def _tell(history: History) -> None:
    """Print what each round was worth, and who did not do its part."""
    for record in history.rounds:
        scores = "  ".join(
            f"{name} {value:.4f}" for name, value in record.scores.items() if "accuracy" in name
        )
        print(
            f"round {record.number}: {len(record.answered)} answered  {scores}{record.failed and '  failed: '}{record.failed}"
        )
        for failure in record.failures:
            print(f"  {failure.client}, {failure.stage}: {failure.reason}")
    print(f"sum of the model's numbers {sum(float(p.sum()) for p in history.parameters):.12f}")


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the command line, and do what it says."""
    parser = argparse.ArgumentParser(
        prog="python -m qlearn.networks.flower_app", description=(__doc__ or "").split(":")[0]
    )
    commands = parser.add_subparsers(required=True, metavar=" | ".join(_HELP), dest="command")
    for name, says in _HELP.items():
        command = commands.add_parser(name, help=says)
        for field in fields(Federation):
            kind = int if isinstance(field.default, int) else str
            command.add_argument(f"--{field.name.replace('_', '-')}", type=kind, default=field.default)
        if name == "secure":
            command.set_defaults(n_clients=3)
            command.add_argument("--engine", default="simulate", help="loop, simulate or deploy (simulate)")
            command.add_argument("--pulses", type=int, default=400_000, help="photons of the link (400000)")
            command.add_argument(
                "--eavesdropped", type=float, default=0.0, help="share that Eve measures (0)"
            )
            command.add_argument("--rng", type=int, help="seed of the simulated link")
        else:
            every = "rounds between scores by all clients; 0: never (1)"
            command.add_argument("--evaluate-every", type=int, default=1, help=every)
        if name == "loop":
            command.add_argument("--checkpoint", help="file to save to and to go on from")
        else:
            command.add_argument("--folder", help="where logs, certificates and the checkpoint are kept")
            command.add_argument(
                "--timeout", type=float, default=60.0, help="seconds that a client has to answer (60)"
            )
    given = vars(parser.parse_args(arguments))
    command = given.pop("command")
    try:
        federation = Federation(**{field.name: given.pop(field.name) for field in fields(Federation)})
        if command == "secure":
            done = secure(federation, **given)
            print(f"link: {done.link}")
            _tell(done.history)
            print(done.keys)
        else:
            engines: dict[str, Callable[..., History]] = {
                "loop": loop,
                "simulate": simulate,
                "deploy": deploy,
            }
            _tell(engines[command](federation, **given))
    except (ValueError, TypeError, OSError, RuntimeError) as fault:
        sys.exit(str(fault))


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what was started is ended, too
    main()
