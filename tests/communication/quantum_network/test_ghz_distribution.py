"""GHZ distribution: the closed form against the density matrix of all pairs, the circuit here and in Aer."""

from functools import reduce
from math import comb

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from qlearn.communication.quantum_network import ghz_circuit, ghz_cost, ghz_fidelity
from qlearn.qubits import Circuit, fidelity, partial_trace
from qlearn.qubits.entanglement import ghz, werner


def by_density_matrix(fidelities, party_at_centre):
    """Make all pairs, project the centre's halves, and look at what the parties hold: 2m or 2m + 1 qubits."""
    m = len(fidelities)
    pairs = reduce(np.kron, [werner(f) for f in fidelities]).reshape((2,) * (4 * m))
    halves, rest = list(range(0, 2 * m, 2)), list(range(1, 2 * m, 2))
    order = halves + rest
    whole = pairs.transpose(order + [2 * m + axis for axis in order]).reshape(2**m, 2**m, 2**m, 2**m)
    if party_at_centre:  # own qubit in +, CNOTs to the halves, all of them found in 0
        kraus = np.zeros((2, 2**m))
        kraus[0, 0] = kraus[1, -1] = np.sqrt(1 / 2)
        state = np.einsum("ac,cpdq,bd->paqb", kraus, whole, kraus)
        size = 2 ** (m + 1)
    else:
        bra = ghz(m).real
        state = np.einsum("c,cpdq,d->pq", bra, whole, bra)
        size = 2**m
    state = state.reshape(size, size)
    return float(fidelity(ghz(size.bit_length() - 1), state / np.trace(state)))


@pytest.mark.parametrize(
    ("f", "n", "due"),
    [(0.9, 3, 0.732148), (0.9, 4, 0.661511), (0.9, 5, 0.598596), (0.95, 3, 0.858185)],
)
def test_reference_values(f, n, due):
    assert ghz_fidelity([f] * n) == pytest.approx(due, abs=1e-6)


@pytest.mark.parametrize(("n", "due"), [(3, 0.811111), (4, 0.732000)])
def test_reference_values_with_a_party_at_the_centre(n, due):
    assert ghz_fidelity([0.9] * (n - 1), party_at_centre=True) == pytest.approx(due, abs=1e-6)


@pytest.mark.parametrize("fidelities", [(0.9, 0.9), (0.9, 0.7, 0.8), (0.9,) * 4, (1, 0.6, 0.25, 0.95)])
def test_the_density_matrix_of_all_pairs(fidelities):
    assert ghz_fidelity(fidelities) == pytest.approx(by_density_matrix(fidelities, False), abs=1e-12)


@pytest.mark.parametrize("fidelities", [(0.8,), (0.9, 0.7), (0.9, 0.4, 0.8)])
def test_the_density_matrix_with_a_party_at_the_centre(fidelities):
    due = by_density_matrix(fidelities, True)
    assert ghz_fidelity(fidelities, party_at_centre=True) == pytest.approx(due, abs=1e-12)


@settings(max_examples=25)
@given(st.floats(0, 1), st.floats(0, 1))
def test_two_parties_are_swapping(f1, f2):
    # F1 F2 + (1 - F1)(1 - F2)/3, the rule for two Werner pairs; one arm to a centre is the pair itself
    assert ghz_fidelity([f1, f2]) == pytest.approx(f1 * f2 + (1 - f1) * (1 - f2) / 3, abs=1e-12)
    assert ghz_fidelity([f1], party_at_centre=True) == pytest.approx(f1, abs=1e-12)


@settings(max_examples=25)
@given(st.lists(st.floats(0, 1), min_size=2, max_size=5))
def test_pauli_errors_one_by_one(fidelities):
    # all sequences of I, X, Y, Z: harmless are an even number of signs, with no flip or with all
    chances = np.ones(1)
    flips, signs = np.zeros((1, 0), dtype=int), np.zeros(1, dtype=int)
    for f in fidelities:
        q = (1 - f) / 3
        chances = np.concatenate([chances * weight for weight in (f, q, q, q)])
        flips = np.concatenate([np.hstack([flips, np.full((len(flips), 1), x)]) for x in (0, 1, 1, 0)])
        signs = np.concatenate([signs + z for z in (0, 0, 1, 1)])
    alike = (flips == flips[:, :1]).all(axis=1)
    assert ghz_fidelity(fidelities) == pytest.approx(chances[alike & (signs % 2 == 0)].sum(), abs=1e-12)


