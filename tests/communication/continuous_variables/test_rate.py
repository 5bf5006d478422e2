"""The rate: the published value, the limits, and never a key where Eve may know more."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qlearn.communication.continuous_variables import (
    entangling_cloner,
    holevo_bound,
    key_rate,
    mutual_information,
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


def test_published_value():
    assert key_rate(25, beta=0.95, **LINE) == pytest.approx(0.091627, abs=5e-7)


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
    # PLOB: no protocol of any kind gets more than -log2(1 - T) out of a pulse (Pirandola et al. 2017)
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
