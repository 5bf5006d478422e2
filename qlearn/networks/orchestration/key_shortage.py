"""Key shortage: what a link can send with the key that it has, where it waits for more or sends less, and never unsealed."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_choice
from qlearn.networks.orchestration.key_reserves import WORD_BITS
from qlearn.networks.orchestration.sealed_updates import key_words


class SendPlan(NamedTuple):
    """What each link will do."""

    numbers: NDArray[np.int64]
    """Numbers that it sends; 0: it sends nothing."""
    waits_s: NDArray[np.float64]
    """Seconds that it waits for key before; 0 for one that sends nothing."""


def send_plan(
    levels: ArrayLike,
    down: ArrayLike,
    numbers: ArrayLike,
    key_rate: ArrayLike,
    *,
    on_empty: str,
    capacity: int,
    patience_s: float,
) -> SendPlan:
    r"""Return how many numbers each link sends, and how long it waits, when `down` numbers come first over the same link.

    A message of k numbers takes k + 4 words of key. Where a reserve has less than both messages take,

    - "wait" waits :math:`64\,(\text{need} - \text{level})/R` seconds, if that is within `patience_s` and the reserve can
      hold as much;
    - "shrink" sends as many numbers as are paid for, if there is at least one.

    Else nothing is sent.

    Parameters
    ----------
    levels : array_like of int, shape (n,)
        Words in each reserve.
    down : array_like of int, shape (n,)
        Numbers that are sent to the unit first.
    numbers : array_like of int, shape (n,)
        Numbers that it should send back; 0 where it should not.
    key_rate : array_like of float, shape (n,)
        Bits of key that each link makes a second.
    on_empty : {"wait", "shrink"}
        The rule.
    capacity : int
        Words that a reserve holds.
    patience_s : float
        The longest wait, seconds.

    Returns
    -------
    SendPlan

    Examples
    --------
    Ten numbers each way take 28 words; the second link has 20:

    >>> both = {"levels": [30, 20], "down": [10, 10], "numbers": [10, 10], "key_rate": [64.0, 64.0]}
    >>> send_plan(**both, on_empty="wait", capacity=99, patience_s=60)
    SendPlan(numbers=array([10, 10]), waits_s=array([0., 8.]))
    >>> send_plan(**both, on_empty="shrink", capacity=99, patience_s=60).numbers
    array([10,  2])
    """
    as_choice(on_empty, ("wait", "shrink"), "on_empty")
    level, first, asked = (np.asarray(x, np.int64) for x in (levels, down, numbers))
    rate = np.asarray(key_rate, np.float64)
    need = np.where(asked > 0, key_words(0) + first + key_words(0) + asked, 0)
    missing = np.maximum(need - level, 0)
    if on_empty == "shrink":
        paid = np.clip(level - first - 2 * key_words(0), 0, asked)
        return SendPlan(np.where(missing > 0, paid, asked), np.zeros(len(level)))
    with np.errstate(divide="ignore", invalid="ignore"):
        waits = np.where(missing > 0, WORD_BITS * missing / rate, 0.0)
    sends = (waits <= patience_s) & (need <= capacity)
    return SendPlan(np.where(sends, asked, 0), np.where(sends, waits, 0.0))
