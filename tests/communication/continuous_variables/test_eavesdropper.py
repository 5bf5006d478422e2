"""The entangling cloner: nobody sees her, the whole is pure, and a cleverer measurement knows more."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qlearn.communication.continuous_variables import (
    entangling_cloner,
    exchange,
    symplectic_eigenvalues,
)

LINE = {"modulation_variance": 4.0, "excess_noise": 0.1, "efficiency": 0.6, "electronic_noise": 0.05}


@given(st.floats(0.01, 0.99), st.floats(0, 60), st.floats(0, 2))
def test_alice_and_bob_see_loss_and_noise_and_nothing_else(t, variance, xi):
    seen = entangling_cloner(t, modulation_variance=variance, excess_noise=xi).of("A", "B")
    c = np.sqrt(t * variance * (variance + 2)) * np.diag([1, -1])
    expected = np.block([[(1 + variance) * np.eye(2), c], [c, (1 + t * (variance + xi)) * np.eye(2)]])
    np.testing.assert_allclose(seen, expected, atol=1e-7)  # sqrt of what 1 + V rounds off


@pytest.mark.parametrize("detection", ["homodyne", "heterodyne"])
@pytest.mark.parametrize("trusted", [True, False])
def test_nothing_is_missing(detection, trusted):
    tap = entangling_cloner(0.3, detection=detection, trusted=trusted, **LINE)
    np.testing.assert_allclose(symplectic_eigenvalues(tap.covariance), 1, atol=1e-6)
    assert tap.modes == (("A", "B", "E1", "E2", "F", "G") if trusted else ("A", "B", "E1", "E2"))


def test_agrees_with_the_samples():
    # 300,000 pulses, homodyne: Bob's variance has a relative sigma of sqrt(2 / n); 6 sigma: 2e-9
    n = 300_000
    sent = exchange(n, length_km=15, rng=3, **LINE)
    x, y = sent.pairs
    tap = entangling_cloner(10**-0.3, **LINE)
    variance = tap.of("B")[0, 0]
    assert abs(y.var() / variance - 1) < 6 * np.sqrt(2 / n)
    # Alice's twin, measured by heterodyne and scaled, is what she modulates by
    covariance = tap.of("A", "B")[0, 2] * np.sqrt(4 / 6)
    assert abs(np.mean(x * y) - covariance) < 6 * np.sqrt((covariance**2 + 4 * variance) / n)


@given(st.floats(0.02, 0.98), st.floats(0.1, 40), st.floats(0, 0.5))
def test_storing_everything_tells_her_at_least_as_much_as_measuring_at_once(t, variance, xi):
    tap = entangling_cloner(t, modulation_variance=variance, excess_noise=xi)
    assert tap.holevo >= tap.shannon - 1e-9
    assert tap.shannon >= 0


@given(st.floats(0.02, 0.98), st.floats(0.1, 40), st.floats(0, 0.5), st.floats(0.1, 0.99), st.floats(0, 0.2))
def test_shannon_is_the_formula_of_the_literature(t, variance, xi, eta, v):
    # Lodewyck et al. 2007: V_B / V_{B|E} with V_{B|E} = eta [1 / (T (1/V + chi_line)) + chi_hom]
    tap = entangling_cloner(
        t, modulation_variance=variance, excess_noise=xi, efficiency=eta, electronic_noise=v
    )
    line, detector, big = 1 / t - 1 + xi, (1 + v) / eta - 1, variance + 1
    bob = eta * t * (big + line + detector / t)
    left = eta * (1 / (t * (1 / big + line)) + detector)
    assert tap.shannon == pytest.approx(np.log2(bob / left) / 2, abs=1e-8)


def test_a_perfect_line_leaves_her_nothing():
    for detection in ("homodyne", "heterodyne"):
        tap = entangling_cloner(1.0, modulation_variance=5, excess_noise=0, detection=detection)
        assert tap.holevo == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize(
    ("change", "error", "says"),
    [
        ({"transmittance": 1.0}, ValueError, "excess_noise must be 0 where nothing is lost"),
        ({"efficiency": 1.0}, ValueError, "electronic_noise must be 0 where nothing is lost"),
        ({"efficiency": 0.0}, ValueError, "blind"),
        ({"trusted": 1}, TypeError, "trusted must be True or False"),
        ({"detection": None}, ValueError, "detection must be"),
        ({"modulation_variance": -1}, ValueError, "modulation_variance must be"),
    ],
)
def test_refuses(change, error, says):
    with pytest.raises(error, match=says):
        entangling_cloner(**{"transmittance": 0.5, **LINE, **change})


def test_shannon_is_for_homodyne_detection():
    tap = entangling_cloner(0.5, detection="heterodyne", **LINE)
    with pytest.raises(ValueError, match='shannon needs detection="homodyne"'):
        _ = tap.shannon
