"""The limits: one eigenvalue bounds every machine, the cloners reach it, and no random machine passes it.

The universal cloner: the state it is said to make, 5/6 for every state, and Qiskit's copies.

The phase-covariant cloner: one circle, copied better than the sphere.

Copies: the fidelity of each wire, for states and circuits in batches.
"""

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from qiskit.quantum_info import Statevector, partial_trace, state_fidelity
from scipy.stats import unitary_group

from qlearn.qubits import Circuit, bell_state, bloch, fidelity, ket, random_state
from qlearn.qubits.no_cloning import (
    cloning_bound,
    copy_fidelities,
    phase_covariant_cloner,
    second_fidelity,
    universal_cloner,
)

SPHERE = [ket(label) for label in "01+-ij"]
CIRCLE = [ket(label) for label in "01+-"]


@pytest.mark.parametrize(("states", "which"), [(SPHERE, "all"), (CIRCLE, "circle")])
@pytest.mark.parametrize("weight", [0.0, 0.2, 0.5, 0.7, 1.0])
def test_the_trade_of_the_cloners_touches_the_bound_for_every_weight(states, which, weight):
    # max over F0 of w F0 + (1-w) F1(F0) on a grid of 1e-4: the maximum is flat, the loss below 1e-7
    first = np.linspace(0.5, 1, 5_001)
    best = (weight * first + (1 - weight) * second_fidelity(first, which)).max()
    assert best == pytest.approx(cloning_bound(states, (weight, 1 - weight)), abs=1e-6)


@pytest.mark.parametrize(("cloner", "which"), [(universal_cloner, "all"), (phase_covariant_cloner, "circle")])
def test_the_circuits_reach_the_trade(cloner, which):
    first = np.linspace(0.5, 1, 11)
    seen = copy_fidelities(cloner(first), ket("+"))
    np.testing.assert_allclose(seen[:, 0], first, atol=1e-9)
    np.testing.assert_allclose(seen[:, 1], second_fidelity(first, which), atol=1e-9)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1), st.floats(0, 1))
def test_no_machine_passes_the_bound(seed, weight):
    # any unitary on the state and two helpers is a machine; 3 wires
    machine = Circuit(3).unitary(unitary_group.rvs(8, random_state=seed), 0, 1, 2)
    for states in (SPHERE, CIRCLE, random_state(1, size=3, rng=seed)):
        mean = copy_fidelities(machine, states).mean(axis=0) @ [weight, 1 - weight]
        assert mean <= cloning_bound(states, (weight, 1 - weight)) + 1e-12


@pytest.mark.parametrize("copies", [1, 2, 3, 4, 5])
def test_more_copies_are_worse_as_gisin_and_massar_say(copies):
    expected = (2 * copies + 1) / (3 * copies)
    assert cloning_bound(SPHERE, np.ones(copies) / copies) == pytest.approx(expected, abs=1e-12)


def test_a_random_sphere_is_bounded_like_the_six_states():
    # 20,000 Haar states: R strays from its mean by about 1/sqrt(20,000) = 0.007 at most
    assert cloning_bound(random_state(1, size=20_000, rng=3)) == pytest.approx(5 / 6, abs=0.01)


def test_the_order_of_the_copies_does_not_matter():
    first = np.linspace(0.5, 1, 21)
    for which in ("all", "circle"):
        np.testing.assert_allclose(
            second_fidelity(second_fidelity(first, which).clip(0.5, 1), which), first, atol=1e-7
        )


@pytest.mark.parametrize(
    ("arguments", "error", "says"),
    [
        ((0.2,), ValueError, "first must be between 1/2"),
        ((0.8, "sphere"), ValueError, "states must be one of all, circle, not 'sphere'"),
        (([True, "a"],), TypeError, "first must be fidelities"),
    ],
)
def test_second_fidelity_refuses(arguments, error, says):
    with pytest.raises(error, match=says):
        second_fidelity(*arguments)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((ket("0"),), "a list of qubits"),
        (([ket("00")],), "states must have 2 amplitudes"),
        ((SPHERE, (0.5, 0.6)), "add to 1"),
        ((SPHERE, (-0.5, 1.5)), "at least 0"),
        ((SPHERE, np.ones(9) / 9), "1 to 8 copies"),
        ((SPHERE, 1.0), "one number for each"),
    ],
)
def test_cloning_bound_refuses(arguments, says):
    with pytest.raises(ValueError, match=says):
        cloning_bound(*arguments)


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
def test_qiskit_finds_the_same_copies_phase_covariant(label):
    after = Statevector(np.kron(ket(label), ket("0"))).evolve(phase_covariant_cloner(0.9).to_qiskit())
    for qubit, expected in ((0, 0.9), (1, 0.8)):  # our wire 0 is its qubit 1
        copy = partial_trace(after, [qubit])
        assert state_fidelity(copy, Statevector(ket(label))) == pytest.approx(expected, abs=1e-9)


def test_pennylane_finds_the_same_state_phase_covariant():
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
        ((0.8, "YZ"), ValueError, "plane must be one of ZX, XY, not 'YZ'"),
        (([0.8, 1.2],), ValueError, "not 1.2"),
        (("0.8",), TypeError, "must be fidelities"),
    ],
)
def test_refuses_phase_covariant(arguments, error, says):
    with pytest.raises(error, match=says):
        phase_covariant_cloner(*arguments)


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
def test_refuses_copies(arguments, error, says):
    with pytest.raises(error, match=says):
        copy_fidelities(*arguments)
