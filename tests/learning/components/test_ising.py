"""Ground states of the Ising ring against Pfeuty's energies, and their positive amplitudes."""

import numpy as np
import pytest

from qlearn.learning.components import ising_ground_states
from qlearn.qubits import expectation


@pytest.mark.parametrize("n", [3, 4, 6])
@pytest.mark.parametrize("h", [0.3, 1.0, 1.7])
def test_energy_is_the_closed_form_of_the_free_fermions(n, h):
    state = ising_ground_states(n, [h])[0]
    bonds = ["".join("Z" if w in (i, (i + 1) % n) else "I" for w in range(n)) for i in range(n)]
    turns = ["".join("X" if w == i else "I" for w in range(n)) for i in range(n)]
    energy = -sum(expectation(state, word) for word in bonds) - h * sum(
        expectation(state, word) for word in turns
    )
    k = np.pi * (2 * np.arange(n) + 1) / n  # antiperiodic momenta: the sector of even parity
    assert energy == pytest.approx(-np.sqrt(1 + h * h - 2 * h * np.cos(k)).sum(), abs=1e-10)


def test_amplitudes_are_positive_and_normalised():
    states = ising_ground_states(5, [0.1, 0.5, 1.0, 3.0])
    assert not states.imag.any()
    assert (states.real > 0).all()
    np.testing.assert_allclose((np.abs(states) ** 2).sum(axis=1), 1, atol=1e-12)


@pytest.mark.parametrize(
    ("n", "h"), [(5, 1e-3), (8, 0.01), (10, 0.05), (6, 0.01), (4, 1e-9), (3, 1e-300), (4, 1e300)]
)
def test_small_fields_keep_both_orders_and_no_spin_points_anywhere(n, h):
    state = ising_ground_states(n, [h])[0]
    assert state[0] == pytest.approx(state[-1], abs=1e-12)
    for wire in range(n):
        letters = "I" * wire + "Z" + "I" * (n - wire - 1)
        assert expectation(state, letters) == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize("n", [3, 5])
def test_is_the_lowest_of_the_whole_matrix_where_the_gap_can_be_seen(n):
    z, x = np.diag([1.0, -1.0]), np.array([[0.0, 1.0], [1.0, 0.0]])

    def on(wires, matrix):
        out = np.eye(1)
        for wire in range(n):
            out = np.kron(out, matrix if wire in wires else np.eye(2))
        return out

    h = 0.8
    full = -sum(on({w, (w + 1) % n}, z) for w in range(n)) - h * sum(on({w}, x) for w in range(n))
    lowest = np.linalg.eigh(full)[1][:, 0]
    assert abs(lowest @ ising_ground_states(n, [h])[0]) == pytest.approx(1, abs=1e-12)


@pytest.mark.parametrize(
    ("n", "fields", "says"),
    [
        (2, [1.0], "n_qubits must be at least 3"),
        (11, [1.0], "n_qubits must be at most 10"),
        (4, [0.0], "two ground states"),
        (4, [], "two ground states"),
        (4, [np.nan], "fields must be finite"),
    ],
)
def test_refuses(n, fields, says):
    with pytest.raises(ValueError, match=says):
        ising_ground_states(n, fields)
