"""A stand-in for what an answer calls, while a grader looks on."""

import numpy as np
import pytest

from qlearn.exercises import find
from qlearn.exercises._stand_in import library_calls, stand_in
from qlearn.learning.components import swap_step
from qlearn.networks.federated import FedAvg


def test_a_stand_in_leaves_when_the_answer_stops():
    names = {"size": len}
    exec("def answer():\n    return size(None)", names)
    with pytest.raises(TypeError), stand_in(names["answer"], (len, lambda x: 1 + x)):
        names["answer"]()
    assert names["size"] is len


def test_calls_of_the_library_are_seen_in_any_case():
    assert not library_calls(lambda n: n, [(0,), (1,)])
    assert library_calls(lambda n: FedAvg() if n == 3 else None, [(0,), (1,), (3,)])


@pytest.mark.parametrize(
    ("name", "ready_made"),
    [
        ("components.one_step", swap_step),
        ("federated.average", lambda updates: FedAvg().aggregate(updates, updates[0][0])[0]),
    ],
)
def test_who_solves_the_first_case_alone_and_calls_the_library_for_the_others_is_refused(name, ready_made):
    exercise, first = find(name), []

    def answer(*case):
        sizes = (
            [np.shape(x) for p, _ in case[0] for x in p] if name.endswith("average") else np.shape(case[0])
        )
        first.append(sizes)
        return exercise.solution(*case) if sizes == first[0] else ready_made(*case)

    verdict = exercise.check(answer)
    assert not verdict.passed
    assert "library" in str(verdict)
