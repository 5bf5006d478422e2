"""Gram matrix of the ZZ kernel: qlearn beside one complex matrix product and PennyLane's broadcast."""

from collections.abc import Iterable
from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from benchmarks.harness import Row, compare, time_best
from qlearn.learning import FidelityKernel

SECTION = "gram"
SAMPLES = 1000
AGAINST_ONE_PRODUCT = {8, 10, 12}


def pennylane_seconds(X: NDArray[np.float64], expected: NDArray[np.float64]) -> float | None:
    """Time PennyLane's states of all rows in one broadcast call, and their overlaps by one product."""
    try:
        import pennylane as qml
    except ImportError:
        return None
    q = X.shape[1]
    single = 2 * X.T
    coupled = {(i, j): 2 * (np.pi - X[:, i]) * (np.pi - X[:, j]) for i, j in combinations(range(q), 2)}

    @qml.qnode(qml.device("default.qubit", wires=q), diff_method=None)
    def states() -> object:
        for _ in range(2):
            for i in range(q):
                qml.Hadamard(i)
                qml.PhaseShift(single[i], i)
            for wires, angle in coupled.items():
                qml.IsingZZ(angle, wires=wires)
        return qml.state()

    def gram() -> NDArray[np.float64]:
        amplitudes = np.asarray(states())
        return np.abs(amplitudes @ amplitudes.conj().T) ** 2

    if not np.allclose(gram(), expected, atol=1e-10):
        raise RuntimeError("PennyLane and qlearn disagree: the comparison would be of different things")
    return time_best(gram, repeat=3)


def rows() -> Iterable[Row]:
    """Measure q = 2 to 12 at n = 1000, ZZ map with two layers, everything included; one thread."""
    kernel = FidelityKernel("zz", reps=2)
    with threadpool_limits(1):
        for q in range(2, 13):
            X = np.random.default_rng(q).uniform(0, 2 * np.pi, (SAMPLES, q))
            amplitudes = kernel.states(X)
            bras = amplitudes.conj().T
            what = f"ZZ reps 2, n={SAMPLES}, q={q}"
            ours = time_best(lambda X=X: kernel.gram(X))  # type: ignore[misc]
            if q in AGAINST_ONE_PRODUCT:
                product = time_best(lambda a=amplitudes, b=bras: a @ b)  # type: ignore[misc]
                yield compare(SECTION, what, ours, "one zgemm", product, at_most=1.2)
            theirs = pennylane_seconds(X, kernel.gram(X))
            yield compare(SECTION, what, ours, "PennyLane broadcast + GEMM", theirs, at_most=1.0)
