"""The loop engine: Flower's server, strategy and client app in this process, without a network."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from qlearn._checks import as_count
from qlearn.networks.federated.history import History
from qlearn.networks.flower_app.federation import Federation, refuse_other


def loop(
    federation: Federation,
    strategy: Any = None,
    *,
    checkpoint: str | Path | None = None,
    evaluate_every: int = 1,
) -> History:
    """Train a federation by Flower's own round loop and messages, each message a call in this process.

    Parameters
    ----------
    federation : Federation
        Who trains what.
    strategy : optional
        An object to take instead of the federation's own: ours, or any of ``flwr.serverapp.strategy``.
    checkpoint : str or Path, optional
        Where the state is saved after each round. If there is one of this federation, the run goes on from it.
    evaluate_every : int, default 1
        After every so many rounds, and after the last, all clients score the model; 0: never.

    Returns
    -------
    History
        As :func:`qlearn.networks.federated.run` returns it, the same bits where the strategy is ours.

    Examples
    --------
    >>> loop("iris")
    Traceback (most recent call last):
    ...
    TypeError: federation must be a Federation, not 'iris'

    References
    ----------
    Beutel et al., "Flower: a friendly federated learning research framework", 2020, arXiv:2007.14390.
    """
    refuse_other(federation)
    as_count(evaluate_every, "evaluate_every", 0)
    from qlearn.networks.flower_app import _client_app, _grids, _server_app

    with _grids.server_identity(), _quiet():
        return _server_app.drive(
            federation,
            _grids.LoopGrid(_client_app.app, federation.n_clients, federation.config()),
            strategy=strategy,
            checkpoint=None if checkpoint is None else Path(checkpoint),
            patience=1.0,
            evaluate_every=evaluate_every,
        )


def masked_loop(federation: Federation, vault: Path, *, timeout: float = 60.0) -> History:
    """Run masked rounds in this process: the clients keep what they must know in the context of their node."""
    from qlearn.networks.flower_app import _client_app, _grids, _masked_server

    with _grids.server_identity(), _quiet():
        return _masked_server.drive_masked(
            federation,
            _grids.LoopGrid(
                _client_app.app, federation.n_clients, federation.config() | {"vault": str(vault)}
            ),
            vault=vault,
            patience=1.0,
            evaluate_every=0,
            timeout=timeout,
        )


@contextmanager
def _quiet() -> Iterator[None]:
    """Let Flower not say on the screen what the history says."""
    log = logging.getLogger("flwr")
    before = log.level
    log.setLevel(logging.ERROR)
    try:
        yield
    finally:
        log.setLevel(before)
