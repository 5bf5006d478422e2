"""What a checkpoint holds of a round comes back as it was, and what is another run is known as one."""

from functools import partial
from math import nan

import numpy as np
import pytest

from qlearn.networks.federated import Failure
from qlearn.networks.orchestration import (
    KPIs,
    Latency,
    OrchestratedRound,
    OrchestrationProblem,
    Orders,
    QLearningPolicy,
    play,
)
from qlearn.networks.orchestration._run_identity import made_of, memory_of, record_of, told


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


class Holding:
    """Shows itself alike, whatever it holds."""

    def __init__(self, value):
        self._value = value

    def __repr__(self):
        return "Holding()"

    def get(self):
        return self._value


def adding(n):
    return lambda x: x + n


@pytest.mark.parametrize(
    ("make", "other"),
    [
        (lambda: Holding(1), lambda: Holding(2)),
        (lambda: Holding({"a": [Holding(np.arange(3))]}), lambda: Holding({"a": [Holding(np.arange(4))]})),
        (lambda: Holding(1).get, lambda: Holding(2).get),
        (lambda: adding(1), lambda: adding(2)),
        (lambda: partial(max, 1), lambda: partial(max, 2)),
        (lambda: np.random.default_rng(0), lambda: np.random.default_rng(1)),
        (lambda: Orders(), lambda: Orders(local_epochs=2)),
        (lambda: OrchestrationProblem(), lambda: OrchestrationProblem(key_chance=0.7)),
    ],
)
def test_a_thing_is_known_by_what_it_is_made_of(make, other):
    assert made_of(make()) == made_of(make())
    assert made_of(make()) != made_of(other())


def test_what_a_checkpoint_holds_is_no_setting():
    problem = OrchestrationProblem()
    fresh, used = QLearningPolicy(problem), QLearningPolicy(problem)
    before = made_of(fresh, memory_of(fresh))
    play(problem, used, 20, rng=0)  # which also keeps what the problem computes
    assert made_of(used, memory_of(used)) == before


def test_a_thing_that_holds_itself():
    ring = Holding(None)
    ring._value = ring
    assert "itself" in made_of(ring)


def test_a_set_of_texts_is_the_same_in_every_process():
    """The order of a set of texts is drawn anew by each process, and a restart is one."""
    import os
    import subprocess
    import sys

    program = (
        "from qlearn.networks.orchestration._run_identity import made_of; "
        "print(made_of([{'a', 'b', 'c', 'd'}, lambda unit: unit in {'unit 0', 'unit 1', 'unit 2', 'unit 3'}]))"
    )
    said = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in "123"
    }
    assert len(said) == 1
