"""Blocks: how one pass shuffles every frame and cuts it into blocks, halves, quarters, down to bits."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import ceil
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qlearn.communication.bb84.pulses import Bits

Nodes = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Blocks:
    r"""All blocks of a pass, in all frames, and the numbers they go by.

    In each frame the :math:`B` whole blocks are :math:`B, \dots, 2B-1`, and block :math:`v` has the halves
    :math:`2v` and :math:`2v+1`, down to single places. There may be more places than bits: the bits are spread
    evenly over them, and a half without bits has parity 0. Block :math:`v` of frame :math:`f` goes by the
    number :math:`vF + f`, with :math:`F` frames: what all of them do at once stands side by side in memory.

    Parameters
    ----------
    frames : int
        How many frames are treated alike.
    count : int
        Blocks a frame.
    place : ndarray of int, shape (bits a frame,)
        Where in its frame each bit is put.
    bit : ndarray of int, shape (places a frame,)
        Which bit is put there; the number of bits where none is.

    Taught in :doc:`/communication/secret_key`.
    """

    frames: int
    count: int
    place: NDArray[np.int64]
    bit: NDArray[np.int64]

    @property
    def whole(self) -> Nodes:
        """Numbers of the whole blocks, shape (count, frames)."""
        return np.arange(self.first_whole, 2 * self.first_whole).reshape(self.count, self.frames)

    @property
    def first_whole(self) -> int:
        """The lowest number."""
        return self.count * self.frames

    @property
    def first_place(self) -> int:
        """The lowest number of a single place, which cannot be halved."""
        return self.bit.size * self.frames

    def halves(self, nodes: Nodes) -> tuple[Nodes, Nodes]:
        """Return the numbers of the two halves of some blocks."""
        left = 2 * nodes - nodes % self.frames
        return left, left + self.frames

    def parents(self, nodes: Nodes) -> Nodes:
        """Return the numbers of the blocks of which these are halves."""
        blocks, frames = np.divmod(nodes, self.frames)
        return (blocks >> 1) * self.frames + frames

    def nodes(self, bits: NDArray[np.int64], frames: NDArray[np.int64]) -> Nodes:
        """Return the numbers of the single places where some bits of some frames are put."""
        return (self.bit.size + self.place[bits]) * self.frames + frames

    def bits(self, nodes: Nodes) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return which bits, of which frames, are put at some single places."""
        blocks, frames = np.divmod(nodes, self.frames)
        return self.bit[blocks - self.bit.size], frames

    def gather(self, values: Bits, join: Callable[..., Any]) -> Bits:
        """Return, for every number, the values of its bits joined two by two.

        `values` has shape (bits + 1, frames); its last row is what an empty place is worth.
        """
        size = self.bit.size
        tree = np.empty((2 * size, self.frames), dtype=np.uint8)
        tree[: self.count] = 0  # no blocks have these numbers
        np.take(values, self.bit, axis=0, out=tree[size:], mode="clip")
        while size > self.count:
            size //= 2
            join(tree[2 * size : 4 * size : 2], tree[2 * size + 1 : 4 * size : 2], out=tree[size : 2 * size])
        return tree.ravel()


def passes(seed: Bits, frames: int, length: int, sizes: tuple[int, ...]) -> Iterator[Blocks]:
    """Yield the blocks of one pass after the other, the same for everybody who knows the public seed.

    Every pass shuffles anew, the first one too: errors come in bursts, and its blocks want them one by one.
    All frames are shuffled alike; their errors are not.

    Parameters
    ----------
    seed : ndarray of uint8
        What was said in public, after the keys were there: nobody can have arranged the errors for it.
    frames, length : int
        How many frames there are, and the bits of each.
    sizes : tuple of int
        The largest block of each pass, as :func:`block_sizes` says.

    Yields
    ------
    Blocks
        One a pass.

    Examples
    --------
    >>> first, second = passes(np.array([1], dtype=np.uint8), 1, 16, (4, 8))
    >>> first.whole.ravel(), second.whole.ravel()
    (array([4, 5, 6, 7]), array([2, 3]))
    >>> first.halves(np.array([4]))
    (array([8]), array([9]))

    Taught in :doc:`/communication/secret_key`.
    """
    rng = np.random.default_rng(seed)
    for size in sizes:
        count = ceil(length / size)
        places = count << max(0, ceil(length / count) - 1).bit_length()
        order = rng.permutation(length)
        spread = np.arange(length) * places // length
        place, bit = np.empty(length, dtype=np.int64), np.full(places, length)
        place[order], bit[spread] = spread, order
        yield Blocks(frames, count, place, bit)
