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
    r"""All blocks of a pass, in all frames, numbered so that block `v` has the halves `2v` and `2v + 1`.

    With :math:`B` blocks in all frames together, cut :math:`H` times, the numbers :math:`B, \dots, 2B-1` are
    the whole blocks, the next :math:`2B` numbers their halves, and the last :math:`2^H B` single places. There
    may be more places than bits: the bits are spread evenly over them, and a half without bits has parity 0.

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
        """Numbers of the whole blocks, shape (frames, count)."""
        return np.arange(self.first_whole, 2 * self.first_whole).reshape(self.frames, self.count)

    @property
    def first_whole(self) -> int:
        """The lowest number: how many whole blocks there are."""
        return self.frames * self.count

    @property
    def first_place(self) -> int:
        """The lowest number that is a single place and cannot be halved."""
        return self.frames * self.bit.size

    def nodes(self, frames: NDArray[np.int64], bits: NDArray[np.int64]) -> Nodes:
        """Return the numbers of the places of some bits, each given by its frame and its place in the key."""
        return self.first_place + frames * self.bit.size + self.place[bits]

    def bits(self, nodes: Nodes) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the bits that are put at some single places, as their frames and their places in the key."""
        frames, places = np.divmod(nodes - self.first_place, self.bit.size)
        return frames, self.bit[places]

    def gather(self, values: Bits, join: Callable[..., Any]) -> Bits:
        """Return, for every number, the values of its bits joined two by two.

        `values` has shape (frames, bits + 1); its last column is what an empty place is worth.
        """
        tree = np.empty(2 * self.first_place, dtype=np.uint8)
        size = self.first_place
        np.take(values, self.bit, axis=1, out=tree[size:].reshape(self.frames, -1), mode="clip")
        while size > self.first_whole:
            size //= 2
            halves = tree[2 * size : 4 * size]
            join(halves[::2], halves[1::2], out=tree[size : 2 * size])
        return tree


def passes(seed: Bits, frames: int, length: int, sizes: tuple[int, ...]) -> Iterator[Blocks]:
    """Yield the blocks of one pass after the other, the same for everybody who knows the public seed.

    Every pass shuffles anew, the first one too: errors come in bursts, and its blocks want them one by one.
    All frames are shuffled alike; their errors are not.
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
