"""The sum of a round in which one hospital fell out."""

import numpy as np

from qlearn.exercises import exercise


@exercise(
    level="core",
    right="what the survivors added for the missing one comes off, and the sum is exact to the last digit.",
    because=r"""
        A hospital $u$ that stands before the missing one, $m$, has *added* the pad of the two; one that stands after it has
        *subtracted* it. All other pads met their opposites in the sum. So take off, with its sign, each pad that a survivor
        reveals, modulo $2^{16}$. Read at the end: words from $2^{15}$ on stand for negative numbers.
    """,
)
def sum_without_one(masked, pads, missing):
    """Hospitals 0, 1, ... sent words, whole numbers modulo `2**16`. Each had added the pad that it shares with any hospital of
    a *higher* number, and subtracted that with any of a *lower* number. Hospital `missing` sent nothing. `masked` is a dict from
    each survivor to its words, an array; `pads` a dict from each survivor to the pad, an array, that it shares with the missing
    one. Return the sum of the survivors' updates, an array of signed whole numbers from `-2**15` to
    `2**15 - 1`.
    """
    total = sum(words.astype(np.int64) for words in masked.values())
    for u, pad in pads.items():
        total = total - pad.astype(np.int64) if u < missing else total + pad.astype(np.int64)
    total = total % 2**16
    return np.where(total < 2**15, total, total - 2**16)


def _round(rng, n, missing, size, total=None):
    """Return what arrives of one round, whose survivors' updates add up to `total` if it is given."""
    updates = rng.integers(-3000, 3000, (n, size))
    if total is not None:
        last = max(u for u in range(n) if u != missing)
        updates[last] += total - sum(updates[u] for u in range(n) if u != missing)
    shared = {(u, v): rng.integers(0, 2**16, size) for u in range(n) for v in range(u + 1, n)}
    masked, pads = {}, {}
    for u in range(n):
        if u == missing:
            continue
        words = updates[u].astype(np.int64)
        for v in range(n):
            if v != u:
                pad = shared[min(u, v), max(u, v)]
                words = words + pad if u < v else words - pad
        masked[u] = words % 2**16
        pads[u] = shared[min(u, missing), max(u, missing)]
    return masked, pads, missing


@sum_without_one.cases
def rounds(rng):
    """The first is missing, the last, one in the middle; sums at both ends of the range."""
    yield _round(rng, 5, 0, 4)
    yield _round(rng, 5, 4, 4)
    yield _round(rng, 2, 1, 3)
    yield _round(rng, 4, 2, 4, np.array([-(2**15), 2**15 - 1, -(2**14) - 1, 2**14]))
    yield _round(rng, 3, 1, 2, np.array([2**15 - 1, -(2**15)]))
    for _ in range(5):
        n = int(rng.integers(3, 7))
        yield _round(rng, n, int(rng.integers(1, n - 1)), int(rng.integers(2, 6)))


def _signed(total):
    total = total % 2**16
    return np.where(total < 2**15, total, total - 2**16)


def _sum(masked):
    return sum(words.astype(np.int64) for words in masked.values())


@sum_without_one.mistake("the pads with the missing hospital are still in it: nothing cancels them.")
def pads_left_in(masked, pads, missing):
    return _signed(_sum(masked))


@sum_without_one.mistake(
    "not every survivor has added its pad: those after the missing one have subtracted it."
)
def all_subtracted(masked, pads, missing):
    return _signed(_sum(masked) - sum(pad.astype(np.int64) for pad in pads.values()))


@sum_without_one.mistake(
    "the signs are the other way: who stands before the missing one has added, so subtract there."
)
def wrong_signs(masked, pads, missing):
    total = _sum(masked)
    for u, pad in pads.items():
        total = total + pad if u < missing else total - pad
    return _signed(total)


@sum_without_one.mistake("read the words as signed numbers: from 2**15 on they stand for negative ones.")
def unsigned(masked, pads, missing):
    return sum_without_one.solution(masked, pads, missing) % 2**16
