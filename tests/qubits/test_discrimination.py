"""Discrimination: the Helstrom bound, reached by its measurement and passed by none."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qlearn.qubits import density, fidelity, helstrom, ket, probabilities, random_state

seeds, priors = st.integers(0, 2**32 - 1), st.floats(0, 1)


@given(seeds, priors)
def test_pure_states_have_a_closed_form(seed, prior):
    a, b = random_state(2, size=2, rng=seed)
    expected = (1 + np.sqrt(max(0, 1 - 4 * prior * (1 - prior) * fidelity(a, b)))) / 2
    np.testing.assert_allclose(helstrom(a, b, prior), expected, atol=1e-9)


@given(seeds, priors)
def test_no_projective_measurement_does_better_and_one_does_as_well(seed, prior):
    rng = np.random.default_rng(seed)
    a, b = random_state(1, size=2, rng=rng)
    bound = helstrom(a, b, prior)
    best = np.linalg.eigh(prior * density(a) - (1 - prior) * density(b))[1][:, ::-1]
    for basis in [best, *np.linalg.qr(random_state(1, size=(20, 2), rng=rng))[0]]:
        pa, pb = probabilities(a, basis=basis), probabilities(b, basis=basis)
        success = np.maximum(prior * pa, (1 - prior) * pb).sum()  # after each outcome, the better guess
        assert success <= bound + 1e-12
        if basis is best:
            np.testing.assert_allclose(success, bound, atol=1e-12)


def test_extremes():
    assert helstrom(ket("0"), ket("1")) == pytest.approx(1)
    for prior in (0.3, 0.7):  # equal states: say the likelier one, whatever is seen
        assert helstrom(ket("0"), ket("0"), prior=prior) == pytest.approx(0.7)
    assert helstrom(ket("0"), ket("+")) == pytest.approx(np.cos(np.pi / 8) ** 2)
    assert helstrom(np.eye(2) / 2, ket("0")) == pytest.approx(3 / 4)


def test_refuses():
    with pytest.raises(ValueError, match="prior must be a probability"):
        helstrom(ket("0"), ket("1"), prior=1.5)
    with pytest.raises(ValueError, match="same number of qubits"):
        helstrom(ket("0"), ket("11"))
    with pytest.raises(TypeError, match="prior must be a number"):
        helstrom(ket("0"), ket("1"), prior="half")


@given(seeds, st.floats(0, 1), st.floats(0, np.pi))
def test_only_a_pure_detector_learns_all_that_it_takes_from_a_fringe(seed, disorder, angle):
    # In arm 1 the detector is turned by U: V = |tr U rho|, and D is how well rho and U rho U* are told apart.
    rng = np.random.default_rng(seed)
    start = (1 - disorder) * density(random_state(1, rng=rng)) + disorder * np.eye(2) / 2
    axes = np.linalg.qr(rng.normal(size=(2, 2)) + 1j * rng.normal(size=(2, 2)))[0]
    turn = axes @ np.diag(np.exp([-0.5j * angle, 0.5j * angle])) @ axes.conj().T
    visibility = abs(np.trace(turn @ start))
    known = 2 * helstrom(start, turn @ start @ turn.conj().T) - 1
    assert visibility**2 + known**2 <= 1 + 1e-9  # Englert 1996
    if disorder == 0:
        assert visibility**2 + known**2 == pytest.approx(1, abs=1e-9)


def test_a_detector_in_full_disorder_takes_the_fringe_and_knows_nothing():
    flip = np.array([[0, -1], [1, 0]])  # RY(pi)
    assert abs(np.trace(flip @ np.eye(2) / 2)) == 0
    assert helstrom(np.eye(2) / 2, flip @ (np.eye(2) / 2) @ flip.T) == pytest.approx(1 / 2)


def test_a_measurement_with_its_faults_is_still_under_the_bound():
    # The four of the chapter, as matrices E of the answer "a": (<a|E|a> + 1 - <b|E|b>) / 2.
    a, b = ket("0"), ket("+")
    ways = [density(a), np.diag([0.9, 0.1]), np.eye(2) / 2, (density(a) + density(b)) / 2]
    right = [(1 + (a @ E @ a - b @ E @ b).real) / 2 for E in ways]
    np.testing.assert_allclose(right, [0.75, 0.7, 0.5, 0.5], atol=1e-12)
    assert max(right) < helstrom(a, b)
