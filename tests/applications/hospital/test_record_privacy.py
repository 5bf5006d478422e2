"""Record privacy: clipped gradients by hand, noise of the right size, and an epsilon that two other ways agree with."""

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from scipy.stats import norm

from qlearn.applications.hospital import (
    clipped_gradient_sum,
    gaussian_epsilon,
    largest_advantage,
    private_descent,
)
from qlearn.networks.secure_aggregation import privacy_loss


def by_hand(X, y, theta, most):
    """One patient after the other, the gradient by a central difference of the loss."""

    def loss(t, x, label):
        p = 1 / (1 + np.exp(-(t[:-1] @ x + t[-1])))
        return -np.log(p if label else 1 - p)

    total, h = np.zeros(len(theta)), 1e-5
    for x, label in zip(X, y, strict=True):
        g = np.array(
            [
                (loss(theta + h * e, x, label) - loss(theta - h * e, x, label)) / (2 * h)
                for e in np.eye(len(theta))
            ]
        )
        total += g * min(1.0, most / np.linalg.norm(g))
    return total


@settings(deadline=None, max_examples=20)
@given(st.integers(0, 10**6), st.sampled_from([0.1, 1.0, 100.0]))
def test_clipped_sum_equals_the_definition(seed, most):
    rng = np.random.default_rng(seed)
    X, y, theta = rng.normal(size=(6, 3)), rng.integers(0, 2, 6), rng.normal(size=4)
    assert np.allclose(clipped_gradient_sum(X, y, theta, most), by_hand(X, y, theta, most), atol=1e-7)


@given(st.integers(0, 10**6))
def test_one_patient_moves_the_sum_by_the_bound_at_most(seed):
    rng = np.random.default_rng(seed)
    X, y, theta = 50 * rng.normal(size=(9, 4)), rng.integers(0, 2, 9), rng.normal(size=5)
    moved = clipped_gradient_sum(X, y, theta, 0.7) - clipped_gradient_sum(X[1:], y[1:], theta, 0.7)
    assert np.linalg.norm(moved) <= 0.7 + 1e-12


@pytest.mark.parametrize("huge", [1e155, 1e200, 1e307])
def test_a_record_of_huge_numbers_is_clipped_and_not_lost(huge):
    assert np.allclose(clipped_gradient_sum([[huge, 0.0]], [0], [0.0, 0.0, 0.0], 0.7), [0.7, 0, 0])


@pytest.mark.parametrize("weight", [3.0, 1e300])
def test_huge_numbers_that_pull_both_ways_leave_a_number(weight):
    # Weights times readings are past the largest float on both sides: infinity less infinity would be no number.
    rows = np.array([[1e308, -1e308, 1.7e308, -1.7e308], [1e308, 1e308, -1e308, -1e308]])
    for y in (0, 1):
        for row in rows:
            pulled = clipped_gradient_sum([row], [y], [weight, weight, weight, weight, 0.0], 0.7)
            assert np.allclose(pulled[:-1], (0.5 - y) * 2 * 0.7 * (row / 1e308) / np.linalg.norm(row / 1e308))
    far = clipped_gradient_sum([[1e308, 1.0]], [0], [weight, -weight, 0.0], 0.7)
    assert np.allclose(far, [0.7, 0, 0])


@pytest.mark.parametrize("colluding", [1, 2])
def test_who_knows_some_shares_meets_the_noise_of_the_others(colluding):
    # five add such shares that 5 - c make z C: without their own, c of them are left with just that
    X, y = np.zeros((5, 20_000 - 1)), [0, 1, 0, 1, 0]
    parts = [(X[i : i + 1], y[i : i + 1]) for i in range(5)]
    moved = 5 * private_descent(parts, 1, 1.0, 1.0, 2.0, rng=3, honest=5 - colluding)
    left = moved[:-1].std() * np.sqrt((5 - colluding) / 5)
    assert abs(left / 2.0 - 1) < 6 / np.sqrt(2 * 20_000)


def test_one_share_that_is_known_makes_the_largest_advantage_larger():
    # z = 10, 20 sums: 2 Phi(sqrt(20) / 20) - 1, and with four fifths of the variance 2 Phi(5 / 20) - 1
    assert largest_advantage(10, 20) == pytest.approx(0.176937, abs=1e-6)
    assert largest_advantage(10 * np.sqrt(0.8), 20) == pytest.approx(0.197413, abs=1e-6)


