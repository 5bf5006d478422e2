"""A training step of the quantum network beside PennyLane, compiled by jax and by autograd.

The same circuit, loss and numbers on each side, and the same gradient (checked before the clock starts). Ours is the
step inside `fit`, Adam's update included; the rivals' is loss and gradient only, jax after it has compiled. What
compiling costs stands in rows of its own: the first step of a new network, ours with everything it prepares.
"""

import time
import tracemalloc
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from sklearn.base import clone

from benchmarks.harness import Row, compare, peer_seconds, time_best
from qlearn.learning.neural_networks.qnn import QNNClassifier
from qlearn.qubits import Circuit, parameters

SECTION = "qnn"
SAMPLES, LAYERS = 100, 2
JAX = Path(__file__).parent / "peers" / "qnn_jax.py"


@dataclass(frozen=True)
class Problem:
    """Features, labels and where to measure the gradient: what they are does not matter to the clock."""

    n_qubits: int
    encoding: str

    @property
    def data(self) -> tuple[np.ndarray, np.ndarray]:
        """Features and labels."""
        rng = np.random.default_rng(0)
        return rng.uniform(-1.5, 1.5, (SAMPLES, self.n_qubits)), rng.integers(0, 2, SAMPLES)

    def circuit(self) -> Circuit:
        """Return the network's circuit with features and angles free, as someone would write an ansatz of their own."""
        x, theta = parameters("x", self.n_qubits), parameters("theta", LAYERS, self.n_qubits, 2)
        circuit = Circuit(self.n_qubits)
        for wire in range(self.n_qubits):
            circuit = circuit.h(wire)
        for depth in range(LAYERS):
            for wire in range(self.n_qubits):
                if depth == 0 or self.encoding == "reuploading":
                    circuit = circuit.rz(x[wire], wire)
                circuit = circuit.rz(theta[depth, wire, 0], wire).ry(theta[depth, wire, 1], wire)
            for wire in range(self.n_qubits):
                circuit = circuit.cx(wire, (wire + 1) % self.n_qubits)
        return circuit

    def model(self, epochs: int = 1, *, own: bool = False) -> QNNClassifier:
        """Return the network, built in or as a circuit; its steps are so small that it stays where it starts."""
        shape = {"ansatz": self.circuit()} if own else {"layers": LAYERS, "encoding": self.encoding}
        model = QNNClassifier(
            **shape,
            epochs=epochs,
            batch_size=None,
            learning_rate=1e-9,
            random_state=0,
        )
        return model.initialise(self.n_qubits, [0, 1])

    def arrays(self) -> dict[str, Any]:
        """Return the whole problem and our gradient, by name."""
        model, (X, y) = self.model(), self.data
        parameters = model.get_parameters()
        _, gradients = model.loss_and_gradient(parameters, X, y)
        names = ("angles", "weights", "offset")
        return {
            **dict(zip(names, parameters, strict=True)),
            **dict(zip((f"d_{name}" for name in names), gradients, strict=True)),
            "X": X,
            "y": y,
            "reupload": np.array(self.encoding == "reuploading"),
        }


def our_step(problem: Problem, *, own: bool = False) -> float:
    """Return the seconds of one step of a fit over all samples."""
    X, y = problem.data
    steps = 200 if problem.n_qubits <= 6 else 20
    model = problem.model(steps, own=own)
    return time_best(lambda: model.fit(X, y), repeat=15) / steps


def own_ansatz(problem: Problem) -> Row:
    """Compare the network written as a circuit of one's own, features and all, with the built-in one of the same circuit."""
    (X, y), built_in, own = problem.data, problem.model(), problem.model(own=True)
    given = built_in.get_parameters()
    flat = [given[0].ravel(), *given[1:]]
    loss, gradients = built_in.loss_and_gradient(given, X, y)
    same, own_gradients = own.loss_and_gradient(flat, X, y)
    np.testing.assert_allclose(same, loss, atol=1e-12)
    for mine, theirs in zip(own_gradients, gradients, strict=True):
        np.testing.assert_allclose(mine, theirs.reshape(mine.shape), atol=1e-12)
    what = f"{problem.n_qubits} qubits, {LAYERS} layers, {SAMPLES} samples, {problem.encoding}"
    # By turns: what else the machine does then meets both.
    seconds = [(our_step(problem, own=True), our_step(problem)) for _ in range(3)]
    ours, theirs = (min(column) for column in zip(*seconds, strict=True))
    return compare(SECTION, f"step of an own ansatz, {what}", ours, "built in", theirs, at_most=1.3)


def our_first_step(problem: Problem) -> float:
    """Return the seconds of a new network's first step, with what it prepares once."""
    (X, y), model = problem.data, problem.model()
    return time_best(lambda: clone(model).fit(X, y), repeat=5)


