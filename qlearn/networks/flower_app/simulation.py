"""The simulation engine: Flower's simulation of many nodes on this machine, started by `flwr run`."""

import os
from pathlib import Path
from typing import Any

from qlearn.networks.federated.history import History
from qlearn.networks.flower_app._processes import write_connections
from qlearn.networks.flower_app._runs import Engine
from qlearn.networks.flower_app.federation import Federation


class Simulation(Engine):
    """A SuperLink in simulation, on a port of its own: `flwr run` alone would leave one behind on a fixed port."""

    def look_after(self) -> None:
        """Do nothing: Flower starts its own workers."""

    def start(self) -> None:
        """Start the SuperLink."""
        write_connections(self.programs.home, self.link, f"127.0.0.1:{self.port}", None)
        again = self.database.exists()
        self.programs.start(
            "superlink",
            "flower-superlink",
            *("--insecure", "--simulation", "--host", "127.0.0.1", "--port", str(self.port)),
            *("--database", self.database, "--disable-runtime-dependency-installation"),
            port=self.port,
        )
        self.tell("superlink")
        if again:
            self.stop_interrupted()

    def _of_run(self) -> tuple[str, ...]:
        # Two cores for each worker, as is Flower's default: a worker takes longer to start than small models to train.
        cores = min(2, os.cpu_count() or 1)
        resources = (
            f"client-resources-num-cpus={cores} client-resources-num-gpus=0.0 init-args-log-to-driver=false"
        )
        return ("--federation-config", f"num-supernodes={self.federation.n_clients} {resources}")


def simulate(federation: Federation, folder: str | Path | None = None, **options: Any) -> History:
    """Train a federation in Flower's simulation: worker processes of ray, and Flower's own server process.

    Parameters
    ----------
    federation : Federation
        Who trains what; each client is a virtual node.
    folder : str or Path, optional
        Where logs and the checkpoint are kept; None: a temporary one.
    **options
        `timeout`, `patience` (seconds), `evaluate_every`, `min_clients`.

    Returns
    -------
    History
        The same model as :meth:`Federation.run`, to rounding.

    Examples
    --------
    >>> simulate(Federation(), timeout=0)
    Traceback (most recent call last):
    ...
    ValueError: timeout must be above 0, not 0

    References
    ----------
    Beutel et al., "Flower: a friendly federated learning research framework", 2020, arXiv:2007.14390.
    """
    with Simulation(federation, folder, **options) as engine:
        engine.submit()
        return engine.wait()
