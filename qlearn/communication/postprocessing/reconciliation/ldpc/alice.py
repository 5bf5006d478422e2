"""Alice: she holds the key that counts, tells its syndrome, and any bit of it that she is asked for."""

import numpy as np

from qlearn.communication.bb84.pulses import Bits
from qlearn.communication.postprocessing.channel import ChannelError
from qlearn.communication.postprocessing.reconciliation.ldpc.codes import Code


class Alice:
    """The party whose key stays as it is.

    Parameters
    ----------
    code : Code
        What the parities are taken of.
    words : ndarray of uint8, shape (frames, variables)
        Her key, its bits at their variables, coins at the punctured ones and zeros at the rest.

    Taught in :doc:`/communication/secret_key`.
    """

    def __init__(self, code: Code, words: Bits) -> None:
        self._code = code
        self._words = words

    def syndromes(self) -> Bits:
        """Return the parities of all frames, eight a byte."""
        return np.packbits(self._code.syndrome(self._words))

    def answer(self, request: Bits) -> tuple[Bits, int]:
        """Return the bits asked for, eight a byte, and how many they are.

        Parameters
        ----------
        request : ndarray of uint8
            What she hears: places in all her words, one after the other, four bytes each.

        Raises
        ------
        ChannelError
            If there is no such place: the request was altered on its way.
        """
        places = np.frombuffer(request.tobytes()[: request.size // 4 * 4], dtype="<u4")
        if request.size % 4 or not places.size or places.max() >= self._words.size:
            raise ChannelError(
                "reconcile", "Alice was asked for a bit that is not there: the request was altered"
            )
        return np.packbits(self._words.ravel()[places]), places.size
