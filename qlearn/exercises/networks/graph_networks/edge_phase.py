"""What the edges of a graph do to a basis state."""

import numpy as np

from qlearn.exercises import exercise


@exercise(
    level="warm-up",
    right="the graph is in the phases alone: no probability has changed yet, and it takes the next gates to show them.",
    because=r"""
        $Z|b\rangle=s|b\rangle$ with $s=(-1)^b$, so that a basis state is an eigenstate of every $Z_uZ_v$, with the eigenvalue
        $s_us_v$: 1 where the two bits agree, -1 where they differ. All terms commute, and the exponents add up:
        $e^{-ig\sum w_{uv}s_us_v}$. In $s^\top Ws$ every edge stands twice, as (u, v) and as (v, u). Two edges of the same weight
        are treated alike wherever they are; that is why the order of the nodes is of no matter.
    """,
)
def edge_phase(bits, weights, g):
    r"""A layer of a quantum graph network applies $e^{-ig\sum w_{uv}Z_uZ_v}$ to n qubits, one for each node, with the sum over
    the edges of the graph: each pair of nodes once. `bits` is an array of n whole numbers 0 or 1, `weights` a symmetric array
    of shape (n, n), of numbers of either sign: $w_{uv}$ is 0 where there is no edge, and on the diagonal. Return the number
    by which the basis state $|\text{bits}\rangle$ is multiplied.
    """
    signs = 1 - 2 * bits
    return np.exp(-1j * g * (signs @ weights @ signs) / 2)


def _graph(rng, n, share=0.6):
    """A weighted graph as a symmetric matrix, with at least one edge."""
    upper = np.triu(rng.uniform(0.2, 1.5, (n, n)) * (rng.random((n, n)) < share), 1)
    upper[0, n - 1] = rng.uniform(0.2, 1.5)
    return upper + upper.T


@edge_phase.cases
def graphs(rng):
    """Two nodes to six, few edges and all; bits that agree and that differ, all 0 and all 1; angles and weights of either
    sign."""
    w = np.zeros((4, 4))
    for (u, v), value in {(0, 1): 0.3, (1, 2): 0.7, (0, 2): 1.1, (2, 3): 0.5}.items():
        w[u, v] = w[v, u] = value
    yield np.array([0, 1, 1, 0]), w, 0.8
    yield np.array([0, 0]), np.array([[0.0, 1.0], [1.0, 0.0]]), 0.5
    for n in (2, 3, 4, 5, 6):
        yield rng.integers(0, 2, n), _graph(rng, n), float(rng.uniform(-2, 2))
    yield np.ones(4, int), _graph(rng, 4, 1.0), float(rng.uniform(0.3, 1))
    yield np.zeros(3, int), _graph(rng, 3), float(rng.uniform(0.3, 1))
    yield np.array([0, 1, 0]), np.array([[0.0, -0.4, 0.9], [-0.4, 0.0, 0.0], [0.9, 0.0, 0.0]]), 0.6
    yield rng.integers(0, 2, 5), -_graph(rng, 5), float(rng.uniform(0.3, 1))


def _signs(bits):
    return 1 - 2 * bits


@edge_phase.mistake("every edge is counted twice, as (u, v) and as (v, u): each pair once.")
def each_pair_twice(bits, weights, g):
    return np.exp(-1j * g * (_signs(bits) @ weights @ _signs(bits)))


@edge_phase.mistake("Z multiplies |1> by -1, and |0> by 1: use these signs, and not the bits.")
def bits_for_signs(bits, weights, g):
    return np.exp(-1j * g * (bits @ weights @ bits) / 2)


@edge_phase.mistake("the exponent has the sign minus: yours is the complex conjugate.")
def conjugated(bits, weights, g):
    return np.exp(1j * g * (_signs(bits) @ weights @ _signs(bits)) / 2)


@edge_phase.mistake("that is the angle; the state is multiplied by e to the power -i times it.")
def the_angle(bits, weights, g):
    return g * (_signs(bits) @ weights @ _signs(bits)) / 2


@edge_phase.mistake("you have left out the i: such a number changes the length of the state.")
def without_i(bits, weights, g):
    return np.exp(-g * (_signs(bits) @ weights @ _signs(bits)) / 2)


@edge_phase.mistake("g is used as the angle of an RZZ gate, which is halved: here the exponent is -i g w ZZ.")
def half_the_angle(bits, weights, g):
    return np.exp(-1j * g * (_signs(bits) @ weights @ _signs(bits)) / 4)


@edge_phase.mistake("every edge counts the same with you: each has its weight.")
def without_weights(bits, weights, g):
    return np.exp(-1j * g * (_signs(bits) @ (weights > 0) @ _signs(bits)) / 2)


@edge_phase.mistake("an edge of negative weight is an edge: only 0 means that there is none.")
def positive_edges_alone(bits, weights, g):
    return np.exp(-1j * g * (_signs(bits) @ np.maximum(weights, 0) @ _signs(bits)) / 2)


@edge_phase.mistake("a weight comes with its sign: yours are all taken as positive.")
def without_the_sign_of_a_weight(bits, weights, g):
    return np.exp(-1j * g * (_signs(bits) @ np.abs(weights) @ _signs(bits)) / 2)


@edge_phase.mistake("edges whose two bits differ count too, with the sign minus.")
def agreeing_edges_alone(bits, weights, g):
    alike = bits[:, None] == bits
    return np.exp(-1j * g * (weights * alike).sum() / 2)


@edge_phase.mistake("edges whose two bits agree count too; those that differ have the sign minus.")
def differing_edges_alone(bits, weights, g):
    unlike = bits[:, None] != bits
    return np.exp(-1j * g * (weights * unlike).sum() / 2)


@edge_phase.mistake("all edges have the sign plus with you: where the bits differ it is minus.")
def without_signs(bits, weights, g):
    return np.exp(-1j * g * weights.sum() / 2)


@edge_phase.mistake("you have taken the edges of one path, u to u + 1: the graph may have others.")
def a_path(bits, weights, g):
    signs = _signs(bits)
    return np.exp(-1j * g * (signs[:-1] * signs[1:] * np.diag(weights, 1)).sum())
