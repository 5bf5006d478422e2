"""What every way to reconcile has: a program a party, an engine that computes, a corrected key and the price of it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from importlib.util import find_spec
from typing import Literal, NamedTuple, get_args

import numpy as np
from numpy.typing import NDArray

from qlearn._checks import as_probability
from qlearn._types import Bits
from qlearn.communication.secret_key.public_channel import Program

STEP = "reconcile"
"""The step of a session that all of this is said in."""

Engine = Literal["auto", "numba", "numpy"]


def engine_of(engine: Engine) -> Literal["numba", "numpy"]:
    """Return which engine is meant: "auto" is numba where it is installed, and NumPy elsewhere."""
    if engine not in get_args(Engine):
        raise ValueError(f"engine must be one of {', '.join(get_args(Engine))}, not {engine!r}")
    there = find_spec("numba") is not None
    if engine == "numba" and not there:
        raise ValueError(
            'engine "numba" takes the package numba: pip install "qlearn[fast]", or engine="numpy"'
        )
    return "numba" if engine != "numpy" and there else "numpy"


def as_qber_below_half(qber: float) -> float:
    """Return `qber` as a float from 0 to below 1/2, and refuse the rest: no correction makes keys equal there."""
    rate = as_probability(qber, "qber")
    if rate >= 0.5:
        raise ValueError(
            f"qber must be below 0.5, not {qber}: keys that differ in half of their bits have nothing in common"
        )
    return rate


class Reconciler(NamedTuple):
    """A way to correct errors: two programs that talk to each other, and a function that holds the talk.

    Parameters
    ----------
    alice : callable
        ``alice(key, qber, *, worst, most, rng)``: answers for her key, and gives away at most `most` bits of it.
        Returns the bits of a frame; what she gave away the line has counted.
    bob : callable
        ``bob(key, qber, *, worst)``: corrects his by what he hears. Returns it, how many bits of hers he was told, and
        the bits of a frame. To both `qber` is the error rate to expect, and `worst` the highest that the sample leaves
        open, as they have heard it.
    correct : callable
        ``correct(alice, bob, qber, *, channel, rng, **options)``: checks the arguments, and lets both talk.
    """

    alice: Callable[..., Program[int]]
    bob: Callable[..., Program[tuple[Bits, int, int]]]
    correct: "Callable[..., CorrectedKey]"


@dataclass(frozen=True, eq=False)
class CorrectedKey:
    """Bob's side after error correction, before anybody has checked it.

    Parameters
    ----------
    bob : ndarray of uint8, shape (n,)
        His key, which should now be Alice's.
    disclosed : int
        Bits about the key that were said in public, each counted once: of each frame at most the bits it has.
    rounds : int
        Messages exchanged.
    frame : int
        The key was corrected in pieces of so many bits (the last may be shorter), each for itself.
    """

    bob: Bits = field(repr=False)
    disclosed: int
    rounds: int
    frame: int


def count_by_frame(frame: NDArray[np.integer], frames: int) -> NDArray[np.int64]:
    """Count how often each of the frames is named."""
    return np.bincount(frame.astype(np.intp), minlength=frames).astype(np.int64)


def disclosed_bits(answers: NDArray[np.int64], n: int, frame: int) -> int:
    """Return the bits about the key that so many answers about each frame give away: no frame has more than it holds.

    Examples
    --------
    >>> disclosed_bits(np.array([3, 15, 9]), 10, 4)  # frames of 4, 4 and 2 bits
    9
    """
    return int(np.minimum(answers, (n - frame * np.arange(answers.size)).clip(0, frame)).sum())
