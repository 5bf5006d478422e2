"""Blocks: how every pass shuffles the frames and cuts them into blocks, halves, quarters, down to bits."""

from collections.abc import Callable
from math import ceil
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qlearn.communication.bb84.pulses import Bits

Index = NDArray[np.intp]


class Blocks:
    r"""All blocks of all passes, the same for everybody who knows the public seed, and the rows they go by.

    A pass owns consecutive rows. If it has :math:`B` whole blocks, they are its rows :math:`B, \dots, 2B-1`, and
    its row :math:`v` has as halves its rows :math:`2v` and :math:`2v+1`, down to single places. There may be
    more places than bits: the bits are spread evenly over them, and an empty place counts as 0. All frames are
    treated alike: row :math:`r` of frame :math:`f` goes by the number :math:`rF + f`, with :math:`F` frames.

    Every pass shuffles anew, the first one too: errors come in bursts, and its blocks want them one by one. All
    frames are shuffled alike; their errors are not.

    Parameters
    ----------
    seed : ndarray of uint8
        What was said in public, after the keys were there: nobody can have arranged the errors for it.
    frames, length : int
        How many frames there are, and the bits of each.
    sizes : tuple of int
        The largest block of each pass, as :func:`block_sizes` says.

    Attributes
    ----------
    first : ndarray of int, shape (passes + 1,)
        The first row of each pass, and the number of all rows.
    count : ndarray of int, shape (passes,)
        Whole blocks a frame, pass by pass.
    depth : ndarray of int, shape (passes,)
        How often a whole block can be halved, pass by pass.
    bit : ndarray of int, shape (rows,)
        Which bit is put at a single place; `length` where none is.
    place : ndarray of int, shape (passes, length)
        At which row each bit is put.
    made : int
        How many passes were shuffled so far: the last two are filled up to here.

    Examples
    --------
    >>> blocks = Blocks(np.array([1], dtype=np.uint8), 1, 16, (4, 8))
    >>> [blocks.whole(number) for number in range(2)]
    [array([4, 5, 6, 7]), array([34, 35])]
    >>> blocks.levels(np.array([4, 8, 34]))
    array([2, 1, 3])

    Taught in :doc:`/communication/secret_key`.
    """

    def __init__(self, seed: Bits, frames: int, length: int, sizes: tuple[int, ...]) -> None:
        self.frames, self.length, self.made = frames, length, 0
        self._rng = np.random.default_rng(seed)
        self.count = np.array([ceil(length / size) for size in sizes])
        self.depth = np.array([(ceil(length / count) - 1).bit_length() for count in self.count.tolist()])
        self._places = self.count << self.depth
        self.first = np.concatenate([[0], np.cumsum(2 * self._places)])
        self.bit = np.full(self.first[-1], length)
        self.place = np.zeros((len(sizes), length), dtype=np.intp)

    def whole(self, number: int) -> Index:
        """Return the rows of the whole blocks of a pass."""
        first, count = self.first[number], self.count[number]
        return np.arange(first + count, first + 2 * count)

    def pass_of(self, rows: Index) -> Index:
        """Return the numbers of the passes that some rows belong to."""
        return self.first.searchsorted(rows, side="right") - 1

    def exist(self, rows: Index) -> NDArray[np.bool_]:
        """Tell which of these rows are blocks: none has a row before the whole blocks of its pass."""
        number = np.minimum(self.pass_of(rows), self.count.size - 1)
        return (rows < self.first[-1]) & (rows >= self.first[number] + self.count[number])

    def levels(self, rows: Index) -> Index:
        """Return how often some blocks can be halved."""
        number = self.pass_of(rows)
        above = np.frexp((rows - self.first[number]) // self.count[number])[1] - 1  # of whole blocks
        levels: Index = self.depth[number] - above
        return levels

    def shuffle(self) -> int:
        """Shuffle for the next pass, and return its number."""
        number, self.made = self.made, self.made + 1
        places = self._places[number]
        first = self.first[number] + places
        spread = first + np.arange(self.length) * places // self.length
        order = self._rng.permutation(self.length)
        self.place[number, order], self.bit[spread] = spread, order
        return number

    def gather(self, number: int, values: NDArray[Any], join: Callable[..., Any], out: NDArray[Any]) -> None:
        """Fill the rows of a pass in `out` with the values of the bits in each block, joined two by two.

        `values` has a row for each bit, and a last one that says what an empty place is worth.
        """
        start, end, size = self.first[number], self.first[number + 1], self._places[number]
        tree = out[start:end]
        np.take(values, self.bit[start + size : end], axis=0, out=tree[size:], mode="clip")
        while size > self.count[number]:
            size //= 2
            join(tree[2 * size : 4 * size : 2], tree[2 * size + 1 : 4 * size : 2], out=tree[size : 2 * size])
