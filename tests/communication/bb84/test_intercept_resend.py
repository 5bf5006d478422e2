"""Eve: the errors she causes in each basis, what she can guess, and what she writes down."""

import numpy as np
import pytest

from qlearn.communication import bb84
from qlearn.communication.bb84 import InterceptResend

N = 1_000_000
HALFWAY = np.cos(np.pi / 8) ** 2

# fraction, basis, error rate in Z, in X, her guess on a sifted bit in Z, in X
CASES = [
    (1.0, "random", 1 / 4, 1 / 4, 3 / 4, 3 / 4),
    (0.3, "random", 0.075, 0.075, 0.575, 0.575),
    (1.0, "Z", 0.0, 1 / 2, 1.0, 1 / 2),
    (1.0, "X", 1 / 2, 0.0, 1 / 2, 1.0),
    (0.4, "Z", 0.0, 0.2, 0.7, 1 / 2),
    (1.0, "breidbart", 1 / 4, 1 / 4, HALFWAY, HALFWAY),
    (0.3, "breidbart", 0.075, 0.075, 0.5 + 0.3 * (HALFWAY - 0.5), 0.5 + 0.3 * (HALFWAY - 0.5)),
    (0.0, "random", 0.0, 0.0, 1 / 2, 1 / 2),
]


@pytest.mark.parametrize(("fraction", "basis", "e_z", "e_x", "guess_z", "guess_x"), CASES)
def test_errors_and_guesses_in_each_basis(within, fraction, basis, e_z, e_x, guess_z, guess_x):
    sent = bb84.exchange(N, eavesdropper=InterceptResend(fraction, basis), rng=11)
    keys = bb84.sift(sent)
    guessed = sent.eve.bits[sent.kept] == keys.alice
    for code, (name, error, guess) in enumerate((("Z", e_z, guess_z), ("X", e_x, guess_x))):
        bits = keys.bits_by_basis[name]
        assert within(keys.qber_by_basis[name], error, bits)
        assert within(guessed[keys.bases == code].mean(), guess, bits)
    assert within(sent.eve.touched.mean(), fraction, N)


@pytest.mark.parametrize("noise", [0.02, 0.2])
@pytest.mark.parametrize(("fraction", "basis", "e_z", "e_x"), [case[:4] for case in CASES[:6]])
def test_noise_and_eve_combine(within, noise, fraction, basis, e_z, e_x):
    keys = bb84.sift(bb84.exchange(N, noise=noise, eavesdropper=InterceptResend(fraction, basis), rng=12))
    for name, q in (("Z", e_z), ("X", e_x)):
        expected = noise * (1 - q) + q * (1 - noise)
        assert within(keys.qber_by_basis[name], expected, keys.bits_by_basis[name])


def test_alices_bias_does_not_help_eve_to_hide(within):
    # p_x = 0.1 and Eve always in Z: the X errors still are one half, the average is small
    keys = bb84.sift(bb84.exchange(N, p_x=0.1, eavesdropper=InterceptResend(basis="Z"), rng=13))
    assert keys.qber_by_basis["Z"] == 0
    assert within(keys.qber_by_basis["X"], 0.5, keys.bits_by_basis["X"])
    assert within(keys.qber, 0.5 * 0.01 / 0.82, len(keys))


def test_untouched_pulses_arrive_untouched_and_unknown():
    sent = bb84.exchange(N, eavesdropper=InterceptResend(0.5), rng=14)
    left_alone = sent.kept & ~sent.eve.touched
    assert (sent.alice_bits == sent.bob_bits)[left_alone].all()
    assert not sent.eve.bits[~sent.eve.touched].any()


def test_wrong_basis_half_right_basis_none(within):
    # The tree of the chapter, branch by branch.
    sent = bb84.exchange(N, eavesdropper=InterceptResend(), rng=15)
    right = sent.eve.bases == sent.alice_bases
    errors = sent.alice_bits != sent.bob_bits
    assert not errors[sent.kept & right].any()
    wrong = errors[sent.kept & ~right]
    assert within(wrong.mean(), 0.5, wrong.size)


@pytest.mark.parametrize(("fraction", "basis", "e_z", "e_x", "guess_z", "guess_x"), CASES)
def test_the_joint_distribution_holds_the_same_numbers(fraction, basis, e_z, e_x, guess_z, guess_x):
    joint = InterceptResend(fraction, basis).joint
    np.testing.assert_allclose(joint.sum(axis=(2, 3)), 1)
    errors = (joint[:, 0, 1] + joint[:, 1, 0]).sum(axis=-1) / 2
    guesses = joint.sum(axis=2).max(axis=1).sum(axis=-1) / 2
    np.testing.assert_allclose([*errors, *guesses], [e_z, e_x, guess_z, guess_x], atol=1e-12)


@pytest.mark.parametrize(
    ("keywords", "error", "says"),
    [
        ({"fraction": 1.1}, ValueError, "fraction must be a probability"),
        ({"fraction": None}, TypeError, "fraction must be a number"),
        ({"basis": "Y"}, ValueError, 'basis must be "random", "Z", "X" or "breidbart", not \'Y\''),
        ({"basis": "z"}, ValueError, "not 'z'"),
    ],
)
def test_refuses(keywords, error, says):
    with pytest.raises(error, match=says):
        InterceptResend(**keywords)
