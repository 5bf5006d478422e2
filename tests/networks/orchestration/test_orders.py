"""Orders: every field has its range, and a refusal that says so."""

import pytest

from qlearn.networks.orchestration import Orders


def test_an_assignment_is_a_rule_or_a_mapping():
    assert Orders(assignment="balanced").assignment == "balanced"
    assert Orders(assignment={"unit 0": "aggregator 1"}).assignment["unit 0"] == "aggregator 1"


@pytest.mark.parametrize(
    ("told", "error", "says"),
    [
        ({"update_every": 0}, ValueError, "update_every must be at least 1"),
        ({"local_epochs": 1.5}, TypeError, "local_epochs must be a whole number"),
        ({"model_size": 0}, ValueError, "model_size must be above 0"),
        ({"model_size": 1.5}, ValueError, "model_size must be a finite number between"),
        ({"assignment": "far"}, ValueError, "assignment must be one of home, usable, balanced"),
        ({"assignment": {"unit 0": 3}}, TypeError, "assignment must map names of units"),
        ({"on_empty": "send"}, ValueError, "on_empty must be one of wait, shrink"),
    ],
)
def test_refuses(told, error, says):
    with pytest.raises(error, match=says):
        Orders(**told)
