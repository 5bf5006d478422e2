"""Federated rounds: beside a plain NumPy loop of the same training; a thousand clients; what a checkpoint costs."""

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from functools import partial, reduce
from pathlib import Path

import numpy as np
from scipy.special import expit
from sklearn.datasets import load_breast_cancer, load_digits

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
    labels = np.unique(np.concatenate([y for _, y in shares]))
    return [Client(model, *share, classes=labels) for share in shares]


def federated(clients: list[Client]) -> History:
    """Train, and score the last model."""
    return run(clients, FedAvg(EPOCHS), ROUNDS, rng=0, evaluate_every=ROUNDS)


def plain(shares: list, batch_size: int | None) -> tuple[np.ndarray, float, list[float]]:
    """Do the same in NumPy: local descent in batches, the loss of each epoch, weighted means, the last accuracy."""
    rng = np.random.default_rng(0)
    total = sum(len(y) for _, y in shares)
    n_classes = len(np.unique(np.concatenate([y for _, y in shares])))
    columns = 1 if n_classes == 2 else n_classes
    weights, offset = np.zeros((shares[0][0].shape[1], columns)), np.zeros(columns)
    losses = []
    for _ in range(ROUNDS):
        rng.choice(len(shares), len(shares), replace=False)
        next_weights, next_offset = np.zeros_like(weights), np.zeros_like(offset)
        for X, y in shares:
            w, b, n = weights, offset, len(y)
            batches = np.random.default_rng(int(rng.integers(2**32)))
            size = n if batch_size is None else min(batch_size, n)
            for _ in range(EPOCHS):
                order = batches.permutation(n) if size < n else None
                loss = 0.0
                for start in range(0, n, size):
                    rows = slice(None) if order is None else order[start : start + size]
                    x, label = X[rows], y[rows]
                    z = x @ w + b
                    if columns == 1:
                        loss += np.logaddexp(0, np.where(label == 1, -z[:, 0], z[:, 0])).sum()
                        slope = expit(z) - label[:, None]
                    else:
                        z -= z.max(axis=1, keepdims=True)
                        e = np.exp(z)
                        sums = e.sum(axis=1, keepdims=True)
                        at = np.arange(len(label))
                        loss += (np.log(sums[:, 0]) - z[at, label]).sum()
                        slope = e / sums
                        slope[at, label] -= 1
                    slope /= len(label)
                    w, b = w - RATE * (x.T @ slope), b - RATE * slope.sum(axis=0)
                losses.append(loss / n)
            next_weights += len(y) / total * w
            next_offset += len(y) / total * b
        weights, offset = next_weights, next_offset
    scores = [X @ weights + offset for X, _ in shares]
    said = [(z[:, 0] > 0).astype(int) if columns == 1 else z.argmax(axis=1) for z in scores]
    return weights, sum((s == y).sum() for s, (_, y) in zip(said, shares, strict=True)) / total, losses


def quantum(clients: list[Client]) -> History:
    """Train a network of four qubits by plain descent over all samples, one pass a round."""
    return run(clients, FedAvg(1), ROUNDS, rng=0, evaluate_every=ROUNDS)


BITS = np.arange(16)[:, None] >> np.arange(4)[::-1] & 1
SIGNS = 1.0 - 2 * BITS
"""<Z> of every wire (column) in every state of the computational basis (row), four wires."""


def ring() -> np.ndarray:
    """Return the ring of CNOTs, 0 on 1, 1 on 2, 2 on 3, 3 on 0, as one matrix."""
    matrix = np.eye(16)
    for wire in range(4):
        flipped = np.arange(16) ^ BITS[:, wire] << 3 - (wire + 1) % 4
        matrix = matrix[flipped]
    return matrix


