"""Leaking modulator: overlaps by integrals and Fock states, Helstrom and Holevo by matrices, filters by quadrature."""

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from scipy.integrate import quad
from scipy.stats import norm, poisson

from qlearn.communication.eavesdropping import TrojanHorse
from qlearn.control.side_channels import FrequencyLeak, IntensityLeak, PhaseLeak
from qlearn.qubits.distances import helstrom
from qlearn.qubits.entropies import entropy

leaks = st.one_of(
    st.builds(FrequencyLeak, st.floats(0, 5)), st.builds(PhaseLeak, st.floats(0, 2), st.floats(0, np.pi))
)


def coherent(alpha, most=60):
    n = np.arange(most)
    log = np.concatenate([[0], np.cumsum(np.log(np.arange(1, most)))])
    return np.exp(-(abs(alpha) ** 2) / 2) * alpha**n / np.exp(log / 2)


@pytest.mark.parametrize(("photons", "angle"), [(0.1, np.pi), (0.5, 1.0), (2.0, 0.3)])
def test_phase_against_fock_states(photons, angle):
    leak, alpha = PhaseLeak(photons, angle), np.sqrt(photons)
    a, b = coherent(alpha), coherent(alpha * np.exp(1j * angle))
    assert leak.overlap == pytest.approx(abs(np.vdot(a, b)), abs=1e-12)
    apart = (np.outer(a, a.conj()) - np.outer(b, b.conj())) / 2
    assert leak.guess == pytest.approx(0.5 + np.abs(np.linalg.eigvalsh(apart)).sum() / 2, abs=1e-9)
    mean = (np.outer(a, a.conj()) + np.outer(b, b.conj())) / 2
    values = np.linalg.eigvalsh(mean)
    assert leak.chi == pytest.approx(-sum(v * np.log2(v) for v in values if v > 1e-14), abs=1e-9)
    # homodyne across the two: quadratures x = (a + a*)/2 of variance 1/4, at +- sqrt(mu) sin(angle/2)
    assert leak.separation == pytest.approx(2 * np.sqrt(photons) * np.sin(angle / 2) / 0.5)


@given(st.floats(0, 3))
def test_half_a_turn_is_the_trojan_horse(photons):
    leak, horse = PhaseLeak(photons), TrojanHorse(photons)
    assert leak.guess == pytest.approx(horse.guess)
    assert leak.chi == pytest.approx(horse.chi)


@pytest.mark.parametrize("shift", [0.3, 1.0, 2.5])
def test_frequency_by_integrals(shift):
    leak = FrequencyLeak(shift)
    c = quad(lambda w: np.sqrt(norm.pdf(w, -shift / 2) * norm.pdf(w, shift / 2)), -12, 12)[0]
    assert leak.overlap == pytest.approx(c, abs=1e-10)
    assert leak.instrument_guess == pytest.approx(norm.cdf(shift / 2))


@pytest.mark.parametrize(("shift", "width"), [(1.0, 0.5), (0.4, 2.0), (3.0, 0.1)])
def test_filter_by_integrals(shift, width):
    narrower, passed = FrequencyLeak(shift).filtered(width)

    def through(sign):
        return lambda w: norm.pdf(w, sign * shift / 2) * np.exp(-(w**2) / 2 / width**2)

    (share_0, share_1) = (quad(through(sign), -12, 12, epsabs=1e-14)[0] for sign in (-1, 1))
    assert share_0 == pytest.approx(share_1)
    assert passed == pytest.approx(share_0, rel=1e-8)
    both = quad(lambda w: np.sqrt(through(-1)(w) * through(1)(w)), -12, 12, epsabs=1e-14)[0]
    assert narrower.overlap == pytest.approx(both / share_0, rel=1e-8)


@settings(max_examples=60)
@given(leaks)
def test_states_have_what_the_formulas_say(leak):
    zero, one = leak.states([0, 1])
    assert abs(np.vdot(zero, one)) == pytest.approx(leak.overlap, abs=1e-9)
    assert float(helstrom(zero, one)) == pytest.approx(leak.guess, abs=1e-7)
    mean = (np.outer(zero, zero.conj()) + np.outer(one, one.conj())) / 2
    assert float(entropy(mean)) == pytest.approx(leak.chi, abs=1e-7)
    # a plain instrument is one measurement: neither ahead of Helstrom's, nor of Holevo's bound
    assert leak.instrument_guess <= leak.guess + 1e-12
    assert leak.instrument_information <= leak.chi + 1e-9


