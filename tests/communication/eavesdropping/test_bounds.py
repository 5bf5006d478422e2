"""The bounds: where they cross Bob's information, and that no attack on single pulses passes them."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.linalg import expm
from scipy.optimize import brentq
from scipy.stats import unitary_group

from qlearn.communication import bb84
from qlearn.communication.eavesdropping import (
    MemoryAttack,
    collective_information,
    holevo,
    individual_guess,
    individual_information,
    predict,
    secret_bits,
)
from qlearn.communication.entropy import binary_entropy
from qlearn.qubits import Circuit


def test_individual_attacks_stop_the_key_at_14_6_per_cent():
    cross = brentq(lambda e: 1 - binary_entropy(e) - individual_information(e), 0.01, 0.4, xtol=1e-14)
    assert cross == pytest.approx((1 - 1 / np.sqrt(2)) / 2, abs=1e-9)
    assert cross == pytest.approx(0.146447, abs=5e-7)
    assert secret_bits(cross + 1e-6, individual_information(cross + 1e-6)) == 0
    assert secret_bits(cross - 1e-3, individual_information(cross - 1e-3)) > 0


def test_against_all_attacks_the_rate_is_that_of_bb84():
    e = np.linspace(0, 0.5, 51)
    np.testing.assert_allclose(secret_bits(e, collective_information(e)), bb84.asymptotic_rate(e), atol=1e-15)


def test_fuchs_et_al_in_their_own_notation():
    # I = phi(2 sqrt(D(1-D))) / 2, phi(z) = (1+z) log2(1+z) + (1-z) log2(1-z)
    d = np.linspace(0.001, 0.499, 50)
    z = 2 * np.sqrt(d * (1 - d))
    phi = (1 + z) * np.log2(1 + z) + (1 - z) * np.log2(1 - z)
    np.testing.assert_allclose(individual_information(d), phi / 2, atol=1e-12)


def test_nothing_for_nothing_and_no_more_beyond_one_half():
    assert individual_guess(0) == 0.5
    assert individual_information(0) == collective_information(0) == 0
    for bound in (individual_guess, individual_information, collective_information):
        assert bound(0.5) == bound(0.9) == 1
    e = np.linspace(0.001, 0.499, 100)
    assert (individual_information(e) < collective_information(e)).all()


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 2**32 - 1), st.floats(0, 1), st.booleans())
def test_no_attack_passes_the_bounds(seed, strength, patient):
    # a random Hamiltonian on pulse and two wires of memory, for a short or a long time
    g = np.random.default_rng(seed).standard_normal((2, 8, 8))
    hamiltonian = g[0] + g[0].T + 1j * (g[1] - g[1].T)
    eve = MemoryAttack(Circuit(3).unitary(expm(-0.3j * strength * hamiltonian), 0, 1, 2), patient)
    seen, kept = predict(eve), holevo(eve)
    for basis, other in ("ZX", "XZ"):
        assert seen.guess[basis] <= individual_guess(seen.qber[other]) + 1e-9
        assert seen.information[basis] <= individual_information(seen.qber[other]) + 1e-9
        assert kept[basis] <= collective_information(seen.qber[other]) + 1e-9
        assert seen.information[basis] <= kept[basis] + 1e-9


def test_haar_attacks_learn_something():
    # so that the property above is not about attacks that know nothing
    eves = [
        MemoryAttack(Circuit(3).unitary(unitary_group.rvs(8, random_state=s), 0, 1, 2)) for s in range(20)
    ]
    assert min(predict(eve).information["Z"] for eve in eves) > 0.01


@pytest.mark.parametrize("bound", [individual_guess, individual_information, collective_information])
@pytest.mark.parametrize(("value", "error"), [(1.1, ValueError), (-0.1, ValueError), ("a", TypeError)])
def test_bounds_refuse(bound, value, error):
    with pytest.raises(error, match="qber must be error rates"):
        bound(value)


@pytest.mark.parametrize(
    ("arguments", "error", "says"),
    [
        ((0.1, 1.5), ValueError, "known must be bits of information between 0 and 1"),
        ((None, 0.1), TypeError, "qber must be error rates"),
        (([0.1, 0.2], [0.1, 0.2, 0.3]), ValueError, "must broadcast"),
    ],
)
def test_secret_bits_refuses(arguments, error, says):
    with pytest.raises(error, match=says):
        secret_bits(*arguments)
