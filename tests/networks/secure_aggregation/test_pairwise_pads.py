"""Pairwise pads: vectors, sums without pads, one law whatever the update is, stretched pads by hand."""

import hmac

import numpy as np
import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from hypothesis import given, strategies as st

from qlearn.networks.secure_aggregation import FixedPoint, PairKeys, pairwise_mask, stretched_pad, uniformity
from qlearn.networks.secure_aggregation.fixed_point import words_of
from qlearn.networks.secure_aggregation.pairwise_pads import pair_bytes

PADS = {
    (0, 1): (0x0123456789ABCDEF, 0xFEDCBA9876543210),
    (0, 2): (0x1111111111111111, 0x2222222222222222),
    (1, 2): (0xDEADBEEFCAFEBABE, 0x8000000000000000),
}


def pads_of(own: int) -> dict[int, np.ndarray]:
    return {({*pair} - {own}).pop(): np.array(k, np.uint64) for pair, k in PADS.items() if own in pair}


def test_vectors():
    # made by code that shares nothing with this library
    numbers = FixedPoint(16)
    updates = ([0.5, -1.25], [2.0, 0.125], [-0.75, 3.5])
    masked = [pairwise_mask(numbers.encode(x, 3), u, pads_of(u)) for u, x in enumerate(updates)]
    assert [[f"{word:016x}" for word in y.tolist()] for y in masked] == [
        ["123456789abd5f00", "20fedcba98751432"],
        ["dd8a79884154eccf", "8123456789abedf0"],
        ["10412fff23ef7431", "5ddddddddde15dde"],
    ]
    assert numbers.decode(masked[0] + masked[1] + masked[2]).tolist() == [1.75, 2.375]
    # client 2 fell out: 0 and 1 reveal their pads with it
    nothing = np.zeros(2, np.uint64)
    left = [pairwise_mask(nothing, u, {2: pads_of(u)[2]}) for u in (0, 1)]
    assert numbers.decode(masked[0] + masked[1] - left[0] - left[1]).tolist() == [2.5, -1.125]


@given(st.integers(2, 6), st.integers(1, 5), st.integers(2, 64), st.integers(0, 2**32))
def test_pads_cancel(n, size, word_bits, seed):
    rng = np.random.default_rng(seed)
    mask = np.uint64((1 << word_bits) - 1)

    def draw() -> np.ndarray:
        return rng.integers(0, 2**64, size, dtype=np.uint64) & mask

    words, pads = [draw() for _ in range(n)], {(u, v): draw() for u in range(n) for v in range(u + 1, n)}
    masked = []
    for u in range(n):
        own = {v: pads[min(u, v), max(u, v)] for v in range(n) if v != u}
        masked.append(pairwise_mask(words[u], u, own, word_bits=word_bits))
        assert int(masked[u].max()) <= int(mask)
    total = [sum(int(x[i]) for x in words) % 2**word_bits for i in range(size)]
    assert [sum(int(y[i]) for y in masked) % 2**word_bits for i in range(size)] == total


def test_a_masked_word_is_uniform_whatever_it_hides():
    """2^16 draws of a word of 8 bits, for four updates: chi-square of 255 degrees, false alarm 4e-6 / 4 each."""
    rng = np.random.default_rng(5)
    for value in (0, 1, 128, 255):
        pad = rng.integers(0, 256, 2**16).astype(np.uint64)
        words = pairwise_mask(np.full(2**16, value, np.uint64), 0, {1: pad}, word_bits=8)
        assert uniformity(words, 256)[1] > 2.5e-7
    # exactly: over all pads each masked word comes once
    pad = np.arange(256, dtype=np.uint64)
    for value in (0, 77, 255):
        words = pairwise_mask(np.full(256, value, np.uint64), 1, {0: pad}, word_bits=8)
        assert sorted(words.tolist()) == list(range(256))


def test_stretched_by_hand():
    seed, label = bytes(range(32)), b"7"
    extracted = hmac.digest(bytes(32), seed, "sha256")
    key = hmac.digest(extracted, b"qlearn pad " + label + b"\x01", "sha256")
    aes = Cipher(algorithms.AES(key), modes.ECB()).encryptor()
    stream = b"".join(aes.update(i.to_bytes(16, "big")) for i in range(4))
    assert np.array_equal(stretched_pad(seed, 8, label=label), words_of(stream, 64))
    assert np.array_equal(stretched_pad(seed, 40, word_bits=12, label=label), words_of(stream, 12)[:40])
    assert not np.array_equal(stretched_pad(seed, 8), stretched_pad(seed, 8, label=label))


def test_both_ends_cut_the_same_keys():
    material = np.random.default_rng(1).bytes(pair_bytes(40, recover=True))
    first, second = (PairKeys.cut(material, 40, recover=True, first=end) for end in (True, False))
    assert first.pad == second.pad
    assert (first.outgoing, first.outgoing_tag) == (second.incoming, second.incoming_tag)
    assert (first.incoming, first.incoming_tag) == (second.outgoing, second.outgoing_tag)
    parts = [first.pad, first.outgoing, first.incoming, first.outgoing_tag, first.incoming_tag]
    assert b"".join(parts) == material  # no bit serves twice
    assert repr(first) == f"PairKeys({8 * len(material)} bits)"
    assert PairKeys.cut(material[:40], 40, recover=False, first=True) == PairKeys(material[:40])


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: pairwise_mask(np.zeros(2), 0, {}), "words must be words"),
        (
            lambda: pairwise_mask(np.zeros(2, np.uint64), 0, {1: np.zeros(3, np.uint64)}),
            r"pads\[1\] must have 2 words",
        ),
        (
            lambda: pairwise_mask(np.zeros(2, np.uint64), 0, {0: np.zeros(2, np.uint64)}),
            "not with the client 0 itself",
        ),
        (lambda: stretched_pad(bytes(31), 2), "seed must have 32 bytes, not 31"),
        (lambda: stretched_pad(bytes(32), 0), "size must be at least 1"),
        (lambda: PairKeys.cut(bytes(3), 4, recover=False, first=True), "material must have 4 bytes, not 3"),
    ],
)
def test_refuses(call, says):
    with pytest.raises((ValueError, TypeError), match=says):
        call()


def test_the_update_is_not_written_to():
    words = np.array([1, 2], np.uint64)
    pairwise_mask(words, 0, {1: np.array([5, 5], np.uint64)})
    assert words.tolist() == [1, 2]
