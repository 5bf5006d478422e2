"""The universal cloner: the state it is said to make, 5/6 for every state, and Qiskit's copies."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from qiskit.quantum_info import Statevector, partial_trace, state_fidelity

from qlearn.qubits import bell_state, bloch, fidelity, ket, random_state
from qlearn.qubits.cloning import copy_fidelities, universal_cloner

angles = st.tuples(st.floats(0, np.pi), st.floats(0, 2 * np.pi))


@given(angles, st.floats(0.5, 1))
def test_copies_every_state_as_well_as_cerf_says(angle, first):
    beta = np.sqrt(2 * (1 - first))
    alpha = (np.sqrt(4 - 3 * beta**2) - beta) / 2
    seen = copy_fidelities(universal_cloner(first), bloch(*angle))
    np.testing.assert_allclose(seen, [first, 1 - alpha**2 / 2], atol=1e-9)


@pytest.mark.parametrize("first", [0.5, 0.6, 5 / 6, 0.97, 1.0])
def test_is_a_superposition_of_keeping_and_giving_away(first):
    beta = np.sqrt(2 * (1 - first))
    alpha = (np.sqrt(4 - 3 * beta**2) - beta) / 2
    psi, pair = random_state(1, rng=5), bell_state("phi+").reshape(2, 2)
    kept = np.einsum("i,jk->ijk", psi, pair).reshape(8)
    given_away = np.einsum("j,ik->ijk", psi, pair).reshape(8)
    start = np.kron(psi, ket("00"))
    np.testing.assert_allclose(
        universal_cloner(first).run(start), alpha * kept + beta * given_away, atol=1e-12
    )


def test_equal_copies_reach_five_sixths():
    # the three gates of the preparation and the four CNOTs, for states from everywhere
    seen = copy_fidelities(universal_cloner(), random_state(1, size=200, rng=6))
    np.testing.assert_allclose(seen, 5 / 6, atol=1e-12)


@pytest.mark.parametrize("label", ["0", "1", "+", "-", "i", "j"])
def test_qiskit_finds_the_same_copies(label):
    # the adapter keeps the order of our amplitudes, so Qiskit sees our wire w as its qubit 2 - w
    after = Statevector(np.kron(ket(label), ket("00"))).evolve(universal_cloner(0.9).to_qiskit())
    others = {0: [0, 1], 1: [0, 2]}  # qubits to trace out
    for wire, expected in ((0, 0.9), (1, 0.7561552812808829)):
        copy = partial_trace(after, others[wire])
        assert state_fidelity(copy, Statevector(ket(label))) == pytest.approx(expected, abs=1e-9)


def test_pennylane_finds_the_same_state():
    np.testing.assert_allclose(universal_cloner().to_pennylane()(), universal_cloner().run(), atol=1e-12)


def test_the_machine_holds_the_flipped_state():
    # The third wire is no copy: it carries 1 - psi with fidelity 2/3 after a Y (the best universal NOT)
    psi = random_state(1, size=50, rng=7)
    third = copy_fidelities(universal_cloner(), psi, wires=2)
    assert np.ptp(third) > 0.1  # its likeness depends on the state: transposition is no rotation
    flipped = universal_cloner().y(2)
    np.testing.assert_allclose(copy_fidelities(flipped, psi, wires=2), 1 / 3, atol=1e-12)


def test_an_array_of_fidelities_is_a_batch():
    shares = np.array([0.6, 0.8, 1.0])
    assert universal_cloner(shares).shape == (3,)
    assert fidelity(universal_cloner(shares).run()[1], universal_cloner(0.8).run()) == pytest.approx(1)


@pytest.mark.parametrize(
    ("value", "error", "says"),
    [
        (0.4, ValueError, "between 1/2"),
        (1.1, ValueError, "not 1.1"),
        (float("nan"), ValueError, "not nan"),
        ("high", TypeError, "fidelity must be fidelities"),
        (None, TypeError, "numbers between 1/2 and 1"),
    ],
)
def test_refuses(value, error, says):
    with pytest.raises(error, match=says):
        universal_cloner(value)
