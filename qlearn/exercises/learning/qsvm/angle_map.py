"""A feature map of one's own."""

import sys

import numpy as np

from qlearn.exercises import Verdict, exercise
from qlearn.exercises.comparisons import as_numbers
from qlearn.qubits import Circuit


@exercise(
    level="project",
    stub="angle_map = ...  # an object with n_qubits, circuit and states\n",
    right=(
        "A feature map of your own, ready for QSVC(angle_map). A laptop computes this one from the cosines alone: "
        "product states need no quantum computer."
    ),
    because=r"""
        Each wire holds $\cos\tfrac{x_i}2|0\rangle+\sin\tfrac{x_i}2|1\rangle$, and the state of a row is their
        tensor product, wire 0 first. Overlaps of products are products of overlaps:
        $k(x,y)=\prod_i\cos^2\tfrac{x_i-y_i}2$. For small differences this is close to $e^{-\|x-y\|^2/4}$, an RBF
        kernel with gamma 1/4.
    """,
)
def angle_map():
    """Write a feature map of your own and use it in `QSVC`: an object `angle_map` of a class with
    `n_qubits(n_features)`, `circuit(x)`, which turns wire $i$ by RY($x_i$), and `states(X)`, shape $(n,
    2^q)$, without running a circuit. `FidelityKernel(angle_map)` must work. Then: what is its kernel in
    closed form? Given: `np`, `Circuit`.
    """

    class AngleMap:
        def n_qubits(self, n_features):
            return n_features

        def circuit(self, x):
            circuit = Circuit(len(x))
            for wire, angle in enumerate(x):
                circuit = circuit.ry(angle, wire)
            return circuit

        def states(self, X):
            states = np.ones((len(X), 1))
            for column in X.T[::-1]:  # each new factor stands on the left
                zero, one = np.cos(column / 2)[:, None], np.sin(column / 2)[:, None]
                states = np.hstack([zero * states, one * states])
            return states.astype(complex)

    return AngleMap()


@angle_map.grader
def works_in_a_kernel(answer, rng):
    """Try each of the three methods for one feature and for several, and then the kernel."""
    own = answer() if isinstance(answer, type) and answer.__module__ != "builtins" else answer
    for method in ("n_qubits", "circuit", "states"):
        if not callable(getattr(own, method, None)):
            return Verdict.wrong(
                f"an object of a class of yours is asked for, and this one has no method `{method}`."
            )
    if type(own).__module__.startswith("qlearn.learning."):
        return Verdict.wrong("that is the library's own. Write a class.")
    for q in (3, 1, 4):
        X = np.vstack([rng.uniform(-3, 3, (int(rng.integers(2, 5)), q)), np.zeros((1, q))])
        if wrong := _unlike_turns(own, X) or _unlike_turns(own, X[:1]):
            return Verdict.wrong(wrong)
    return None


def _unlike_turns(own, X):
    """Return what is wrong with a map for some rows, or nothing."""
    n, q = X.shape
    wires = own.n_qubits(q)
    if wires is None or isinstance(wires, str) or np.ndim(wires) or wires != q:
        return f"n_qubits({q}) says {wires!r}; each feature has a wire of its own."
    called = set()

    def watch(frame, event, argument):
        if event == "call":
            called.add(frame.f_code)

    before = sys.getprofile()
    sys.setprofile(watch)
    try:
        states = own.states(X.copy())
    finally:
        sys.setprofile(before)
    states = as_numbers(states)
    if isinstance(states, str):
        return f"states(X): {states}."
    if states.shape != (n, 2**q):
        return f"{n} rows of {q} features make states of shape ({n}, {2**q}), not {states.shape}."
    lengths = np.linalg.norm(states, axis=1)
    if not np.allclose(lengths, 1):
        return f"a state of yours has length {lengths[np.abs(lengths - 1).argmax()]:.3f}; it must be 1."
    circuits = [own.circuit(x.copy()) for x in X]
    if not all(isinstance(circuit, Circuit) for circuit in circuits):
        return "circuit(x) must return a Circuit of this library."
    if any(circuit.n_qubits != q or circuit.shape or circuit.bits for circuit in circuits):
        return f"circuit(x) of a row of {q} features must have {q} wires, and measure nothing."
    prepared = np.array([circuit.run() for circuit in circuits])
    due, twice = (_product(scale * X) for scale in (0.5, 1.0))
    if _alike(prepared, twice) or _alike(states, twice):
        return "your arrows turn by twice the feature: RY(x) has cos(x/2) and sin(x/2) in it."
    if not _alike(prepared, due):
        return "circuit(x) does not turn wire i by RY(x_i): look at the state that it prepares."
    if not _alike(prepared, states):
        return "states and circuit disagree. Wire 0 is the leftmost factor: start np.kron with the first feature."
    if called & {Circuit.run.__code__, Circuit.matrix.__code__}:
        return "right, and `states` runs circuits. It is to write the amplitudes down: products of cosines and sines."
    if any("qlearn/learning/encodings" in code.co_filename.replace("\\", "/") for code in called):
        return "right, and `states` asks the library's encoding. It is to write the amplitudes down itself."
    from qlearn.learning.qsvm import FidelityKernel

    if not np.allclose(FidelityKernel(own).gram(X), np.abs(due @ due.T) ** 2):
        return "FidelityKernel makes something else of it than its states say."
    return ""


def _product(half):
    """Return the states of rows whose turns are twice these."""
    states = np.ones((len(half), 1))
    for column in half.T:
        states = np.einsum("na,nb->nab", states, np.stack([np.cos(column), np.sin(column)], 1)).reshape(
            len(half), -1
        )
    return states


def _alike(states, others):
    """Tell whether states are the same, up to a phase."""
    return bool(np.allclose(np.abs((states.conj() * others).sum(axis=1)), 1, rtol=0, atol=1e-9))


def _map(*, turn=1.0, half=0.5, order=1, second=np.sin, wires=None, runs=False):
    """Return a map with something wrong: what the mistakes are made of."""

    class AngleMap:
        def n_qubits(self, n_features):
            return n_features if wires is None else wires

        def circuit(self, x):
            circuit = Circuit(len(x))
            for wire, angle in enumerate(x):
                circuit = circuit.ry(turn * angle, wire)
            return circuit

        def states(self, X):
            if runs:
                return np.array([self.circuit(x).run() for x in X])
            states = np.ones((len(X), 1))
            for column in X.T[::order]:
                qubit = np.stack([np.cos(half * column), second(half * column)], axis=1)
                states = (states[:, :, None] * qubit[:, None, :]).reshape(len(X), -1)
            return states.astype(complex)

    return AngleMap()


@angle_map.mistake()
def twice_the_angle():
    return _map(turn=2.0, half=1.0)


@angle_map.mistake()
def last_feature_first():
    return _map(order=-1)


@angle_map.mistake()
def not_normalised():
    return _map(second=np.cos)


@angle_map.mistake()
def always_one_wire():
    return _map(wires=1)


@angle_map.mistake()
def runs_its_circuits():
    return _map(runs=True)


@angle_map.mistake()
def turns_back():
    return _map(turn=-1.0)


@angle_map.mistake()
def the_library():
    from qlearn.learning.encodings import AngleEncoding

    return AngleEncoding()
