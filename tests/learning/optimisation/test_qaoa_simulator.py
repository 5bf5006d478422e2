"""The mixer: RX on every wire, whole states and symmetric halves, and its slope.

The sweep: the same states as the circuit, the exact gradient, whatever the cost looks like.
"""

import dimod
import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from qlearn.learning.optimisation import qaoa_circuit
from qlearn.learning.optimisation.qaoa_simulator import Mixer, QAOASimulator
from qlearn.qubits import Circuit, random_state


def rx_on_all(n, beta):
    circuit = Circuit(n)
    for wire in range(n):
        circuit = circuit.rx(2 * beta, wire)
    return circuit


@pytest.mark.parametrize("n", [1, 2, 3, 4, 5, 6, 9, 11])
def test_equals_rx_gates_on_every_wire(n):
    mixer, state = Mixer(n), random_state(n, rng=n)
    turned = mixer.apply(state * mixer.phases, 0.7) / mixer.phases
    np.testing.assert_allclose(turned, rx_on_all(n, 0.7).run(state), atol=1e-13)


@pytest.mark.parametrize("n", [2, 3, 4, 5, 6, 7, 8, 10])  # all four powers of i
def test_half_of_a_symmetric_state_is_enough(n):
    half = random_state(n - 1, rng=n)
    whole = np.concatenate([half, half[::-1]]) / np.sqrt(2)
    mixer = Mixer(n, symmetric=True)
    turned = mixer.apply(half * mixer.phases, -0.4) / mixer.phases
    np.testing.assert_allclose(turned / np.sqrt(2), rx_on_all(n, -0.4).run(whole)[: half.size], atol=1e-13)


@pytest.mark.parametrize("symmetric", [False, True])
@pytest.mark.parametrize("n", [2, 3, 6, 7, 12])
def test_slope_is_the_derivative(n, symmetric):
    mixer = Mixer(n, symmetric)
    bra, ket = (random_state(n - symmetric, rng=seed) for seed in (1, 2))
    step = 1e-5
    change = np.vdot(bra, mixer.apply(ket, step) - mixer.apply(ket, -step)).real / (2 * step)
    assert mixer.derivative(bra, ket) == pytest.approx(change, abs=1e-8)


@pytest.mark.parametrize("size", [2, 16, 1 << 12])
@pytest.mark.parametrize("symmetric", [False, True])
def test_a_grid_is_its_energies(size, symmetric):
    # Few levels: their phases are looked up.
    values = np.random.default_rng(size).integers(0, 3, size).astype(float)
    sweep = QAOASimulator(values + values[::-1] if symmetric else values)
    gammas, betas = np.linspace(0.1, 2, 9), np.linspace(-1, 1, 5)
    each = [[sweep.energy(np.array([g]), np.array([b])) for b in betas] for g in gammas]
    np.testing.assert_allclose(sweep.grid(gammas, betas), each, rtol=1e-12, atol=1e-12)


def test_turns_back_and_keeps_the_norm():
    mixer, state = Mixer(10), random_state(10, rng=3)
    turned = mixer.apply(state, 1.1)
    assert np.linalg.norm(turned) == pytest.approx(1, abs=1e-13)
    np.testing.assert_allclose(mixer.apply(turned, -1.1), state, atol=1e-13)


def test_plus_is_uniform():
    for mixer in (Mixer(5), Mixer(6, symmetric=True)):
        np.testing.assert_allclose(mixer.plus / mixer.phases, 2**-2.5, atol=1e-15)


GRAPH = nx.random_regular_graph(3, 8, seed=2)
SPINS = dimod.generators.gnp_random_bqm(6, 0.7, "SPIN", random_state=3)  # with fields: not symmetric
WEIGHTED = nx.Graph()
WEIGHTED.add_weighted_edges_from(
    (u, v, w) for (u, v), w in zip(GRAPH.edges, np.random.default_rng(4).uniform(0.1, 2, 12), strict=True)
)


def numerical(sweep, angles, step=1e-5):
    found = np.empty_like(angles)
    for at in np.ndindex(angles.shape):
        shift = np.zeros_like(angles)
        shift[at] = step
        found[at] = (sweep.energy(*(angles + shift)) - sweep.energy(*(angles - shift))) / (2 * step)
    return found


