"""Sealed updates: XOR by hand, tags of the library's own Poly1305, and any changed bit is noticed."""

import numpy as np
import pytest
from cryptography.hazmat.primitives.poly1305 import Poly1305
from hypothesis import given, strategies as st

from qlearn.networks.orchestration import Sealed, key_words, open_sealed, seal

RNG = np.random.default_rng(3)


def keys_for(n, k):
    return RNG.integers(0, 2**64, (n, key_words(k)), np.uint64)


@given(st.lists(st.floats(allow_nan=True, allow_infinity=True), min_size=0, max_size=6))
def test_every_number_arrives_bit_for_bit(row):
    values = np.array([row, row], float).reshape(2, len(row))
    keys = keys_for(2, len(row))
    opened, genuine = open_sealed(seal(values, keys), keys)
    assert genuine.all()
    assert (opened.view(np.uint64) == values.view(np.uint64)).all()


def test_is_the_pad_and_the_tag_by_hand():
    values, keys = RNG.normal(size=(3, 5)), keys_for(3, 5)
    sent = seal(values, keys)
    for i in range(3):
        pad = keys[i, 4:].tobytes()
        cipher = bytes(a ^ b for a, b in zip(values[i].tobytes(), pad, strict=True))
        assert sent.words[i].tobytes() == cipher
        assert sent.tags[i] == Poly1305.generate_tag(keys[i, :4].tobytes(), cipher)
    assert sent.bits == 3 * (5 * 64 + 128)


@given(st.integers(0, 5 * 64 - 1))
def test_any_flipped_bit_is_noticed_and_only_there(bit):
    values, keys = RNG.normal(size=(2, 5)), keys_for(2, 5)
    sent = seal(values, keys)
    sent.words[1, bit // 64] ^= np.uint64(1 << bit % 64)
    opened, genuine = open_sealed(sent, keys)
    assert genuine.tolist() == [True, False]
    assert (opened[0] == values[0]).all()
    assert np.isnan(opened[1]).all()


def test_another_key_or_a_tag_of_another_row_opens_nothing():
    values, keys = RNG.normal(size=(2, 3)), keys_for(2, 3)
    sent = seal(values, keys)
    assert not open_sealed(sent, keys_for(2, 3))[1].any()
    assert not open_sealed(Sealed(sent.words, sent.tags[::-1]), keys)[1].any()


def test_ciphertexts_of_a_constant_look_like_noise():
    # 200 x 64 words of 64 bits: the share of ones has sigma 0.5/sqrt(819200) = 5.5e-4; 6 sigma, false alarm 2e-9
    sent = seal(np.zeros((200, 64)), keys_for(200, 64))
    share = np.unpackbits(sent.words.view(np.uint8)).mean()
    assert abs(share - 0.5) < 6 * 0.5 / np.sqrt(200 * 64 * 64)


@pytest.mark.parametrize("shape", [(2, 6), (1, 7), (2, 8)])
def test_refuses_too_little_and_too_much_key(shape):
    keys = np.zeros(shape, np.uint64)
    with pytest.raises(ValueError, match=r"keys must be 2 x 7 words .* Nothing is sealed with less"):
        seal(np.zeros((2, 3)), keys)
    with pytest.raises(ValueError, match="keys must be 2 x 7 words"):
        open_sealed(Sealed(np.zeros((2, 3), np.uint64), [b"", b""]), keys)
    with pytest.raises(ValueError, match="uint64"):
        seal(np.zeros((2, 3)), np.zeros((2, 7)))
