"""The search: what Bob knows of the blocks of a pass, and how he halves those that differ."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from qlearn.communication.bb84.pulses import Bits
from qlearn.communication.postprocessing.channel import ChannelError
from qlearn.communication.postprocessing.conversation import Turn
from qlearn.communication.postprocessing.reconciliation.cascade.blocks import Blocks, Nodes

_TOLD = 2
Found = tuple[NDArray[np.int64], NDArray[np.int64], Bits]


def _up_to_two(left: Bits, right: Bits, out: Bits | None = None) -> Bits:
    """Count none, one, or more."""
    return np.minimum(np.add(left, right, out=out), 2, out=out)


class Search:
    """What Bob knows of the blocks of one pass: his parity of each, hers where told, and how much is open.

    A bit is *open* until its value on Alice's side is certain: told, or following from what was told. It is
    then taken out of every block, so that nothing is ever asked that follows from it.

    Parameters
    ----------
    blocks : Blocks
        Those of the pass.
    key, open_bits : ndarray of uint8, shape (bits + 1, frames)
        His bits as they are now, and which of them are open.
    ask : callable
        Gets the numbers of some blocks; asks Alice, and returns her parities of them.

    Taught in :doc:`/communication/secret_key`.
    """

    def __init__(
        self, blocks: Blocks, key: Bits, open_bits: Bits, ask: Callable[[Nodes], Turn[Bits]]
    ) -> None:
        self.blocks = blocks
        self._ask = ask
        self._mine = blocks.gather(key, np.bitwise_xor)
        self._open = blocks.gather(open_bits, _up_to_two)
        self._hers = np.zeros(self._mine.size, dtype=np.uint8)  # 0: not told; 2, 3: told to be even, odd
        self._news: list[Found] = []
        self._waiting = blocks.whole.ravel()

    def begin(self, frame_parity: Bits | None) -> Turn[Bits]:
        """Learn the parities of the whole blocks, and return those of the frames.

        From the second pass on the parity of the frame is known, and with it that of one block in each.
        """
        whole = self.blocks.whole
        every = np.arange(self.blocks.frames)
        last = np.zeros_like(every)
        asked = self._open[whole] > 0
        if frame_parity is not None:
            last += self.blocks.count - 1 - asked[::-1].argmax(axis=0)
            asked[last, every] = False
        self._hers[whole] = self._mine[whole] | _TOLD  # right where nothing is open
        yield from self._tell(whole[asked])
        parity: Bits = np.bitwise_xor.reduce(self._hers[whole] & 1, axis=0)
        if frame_parity is None:
            return parity
        self._hers[whole[last, every]] ^= parity ^ frame_parity
        return frame_parity

    def hear(self, found: Found) -> None:
        """Keep in mind that some bits are certain, until the blocks of this pass are looked at again."""
        self._news.append(found)

    def search(self) -> Turn[Found | None]:
        """Look at the blocks that news came of, and halve the loose ones all at once, down to single bits.

        Returns None if none is loose; otherwise the bits that are certain now, by place and frame, and whether
        they were wrong.
        """
        self._catch_up()
        if not self._waiting.size:
            return None
        waiting, self._waiting = self._waiting, self._waiting[:0]
        if ((self._open[waiting] == 0) & self._odd(waiting)).any():
            raise ChannelError("reconcile", "the parities contradict each other: one of them was altered")
        nodes = np.unique(self._loose(waiting))
        if not nodes.size:
            return None
        found = []
        while nodes.size:
            single = nodes >= self.blocks.first_place
            found.append(nodes[single])
            nodes = self._loose((yield from self._halve(nodes[~single])))
        places = np.concatenate(found)
        return *self.blocks.bits(places), self._odd(places).view(np.uint8)

    def _halve(self, nodes: Nodes) -> Turn[Nodes]:
        """Learn the parities of the halves of these blocks, and return the halves."""
        left, right = self.blocks.halves(nodes)
        # Where one half holds nothing open, its parity is his own, and the other's follows. Where both do,
        # one is asked for, and the other's follows.
        follows = self._hers[nodes] ^ self._mine[right]
        self._hers[left] = np.where(self._open[left] == 0, self._mine[left] | _TOLD, follows)
        yield from self._tell(left[(self._open[left] > 0) & (self._open[right] > 0)])
        self._hers[right] = self._hers[nodes] ^ self._hers[left] | _TOLD
        return np.concatenate([left, right])

    def _loose(self, nodes: Nodes) -> Nodes:
        """Return those with something to find: an odd number of errors, or a single open bit."""
        size = self._open[nodes]
        return nodes[(size == 1) | (self._odd(nodes) & (size > 1))]

    def _odd(self, nodes: Nodes) -> NDArray[np.bool_]:
        """Tell which of these blocks differ from hers in an odd number of bits."""
        return self._hers[nodes] != self._mine[nodes] | _TOLD

    def _tell(self, nodes: Nodes) -> Turn[None]:
        if nodes.size:
            self._hers[nodes] = (yield from self._ask(nodes)) | _TOLD

    def _catch_up(self) -> None:
        """Take the bits that are certain by now out of the blocks, up to the smallest told one of each."""
        if not self._news:
            return
        bits, frames, wrong = map(np.concatenate, zip(*self._news, strict=True))
        self._news = []
        nodes = self.blocks.nodes(bits, frames)
        self._mine[nodes] ^= wrong
        self._open[nodes] = 0
        smallest = [self._waiting]
        while nodes.size:
            told = self._hers[nodes] != 0
            smallest.append(nodes[told])
            nodes = self.blocks.parents(nodes[~told])
            left, right = self.blocks.halves(nodes)
            self._mine[nodes] = self._mine[left] ^ self._mine[right]
            self._open[nodes] = _up_to_two(self._open[left], self._open[right])
        self._waiting = np.concatenate(smallest)
