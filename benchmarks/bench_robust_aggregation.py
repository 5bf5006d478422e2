"""Robust aggregation: the time of Krum against that of Flower, and what the signatures of a round cost."""

import time
import warnings
from collections.abc import Callable, Iterable
from importlib.util import find_spec

import numpy as np

from benchmarks.harness import Row, compare, time_best
from qlearn._types import Array
from qlearn.networks.federated import Bulyan, FedMedian, FedTrimmedAvg, Krum, UpdateSigner, UpdateVerifier

SECTION = "robust aggregation"
CLIENTS, PARAMETERS = 10, 10**6


def flower_krum(models: list[Array]) -> Callable[[], object] | None:
    """Return what selects one of these models by Flower's Krum, or None where Flower is not installed."""
    if find_spec("flwr") is None:
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of what Flower imports
        from flwr.app import ArrayRecord, RecordDict
        from flwr.serverapp.strategy.multikrum import select_multikrum

    contents = [RecordDict({"arrays": ArrayRecord([model])}) for model in models]
    return lambda: select_multikrum(contents, num_malicious_nodes=2, num_nodes_to_select=1)


def rows() -> Iterable[Row]:
    """Yield the rows of the table: seconds of work of this thread."""
    models = list(np.random.default_rng(0).normal(size=(CLIENTS, PARAMETERS)))
    updates = [([model], 10) for model in models]
    what = f"{CLIENTS} clients x {PARAMETERS:.0e} parameters"
    theirs = flower_krum(models)
    yield compare(
        SECTION,
        f"{what}: Krum selects",
        time_best(lambda: Krum(2).selected(updates), 3, clock=time.process_time),
        "Flower (of arrays in messages)",
        None if theirs is None else time_best(theirs, 3, clock=time.process_time),
        at_most=2,
    )
    for strategy in (FedMedian(), FedTrimmedAvg(0.2), Bulyan(1)):
        name = type(strategy).__name__

        def merge(strategy: FedMedian | FedTrimmedAvg | Bulyan = strategy) -> object:
            return strategy.aggregate(updates, [])

        yield Row(SECTION, f"{what}: {name}, s", time_best(merge, 2, clock=time.process_time))
    signers = [UpdateSigner(f"client {i}") for i in range(CLIENTS)]
    server = UpdateVerifier({s.client: s.public_key for s in signers}, "bench")
    signed = [s.sign([m], 10, run="bench", number=1) for s, m in zip(signers, models, strict=True)]
    seconds = time_best(lambda: server.collect(signed, 1), 2, clock=time.process_time)
    yield Row(SECTION, f"{what}: ten signatures verified, s", seconds)
