"""Angle map."""

import numpy as np

from qlearn.exercises import exercise
from qlearn.qubits import Circuit


@exercise(
    level="project",
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
    closed form?
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
            for column in X.T:
                qubit = np.stack([np.cos(column / 2), np.sin(column / 2)], axis=1)
                states = (states[:, :, None] * qubit[:, None, :]).reshape(len(X), -1)
            return states.astype(complex)

    return AngleMap()


@angle_map.mistake("your arrows turn by twice the feature: RY(x) has cos(x/2) and sin(x/2) in it.")
def twice_the_angle():
    class AngleMap:
        def n_qubits(self, n_features):
            return n_features

        def circuit(self, x):
            circuit = Circuit(len(x))
            for wire, angle in enumerate(x):
                circuit = circuit.ry(2 * angle, wire)
            return circuit

        def states(self, X):
            states = np.ones((len(X), 1))
            for column in X.T:
                qubit = np.stack([np.cos(column), np.sin(column)], axis=1)
                states = (states[:, :, None] * qubit[:, None, :]).reshape(len(X), -1)
            return states.astype(complex)

    return AngleMap()


@angle_map.mistake(
    "states and circuit disagree. Wire 0 is the leftmost factor: start np.kron with the first feature."
)
def last_feature_first():
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
            for column in X.T[::-1]:
                qubit = np.stack([np.cos(column / 2), np.sin(column / 2)], axis=1)
                states = (states[:, :, None] * qubit[:, None, :]).reshape(len(X), -1)
            return states.astype(complex)

    return AngleMap()


@angle_map.mistake("a state of yours has length 2.828; it must be 1.")
def not_normalised():
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
            for column in X.T:
                qubit = np.stack([np.cos(column / 2), np.cos(column / 2)], axis=1)
                states = (states[:, :, None] * qubit[:, None, :]).reshape(len(X), -1)
            return states.astype(complex)

    return AngleMap()
