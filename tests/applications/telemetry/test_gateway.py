"""A gateway and its sensors through loss, replay, reordering, an empty store, and a stolen key."""

import pickle

import numpy as np
import pytest
from hypothesis import given, strategies as st

from qlearn.applications.telemetry import FrameRefused, Gateway, KeyExhausted, Received, Sensor
from qlearn.applications.telemetry.packets import (
    ASK,
    DOWN,
    RATCHET,
    READING,
    UP,
    Header,
    next_key,
    read_header,
    seal,
    unseal,
)

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


def test_the_dock_heals_also_a_sensor_that_a_thief_ordered_ahead():
    """With the stolen key she plays the gateway: ten keys on, the gateway's own next number would be too low."""
    sensor, gateway = pair(limit=4)
    eves = sensor.flash.key
    for number in range(10):
        assert sensor.receive(seal(eves, DOWN, 7, Header(RATCHET, number, 0), b"")) == "ratchet"
        eves = next_key(eves, number + 1)
    assert sensor.flash.key == eves
    with pytest.raises(ValueError, match="key_id must be above 10, not 1"):
        sensor.dock(*gateway.dock(7, 1))
    sensor.dock(*gateway.dock(7, 2, above=sensor.flash.key_id))
    assert gateway.receive(7, sensor.seal(b"healed"), 3).text == b"healed"
    with pytest.raises(FrameRefused, match="unknown key"):
        sensor.receive(seal(eves, DOWN, 7, Header(RATCHET, 10, 0), b""))


def test_a_thief_answers_in_its_name_and_leaves_the_sensor_behind_until_the_dock():
    sensor, gateway = pair(limit=4, overlap_s=60)
    order = gateway.receive(7, seal(KEY, UP, 7, Header(ASK, 0, 0), b""), 0).reply
    eves = next_key(KEY, 1, unseal(KEY, DOWN, 7, read_header(order), order))
    assert gateway.receive(7, seal(eves, UP, 7, Header(READING, 1, 0), b"99.9 C"), 1).text == b"99.9 C"
    sensor.seal(b"its number 0 is taken")
    # Taken for the overlap, and without an order.
    assert gateway.receive(7, sensor.seal(b"x"), 2) == Received(b"x", None)
    with pytest.raises(FrameRefused, match="unknown key"):
        gateway.receive(7, sensor.seal(b"y"), 62)
    sensor.dock(*gateway.dock(7, 63, above=sensor.flash.key_id))
    assert gateway.receive(7, sensor.seal(b"z"), 64).text == b"z"


def test_a_source_that_fails_costs_no_reading():
    """Down, then up again: the same frame is taken, once."""
    answers = [ConnectionError("no service"), bytes(32)]

    def source():
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    gateway, sensor = Gateway(source, messages_per_key=4), Sensor(7, KEY, messages_per_key=4)
    gateway.enrol(7, KEY)
    for t in range(2):
        gateway.receive(7, sensor.seal(b"x"), t)
    frame = sensor.seal(b"precious")
    with pytest.raises(ConnectionError, match="no service"):
        gateway.receive(7, frame, 3)
    assert gateway.counts["readings"] == 2
    received = gateway.receive(7, frame, 4)
    assert (received.text, sensor.receive(received.reply)) == (b"precious", "fresh")
    with pytest.raises(FrameRefused, match="taken already"):
        gateway.receive(7, frame, 5)


@pytest.mark.parametrize(("pause_s", "taken"), [(0.0, 300), (3600.0, 1)])
def test_a_sensor_in_wrong_hands_empties_the_store_unless_there_is_a_pause(pause_s, taken):
    sensor, gateway = pair(limit=8, pause_s=pause_s, on_empty="ratchet")
    for t in range(300):
        sensor.receive(gateway.receive(7, sensor.ask(), t).reply)
    assert gateway.counts["drawn"] == taken
    assert gateway.counts["too soon"] == 300 - taken
    assert gateway.receive(7, sensor.seal(b"x"), 300).text == b"x"


def test_no_rule_bounds_the_age_of_a_key():
    """What the docstring says: due is not done, while the store is empty."""
    sensor, gateway = pair(keys=(), limit=100, seconds_per_key=3600, on_empty="wait")
    assert gateway.receive(7, sensor.seal(b"x"), 30 * 86_400) == Received(b"x", None)


def test_a_gateway_that_lost_its_state_takes_replays_and_repeats_a_nonce():
    """Why `enrol` says: never with a key that was in use."""
    fresh = iter([bytes([1]) * 32, bytes([2]) * 32])
    sensor, frames, orders = Sensor(7, KEY, messages_per_key=4), None, []
    for _ in range(2):
        gateway = Gateway(lambda: next(fresh), messages_per_key=4)
        gateway.enrol(7, KEY)
        frames = frames or [sensor.seal(bytes([i])) for i in range(3)]
        orders.append([gateway.receive(7, frame, 0).reply for frame in frames][-1])
    assert read_header(orders[0]) == read_header(orders[1])
    assert bytes(a ^ b for a, b in zip(*(order[9:41] for order in orders), strict=True)) == bytes([3]) * 32


def test_addresses_and_frames_of_other_kinds():
    sensor, gateway = pair()
    assert gateway.receive(np.int64(7), memoryview(sensor.seal(b"x")), 0).text == b"x"
    for wrong in (7.0, "7", True, [7]):
        with pytest.raises(TypeError, match="sensor_id must be a whole number"):
            gateway.receive(wrong, sensor.seal(b"x"), 0)


def test_the_last_key_has_no_next():
    gateway, sensor = Gateway(lambda: bytes(32), messages_per_key=4), Sensor(7, KEY, messages_per_key=4)
    gateway.enrol(7, KEY, key_id=2**32 - 1)
    sensor.dock(KEY, 2**32 - 1)
    assert {gateway.receive(7, sensor.seal(b"x"), t).reply for t in range(4)} == {None}
    with pytest.raises(FrameRefused, match="beyond its limit"):
        sensor.receive(seal(KEY, DOWN, 7, Header(RATCHET, 2**32 - 1, 0), b""))
    for call in (
        lambda: sensor.dock(KEY, 2**32),
        lambda: gateway.enrol(8, KEY, key_id=2**32),
        lambda: gateway.dock(7, 5),
    ):
        with pytest.raises(ValueError, match=r"key_id must be below 2\*\*32"):
            call()


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


def test_no_view_of_it_shows_a_key():
    _, gateway = pair()
    assert "\\x01" not in repr(gateway) + repr(gateway._lines)


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
