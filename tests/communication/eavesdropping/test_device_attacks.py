"""The Trojan horse: two coherent states in Fock space, and no error anywhere.

Blinding: what Bob's clicks and errors are for each power of Eve's flashes.

The time shift: no error, a balanced key, and one minus h of the mismatch for Eve.
"""

from math import factorial

import numpy as np
import pytest

from qlearn.communication import bb84
from qlearn.communication.eavesdropping import (
    TrojanHorse,
    blinded_exchange,
    observe,
    predict,
    time_shifted_exchange,
)
from qlearn.qubits import helstrom
from qlearn.qubits.entropies import binary_entropy


@pytest.mark.parametrize("photons", [0.0, 0.01, 0.3, 2.0])
def test_is_the_bound_for_two_coherent_states(photons):
    alpha, n = np.sqrt(photons), np.arange(32)
    plus = np.exp(-photons / 2) * alpha**n / np.sqrt([float(factorial(k)) for k in n])
    minus = plus * (-1.0) ** n
    assert TrojanHorse(photons).guess == pytest.approx(float(helstrom(plus, minus)), abs=1e-9)


@pytest.mark.parametrize(("photons", "bits"), [(0.001, 0.0114), (0.01, 0.0801), (0.1, 0.4386), (2.0, 0.9998)])
def test_chi_is_the_entropy_of_the_mixed_light(photons, bits):
    # two pure states: chi is the entropy of their mixture, here in Fock space with 40 photons at most
    n = np.arange(41)
    plus = np.exp(-photons / 2) * np.sqrt(photons) ** n / np.sqrt([float(factorial(k)) for k in n])
    minus = plus * (-1.0) ** n
    shares = np.linalg.eigvalsh((np.outer(plus, plus) + np.outer(minus, minus)) / 2)[-2:]
    chi = TrojanHorse(photons).chi
    assert chi == pytest.approx(-(shares * np.log2(shares)).sum(), abs=1e-9)
    assert round(chi, 4) == bits
    # more than her guesses are worth, four times as much at a thousandth of a photon
    assert chi > 1 - binary_entropy(TrojanHorse(photons).guess)


@pytest.mark.parametrize("photons", [0.0, 0.05, 1.0])
def test_makes_no_error_and_guesses_as_promised(photons):
    # 200,000 pulses: 50,000 bits a basis, sigma at most 0.0022, 6 sigma
    seen = observe(bb84.exchange(200_000, eavesdropper=TrojanHorse(photons), rng=1))
    for basis in "ZX":
        assert seen.qber[basis] == 0
        assert abs(seen.guess[basis] - TrojanHorse(photons).guess) < 0.0135


@pytest.mark.parametrize("photons", [0.0, 0.05, 1.0])
def test_what_is_predicted_is_an_error_rate_of_zero_and_her_guess(photons):
    eve = TrojanHorse(photons)
    due = predict(eve)
    for basis in "ZX":
        assert due.qber[basis] == 0
        assert due.guess[basis] == pytest.approx(eve.guess, abs=1e-12)
        assert due.information[basis] == pytest.approx(1 - float(binary_entropy(eve.guess)), abs=1e-12)


def test_touches_no_pulse():
    sent = bb84.exchange(1_000, eavesdropper=TrojanHorse(1.0), rng=2)
    assert not sent.eve.touched.any()


@pytest.mark.parametrize(("value", "error"), [(-1, ValueError), (float("inf"), ValueError), ("x", TypeError)])
def test_refuses(value, error):
    with pytest.raises(error, match="photons must be"):
        TrojanHorse(value)


N = 200_000


def test_no_errors_and_every_bit_is_hers():
    sent = blinded_exchange(N, power=1.5, rng=1)
    seen = observe(sent)
    assert seen.qber == {"Z": 0, "X": 0}
    assert seen.guess == {"Z": 1, "X": 1}
    # half of the flashes are silent: 6 sigma of N coins
    assert abs(sent.detected.mean() - 0.5) < 6 * np.sqrt(0.25 / N)
    np.testing.assert_array_equal(sent.eve.bases[sent.detected], sent.bob_bases[sent.detected])
    assert not sent.bob_bits[~sent.detected].any()


