"""Bandits that forget: the record by hand, the limits of forgetting, and a setting that turns bad."""

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from qlearn.control.adaptive_qkd import Forgetting, play_bandit


class Spy:
    """A rule that pulls the arms in turn and keeps what it was told."""

    def __init__(self):
        self.told = []

    def probabilities(self, successes, pulls):
        self.told.append((np.array(successes), np.array(pulls)))
        return np.eye(2)[len(self.told) % 2]


@settings(max_examples=30)
@given(st.floats(0.3, 1.0), st.one_of(st.none(), st.integers(1, 12)), st.integers(0, 1000))
def test_the_record_is_its_definition(discount, window, seed):
    rewards = np.random.default_rng(seed).random((25, 2))
    spy = Spy()
    run = play_bandit(spy, rewards, forgetting=Forgetting(discount, window))
    for t, (won, n) in enumerate(spy.told):
        first = 0 if window is None else max(0, t - window)
        for arm in (0, 1):
            pulled = [s for s in range(first, t) if run.chosen[s] == arm]
            weights = np.array([discount ** (t - 1 - s) for s in pulled])
            assert n[arm] == pytest.approx(weights.sum(), abs=1e-9)
            assert won[arm] == pytest.approx(weights @ rewards[pulled, arm] if pulled else 0, abs=1e-9)


def test_regret_by_hand():
    run = play_bandit("greedy", [[0.5, 0.2], [0.5, 0.2], [0.1, 0.9]])
    assert run.chosen.tolist() == [0, 1, 0]
    assert run.rewards.tolist() == [0.5, 0.2, 0.1]
    np.testing.assert_allclose(run.dynamic, [0.0, 0.3, 1.1])
    np.testing.assert_allclose(run.static, [-0.3, -0.3, 0.5])  # arm 1 is best over all: 0.2, 0.2, 0.9


def test_no_window_is_a_window_as_long_as_the_game():
    rewards = np.random.default_rng(1).random((60, 3))
    plain, wide = (play_bandit("ucb1", rewards, forgetting=kind) for kind in (None, Forgetting(window=60)))
    np.testing.assert_array_equal(plain.chosen, wide.chosen)


def test_forgetting_finds_back_where_remembering_does_not():
    # certain rewards, so nothing is drawn: the greedy record needs as many bad blocks as it had good ones
    table = np.repeat([[0.9, 0.1], [0.1, 0.9]], 500, axis=0)
    stuck = play_bandit("greedy", table).dynamic[-1]
    found = play_bandit("greedy", table, forgetting=Forgetting(window=50)).dynamic[-1]
    assert stuck > 395 > 50 > found


def test_one_seed_is_one_game():
    rewards = np.random.default_rng(2).random((50, 2))
    one, same, other = (play_bandit("thompson", rewards, rng=seed).chosen.tolist() for seed in (4, 4, 5))
    assert one == same != other


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: Forgetting(discount=0.0), "discount must be above 0"),
        (lambda: Forgetting(discount=1.1), "discount must be"),
        (lambda: Forgetting(window=0), "window must be at least 1"),
        (lambda: play_bandit("ucb1", [0.1, 0.2]), "at least two arms"),
        (lambda: play_bandit("ucb1", [[0.1], [0.2]]), "at least two arms"),
        (lambda: play_bandit("ucb1", [[0.1, 7.0]]), "rewards must be"),
        (lambda: play_bandit("ucb1", [[0.1, np.nan]]), "rewards must be"),
        (lambda: play_bandit("ucb1", [[0.1, 0.2]], means=[[0.1, 0.2, 0.3]]), "means must have the shape"),
    ],
)
def test_refuses(call, says):
    with pytest.raises(ValueError, match=says):
        call()


def test_refuses_another_kind_of_forgetting():
    with pytest.raises(TypeError, match="forgetting must be a Forgetting"):
        play_bandit("ucb1", [[0.1, 0.2]], forgetting=3)
