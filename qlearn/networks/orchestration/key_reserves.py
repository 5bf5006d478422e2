"""Key reserves: what the quantum links of a network have made and nobody has used, held at both ends, each word for one use."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_count, as_reals, as_rng

WORD_BITS = 64
"""Bits of a word: one number of a model under a pad."""

Words = NDArray[np.uint64]


class ReserveEmpty(LookupError):
    """A link has fewer key bits than a message takes; no key was touched, and nothing was sent."""


class KeyReserves:
    """The key of many links in words of 64 bits, first in first out, with a copy at either end of each link.

    :meth:`take` hands out words once and erases both copies: a pad that is used twice is no pad. The words come from a
    generator of pseudorandom numbers: they stand in for what quantum links would make, and must protect nothing real.

    Parameters
    ----------
    n_links : int
        Links.
    capacity : int
        Words that each reserve holds; what a link makes beyond is lost.
    rng : optional
        Anything that :func:`numpy.random.default_rng` takes: draws the keys.

    Attributes
    ----------
    levels : ndarray of int64, shape (n_links,)
        Words in each reserve.

    Examples
    --------
    >>> reserves = KeyReserves(2, capacity=8, rng=0)
    >>> reserves.add([640.0, 128.0])  # bits: ten words, of which eight find room, and two
    array([8, 2])
    >>> near, far = reserves.take([0], 3)
    >>> bool((near == far).all()), reserves.levels
    (True, array([5, 2]))
    >>> try:
    ...     reserves.take([1], 3)
    ... except ReserveEmpty as empty:
    ...     print(empty)
    link 1 has 2 words of key, and 3 are needed: nothing is sent

    What a link can send with what it has, if one number comes down first and five should go up:

    >>> from qlearn.networks.orchestration import send_plan
    >>> send_plan([14, 10], [1, 1], [5, 5], [64.0, 64.0], on_empty="shrink", capacity=8, patience_s=60).numbers
    array([5, 1])
    """

    def __init__(self, n_links: int, capacity: int, rng: Any = None) -> None:
        n_links, capacity = as_count(n_links, "n_links"), as_count(capacity, "capacity")
        self._rng = as_rng(rng)
        self._near = np.zeros((n_links, capacity), np.uint64)
        self._far = np.zeros((n_links, capacity), np.uint64)
        self._first = np.zeros(n_links, np.int64)
        self._part = np.zeros(n_links)
        self.levels = np.zeros(n_links, np.int64)

    def __repr__(self) -> str:  # and never a key
        return f"KeyReserves({len(self.levels)} links, {int(self.levels.sum())} words)"

    @property
    def capacity(self) -> int:
        """Words that each reserve holds."""
        return self._near.shape[1]

    @property
    def fill(self) -> NDArray[np.float64]:
        """Share of each reserve that is full, shape (n_links,)."""
        return self.levels / self.capacity

    def add(self, bits: ArrayLike) -> NDArray[np.int64]:
        """Let each link make so many bits, and return how many words found room.

        Parameters
        ----------
        bits : array_like of float, shape (n_links,)
            Bits that each link makes. Less than a word waits for the next call.

        Returns
        -------
        ndarray of int64, shape (n_links,)
        """
        made = as_reals(bits, "bits", least=0)
        if made.shape != self.levels.shape:
            raise ValueError(
                f"bits must hold a number for each of the {len(self.levels)} links, not {made.shape}"
            )
        whole = self._part + made / WORD_BITS
        room = self.capacity - self.levels
        words = np.minimum(np.floor(whole), room).astype(np.int64)
        # A full reserve makes nothing on stock: what found no room is gone.
        self._part = np.where(words < room, whole - np.floor(whole), 0.0)
        links = np.repeat(np.arange(len(words)), words)
        steps = np.arange(len(links)) - np.repeat(np.cumsum(words) - words, words)
        at = (self._first[links] + self.levels[links] + steps) % self.capacity
        fresh = self._rng.integers(0, 2**64, len(links), np.uint64)
        self._near[links, at] = fresh
        self._far[links, at] = fresh
        self.levels = self.levels + words
        return words

    def take(self, links: ArrayLike, words: int) -> tuple[Words, Words]:
        """Return `words` words of key of each of these links, as its one end has them and as the other has; erase both copies.

        Parameters
        ----------
        links : array_like of int, shape (n,)
            Different links.
        words : int
            Words of each.

        Returns
        -------
        near, far : ndarray of uint64, shape (n, words)

        Raises
        ------
        ReserveEmpty
            If one of the links has fewer: then no key of any is touched.
        """
        which = np.asarray(links)
        words = as_count(words, "words", least=0)
        # Only one name for a link: counted from the end it would be another one, and get the same pad.
        if which.size and (
            which.dtype.kind not in "iu" or which.min() < 0 or which.max() >= len(self.levels)
        ):
            raise ValueError(f"links must be whole numbers from 0 to {len(self.levels) - 1}, not {links!r}")
        which = which.astype(np.int64)
        if len(np.unique(which)) < len(which):
            raise ValueError("links must be different: one message a link and call")
        short = self.levels[which] < words
        if short.any():
            link = int(which[short][0])
            raise ReserveEmpty(
                f"link {link} has {self.levels[link]} words of key, and {words} are needed: nothing is sent"
            )
        at = (self._first[which, None] + np.arange(words)) % self.capacity
        near, far = self._near[which[:, None], at], self._far[which[:, None], at]
        self._near[which[:, None], at] = 0
        self._far[which[:, None], at] = 0
        self._first[which] = (self._first[which] + words) % self.capacity
        self.levels[which] -= words
        return near, far

    def drain(self, link: int) -> int:
        """Erase what a link has, and return how many words that was."""
        lost = int(self.levels[link])
        self.take([link], lost)
        self._part[link] = 0.0
        return lost

    def get_state(self) -> dict[str, Any]:
        """Return all that is held, keys included: what keeps it must be kept as the keys are."""
        return {
            "near": self._near.copy(),
            "far": self._far.copy(),
            "first": self._first.copy(),
            "part": self._part.copy(),
            "levels": self.levels.copy(),
            "generator": self._rng.bit_generator.state,
        }

    def set_state(self, state: dict[str, Any]) -> None:
        """Go on from what :meth:`get_state` returned."""
        if state["near"].shape != self._near.shape:
            raise ValueError(
                f"state must be of {self._near.shape[0]} links of {self.capacity} words, not {state['near'].shape}"
            )
        self._near, self._far = state["near"].copy(), state["far"].copy()
        self._first, self._part = state["first"].copy(), state["part"].copy()
        self.levels = state["levels"].copy()
        self._rng.bit_generator.state = state["generator"]
