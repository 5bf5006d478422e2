"""Alice: she holds the key that counts, tells its syndrome, and any bit of it that she is asked for."""

import numpy as np
from numpy.typing import NDArray

from qlearn.communication.bb84.pulses import Bits
from qlearn.communication.postprocessing.channel import ChannelError, NoKey
from qlearn.communication.postprocessing.reconciliation.ldpc.codes import Code

STEP = "reconcile"


class Alice:
    """The party whose key stays as it is. She counts what she tells, and tells no more than she may.

    Parameters
    ----------
    code : Code
        What the parities are taken of.
    words : ndarray of uint8, shape (frames, variables)
        Her key, its bits at their variables, coins at the punctured ones and zeros at the rest.
    coins : int
        Punctured variables of each frame: as many of its parities say nothing about the key.
    unknown : ndarray of bool, shape (frames, variables), optional
        What Bob may ask for: the bits of the key and the coins. None: everything.
    most : int, optional
        The most bits she may tell. None: as many as she is asked for.

    Taught in :doc:`/communication/secret_key`.
    """

    def __init__(
        self,
        code: Code,
        words: Bits,
        coins: int = 0,
        unknown: NDArray[np.bool_] | None = None,
        most: int | None = None,
    ) -> None:
        self._code = code
        self._words = words
        self._coins = coins
        self._untold = np.ones(words.size, dtype=bool) if unknown is None else unknown.ravel().copy()
        self._most = most
        self.told = 0
        """Bits about the key that she has told."""

    def syndromes(self) -> Bits:
        """Return the parities of all frames, eight a byte.

        Raises
        ------
        NoKey
            If that is more than she may tell.
        """
        self._count(len(self._words) * (self._code.checks - self._coins))
        return np.packbits(self._code.syndrome(self._words))

    def answer(self, request: Bits) -> Bits:
        """Return the bits asked for, eight a byte.

        Parameters
        ----------
        request : ndarray of uint8
            What she hears: places in all her words, one after the other, four bytes each.

        Raises
        ------
        ChannelError
            If that is no list of places, or there are no such bits, or one of them was told before: the request
            was altered on its way.
        NoKey
            If that is more than she may tell.
        """
        if not request.size or request.size % 4:
            raise ChannelError(STEP, f"a request has four bytes a place, and {request.size} bytes were heard")
        places = request.view(np.uint32)
        if places.max() >= self._untold.size:
            raise ChannelError(STEP, "Alice was asked for a bit that is not there: the request was altered")
        if np.unique(places).size < places.size or not self._untold[places].all():
            raise ChannelError(STEP, "Alice was asked for what Bob knows already: the request was altered")
        self._count(places.size)
        self._untold[places] = False
        return np.packbits(self._words.ravel()[places])

    def _count(self, bits: int) -> None:
        """Count what she is about to tell, and stop before it is too much."""
        if self._most is not None and self.told + bits > self._most:
            raise NoKey(
                STEP, f"more was said than is secret: {self.told + bits} bits, where {self._most} may be"
            )
        self.told += bits
