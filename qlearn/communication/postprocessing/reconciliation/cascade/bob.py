"""Bob: he goes through the passes, and every bit he corrects may reveal others in the passes before."""

from collections.abc import Callable, Iterator
from functools import partial

from qlearn.communication.bb84.pulses import Bits
from qlearn.communication.postprocessing.conversation import Turn
from qlearn.communication.postprocessing.reconciliation.cascade.blocks import Blocks, Nodes
from qlearn.communication.postprocessing.reconciliation.cascade.search import Found, Search


class Bob:
    """The party whose key is corrected. He never sees Alice's, only what she answers.

    Parameters
    ----------
    key : ndarray of uint8, shape (bits + 1, frames)
        His key, a frame a column, each with a zero at its end for the places that hold no bit.
    open_bits : ndarray of uint8, shape (bits + 1, frames)
        1 where a bit is open, 0 where both sides know what stands there.
    passes : iterator of Blocks
        What the public seed says.
    ask : callable
        Gets the number of a pass and those of some of its blocks; asks Alice, and returns her parities of them.

    Taught in :doc:`/communication/secret_key`.
    """

    def __init__(
        self, key: Bits, open_bits: Bits, passes: Iterator[Blocks], ask: Callable[[int, Nodes], Turn[Bits]]
    ) -> None:
        self.key = key.copy()
        self._open = open_bits.copy()
        self._blocks = passes
        self._ask = ask

    def correct(self) -> Turn[None]:
        """Go through all passes; after each, no block of any pass is known to differ."""
        begun: list[Search] = []
        frame_parity = None
        for number, blocks in enumerate(self._blocks):
            begun.append(Search(blocks, self.key, self._open, partial(self._ask, number)))
            frame_parity = yield from begun[-1].begin(frame_parity)
            # The cascade: every bit found may loosen blocks of other passes; the smallest come first.
            while found := (yield from self._first(begun)):
                bits, frames, wrong = found
                self.key[bits, frames] ^= wrong
                self._open[bits, frames] = 0
                for each in begun:
                    each.hear(found)

    def _first(self, begun: list[Search]) -> Turn[Found | None]:
        for each in begun:
            if found := (yield from each.search()):
                return found
        return None
