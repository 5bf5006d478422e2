"""The history of an orchestrated run: arrays over rounds, NaN where nothing was measured."""

from math import nan

import numpy as np

from qlearn.networks.federated import Failure, History
from qlearn.networks.orchestration import KPIs, Latency, OrchestratedRound, OrchestrationHistory, Orders

EVENT = Failure("unit 1", "keys", "too few")
ROUNDS = [
    OrchestratedRound(
        1, Orders(), KPIs(1, accuracy=0.5), Latency(0.1, 0.2), 1.0, {"unit 0": "aggregator 0"}, key_bits=64
    ),
    OrchestratedRound(2, Orders(), KPIs(2), seconds=2.5, key_bits=6, events=(EVENT,)),
]


def test_arrays_over_rounds():
    history = OrchestrationHistory(History([np.ones(2)]), ROUNDS)
    np.testing.assert_array_equal(history.latencies, [0.1 + 0.2, nan])
    np.testing.assert_array_equal(history.kpi("accuracy"), [0.5, nan])
    assert history.seconds.tolist() == [1.0, 2.5]
    assert history.key_bits.tolist() == [64, 6]
    assert history.events == [(2, EVENT)]
    assert history.parameters is history.learning.parameters


def test_says_why_it_ended():
    history = OrchestrationHistory(History([np.ones(2)]), ROUNDS, ended="round 3: no")
    assert (
        repr(history)
        == "OrchestrationHistory(2 rounds, 3.5 s, 70 bits of key, accuracy 0.500, ended: round 3: no)"
    )
    stopped = OrchestrationHistory(History([np.ones(2)], interrupted=True))
    assert repr(stopped) == "OrchestrationHistory(0 rounds, 0 s, 0 bits of key, interrupted)"
    assert stopped.interrupted
