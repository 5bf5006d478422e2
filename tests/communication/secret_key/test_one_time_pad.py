"""One-time pad: it opens what it sealed, says nothing used once, and everything used twice.

Who follows a message from the first pulse to the cipher opens no more files than are counted here.
"""

import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, strategies as st

import qlearn
from qlearn.communication import bb84, random_bits
from qlearn.communication.secret_key import SESSION_BITS, AuthenticationKey, distill, encrypt


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


def from_pulses_to_a_cipher(sift):
    sent = bb84.exchange(50_000, noise=0.02, rng=1)
    pool = AuthenticationKey(random_bits(SESSION_BITS, rng=2))
    made = distill(bb84.sift(sent) if sift else sent, authentication_key=pool, rng=3)
    assert len(encrypt(b"attack at dawn", made.key)) == 14


@pytest.mark.parametrize("sift", [False, True], ids=["sifted in the session", "sifted before"])
def test_from_pulses_to_a_cipher_seventeen_files_are_passed(sift):
    """Files are counted in which a function runs, but for those whose name begins with an underscore.

    These hold checks of arguments, arithmetic and compiled loops that nobody reads to follow the key. A key is sifted
    once: in public, in the session that distils it, or before, with the outcome computed.
    """
    from_pulses_to_a_cipher(sift)  # what loads on first use is loaded
    library, passed = Path(qlearn.__file__).parent, set()

    def note(frame, event, argument):
        path = Path(frame.f_code.co_filename)
        if event == "call" and library in path.parents and not path.name.startswith("_"):
            passed.add(path.relative_to(library).as_posix())

    sys.setprofile(note)
    try:
        from_pulses_to_a_cipher(sift)
    finally:
        sys.setprofile(None)
    assert len(passed) <= 17, sorted(passed)
