"""Bob: he asks for parities of blocks, halves those that differ, and corrects what is left of them."""

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from qlearn.communication.bb84.pulses import Bits
from qlearn.communication.postprocessing.cascade.blocks import Blocks, Nodes
from qlearn.communication.postprocessing.channel import ChannelError

_UNTOLD = 2
Ask = Callable[[int, Nodes], Bits]
Some = NDArray[np.int64]


def _up_to_two(left: Bits, right: Bits, out: Bits | None = None) -> Bits:
    """Count none, one, or more."""
    return np.minimum(np.add(left, right, out=out), 2, out=out)


class Pass:
    """What Bob knows of the blocks of one pass: his parity of each, hers where told, and how much is open.

    A bit is *open* until its value on Alice's side is certain. That is so for a bit whose own parity was told
    or follows, and it is then taken out of every block: nothing is ever asked that follows from it.
    """

    def __init__(self, blocks: Blocks, key: Bits, open_bits: Bits) -> None:
        self.blocks = blocks
        self.mine = blocks.gather(key, np.bitwise_xor)
        self.open = blocks.gather(open_bits, _up_to_two)
        self.hers = np.full_like(self.mine, _UNTOLD)

    def begin(self, ask: Callable[[Nodes], Bits], frame_parity: Bits | None) -> Bits:
        """Learn the parities of the whole blocks, and return those of the frames.

        From the second pass on the parity of the frame is known, and with it that of one block in each.
        """
        whole = self.blocks.whole
        asked = self.open[whole] > 0
        if frame_parity is not None:
            last = whole.shape[1] - 1 - asked[:, ::-1].argmax(axis=1)
            asked[np.arange(len(whole)), last] = False
        self.hers[whole] = self.mine[whole]  # right where nothing is open
        self.hers[whole[asked]] = ask(whole[asked])
        parity: Bits = np.bitwise_xor.reduce(self.hers[whole], axis=1)
        if frame_parity is not None:
            self.hers[whole[np.arange(len(whole)), last]] ^= parity ^ frame_parity
        return parity if frame_parity is None else frame_parity

    def loose(self, nodes: Nodes) -> Nodes:
        """Return those with something to find: an odd number of errors, or a single open bit."""
        odd, size = self.hers[nodes] != self.mine[nodes], self.open[nodes]
        if (odd & (size == 0)).any():
            raise ChannelError("reconcile", "the parities contradict each other: one of them was altered")
        return nodes[(size == 1) | (odd & (size > 1))]

    def bisect(self, nodes: Nodes, ask: Callable[[Nodes], Bits]) -> Nodes:
        """Halve all these blocks at once until single places are left, and return those whose bit is certain."""
        found = [nodes[:0]]
        while (nodes := self.loose(nodes)).size:
            single = nodes >= self.blocks.first_place
            found.append(nodes[single])
            nodes = nodes[~single]
            left, right = 2 * nodes, 2 * nodes + 1
            # Where one half holds nothing open, its parity is his own and the other half's follows. Where both
            # do, one is asked for, and the other follows.
            self.hers[left] = np.where(
                self.open[left] == 0, self.mine[left], self.hers[nodes] ^ self.mine[right]
            )
            both = left[(self.open[left] > 0) & (self.open[right] > 0)]
            self.hers[both] = ask(both)
            self.hers[right] = self.hers[nodes] ^ self.hers[left]
            nodes = np.concatenate([left, right])
        return np.concatenate(found)

    def settle(self, frames: Some, bits: Some, wrong: Bits) -> Nodes:
        """Note that these bits are certain now, and return the smallest told blocks that hold them."""
        nodes = self.blocks.nodes(frames, bits)
        self.mine[nodes] ^= wrong
        self.open[nodes] = 0
        smallest = [nodes[:0]]
        while nodes.size:
            told = self.hers[nodes] != _UNTOLD
            smallest.append(nodes[told])
            nodes = nodes[~told] >> 1
            left, right = 2 * nodes, 2 * nodes + 1
            self.mine[nodes] = self.mine[left] ^ self.mine[right]
            self.open[nodes] = _up_to_two(self.open[left], self.open[right])
        return np.unique(np.concatenate(smallest))


class Bob:
    """The party whose key is corrected. He never sees Alice's, only what she answers.

    Parameters
    ----------
    key : ndarray of uint8, shape (frames, bits + 1)
        His key, cut into frames, each with a zero at its end for the places that hold no bit.
    open_bits : ndarray of uint8, shape (frames, bits + 1)
        1 where a bit is open, 0 where both sides know what stands there.
    passes : iterator of Blocks
        What the public seed says.
    ask : callable
        Gets the number of a pass and those of some of its blocks; returns Alice's parities of them.

    Taught in :doc:`/communication/secret_key`.
    """

    def __init__(self, key: Bits, open_bits: Bits, passes: Iterator[Blocks], ask: Ask) -> None:
        self.key = key.copy()
        self._open = open_bits.copy()
        self._blocks = passes
        self._ask = ask
        self._passes: list[Pass] = []

    def correct(self) -> None:
        """Go through all passes; after each, no block of any pass is known to differ."""
        frame_parity = None
        for number, blocks in enumerate(self._blocks):
            self._passes.append(Pass(blocks, self.key, self._open))
            frame_parity = self._passes[-1].begin(self._asker(number), frame_parity)
            self._cascade(blocks.whole.ravel())

    def _cascade(self, nodes: Nodes) -> None:
        """Bisect what is loose, smallest blocks first: each bit found may loosen blocks of other passes."""
        waiting = [nodes[:0] for _ in self._passes[1:]] + [nodes]
        while any(
            loose := [each.loose(nodes).size for each, nodes in zip(self._passes, waiting, strict=True)]
        ):
            number = next(i for i, size in enumerate(loose) if size)
            found = self._passes[number].bisect(waiting[number], self._asker(number))
            waiting[number] = found[:0]
            for i, nodes in enumerate(self._settle(number, found)):
                waiting[i] = np.union1d(waiting[i], nodes)

    def _settle(self, number: int, found: Nodes) -> list[Nodes]:
        """Correct the bits found in one pass, and tell all passes."""
        here = self._passes[number]
        wrong = here.hers[found] ^ here.mine[found]
        frames, bits = here.blocks.bits(found)
        self.key[frames, bits] ^= wrong
        self._open[frames, bits] = 0
        return [each.settle(frames, bits, wrong) for each in self._passes]

    def _asker(self, number: int) -> Callable[[Nodes], Bits]:
        return lambda nodes: self._ask(number, nodes) if nodes.size else np.empty(0, dtype=np.uint8)
