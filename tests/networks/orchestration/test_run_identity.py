"""What a checkpoint holds of a round comes back as it was."""

from math import nan

import pytest

from qlearn.networks.federated import Failure
from qlearn.networks.orchestration import KPIs, Latency, OrchestratedRound, Orders
from qlearn.networks.orchestration._run_identity import record_of, told


@pytest.mark.parametrize("assignment", ["usable", {"unit 0": "aggregator 1"}])
def test_a_record_comes_back(assignment):
    record = OrchestratedRound(
        3,
        Orders(2, 3, 0.5, assignment, "shrink"),
        KPIs(3, 0.1, nan, 0.5),
        Latency(0.1, 0.2, 0.3, 0.4, 0.5),
        1.5,
        {"unit 0": "aggregator 1"},
        4,
        512,
        1,
        2,
        900,
        80,
        (Failure("unit 1", "keys", "too few"),),
    )
    assert repr(record_of(told(record))) == repr(record)
