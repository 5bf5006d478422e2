"""What shots cost: a counted kernel beside the exact one, a counted gradient beside PennyLane's, circuits on a device."""

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from benchmarks.harness import Row, compare, time_best
from qlearn.learning import CountedKernel, FidelityKernel
from qlearn.learning.neural_networks import Ansatz, SampledExpectations

SECTION = "shots"
SAMPLES, SHOTS = 1000, 1000
QUBITS = 10


def kernel_rows() -> Iterable[Row]:
    """Measure a table of 1,000 rows at 1,000 shots an entry; with the repair, which is one decomposition, for itself."""
    kernel = FidelityKernel("zz", reps=2)
    for q in (8, QUBITS, 12):
        X = np.random.default_rng(q).uniform(0, 2 * np.pi, (SAMPLES, q))
        exact = time_best(lambda X=X: kernel.gram(X))  # type: ignore[misc]
        for repair in (None, "clip") if q == QUBITS else (None,):
            counted = CountedKernel(kernel, SHOTS, repair=repair, random_state=0)
            ours = time_best(lambda X=X, counted=counted: counted.gram(X))  # type: ignore[misc]
            what = f"counted kernel, n={SAMPLES}, q={q}, {SHOTS} shots an entry"
            if q == QUBITS and repair is None:
                yield compare(SECTION, what, ours, "exact", exact, at_most=2.0)
            else:
                yield Row(SECTION, what + (", clipped" if repair else ""), ours * 1e3, "exact", exact * 1e3)


def pennylane_gradient(angles: NDArray[np.float64], X: NDArray[np.float64]) -> float | None:
    """Time PennyLane's own parameter-shift gradient of the same means from as many shots, sample by sample."""
    try:
        import pennylane as qml
        from pennylane import numpy as pnp
    except ImportError:
        return None
    layers, n, _ = angles.shape

    @qml.set_shots(SHOTS)
    # all shifted circuits of a sample in one broadcast: the fastest way that it has
    @qml.qnode(
        qml.device("default.qubit", wires=n),
        diff_method="parameter-shift",
        gradient_kwargs={"broadcast": True},
    )
    def means(turns: Any, row: NDArray[np.float64]) -> Any:
        for wire in range(n):
            qml.Hadamard(wire)
            qml.RZ(row[wire], wire)
        for layer in range(layers):
            for wire in range(n):
                qml.RZ(turns[layer, wire, 0], wire)
                qml.RY(turns[layer, wire, 1], wire)
            for wire in range(n):
                qml.CNOT([wire, (wire + 1) % n])
        return qml.expval(sum(qml.Z(wire) for wire in range(n)))

    turns = pnp.array(angles, requires_grad=True)
    gradient = qml.grad(means)
    return time_best(lambda: [gradient(turns, row) for row in X], repeat=1)


def gradient_rows() -> Iterable[Row]:
    """Measure one gradient of the sum of Z by the parameter-shift rule from counted runs, 4 qubits, 2 layers, 8 samples."""
    rng = np.random.default_rng(0)
    ansatz = Ansatz(4, 2, observables=[{"ZIII": 1.0, "IZII": 1.0, "IIZI": 1.0, "IIIZ": 1.0}])
    angles, X = rng.uniform(-np.pi, np.pi, ansatz.shape), rng.uniform(-np.pi, np.pi, (8, 4))
    counted, dz = SampledExpectations(ansatz, SHOTS, rng=0), np.ones((8, 1))
    tape = counted.forward(angles, X)[1]
    ours = time_best(lambda: counted.backward(tape, dz))
    theirs = pennylane_gradient(angles, X)
    what = f"counted gradient, 16 angles, 8 samples, {SHOTS} shots"
    yield compare(SECTION, what, ours, "PennyLane parameter shift", theirs, faster=10)


def device_rows() -> Iterable[Row]:
    """Measure the same counted kernel on a Qiskit sampler: the circuits of all pairs in one job, no bound."""
    try:
        from qiskit.primitives import StatevectorSampler
    except ImportError:
        return
    X = np.random.default_rng(0).uniform(0, 2 * np.pi, (20, 2))
    kernel = FidelityKernel("zz", reps=2)
    device = CountedKernel(kernel, SHOTS, device=StatevectorSampler(seed=0))
    drawn = time_best(lambda: CountedKernel(kernel, SHOTS).gram(X))
    ran = time_best(lambda: device.gram(X), repeat=2)
    yield Row(
        SECTION, "190 pairs of 2 qubits, drawn by NumPy", drawn * 1e3, "Qiskit StatevectorSampler", ran * 1e3
    )


def rows() -> Iterable[Row]:
    """Measure all of them; one thread."""
    with threadpool_limits(1):
        yield from kernel_rows()
        yield from gradient_rows()
        yield from device_rows()
