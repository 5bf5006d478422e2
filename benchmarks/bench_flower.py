"""Flower: what its loop, its simulation and its deployment add to the same rounds by `federated.run`. Printed, not bounded."""

import time
from collections.abc import Callable, Iterator
from functools import partial

from benchmarks.harness import Row, time_best
from qlearn.networks.flower_app import Federation, deploy, loop, secure, simulate

SECTION = "flower"
MANY = Federation(n_clients=10, rounds=20)
FEW = Federation(n_clients=2, rounds=4)
ONE = Federation(n_clients=2, rounds=1)


def rows() -> list[Row]:
    """Return what was measured; a simulation and a deployment start their processes, and end them."""
    return [*_loops(), *_processes(), *_keys()]


def _loops() -> Iterator[Row]:
    for federation in (MANY, Federation(model="qnn", n_clients=10, rounds=20)):
        # without the scores, as a deployment runs: messages and checks are what is compared
        plain = time_best(partial(federation.run, evaluate_every=20), repeat=3)
        ours = time_best(partial(loop, federation, evaluate_every=20), repeat=3)
        what = f"loop, {federation.model}, 10 clients x 20 rounds"
        yield Row(SECTION, what, ours * 1e3, "federated.run", plain * 1e3)


def _processes() -> Iterator[Row]:
    plain = time_best(partial(FEW.run, evaluate_every=4), repeat=3)
    for name, engine in (("simulation", simulate), ("deployment", deploy)):
        one, four = (_seconds(engine, federation) for federation in (ONE, FEW))
        yield Row(
            SECTION, f"{name}, 2 clients x 4 rounds, cold to end", four * 1e3, "federated.run", plain * 1e3
        )
        further = (four - one) / 3
        yield Row(SECTION, f"{name}, a further round", further * 1e3, "federated.run", plain / 4 * 1e3)


def _seconds(engine: Callable[[Federation], object], federation: Federation) -> float:
    begin = time.perf_counter()
    engine(federation)
    return time.perf_counter() - begin


def _keys() -> Iterator[Row]:
    federation = Federation(n_clients=3, rounds=4)
    plain = time_best(lambda: federation.run(evaluate_every=4), repeat=3)
    begin = time.perf_counter()
    secure(federation, engine="loop", rng=1)
    what = "from the link to the model, 3 clients x 4 rounds in the loop"
    yield Row(SECTION, what, (time.perf_counter() - begin) * 1e3, "federated.run", plain * 1e3)
