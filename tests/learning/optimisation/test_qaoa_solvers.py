"""QAOA as a circuit: the gates, batches, and the same state from Qiskit and PennyLane.

QAOA for cuts: closed forms of rings and trees, the guarantee for 3-regular graphs, refusals.

QAOA for quadratic problems: the right minimum, the right expectation, refusals.
"""

import dimod
import networkx as nx
import numpy as np
import pytest

from qlearn.learning.optimisation import (
    QAOASimulator,
    cut_size,
    cut_values,
    energies,
    maxcut_bqm,
    qaoa,
    qaoa_circuit,
    qaoa_energy,
    qaoa_qubo,
)
from qlearn.learning.optimisation.qaoa_angles import as_angles

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


@pytest.mark.parametrize(("n", "p"), [(6, 1), (8, 2), (10, 3), (12, 4), (14, 5)])
def test_ring_reaches_the_closed_form(n, p):
    # Farhi et al. 2014, section 4 (seen), Mbeng et al. 2019 (proven): (2p+1)/(2p+2) while the light cones do not close
    assert p < n / 2 - 1
    assert qaoa(nx.cycle_graph(n), p, rng=0).ratio == pytest.approx((2 * p + 1) / (2 * p + 2), abs=1e-8)


def test_a_short_ring_is_cut_completely():
    assert qaoa(nx.cycle_graph(6), 3, rng=0).ratio == pytest.approx(1, abs=1e-8)


@pytest.mark.parametrize("seed", range(6))
def test_three_regular_graphs_keep_the_guarantee(seed):
    graph = nx.random_regular_graph(3, 12, seed=seed)
    first = qaoa(graph, 1, rng=0)
    second = qaoa(graph, 2, start=first.angles, rng=0)
    assert first.ratio >= 0.6924  # Farhi et al. 2014
    assert second.ratio >= 0.7559  # Wurtz & Love 2021
    assert second.ratio > first.ratio


@pytest.mark.parametrize("degree", [2, 3, 4, 6])
def test_one_layer_without_triangles_equals_the_formula(degree):
    # Wang et al. 2018, eq. 15: 1/2 + 1/2 sin(4 beta) sin(gamma) cos(gamma)^(d-1) for each edge without triangles
    graph = {2: nx.cycle_graph(7), 3: nx.petersen_graph(), 4: nx.hypercube_graph(4), 6: None}[degree]
    graph = nx.complete_bipartite_graph(6, 6) if graph is None else graph
    rng = np.random.default_rng(degree)
    gammas, betas = rng.uniform(-2, 2, (2, 5, 1))
    expected = 0.5 + 0.5 * np.sin(4 * betas) * np.sin(gammas) * np.cos(gammas) ** (degree - 1)
    found = qaoa_energy(graph, gammas, betas) / graph.number_of_edges()
    np.testing.assert_allclose(found, expected[:, 0], atol=1e-12)


def test_energy_is_the_mean_cut_of_what_is_measured():
    graph = nx.petersen_graph()
    result = qaoa(graph, 2, rng=1)
    assert result.energy == pytest.approx(qaoa_energy(graph, *result.angles), abs=1e-10)
    assert result.ratio == pytest.approx(result.energy / 12, abs=1e-12)  # its maximum cut is 12 of 15
    assert cut_size(graph, result.cut) == 12  # 1000 shots find it
    assert result.angles.shape == (2, 2)
    assert result.cut.dtype == np.uint8


def test_weights_scale_the_cut_and_not_the_ratio():
    graph = nx.cycle_graph(8)
    heavy = nx.Graph()
    heavy.add_weighted_edges_from((u, v, 2.5) for u, v in graph.edges)
    assert qaoa(heavy, 1, rng=0).energy == pytest.approx(2.5 * 6, abs=1e-8)


def test_a_start_is_taken_up_and_shorter_ones_are_stretched():
    graph = nx.random_regular_graph(3, 10, seed=1)
    one = qaoa(graph, 1, rng=0)
    again = qaoa(graph, 1, start=one.angles, rng=0)
    np.testing.assert_allclose(again.angles, one.angles, atol=1e-5)
    assert qaoa(graph, 3, start=one.angles, rng=0).ratio > one.ratio + 0.08


def test_seeded():
    graph = nx.random_regular_graph(3, 8, seed=1)
    first, second = (qaoa(graph, 2, rng=5) for _ in range(2))
    assert (first.angles == second.angles).all()
    assert (first.cut == second.cut).all()


