"""Which CNOTs a layer has: as Qiskit names them, and where they move amplitudes."""

import numpy as np
import pytest

from qlearn.learning.neural_networks.entanglement_patterns import ENTANGLEMENTS, couplings, moves
from qlearn.qubits import Circuit


@pytest.mark.parametrize("name", list(ENTANGLEMENTS))
@pytest.mark.parametrize("n", [1, 2, 3, 5])
def test_moving_amplitudes_is_applying_the_cnots(name, n):
    circuit = Circuit(n)
    for control, target in couplings(name, n):
        circuit = circuit.cx(control, target)
    states = np.random.default_rng(0).normal(size=(3, 1 << n))
    states /= np.linalg.norm(states, axis=1, keepdims=True)
    assert np.array_equal(states[:, moves(couplings(name, n), n)], circuit.run(states).real)


def test_linear_and_full_are_the_pairs_of_qiskit():
    from qiskit.circuit.library.n_local.n_local import get_entangler_map

    for name in ("linear", "full"):
        assert couplings(name, 4) == [tuple(pair) for pair in get_entangler_map(2, 4, name)]


def test_takes_pairs_of_any_kind():
    assert couplings([[0, 2], (2, 1)], 3) == [(0, 2), (2, 1)]
    assert couplings((), 3) == []


@pytest.mark.parametrize(
    ("entanglement", "error", "says"),
    [
        ("star", ValueError, "entanglement must be one of circular, linear, full, none, or pairs"),
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
        couplings(entanglement, 3)