def test_too_much_light_is_intercept_and_resend():
    sent = blinded_exchange(N, power=2.0, rng=2)
    seen = observe(sent)
    assert sent.detected.all()
    for basis in "ZX":  # 50,000 bits: sigma 0.0019, 6 sigma
        assert abs(seen.qber[basis] - 0.25) < 0.0117
        assert abs(seen.guess[basis] - 0.75) < 0.0117


def test_too_little_light_is_silence():
    sent = blinded_exchange(1_000, power=0.9, rng=3)
    assert not sent.detected.any()
    assert len(bb84.sift(sent)) == 0


def test_a_biased_bob_is_blinded_alike():
    sent = blinded_exchange(N, p_x=0.1, rng=4)
    assert bb84.sift(sent).qber == 0
    assert abs(sent.detected.mean() - 0.5) < 6 * np.sqrt(0.25 / N)


@pytest.mark.parametrize(
    ("sent_by", "eve_does"),
    [(blinded_exchange, {"power": 1.5}), (time_shifted_exchange, {"efficiencies": (0.5, 0.1)})],
)
def test_attacks_on_detectors_take_the_place_of_the_line(sent_by, eve_does):
    sent = sent_by(2_000, p_x=0.3, rng=7, **eve_does)
    again = sent_by(2_000, p_x=0.3, rng=np.random.default_rng(7), **eve_does)
    assert isinstance(sent, bb84.Transmission)
    assert isinstance(sent.eve, bb84.EavesdropperRecord)
    assert sent.eve.bits.size == sent.detected.size == 2_000
    np.testing.assert_array_equal(sent.bob_bits, again.bob_bits)


@pytest.mark.parametrize(
    ("keywords", "error", "says"),
    [
        ({"n_pulses": 0}, ValueError, "n_pulses must be at least 1"),
        ({"n_pulses": 10, "power": -1}, ValueError, "power must be"),
        ({"n_pulses": 10, "power": "high"}, TypeError, "power must be a number"),
        ({"n_pulses": 10, "p_x": 2}, ValueError, "p_x must be a probability"),
    ],
)
def test_refuses_blinding(keywords, error, says):
    with pytest.raises(error, match=says):
        blinded_exchange(**keywords)


N_TIME_SHIFT = 400_000


@pytest.mark.parametrize("efficiencies", [(0.5, 0.5), (0.4, 0.1), (1.0, 0.0)])
def test_what_the_clock_tells(efficiencies):
    good, poor = efficiencies
    sent = time_shifted_exchange(N_TIME_SHIFT, efficiencies=efficiencies, rng=1)
    keys, seen = bb84.sift(sent), observe(sent)
    p = good / (good + poor)
    for basis, n in keys.bits_by_basis.items():
        assert seen.qber[basis] == 0
        assert abs(seen.guess[basis] - p) <= 6 * np.sqrt(p * (1 - p) / n)
        # at p = 1/2 the estimate is quadratic in the stray and positive: a few / n
        assert abs(seen.information[basis] - (1 - float(binary_entropy(p)))) < 0.02
    assert abs(sent.detected.mean() - (good + poor) / 2) <= 6 * np.sqrt(0.25 / N_TIME_SHIFT)
    assert abs(keys.alice.mean() - 0.5) < 6 * np.sqrt(0.25 / len(keys))


def test_touches_no_pulse_time_shift():
    assert not time_shifted_exchange(100, efficiencies=(0.5, 0.1), rng=2).eve.touched.any()


@pytest.mark.parametrize(
    ("keywords", "error", "says"),
    [
        ({"efficiencies": 0.5}, ValueError, "efficiencies must be two numbers"),
        ({"efficiencies": (0.5, 0.1, 0.2)}, ValueError, "efficiencies must be two numbers"),
        ({"efficiencies": (0.5, 1.1)}, ValueError, "efficiencies must be a probability"),
        ({"efficiencies": (0.1, 0.4)}, ValueError, r"the favoured detector first, .*, not \(0.1, 0.4\)"),
        ({"efficiencies": (0.5, "low")}, TypeError, "efficiencies must be a number"),
        ({"efficiencies": (0.5, 0.1), "p_x": -1}, ValueError, "p_x must be a probability"),
    ],
)
def test_refuses_time_shift(keywords, error, says):
    with pytest.raises(error, match=says):
        time_shifted_exchange(100, **keywords)
