"""Remote training: perfect lines reach the optimum, and every way to send keeps its own books."""

import numpy as np
import pytest

from qlearn.networks.secure_aggregation import FixedPoint
from qlearn.networks.superdense_link import ClassicalChannel, DirectQubits, SuperdenseChannel, train_remote

NUMBERS = FixedPoint(fraction_bits=16, word_bits=20)
OPTIMUM = np.array([0.7, -0.4])


def pull(theta):
    return theta - OPTIMUM


@pytest.mark.parametrize(
    "how",
    [{}, {"feedback": False}, {"sends": "variables"}, {"sends": "variables", "smoothing": 0.3}],
    ids=str,
)
@pytest.mark.parametrize("channel", [SuperdenseChannel(), DirectQubits(), ClassicalChannel()])
def test_without_noise_the_actuator_arrives(channel, how):
    run = train_remote(pull, [0.0, 0.0], channel, NUMBERS, rate=0.3, rounds=60, rng=1, **how)
    # rounding: under a step of 2^-16 a round, forgotten or (without feedback) known to A
    np.testing.assert_allclose(run.actuator[-1], OPTIMUM, atol=1e-4)
    assert run.bit_errors == run.clipped == 0
    assert run.cost.bits == 60 * 2 * 20


def test_the_first_round_by_hand():
    exact = FixedPoint(fraction_bits=4, word_bits=8)
    run = train_remote(
        lambda t: t - [1.0, 2.0], [0.0, 0.0], ClassicalChannel(), exact, rate=0.5, rounds=2, rng=1
    )
    np.testing.assert_allclose(run.actuator, [[0, 0], [0.5, 1.0], [0.75, 1.5]])
    run = train_remote(
        lambda t: t - [1.0, 2.0],
        [0.0, 0.0],
        ClassicalChannel(),
        exact,
        rate=0.5,
        rounds=2,
        sends="variables",
        smoothing=0.5,
        rng=1,
    )
    np.testing.assert_allclose(run.believed, [[0, 0], [0.5, 1.0], [0.75, 1.5]])
    np.testing.assert_allclose(run.actuator, [[0, 0], [0.25, 0.5], [0.5, 1.0]])


def test_with_feedback_a_knows_and_without_it_does_not():
    noisy = SuperdenseChannel(0.9)
    seen = train_remote(pull, [0.0, 0.0], noisy, NUMBERS, rate=0.1, rounds=50, rng=2)
    np.testing.assert_array_equal(seen.actuator, seen.believed)
    unseen = train_remote(pull, [0.0, 0.0], noisy, NUMBERS, rate=0.1, rounds=50, feedback=False, rng=2)
    np.testing.assert_allclose(unseen.believed[-1], OPTIMUM, atol=0.02)  # what A thinks: 0.9^50 is left
    assert np.abs(unseen.actuator[-1] - unseen.believed[-1]).max() > 0.1
    assert unseen.bit_errors > 0


def test_runs_side_by_side_cost_what_one_costs():
    start = np.zeros((7, 2))
    run = train_remote(pull, start, SuperdenseChannel(), NUMBERS, rate=0.3, rounds=5, rng=1)
    assert run.actuator.shape == (6, 7, 2)
    assert run.cost == (5 * 40, 5 * 20, 5 * 20, pytest.approx(5 * 20))


def test_what_does_not_fit_is_cut_and_counted():
    small = FixedPoint(fraction_bits=4, word_bits=5)  # up to 15/16
    run = train_remote(lambda t: t - 3.0, [0.0], ClassicalChannel(), small, rate=0.5, rounds=30, rng=1)
    assert run.actuator[1, 0] == 0.5 * 15 / 16
    assert run.clipped > 0
    np.testing.assert_allclose(run.actuator[-1], 3.0, atol=0.1)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"rate": 0.0}, "rate must be above 0"),
        ({"rounds": 0}, "rounds must be at least 1"),
        ({"sends": "data"}, "sends must be one of"),
        ({"smoothing": 0.5}, "smoothing is of"),
        ({"sends": "variables", "smoothing": 1.5}, "smoothing must be a finite number between"),
        ({"start": 0.0}, "at least one variable"),
        ({"gradient": lambda t: t[:1]}, "must have the shape of the variables"),
        ({"gradient": lambda t: t * np.nan}, "must be finite"),
    ],
)
def test_refuses(change, says):
    given = {"gradient": pull, "start": [0.0, 0.0], "rate": 0.1, "rounds": 3} | change
    with pytest.raises(ValueError, match=says):
        train_remote(given.pop("gradient"), given.pop("start"), SuperdenseChannel(), NUMBERS, **given)
