"""Frame sizes: what is computed is what really goes out; each seal holds against a changed bit."""

import hashlib

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from hypothesis import given, strategies as st

from qlearn.applications.telemetry import CIPHERS, FrameSize, frame_size, open_frame, seal_frame


def key_for(cipher, length, salt=b""):
    stream = b"".join(hashlib.sha256(salt + bytes([i])).digest() for i in range(8))
    return stream[: 32 + (length if cipher == "one-time pad" else 0)]


@given(st.sampled_from(CIPHERS), st.binary(min_size=1, max_size=120), st.integers(0, 2**64))
def test_what_is_sealed_has_the_size_that_is_said_and_opens(cipher, text, number):
    key = key_for(cipher, len(text))
    sealed = seal_frame(text, key, number, cipher=cipher)
    assert len(sealed) == frame_size(len(text), cipher).total
    assert open_frame(sealed, key, number, cipher=cipher) == text


@pytest.mark.parametrize("cipher", CIPHERS)
def test_every_changed_byte_is_seen(cipher):
    key = key_for(cipher, 6)
    sealed = seal_frame(b"21.5 C", key, 3, cipher=cipher)
    for at in range(len(sealed)):
        bent = sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :]
        with pytest.raises(ValueError, match="does not carry its tag"):
            open_frame(bent, key, 3, cipher=cipher)
    with pytest.raises(ValueError, match="does not carry its tag"):
        open_frame(sealed, key_for(cipher, 6, b"another"), 3, cipher=cipher)


def test_ccm_equals_its_definition():
    """RFC 3610 from AES alone: counter mode, and a tag that is the CBC-MAC under the first block of the stream."""
    key, number, header, text = bytes(range(32)), 5, b"123456789", b"a reading of 24 bytes..."
    nonce = number.to_bytes(13, "big")

    def block(x):
        encryptor = Cipher(algorithms.AES(key), modes.ECB()).encryptor()
        return encryptor.update(x) + encryptor.finalize()

    def xor(a, b):
        return bytes(x ^ y for x, y in zip(a, b, strict=False))

    tag = 8
    parts = bytes([0x40 | (tag - 2) // 2 << 3 | 1]) + nonce + len(text).to_bytes(2, "big")
    told = len(header).to_bytes(2, "big") + header
    parts += told + bytes(-len(told) % 16) + text + bytes(-len(text) % 16)
    state = bytes(16)
    for at in range(0, len(parts), 16):
        state = block(xor(state, parts[at : at + 16]))
    stream = [block(b"\x01" + nonce + i.to_bytes(2, "big")) for i in range(3)]
    due = header + xor(text, b"".join(stream[1:])) + xor(state[:tag], stream[0])
    assert seal_frame(text, key, number, header=header) == due


def test_a_pad_takes_a_bit_for_each_bit_and_a_tag_of_its_own():
    size = frame_size(24, "one-time pad")
    assert size == FrameSize("one-time pad", 24, 16, 8 * 24 + 256)
    sealed = seal_frame(bytes(24), bytes(32) + bytes([7]) * 24, 0, cipher="one-time pad")
    assert sealed[9:33] == bytes([7]) * 24
    assert frame_size(24).spent == 0


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: frame_size(0), "text_bytes must be at least 1"),
        (lambda: frame_size(5, "rot13"), "cipher must be one of"),
        (lambda: frame_size(5, tag_bytes=5), "tag_bytes must be one of 4, 6, 8"),
        (lambda: frame_size(5, "aes-256-gcm", tag_bytes=8), "tag_bytes must be one of 16"),
        (lambda: seal_frame(b"x", bytes(31), 0), "key"),
        (lambda: seal_frame(b"", bytes(32), 0), "text"),
        (lambda: seal_frame(b"xy", bytes(32), 0, cipher="one-time pad"), "key"),
        (lambda: seal_frame(b"x", bytes(32), 2**96), "would come again"),
        (lambda: open_frame(bytes(17), bytes(32), 0), "cut short"),
    ],
)
def test_refuses(call, says):
    with pytest.raises(ValueError, match=says):
        call()
