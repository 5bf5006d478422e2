"""Fisher information: published points, the derivative of the likelihood, and the logarithmic derivative of states."""

import numpy as np
import pytest
from hypothesis import given, strategies as st
from scipy.linalg import solve_continuous_lyapunov

from qlearn.control.channel_estimation import (
    cramer_rao,
    error_chance,
    fisher_information,
    quantum_fisher_information,
)
from qlearn.qubits.noise import amplitude_damping, choi, depolarising

inner = st.floats(0.01, 0.99)


@pytest.mark.parametrize(("probe", "due"), [("qubit", 5.263158), ("bell", 8.108108)])
def test_the_published_points(probe, due):
    assert fisher_information(0.1, probe) == pytest.approx(due, abs=1e-6)


@given(inner)
def test_is_the_mean_square_of_the_score(p):
    for probe in ("qubit", "bell"):
        step = 1e-6
        e, slope = (
            error_chance(p, probe),
            (error_chance(p + step, probe) - error_chance(p - step, probe)) / (2 * step),
        )
        by_hand = slope**2 / e + slope**2 / (1 - e)
        assert fisher_information(p, probe) == pytest.approx(by_hand, rel=1e-6)


@given(inner)
def test_no_measurement_of_the_probe_tells_more(p):
    qubit = depolarising(p).apply([1, 0])
    assert quantum_fisher_information(qubit, np.diag([-0.5, 0.5])) == pytest.approx(
        fisher_information(p), rel=1e-8
    )
    pair, slope = choi(depolarising(p)) / 2, (choi(depolarising(1.0)) - choi(depolarising(0.0))) / 2
    assert quantum_fisher_information(pair, slope) == pytest.approx(fisher_information(p, "bell"), rel=1e-8)


def test_a_pair_is_worth_one_and_a_half_to_three_qubits():
    ratio = fisher_information([1e-9, 1.0], "bell") / fisher_information([1e-9, 1.0])
    assert np.allclose(ratio, [1.5, 3.0])


def test_at_no_noise_one_error_settles_it():
    assert fisher_information(0.0) == np.inf
    assert cramer_rao(0.0, 10) == 0.0


@given(st.integers(0, 10_000))
def test_agrees_with_the_equation_that_defines_the_logarithmic_derivative(seed):
    rng = np.random.default_rng(seed)
    root = rng.normal(size=(4, 4)) + 1j * rng.normal(size=(4, 4))
    rho = root @ root.conj().T
    rho /= np.trace(rho).real
    slope = rng.normal(size=(4, 4)) + 1j * rng.normal(size=(4, 4))
    slope = slope + slope.conj().T
    slope -= np.eye(4) * np.trace(slope).real / 4
    log_derivative = solve_continuous_lyapunov(rho, 2 * slope)  # rho L + L rho = 2 slope
    due = np.trace(rho @ log_derivative @ log_derivative).real
    assert quantum_fisher_information(rho, slope) == pytest.approx(due, rel=1e-6)


def test_a_turned_pure_state_tells_four_variances_of_what_turns_it():
    # F = 4 Var(G); for |+> turned about z by exp(-i t Z/2): 4 * 1/4 = 1
    plus = np.full((2, 2), 0.5, complex)
    z = np.diag([0.5, -0.5])
    assert quantum_fisher_information(plus, -1j * (z @ plus - plus @ z)) == pytest.approx(1.0)


def test_a_batch_is_each_for_itself():
    g = np.array([0.2, 0.5])
    states = choi(amplitude_damping(g)) / 2
    slopes = (choi(amplitude_damping(g + 1e-6)) - choi(amplitude_damping(g - 1e-6))) / 4e-6
    together = quantum_fisher_information(states, slopes)
    assert together.shape == (2,)
    assert together[1] == pytest.approx(quantum_fisher_information(states[1], slopes[1]))


def test_the_bound_falls_with_the_probes():
    assert cramer_rao(0.1, [100, 400]).tolist() == pytest.approx([0.0019, 0.000475])
    for p in (5e-324, 1e-309, np.finfo(float).tiny):  # no product on the way is beyond numbers
        assert cramer_rao(p, 8) == pytest.approx(p / 4, rel=1e-9, abs=1e-307)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: fisher_information(1.5), "p must"),
        (lambda: fisher_information(0.5, "photon"), "probe must be one of qubit, bell"),
        (lambda: cramer_rao(0.1, 0), "n must be whole numbers of trials"),
        (lambda: quantum_fisher_information(np.eye(2) / 2, np.eye(3)), "one size"),
        (lambda: quantum_fisher_information(np.eye(2) / 2, np.eye(2)), "trace 0"),
        (
            lambda: quantum_fisher_information(np.eye(2) / 2, np.full((2, 2), np.nan)),
            "derivative must be finite",
        ),
        (lambda: quantum_fisher_information(np.eye(2) / 2, [[0, 1], [0, 0]]), "Hermitian"),
    ],
)
def test_refuses(call, says):
    with pytest.raises(ValueError, match=says):
        call()
