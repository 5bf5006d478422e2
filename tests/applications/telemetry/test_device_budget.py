"""Device budget: energies by Ohm's arithmetic, memory by counting keys."""

import pytest
from hypothesis import given, strategies as st

from qlearn.applications.telemetry import OPERATIONS, Device, Operation, flash_for_keys, frame_size


def test_energies_are_volts_amperes_seconds():
    node = Device(volts=2.0, send_ma=10, receive_ma=5, compute_ma=1, clock_hz=1e6, battery_mah=1)
    assert node.send_joules(3) == pytest.approx(2 * 0.010 * 3)
    assert node.receive_joules(3) == pytest.approx(2 * 0.005 * 3)
    assert node.compute_joules(5e6) == pytest.approx(2 * 0.001 * 5)
    assert node.battery_joules == pytest.approx(2 * 0.001 * 3600)


def test_every_operation_fits_the_default_device_and_says_its_source():
    for name, operation in OPERATIONS.items():
        assert isinstance(operation, Operation)
        assert operation.name == name
        assert operation.stack < Device().ram
        assert "pqm4" in operation.source
    small, quick = OPERATIONS["ML-DSA-65 signing, small memory"], OPERATIONS["ML-DSA-65 signing"]
    assert small.stack < quick.stack
    assert small.cycles > quick.cycles


@given(st.integers(0, 40), st.integers(0, 40), st.integers(1, 60))
def test_flash_holds_each_key_and_each_pad(days, a_day, length):
    assert flash_for_keys(days, rotations_per_day=a_day) == sum(32 for _ in range(days * a_day))
    one = frame_size(length, "one-time pad").spent // 8
    assert flash_for_keys(days, messages_per_day=a_day, text_bytes=length) == days * a_day * one


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: Device(ram=0), "ram must be at least 1"),
        (lambda: Device(volts=0), "volts must be above 0"),
        (lambda: Device().send_joules(-1), "seconds"),
        (lambda: Device().receive_joules(-1), "seconds"),
        (lambda: Device().compute_joules(-1), "cycles"),
        (lambda: flash_for_keys(5), "give rotations_per_day, or"),
        (
            lambda: flash_for_keys(5, rotations_per_day=1, messages_per_day=1, text_bytes=1),
            "give rotations_per_day, or",
        ),
        (lambda: flash_for_keys(-1, rotations_per_day=1), "days"),
    ],
)
def test_refuses(call, says):
    with pytest.raises(ValueError, match=says):
        call()
