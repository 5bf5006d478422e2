"""The rate: a value computed by hand, two published ones, the limits, and never a key where Eve may know more.

The best modulation: SciPy finds no better one, and it follows beta and length as theory says.
"""

import numpy as np
import pytest
from hypothesis import given, strategies as st
from scipy.optimize import minimize_scalar

from qlearn.communication.continuous_variables import (
    EXPERIMENTS,
    entangling_cloner,
    holevo_bound,
    key_rate,
    mutual_information,
    optimal_modulation,
    rate_at,
)

LINE = {"modulation_variance": 4, "excess_noise": 0.01, "efficiency": 0.6, "electronic_noise": 0.01}

lines = st.fixed_dictionaries(
    {
        "modulation_variance": st.floats(0.01, 100),
        "excess_noise": st.floats(0, 0.5),
        "efficiency": st.floats(0.1, 0.99),
        "electronic_noise": st.floats(0, 0.3),
        "detection": st.sampled_from(["homodyne", "heterodyne"]),
        "trusted": st.booleans(),
    }
)


def entropy(covariance):
    """Sum of g over |eig(i Omega sigma)|: none of the library's code."""
    omega = np.kron(np.eye(len(covariance) // 2), [[0, 1], [-1, 0]])
    nu = np.sort(np.abs(np.linalg.eigvals(1j * omega @ covariance)))[::2]
    up, down = (nu + 1) / 2, np.maximum(nu - 1, 1e-15) / 2
    return (up * np.log2(up) - down * np.log2(down)).sum()


def by_hand(t, variance, xi, eta, v_el, beta):
    """Homodyne, trusted: Eve's two modes, before and after Bob has read x."""
    big, twin = 1 + variance, 1 + t * xi / (1 - t)
    c, one, z = np.sqrt(twin**2 - 1), np.eye(2), np.diag([1, -1])
    hers = np.block(
        [[(t * twin + (1 - t) * big) * one, np.sqrt(t) * c * z], [np.sqrt(t) * c * z, twin * one]]
    )
    bob = eta * (t * big + (1 - t) * twin) + (1 - eta) + v_el
    shared = np.sqrt(eta * (1 - t)) * np.array([np.sqrt(t) * (twin - big), 0, c, 0])
    told = hers - np.outer(shared, shared) / bob
    alice = np.log2(bob / (bob - eta * t * variance)) / 2
    return beta * alice - (entropy(hers) - entropy(told))


def test_the_value_of_the_chapter_by_hand():
    # V_A 4, xi 0.01, eta 0.6, v_el 0.01, beta 0.95, 25 km at 0.2 dB/km: the formulas are those of Lodewyck et al. 2007,
    # the number is nobody's but ours, so it is computed again.
    value = by_hand(10**-0.5, 4, 0.01, 0.6, 0.01, 0.95)
    assert value == pytest.approx(0.0916266, abs=5e-8)
    assert key_rate(25, beta=0.95, **LINE) == pytest.approx(value, abs=1e-9)


@given(st.floats(0.01, 0.99), st.floats(0.1, 50), st.floats(0, 0.3), st.floats(0.1, 0.99), st.floats(0, 0.3))
def test_by_hand_on_any_line(t, variance, xi, eta, v_el):
    names = {"modulation_variance": variance, "excess_noise": xi, "efficiency": eta, "electronic_noise": v_el}
    value = max(0.0, by_hand(t, variance, xi, eta, v_el, 0.95))
    assert rate_at(t, beta=0.95, **names) == pytest.approx(value, abs=1e-6)


def test_the_published_rate():
    # Lodewyck et al. 2007, arXiv:0706.4255: 12.3 kbit/s against collective attacks at 350 kHz
    value = by_hand(0.302, 18.5, 0.005, 0.606, 0.041, 0.898)
    assert 350 * value == pytest.approx(12.3, abs=0.05)
    built = EXPERIMENTS["lodewyck2007"]
    assert key_rate(built.length_km, **built.parameters) == pytest.approx(value, abs=1e-9)


@pytest.mark.parametrize("t", [0.1, 0.316, 0.9])
def test_the_roots_that_a_package_forgets(t):
    # qosst-skr 0.10.0 takes the squares of the symplectic eigenvalues for the eigenvalues: at T = 0.316, V_A = 4,
    # xi = 0.01 and beta = 0.95 its GaussianUntrustedHomodyneAsymptotic.skr returns 0, here spelled out.
    v, b, c2 = 5.0, 1 + t * 4.01, t * 24
    squares = np.roots([1, -(v * v + b * b - 2 * c2), (v * b - c2) ** 2])
    after = v * (v - c2 / b)

    def g(nu):
        return (nu + 1) / 2 * np.log2((nu + 1) / 2) - (nu - 1) / 2 * np.log2((nu - 1) / 2)

    known = 0.95 * np.log2(1 + 4 * t / (1 + 0.01 * t)) / 2
    clean = {**LINE, "efficiency": 1, "electronic_noise": 0}
    right = known - g(np.sqrt(squares)).sum() + g(np.sqrt(after))
    assert rate_at(t, beta=0.95, **clean) == pytest.approx(max(0, right), abs=1e-9)
    if t == 0.316:
        assert right == pytest.approx(0.1478, abs=5e-5)
        assert known - g(squares).sum() + g(after) < 0


@given(lines, st.floats(0.1, 150), st.floats(0, 1))
def test_is_what_alice_gets_less_what_the_cloner_gets(line, length, beta):
    t = 10 ** (-0.02 * length)
    known = {name: value for name, value in line.items() if name != "trusted"}
    raw = beta * float(mutual_information(t, **known)) - entangling_cloner(t, **line).holevo
    assert key_rate(length, beta=beta, **line) == pytest.approx(max(0, raw), abs=1e-8)
    assert rate_at(t, beta=beta, **line) == pytest.approx(
        float(key_rate(length, beta=beta, **line)), abs=1e-12
    )


@given(lines, st.floats(0, 1000), st.floats(0, 1))
def test_is_never_negative_and_below_the_capacity_of_the_line(line, length, beta):
    # PLOB: no protocol of any kind gets more than -log2(1 - T) out of a mode, which a symbol here is (Pirandola et al.
    # 2017)
    rate = float(key_rate(length, beta=beta, **line))
    assert 0 <= rate <= -np.log2(-np.expm1(-0.02 * max(length, 1e-9) * np.log(10)))


@given(lines, st.floats(0.8, 1))
def test_falls_with_length_and_noise_and_rises_with_beta(line, beta):
    # what makes a bound on transmittance and noise a bound on the rate
    lengths, noises = np.linspace(0, 120, 25), np.linspace(0, 0.5, 25)
    assert (np.diff(key_rate(lengths, beta=beta, **line)) <= 1e-12).all()
    noisy = {**line, "excess_noise": noises}
    assert (np.diff(key_rate(20, beta=beta, **noisy)) <= 1e-12).all()
    assert (np.diff(key_rate(20, beta=np.linspace(0, 1, 25), **line)) >= -1e-12).all()


def test_a_perfect_line_gives_all_that_bob_reads():
    perfect = {"excess_noise": 0, "efficiency": 1, "electronic_noise": 0, "beta": 1}
    assert key_rate(0, modulation_variance=3, **perfect) == 1
    assert key_rate(0, modulation_variance=6, detection="heterodyne", **perfect) == 2


def test_intercept_and_resend_leaves_no_key():
    # two units of noise: the line could be cut and everything still be seen as it is
    lengths = np.linspace(0, 100, 21)
    best = {"modulation_variance": 10, "excess_noise": 2, "efficiency": 1, "electronic_noise": 0, "beta": 1}
    for detection in ("homodyne", "heterodyne"):
        assert not key_rate(lengths, detection=detection, **best).any()


def test_reverse_reconciliation_survives_3_db():
    # beyond 15 km Eve has more of the light than Bob, and there is a key all the same
    perfect = {"excess_noise": 0, "efficiency": 1, "electronic_noise": 0, "beta": 1}
    rates = key_rate([15.1, 50, 100, 200], modulation_variance=20, **perfect)
    assert (rates > 0).all()
    t = 10 ** (-0.02 * np.array([100, 200]))
    np.testing.assert_allclose(rates[2:] / t, rates[3] / t[1], rtol=0.01)  # in proportion to the light


def test_far_away_is_no_key_and_no_rounding():
    rates = key_rate([500, 700, 1e3, 1e4, 1e6], beta=0.95, **LINE)
    assert not rates[1:].any()
    assert rates[0] == pytest.approx(float(key_rate(450, beta=0.95, **LINE)) / 10, rel=1e-2)


def test_noise_that_the_receiver_is_not_trusted_with_ends_the_key():
    assert key_rate(50, beta=0.95, **LINE) > 0.02
    assert key_rate(50, beta=0.95, trusted=False, **LINE) == 0
    assert float(0.95 * mutual_information(0.1, **LINE) - holevo_bound(0.1, trusted=False, **LINE)) < -0.02


def test_broadcasts():
    assert key_rate(25, beta=0.95, **LINE).shape == ()
    assert key_rate(np.zeros((3, 1)), beta=np.ones(2), **LINE).shape == (3, 2)
    assert key_rate([1, 2], beta=0.9, loss_db_per_km=[[0.2], [0.3]], **LINE).shape == (2, 2)


@pytest.mark.parametrize(
    ("change", "error", "says"),
    [
        ({"length_km": -1}, ValueError, "length_km must be finite and at least 0, not -1"),
        ({"length_km": [1, np.nan]}, ValueError, "length_km must be finite"),
        ({"length_km": None}, TypeError, "length_km must be a number"),
        ({"beta": 95}, ValueError, "beta must be finite and between 0 and 1, not 95"),
        ({"beta": "high"}, TypeError, "beta must be a number"),
        ({"efficiency": 0}, ValueError, "efficiency must be above 0"),
        ({"modulation_variance": -4}, ValueError, "modulation_variance must be finite and at least 0"),
        ({"loss_db_per_km": -0.2}, ValueError, "loss_db_per_km must be finite and at least 0"),
        ({"detection": "photon"}, ValueError, "detection must be"),
        ({"trusted": None}, TypeError, "trusted must be True or False"),
        ({"length_km": [1, 2], "beta": [0.9, 0.9, 0.9]}, ValueError, "must broadcast"),
    ],
)
def test_refuses(change, error, says):
    with pytest.raises(error, match=says):
        key_rate(**{"length_km": 25, "beta": 0.95, **LINE, **change})


LINE_OPTIMUM = {"excess_noise": 0.01, "efficiency": 0.6, "electronic_noise": 0.01}


@pytest.mark.parametrize("detection", ["homodyne", "heterodyne"])
@pytest.mark.parametrize("trusted", [True, False])
def test_scipy_finds_no_better_one(detection, trusted):
    lengths = np.array([1.0, 10.0, 20.0])
    best = optimal_modulation(lengths, beta=0.95, detection=detection, trusted=trusted, **LINE_OPTIMUM)
    for length, variance, rate in zip(lengths, *best, strict=True):

        def loss(log_variance, through=10 ** (-0.02 * length)):  # below zero too, where the rate is flat
            line = {"modulation_variance": np.exp(log_variance), "detection": detection, **LINE_OPTIMUM}
            known = mutual_information(through, **line)
            return float(holevo_bound(through, trusted=trusted, **line) - 0.95 * known)

        found = minimize_scalar(loss, bounds=(-5, 8), method="bounded", options={"xatol": 1e-9})
        assert rate == pytest.approx(max(0, -found.fun), abs=1e-11)
        assert np.isnan(variance) if rate == 0 else variance == pytest.approx(np.exp(found.x), rel=1e-3)


def test_falls_with_distance_and_rises_with_beta():
    best = optimal_modulation([[10], [50], [150]], beta=[0.9, 0.95, 0.99], **LINE_OPTIMUM)
    assert best.rate.shape == (3, 3)
    assert (np.diff(best.modulation_variance, axis=0) < 0).all()
    assert (np.diff(best.modulation_variance, axis=1) > 0).all()
    assert (np.diff(best.rate, axis=1) > 0).all()


def test_perfect_correction_wants_all_the_light():
    assert optimal_modulation(25, beta=1.0, **LINE_OPTIMUM).modulation_variance > 9_000


def test_no_key_has_no_best_modulation():
    best = optimal_modulation([0, 25], beta=0.95, **{**LINE_OPTIMUM, "excess_noise": 2.0})
    assert np.isnan(best.modulation_variance).all()
    assert not best.rate.any()


def test_finds_a_narrow_window():
    # just below the noise where the key ends, only modulations within a fraction of a decade give any
    line = {**LINE_OPTIMUM, "beta": 0.95}
    low, high = 0.0, 1.0
    for _ in range(30):
        middle = (low + high) / 2
        line["excess_noise"] = middle
        low, high = (middle, high) if optimal_modulation(50, **line).rate > 0 else (low, middle)
    line["excess_noise"] = low - 1e-6
    best = optimal_modulation(50, **line)
    assert best.rate > 0
    assert not key_rate(50, modulation_variance=best.modulation_variance * [0.5, 2], **line).any()


@pytest.mark.parametrize("change", [{"beta": 2}, {"excess_noise": -1}, {"efficiency": 0}])
def test_refuses_optimum(change):
    with pytest.raises(ValueError, match=next(iter(change))):
        optimal_modulation(**{"length_km": 25, "beta": 0.95, **LINE_OPTIMUM, **change})
