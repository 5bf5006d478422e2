"""The app of the server: the rounds of the federation that the run describes, on the grid that Flower gives."""

import json
from pathlib import Path
from typing import Any

from flwr.app import Context
from flwr.serverapp import Grid, ServerApp

from qlearn.networks.federated.history import History
from qlearn.networks.flower_app import _wire
from qlearn.networks.flower_app._grids import Watched
from qlearn.networks.flower_app._recorded import Recorded
from qlearn.networks.flower_app.federation import Federation

app = ServerApp()


@app.main()
def main(grid: Grid, context: Context) -> None:
    """Run the federation; what went wrong is also written beside the checkpoint, for whoever started the run."""
    config = context.run_config
    checkpoint = Path(str(config["checkpoint"]))
    options: dict[str, Any] = {
        "checkpoint": checkpoint,
        "timeout": float(config["timeout"]),
        "patience": float(config["patience"]),
        "evaluate_every": int(config["evaluate-every"]),
        "min_clients": int(config["min-clients"]),
        "min_answers": int(config["min-answers"]),
    }
    if "registered" in config:
        options["registered"] = tuple(map(int, str(config["registered"]).split()))
    try:
        if "vault" in config:
            from qlearn.networks.flower_app._masked_server import drive_masked

            drive_masked(Federation.from_config(config), grid, vault=Path(str(config["vault"])), **options)
        else:
            drive(Federation.from_config(config), grid, **options)
    except BaseException as error:
        said = {"run": context.run_id, "error": f"{type(error).__name__}: {error}"}
        checkpoint.with_suffix(".error").write_text(json.dumps(said), encoding="utf8")
        raise


def drive(
    federation: Federation,
    grid: Grid,
    *,
    strategy: Any = None,
    checkpoint: Path | None = None,
    timeout: float = 60.0,
    patience: float = 60.0,
    evaluate_every: int = 1,
    min_clients: int | None = None,
    min_answers: int = 1,
    registered: tuple[int, ...] = (),
) -> History:
    """Run the rounds that are still to be run, by Flower's own `Strategy.start`, and return the history of all."""
    recorded = Recorded(
        federation.server() if strategy is None else strategy,
        federation,
        timeout=timeout,
        evaluate_every=evaluate_every,
        min_answers=min_answers,
        checkpoint=checkpoint,
        registered=registered,
    )
    if len(recorded.history.rounds) >= federation.rounds:
        return recorded.history
    watched = Watched(grid, patience)
    recorded.enrolment.wait(grid, least=min_clients or federation.n_clients, patience=patience)
    config = {} if not federation.strategy.startswith("flwr.") else {"epochs": federation.local_epochs}
    try:
        # Once, but for rounds that are begun again since all nodes were lost: Flower's loop counts them, the record does not.
        while (left := federation.rounds - len(recorded.history.rounds)) > 0:
            recorded.start(
                watched,
                _wire.packed(recorded.history.parameters),
                left,
                timeout,
                train_config=_wire.texts(config),
                evaluate_fn=recorded.end_round,
            )
    except KeyboardInterrupt:
        recorded.history.interrupted = True
    return recorded.history