@pytest.mark.parametrize("n", [2, 3, 4])
@pytest.mark.parametrize("party_at_centre", [False, True])
def test_the_circuit_ends_in_ghz_for_every_outcome(n, party_at_centre):
    steps = ghz_circuit(n, party_at_centre=party_at_centre)
    m = n - party_at_centre
    wires = list(range(m, 2 * m + party_at_centre))
    start = np.tile(np.eye(2 ** (2 * m + party_at_centre))[0], (80, 1))
    run = steps.run(start, rng=n)
    assert len(np.unique(run.bits, axis=0)) == 2**m  # chance that one of 16 is missing: 16 (15/16)^80, seeded
    np.testing.assert_allclose(fidelity(ghz(n), partial_trace(run.state, wires)), 1, atol=1e-12)


def parities(n, basis):
    """Return the circuit that makes a GHZ state and measures all parties in X or in Z, into further bits."""
    steps = Circuit(2 * n, bits=2 * n).then(ghz_circuit(n))
    for party in range(n):
        wire = n + party
        steps = (steps.h(wire) if basis == "X" else steps).measure(wire, n + party)
    return steps


def test_aer_sees_the_correlations():
    from qiskit_aer import AerSimulator

    simulator = AerSimulator(seed_simulator=1)
    for basis in "XZ":
        counts = simulator.run(parities(3, basis).to_qiskit(), shots=200).result().get_counts()
        for word in counts:
            outcomes = [int(bit) for bit in word][3:]  # the adapter writes bit 0 first
            assert sum(outcomes) % 2 == 0 if basis == "X" else len(set(outcomes)) == 1


@pytest.mark.parametrize(("n", "slots"), [(3, 17.9006), (4, 20.2734), (5, 22.1716)])
def test_the_cost_in_slots(n, slots):
    cost = ghz_cost(n, 0.1)
    assert cost.slots == pytest.approx(slots, abs=5e-5)
    # inclusion and exclusion
    exact = sum((-1) ** (k + 1) * comb(n, k) / (1 - 0.9**k) for k in range(1, n + 1))
    assert cost.slots == pytest.approx(exact, rel=1e-12)
    assert (cost.pairs, cost.bits) == (n, n)
    fewer = ghz_cost(n + 1, 0.1, party_at_centre=True)
    assert fewer == cost


def test_batches_and_types():
    found = ghz_fidelity(np.full((2, 4, 3), 0.9))
    assert found.shape == (2, 4)
    assert found[0, 0] == ghz_fidelity([0.9, 0.9, 0.9])


@pytest.mark.parametrize(
    ("call", "error", "says"),
    [
        (lambda: ghz_circuit(1), ValueError, "n_parties must be at least 2"),
        (lambda: ghz_circuit(3, party_at_centre=1), TypeError, "party_at_centre must be True or False"),
        (lambda: ghz_fidelity(0.9), ValueError, "one entry a pair"),
        (lambda: ghz_fidelity([0.9]), ValueError, "one entry a pair"),
        (lambda: ghz_fidelity([], party_at_centre=True), ValueError, "one entry a pair"),
        (lambda: ghz_fidelity([1.2, 1]), ValueError, "fidelities must be fidelities between 0 and 1"),
        (lambda: ghz_fidelity([0.9, 0.9], party_at_centre="yes"), TypeError, "party_at_centre must be True"),
        (lambda: ghz_cost(1, 0.1), ValueError, "n_parties must be at least 2"),
        (lambda: ghz_cost(3, 0), ValueError, "p must be above 0"),
        (lambda: ghz_cost(3, 2), ValueError, "p must be a probability"),
    ],
)
def test_refuses(call, error, says):
    with pytest.raises(error, match=says):
        call()