def test_deeper_is_never_worse():
    graph = nx.random_regular_graph(3, 10, seed=3)
    angles, ratios = None, []
    for p in range(1, 9):
        result = qaoa(graph, p, start=angles, rng=0)
        angles = result.angles
        ratios.append(result.ratio)
    assert (np.diff(ratios) > -1e-9).all()
    assert ratios[-1] > 0.97


def test_expected_cut_is_bounded_by_the_best():
    graph = nx.random_regular_graph(3, 10, seed=3)
    gammas, betas = np.random.default_rng(2).normal(size=(2, 40, 3))
    found = qaoa_energy(graph, gammas, betas)
    assert found.shape == (40,)
    assert (found > 0).all()
    assert (found < cut_values(graph).max()).all()


def test_shows_its_progress_when_asked(capsys):
    qaoa(nx.cycle_graph(4), 2, progress=True, rng=0)
    assert "layers" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("graph", "p", "extra", "error", "says"),
    [
        (nx.Graph([(0, 1), (2, 3)]), 1, {}, ValueError, "must be connected; it has 2 components"),
        (nx.Graph([(0, 0), (0, 1)]), 1, {}, ValueError, "no self-loops"),
        (nx.cycle_graph(30), 1, {}, ValueError, "at most 20 nodes"),
        (nx.cycle_graph(4), 0, {}, ValueError, "p must be at least 1"),
        (nx.cycle_graph(4), 1.5, {}, TypeError, "p must be a whole number"),
        (nx.cycle_graph(4), 1, {"shots": -3}, ValueError, "shots must be at least 1"),
        (
            nx.cycle_graph(4),
            1,
            {"start": [[0.1, 0.2], [0.1, 0.2]]},
            ValueError,
            r"start must be .* not \(2, 2\)",
        ),
    ],
)
def test_refuses_alternating(graph, p, extra, error, says):
    with pytest.raises(error, match=says):
        qaoa(graph, p, **extra)


@pytest.fixture
def spins():
    return dimod.generators.gnp_random_bqm(7, 0.8, "SPIN", random_state=2)


def test_finds_the_exact_minimum(spins):
    found = qaoa_qubo(spins, 4, rng=0)
    assert found.lowest == pytest.approx(dimod.ExactSolver().sample(spins).first.energy, abs=1e-12)
    signs = {variable: 2 * bit - 1 for variable, bit in found.sample.items()}
    assert spins.energy(signs) == pytest.approx(found.lowest, abs=1e-12)


def test_ratio_and_energy_fit_the_angles(spins):
    found, values = qaoa_qubo(spins, 3, rng=0), energies(spins)
    assert found.energy == pytest.approx(QAOASimulator(values).energy(*found.angles), abs=1e-10)
    assert found.ratio == pytest.approx((values.max() - found.energy) / np.ptp(values), abs=1e-12)
    assert 0.8 < found.ratio < 1


def test_one_bit_is_minimised_completely():
    assert qaoa_qubo([[-1.0]], 1, rng=0).energy == pytest.approx(-1, abs=1e-9)
    assert qaoa_qubo([[1.0]], 1, rng=0).sample == {0: 0}


def test_maxcut_as_a_quadratic_problem_is_the_same_problem():
    import networkx as nx

    graph = nx.random_regular_graph(3, 8, seed=4)
    cut, minimum = qaoa(graph, 2, rng=0), qaoa_qubo(maxcut_bqm(graph), 2, rng=0)
    assert minimum.energy == pytest.approx(-cut.energy, abs=1e-8)


def test_a_start_is_taken_up(spins):
    one = qaoa_qubo(spins, 1, rng=0)
    assert qaoa_qubo(spins, 2, start=one.angles, rng=0).ratio > one.ratio


def test_adding_a_constant_changes_nothing_but_the_energy(spins):
    shifted = spins.copy()
    shifted.offset += 100
    a, b = qaoa_qubo(spins, 2, rng=0), qaoa_qubo(shifted, 2, rng=0)
    assert b.ratio == pytest.approx(a.ratio, abs=1e-8)
    assert b.energy - a.energy == pytest.approx(100, abs=1e-6)


@pytest.mark.parametrize(
    ("problem", "p", "error", "says"),
    [
        ([[0.0]], 1, ValueError, "something to minimise; every bit string has the energy 0"),
        (np.eye(21), 1, ValueError, "at most 20 variables"),
        ("QUBO", 1, TypeError, "not str"),
        ([[1.0]], 0, ValueError, "p must be at least 1"),
    ],
)
def test_refuses_minimum(problem, p, error, says):
    with pytest.raises(error, match=says):
        qaoa_qubo(problem, p)