def jax_steps(problem: Problem) -> tuple[float, float] | None:
    """Return the seconds of the first step, compiling included, and of a compiled one; None without its environment."""
    with TemporaryDirectory() as folder:
        path, first = Path(folder) / "problem.npz", Path(folder) / "first_step"
        np.savez(path, **problem.arrays())
        compiled = peer_seconds("jax", JAX, path, first)
        return None if compiled is None else (float(first.read_text()), compiled)


def autograd_step(problem: Problem) -> float:
    """Return the seconds of one step of PennyLane's autograd, broadcast over the samples."""
    import pennylane as qml
    from pennylane import numpy as pnp

    n, given = problem.n_qubits, problem.arrays()
    X, y = (pnp.array(given[name], requires_grad=False) for name in ("X", "y"))

    @qml.qnode(qml.device("default.qubit", wires=n), interface="autograd", diff_method="backprop")
    def expectations(angles: Any) -> Any:
        for w in range(n):
            qml.Hadamard(w)
        for depth in range(LAYERS):
            for w in range(n):
                if depth == 0 or given["reupload"]:
                    qml.RZ(X[:, w], w)
                qml.RZ(angles[depth, w, 0], w)
                qml.RY(angles[depth, w, 1], w)
            for w in range(n):
                qml.CNOT([w, (w + 1) % n])
        return [qml.expval(qml.Z(w)) for w in range(n)]

    def loss(angles: Any, weights: Any, offset: Any) -> Any:
        scores = (pnp.stack(expectations(angles), axis=-1) @ weights + offset)[:, 0]
        return pnp.mean(pnp.logaddexp(0.0, (1 - 2 * y) * scores))

    gradient = qml.grad(loss, argnums=[0, 1, 2])
    names = ("angles", "weights", "offset")
    start = [pnp.array(given[name], requires_grad=True) for name in names]
    for mine, name in zip(gradient(*start), names, strict=True):
        np.testing.assert_allclose(mine, given[f"d_{name}"], atol=1e-10)
    return time_best(lambda: gradient(*start))


MANY, WIRES, MOST_GIB = 100_000, 8, 0.5
"""Rows whose states would take 0.4 GB beside each other, and the most that a training on them may hold at a time."""


def many_rows() -> tuple[float, float]:
    """Return the seconds of an epoch over many rows in batches of 256, and GiB at the peak of its memory beside the rows."""
    rng = np.random.default_rng(0)
    X = rng.uniform(-1.5, 1.5, (MANY, WIRES))
    y = (X[:, 0] * X[:, 1] > 0).astype(int)
    options: dict[str, Any] = {"layers": LAYERS, "batch_size": 256, "random_state": 0}
    start = time.perf_counter()
    QNNClassifier(epochs=2, **options).fit(X, y)
    two = time.perf_counter() - start
    start = time.perf_counter()
    QNNClassifier(epochs=1, **options).fit(X, y)
    epoch = max(two - (time.perf_counter() - start), 1e-9)
    tracemalloc.start()
    QNNClassifier(epochs=1, **options).fit(X, y)
    peak = tracemalloc.get_traced_memory()[1] / 2**30
    tracemalloc.stop()
    return epoch, peak


def rows() -> Iterable[Row]:
    """Yield the rows of the table."""
    seconds, gib = many_rows()
    what = f"training on {MANY:,} rows, {WIRES} qubits, {LAYERS} layers, batches of 256"
    yield Row(SECTION, f"{what}: rows/s", MANY / seconds)
    yield Row(
        SECTION, "the same: peak of its memory, GiB", gib, bound=f"<= {MOST_GIB:g} GiB", holds=gib <= MOST_GIB
    )
    for problem in (Problem(n, encoding) for n in (4, 8, 10) for encoding in ("phase", "reuploading")):
        what = f"{problem.n_qubits} qubits, {LAYERS} layers, {SAMPLES} samples, {problem.encoding}"
        ours, jax = our_step(problem), jax_steps(problem)
        first, compiled = jax if jax is not None else (None, None)
        most = 1 if problem.n_qubits == 4 else 2
        yield compare(SECTION, f"step, {what}", ours, "PennyLane + jax.jit, compiled", compiled, at_most=most)
        yield Row(
            SECTION,
            f"first step, {what}",
            our_first_step(problem) * 1e3,
            "PennyLane + jax.jit, compiling",
            None if first is None else first * 1e3,
        )
        yield compare(SECTION, f"step, {what}", ours, "PennyLane autograd", autograd_step(problem), faster=10)
        yield own_ansatz(problem)
