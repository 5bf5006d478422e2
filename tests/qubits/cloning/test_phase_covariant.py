"""The phase-covariant cloner: one circle, copied better than the sphere."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from qiskit.quantum_info import Statevector, partial_trace, state_fidelity

from qlearn.qubits import bloch, ket
from qlearn.qubits.cloning import copy_fidelities, phase_covariant_cloner, universal_cloner


@given(st.floats(0, 2 * np.pi), st.floats(0.5, 1))
def test_copies_all_states_of_its_circle_alike(angle, first):
    second = 0.5 + np.sqrt(first * (1 - first))
    # bloch's polar angle may go all the way round: the great circle through Z and X
    for plane, state in (("ZX", bloch(angle, 0)), ("XY", bloch(np.pi / 2, angle))):
        seen = copy_fidelities(phase_covariant_cloner(first, plane), state)
        np.testing.assert_allclose(seen, [first, second], atol=1e-9)


def test_equal_copies_beat_the_universal_ones_on_the_circle_and_pay_beside_it():
    states = [ket(label) for label in "01+-"]
    np.testing.assert_allclose(
        copy_fidelities(phase_covariant_cloner(), states), 0.5 + 1 / np.sqrt(8), atol=1e-12
    )
    assert (
        copy_fidelities(phase_covariant_cloner(), states).min()
        > copy_fidelities(universal_cloner(), states).max()
    )
    poles = copy_fidelities(phase_covariant_cloner(), [ket("i"), ket("j")])
    np.testing.assert_allclose(poles.mean(axis=0), [3 / 4, 3 / 4], atol=1e-12)


@given(st.floats(0.5, 1))
def test_copies_one_pole_and_shares_the_other(first):
    share = (2 * first - 1) ** 2  # cos(eta) squared
    seen = copy_fidelities(phase_covariant_cloner(first, "XY"), [ket("0"), ket("1")])
    np.testing.assert_allclose(seen, [[1, 1], [share, 1 - share]], atol=1e-9)


def test_takes_five_gates_on_the_equator_and_three_turns_more_for_bb84():
    one = phase_covariant_cloner(plane="XY").operations
    assert len(one) == 5
    assert len(phase_covariant_cloner(plane="ZX").operations) == 8
    assert {step.name for step in one} == {"ry", "cx"}


def test_shares_one_excitation():
    amplitudes = phase_covariant_cloner(0.8, "XY").run(ket("10"))
    eta = np.arccos(0.6)
    np.testing.assert_allclose(amplitudes, [0, np.sin(eta), np.cos(eta), 0], atol=1e-12)
    np.testing.assert_allclose(phase_covariant_cloner(0.8, "XY").run(ket("00")), ket("00"), atol=1e-12)


@pytest.mark.parametrize("label", ["0", "1", "+", "-"])
def test_qiskit_finds_the_same_copies(label):
    after = Statevector(np.kron(ket(label), ket("0"))).evolve(phase_covariant_cloner(0.9).to_qiskit())
    for qubit, expected in ((0, 0.9), (1, 0.8)):  # our wire 0 is its qubit 1
        copy = partial_trace(after, [qubit])
        assert state_fidelity(copy, Statevector(ket(label))) == pytest.approx(expected, abs=1e-9)


def test_pennylane_finds_the_same_state():
    np.testing.assert_allclose(
        phase_covariant_cloner().to_pennylane()(), phase_covariant_cloner().run(), atol=1e-12
    )


def test_the_ends_copy_nothing():
    state = bloch(0.7, 0)
    np.testing.assert_allclose(copy_fidelities(phase_covariant_cloner(1.0), state), [1, 0.5], atol=1e-12)
    np.testing.assert_allclose(copy_fidelities(phase_covariant_cloner(0.5), state), [0.5, 1], atol=1e-12)


@pytest.mark.parametrize(
    ("arguments", "error", "says"),
    [
        ((0.3,), ValueError, "between 1/2"),
        ((0.8, "YZ"), ValueError, 'plane must be "ZX"'),
        (([0.8, 1.2],), ValueError, "not 1.2"),
        (("0.8",), TypeError, "must be fidelities"),
    ],
)
def test_refuses(arguments, error, says):
    with pytest.raises(error, match=says):
        phase_covariant_cloner(*arguments)
