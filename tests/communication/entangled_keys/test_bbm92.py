"""BBM92: the keys of BB84 from pairs, its errors, and a key at the end of the post-processing."""

import pickle
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qlearn.communication import bb84
from qlearn.communication.coins import coins
from qlearn.communication.entangled_keys import EKERT, SharedDirection, bbm92, distribute, intercepted, sift
from qlearn.communication.postprocessing import AuthenticationKey, distill
from qlearn.qubits import bell_state
from qlearn.qubits.entanglement import werner

N = 400_000


def test_perfect_pairs_make_equal_keys(within):
    keys = sift(bbm92(N, rng=1))
    assert isinstance(keys, bb84.SiftedKeys)
    assert keys.qber == 0
    assert within(len(keys) / N, 1 / 2, N)
    assert within(keys.alice.mean(), 1 / 2, len(keys))


@pytest.mark.parametrize("f", [0.25, 0.5, 0.9, 0.97])
def test_a_werner_pair_makes_two_thirds_of_its_infidelity_in_errors(within, f):
    keys = sift(bbm92(N, source=werner(f), rng=2))
    for basis, error in keys.qber_by_basis.items():
        assert within(error, 2 * (1 - f) / 3, keys.bits_by_basis[basis])


@pytest.mark.parametrize("p_x", [0.1, 0.8])
def test_biased_bases_and_losses_keep_what_bb84_keeps(within, p_x):
    keys = sift(bbm92(N, p_x=p_x, efficiency=0.6, rng=3))
    assert within(len(keys) / N, 0.36 * (p_x**2 + (1 - p_x) ** 2), N)
    assert within(keys.bits_by_basis["X"] / N, 0.36 * p_x**2, N)


@given(st.floats(-3.2, 3.2), st.floats(0, 1))
@settings(max_examples=25)
def test_eve_on_the_pairs_errs_as_eve_on_the_pulses(within, angle, fraction):
    # She measures at theta: sin^2(theta)/2 of errors in Z, cos^2(theta)/2 in X. 6 sigma a rate.
    keys = sift(bbm92(20_000, source=intercepted(angle, fraction), rng=4))
    for basis, share in (("Z", np.sin(angle) ** 2 / 2), ("X", np.cos(angle) ** 2 / 2)):
        assert within(keys.qber_by_basis[basis], fraction * share, keys.bits_by_basis[basis])


@pytest.mark.parametrize(("angle", "basis"), [(0.0, "Z"), (np.pi / 2, "X"), (np.pi / 4, "breidbart")])
def test_the_errors_are_those_of_intercept_and_resend(angle, basis):
    pulses = bb84.sift(bb84.exchange(N, eavesdropper=bb84.InterceptResend(basis=basis), rng=5))
    pairs = sift(bbm92(N, source=intercepted(angle), rng=6))
    for name in "ZX":
        p, q = pulses.qber_by_basis[name], pairs.qber_by_basis[name]
        spread = p * (1 - p) / pulses.bits_by_basis[name] + q * (1 - q) / pairs.bits_by_basis[name]
        assert abs(p - q) <= 6 * np.sqrt(spread) + 1e-12


def test_a_local_source_looks_perfect_to_bbm92():
    # Without a Bell test, a list of answers in Z and X is not told from a pair: the devices must be trusted.
    assert sift(bbm92(N, source=SharedDirection(), rng=7)).qber == 0


def test_a_singlet_is_all_errors_until_one_half_is_turned():
    assert sift(bbm92(1000, source=bell_state("psi-"), rng=8)).qber == 1


def test_estimation_and_rate_of_bb84_take_the_keys():
    seen = bb84.estimate(sift(bbm92(N, source=werner(0.97), rng=9)), 20_000, rng=10)
    assert 0.6 < seen.rate < bb84.asymptotic_rate(0.02)


def test_a_secret_key_comes_out_at_the_end():
    from qlearn.communication import postprocessing
    from qlearn.communication.coins import coins

    pool = postprocessing.AuthenticationKey(coins(1024, rng=11))
    made = postprocessing.distill(
        sift(bbm92(200_000, source=werner(0.97), rng=12)), authentication_key=pool, rng=13
    )
    np.testing.assert_array_equal(made.alice, made.bob)
    assert 20_000 < made.length < 100_000


def test_refuses():
    with pytest.raises(ValueError, match="rounds must be of BBM92"):
        sift(distribute(100, settings=EKERT, rng=1))
    with pytest.raises(TypeError, match="rounds must be Rounds"):
        sift(None)
    with pytest.raises(ValueError, match="p_x must be a probability"):
        bbm92(10, p_x=2)


def test_rounds_make_one_key_and_no_second_one():
    """Every sifting of the same rounds is the same bits: what the first session said is known of the second."""
    rounds = bbm92(60_000, rng=1)
    first = distill(sift(rounds), authentication_key=AuthenticationKey(coins(512, rng=1)), rng=2)
    assert first.length > 0
    for again in (rounds, pickle.loads(pickle.dumps(rounds)), replace(rounds, eve=None)):
        with pytest.raises(ValueError, match="used up by an earlier session"):
            distill(sift(again), authentication_key=AuthenticationKey(coins(512, rng=1)), rng=2)
