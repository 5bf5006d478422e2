"""Entanglement patterns: the pairs that Qiskit couples, by the same names."""

import numpy as np
import pennylane as qml
import pytest

from qlearn.qubits.entanglement_patterns import (
    ENTANGLEMENTS,
    as_entanglement,
    entanglement_blocks,
    entanglement_pairs,
)


@pytest.mark.parametrize("n", range(2, 7))
@pytest.mark.parametrize("name", [name for name in ENTANGLEMENTS if name != "none"])
def test_the_pairs_are_those_of_qiskit(name, n):
    from qiskit.circuit.library.n_local.n_local import get_entangler_map

    assert entanglement_pairs(name, n) == [tuple(pair) for pair in get_entangler_map(2, n, name)]


@pytest.mark.parametrize("n", range(2, 7))
@pytest.mark.parametrize("name", [name for name in ENTANGLEMENTS if name != "none"])
def test_a_circuit_of_qiskit_couples_the_same_wires_in_the_same_order(name, n):
    from qiskit.circuit.library import n_local

    circuit = n_local(n, [], "cx", entanglement=name, reps=1, skip_final_rotation_layer=True)
    found = [tuple(circuit.find_bit(qubit).index for qubit in step.qubits) for step in circuit.data]
    assert entanglement_pairs(name, n) == found


@pytest.mark.parametrize("n", range(1, 7))
@pytest.mark.parametrize("name", list(ENTANGLEMENTS))
def test_closing_the_ring_last_changes_the_order_alone(name, n):
    first, last = entanglement_pairs(name, n), entanglement_pairs(name, n, closing="last")
    assert sorted(first) == sorted(last)
    if name == "circular" and n > 2:
        assert last == [(w, (w + 1) % n) for w in range(n)]
    else:
        assert first == last


@pytest.mark.parametrize("name", list(ENTANGLEMENTS))
def test_a_single_wire_and_no_coupling_have_no_pair(name):
    assert entanglement_pairs(name, 1) == entanglement_pairs("none", 5) == []


@pytest.mark.parametrize("n", range(1, 6))
@pytest.mark.parametrize("size", [1, 2, 3, 4])
@pytest.mark.parametrize("name", [*(name for name in ENTANGLEMENTS if name != "none"), "sca"])
def test_blocks_are_those_of_qiskits_feature_map(name, size, n):
    from qiskit.circuit.library import pauli_feature_map

    if name == "pairwise" and size > 2:
        with pytest.raises(ValueError, match=f"not blocks of {size}: take 'linear'"):
            entanglement_blocks(name, n, size)
        return
    if size > n:
        assert entanglement_blocks(name, n, size, layer=0) == []
        return
    layers = 7  # more than there are blocks: the shift of "sca" comes round
    seen = []

    def features(x):  # Qiskit asks for the angle of a block by its features
        seen.append(tuple(each.index for each in x))
        return x[0]

    pauli_feature_map(n, layers, name, paulis=["Z" * size], data_map_func=features)
    ours = [block for layer in range(layers) for block in entanglement_blocks(name, n, size, layer=layer)]
    assert ours == seen


@pytest.mark.parametrize("n", range(2, 6))
def test_the_shifted_ring_is_that_of_qiskits_layers(n):
    from qiskit.circuit.library import n_local

    circuit = n_local(n, [], "cx", entanglement="sca", reps=7, skip_final_rotation_layer=True)
    found = [tuple(circuit.find_bit(qubit).index for qubit in step.qubits) for step in circuit.data]
    assert [pair for layer in range(7) for pair in entanglement_pairs("sca", n, layer=layer)] == found


def test_a_pattern_that_changes_is_refused_where_all_layers_are_alike():
    for ask in (as_entanglement, lambda name: entanglement_pairs(name, 3)):
        with pytest.raises(ValueError, match=r"differs from layer to layer.*take 'circular'"):
            ask("sca")


def test_takes_pairs_of_any_kind():
    assert entanglement_pairs([[0, 2], (2, 1)], 3) == [(0, 2), (2, 1)]
    assert entanglement_pairs((), 3) == []


@pytest.mark.parametrize(
    ("entanglement", "error", "says"),
    [
        (
            "star",
            ValueError,
            "entanglement must be one of circular, linear, full, pairwise, reverse_linear, none, or pairs",
        ),
        (["circular"], ValueError, "or pairs of wires"),
        ([(0, 1, 2)], ValueError, "or pairs of wires"),
        ([(0, 3)], ValueError, "entanglement must lie in 0 to 2"),
        ([(1, 1)], ValueError, "entanglement must be different wires"),
        ([(0, 1.5)], TypeError, "entanglement must be whole numbers"),
        (3, ValueError, "entanglement must be one of"),
    ],
)
def test_refuses(entanglement, error, says):
    with pytest.raises(error, match=says):
        entanglement_pairs(entanglement, 3)


def test_refuses_another_place_of_the_closing_pair():
    with pytest.raises(ValueError, match="closing must be 'first' or 'last', not 'middle'"):
        entanglement_pairs("circular", 3, closing="middle")


@pytest.mark.parametrize("name", ["star", None, [(0, 1)]])
def test_a_name_is_one_of_the_table(name):
    assert as_entanglement("full") == "full"
    with pytest.raises(
        ValueError,
        match="entanglement must be one of circular, linear, full, pairwise, reverse_linear, none, not",
    ):
        as_entanglement(name)


@pytest.mark.parametrize("n", range(3, 7))
def test_a_ring_that_closes_last_is_pennylanes(n):
    layer = qml.StronglyEntanglingLayers.compute_decomposition(
        np.zeros((1, n, 3)), range(n), ranges=[1], imprimitive=qml.CNOT
    )
    assert [tuple(gate.wires) for gate in layer if len(gate.wires) == 2] == entanglement_pairs(
        "circular", n, closing="last"
    )
