"""Key demand against counting message by message, and its refusals."""

import pytest
from hypothesis import given, strategies as st

from qlearn.applications.telemetry import frame_size, key_demand


@given(st.integers(0, 30), st.integers(0, 30), st.integers(1, 60))
def test_a_pad_is_what_its_frames_spend(sensors, messages, length):
    counted = sum(frame_size(length, "one-time pad").spent for _ in range(sensors * messages))
    assert key_demand(sensors, "one-time pad", messages_per_day=messages, text_bytes=length) == counted
    kept = key_demand(sensors, "one-time pad", messages_per_day=messages, text_bytes=length, keep_point=True)
    assert counted - kept == 128 * sensors * messages


def test_rotation_does_not_see_the_messages():
    assert key_demand(100, "rotation", rotations_per_day=24) == 256 * 2400
    assert key_demand(100, "rotation", rotations_per_day=24, fresh_every=24) == 256 * 100


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((1, "aes"), "mode must be one of"),
        ((1, "one-time pad"), "spends by the message"),
        ((1, "rotation"), "spends by the clock"),
        ((-1, "rotation"), "sensors must be at least 0"),
    ],
)
def test_refuses(arguments, says):
    with pytest.raises(ValueError, match=says):
        key_demand(*arguments)


def test_refuses_no_fresh_bits_at_all():
    with pytest.raises(ValueError, match="fresh_every must be at least 1"):
        key_demand(1, "rotation", rotations_per_day=24, fresh_every=0)