@settings(max_examples=60)
@given(st.floats(0.05, 4))
def test_some_pulses_name_their_bit_beyond_doubt(shift):
    # the measurement itself: each of two outcomes is dark for the other state, the third is what remains of the identity
    leak = FrequencyLeak(shift)
    zero, one = leak.states([0, 1]).real
    away = [np.array([-v[1], v[0]]) for v in (one, zero)]  # orthogonal to the *other* state
    parts = [np.outer(a, a) / (1 + leak.overlap) for a in away]
    assert np.linalg.eigvalsh(np.eye(2) - sum(parts)).min() > -1e-9
    assert [zero @ parts[1] @ zero, one @ parts[0] @ one] == pytest.approx([0, 0], abs=1e-12)
    assert [zero @ parts[0] @ zero, one @ parts[1] @ one] == pytest.approx([leak.unambiguous] * 2, abs=1e-9)
    # nor can more pulses be named for sure than the light holds bits; at that share of arrivals all is lost
    assert leak.unambiguous <= leak.chi + 1e-12
    assert leak.charge(leak.unambiguous) == 1
    assert leak.charge(1.0) == pytest.approx(leak.chi)


def test_copies_multiply_overlaps():
    leak = FrequencyLeak(0.8)
    for copies in (1, 2, 3):
        zero, one = leak.states([0, 1], copies=copies)
        assert zero.shape == (2**copies,)
        assert abs(np.vdot(zero, one)) == pytest.approx(leak.overlap**copies)


@pytest.mark.parametrize("leak", [FrequencyLeak(1.0), PhaseLeak(0.1, 2.0)])
def test_the_instruments_sample(leak):
    bits, seen = leak.record(40_000, rng=3)
    assert abs(((seen[:, 0] > 0) == bits).mean() - leak.instrument_guess) < 5.5 * 0.0025  # 4e-8


def test_attenuation():
    assert PhaseLeak(0.3, 1.0).attenuated(0.1) == PhaseLeak(0.03, 1.0)


@pytest.mark.parametrize(("dim", "bright"), [(0.4, 0.6), (0.0, 0.5), (0.1, 5.0), (0.5, 0.5), (40.0, 60.0)])
def test_intensity_by_sums(dim, bright):
    leak, n = IntensityLeak(dim, bright), np.arange(300)
    a, b = poisson.pmf(n, dim), poisson.pmf(n, bright)
    assert leak.guess == pytest.approx(np.maximum(a, b).sum() / 2, abs=1e-12)
    mean = (a + b) / 2
    held = sum(x / 2 * np.log2(x / m) for p in (a, b) for x, m in zip(p, mean, strict=True) if x > 1e-300)
    assert leak.information == pytest.approx(held, abs=1e-12)
    few = np.arange(100)
    assert (leak.read(few) == (poisson.logpmf(few, bright) > poisson.logpmf(few, dim))).all()
    bits, seen = leak.record(40_000, rng=6)
    if dim < bright:
        assert abs((leak.read(seen[:, 0]) == bits).mean() - leak.guess) < 5.5 * 0.0025


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: PhaseLeak(-0.1), "photons must be"),
        (lambda: PhaseLeak(0.1, 4.0), "angle must be"),
        (lambda: PhaseLeak(0.1).attenuated(2.0), "transmission must be"),
        (lambda: FrequencyLeak(-1.0), "shift must be"),
        (lambda: FrequencyLeak(1.0).charge(0.0), "kept must be above 0"),
        (lambda: FrequencyLeak(1.0).charge(1.1), "kept must be"),
        (lambda: FrequencyLeak(1.0).filtered(0.0), "width must be above 0"),
        (lambda: FrequencyLeak(1.0).states([0, 1], copies=0), "copies must be at least 1"),
        (lambda: IntensityLeak(0.6, 0.4), "bright must be at least dim=0.6"),
        (lambda: IntensityLeak(0.4, 0.6).read([-1]), "counts must be"),
    ],
)
def test_refuses(call, says):
    with pytest.raises(ValueError, match=says):
        call()