def turns(layer: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return RY RZ of every wire, and their slopes in both angles, shapes (4, 2, 2) and (4, 2, 2, 2)."""
    (half_z, half_y), i = layer.T / 2, np.array([-0.5j, 0.5j])
    c, s = np.cos(half_y), np.sin(half_y)
    about_y = np.array([[c, -s], [s, c]]).transpose(2, 0, 1)
    both = about_y * np.exp(2 * i * half_z[:, None])[:, None, :]
    return both, np.stack([both * i, np.array([[0, -0.5], [0.5, 0]]) @ both], axis=1)


def plain_quantum(shares: list, start: list[np.ndarray]) -> list[np.ndarray]:
    """Do the same in NumPy: a layer is one matrix for all samples, and slopes are carried back through them once."""
    total, cnots = sum(len(y) for _, y in shares), ring()
    encoded = [(np.exp(-0.5j * X @ SIGNS.T) / 4, y) for X, y in shares]
    wires, others = "abcd", [[v for v in range(4) if v != w] for w in range(4)]
    slots = [",".join(wires[v] + wires[v].upper() for v in rest) for rest in others]
    theta = start
    for _ in range(ROUNDS):
        merged = [np.zeros_like(p) for p in theta]
        for psi, y in encoded:
            angles, weights, offset = theta
            gates = [turns(layer) for layer in angles]
            layers = [cnots @ reduce(np.kron, both) for both, _ in gates]
            states = [psi]
            for layer in layers:
                states.append(states[-1] @ layer.T)
            z = np.abs(states[-1]) ** 2 @ SIGNS
            slope = (expit(z @ weights + offset) - y[:, None]) / len(y)
            back = slope @ weights.T @ SIGNS.T * states[-1].conj()
            of_angles = np.zeros_like(angles)
            for k in reversed(range(len(layers))):
                both, slopes = gates[k]
                pull = (cnots.T @ back.T @ states[k]).reshape([2] * 8)
                for w, rest in enumerate(others):
                    own = f"abcdABCD,{slots[w]}->{wires[w]}{wires[w].upper()}"
                    of_angles[k, w] = 2 * (slopes[w] * np.einsum(own, pull, *both[rest])).real.sum(
                        axis=(1, 2)
                    )
                back = back @ layers[k]
            step = [of_angles, z.T @ slope, slope.sum(axis=0)]
            merged = [
                m + len(y) / total * (p - RATE * g) for m, p, g in zip(merged, theta, step, strict=True)
            ]
        theta = merged
    return theta


def best_of_both(
    ours: Callable[[], object], theirs: Callable[[], object], repeat: int
) -> tuple[float, float]:
    """Return the seconds of work of the fastest run of either, run by turns: others on the machine slow both."""
    best = [np.inf, np.inf]
    for _ in range(repeat):
        for i, fn in enumerate((ours, theirs)):
            start = time.process_time()
            fn()
            best[i] = min(best[i], time.process_time() - start)
    return best[0], best[1]


def rows() -> Iterable[Row]:
    """Yield the rows of the table; every ratio is of this run, on one thread."""
    shares = parts(CLIENTS)
    angles = [(np.clip(X[:, :4] / 2, -1.5, 1.5), y) for X, y in shares]
    model = QNNClassifier(layers=2, optimizer="sgd", learning_rate=RATE, batch_size=None, random_state=0)
    clients = [Client(model, *part, classes=[0, 1]) for part in angles]
    start = clients[0].initial(np.random.default_rng(0))
    found = zip(quantum(clients).parameters, plain_quantum(angles, start), strict=True)
    off = max(float(np.abs(a - b).max()) for a, b in found)
    yield Row(
        SECTION, "4 qubits: the same model from both, largest difference", off, bound="1e-9", holds=off < 1e-9
    )
    ours, theirs = best_of_both(partial(quantum, clients), partial(plain_quantum, angles, start), 3)
    what = f"{CLIENTS} clients x {ROUNDS} rounds, 4 qubits, 2 layers"
    yield compare(
        SECTION, what, ours, "plain NumPy loop, a layer a matrix, slopes carried back", theirs, at_most=1.0
    )

    X, y = load_digits(return_X_y=True)
    sets = {"biopsies": shares, "digits": split(X / 16, y, CLIENTS, rng=0)}
    name = "plain NumPy loop of the same training"
    for data, dealt in sets.items():
        for batch_size in (None, 32):
            clients = clients_of(dealt, batch_size)
            weights, accuracy, _ = plain(dealt, batch_size)
            history = federated(clients)
            off = max(
                float(np.abs(history.parameters[0] - weights).max()),
                abs(history.train_accuracy[-1] - accuracy),
            )
            of = f"{data}, batches of {batch_size or 'all'}"
            yield Row(SECTION, f"{of}: largest difference", off, bound="1e-9", holds=off < 1e-9)
            ours, theirs = best_of_both(partial(federated, clients), partial(plain, dealt, batch_size), 15)
            what = f"{CLIENTS} clients x {ROUNDS} rounds x {EPOCHS} passes, logistic regression, {of}"
            yield compare(SECTION, what, ours, name, theirs, at_most=2 if data == "biopsies" else 1.25)
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
