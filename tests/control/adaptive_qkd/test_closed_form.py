"""Closed forms: the published numbers, and what a search of the rate itself finds."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, strategies as st

from qlearn.communication.photons import LINKS, Link, optimal_mu
from qlearn.communication.secret_key import finite_key_length
from qlearn.control.adaptive_qkd import best_basis_bias, best_intensity
from qlearn.qubits.entropies import binary_entropy as h


@pytest.mark.parametrize(
    ("error", "f", "mu"), [(0.033, 1.22, 0.478923), (0.01, 1.16, 0.778022), (0.005, 1.1, 0.874520)]
)
def test_known_intensities(error, f, mu):
    assert best_intensity(error, f) == pytest.approx(mu, abs=1e-6)


@given(st.floats(1e-6, 0.09), st.floats(1, 1.5))
def test_solves_its_equation(error, f):
    mu = float(best_intensity(error, f))
    cost = f * h(error) / (1 - h(error))
    if cost < 1:
        assert (1 - mu) * np.exp(-mu) == pytest.approx(cost, abs=1e-12)
        assert 0 < mu <= 1
    else:
        assert np.isnan(mu)


def test_is_where_a_search_of_the_rate_ends_up():
    # another algorithm: a grid on the rate of a link that is nearly dark and nearly without background
    link = Link("faint", 0.2, 0.1, 1e-12, 0.01, 1.16)
    assert best_intensity(0.01, 1.16) == pytest.approx(float(optimal_mu(1e-4, link=link)), abs=1e-3)


@pytest.mark.parametrize("misalignment", [0.005, 0.03])
def test_afterpulses_go_into_the_error_rate(misalignment):
    # Lim's link: four percent of the clicks are followed by another, which is wrong half the time
    link = replace(LINKS["lim2014"], misalignment=misalignment, background=1e-12)
    p = link.afterpulse
    error = (misalignment + p / 2) / (1 + p)
    assert best_intensity(error) == pytest.approx(float(optimal_mu(1e-4, link=link)), abs=1e-3)
    assert best_intensity(misalignment) - best_intensity(error) > 0.15


def test_no_errors_and_too_many():
    assert best_intensity(0.0) == 1
    assert np.isnan(best_intensity([0.11, 0.5, 0.9])).all()


@pytest.mark.parametrize(
    ("signals", "p_x", "rate"), [(1e5, 0.2202, 0.234221), (1e6, 0.12864, 0.389511), (1e8, 0.04291, 0.580702)]
)
def test_known_biases(signals, p_x, rate):
    found = best_basis_bias(signals, 0.02)
    assert found.p_x == pytest.approx(p_x, abs=5e-5)
    assert found.rate == pytest.approx(rate, abs=1e-6)
    assert found.bits == pytest.approx(signals * found.rate)


@given(st.floats(1e4, 1e9), st.floats(0.0, 0.08), st.floats(0.02, 0.5))
def test_no_other_bias_is_better(signals, qber, p_x):
    best, other = best_basis_bias(signals, qber), best_basis_bias(signals, qber, p_x=p_x)
    assert other.bits <= best.bits * (1 + 1e-9)
    assert best.key + best.test <= signals


def test_sifting_costs_what_choosing_the_sample_freely_does_not():
    # the same formula with n + k = N, as if each signal were kept: more key, from an independent function
    assert best_basis_bias(1e6, 0.02).bits < finite_key_length(1_000_000, 0.02, efficiency=1.16)


def test_falls_with_the_fourth_root():
    biases = [best_basis_bias(n, 0.02).p_x for n in (1e12, 1e14)]
    assert np.log10(biases[0] / biases[1]) == pytest.approx(0.5, abs=0.02)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: best_intensity(1.2), "misalignment must be"),
        (lambda: best_intensity(0.01, 0.9), "error_correction must be"),
        (lambda: best_basis_bias(5, 0.02), "signals must be"),
        (lambda: best_basis_bias(1e6, 1.5), "qber must be"),
        (lambda: best_basis_bias(1e6, 0.02, p_x=1e-4), "leave each basis one bit"),
        (lambda: best_basis_bias(1e6, 0.02, p_x=1.0), "leave each basis one bit"),
        (lambda: best_basis_bias(1e6, 0.02, security=0.0), "security must lie"),
        (lambda: best_basis_bias(1e6, 0.02, efficiency=0.5), "efficiency must be"),
    ],
)
def test_refuses(call, says):
    with pytest.raises(ValueError, match=says):
        call()
