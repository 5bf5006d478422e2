"""Alice: she holds the key that counts, and answers for the parity of any block."""

from collections.abc import Iterator

import numpy as np

from qlearn.communication.bb84.pulses import Bits
from qlearn.communication.postprocessing.channel import ChannelError
from qlearn.communication.postprocessing.reconciliation.cascade.blocks import Blocks


class Alice:
    """The party whose key stays as it is.

    Parameters
    ----------
    key : ndarray of uint8, shape (bits + 1, frames)
        Her key, a frame a column, each with a zero at its end for the places that hold no bit.
    passes : iterator of Blocks
        What the public seed says.

    Taught in :doc:`/communication/secret_key`.
    """

    def __init__(self, key: Bits, passes: Iterator[Blocks]) -> None:
        self._key = key
        self._passes = passes
        self._parities: list[Bits] = []

    def answer(self, request: Bits) -> tuple[Bits, int]:
        """Return the parities asked for, eight a byte, and how many they are.

        Parameters
        ----------
        request : ndarray of uint8
            What she hears: the number of the pass and those of the blocks, four bytes each.

        Raises
        ------
        ChannelError
            If there is no such block: the request was altered on its way.
        """
        if request.size % 4 or request.size < 8:
            raise ChannelError("reconcile", "Alice heard a question that is none: the request was altered")
        numbers = np.frombuffer(request.tobytes(), dtype="<u4")
        number, nodes = numbers[0], numbers[1:]
        while number >= len(self._parities) and (blocks := next(self._passes, None)):
            self._parities.append(blocks.gather(self._key, np.bitwise_xor))
        try:
            return np.packbits(self._parities[number][nodes]), nodes.size
        except IndexError:
            raise ChannelError(
                "reconcile", "Alice was asked for a block that is not there: the request was altered"
            ) from None
