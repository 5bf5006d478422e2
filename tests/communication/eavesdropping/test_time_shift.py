"""The time shift: no error, a balanced key, and one minus h of the mismatch for Eve."""

import numpy as np
import pytest

from qlearn.communication import bb84
from qlearn.communication.eavesdropping import observe, time_shifted_exchange
from qlearn.communication.entropy import binary_entropy

N = 400_000


@pytest.mark.parametrize("efficiencies", [(0.5, 0.5), (0.4, 0.1), (1.0, 0.0)])
def test_what_the_clock_tells(efficiencies):
    good, poor = efficiencies
    sent = time_shifted_exchange(N, efficiencies=efficiencies, rng=1)
    keys, seen = bb84.sift(sent), observe(sent)
    p = good / (good + poor)
    for basis, n in keys.bits_by_basis.items():
        assert seen.qber[basis] == 0
        assert abs(seen.guess[basis] - p) <= 6 * np.sqrt(p * (1 - p) / n)
        # at p = 1/2 the estimate is quadratic in the stray and positive: a few / n
        assert abs(seen.information[basis] - (1 - float(binary_entropy(p)))) < 0.02
    assert abs(sent.detected.mean() - (good + poor) / 2) <= 6 * np.sqrt(0.25 / N)
    assert abs(keys.alice.mean() - 0.5) < 6 * np.sqrt(0.25 / len(keys))


def test_touches_no_pulse():
    assert not time_shifted_exchange(100, efficiencies=(0.5, 0.1), rng=2).eve.touched.any()


@pytest.mark.parametrize(
    ("keywords", "error", "says"),
    [
        ({"efficiencies": 0.5}, ValueError, "efficiencies must be two numbers"),
        ({"efficiencies": (0.5, 0.1, 0.2)}, ValueError, "efficiencies must be two numbers"),
        ({"efficiencies": (0.5, 1.1)}, ValueError, "efficiencies must be a probability"),
        ({"efficiencies": (0.1, 0.4)}, ValueError, r"the favoured detector first, .*, not \(0.1, 0.4\)"),
        ({"efficiencies": (0.5, "low")}, TypeError, "efficiencies must be a number"),
        ({"efficiencies": (0.5, 0.1), "p_x": -1}, ValueError, "p_x must be a probability"),
    ],
)
def test_refuses(keywords, error, says):
    with pytest.raises(error, match=says):
        time_shifted_exchange(100, **keywords)
