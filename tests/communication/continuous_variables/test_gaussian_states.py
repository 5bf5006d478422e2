"""Gaussian states: known spectra, Heisenberg's limit, entropies against a Fock-space oracle.

Splitters and measurements: PennyLane's Gaussian device and drawn samples say the same.
"""

import numpy as np
import pennylane as qml
import pytest
from hypothesis import given, strategies as st
from scipy import stats

from qlearn.communication.continuous_variables import (
    beamsplitter,
    condition_on_measurement,
    direct_sum,
    entropy,
    epr,
    mode_entropy,
    symplectic_eigenvalues,
)


@given(st.floats(1, 50))
def test_the_entropy_of_a_thermal_mode_is_that_of_its_photon_number(variance):
    mean = (variance - 1) / 2
    chances = stats.geom.pmf(
        np.arange(1, 2001), 1 / (1 + mean)
    )  # Bose and Einstein; what is left out is below 1e-30
    assert mode_entropy(variance) == pytest.approx(stats.entropy(chances, base=2), abs=1e-9)


@given(st.floats(1, 50))
def test_twin_beams_are_pure_and_each_half_is_thermal(variance):
    state = epr(variance)
    np.testing.assert_allclose(symplectic_eigenvalues(state), 1, atol=1e-6 * variance)
    np.testing.assert_allclose(symplectic_eigenvalues(state[:2, :2]), variance)


@given(st.lists(st.floats(1, 20), min_size=1, max_size=4), st.integers(0, 2**31))
def test_splitters_and_squeezers_leave_the_eigenvalues(variances, seed):
    # thermal modes through a random network: squeezers and splitters are symplectic, so nothing may change
    rng = np.random.default_rng(seed)
    state = np.diag(np.repeat(variances, 2))
    for _ in range(4):
        stretch = np.exp(rng.uniform(-0.5, 0.5, len(variances)))
        squeeze = np.diag(np.stack([stretch, 1 / stretch], axis=1).ravel())
        state = squeeze @ state @ squeeze
        if len(variances) > 1:
            first, second = rng.choice(len(variances), 2, replace=False)
            state = beamsplitter(state, int(first), int(second), rng.uniform())
    np.testing.assert_allclose(symplectic_eigenvalues(state), sorted(variances, reverse=True), rtol=1e-7)


def test_equals_the_definition():
    # |eig(i Omega sigma)|, from the general (not Hermitian) eigenvalue routine
    rng = np.random.default_rng(1)
    for _ in range(20):
        root = rng.normal(size=(6, 6))
        sigma = root @ root.T + 3 * np.eye(6)
        omega = np.kron(np.eye(3), [[0, 1], [-1, 0]])
        values = np.sort(np.abs(np.linalg.eigvals(1j * omega @ sigma)))[::-1][::2]
        np.testing.assert_allclose(symplectic_eigenvalues(sigma), values, rtol=1e-9)


def test_takes_batches():
    states = np.stack([epr(2.0), direct_sum(3 * np.eye(2), 2 * np.eye(2))])
    np.testing.assert_allclose(symplectic_eigenvalues(states), [[1, 1], [3, 2]], atol=1e-7)
    assert entropy(states).shape == (2,)


@pytest.mark.parametrize("photons", [0.1, 1.0, 3.5])
def test_entropy_is_that_of_the_photon_numbers(photons):
    # oracle: thermal light of mean n has photon numbers p(k) = n^k / (1+n)^(k+1)
    k = np.arange(2000)
    p = np.exp(k * np.log(photons / (1 + photons))) / (1 + photons)
    p = p[p > 0]
    expected = -np.sum(p * np.log2(p))
    assert float(entropy((2 * photons + 1) * np.eye(2))) == pytest.approx(expected, rel=1e-9)


def test_entropy_does_not_see_a_squeezer():
    assert float(entropy(3 * np.diag([0.25, 4.0]))) == pytest.approx(2.0)
    assert float(entropy(np.diag([0.25, 4.0]))) == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize(
    ("covariance", "says"),
    [
        (0.9 * np.eye(2), "Heisenberg"),
        (np.diag([0.2, 4.0]), "Heisenberg"),
        (np.array([[2.0, 1.0], [0.0, 2.0]]), "symmetric"),
        (np.diag([1.0, -1.0]), "positive definite"),
        (np.eye(3), r"shape \(..., 2n, 2n\)"),
        (np.ones(4), r"shape \(..., 2n, 2n\)"),
        (np.zeros((0, 0)), r"shape \(..., 2n, 2n\)"),
        (np.full((2, 2), np.nan), "finite"),
    ],
)
def test_refuses(covariance, says):
    with pytest.raises(ValueError, match=says):
        symplectic_eigenvalues(covariance)
    with pytest.raises(ValueError, match=says):
        entropy(covariance)


def test_refuses_what_is_no_matrix_and_what_is_no_state():
    with pytest.raises(TypeError, match="covariance must be a number or an array of numbers"):
        symplectic_eigenvalues("vacuum")
    with pytest.raises(ValueError, match="variance must be finite and at least 1"):
        epr(0.5)


