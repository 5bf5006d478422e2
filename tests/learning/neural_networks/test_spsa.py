"""SPSA: an estimate that is right in the mean, gains as Spall's, a descent by two values a step."""

import numpy as np
import pytest

from qlearn.learning.neural_networks.spsa import SPSA

SLOPE = np.array([1.0, -2.0, 0.5])


def line(parameters):
    return float(parameters[0] @ SLOPE + parameters[1].sum())


def test_of_a_line_the_estimate_is_right_in_the_mean():
    # each component is its slope plus signs times the other slopes: their squares add up to 1 + 4 + 0.25 + 2 - its own
    spsa, rng, n = SPSA(), np.random.default_rng(0), 4000
    at = [np.zeros(3), np.ones((1, 2))]
    found = [spsa.estimate(line, at, rng) for _ in range(n)]
    assert all(value == pytest.approx(2.0, abs=1e-12) for value, _ in found)
    means = [np.mean([g[k] for _, g in found], axis=0) for k in (0, 1)]
    for mean, slope in ((means[0], SLOPE), (means[1], np.ones((1, 2)))):
        sigma = np.sqrt((7.25 - slope**2) / n)
        assert (np.abs(mean - slope) < 5.5 * sigma).all()  # five of them: chance of a false alarm 2e-7


def test_the_two_values_are_asked_for_on_both_sides_and_nowhere_else():
    asked = []
    spsa = SPSA(shift=0.3)
    spsa.estimate(lambda p: asked.append(p[0]) or 0.0, [np.zeros(4)], np.random.default_rng(0))
    assert len(asked) == 2
    np.testing.assert_allclose(asked[0], -asked[1])
    np.testing.assert_allclose(np.abs(asked[0]), 0.3)


def test_gains_are_those_of_spall():
    spsa, at = SPSA(0.2, shift=0.1, stability=3), [np.zeros(1)]
    for k in range(5):
        moved = []
        spsa.estimate(lambda p, seen=moved: seen.append(abs(p[0][0])) or 0.0, at, np.random.default_rng(0))
        assert moved[0] == pytest.approx(0.1 / (k + 1) ** 0.101)
        stepped = spsa.step(at, [np.ones(1)])
        assert -stepped[0][0] == pytest.approx(0.2 * (4 / (k + 4)) ** 0.602)
        assert at[0][0] == 0


def test_goes_down_a_valley_of_many_parameters():
    spsa, at, rng = SPSA(0.1), [np.full(20, 1.0)], np.random.default_rng(1)
    for _ in range(600):
        _, gradients = spsa.estimate(lambda p: float(p[0] @ p[0]) / 2, at, rng)
        at = spsa.step(at, gradients)
    assert at[0] @ at[0] < 0.05


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"learning_rate": 0}, "learning_rate must be above 0"),
        ({"shift": 0}, "shift must be above 0"),
        ({"stability": -1}, "stability must be a finite number between 0"),
    ],
)
def test_refuses(options, says):
    with pytest.raises(ValueError, match=says):
        SPSA(**options)
