"""A gateway and its sensors through loss, replay, reordering, an empty store, and a stolen key."""

import pickle

import numpy as np
import pytest
from hypothesis import given, strategies as st

from qlearn.applications.telemetry import FrameRefused, Gateway, KeyExhausted, Received, Sensor
from qlearn.applications.telemetry.packets import DOWN, Header, next_key, read_header, seal, unseal

KEY = bytes(range(32))


def pair(keys=None, limit=8, **options):
    """A sensor and its gateway; `keys` are what the store holds (None: never empty)."""
    counted = iter(range(1, 10**6)) if keys is None else iter(keys)

    def source():
        number = next(counted, None)
        return None if number is None else number.to_bytes(32, "big")

    gateway = Gateway(source, messages_per_key=limit, **options)
    gateway.enrol(7, KEY)
    return Sensor(7, KEY, messages_per_key=limit), gateway


def test_readings_come_once_in_any_order_within_the_window():
    sensor, gateway = pair(limit=200)
    frames = [sensor.seal(bytes([i])) for i in range(100)]
    order = np.random.default_rng(3).permutation(64) + 30
    assert {gateway.receive(7, frames[i], 0).text for i in order} == {bytes([i]) for i in order}
    for i in order:
        with pytest.raises(FrameRefused, match="taken already"):
            gateway.receive(7, frames[i], 0)
    with pytest.raises(FrameRefused, match="too late"):
        gateway.receive(7, frames[29], 0)


def test_a_forged_high_number_shuts_nobody_out():
    sensor, gateway = pair(limit=100)
    true = sensor.seal(b"x")
    forged = true[:5] + (99).to_bytes(4, "big") + true[9:]
    with pytest.raises(FrameRefused, match="forged"):
        gateway.receive(7, forged, 0)
    assert gateway.receive(7, true, 0) == Received(b"x", None)


@given(
    st.lists(st.tuples(st.booleans(), st.booleans()), min_size=40, max_size=160),
    st.sampled_from(["keep", "ratchet"]),
    st.integers(0, 9),
)
def test_whatever_is_lost_both_ends_find_each_other_again(lost, on_empty, stock):
    """Frames and orders vanish at will; then the air is clear, and a few readings later both have one key."""
    sensor, gateway = pair(keys=range(1, stock + 1), on_empty=on_empty)
    sent = 0
    for now, (up, down) in enumerate(lost + [(False, False)] * 6):
        try:
            frame = sensor.seal(now.to_bytes(2, "big"))
            sent += 1
        except KeyExhausted:
            frame = sensor.ask()
        if up:
            continue
        received = gateway.receive(7, frame, now)
        assert received.text in (now.to_bytes(2, "big"), None)
        if received.reply is not None and not down:
            try:
                sensor.receive(received.reply)
            except FrameRefused as refusal:
                assert refusal.reason == "taken already"  # an extension that it has  # noqa: PT017
    assert gateway.receive(7, sensor.seal(b"end"), 10**6).text == b"end"
    assert gateway.counts["drawn"] <= stock


def test_a_lost_order_is_sent_again_and_is_the_same_key():
    sensor, gateway = pair(limit=8)
    replies = [gateway.receive(7, sensor.seal(b"x"), t).reply for t in range(8)]
    assert [reply is not None for reply in replies] == [False] * 5 + [True] * 3
    assert gateway.counts["fresh"] == 1
    assert gateway.counts["orders"] == 3
    assert len({read_header(reply).number for reply in replies[5:]}) == 3
    assert sensor.receive(replies[7]) == "fresh"
    assert gateway.receive(7, sensor.seal(b"y"), 9).text == b"y"
    assert gateway.counts["confirmed"] == 1


def test_the_key_before_is_taken_for_the_overlap_and_no_longer():
    sensor, gateway = pair(limit=8, overlap_s=60)
    late = [sensor.seal(b"late"), sensor.seal(b"later")]
    for _ in range(3):
        sensor.seal(b"lost")
    sensor.receive(gateway.receive(7, sensor.seal(b"x"), 0).reply)
    gateway.receive(7, sensor.seal(b"under the new key"), 10)
    assert gateway.receive(7, late[0], 70).text == b"late"
    with pytest.raises(FrameRefused, match="unknown key"):
        gateway.receive(7, late[1], 70.1)


def test_age_makes_a_key_due():
    sensor, gateway = pair(limit=1000, seconds_per_key=3600)
    assert gateway.receive(7, sensor.seal(b"x"), 3599).reply is None
    assert sensor.receive(gateway.receive(7, sensor.seal(b"x"), 3600).reply) == "fresh"
    gateway.receive(7, sensor.seal(b"x"), 3700)
    assert gateway.receive(7, sensor.seal(b"x"), 7299).reply is None
    assert gateway.receive(7, sensor.seal(b"x"), 7300).reply is not None


@pytest.mark.parametrize(("on_empty", "takes"), [("keep", "extend"), ("ratchet", "ratchet"), ("wait", None)])
def test_an_empty_store_is_met_by_the_policy(on_empty, takes):
    sensor, gateway = pair(keys=(), limit=4, on_empty=on_empty)
    replies = [gateway.receive(7, sensor.seal(b"x"), t).reply for t in range(4)]
    if takes is None:
        assert replies == [None] * 4
        with pytest.raises(KeyExhausted):
            sensor.seal(b"x")
        assert gateway.receive(7, sensor.ask(), 5) == Received(None, None)
    else:
        assert sensor.receive(replies[2]) == takes
        assert gateway.receive(7, sensor.seal(b"y"), 6).text == b"y"
    assert gateway.counts["source empty"] > 0


