"""The weak measurement: its closed forms, and the proof that no Eve without memory does better."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.linalg import expm
from scipy.optimize import minimize_scalar

from qlearn.communication import bb84
from qlearn.communication.eavesdropping import (
    InterceptResend,
    MemoryAttack,
    cloning_attack,
    entangling_probe,
    individual_guess,
    memoryless_guess,
    observe,
    predict,
    weak_measurement,
)
from qlearn.qubits import Circuit

DISTURBANCES = [0.0, 1e-4, 0.02, 0.05, 0.1, 0.1464, 0.25]
X, Z, ONE = np.array([[0, 1], [1, 0]]), np.diag([1, -1]), np.eye(2)


@pytest.mark.parametrize("d", DISTURBANCES)
def test_reaches_the_bound_in_both_bases(d):
    seen = predict(weak_measurement(d))
    for basis in "ZX":
        assert seen.qber[basis] == pytest.approx(d, abs=1e-8)
        assert seen.guess[basis] == pytest.approx(float(memoryless_guess(d)), abs=2e-8)
    waits = predict(MemoryAttack(weak_measurement(d).circuit))
    assert waits.guess == pytest.approx(seen.guess, abs=2e-8)


def test_a_complete_one_is_the_reader_of_old():
    whole, reader = predict(weak_measurement(0.25)), predict(InterceptResend(basis="breidbart"))
    for mine, theirs in ((whole.qber, reader.qber), (whole.guess, reader.guess)):
        assert mine == pytest.approx(theirs, abs=1e-8)


@pytest.mark.parametrize("d", DISTURBANCES[1:])
def test_the_bound_is_the_dual_of_all_that_an_eve_without_memory_can_do(d):
    # P - price * D = sum tr J[g, h] C[g, h], with Choi matrices J whose traces sum to 2: at most twice the
    # largest eigenvalue of any C, at every price; here from projectors, and not from the formula of the notes
    z = [np.diag([1, 0]), np.diag([0, 1])]
    x = [(ONE + X) / 2, (ONE - X) / 2]
    errors = sum(np.kron(b[a], b[1 - a]) for b in (z, x) for a in (0, 1)) / 4

    def bound(price):
        cases = [np.kron(z[g] + x[h], ONE) / 4 - price * errors for g in (0, 1) for h in (0, 1)]
        return 2 * max(np.linalg.eigvalsh(case).max() for case in cases) + price * d

    prices = minimize_scalar(bound, bounds=(0, 60), method="bounded", options={"xatol": 1e-9})
    assert prices.fun == pytest.approx(float(memoryless_guess(d)), abs=1e-8)
    for price in (0.1, 1.0, 7.0):
        assert bound(price) >= memoryless_guess(d) - 1e-12


def test_against_an_outside_solver():
    # the whole problem given to a semidefinite solver (Clarabel, by CVXPY), six digits
    d = [0.01, 0.02, 0.05, 0.1, 0.1464, 0.2, 0.3]
    solved = [0.598995, 0.638564, 0.712132, 0.782843, 0.821767, 0.846410, 0.853553]
    np.testing.assert_allclose(memoryless_guess(d), solved, atol=6e-7)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1), st.floats(0, 1))
def test_no_attack_asked_at_once_passes_it(seed, strength):
    g = np.random.default_rng(seed).standard_normal((2, 8, 8))
    hamiltonian = g[0] + g[0].T + 1j * (g[1] - g[1].T)
    circuit = Circuit(3).unitary(expm(-0.3j * strength * hamiltonian), 0, 1, 2)
    seen = predict(MemoryAttack(circuit, patient=False))
    guess, errors = (np.mean(list(values.values())) for values in (seen.guess, seen.qber))
    assert guess <= memoryless_guess(errors) + 1e-8


@pytest.mark.parametrize(("d", "guess"), [(0.05, 0.71794), (0.2, 0.9)])
def test_in_one_basis_alone_no_memory_is_needed(d, guess):
    # a weak reading of Z, errors in X only: above the bound in Z, and below it in the mean, which the bound is about
    reader = MemoryAttack(Circuit(2).ry(2 * np.arcsin(np.sqrt(d)), 1).cz(1, 0), patient=False)
    seen = predict(reader)
    assert tuple(seen.qber.values()) == pytest.approx((0, d), abs=1e-9)
    assert seen.guess["Z"] == pytest.approx(guess, abs=1e-5)
    assert seen.guess["Z"] == pytest.approx(float(individual_guess(d)), abs=1e-7)
    assert seen.guess["Z"] > memoryless_guess(d) + 0.005
    assert np.mean([*seen.guess.values()]) < memoryless_guess(d / 2)
    # with a coin of hers for flips in Z, thrown and forgotten, it is d in both bases
    noisy = MemoryAttack(reader.circuit, patient=False).joint[0]
    flipped = (1 - d) * noisy + d * noisy[:, ::-1]
    assert (flipped[0, 1] + flipped[1, 0]).sum() / 2 == pytest.approx(d, abs=1e-9)
    assert flipped.sum(axis=1).max(axis=0).sum() / 2 == pytest.approx(seen.guess["Z"], abs=1e-12)


def test_what_a_memory_lifts_widens_with_the_errors():
    gap = individual_guess([0.05, 0.1, 0.25]) - memoryless_guess([0.05, 0.1, 0.25])
    assert (np.diff(gap) > 0).all()
    np.testing.assert_allclose(gap[[0, 2]], [0.0058, 0.0795], atol=5e-5)


@pytest.mark.parametrize("d", [0.02, 0.05, 0.1])
def test_the_order_of_the_eves(d):
    clone, probe = (attack(d, patient=False) for attack in (cloning_attack, entangling_probe))
    in_z = [predict(eve).guess["Z"] for eve in (clone, probe, weak_measurement(d))]
    assert in_z == sorted(in_z)
    assert in_z[-1] < individual_guess(d)


def test_what_is_counted_is_what_was_predicted():
    # 400,000 pulses, 100,000 bits a basis: sigma at most 0.0016, 6 sigma
    seen = observe(bb84.exchange(400_000, eavesdropper=weak_measurement(0.1), rng=5))
    for basis in "ZX":
        assert abs(seen.qber[basis] - 0.1) < 0.0095
        assert abs(seen.guess[basis] - memoryless_guess(0.1)) < 0.0095


@pytest.mark.parametrize(
    ("value", "error", "says"),
    [(0.3, ValueError, "between 0 and 0.25, not 0.3"), ("few", TypeError, "disturbance must be a number")],
)
def test_refuses(value, error, says):
    with pytest.raises(error, match=says):
        weak_measurement(value)
