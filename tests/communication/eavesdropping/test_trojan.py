"""The Trojan horse: two coherent states in Fock space, and no error anywhere."""

from math import factorial

import numpy as np
import pytest

from qlearn.communication import bb84
from qlearn.communication.eavesdropping import TrojanHorse, observe
from qlearn.communication.entropy import binary_entropy
from qlearn.qubits import helstrom


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


def test_touches_no_pulse():
    sent = bb84.exchange(1_000, eavesdropper=TrojanHorse(1.0), rng=2)
    assert not sent.eve.touched.any()


@pytest.mark.parametrize(("value", "error"), [(-1, ValueError), (float("inf"), ValueError), ("x", TypeError)])
def test_refuses(value, error):
    with pytest.raises(error, match="photons must be"):
        TrojanHorse(value)
