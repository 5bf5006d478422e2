"""Replay window against a set that forgets nothing."""

import pytest
from hypothesis import given, strategies as st

from qlearn.applications.telemetry import ReplayWindow


@given(st.integers(1, 70), st.lists(st.integers(0, 200), max_size=120))
def test_equals_a_set_of_all_that_was_taken(size, numbers):
    window, taken = ReplayWindow(size), set()
    for number in numbers:
        late = bool(taken) and max(taken) - number >= size
        due = "too late" if late else "taken already" if number in taken else None
        assert window.refusal(number) == due
        if due is None:
            window.take(number)
            taken.add(number)
            assert window.highest == max(taken)
        else:
            with pytest.raises(ValueError, match=due):
                window.take(number)


def test_a_far_jump_forgets_all_and_is_not_slow():
    window = ReplayWindow(64)
    window.take(0)
    window.take(2**32 - 1)
    assert window.refusal(2**32 - 64) is None
    assert window.refusal(2**32 - 65) == "too late"


def test_refuses():
    with pytest.raises(ValueError, match="size must be at least 1"):
        ReplayWindow(0)
    with pytest.raises(ValueError, match="number must be at least 0"):
        ReplayWindow().refusal(-1)
