"""The limits: one eigenvalue bounds every machine, the cloners reach it, and no random machine passes it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import unitary_group

from qlearn.qubits import Circuit, ket, random_state
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
        ((0.8, "sphere"), ValueError, 'states must be "all" or "circle"'),
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
