"""Parities: Alice holds the key that counts, and answers for the parity of any block, once."""

import numpy as np

from qlearn.communication.bb84.pulses import Bits
from qlearn.communication.secret_key.public_channel import ChannelError, NoKey
from qlearn.communication.secret_key.reconciliation.cascade.blocks import Blocks, Index


class Alice:
    """The party whose key stays as it is. What she hears may be from Eve.

    Parameters
    ----------
    key : ndarray of uint8, shape (bits + 1, frames)
        Her key, a frame a column, each with a zero at its end for the places that hold no bit.
    blocks : Blocks
        What the public seed says.
    most : int, optional
        The most parities she tells. None: as many as there are.

    Attributes
    ----------
    disclosed : int
        How many she has told.

    Taught in :doc:`/communication/secret_key`.
    """

    def __init__(self, key: Bits, blocks: Blocks, most: int | None = None) -> None:
        self._blocks = blocks
        self._most = most
        self.disclosed = 0
        # Eight frames a byte, eight bytes a word: one operation finds the parities of a block in 64 frames.
        packed = np.packbits(key, axis=1, bitorder="little")
        self._key = np.pad(packed, ((0, 0), (0, -packed.shape[1] % 8))).view(np.uint64)
        self._parities = np.zeros((blocks.first[-1], self._key.shape[1]), dtype=np.uint64)
        self._told = np.zeros(blocks.first[-1] * blocks.frames, dtype=np.bool_)

    def answer(self, request: Bits) -> Bits:
        """Return the parities asked for, eight a byte.

        Parameters
        ----------
        request : ndarray of uint8
            What she hears: the numbers of some blocks, four bytes each.

        Raises
        ------
        ChannelError
            If there is no such block, or she told of it before: the request was altered on its way.
        NoKey
            If she would have told more than `most`. Nothing of this request is told then.
        """
        if not request.size or request.size % 4:
            raise ChannelError(
                "reconcile",
                f"Alice heard a request of {request.size} bytes, and every block takes four: it was altered",
            )
        numbers = np.frombuffer(request.tobytes(), dtype="<u4").astype(np.intp)
        if fault := self._fault(numbers):
            raise ChannelError("reconcile", f"Alice was asked for {fault}: the request was altered")
        if self._most is not None and self.disclosed + numbers.size > self._most:
            raise NoKey(
                "reconcile",
                f"more was said than is secret: {self.disclosed} parities are told, {numbers.size} more are asked "
                f"for, and no more than {self._most} may be known. The session is too short for its errors, or "
                "somebody meddles: send more pulses, or find the errors",
            )
        self._told[numbers] = True
        self.disclosed += numbers.size
        while self._blocks.first[self._blocks.made] <= numbers.max() // self._blocks.frames:
            self._blocks.gather(self._blocks.shuffle(), self._key, np.bitwise_xor, self._parities)
        return np.packbits(self._parities_of(numbers))

    def _fault(self, numbers: Index) -> str:
        """Say what is wrong with a request, if anything is."""
        if not self._blocks.exist(numbers // self._blocks.frames).all():
            return "a block that is not there"
        ordered = np.sort(numbers)
        if self._told[numbers].any() or (ordered[1:] == ordered[:-1]).any():
            return "the same block twice"
        return ""

    def _parities_of(self, numbers: Index) -> Bits:
        rows, frames = np.divmod(numbers, self._blocks.frames)
        words = self._parities[rows, frames >> 6] >> (frames & 63).view(np.uint64)
        return words.astype(np.uint8) & 1
