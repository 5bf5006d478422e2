"""One-time pad: it opens what it sealed, says nothing used once, and everything used twice."""

import numpy as np
import pytest
from hypothesis import given, strategies as st

from qlearn.communication.secret_key import encrypt


@given(st.binary(min_size=1, max_size=50), st.integers(0, 2**32))
def test_opens_what_it_sealed(message, seed):
    key = np.random.default_rng(seed).integers(0, 2, 8 * len(message) + 3, dtype=np.uint8)
    assert encrypt(encrypt(message, key), key) == message


def test_every_message_is_behind_every_cipher():
    cipher = b"\x5a"
    keys = np.unpackbits(np.arange(256, dtype=np.uint8)[:, None], axis=1)
    assert {encrypt(cipher, key) for key in keys} == {bytes([value]) for value in range(256)}


def test_used_twice_the_key_falls_out():
    key = np.random.default_rng(1).integers(0, 2, 64, dtype=np.uint8)
    first, second = b"attack !", b"retreat!"
    both = bytes(a ^ b for a, b in zip(encrypt(first, key), encrypt(second, key), strict=True))
    assert both == bytes(a ^ b for a, b in zip(first, second, strict=True))


@pytest.mark.parametrize(
    ("message", "key", "error", "says"),
    [
        ("text", [0, 1], TypeError, "message must be bytes"),
        (b"", [0, 1], TypeError, "at least one"),
        (b"ab", [0] * 15, ValueError, "at least 16 bits for 2 bytes, not 15"),
        (b"a", [2] * 8, ValueError, "key must be"),
    ],
)
def test_refuses(message, key, error, says):
    with pytest.raises(error, match=says):
        encrypt(message, key)
