"""The engine: what a reward is where nothing is missing, and where something is."""

from math import nan

import pytest

from qlearn.networks.orchestration import KPIs, Orders
from qlearn.networks.orchestration._engine import gain_less_delay


@pytest.mark.parametrize(
    ("before", "after", "latency", "reward"),
    [(0.5, 0.7, 2.0, 0.18), (nan, 0.7, 2.0, -0.02), (0.5, nan, nan, 0.0), (0.7, 0.5, nan, -0.2)],
)
def test_a_reward_is_gain_less_delay(before, after, latency, reward):
    kpis = KPIs(1, accuracy=before), KPIs(2, accuracy=after, latency=latency)
    assert gain_less_delay(kpis[0], Orders(), kpis[1]) == pytest.approx(reward)
