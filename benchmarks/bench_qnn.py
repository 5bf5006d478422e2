"""A training step of the quantum network beside PennyLane, compiled by jax and by autograd.

The same circuit, loss and numbers on each side, and the same gradient (checked before the clock starts). Ours is the
step inside `fit`, Adam's update included; the rivals' is loss and gradient only, jax after it has compiled.
"""

import time
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from benchmarks.harness import Row, compare, time_best
from qlearn.learning.qnn import QNNClassifier

SAMPLES, LAYERS, STEPS = 100, 2, 200


def problem(n_qubits: int) -> tuple[np.ndarray, np.ndarray]:
    """Return features and labels: what they are does not matter to the clock."""
    rng = np.random.default_rng(0)
    return rng.uniform(-1.5, 1.5, (SAMPLES, n_qubits)), rng.integers(0, 2, SAMPLES)


def our_step(n_qubits: int, encoding: str) -> float:
    """Return the seconds of one step of a fit over all samples."""
    X, y = problem(n_qubits)
    steps = STEPS if n_qubits <= 6 else STEPS // 10
    model = QNNClassifier(
        layers=LAYERS, encoding=encoding, epochs=steps, batch_size=None, learning_rate=1e-6, random_state=0
    )
    return time_best(lambda: model.fit(X, y), repeat=15) / steps


def rival_loss(n_qubits: int, encoding: str, interface: str, math: Any) -> Callable[..., Any]:
    """Return the same loss as a function of angles, weights, offset, X and y, written with PennyLane."""
    import pennylane as qml

    @qml.qnode(qml.device("default.qubit", wires=n_qubits), interface=interface, diff_method="backprop")
    def expectations(angles: Any, X: Any) -> Any:
        for w in range(n_qubits):
            qml.Hadamard(w)
        for depth in range(LAYERS):
            for w in range(n_qubits):
                if depth == 0 or encoding == "reuploading":
                    qml.RZ(X[:, w], w)
                qml.RZ(angles[depth, w, 0], w)
                qml.RY(angles[depth, w, 1], w)
            for w in range(n_qubits):
                qml.CNOT([w, (w + 1) % n_qubits])
        return [qml.expval(qml.Z(w)) for w in range(n_qubits)]

    def loss(angles: Any, weights: Any, offset: Any, X: Any, y: Any) -> Any:
        scores = (math.stack(expectations(angles, X), axis=-1) @ weights + offset)[:, 0]
        return math.mean(math.logaddexp(0.0, (1 - 2 * y) * scores))

    return loss


def agree(model: QNNClassifier, X: np.ndarray, y: np.ndarray, theirs: Iterable[Any]) -> None:
    """Refuse to time a rival that computes another gradient."""
    _, ours = model.loss_and_gradient(model.get_parameters(), X, y)
    for mine, other in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(mine, np.asarray(other), atol=1e-10)


def jax_step(n_qubits: int, encoding: str) -> tuple[float, float] | None:
    """Return the seconds of one compiled step, and of compiling it; None without jax."""
    try:
        import jax
    except ImportError:
        return None
    jax.config.update("jax_enable_x64", True)
    X, y = problem(n_qubits)
    model = QNNClassifier(layers=LAYERS, encoding=encoding, random_state=0).initialise(n_qubits, [0, 1])
    loss = rival_loss(n_qubits, encoding, "jax", jax.numpy)
    step = jax.jit(jax.value_and_grad(loss, argnums=(0, 1, 2)))
    given = [jax.numpy.asarray(a) for a in (*model.get_parameters(), X, y)]
    start = time.perf_counter()
    _, gradients = jax.block_until_ready(step(*given))
    compiling = time.perf_counter() - start
    agree(model, X, y, gradients)
    return time_best(lambda: jax.block_until_ready(step(*given)), repeat=15), compiling


def autograd_step(n_qubits: int, encoding: str) -> float:
    """Return the seconds of one step of PennyLane's autograd, broadcast over the samples."""
    import pennylane as qml
    from pennylane import numpy as pnp

    X, y = problem(n_qubits)
    model = QNNClassifier(layers=LAYERS, encoding=encoding, random_state=0).initialise(n_qubits, [0, 1])
    loss = rival_loss(n_qubits, encoding, "autograd", pnp)
    given = [pnp.array(p, requires_grad=True) for p in model.get_parameters()]
    fixed = [pnp.array(a, requires_grad=False) for a in (X, y)]
    gradient = qml.grad(loss, argnums=[0, 1, 2])
    agree(model, X, y, gradient(*given, *fixed))
    return time_best(lambda: gradient(*given, *fixed))


def rows() -> Iterable[Row]:
    """Yield the rows of the table."""
    for n_qubits, encoding in ((4, "angle"), (4, "reuploading"), (8, "angle")):
        what = f"step, {n_qubits} qubits, {LAYERS} layers, {SAMPLES} samples, {encoding}"
        ours = our_step(n_qubits, encoding)
        jax = jax_step(n_qubits, encoding)
        rival = "PennyLane + jax.jit" + (f" (compiled in {jax[1]:.1f} s)" if jax else "")
        yield compare("qnn", what, ours, rival, jax[0] if jax else None, at_most=1 if n_qubits == 4 else 2)
        yield compare("qnn", what, ours, "PennyLane autograd", autograd_step(n_qubits, encoding), faster=10)
