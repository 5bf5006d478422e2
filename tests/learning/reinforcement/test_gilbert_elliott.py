"""The weather: its long run, its memory, and what it refuses."""

import numpy as np
import pytest
from hypothesis import given, strategies as st

from qlearn.learning.reinforcement.gilbert_elliott import GilbertElliott

chance = st.floats(0.01, 1)


@given(st.lists(st.tuples(chance, chance), min_size=1, max_size=4))
def test_the_long_run_stays_as_it_is(rates):
    fade, recover = zip(*rates, strict=True)
    links = GilbertElliott(len(rates), fade, recover)
    assert np.allclose(links.predict(links.stationary), links.stationary)
    assert np.allclose(links.joint_matrix().sum(axis=1), 1)
    assert np.allclose(links.joint_stationary() @ links.joint_matrix(), links.joint_stationary())
    assert np.allclose(links.joint_stationary() @ links.all_states(), links.stationary)


def test_what_is_known_decays_with_the_memory():
    links, belief = GilbertElliott(1, 0.1, 0.2), np.array([1.0])
    for age in range(5):
        assert belief - links.stationary == pytest.approx((1 - links.stationary) * links.memory**age)
        belief = links.predict(belief)


def test_draws_what_it_says():
    # n = 1e5 slots of 2 channels; standard errors below 0.0023; 5.5 sigma: 4e-8 each of 4
    links, rng = GilbertElliott(2, [0.1, 0.3], [0.2, 0.6]), np.random.default_rng(1)
    now = links.draw_first(100_000, rng)
    after = links.draw_next(now, rng)
    assert np.abs(now.mean(axis=0) - links.stationary).max() < 5.5 * 0.0016
    assert np.abs([after[now[:, c], c].mean() - p for c, p in enumerate([0.9, 0.7])]).max() < 5.5 * 0.0023
    assert (now != after).any()


def test_the_first_channel_is_most_significant():
    assert GilbertElliott(3).all_states()[4].tolist() == [1, 0, 0]


@pytest.mark.parametrize(
    ("arguments", "error", "says"),
    [
        ((0,), ValueError, "n_channels must be at least 1"),
        ((2, 1.5), ValueError, "fade must be a probability"),
        ((2, 0.1, [0.1]), ValueError, "recover must be one number, or one for each of the 2"),
        ((1, 0.0, 0.0), ValueError, "never changes"),
        ((2, "often"), TypeError, "fade must be a number"),
        ((2, 0.1, 0.1, -1), ValueError, "noise must be a probability"),
    ],
)
def test_refuses(arguments, error, says):
    with pytest.raises(error, match=says):
        GilbertElliott(*arguments)
