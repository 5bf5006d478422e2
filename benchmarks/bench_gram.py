"""Gram matrix of the ZZ kernel: qlearn beside one complex matrix product and PennyLane's broadcast.

Also one of 10,000 rows, in blocks to a file: a process of its own says its seconds and its largest memory.
"""

import subprocess
import sys
from collections.abc import Iterable
from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from benchmarks.harness import ROOT, Row, compare, time_best
from qlearn.learning import FidelityKernel

SECTION = "gram"
SAMPLES = 1000
AGAINST_ONE_PRODUCT = {8, 10, 12}
LARGE, LARGE_QUBITS, MOST_GIB = 10_000, 10, 3.0
MOST_ERROR = 5e-6

BLOCKS = """
import resource, sys, tempfile, time
import numpy as np
from qlearn.learning import FidelityKernel
n, q, dtype = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
X = np.random.default_rng(0).uniform(0, 2 * np.pi, (n, q))
kernel = FidelityKernel("zz", reps=2, dtype=dtype)
with tempfile.TemporaryDirectory() as folder:
    kernel.gram(X[:2000], out=folder + "/warm.npy")
    start = time.perf_counter()
    kernel.gram(X, out=folder + "/K.npy")
    seconds = time.perf_counter() - start
unit = 1 if sys.platform == "darwin" else 1024
print(seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 2**30)
"""


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


def blocks_seconds(dtype: str) -> tuple[float, float]:
    """Return seconds and GiB of the large matrix, states, blocks and file included: the better of two runs."""
    command = [sys.executable, "-c", BLOCKS, str(LARGE), str(LARGE_QUBITS), dtype]
    runs = []
    for _ in range(2):
        ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
        runs.append(tuple(map(float, ran.stdout.split())))
    return min(run[0] for run in runs), max(run[1] for run in runs)


def product_seconds() -> float:
    """Return the seconds of one complex product of the size of the large matrix."""
    rng = np.random.default_rng(0)
    shape = (LARGE, 1 << LARGE_QUBITS)
    amplitudes = rng.normal(size=shape) + 1j * rng.normal(size=shape)
    bras = amplitudes.conj().T
    product = np.empty((LARGE, LARGE), dtype=complex)
    return time_best(lambda: np.matmul(amplitudes, bras, out=product), repeat=1)


def large_rows() -> Iterable[Row]:
    """Measure 10,000 rows of 10 qubits in blocks, to a file, in both precisions."""
    # A process begins with the memory of the one that starts it: the product, 1.6 GB, comes after.
    measured = {dtype: blocks_seconds(dtype) for dtype in ("complex128", "complex64")}
    product = product_seconds()
    for dtype, (seconds, gib) in measured.items():
        what = f"n={LARGE}, q={LARGE_QUBITS}, blocks to a file, {dtype}"
        yield compare(SECTION, what, seconds, "one zgemm", product, at_most=1.5)
        yield Row(SECTION, f"{what} (GiB)", gib, bound=f"< {MOST_GIB:g} GiB", holds=gib < MOST_GIB)


def single_rows(X: NDArray[np.float64], exact: NDArray[np.float64]) -> Iterable[Row]:
    """Measure complex64 beside complex128, one right after the other, and by how much it is off."""
    single, double = (FidelityKernel("zz", reps=2, dtype=dtype) for dtype in ("complex64", "complex128"))
    what = f"complex64, n={SAMPLES}, q={X.shape[1]}"
    wide, ours = time_best(lambda: double.gram(X)), time_best(lambda: single.gram(X))
    yield Row(SECTION, what, ours * 1e3, "complex128", wide * 1e3)
    error = float(np.abs(single.gram(X) - exact).max())
    yield Row(SECTION, f"{what} (error)", error, bound=f"< {MOST_ERROR:g}", holds=error < MOST_ERROR)


def rows() -> Iterable[Row]:
    """Measure q = 2 to 12 at n = 1000, ZZ map with two layers, everything included, then n = 10,000; one thread."""
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
                yield compare(SECTION, what, ours, "one zgemm", product, at_most=0.65)
            exact = kernel.gram(X)
            theirs = pennylane_seconds(X, exact)
            yield compare(SECTION, what, ours, "PennyLane broadcast + GEMM", theirs, at_most=1.0)
            if q == LARGE_QUBITS:
                yield from single_rows(X, exact)
        yield from large_rows()
