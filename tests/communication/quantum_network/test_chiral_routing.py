"""Chiral routing: unit fidelity by phases, its bound without them, and what noise does."""

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from scipy.linalg import expm

from qlearn.communication.quantum_network import (
    TRIANGLE_TIME,
    best_arrival,
    chiral_triangle,
    disordered,
    phase_noise_fidelity,
    router,
    routing_time,
    transfer_amplitude,
)


def everywhere(matrix, t):
    return np.abs(expm(-1j * np.asarray(matrix) * t)[:, 0]) ** 2


def test_the_sign_of_the_flux_is_the_direction():
    assert pytest.approx(1.2091996, abs=1e-7) == TRIANGLE_TIME
    for phase, first in ((np.pi / 6, 2), (-np.pi / 6, 1)):
        arrived = everywhere(chiral_triangle(phase), TRIANGLE_TIME)
        np.testing.assert_allclose(arrived, np.eye(3)[first], atol=1e-12)
        later = everywhere(chiral_triangle(phase), 2 * TRIANGLE_TIME)
        np.testing.assert_allclose(later, np.eye(3)[3 - first], atol=1e-12)
        home = everywhere(chiral_triangle(phase), 3 * TRIANGLE_TIME)
        np.testing.assert_allclose(home, np.eye(3)[0], atol=1e-12)


def test_without_flux_both_neighbours_get_the_same_and_at_most_four_ninths():
    times = np.linspace(0, 40, 4001)
    for target in (1, 2):
        p = np.abs(transfer_amplitude(chiral_triangle(0), times, 0, target)) ** 2
        np.testing.assert_allclose(p, 2 / 9 * (1 - np.cos(3 * times)), atol=1e-12)
        assert best_arrival(chiral_triangle(0), 1000, 0, target).probability == pytest.approx(
            4 / 9, abs=1e-12
        )


@settings(max_examples=25)
@given(st.floats(-3, 3), st.floats(-3, 3), st.floats(0, 9))
def test_only_the_flux_counts(first, second, t):
    # three phases with the sum of three equal ones: no probability changes
    mean = (first + second) / 3
    phases = np.exp(1j * np.array([first, second, 0.0]))
    matrix = np.zeros((3, 3), dtype=complex)
    for j in range(3):
        matrix[(j + 1) % 3, j] = phases[j]
    np.testing.assert_allclose(
        everywhere(matrix + matrix.conj().T, t), everywhere(chiral_triangle(mean), t), atol=1e-12
    )


def test_the_direction_needs_a_cycle_of_odd_length():
    # on a graph of two classes e^{-iHt} and e^{+iHt} give the same probabilities, whatever the phases are
    rng = np.random.default_rng(5)
    noisy = router(4, 1, phase_errors=rng.normal(size=4))
    for t in (0.4, 1.7):
        np.testing.assert_allclose(everywhere(noisy, t), everywhere(noisy, -t), atol=1e-12)
    assert abs(everywhere(chiral_triangle(0.3), 1) - everywhere(chiral_triangle(0.3), -1)).max() > 0.1


@pytest.mark.parametrize("n", [1, 2, 3, 4, 5, 8])
@pytest.mark.parametrize("coupling", [1.0, 2.5])
def test_the_router_delivers_to_each_output_at_the_same_time(n, coupling):
    t = routing_time(coupling)
    assert t == pytest.approx(np.pi / (np.sqrt(2) * coupling))
    for k in range(n):
        column = expm(-1j * router(n, k, coupling=coupling) * t)[:, 0]
        assert column[n + 1 + k] == pytest.approx(-1, abs=1e-12)
        assert transfer_amplitude(router(n, k, coupling=coupling), t, 0, n + 1 + k) == pytest.approx(-1)


@pytest.mark.parametrize("n", [2, 3, 5])
def test_only_the_phases_at_the_input_depend_on_the_output(n):
    one, other = router(n, 0), router(n, n - 1)
    np.testing.assert_array_equal(one[1:, 1:], other[1:, 1:])
    np.testing.assert_allclose(np.abs(one), np.abs(other), atol=1e-15)
    # the matrix of the middle, by its definition
    table = np.outer(np.arange(n), np.arange(n))
    np.testing.assert_allclose(other[n + 1 :, 1 : n + 1], np.exp(-2j * np.pi * table / n) / np.sqrt(n))


def test_a_wrong_output_gets_what_the_wrong_wave_sends():
    # errors that are exactly the phases of another output: the excitation goes there
    n = 4
    shift = 2 * np.pi * np.arange(n) / n
    arrived = everywhere(router(n, 1, phase_errors=shift), routing_time())
    assert arrived[n + 1 + 2] == pytest.approx(1, abs=1e-12)


@pytest.mark.parametrize(("sigma", "law"), [(0.1, 0.99254), (0.2, 0.97059)])
def test_phase_noise_by_its_law_and_by_simulation(sigma, law):
    # 1500 draws: 5 standard errors of the sample, 6e-7
    assert phase_noise_fidelity(4, sigma) == pytest.approx(law, abs=5e-6)
    errors = np.random.default_rng(7).normal(0, sigma, (1500, 4))
    p = np.abs(transfer_amplitude(router(4, 3, phase_errors=errors), routing_time(), 0, 8)) ** 2
    np.testing.assert_allclose(p, np.abs(np.exp(1j * errors).mean(axis=1)) ** 2, atol=1e-12)
    assert abs(p.mean() - law) < 5 * p.std() / np.sqrt(1500)


def test_the_limits_of_the_law():
    np.testing.assert_allclose(phase_noise_fidelity(5, [0, 100, 1e200]), [1, 1 / 5, 1 / 5])
    np.testing.assert_array_equal(phase_noise_fidelity(1, [0, 0.5, 3]), 1)


def test_a_common_error_of_all_phases_does_nothing():
    assert everywhere(router(3, 2, phase_errors=0.8), routing_time())[6] == pytest.approx(1, abs=1e-12)


def test_disorder_takes_little_from_the_triangle_and_more_from_more_of_it():
    # 1000 draws a point: standard errors below .3 %; the means differ by more than ten of them
    draws = [disordered(chiral_triangle(np.pi / 6), d, 1000, rng=2) for d in (0.02, 0.1, 0.3)]
    means = [(np.abs(transfer_amplitude(one, TRIANGLE_TIME, 0, 2)) ** 2).mean() for one in draws]
    assert 1 > means[0] > means[1] + 0.01 > means[2] + 0.05


@pytest.mark.parametrize(
    ("call", "error", "says"),
    [
        (lambda: chiral_triangle("a"), TypeError, "phase must be radians"),
        (lambda: chiral_triangle(np.inf), ValueError, "phase must be finite angles"),
        (lambda: router(0, 0), ValueError, "n_outputs must be at least 1"),
        (lambda: router(3, 3), ValueError, "output must be 0 to 2 for 3 outputs, not 3"),
        (lambda: router(3, -1), ValueError, "output must be at least 0"),
        (lambda: router(3, 0, coupling=0), ValueError, "coupling must be above 0"),
        (lambda: router(3, 0, phase_errors=[0, 0]), ValueError, "one entry for each of the 3 middle sites"),
        (lambda: routing_time(-1), ValueError, "coupling must be above 0"),
        (lambda: phase_noise_fidelity(3, -0.1), ValueError, "sigma must be finite and at least 0"),
    ],
)
def test_refuses(call, error, says):
    with pytest.raises(error, match=says):
        call()
