"""A sensor: no nonce twice through any row of readings, questions, orders and reboots."""

import copy
import pickle

import pytest
from hypothesis import given, strategies as st

from qlearn.applications.telemetry import Flash, FrameRefused, KeyExhausted, Sensor
from qlearn.applications.telemetry.packets import (
    DOWN,
    EXTEND,
    FRESH,
    RATCHET,
    Header,
    next_key,
    nonce,
    read_header,
    seal,
)

KEY = bytes(range(32))


def order(sensor, kind, text=b"", key=None, key_id=None):
    header = Header(kind, sensor.flash.key_id if key_id is None else key_id, 0)
    return seal(key or sensor.flash.key, DOWN, sensor.sensor_id, header, text)


@given(
    st.lists(st.sampled_from(["read", "read", "ask", "reboot", "fresh", "ratchet", "extend"]), max_size=80),
    st.integers(1, 9),
)
def test_no_key_meets_a_nonce_twice(steps, stride):
    sensor, seen = Sensor(7, KEY, messages_per_key=6, stride=stride), set()
    for at, step in enumerate(steps):
        if step == "reboot":
            sensor.reboot()
        elif step in ("read", "ask"):
            try:
                frame = sensor.seal(b"21.5 C") if step == "read" else sensor.ask()
            except KeyExhausted:
                assert sensor.left == 0
                continue
            used = sensor.flash.key, nonce(0, 7, read_header(frame))
            assert used not in seen
            assert read_header(frame).number < sensor.flash.reserved
            seen.add(used)
        else:
            kind = {"fresh": FRESH, "ratchet": RATCHET, "extend": EXTEND}[step]
            text = {
                "fresh": bytes([at]) * 32,
                "ratchet": b"",
                "extend": (sensor.flash.limit + 6).to_bytes(4, "big"),
            }[step]
            assert sensor.receive(order(sensor, kind, text)) == step


def test_without_its_flash_a_nonce_would_come_again():
    """The check above can fail: a sensor that starts at 0 after each reboot repeats itself."""
    sensor = Sensor(7, KEY, messages_per_key=100)
    first = sensor.seal(b"21.5 C")
    sensor._number = 0
    second = sensor.seal(b"22.7 C")
    assert read_header(first) == read_header(second)
    assert bytes(a ^ b for a, b in zip(first[9:15], second[9:15], strict=True)) == bytes(
        a ^ b for a, b in zip(b"21.5 C", b"22.7 C", strict=True)
    )


def test_a_reboot_costs_numbers_and_few_writes():
    sensor = Sensor(7, KEY, messages_per_key=1000, stride=50)
    for _ in range(120):
        sensor.seal(b"x")
    assert sensor.flash.writes == 3
    sensor.reboot()
    assert read_header(sensor.seal(b"x")).number == 150


def test_orders_move_the_key_as_said():
    sensor = Sensor(7, KEY, messages_per_key=2)
    fresh = bytes(range(50, 82))
    old = order(sensor, FRESH, fresh)
    assert sensor.receive(old) == "fresh"
    assert sensor.flash == Flash(next_key(KEY, 1, fresh), 1, 2, 0, 1)
    with pytest.raises(FrameRefused, match="unknown key"):
        sensor.receive(old)  # again: of a key that is gone
    assert sensor.receive(order(sensor, RATCHET)) == "ratchet"
    assert sensor.flash.key == next_key(next_key(KEY, 1, fresh), 2)
    more = order(sensor, EXTEND, (9).to_bytes(4, "big"))
    assert sensor.receive(more) == "extend"
    assert sensor.left == 9
    with pytest.raises(FrameRefused, match="taken already"):
        sensor.receive(more)
    assert sensor.left == 9


def test_what_is_no_order_changes_nothing():
    sensor = Sensor(7, KEY, messages_per_key=2)
    before = copy.copy(sensor.flash)
    bent = bytearray(order(sensor, RATCHET))
    bent[-1] ^= 1
    for frame, says in (
        (bytes(bent), "forged"),
        (order(sensor, RATCHET, key=bytes(32)), "forged"),
        (sensor.seal(b"21.5 C"), "forged"),  # its own frame, sent back
        (order(sensor, 0, b"x"), "wrong kind"),
        (order(sensor, FRESH, bytes(31)), "wrong kind"),
        (order(sensor, RATCHET, key_id=4), "unknown key"),
        (b"short", "cut short"),
    ):
        with pytest.raises(FrameRefused, match=says):
            sensor.receive(frame)
    assert sensor.flash.key == before.key
    assert sensor.flash.limit == before.limit


def test_nothing_leaves_unsealed_when_the_key_is_used_up():
    sensor = Sensor(7, KEY, messages_per_key=1)
    sensor.seal(b"21.5 C")
    with pytest.raises(KeyExhausted, match="key 0 has sealed its 1 readings"):
        sensor.seal(b"21.6 C")
    assert len(sensor.ask()) == 17


def test_a_dock_takes_a_key_of_a_higher_number_alone():
    sensor = Sensor(7, KEY, messages_per_key=1)
    sensor.dock(bytes(32), 3)
    assert (sensor.flash.key, sensor.flash.key_id, sensor.left) == (bytes(32), 3, 1)
    with pytest.raises(ValueError, match="key_id must be above 3"):
        sensor.dock(KEY, 3)


def test_it_shows_no_key_and_makes_no_copies():
    sensor = Sensor(7, KEY, messages_per_key=1)
    assert "\\x01" not in repr(sensor)
    with pytest.raises(TypeError, match="same nonces once more"):
        pickle.dumps(sensor)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"sensor_id": -1}, "sensor_id must be at least 0"),
        ({"key": bytes(16)}, "key"),
        ({"messages_per_key": 0}, "messages_per_key must be at least 1"),
        ({"messages_per_key": 2**32}, "messages_per_key must be below"),
        ({"stride": 0}, "stride must be at least 1"),
    ],
)
def test_refuses(arguments, says):
    with pytest.raises(ValueError, match=says):
        Sensor(**({"sensor_id": 7, "key": KEY, "messages_per_key": 5} | arguments))
