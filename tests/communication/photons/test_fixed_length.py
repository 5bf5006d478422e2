"""Fixed length: what is accepted has at least the thresholds, and the length is never above what the counts prove."""

from dataclasses import replace

import numpy as np
import pytest

from qlearn.communication.entropy import binary_entropy as h
from qlearn.communication.photons import LINKS, Counts, Source, expected_counts, finite_key, fixed_length

LIM = LINKS["lim2014"]
THREE = Source((0.45, 0.15, 2e-4), (0.4, 0.4, 0.2), p_x=0.3)
TWO = Source((0.45, 0.15), (0.6, 0.4), p_x=0.3)


def sample(counts, rng):
    """Chance for expected counts: Poisson clicks, binomial errors."""
    sifted = rng.poisson(counts.sifted)
    return Counts(sent=counts.sent, sifted=sifted, errors=rng.binomial(sifted, counts.errors / counts.sifted))


def expected(source, n=1e10, transmittance=0.1):
    return expected_counts(n, link=LIM, transmittance=transmittance, source=source)


@pytest.mark.parametrize("source", [THREE, TWO])
def test_the_length_is_that_of_the_thresholds(source):
    agreed = fixed_length(expected(source), source=source, tolerance=0.1, security=1e-9, correctness=1e-12)
    events = {2: 19, 3: 21}[len(source.intensities)]
    price = 6 * np.log2(events * 1e9) + np.log2(2e12)
    secret = agreed.vacuum + agreed.single * (1 - h(agreed.phase_error))
    assert agreed.length == int(secret - agreed.leak - price)
    seen = finite_key(expected(source), source=source, security=1e-9, correctness=1e-12)
    assert agreed.single == pytest.approx(0.9 * seen.single)
    assert agreed.phase_error == pytest.approx(1.1 * seen.phase_error)


def test_no_fixed_length_is_for_the_endless_limit():
    with pytest.raises(TypeError, match="security must be a number"):
        fixed_length(expected(THREE), source=THREE, tolerance=0.1, security=None)


def test_a_session_whose_errors_were_not_counted_is_not_accepted():
    agreed = fixed_length(expected(TWO), source=TWO, tolerance=0.1)
    counts = expected(TWO)
    assert agreed.key(counts) == agreed.length > 0
    assert agreed.key(replace(counts, errors=counts.errors * [0, 1])) == 0


@pytest.mark.parametrize("source", [THREE, TWO])
def test_an_accepted_session_always_proves_the_fixed_length(source):
    rng = np.random.default_rng(1)
    agreed = fixed_length(expected(source), source=source, tolerance=0.02)
    accepted = 0
    for _ in range(60):
        session = sample(expected(source, transmittance=0.1 * rng.uniform(0.97, 1.03)), rng)
        key = agreed.key(session)
        assert key in (0, agreed.length)
        assert key <= finite_key(session, source=source).length
        accepted += key > 0
    assert 0 < accepted < 60


def test_a_wide_tolerance_accepts_honest_sessions_and_gives_bits_away():
    rng = np.random.default_rng(2)
    sessions = [sample(expected(THREE), rng) for _ in range(40)]
    shares, lengths = [], []
    for tolerance in (0.0, 0.01, 0.1):
        agreed = fixed_length(expected(THREE), source=THREE, tolerance=tolerance)
        shares.append(np.mean([agreed.accepts(session) for session in sessions]))
        lengths.append(agreed.length)
    assert shares == sorted(shares)
    assert shares[0] < 0.6  # four thresholds at their means
    assert shares[-1] == 1
    assert lengths == sorted(lengths, reverse=True)


def test_the_measured_leak_is_tested_too():
    agreed = fixed_length(expected(THREE), source=THREE, tolerance=0.05)
    assert agreed.accepts(expected(THREE), leak=agreed.leak)
    assert not agreed.accepts(expected(THREE), leak=agreed.leak + 1)


def test_intensities_told_apart_are_not_accepted():
    agreed = fixed_length(expected(THREE), source=THREE, tolerance=0.5)
    counts = expected(THREE)
    assert agreed.key(replace(counts, errors=counts.errors * [[1], [8], [1]])) == 0


def test_too_short_a_session_has_length_zero():
    assert fixed_length(expected(THREE, 1e6), source=THREE, tolerance=0.1).length == 0


@pytest.mark.parametrize(
    ("keywords", "says"),
    [
        ({"tolerance": -0.1}, "tolerance must be a probability"),
        ({"tolerance": 0.1, "security": 0.0}, "security must lie"),
    ],
)
def test_refuses(keywords, says):
    with pytest.raises(ValueError, match=says):
        fixed_length(expected(THREE), source=THREE, **keywords)
