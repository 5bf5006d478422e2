"""Federated rounds: beside a plain NumPy loop of the same training; a thousand clients; what a checkpoint costs."""

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from functools import partial
from pathlib import Path

import numpy as np
from scipy.special import expit
from sklearn.datasets import load_breast_cancer

from benchmarks.harness import ROOT, Row, compare, time_best
from qlearn.learning import QNNClassifier
from qlearn.learning.neural_networks import SoftmaxClassifier
from qlearn.networks.federated import Client, FedAvg, History, run, split

SECTION = "federated"
CLIENTS, ROUNDS, EPOCHS, RATE = 10, 20, 5, 0.1


def parts(n_clients: int) -> list[tuple[np.ndarray, np.ndarray]]:
    """Return biopsies of the breast, dealt out among clients."""
    X, y = load_breast_cancer(return_X_y=True)
    return split((X - X.mean(axis=0)) / X.std(axis=0), y, n_clients, rng=0)


def clients_of(shares: list, batch_size: int | None) -> list[Client]:
    """Return clients that train logistic regression by plain descent."""
    model = SoftmaxClassifier(optimizer="sgd", learning_rate=RATE, batch_size=batch_size)
    return [Client(model, *share, classes=[0, 1]) for share in shares]


def federated(clients: list[Client]) -> History:
    """Train, and score the last model."""
    return run(clients, FedAvg(EPOCHS), ROUNDS, rng=0, evaluate_every=ROUNDS)


def plain(shares: list, batch_size: int | None) -> tuple[np.ndarray, float, list[float]]:
    """Do the same in NumPy: local descent in batches, the loss of each epoch, weighted means, the last accuracy."""
    rng = np.random.default_rng(0)
    rng.choice(len(shares), len(shares), replace=False)
    total = sum(len(y) for _, y in shares)
    weights, offset, losses = np.zeros((shares[0][0].shape[1], 1)), np.zeros(1), []
    for _ in range(ROUNDS):
        next_weights, next_offset = np.zeros_like(weights), np.zeros_like(offset)
        for X, y in shares:
            w, b, n = weights, offset, len(y)
            batches = np.random.default_rng(int(rng.integers(2**32)))
            size = n if batch_size is None else min(batch_size, n)
            for _ in range(EPOCHS):
                order = batches.permutation(n) if size < n else np.arange(n)
                loss = 0.0
                for start in range(0, n, size):
                    rows = order[start : start + size]
                    x, label = X[rows], y[rows, None]
                    z = x @ w + b
                    loss += np.logaddexp(0, np.where(label == 1, -z, z)).sum()
                    slope = (expit(z) - label) / len(rows)
                    w, b = w - RATE * (x.T @ slope), b - RATE * slope.sum(axis=0)
                losses.append(loss / n)
            next_weights += len(y) / total * w
            next_offset += len(y) / total * b
        weights, offset = next_weights, next_offset
    right = sum(((X @ weights + offset > 0)[:, 0] == y).sum() for X, y in shares)
    return weights, right / total, losses


def quantum(clients: list[Client]) -> History:
    """Train a network of four qubits by plain descent over all samples."""
    return run(clients, FedAvg(EPOCHS), ROUNDS, rng=0, evaluate_every=ROUNDS)


def plain_quantum(clients: list[Client]) -> list[np.ndarray]:
    """Do the same around the model's loss and gradient: the loop, without records, checks and copies."""
    model = QNNClassifier(layers=2).initialise(4, [0, 1], rng=0)
    prepared = [model.prepare(client.X, client.y) for client in clients]
    total = sum(client.n_samples for client in clients)
    theta = model.get_parameters()
    for _ in range(ROUNDS):
        merged = [np.zeros_like(p) for p in theta]
        for samples in prepared:
            own = theta
            for _ in range(EPOCHS):
                _, gradients = model._step(own, *samples)
                own = [p - RATE * g for p, g in zip(own, gradients, strict=True)]
            merged = [m + len(samples.targets) / total * p for m, p in zip(merged, own, strict=True)]
        theta = merged
    return theta


