"""The ports behind a store of keys, against the library: what it refuses, how large it must be, and two minutes of it."""

from collections.abc import Callable
from dataclasses import asdict

import numpy as np
import pytest

from qlearn.communication import key_management as km

N = 1100


@pytest.fixture(scope="module")
def traffics() -> list[km.KeyTraffic]:
    """Draw links and demands of all kinds, half of them without dark spells."""
    rng = np.random.default_rng(1)
    made, load, spell, share = rng.uniform([[1], [0.3], [-25], [0.1]], [[20], [1.3], [25], [0.9]], (4, N))
    bursts = rng.integers(1, 65, N)
    return [
        km.KeyTraffic(m, m * r, int(b), max(d, 0), f)
        for m, r, b, d, f in zip(*(row.tolist() for row in (made, load, bursts, spell, share)), strict=True)
    ]


def test_rates(port: Callable, agree: Callable, traffics: list[km.KeyTraffic]):
    sent = [[asdict(one)] for one in traffics]
    agree(port("communication/key_management", "rates", sent), [one.rates for one in traffics])


def test_what_is_refused(port: Callable, agree: Callable, traffics: list[km.KeyTraffic]):
    sizes = [int(size) for size in 10 ** np.random.default_rng(2).uniform(0, 3, N)]
    theirs = port(
        "communication/key_management",
        "refused_share",
        [[size, asdict(one)] for size, one in zip(sizes, traffics, strict=True)],
    )
    agree(theirs, [km.refused_share(size, one) for size, one in zip(sizes, traffics, strict=True)])
    # (a store so large that its sums must be scaled, and one whose share is nothing)
    for many in (km.KeyTraffic(1, 1.3), km.KeyTraffic(1, 50, 3, 2.0), km.KeyTraffic(1, 0.5, 8)):
        (told,) = port("communication/key_management", "refused_share", [[50_000, asdict(many)]])
        assert told == pytest.approx(km.refused_share(50_000, many), rel=1e-9, abs=1e-300)


def test_how_large_it_must_be(port: Callable, agree: Callable, traffics: list[km.KeyTraffic]):
    goals = (10 ** np.random.default_rng(3).uniform(-3, -0.5, N)).tolist()
    sent = [[goal, asdict(one), 600] for goal, one in zip(goals, traffics, strict=True)]
    ours = [km.smallest_store(goal, one, most=600) for goal, one in zip(goals, traffics, strict=True)]
    assert 0.1 < np.mean([one is None for one in ours]) < 0.9
    theirs = port("communication/key_management", "smallest_store", sent)
    agree([one or 0 for one in theirs], [one or 0 for one in ours])
    assert [one is None for one in theirs] == [one is None for one in ours]


def test_two_minutes(port: Callable, agree: Callable, traffics: list[km.KeyTraffic]):
    rng = np.random.default_rng(4)
    some, sizes = traffics[:60], rng.integers(1, 200, 60).tolist()
    draws = rng.random((60, 1500)).tolist()
    seconds = [150 / sum(one.rates) for one in some]  # (so that 1,500 numbers are enough)
    sent = [[u, size, asdict(one), s] for u, size, one, s in zip(draws, sizes, some, seconds, strict=True)]
    theirs = port("communication/key_management", "follow_stock", sent)
    ours = [
        km.follow_stock(u, size, one, seconds=s)
        for (u, size, _, s), one in zip(sent, some, strict=True)
    ]  # fmt: skip
    for name in ("time", "stock", "asked", "refused", "full", "dark"):
        agree(
            np.concatenate([one[name] for one in theirs]).astype(float),
            np.concatenate([getattr(one, name) for one in ours]).astype(float),
        )
