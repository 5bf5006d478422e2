"""The ports that turn the Bloch sphere, against the library."""

from collections.abc import Callable

import numpy as np

from qlearn.qubits import Circuit, bloch, bloch_vector, gates, probabilities, random_state


def test_states_and_their_arrows(port: Callable, agree: Callable):
    rng = np.random.default_rng(1)
    angles = np.column_stack([rng.uniform(0, np.pi, 1500), rng.uniform(-np.pi, np.pi, 1500)])
    agree(port("qubits/superposition", "bloch", angles), bloch(*angles.T), scale=1)
    states = random_state(1, size=1500, rng=rng)
    agree(port("qubits/superposition", "bloch_vector", states[:, None]), bloch_vector(states), scale=1)


def test_chances_of_three_questions(port: Callable, agree: Callable):
    states = random_state(1, size=1000, rng=np.random.default_rng(2))
    for basis in "XYZ":
        theirs = port("qubits/measurement", "probabilities", [[state, basis] for state in states])
        agree(theirs, probabilities(states, basis=basis), scale=1)


def test_gates(port: Callable, agree: Callable):
    rng = np.random.default_rng(3)
    states, angles = random_state(1, size=1000, rng=rng), rng.uniform(-7, 7, 1000)
    for name in ("rx", "ry", "rz", "p"):
        agree(
            port("qubits/gates", "matrix", [[name, a] for a in angles]), gates.matrix(name, angles), scale=1
        )
        after = getattr(Circuit(1), name)(angles, 0).run(states)
        agree(
            port("qubits/gates", "run", [[name, a, s] for a, s in zip(angles, states, strict=True)]),
            after,
            scale=1,
        )
    for name in "xyzhst":
        after = getattr(Circuit(1), name)(0).run(states)
        agree(port("qubits/gates", "run", [[name, 0, s] for s in states]), after, scale=1)