def test_without_noise_it_is_plain_descent_whoever_holds_the_patients():
    rng = np.random.default_rng(2)
    X, y = rng.normal(size=(30, 2)), rng.integers(0, 2, 30)
    apart = private_descent([(X[:7], y[:7]), (X[7:], y[7:])], 5, 0.5, 1.0, 0.0)
    theta = np.zeros(3)
    for _ in range(5):
        theta -= 0.5 / 30 * by_hand(X, y, theta, 1.0)
    assert np.allclose(apart, theta, atol=1e-6)


@pytest.mark.parametrize("honest", [None, 2])
def test_noise_of_the_sum_is_what_was_asked_for(honest):
    # one step from 0: theta is -step/n (sum + noise); 20,000 numbers of sd z C sqrt(sites/m): 6 sd of a sample sd is 3 %
    X, y = np.zeros((4, 20_000 - 1)), [0, 1, 0, 1]
    parts = [(X[i : i + 1], y[i : i + 1]) for i in range(4)]
    moved = 4 * private_descent(parts, 1, 1.0, 0.5, 3.0, rng=7, honest=honest)
    assert abs(moved[:-1].std() / (3.0 * 0.5 * np.sqrt(4 / (honest or 4))) - 1) < 6 / np.sqrt(2 * 20_000)


@pytest.mark.parametrize(("z", "rounds", "epsilon"), [(1, 1, 4.377178), (2, 10, 7.511276), (4, 20, 4.983306)])
def test_epsilon_at_known_points(z, rounds, epsilon):
    assert gaussian_epsilon(z, rounds, 1e-5) == pytest.approx(epsilon, abs=2e-6)


def test_epsilon_is_what_an_accountant_bounds():
    for z, rounds in ((1.5, 3), (6.0, 40)):
        exact = gaussian_epsilon(z, rounds, 1e-4)
        assert exact == pytest.approx(privacy_loss(z, rounds, 1e-4, method="pld").epsilon, rel=2e-3)
        assert exact <= privacy_loss(z, rounds, 1e-4).epsilon


@given(st.floats(0.2, 50.0), st.integers(1, 200), st.sampled_from([1e-9, 1e-5, 1e-2]))
def test_epsilon_keeps_its_promise_by_integration(z, rounds, delta):
    epsilon, mu = gaussian_epsilon(z, rounds, delta), np.sqrt(rounds) / z
    # delta is the integral of (p - e^epsilon q)+, which begins where the densities are in that ratio
    edge = epsilon / mu + mu / 2
    found = norm.sf(edge - mu) - np.exp(min(epsilon + norm.logsf(edge), 700))
    assert found <= delta * (1 + 1e-6)
    assert epsilon == 0 or found == pytest.approx(delta, rel=1e-4)


def test_no_test_beats_the_largest_advantage_and_the_likelihood_ratio_reaches_it():
    # 4 sums of noise 2: the mean of a member's test statistic is 1 standard deviation off; 2 x 10^5 draws, 6 sd: 0.0095
    rng = np.random.default_rng(3)
    z, rounds, n = 2.0, 4, 200_000
    members = (rng.normal(1.0, z, (n, rounds)).sum(axis=1) > rounds / 2).mean()
    others = (rng.normal(0.0, z, (n, rounds)).sum(axis=1) > rounds / 2).mean()
    assert abs(members - others - largest_advantage(z, rounds)) < 6 * np.sqrt(2 * 0.25 / n)
    assert largest_advantage(z, rounds) == pytest.approx(2 * norm.cdf(0.5) - 1)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: clipped_gradient_sum([1.0], [1], [0.0, 0.0], 1), "X and y must have shapes"),
        (lambda: clipped_gradient_sum([[1.0]], [2], [0.0, 0.0], 1), "y must be 0 or 1"),
        (lambda: clipped_gradient_sum([[1.0]], [1], [0.0], 1), "a weight for each feature and the offset"),
        (lambda: clipped_gradient_sum([[1.0]], [1], [0.0, 0.0], 0), "most must"),
        (lambda: private_descent([], 1, 1.0, 1.0, 0.0), "parts must be hospitals"),
        (lambda: private_descent([([[1.0]], [1]), ([[1.0, 2.0]], [1])], 1, 1.0, 1.0, 0.0), "equal features"),
        (lambda: private_descent([([[1.0]], [1])], 1, 1.0, 1.0, -1.0), "multiplier must"),
        (
            lambda: private_descent([([[1.0]], [1])], 1, 1.0, 1.0, 1.0, honest=2),
            "honest must be at most the 1",
        ),
        (lambda: gaussian_epsilon(0.0, 1, 1e-5), "multiplier must"),
        (lambda: gaussian_epsilon(1.0, 1, 0.0), "delta must"),
        (lambda: largest_advantage(1.0, 0), "rounds must"),
    ],
)
def test_refuses(call, says):
    with pytest.raises(ValueError, match=says):
        call()
