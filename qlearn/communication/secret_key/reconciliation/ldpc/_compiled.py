"""The sweeps of :class:`Decoder`, compiled by numba: the same operations in the same order."""

from collections.abc import Callable
from functools import cache

import numpy as np
from numpy.typing import NDArray

from qlearn._types import Bits
from qlearn.communication.secret_key.reconciliation.ldpc.codes import GREATEST, LEAST, SUREST, Code

ONE = np.float32(1)


def sweep(
    code: Code,
    odds: NDArray[np.float32],
    factors: NDArray[np.float32],
    parities: Bits,
    frames: NDArray[np.int64],
) -> NDArray[np.int64]:
    """Do for each of the frames what ``Decoder.sweep`` does for all of them side by side."""
    ends, places, size = code.ends.view(np.uint64), code.places.ravel().view(np.uint64), np.uint64(code.size)
    room = int(np.diff(code.ends).max() + 1) * code.size
    others, sure, before = (np.empty(room, dtype=np.float32) for _ in range(3))
    misfits = np.empty(frames.size, dtype=np.int64)
    sweep_one, misfits_of_one = _compile()
    for which, frame in enumerate(frames):
        sweep_one(
            ends, places, size, odds[frame], factors[frame].ravel(), parities[frame], others, sure, before
        )
        misfits[which] = misfits_of_one(ends, places, size, odds[frame], parities[frame])
    return misfits


# Unsigned places and loops of one statement each: that is what the compiler turns into vector instructions. Without
# fastmath it may not reorder or fuse anything, so the results are NumPy's.
def _sweep(ends, places, size, odds, factors, parities, others, sure, before):  # type: ignore[no-untyped-def]
    after = np.empty(size, dtype=np.float32)
    for layer in range(np.uint64(len(ends) - 1)):
        start, degree = ends[layer], ends[layer + np.uint64(1)] - ends[layer]
        for z in range(size):
            before[z] = ONE - parities[layer * size + z] - parities[layer * size + z]
        for k in range(degree):
            edge, at = (start + k) * size, k * size
            for z in range(size):
                others[at + z] = odds[places[edge + z]]
            for z in range(size):
                others[at + z] /= factors[edge + z]
            for z in range(size):
                sure[at + z] = (others[at + z] - ONE) / (others[at + z] + ONE)
            for z in range(size):
                before[at + size + z] = before[at + z] * sure[at + z]
        for z in range(size):
            after[z] = ONE
        for back in range(degree):
            k = degree - np.uint64(1) - back
            edge, at = (start + k) * size, k * size
            for z in range(size):
                belief = before[at + z] * after[z]
                belief = SUREST if belief > SUREST else belief
                belief = -SUREST if belief < -SUREST else belief
                factors[edge + z] = (ONE + belief) / (ONE - belief)
            for z in range(size):
                after[z] *= sure[at + z]
            for z in range(size):
                now = others[at + z] * factors[edge + z]
                now = GREATEST if now > GREATEST else now
                others[at + z] = LEAST if now < LEAST else now
            for z in range(size):
                odds[places[edge + z]] = others[at + z]


def _misfits(ends, places, size, odds, parities):  # type: ignore[no-untyped-def]
    wrong = (odds < ONE).astype(np.uint8)
    odd = np.empty(size, dtype=np.uint8)
    count = 0
    for layer in range(np.uint64(len(ends) - 1)):
        for z in range(size):
            odd[z] = parities[layer * size + z]
        for e in range(ends[layer], ends[layer + np.uint64(1)]):
            for z in range(size):
                odd[z] ^= wrong[places[e * size + z]]
        for z in range(size):
            count += odd[z]
    return count


@cache
def _compile() -> list[Callable]:
    """Compile both; numba keeps the result in a file beside this one, or in the user's cache."""
    from numba import njit  # imported here: it takes a second

    return [njit(cache=True, error_model="numpy")(function) for function in (_sweep, _misfits)]
