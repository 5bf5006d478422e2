"""Packets: their header, their nonce, and the chain of keys from hmac alone."""

import hmac

import pytest
from hypothesis import given, strategies as st

from qlearn.applications.telemetry import FrameRefused
from qlearn.applications.telemetry.frame_sizes import seal_frame
from qlearn.applications.telemetry.packets import (
    Header,
    as_address,
    next_key,
    nonce,
    read_header,
    seal,
    unseal,
)

words = st.integers(0, 2**32 - 1)


@given(st.integers(0, 255), words, words)
def test_a_header_is_read_as_it_was_written(kind, key_id, number):
    header = Header(kind, key_id, number)
    assert len(header.written()) == 9
    assert read_header(header.written() + bytes(8)) == header


@given(st.sampled_from([0, 1]), words, words, words)
def test_a_nonce_tells_all_four_apart(direction, sensor, key_id, number):
    made = nonce(direction, sensor, Header(0, key_id, number))
    read = made[0], *(int.from_bytes(made[at : at + 4], "big") for at in (1, 5, 9))
    assert read == (direction, sensor, key_id, number)
    assert len(made) == 13


def test_a_frame_is_ccm_with_header_and_address_under_the_tag():
    key, header = bytes(range(32)), Header(0, 3, 9)
    frame = seal(key, 0, 7, header, b"21.5 C")
    number = int.from_bytes(nonce(0, 7, header), "big")
    told = header.written() + (7).to_bytes(4, "big")
    assert frame == header.written() + seal_frame(b"21.5 C", key, number, header=told)[len(told) :]
    assert unseal(key, 0, 7, header, frame) == b"21.5 C"
    for wrong in (
        (bytes(32), 0, 7, header),
        (key, 1, 7, header),
        (key, 0, 8, header),
        (key, 0, 7, Header(1, 3, 9)),
    ):
        with pytest.raises(FrameRefused, match="forged"):
            unseal(*wrong, frame)


def test_the_next_key_is_hkdf():
    """RFC 5869 from hmac alone."""
    key, fresh = bytes(range(32)), bytes(range(100, 132))
    for label, salt, secret in ((b"fresh ", key, fresh), (b"ratchet ", bytes(32), key)):
        info = b"qlearn telemetry " + label + (5).to_bytes(4, "big")
        due = hmac.digest(hmac.digest(salt, secret, "sha256"), info + b"\x01", "sha256")
        assert next_key(key, 5, fresh if label == b"fresh " else None) == due


def test_refuses():
    with pytest.raises(FrameRefused, match="cut short") as refusal:
        read_header(bytes(16))
    assert refusal.value.reason == "cut short"
    with pytest.raises(ValueError, match="sensor_id must be below"):
        as_address(2**32)