@pytest.mark.parametrize("problem", [GRAPH, SPINS, WEIGHTED], ids=["graph", "spins", "weights"])
@pytest.mark.parametrize("p", [1, 2, 4])
def test_is_the_circuit(problem, p):
    angles = np.random.default_rng(p).normal(size=(2, p))
    sweep = QAOASimulator.of(problem)
    state, circuit = sweep.state(*angles), qaoa_circuit(problem, *angles).run()
    assert abs(np.vdot(state, circuit)) == pytest.approx(1, abs=1e-12)  # up to the phase of the constant
    assert np.vdot(state, state).real == pytest.approx(1, abs=1e-12)


@pytest.mark.parametrize("problem", [GRAPH, SPINS, WEIGHTED], ids=["graph", "spins", "weights"])
def test_gradient_is_the_derivative_of_the_energy(problem):
    sweep, angles = QAOASimulator.of(problem), np.random.default_rng(5).normal(size=(2, 3))
    energy, gradient = sweep.energy_and_gradient(*angles)
    assert energy == pytest.approx(sweep.energy(*angles), abs=1e-12)
    np.testing.assert_allclose(gradient, numerical(sweep, angles), atol=1e-8)


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 7), st.integers(1, 3), st.integers(0, 2**16))
def test_any_diagonal_cost_against_the_definition(n, p, seed):
    rng = np.random.default_rng(seed)
    values, angles = rng.normal(size=1 << n), rng.normal(size=(2, p))
    state = np.full(1 << n, 2 ** (-n / 2), complex)
    for gamma, beta in angles.T:
        state = np.exp(-1j * gamma * values) * state
        rx = np.array([[np.cos(beta), -1j * np.sin(beta)], [-1j * np.sin(beta), np.cos(beta)]])
        for wire in range(n):
            state = np.einsum("ab,xbz->xaz", rx, state.reshape(1 << wire, 2, -1)).reshape(-1)
    sweep = QAOASimulator(values)
    np.testing.assert_allclose(sweep.state(*angles), state, atol=1e-12)
    assert sweep.energy(*angles) == pytest.approx(values @ np.abs(state) ** 2, abs=1e-11)


def test_equals_pennylane_and_its_gradient():
    import pennylane as qml

    edges = list(GRAPH.edges)

    @qml.qnode(qml.device("default.qubit", wires=8), diff_method="backprop")
    def cut(angles):
        for w in range(8):
            qml.Hadamard(w)
        for gamma, beta in zip(angles[0], angles[1], strict=True):
            for u, v in edges:
                qml.IsingZZ(-gamma, [u, v])
            for w in range(8):
                qml.RX(2 * beta, w)
        return qml.expval(qml.Hamiltonian([-0.5] * len(edges), [qml.Z(u) @ qml.Z(v) for u, v in edges]))

    angles = qml.numpy.array(np.random.default_rng(6).normal(size=(2, 2)), requires_grad=True)
    energy, gradient = QAOASimulator.of(GRAPH).energy_and_gradient(*np.asarray(angles))
    assert energy == pytest.approx(float(cut(angles)) + len(edges) / 2, abs=1e-10)
    np.testing.assert_allclose(gradient, qml.grad(cut)(angles), atol=1e-10)


def test_symmetry_is_seen_through_rounding_and_only_where_it_is():
    assert QAOASimulator.of(WEIGHTED).mixer.symmetric
    assert not QAOASimulator.of(SPINS).mixer.symmetric
    assert not QAOASimulator(np.array([0.0, 1.0, 1.0, 1e-9])).mixer.symmetric


def test_samples_follow_the_state():
    # one edge at its best angles: each cut has probability 1/2; 4000 shots, sd 0.0079; 5.5 sd: 4e-8
    sweep = QAOASimulator.of(nx.path_graph(2))
    seen = sweep.sample(np.array([np.pi / 2]), np.array([np.pi / 8]), 4000, np.random.default_rng(7))
    assert set(seen) == {1, 2}
    assert abs(np.mean(seen == 1) - 0.5) < 5.5 * 0.0079


def test_at_angle_zero_every_cut_is_as_likely_and_half_of_the_edges_are_cut():
    assert QAOASimulator.of(GRAPH).energy(np.zeros(1), np.zeros(1)) == pytest.approx(6, abs=1e-12)
