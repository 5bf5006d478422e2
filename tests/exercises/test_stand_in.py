"""A stand-in for what an answer calls, while a grader looks on."""

import pytest

from qlearn.exercises._stand_in import stand_in


def test_a_stand_in_leaves_when_the_answer_stops():
    names = {"size": len}
    exec("def answer():\n    return size(None)", names)
    with pytest.raises(TypeError), stand_in(names["answer"], (len, lambda x: 1 + x)):
        names["answer"]()
    assert names["size"] is len
