"""Masked leaks: whole for who built them, coins for all others, by counting and by models."""

import hashlib
from itertools import product

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.tree import DecisionTreeClassifier

from qlearn.control.side_channels import KeyedLeak, SharedLeak, leak_test


@pytest.mark.parametrize("shares", [2, 3])
def test_shares_hold_nothing_until_the_last(shares):
    secrets, seen = SharedLeak(shares).record(64_000, rng=1)
    assert (SharedLeak(shares).read(seen) == secrets).all()
    assert (seen.astype(int).clip(0).sum(axis=1) % 2 == secrets).all()
    # each pattern of the others comes with either bit alike: at most 8 cells of 8,000 or more, sd below .0056; 6 sd
    for missing in range(shares):
        rest = np.delete(seen, missing, axis=1)
        for pattern in product((-1, 1), repeat=shares - 1):
            chosen = secrets[(rest == pattern).all(axis=1)]
            assert abs(chosen.mean() - 0.5) < 6 * 0.0056


def test_a_line_has_three_patterns_of_four_at_most_and_a_tree_all():
    secrets, seen = SharedLeak(2).record(4000, rng=2)
    assert leak_test(DecisionTreeClassifier(), seen, secrets, rng=1).rate == 1
    line = leak_test(LogisticRegression(), seen, secrets, rng=1)  # binomial of 2000: 6 sd
    assert line.rate < 0.75 + 6 * 0.0097
    assert line.information_at_least(failure=1e-6) < 0.19 + 0.1
    assert line.scored < 0.01  # its chances are honest: a line knows nothing
    assert leak_test(DecisionTreeClassifier(), seen[:, :1], secrets, rng=1).p_value > 1e-6


def test_the_key_opens():
    key = bytes(range(32))
    secrets, seen = KeyedLeak(key).record(1001, rng=3)
    assert (KeyedLeak(key).read(seen) == secrets).all()
    stream = np.unpackbits(np.frombuffer(hashlib.shake_256(key).digest(126), np.uint8))[:1001]
    assert ((seen[:, 0] > 0) == (secrets ^ stream)).all()
    # another key: binomial(1001, 1/2), 6 sd
    wrong = (KeyedLeak(bytes(32)).read(seen) == secrets).sum()
    assert abs(wrong - 500.5) < 6 * 15.9


def test_a_stream_that_serves_twice_opens_itself():
    leak = KeyedLeak(b"sixteen byte key")
    known, seen = leak.record(1000, rng=1)
    stream = (seen[:, 0] > 0) ^ known
    again, shown = leak.record(1000, rng=2)  # the mistake: the same pulses' numbers
    assert (((shown[:, 0] > 0) ^ stream) == again).all()
    later, shown = leak.record(1000, rng=2, first=1000)
    assert (leak.read(shown[5:], first=1005) == later[5:]).all()
    assert 0.4 < (leak.read(shown, first=1001) == later).mean() < 0.6
    assert (leak.read(shown, first=1000) == later).all()
    assert abs((((shown[:, 0] > 0) ^ stream) == later).sum() - 500) < 6 * 15.9  # binomial, 6 sd


def test_models_find_no_key():
    secrets, seen = KeyedLeak(b"sixteen byte key").record(20_000, rng=4)
    rows = np.hstack([np.roll(seen, lag, axis=0) for lag in range(4)])
    for model in (LogisticRegression(), DecisionTreeClassifier(max_depth=6)):
        assert leak_test(model, rows, secrets, rng=5).p_value > 1e-7


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: SharedLeak(1), "shares must be at least 2"),
        (lambda: KeyedLeak(b"short"), "key must be at least 16 bytes"),
        (lambda: KeyedLeak("a text of sixteen or more"), "key must be at least 16 bytes"),
        (lambda: KeyedLeak(bytes(16)).record(0), "n must be at least 1"),
        (lambda: KeyedLeak(bytes(16)).record(9, first=-1), "first must be at least 0"),
        (
            lambda: KeyedLeak(bytes(16)).record(9, first=2**60),
            "first must leave the last pulse within 8,589,934,592",
        ),
    ],
)
def test_refuses(call, says):
    with pytest.raises(ValueError, match=says):
        call()
