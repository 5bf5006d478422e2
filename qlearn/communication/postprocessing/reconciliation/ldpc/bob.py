"""Bob: he decodes the syndrome, and where that fails asks for the bits he is least certain of."""

import numpy as np
from numpy.typing import NDArray

from qlearn.communication.bb84.pulses import Bits
from qlearn.communication.postprocessing.reconciliation.ldpc.codes import Code

# Doubt in a bit that is known. 0 would make infinite log-likelihoods, whose differences are no numbers.
_CERTAIN = 1e-9


class Bob:
    """The party whose key is corrected. He never sees Alice's, only what she says.

    Parameters
    ----------
    code : Code
        What the parities are taken of.
    words : ndarray of uint8, shape (frames, variables)
        His key, its bits at their variables, and zeros at the others.
    doubt : ndarray of float, shape (frames, variables)
        How likely each bit differs from Alice's: the error rate in the key, 1/2 where she has coins, 0 where
        both have zeros.

    Taught in :doc:`/communication/secret_key`.
    """

    def __init__(self, code: Code, words: Bits, doubt: NDArray[np.float64]) -> None:
        self.words = words.copy()
        self._code = code
        self._doubt = np.maximum(doubt, _CERTAIN)
        self._decoder = code.decoder()
        self._open = np.arange(len(words))
        self._differ = np.zeros((len(words), code.checks), dtype=np.uint8)

    def hear(self, syndromes: Bits) -> None:
        """Hear the parities of all frames of Alice, eight a byte: those that differ from his are the errors'."""
        theirs = np.unpackbits(syndromes, count=self._differ.size).reshape(self._differ.shape)
        self._differ = theirs ^ self._code.syndrome(self.words)

    def decode(self, most: int) -> NDArray[np.uint32]:
        """Try the frames that are open, and return the places of bits that would help, at most `most` a frame.

        A frame is closed when the errors that belief propagation finds have the parities they must have.
        Elsewhere he wants the bits about which it is most undecided. Places count through all words, one after
        the other.
        """
        still_open, wanted = [], [np.zeros(0, dtype=np.uint32)]
        for frame in self._open:
            self._decoder.update_channel_probs(self._doubt[frame])
            errors = self._decoder.decode(self._differ[frame])
            if self._decoder.converge:
                self.words[frame] ^= errors
                continue
            still_open.append(frame)
            unknown = np.flatnonzero(self._doubt[frame] > _CERTAIN)
            belief = np.nan_to_num(np.abs(self._decoder.log_prob_ratios[unknown]))
            places = frame * self._code.variables + unknown[np.argsort(belief, kind="stable")[:most]]
            wanted.append(places.astype(np.uint32))
        self._open = np.array(still_open, dtype=np.int64)
        return np.concatenate(wanted)

    def learn(self, places: NDArray[np.uint32], answer: Bits) -> None:
        """Take over Alice's bits at some places; what of them was wrong no longer differs in the parities."""
        wrong = np.zeros_like(self.words)
        wrong.ravel()[places] = np.unpackbits(answer, count=places.size) ^ self.words.ravel()[places]
        self.words ^= wrong
        self._differ ^= self._code.syndrome(wrong)
        self._doubt.ravel()[places] = _CERTAIN
