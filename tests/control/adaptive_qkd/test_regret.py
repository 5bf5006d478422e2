"""Regret: the enumerated values, and games that were played."""

import numpy as np
import pytest

from qlearn.control.adaptive_qkd import expected_regret, play_bandit
from qlearn.learning.reinforcement import UCB1, exact_regret

KNOWN = {
    "ucb1": (0.82846167, 1.54651882, 2.83908374, 3.98501402),
    "thompson": (0.81637298, 1.43225528, 2.37359501, 3.07773489),
    "greedy": (0.58198764, 1.01447445, 1.82781623, 2.61332432),
}


@pytest.mark.parametrize("policy", KNOWN)
def test_known_values(policy):
    horizons = (10, 20, 40) if policy == "thompson" else (10, 20, 40, 60)  # 60 takes its quadratures seconds
    found = [expected_regret(policy, [0.6, 0.4], rounds) for rounds in horizons]
    assert found == pytest.approx(KNOWN[policy][: len(horizons)], abs=5e-8)


def test_a_rule_is_as_good_as_its_name():
    assert expected_regret(UCB1(), [0.3, 0.7], 12) == expected_regret("UCB1", [0.3, 0.7], 12)
    assert expected_regret("greedy", (0.2, 0.5, 0.9), 5) == exact_regret_of_greedy()


def exact_regret_of_greedy():
    from qlearn.learning.reinforcement import Greedy

    return exact_regret(Greedy(), [0.2, 0.5, 0.9], 5)[-1]


def test_is_the_mean_of_games():
    # 2000 games of 20 blocks: a game's regret lies between 0 and 4, sd below 1.2; 5.5 sigma: 4e-8
    rng = np.random.default_rng(7)
    means = np.tile([0.6, 0.4], (20, 1))
    games = [
        play_bandit("ucb1", rng.random((20, 2)) < means, means=means, rng=rng).static[-1] for _ in range(2000)
    ]
    assert np.std(games) < 1.2
    assert abs(np.mean(games) - expected_regret("ucb1", [0.6, 0.4], 20)) < 5.5 * 1.2 / np.sqrt(2000)


def test_refuses():
    with pytest.raises(ValueError, match="policy must be one of ucb1, thompson, greedy"):
        expected_regret("luck", [0.6, 0.4], 5)
    with pytest.raises(TypeError, match="have probabilities"):
        expected_regret(3, [0.6, 0.4], 5)
    with pytest.raises(ValueError, match="at least two arms"):
        expected_regret("greedy", [0.6], 5)
    with pytest.raises(ValueError, match=r"horizon must be"):
        expected_regret("greedy", [0.6, 0.4], 0)