def test_a_waiting_sensor_goes_on_when_the_store_fills():
    stock = []
    gateway = Gateway(lambda: stock.pop() if stock else None, messages_per_key=4, on_empty="wait")
    gateway.enrol(7, KEY)
    sensor = Sensor(7, KEY, messages_per_key=4)
    for t in range(4):
        gateway.receive(7, sensor.seal(b"x"), t)
    stock.append(bytes(range(100, 132)))
    assert sensor.receive(gateway.receive(7, sensor.ask(), 9).reply) == "fresh"
    assert gateway.receive(7, sensor.seal(b"y"), 10).text == b"y"


def test_who_read_a_key_follows_by_air_and_not_through_the_dock():
    """What the chapter says of a stolen sensor, done by Eve."""
    sensor, gateway = pair(limit=4)
    stolen = sensor.flash.key
    for t in range(3):
        reply = gateway.receive(7, sensor.seal(b"x"), t).reply or None
    sensor.receive(reply)
    header = read_header(reply)
    eves = next_key(stolen, 1, unseal(stolen, DOWN, 7, header, reply))
    frame = sensor.seal(b"for her, too")
    assert unseal(eves, 0, 7, read_header(frame), frame) == b"for her, too"
    gateway.receive(7, frame, 5)

    sensor.dock(*gateway.dock(7, 6))
    frame = sensor.seal(b"not for her")
    assert gateway.receive(7, frame, 7).text == b"not for her"
    with pytest.raises(FrameRefused, match="forged"):
        unseal(eves, 0, 7, read_header(frame), frame)


def test_a_ratchet_keeps_the_past():
    """Of the next key the last does not follow: what a thief finds opens nothing that was recorded before."""
    sensor, gateway = pair(keys=(), limit=4, on_empty="ratchet")
    recorded = sensor.seal(b"before")
    gateway.receive(7, recorded, 0)
    for t in (1, 2):
        reply = gateway.receive(7, sensor.seal(b"x"), t).reply
    sensor.receive(reply)
    assert sensor.flash.key == next_key(KEY, 1)
    with pytest.raises(FrameRefused, match="forged"):
        unseal(sensor.flash.key, 0, 7, read_header(recorded), recorded)


def test_what_is_no_frame_of_a_sensor_changes_nothing():
    sensor, gateway = pair(limit=2)
    for frame, who, says in (
        (sensor.seal(b"x"), 8, "unknown sensor"),
        (seal(KEY, 0, 7, Header(2, 0, 0), b"x"), 7, "wrong kind"),
        (seal(KEY, 0, 7, Header(0, 0, 2), b"x"), 7, "beyond its limit"),
        (seal(KEY, 0, 7, Header(0, 5, 0), b"x"), 7, "unknown key"),
        (seal(KEY, 1, 7, Header(0, 0, 0), b"x"), 7, "forged"),
        (b"", 7, "cut short"),
    ):
        with pytest.raises(FrameRefused, match=says):
            gateway.receive(who, frame, 0)
    assert gateway.counts.total() == 0


def test_many_sensors_share_nothing():
    gateway = Gateway(lambda: None, messages_per_key=9)
    sensors = [Sensor(i, bytes([i]) * 32, messages_per_key=9) for i in range(3)]
    for sensor in sensors:
        gateway.enrol(sensor.sensor_id, sensor.flash.key)
    frames = [sensor.seal(b"x") for sensor in sensors]
    for number, frame in enumerate(frames):
        with pytest.raises(FrameRefused, match="forged"):
            gateway.receive((number + 1) % 3, frame, 0)
    for number, frame in enumerate(frames):
        assert gateway.receive(number, frame, 0).text == b"x"


def test_refuses():
    for arguments, kind, says in (
        ({"source": 5}, TypeError, "source must be a function"),
        ({"messages_per_key": 0}, ValueError, "messages_per_key must be at least 1"),
        ({"on_empty": "send in clear"}, ValueError, "on_empty must be one of keep, ratchet, wait"),
        ({"seconds_per_key": 0}, ValueError, "seconds_per_key must be above 0"),
        ({"overlap_s": -1}, ValueError, "overlap_s"),
        ({"window": 0}, ValueError, "window must be at least 1"),
    ):
        with pytest.raises(kind, match=says):
            Gateway(**({"source": lambda: None, "messages_per_key": 5} | arguments))
    _, gateway = pair(keys=())
    with pytest.raises(ValueError, match="7 is enrolled"):
        gateway.enrol(7, KEY)
    with pytest.raises(ValueError, match="cannot be docked without"):
        gateway.dock(7, 0)
    with pytest.raises(TypeError, match="same nonces once more"):
        pickle.dumps(gateway)
    wrong = Gateway(lambda: bytes(5), messages_per_key=1)
    wrong.enrol(7, KEY)
    with pytest.raises(ValueError, match="the key that source returned"):
        wrong.receive(7, Sensor(7, KEY, messages_per_key=1).seal(b"x"), 0)