def rows() -> Iterable[Row]:
    """Yield the rows of the table; every ratio is of this run, on one thread."""
    measure = partial(time_best, repeat=9, clock=time.process_time)
    shares = parts(CLIENTS)
    for batch_size in (None, 32, 8):
        clients = clients_of(shares, batch_size)
        weights, accuracy, losses = plain(shares, batch_size)
        history = federated(clients)
        off = float(np.abs(history.parameters[0] - weights).max())
        told = history.metric("loss")[0] - np.average(
            losses[EPOCHS - 1 : CLIENTS * EPOCHS : EPOCHS], weights=[len(y) for _, y in shares]
        )
        same = (
            batch_size is not None or max(off, abs(told), abs(history.train_accuracy[-1] - accuracy)) < 1e-9
        )
        what = f"{CLIENTS} clients x {ROUNDS} rounds x {EPOCHS} passes, logistic regression, batches of {batch_size or 'all'}"
        name = "plain NumPy loop of the same training"
        if batch_size is None:
            yield Row(SECTION, "the same model from both, largest difference", off, bound="1e-9", holds=same)
        ours, theirs = measure(partial(federated, clients)), measure(partial(plain, shares, batch_size))
        yield compare(SECTION, what, ours, name, theirs, at_most=1.0)

    angles = [(np.clip(X[:, :4] / 2, -1.5, 1.5), y) for X, y in shares]
    model = QNNClassifier(layers=2, optimizer="sgd", learning_rate=RATE, batch_size=None, random_state=0)
    clients = [Client(model, *part, classes=[0, 1]) for part in angles]
    ours, theirs = measure(partial(quantum, clients)), measure(partial(plain_quantum, clients))
    what = f"{CLIENTS} clients x {ROUNDS} rounds x {EPOCHS} passes, 4 qubits, 2 layers"
    yield compare(SECTION, what, ours, "plain loop around the model's gradient", theirs, at_most=1.0)
    yield from growth()
    yield checkpointed(shares)


def thousand(n_clients: int) -> float:
    """Return the seconds of work of ten rounds over so many clients of 8 samples each."""
    rng = np.random.default_rng(1)
    X = rng.normal(size=(8 * n_clients, 10))
    model = SoftmaxClassifier(optimizer="sgd", learning_rate=RATE, batch_size=None)
    clients = [Client(model, X[i : i + 8], np.arange(8) % 2) for i in range(0, 8 * n_clients, 8)]
    run(clients, FedAvg(), 1, rng=0)
    start = time.process_time()
    run(clients, FedAvg(), 10, rng=0)
    return time.process_time() - start


def growth() -> Iterable[Row]:
    """Yield what a thousand clients take, and how it grows with their number, each in a process of its own."""
    code = (
        "import resource, sys\n"
        "from benchmarks.bench_federated import thousand\n"
        "thousand(2)\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "seconds = min(thousand(int(sys.argv[1])) for _ in range(3))\n"
        "print(seconds, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024)"
    )
    took = {}
    for n in (250, 1000, 4000):
        ran = subprocess.run(
            [sys.executable, "-c", code, str(n)], cwd=ROOT, capture_output=True, text=True, check=True
        )
        took[n], grown = map(float, ran.stdout.split())
        if n == 1000:
            what = "1,000 clients x 10 rounds, scored in each: seconds"
            yield Row(SECTION, what, took[n], bound="<= 5 s", holds=took[n] <= 5)
            yield Row(
                SECTION, "the same: growth of the process, MiB", grown, bound="<= 100 MiB", holds=grown <= 100
            )
    exponent = float(np.polyfit(np.log(list(took)), np.log(list(took.values())), 1)[0])
    what = "seconds grow as clients to the power of, 250 to 4,000"
    yield Row(SECTION, what, exponent, bound="<= 1.1", holds=exponent <= 1.1)


def checkpointed(shares: list) -> Row:
    """Return what it costs to write the run down after every round."""
    clients = clients_of(shares, 32)

    def written() -> None:
        with tempfile.TemporaryDirectory() as folder:
            place = Path(folder) / "run.npz"
            run(clients, FedAvg(EPOCHS), ROUNDS, rng=0, evaluate_every=ROUNDS, checkpoint=place)

    more = (time_best(written, repeat=3) - time_best(lambda: federated(clients), repeat=3)) / ROUNDS
    return Row(SECTION, "a checkpoint, each round: ms more", 1e3 * more)
