"""Single-click links: published figures, a density matrix of the whole attempt, refusals."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from qlearn.communication.quantum_network import brightest, deterministic_fidelity, single_click


@pytest.mark.parametrize(
    ("alpha", "detection", "dark", "success", "one_excited"),
    [
        (0.1, 1e-3, 0, 1.9999e-4, 0.900045),
        (0.3, 1e-3, 0, 5.9991e-4, 0.700105),
        (0.1, 4e-4, 2e-7, 8.0398336e-5, 0.89643575),
        (0.05, 0.1, 1e-6, 0.0099769601, 0.95220908),
    ],
)
def test_figures_of_the_link_layer_simulations(alpha, detection, dark, success, one_excited):
    # Their detectors see a dark count beside the photon as a second click, ours do not: a factor 1 - d, 1e-6 at most here.
    found = single_click(alpha, detection, dark)
    assert float(found.success) == pytest.approx(success, rel=1e-6 + 1.5 * dark)
    assert float(found.one_excited) == pytest.approx(one_excited, abs=1e-6)
    # their estimate of the fidelity takes dark counts for as good as photons: it is never below ours
    assert found.fidelity <= found.one_excited + 1e-15


def by_density_matrix(a, eta, d):
    """The whole attempt by Kraus operators of two lossy modes on a beam splitter: shares no line with the formula."""
    # photon numbers at the two detectors after loss; amplitudes of two qubits and two modes, 0 to 1 photon each
    psi = np.zeros((2, 2, 2, 2), complex)
    for q1, q2 in product((0, 1), repeat=2):
        psi[q1, q2, q1, q2] = np.sqrt((1 - a) ** (2 - q1 - q2) * a ** (q1 + q2))
    keep = np.diag([1, np.sqrt(eta)]).astype(complex)
    gone = np.array([[0, np.sqrt(1 - eta)], [0, 0]], complex)
    rho_click = {"left": np.zeros((4, 4), complex), "right": np.zeros((4, 4), complex)}
    for k1, k2 in product((keep, gone), repeat=2):
        phi = np.einsum("abmn,im,jn->abij", psi, k1, k2)
        # beam splitter: (1,0) -> (|1,0> + |0,1>)/sqrt2, (0,1) -> (|1,0> - |0,1>)/sqrt2, (1,1) -> (|2,0> - |0,2>)/sqrt2
        out = {(0, 0): phi[..., 0, 0]}
        out[1, 0] = (phi[..., 1, 0] + phi[..., 0, 1]) / np.sqrt(2)
        out[0, 1] = (phi[..., 1, 0] - phi[..., 0, 1]) / np.sqrt(2)
        out[2, 0] = phi[..., 1, 1] / np.sqrt(2)
        out[0, 2] = -phi[..., 1, 1] / np.sqrt(2)
        for (left, right), amplitude in out.items():
            vector = amplitude.reshape(4)
            quiet = [float(n == 0) * (1 - d) for n in (left, right)]
            for name, chance in (("left", (1 - quiet[0]) * quiet[1]), ("right", quiet[0] * (1 - quiet[1]))):
                rho_click[name] += chance * np.outer(vector, vector.conj())
    bell = {"left": np.array([0, 1, 1, 0]) / np.sqrt(2), "right": np.array([0, 1, -1, 0]) / np.sqrt(2)}
    p_click = sum(np.trace(rho).real for rho in rho_click.values())
    good = sum((bell[name] @ rho @ bell[name]).real for name, rho in rho_click.items())
    return p_click, good / p_click


@settings(max_examples=40, deadline=None)
@given(st.floats(0.01, 0.99), st.floats(0.001, 1), st.floats(0, 0.3))
def test_equals_the_density_matrix_of_the_attempt(alpha, detection, dark):
    found = single_click(alpha, detection, dark)
    success, fidelity = by_density_matrix(alpha, detection, dark)
    assert float(found.success) == pytest.approx(success, abs=1e-12)
    assert float(found.fidelity) == pytest.approx(fidelity, abs=1e-12)


def test_limits():
    small = single_click(0.2, 1e-7)
    assert float(small.success) == pytest.approx(2 * 0.2 * 1e-7, rel=1e-6)
    assert float(small.fidelity) == pytest.approx(1 - 0.2, abs=1e-6)
    assert single_click([0.1, 0.2], [[0.5], [0.6]]).success.shape == (2, 2)
    assert float(single_click(0.0, 0.5).fidelity) == 0  # nothing is announced


@pytest.mark.parametrize(
    ("asked", "detection", "dark"), [(0.5, 0.3, 0), (0.9, 1e-3, 0), (0.95, 4e-4, 2e-7), (0.999, 0.1, 1e-9)]
)
def test_brightest_is_the_last_alpha_that_keeps_the_fidelity(asked, detection, dark):
    alpha = brightest(asked, detection, dark)
    assert float(single_click(alpha, detection, dark).fidelity) == pytest.approx(asked, abs=1e-9)
    above = single_click(np.linspace(alpha + 1e-6, 1, 500), detection, dark).fidelity
    assert above.max() < asked


def test_brightest_refuses():
    with pytest.raises(
        ValueError, match=r"no alpha reaches fidelity 0.99: this link does 0.95675 at most. Ask for less"
    ):
        brightest(0.99, 4e-4, 2e-7)
    with pytest.raises(ValueError, match="no alpha reaches fidelity 1"):
        brightest(1.0, 0.5)
    with pytest.raises(ValueError, match="fidelity must be at least 1/2"):
        brightest(0.3, 0.5)
    with pytest.raises(ValueError, match="detection must be above 0"):
        brightest(0.9, 0.0)
    with pytest.raises(ValueError, match="alpha must be probabilities between 0 and 1"):
        single_click(1.2, 0.5)


def test_deterministic_delivery():
    found = deterministic_fidelity([0.5, 1 - 1e-12, 1, 1 + 1e-12, 2, 8])
    np.testing.assert_allclose(found, [0.4375, 0.525910, 0.525910, 0.525910, 0.625, 0.807248], atol=1e-6)
    with pytest.raises(ValueError, match="link_efficiency must be above 0"):
        deterministic_fidelity([1.0, 0.0])


@pytest.mark.parametrize("eta", [0.4, 1.0, 3.0])
def test_deterministic_delivery_is_the_best_time_found_by_search(eta):
    # a pair comes at rate eta, decays at rate 1 towards 1/4; delivered at time t
    t = np.linspace(1e-4, 30, 600_001)
    excess = t * np.exp(-t) if eta == 1.0 else eta * (np.exp(-eta * t) - np.exp(-t)) / (1 - eta)
    assert float(deterministic_fidelity(eta)) == pytest.approx(0.25 + 0.75 * excess.max(), abs=1e-8)


def test_one_half_is_reached_where_the_docstring_says():
    assert deterministic_fidelity(0.825) < 0.5 < deterministic_fidelity(0.835)


@pytest.mark.parametrize("eta", [0.5, 1.0, 2.0, 8.0])
def test_with_one_memory_the_first_pair_is_kept_and_with_two_the_freshest_is_more(eta):
    # time in units of the decay; the best start before the delivery, by search over the formula of a first pair that ages
    starts = np.linspace(1e-3, 8, 20_001)[:, None]
    made = np.linspace(0, 1, 401)  # of a pair that comes at a time s after the start: density eta exp(-eta s)
    s = starts[::50] * made
    ages = np.trapezoid(eta * np.exp(-eta * s) * np.exp(-(starts[::50] - s)), s, axis=1)
    assert 0.25 + 0.75 * ages.max() == pytest.approx(float(deterministic_fidelity(eta)), abs=2e-4)
    # a million ages of the freshest pair, each times its decay between 0 and 1: 6 errors of at most 1/2000
    fresh = np.exp(-np.random.default_rng(1).exponential(1 / eta, 1_000_000)).mean()
    assert fresh == pytest.approx(eta / (1 + eta), abs=6 / 2000)
    assert 0.25 + 0.75 * fresh > float(deterministic_fidelity(eta)) + 0.03


def test_a_perfect_pair_is_refused_and_nothing_false_is_said():
    with pytest.raises(ValueError, match="this link comes near to 1, ever more slowly"):
        brightest(1.0, 1e-3)
    assert brightest(0.9999999, 1e-3) > 0
