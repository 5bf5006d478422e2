"""Verification: equal frames pass, different ones do not, and each tag bit is paid for."""

import numpy as np
import pytest
from hypothesis import given, strategies as st

from qlearn.communication.secret_key import PublicChannel, verify


@given(st.integers(1, 200), st.integers(1, 250), st.data())
def test_finds_exactly_the_frames_that_differ(n, frame, data):
    wrong = data.draw(st.sets(st.integers(0, n - 1), max_size=5))
    alice = np.random.default_rng(n).integers(0, 2, n, dtype=np.uint8)
    bob = alice.copy()
    bob[list(wrong)] ^= 1
    good = verify(alice, bob, frame, rng=1)
    frame = min(frame, n)
    assert good.tolist() == [not any(w // frame == i for w in wrong) for i in range(-(-n // frame))]


def test_counts_every_tag_bit():
    line, key = PublicChannel(), np.random.default_rng(1).integers(0, 2, 1000, dtype=np.uint8)
    verify(key, key, 300, channel=line, failure=2**-20, rng=1)
    assert line.disclosed == {"verify": 4 * 22}  # log2(4 frames * 2^20)


def test_fails_as_seldom_as_it_says_and_no_seldomer():
    # 4-bit tags (one frame, failure 1/16): keys that differ pass in 1/16 of 20,000 seeds; sd 0.0017, 6 sd: 2e-9
    alice, rng = np.zeros(64, dtype=np.uint8), np.random.default_rng(3)
    bob = alice.copy()
    bob[[3, 40]] = 1
    passed = np.mean([verify(alice, bob, 64, failure=1 / 16, rng=rng).all() for _ in range(20_000)])
    assert abs(passed - 1 / 16) < 6 * 0.0017


@pytest.mark.parametrize(
    ("call", "error", "says"),
    [
        (lambda: verify([0, 1], [0], 1), ValueError, "same length"),
        (lambda: verify([0, 2], [0, 1], 1), ValueError, "alice must be"),
        (lambda: verify([0, 1], [0, 1], 0), ValueError, "frame must be"),
        (lambda: verify([0, 1], [0, 1], 1, failure=0), ValueError, "failure must lie"),
    ],
)
def test_refuses(call, error, says):
    with pytest.raises(error, match=says):
        call()
