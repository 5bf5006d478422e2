"""Copies: the fidelity of each wire, for states and circuits in batches."""

import numpy as np
import pytest

from qlearn.qubits import Circuit, bloch, ket, random_state
from qlearn.qubits.cloning import copy_fidelities, universal_cloner


def test_a_cnot_copies_the_z_basis_and_spoils_the_rest():
    theta = np.linspace(0, np.pi, 9)
    seen = copy_fidelities(Circuit(2).cx(0, 1), bloch(theta, 0.4))
    # both copies are diag(cos^2, sin^2): fidelity cos^4 + sin^4
    both = np.cos(theta / 2) ** 4 + np.sin(theta / 2) ** 4
    np.testing.assert_allclose(seen, np.stack([both, both], axis=-1), atol=1e-12)


def test_doing_nothing_keeps_the_original_and_leaves_zero_on_the_other():
    psi = random_state(1, size=7, rng=1)
    seen = copy_fidelities(Circuit(2), psi)
    np.testing.assert_allclose(seen[:, 0], 1, atol=1e-12)
    np.testing.assert_allclose(seen[:, 1], np.abs(psi[:, 0]) ** 2, atol=1e-12)


def test_a_qubit_that_has_nothing_to_do_with_it_scores_one_half_on_average_only():
    psi = [ket(label) for label in "01+-ij"]  # a 2-design: the mean over the six is that over the sphere
    seen = copy_fidelities(Circuit(2), psi)[:, 1]
    np.testing.assert_allclose(seen, [1, 0, 0.5, 0.5, 0.5, 0.5], atol=1e-12)
    assert np.isclose(seen.mean(), 1 / 2)


def test_a_swap_moves_it():
    np.testing.assert_allclose(copy_fidelities(Circuit(3).swap(0, 2), ket("-"), wires=[2, 0]), [1, 0.5])


def test_batches_of_circuits_and_states_broadcast():
    seen = copy_fidelities(universal_cloner(np.array([0.6, 0.9])), random_state(1, size=(4, 1), rng=2))
    assert seen.shape == (4, 2, 2)
    np.testing.assert_allclose(seen[..., 0], np.tile([0.6, 0.9], (4, 1)), atol=1e-9)


@pytest.mark.parametrize(
    ("arguments", "error", "says"),
    [
        (("cnot", ket("0")), TypeError, "copier must be a Circuit, not str"),
        ((Circuit(2, bits=1).measure(0, 0), ket("0")), ValueError, "without classical bits"),
        ((Circuit(2), ket("00")), ValueError, "states must have 2 amplitudes"),
        ((Circuit(2), ket("0"), (0, 2)), ValueError, "wires must lie in 0 to 1"),
    ],
)
def test_refuses(arguments, error, says):
    with pytest.raises(error, match=says):
        copy_fidelities(*arguments)
