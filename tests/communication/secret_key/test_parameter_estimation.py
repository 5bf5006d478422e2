"""Estimation: what is compared leaves the key, and the bound holds however the errors lie."""

import numpy as np
import pytest

from qlearn.communication import bb84, binary_entropy
from qlearn.communication.secret_key import NoKey, PublicChannel, estimate, serfling_deviation
from qlearn.communication.secret_key.parameter_estimation import PhaseErrorBound

KEYS = bb84.sift(bb84.exchange(100_000, noise=0.03, rng=1))
SIZES = {"Z": 4_000, "X": 5_000}


def fresh(keys=KEYS):
    """The same bits as if nobody had compared any of them."""
    return bb84.SiftedKeys(keys.alice, keys.bob, keys.bases)


def test_what_is_compared_leaves_the_key():
    line = PublicChannel()
    seen = estimate(fresh(), SIZES, channel=line, rng=2)
    assert len(seen.remaining) == len(KEYS) - 9_000
    compared = np.unpackbits(line.messages[0].payload, count=len(KEYS)).view(bool)
    assert (KEYS.alice[~compared] == seen.remaining.alice).all()
    assert (KEYS.bob[~compared] == seen.remaining.bob).all()
    assert line.disclosed == {"estimate": 0}  # what was said is no longer part of the key


def test_counts_the_errors_of_each_basis():
    line = PublicChannel()
    seen = estimate(fresh(), SIZES, channel=line, rng=2)
    compared = np.unpackbits(line.messages[0].payload, count=len(KEYS)).view(bool)
    wrong = (KEYS.alice != KEYS.bob) & compared
    assert seen.errors == {"Z": (wrong & (KEYS.bases == 0)).sum(), "X": (wrong & (KEYS.bases == 1)).sum()}
    # binomial: sd of the rate over 9000 bits is 0.0018; 6 sd: 2e-9
    assert abs(seen.qber - 0.03) < 6 * 0.0018


def test_a_handful_of_bits_sets_no_error_rate():
    # one error among five bits of Z, 20 among 2,000 of X, and the kept bits are all of Z
    seen = PhaseErrorBound.of({"Z": 5, "X": 2_000}, {"Z": 1, "X": 20}, {"Z": 4_000, "X": 0}, 1e-20)
    assert seen.qber_by_basis["Z"] == 0.2
    assert seen.qber == pytest.approx((1 + 100 * 21 / 2_005) / 105)
    # where much is compared, what is lent weighs nothing: X has four times the rate of Z, and Z stays near its own
    seen = PhaseErrorBound.of({"Z": 5_000, "X": 5_000}, {"Z": 100, "X": 400}, {"Z": 4_000, "X": 0}, 1e-20)
    assert abs(seen.qber - 0.02) < 0.0006


def test_each_basis_is_bounded_by_the_other():
    seen = estimate(fresh(), SIZES, security=1e-10, rng=2)
    for basis, other in ("ZX", "XZ"):
        n, k = seen.remaining.bits_by_basis[basis], SIZES[other]
        mu = serfling_deviation(n, k, (1e-10 / 4) ** 2 / 2)
        assert seen.phase_errors[basis] == pytest.approx(n * (seen.errors[other] / k + mu), rel=1e-12)


def test_eve_in_one_basis_costs_the_key_of_the_other():
    # she reads Z: no error there, one half in X, and so nothing of Z is secret
    eve = bb84.InterceptResend(basis="Z")
    seen = estimate(bb84.sift(bb84.exchange(100_000, eavesdropper=eve, rng=1)), SIZES, rng=2)
    assert seen.errors["Z"] == 0
    assert seen.phase_errors["Z"] == pytest.approx(seen.remaining.bits_by_basis["Z"] / 2)
    kept = seen.remaining.bits_by_basis
    assert seen.secret_bits({"Z": kept["Z"], "X": 0}) == 0