def test_a_network_agrees_with_pennylane():
    # twin beams, thermal light and vacuum through three splitters: variances of every quadrature of every mode,
    # and after one more splitter, which turns covariances into variances
    shares = [(0, 2, 0.3), (1, 2, 0.55), (0, 3, 0.8)]
    state = direct_sum(epr(5.0), 2.0 * np.eye(2), np.eye(2))
    for first, second, share in shares:
        state = beamsplitter(state, first, second, share)

    def run(mode, quadrature, meet):
        @qml.qnode(qml.device("default.gaussian", wires=4))
        def network():
            qml.TwoModeSqueezing(np.arccosh(5.0) / 2, 0.0, wires=[0, 1])
            qml.ThermalState(0.5, wires=2)
            for first, second, share in shares + ([(*meet, 0.5)] if meet else []):
                # their splitter turns the other way: mode 1 gets minus what ours gets from mode 2
                qml.Beamsplitter(np.arccos(np.sqrt(share)), np.pi, wires=[first, second])
            return qml.var((qml.QuadX, qml.QuadP)[quadrature](mode))

        return float(network())

    for meet in (None, (0, 1), (1, 3), (2, 0)):
        met = state if meet is None else beamsplitter(state, *meet, 0.5)
        for mode in range(4):
            for quadrature in (0, 1):
                expected = met[2 * mode + quadrature, 2 * mode + quadrature]
                assert run(mode, quadrature, meet) == pytest.approx(expected, abs=1e-10)


@given(st.floats(1, 30), st.floats(0, 1))
def test_a_splitter_keeps_the_energy(variance, share):
    state = beamsplitter(direct_sum(variance * np.eye(2), np.eye(2)), 0, 1, share)
    assert np.trace(state) == pytest.approx(2 * variance + 2)
    assert state[0, 0] == pytest.approx(share * variance + 1 - share)


def test_splitters_undo_each_other():
    state = direct_sum(epr(3.0), 2 * np.eye(2))
    there_and_back = beamsplitter(beamsplitter(state, 1, 2, 0.3), 2, 1, 0.3)
    np.testing.assert_allclose(there_and_back, state, atol=1e-12)


@pytest.mark.parametrize("detection", ["homodyne", "heterodyne"])
def test_conditioning_is_what_regression_on_samples_finds(detection):
    # 400,000 draws of a 3-mode state; residual covariances have a relative error of sqrt(2 / n) = 0.22 % (sigma),
    # 14 different entries, 6 sigma: false alarm 3e-8
    rng = np.random.default_rng(4)
    state = beamsplitter(direct_sum(epr(4.0), 3 * np.eye(2)), 1, 2, 0.4)
    n = 400_000
    draws = rng.normal(size=(n, 6)) @ np.linalg.cholesky(state).T
    seen = draws[:, [2]] if detection == "homodyne" else draws[:, 2:4] + rng.normal(size=(n, 2))
    rest = draws[:, [0, 1, 4, 5]]
    residual = rest - seen @ np.linalg.lstsq(seen, rest, rcond=None)[0]
    expected = condition_on_measurement(state, 1, detection)
    sigma = np.sqrt((expected**2 + np.outer(expected.diagonal(), expected.diagonal())) / n)
    assert (np.abs(residual.T @ residual / n - expected) < 6 * sigma).all()


def test_measuring_one_twin_makes_the_other_pure():
    np.testing.assert_allclose(condition_on_measurement(epr(5.0), 0, "heterodyne"), np.eye(2), atol=1e-12)
    np.testing.assert_allclose(
        condition_on_measurement(epr(5.0), 1, "homodyne"), np.diag([0.2, 5.0]), atol=1e-12
    )


@pytest.mark.parametrize(
    ("call", "error", "says"),
    [
        (lambda: beamsplitter(np.eye(4), 0, 2, 0.5), ValueError, "modes must lie in 0 to 1"),
        (lambda: beamsplitter(np.eye(4), 1, 1, 0.5), ValueError, "modes must be different"),
        (
            lambda: beamsplitter(np.eye(4), 0, 1, 1.5),
            ValueError,
            "transmittance must be a finite number between 0 and 1",
        ),
        (lambda: beamsplitter(np.eye(4), 0, 1, "half"), TypeError, "transmittance must be a number"),
        (lambda: condition_on_measurement(np.eye(4), 2), ValueError, "mode must lie in 0 to 1"),
        (lambda: condition_on_measurement(np.eye(2), 0), ValueError, "at least two modes"),
        (
            lambda: condition_on_measurement(np.eye(4), 0, "photon counting"),
            ValueError,
            '"homodyne" .* or "heterodyne"',
        ),
        (direct_sum, ValueError, "covariances must hold at least one"),
        (lambda: direct_sum(np.eye(3)), ValueError, "covariance must have shape"),
    ],
)
def test_refuses_optics(call, error, says):
    with pytest.raises(error, match=says):
        call()
