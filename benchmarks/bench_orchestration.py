"""Orchestrated rounds: a hundred to ten thousand units for a hundred rounds, and what they add to the plain federation."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from functools import lru_cache

import networkx as nx
import numpy as np

from benchmarks.harness import ROOT, Row, compare
from qlearn.learning.neural_networks import SoftmaxClassifier
from qlearn.networks.federated import Client, FedAvg, History, run
from qlearn.networks.orchestration import (
    FixedPolicy,
    OrchestrationHistory,
    Orders,
    intelligence_network,
    orchestrate,
)

SECTION = "orchestration"
UNITS, ROUNDS, SAMPLES, FEATURES = (100, 1000, 10_000), 100, 20, 8
# Small units of training each: what the network adds shows the more.
PASSES, BATCH = 5, 10


def clients_of(n_units: int, batch_size: int | None) -> list[Client]:
    """Return a client for each unit, which trains logistic regression by plain descent."""
    rng = np.random.default_rng(1)
    X = rng.normal(size=(n_units, SAMPLES, FEATURES))
    y = (X.sum(axis=2) > 0).astype(int)
    model = SoftmaxClassifier(optimizer="sgd", learning_rate=0.1, batch_size=batch_size)
    return [Client(model, *part, classes=[0, 1]) for part in zip(X, y, strict=True)]


@lru_cache(maxsize=1)
def network_of(n_units: int) -> nx.MultiGraph:
    """Return a network with an aggregator for each hundred units, with keys enough for all: made once, as the clients are."""
    return intelligence_network(n_units, n_units // 100, rng=0, sensors_per_unit=0)


def orchestrated(clients: list[Client], rounds: int, passes: int) -> OrchestrationHistory:
    """Train over the network, and score the last model."""
    network = network_of(len(clients))
    policy = FixedPolicy(Orders(local_epochs=passes))
    return orchestrate(network, clients, policy, rounds, rng=0, evaluate_every=rounds)


def plain(clients: list[Client], rounds: int, passes: int) -> History:
    """Do the same without a network."""
    return run(clients, FedAvg(passes), rounds, rng=0, evaluate_every=rounds)


def hundred_rounds(n_units: int) -> tuple[float, float]:
    """Return the seconds of work, and the growth of the process in MiB, of one pass a round over so many units."""
    code = (
        "import resource, sys, time\n"
        "from benchmarks.bench_orchestration import clients_of, orchestrated, ROUNDS\n"
        "orchestrated(clients_of(100, None), 1, 1)\n"
        "clients = clients_of(int(sys.argv[1]), None)\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "start = time.process_time()\n"
        "history = orchestrated(clients, ROUNDS, 1)\n"
        "seconds = time.process_time() - start\n"
        "assert all(len(record.sent) == len(clients) for record in history.rounds)\n"
        "print(seconds, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code, str(n_units)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    seconds, grown = map(float, ran.stdout.split())
    return seconds, grown


def ratio(n_units: int, rounds: int, passes: int, batch_size: int | None, repeat: int) -> tuple[float, float]:
    """Return the seconds of work of the fastest run of either, run by turns; both make the same model."""
    clients = clients_of(n_units, batch_size)
    network_of(n_units)
    best = [np.inf, np.inf]
    for _ in range(repeat):
        made = []
        runs: tuple[Callable[..., OrchestrationHistory | History], ...] = (orchestrated, plain)
        for i, fn in enumerate(runs):
            start = time.process_time()
            made.append(fn(clients, rounds, passes).parameters)
            best[i] = min(best[i], time.process_time() - start)
        # Aggregators' means are merged in another order: the same model, or no race.
        assert all(np.allclose(a, b, rtol=0, atol=1e-9) for a, b in zip(*made, strict=True))
    return best[0], best[1]


def rows() -> Iterable[Row]:
    """Yield seconds and MiB for each size, the exponent that they grow with, and the ratios to the plain federation."""
    took = {}
    for n in UNITS:
        took[n], grown = hundred_rounds(n)
        what = f"{n:,} units x {ROUNDS} rounds, one pass over {SAMPLES} samples: seconds"
        yield Row(SECTION, what, took[n], bound=f"<= {0.025 * n:g} s", holds=took[n] <= 0.025 * n)
        most = 1024
        yield Row(
            SECTION,
            "the same: growth of the process, MiB",
            grown,
            bound=f"<= {most} MiB",
            holds=grown <= most,
        )
    exponent = float(np.polyfit(np.log(list(took)), np.log(list(took.values())), 1)[0])
    what = f"seconds grow as units to the power of, {UNITS[0]} to {UNITS[-1]:,}"
    yield Row(SECTION, what, exponent, bound="<= 1.1", holds=exponent <= 1.1)
    for n, rounds in zip(UNITS, (100, 10, 5), strict=True):
        ours, theirs = ratio(n, rounds, PASSES, BATCH, 5 if n < UNITS[-1] else 3)
        what = f"{n:,} units x {rounds} rounds, {PASSES} passes in batches of {BATCH}"
        yield compare(SECTION, what, ours, "federated.run, nothing sealed, no network", theirs, at_most=1.2)
    # Of the least training, sealing is more: each model goes down and up under a pad and a tag of its own.
    for n, rounds, at_most in ((100, 100, 1.75), (1000, 10, 1.5)):
        ours, theirs = ratio(n, rounds, 1, None, 5)
        what = f"{n:,} units x {rounds} rounds, one step over {SAMPLES} samples each: the least training"
        yield compare(
            SECTION, what, ours, "federated.run, nothing sealed, no network", theirs, at_most=at_most
        )