def test_the_bound_holds_for_errors_in_a_burst():
    # 400 sessions, all errors at the start of the key; the bound at failure 1e-2 a basis and side may fail in
    # 1 % of them: 400 x 0.01 = 4 expected at most, sd 2; 20 or more would have a chance below 1e-8
    rng, n = np.random.default_rng(7), 2_000
    bases = np.tile(np.array([0, 1], dtype=np.uint8), n // 2)
    alice, bob = np.zeros(n, dtype=np.uint8), np.zeros(n, dtype=np.uint8)
    bob[:160] = 1
    fails = 0
    for _ in range(400):
        seen = estimate(bb84.SiftedKeys(alice, bob, bases), {"Z": 200, "X": 200}, security=0.57, rng=rng)
        left = seen.remaining
        true = ((left.alice != left.bob) & (left.bases == 1)).sum() / 800
        fails += true > seen.phase_errors["Z"] / 800
    assert fails < 20


def test_dropping_frames_never_adds_secrecy():
    seen = estimate(fresh(), SIZES, rng=2)
    kept = seen.remaining.bits_by_basis
    fewer = {basis: n - 1_000 for basis, n in kept.items()}
    # more than their share is lost: the phase errors are all taken to be among the rest
    assert seen.secret_bits(fewer) < seen.secret_bits() * sum(fewer.values()) / sum(kept.values())
    rate = seen.phase_errors["Z"] / fewer["Z"]
    alone = seen.secret_bits({"Z": fewer["Z"], "X": 0})
    assert alone == pytest.approx(fewer["Z"] * (1 - float(binary_entropy(rate))), rel=1e-12)


def test_takes_the_advised_sizes():
    seen = estimate(fresh(), rng=2)
    assert 500 < seen.sizes["Z"] < 15_000
    assert seen.secret_bits() > 0


@pytest.mark.parametrize(
    ("sizes", "says"),
    [
        ({"Z": 10**6, "X": 10}, "1000000 bits of Z were to be compared"),
        ({"Z": 0, "X": 0}, "too few"),
        (KEYS.bits_by_basis, "too few"),
    ],
)
def test_ends_without_a_key_where_none_is_possible(sizes, says):
    with pytest.raises(NoKey, match=says) as caught:
        estimate(fresh(), sizes, rng=1)
    assert caught.value.step == "estimate"


@pytest.mark.parametrize(
    ("call", "error", "says"),
    [
        (lambda: estimate([0, 1]), TypeError, "sifted must be SiftedKeys"),
        (lambda: estimate(fresh(), SIZES, security=2), ValueError, "security must lie"),
        (lambda: estimate(fresh(), {"Z": 1.5, "X": 2}), TypeError, r"sizes\['Z'\] must be a whole number"),
    ],
)
def test_refuses(call, error, says):
    with pytest.raises(error, match=says):
        call()


def test_no_errors_leave_open_what_shows_none_once_in_a_million():
    """(1 - e)^m = 1e-6: the highest rate is known in closed form where no error was seen."""
    seen = PhaseErrorBound.of({"Z": 300, "X": 200}, {"Z": 0, "X": 0}, {"Z": 4_000, "X": 3_000}, 1e-5)
    assert seen.highest(1e-6) == pytest.approx(1 - 1e-6 ** (1 / 500), rel=1e-12)
    assert seen.expected == 1 / 500


def test_a_basis_of_which_much_was_compared_speaks_for_itself():
    """Z had 2,000 compared bits and 100 errors: with X, which had none, its rate would look lower than it is."""
    sizes, errors = {"Z": 2_000, "X": 2_000}, {"Z": 100, "X": 0}
    in_z = PhaseErrorBound.of(sizes, errors, {"Z": 5_000, "X": 0}, 1e-5).highest(1e-6)
    in_x = PhaseErrorBound.of(sizes, errors, {"Z": 0, "X": 5_000}, 1e-5).highest(1e-6)
    assert in_x == pytest.approx(1 - 1e-6 ** (1 / 2_000), rel=1e-12)
    assert in_x < 0.05 < in_z
