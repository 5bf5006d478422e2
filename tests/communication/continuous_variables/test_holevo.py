"""Eve's share: the closed form against the entangling cloner and against the whole pure state, mode by mode.

The entangling cloner: nobody sees her, the whole is pure, and a cleverer measurement knows more.
"""

import numpy as np
import pytest
from hypothesis import given, strategies as st

from qlearn.communication.continuous_variables import (
    condition_on_measurement,
    entangling_cloner,
    entropy,
    exchange,
    holevo_bound,
    mutual_information,
    symplectic_eigenvalues,
)

lines = st.fixed_dictionaries(
    {
        "transmittance": st.floats(0.001, 0.999),
        "modulation_variance": st.floats(0.01, 200),
        "excess_noise": st.floats(0, 1),
        "efficiency": st.floats(0.05, 0.99),
        "electronic_noise": st.floats(0, 0.5),
        "detection": st.sampled_from(["homodyne", "heterodyne"]),
        "trusted": st.booleans(),
    }
)


@given(lines)
def test_equals_the_entropies_of_eves_own_modes(line):
    # S(E) - S(E|b) of the cloner's two modes: another state, other eigenvalues, the same number
    assert float(holevo_bound(**line)) == pytest.approx(entangling_cloner(**line).holevo, abs=1e-8)


@given(lines)
def test_equals_the_entropies_of_what_eve_does_not_have(line):
    # S(AB) - S(AFG|b), from the symplectic eigenvalues of the full matrices
    tap = entangling_cloner(**line)
    kept = [mode for mode in tap.modes if mode not in ("B", "E1", "E2")]
    before = entropy(tap.covariance_of(*[mode for mode in tap.modes if mode not in ("E1", "E2")]))
    after = entropy(condition_on_measurement(tap.covariance_of("B", *kept), 0, line["detection"]))
    assert float(holevo_bound(**line)) == pytest.approx(float(before - after), abs=1e-8)


@given(lines)
def test_distrust_never_helps(line):
    trusting = holevo_bound(**{**line, "trusted": True})
    assert float(holevo_bound(**{**line, "trusted": False})) >= float(trusting) - 1e-12


def test_loss_alone_tells_her_something_and_nothing_lost_tells_nothing():
    clean = {"modulation_variance": 4, "excess_noise": 0}
    assert holevo_bound(1.0, **clean) == 0
    assert holevo_bound(0.0, **clean) == 0
    half = float(holevo_bound(0.5, **clean))
    # half of the light each: she knows of Bob's record what he would know of hers
    assert 0.4 < half < float(mutual_information(0.5, **clean))


@pytest.mark.parametrize("detection", ["homodyne", "heterodyne"])
def test_a_perfect_detector_is_trusted_or_not_alike(detection):
    line = {"modulation_variance": [1, 4, 20], "excess_noise": 0.05, "detection": detection}
    np.testing.assert_allclose(
        holevo_bound(0.3, trusted=True, **line), holevo_bound(0.3, trusted=False, **line)
    )


def test_an_untrusted_detector_is_a_worse_line():
    seen = holevo_bound(
        0.3, modulation_variance=4, excess_noise=0.01, efficiency=0.6, electronic_noise=0.02, trusted=False
    )
    worse = holevo_bound(0.18, modulation_variance=4, excess_noise=0.01 + 0.02 / 0.18)
    assert seen == pytest.approx(float(worse))


@given(st.floats(0.01, 0.99), st.floats(0.1, 50))
def test_heterodyne_and_homodyne_of_a_quiet_line(t, variance):
    # without excess noise and with perfect detectors one eigenvalue is left on each side: g(l1) - g(l3)
    line = {"modulation_variance": variance, "excess_noise": 0}
    v, b = variance + 1, 1 + t * variance
    g = lambda nu: float(entropy(max(nu, 1.0) * np.eye(2)))  # noqa: E731
    eve = (1 - t) * variance + 1  # her thermal mode, the light that is lost
    assert float(holevo_bound(t, **line)) == pytest.approx(g(eve) - g(np.sqrt(eve * (v / b))), abs=1e-9)
    after = v - t * (v * v - 1) / (b + 1)
    assert float(holevo_bound(t, detection="heterodyne", **line)) == pytest.approx(
        g(eve) - g(after), abs=1e-9
    )


def test_faint_lines_are_not_lost_in_rounding():
    # for T -> 0 all that is known is proportional to T: chi / T has a limit
    t = 10.0 ** -np.arange(4, 10)
    ratio = holevo_bound(t, modulation_variance=4, excess_noise=0) / t
    np.testing.assert_allclose(ratio, ratio[0], rtol=1e-3)


@pytest.mark.parametrize(
    ("change", "error", "says"),
    [
        ({"trusted": "yes"}, TypeError, "trusted must be True or False"),
        ({"trusted": 1}, TypeError, "trusted must be True or False"),
        ({"detection": "x"}, ValueError, "detection must be"),
        ({"excess_noise": -0.01}, ValueError, "excess_noise must be"),
        ({"efficiency": 0.0}, ValueError, "blind"),
        ({"transmittance": [0.1, 0.2], "excess_noise": [0, 0, 0]}, ValueError, "must broadcast"),
    ],
)
def test_refuses(change, error, says):
    with pytest.raises(error, match=says):
        holevo_bound(**{"transmittance": 0.5, "modulation_variance": 4, "excess_noise": 0, **change})


LINE = {"modulation_variance": 4.0, "excess_noise": 0.1, "efficiency": 0.6, "electronic_noise": 0.05}


@given(st.floats(0.01, 0.99), st.floats(0, 60), st.floats(0, 2))
def test_alice_and_bob_see_loss_and_noise_and_nothing_else(t, variance, xi):
    seen = entangling_cloner(t, modulation_variance=variance, excess_noise=xi).covariance_of("A", "B")
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
    variance = tap.covariance_of("B")[0, 0]
    assert abs(y.var() / variance - 1) < 6 * np.sqrt(2 / n)
    # Alice's twin, measured by heterodyne and scaled, is what she modulates by
    covariance = tap.covariance_of("A", "B")[0, 2] * np.sqrt(4 / 6)
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
def test_refuses_eavesdropper(change, error, says):
    with pytest.raises(error, match=says):
        entangling_cloner(**{"transmittance": 0.5, **LINE, **change})


def test_shannon_is_for_homodyne_detection():
    tap = entangling_cloner(0.5, detection="heterodyne", **LINE)
    with pytest.raises(ValueError, match='shannon needs detection="homodyne"'):
        _ = tap.shannon
