"""QAOA as a circuit: the gates, batches, and the same state from Qiskit and PennyLane."""

import networkx as nx
import numpy as np
import pytest

from qlearn.learning.optimisation import cut_values, qaoa, qaoa_circuit
from qlearn.learning.optimisation.layers import as_angles

RING = nx.cycle_graph(4)


def test_gates_are_counted():
    names = [operation.name for operation in qaoa_circuit(RING, [0.3, 0.4], [0.1, 0.2]).operations]
    assert {name: names.count(name) for name in set(names)} == {"h": 4, "p": 8, "cp": 8, "rx": 8}


def test_without_couplings_only_the_couplings_are_missing():
    angles = [0.3, 0.4], [0.1, 0.2]
    full = qaoa_circuit(nx.star_graph(3), *angles).operations
    bare = qaoa_circuit(nx.star_graph(3), *angles, couplings=False).operations
    assert [str(step) for step in bare] == [str(step) for step in full if step.name != "cp"]
    assert len(bare) < len(full)


@pytest.mark.parametrize(
    ("graph", "least"),
    [(nx.star_graph(3), 2.99), (nx.complete_bipartite_graph(2, 5), 9.7)],
)
def test_without_couplings_unequal_degrees_still_tell_the_sides(graph, least):
    gammas, betas = np.meshgrid(np.linspace(-np.pi, np.pi, 61), np.linspace(0, np.pi, 61))
    bare = qaoa_circuit(graph, gammas[..., None], betas[..., None], couplings=False)
    product = (np.abs(bare.run()) ** 2 @ cut_values(graph)).max()
    assert product > least
    assert product > qaoa(graph, 1, rng=0).energy + 0.5


def test_without_couplings_a_regular_graph_is_cut_no_better_than_by_coins():
    angles = np.random.default_rng(3).uniform(-np.pi, np.pi, (2, 200, 2))
    cuts = np.abs(qaoa_circuit(RING, *angles, couplings=False).run()) ** 2 @ cut_values(RING)
    assert cuts.max() <= 2 + 1e-12


def test_a_batch_of_angles_is_a_batch_of_circuits():
    gammas, betas = np.linspace(0, 1, 6).reshape(3, 2), np.linspace(1, 0, 6).reshape(3, 2)
    states = qaoa_circuit(RING, gammas, betas).run()
    assert states.shape == (3, 16)
    np.testing.assert_allclose(states[1], qaoa_circuit(RING, gammas[1], betas[1]).run(), atol=1e-14)


def test_no_coupling_gate_where_there_is_no_edge_and_no_phase_where_there_is_no_field():
    circuit = qaoa_circuit([[0, 1, 0], [0, 0, 0], [0, 0, 2]], 0.3, 0.1)
    names = [(operation.name, operation.wires) for operation in circuit.operations[3:-3]]
    assert names == [("p", (2,)), ("cp", (0, 1))]


def test_equals_qiskit_and_pennylane():
    from qiskit.quantum_info import Statevector

    circuit = qaoa_circuit(RING, [0.4, 0.9], [0.6, 0.2])
    state = circuit.run()
    np.testing.assert_allclose(Statevector(circuit.to_qiskit()).data, state, atol=1e-12)
    np.testing.assert_allclose(circuit.to_pennylane()(), state, atol=1e-12)


def test_equals_qiskits_own_ansatz():
    from qiskit.circuit.library import qaoa_ansatz
    from qiskit.quantum_info import SparsePauliOp, Statevector

    pairs = [("ZZ", edge, -0.5) for edge in RING.edges]
    cost = SparsePauliOp.from_sparse_list(pairs, num_qubits=4)
    gammas, betas = [0.4, 0.9], [0.6, 0.2]
    ansatz = qaoa_ansatz(cost, reps=2)
    named = {p.name: p for p in ansatz.parameters}
    given = {named[f"γ[{i}]"]: g for i, g in enumerate(gammas)} | {
        named[f"β[{i}]"]: b for i, b in enumerate(betas)
    }
    theirs = Statevector(ansatz.assign_parameters(given)).probabilities()  # a ring reads the same backwards
    ours = np.abs(qaoa_circuit(RING, gammas, betas).run()) ** 2
    assert ours @ cut_values(RING) == pytest.approx(theirs @ cut_values(RING), abs=1e-10)


def test_angles_become_rows_of_layers():
    gammas, betas = as_angles(0.3, [[0.1], [0.2]])
    assert gammas.shape == betas.shape == (2, 1)


@pytest.mark.parametrize(
    ("gammas", "betas", "says"),
    [
        ([0.1, 0.2], [0.1], "one angle each for every layer on the last axis, not 2 and 1"),
        ([], [], "not 0 and 0"),
        (np.zeros((2, 1)), np.zeros((3, 1)), "broadcast"),
        ([np.nan], [0.1], "gammas must be finite, not nan"),
    ],
)
def test_refuses(gammas, betas, says):
    with pytest.raises(ValueError, match=says):
        qaoa_circuit(RING, gammas, betas)
