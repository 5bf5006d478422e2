"""Syndrome decoding: Alice tells the syndrome and any bit she is asked for; Bob decodes, asks, and knows when to stop."""

from math import ceil, sqrt

import numpy as np
from numpy.typing import NDArray

from qlearn._types import Bits
from qlearn.communication.secret_key.public_channel import ChannelError, NoKey
from qlearn.communication.secret_key.reconciliation._interface import STEP, Engine
from qlearn.communication.secret_key.reconciliation.ldpc.belief_propagation import Decoder
from qlearn.communication.secret_key.reconciliation.ldpc.codes import Code, qber_of_share, syndrome_share


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
        self.disclosed = 0
        """Bits about the key that she has told."""

    def syndromes(self) -> Bits:
        """Return the parities of all frames, eight a byte, or NoKey if she may not tell so many."""
        self._count(len(self._words) * (self._code.checks - self._coins))
        return np.packbits(self._code.syndrome(self._words))

    def answer(self, request: Bits) -> Bits:
        """Return the bits asked for, eight a byte, or refuse: the request is places in all her words, four bytes each."""
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
        if self._most is not None and self.disclosed + bits > self._most:
            raise NoKey(
                STEP, f"more was said than is secret: {self.disclosed + bits} bits, where {self._most} may be"
            )
        self.disclosed += bits


# Sweeps that he spends on a frame, on average over all: an honest one takes about half. To these come so many
# variables of sweeps a session, which take less time than the rest of it, and help short keys.
_SWEEPS, _FOR_ANY = 50, 500_000
# And no more than so many before he asks.
_AT_ONCE = 28
# Parities that differ are counted, and believed to lie no more standard deviations than this from their mean. He thinks
# of more errors than he was told of where there are so many more than chance makes.
_BELIEVED, _DOUBTED = 6, 2
# The most errors he copes with, as a multiple of those that Alice has told enough for.
MOST_ERRORS = 1.35
# He wants so many bits for each parity that is missing. Where he may want that share of the variables he sweeps no
# more than so often to see which.
_WORTH, _MANY, _GLANCE = 2, 0.01, 6


class Bob:
    """The party whose key is corrected. He never sees Alice's, only what she says.

    What he hears may be forged, so his work is bounded: however it is altered, he sweeps no more than
    50 times over a frame, on average over the frames.

    Parameters
    ----------
    code : Code
        What the parities are taken of.
    words : ndarray of uint8, shape (frames, variables)
        His key, its bits at their variables, and zeros at the others.
    doubt : ndarray of float, shape (frames, variables)
        How likely each bit differs from Alice's: the error rate in the key, 1/2 where she has coins, 0 where
        both have zeros.
    engine : {"auto", "numba", "numpy"}
        Who computes: :class:`Decoder`.
    """

    def __init__(self, code: Code, words: Bits, doubt: NDArray[np.floating], engine: Engine = "auto") -> None:
        self.words = words.copy()
        self._code = code
        self._doubt = doubt.astype(np.float32)
        self._engine = engine
        self._open = np.arange(len(words))
        self.sweeps = 0
        """The work he has done: see :class:`Decoder`."""
        self._short = 0
        self._patience = _SWEEPS * len(words) + _FOR_ANY // code.variables

    def receive(self, syndromes: Bits) -> None:
        """Hear the parities of all frames of Alice, eight a byte: those that differ from his are the errors'."""
        shape = len(self.words), self._code.checks
        if syndromes.size != ceil(shape[0] * shape[1] / 8):
            raise ChannelError(
                STEP, f"{shape[0] * shape[1]} parities were due, and {syndromes.size} bytes came"
            )
        theirs = np.unpackbits(syndromes, count=shape[0] * shape[1]).reshape(shape)
        differ = theirs ^ self._code.syndrome(self.words)
        self._revise(differ)
        self._decoder = Decoder(self._code, self._doubt, differ, self._engine)

    def _revise(self, differ: Bits) -> None:
        r"""Compare the parities that differ with those that errors of the rate expected would make.

        A parity of d bits, each wrong with probability q, is odd with probability :math:`(1 - (1 - 2 q)^d) / 2`.
        Those with a coin are odd or even whatever the errors are, and are not counted.
        """
        in_key = (self._doubt > 0) & (self._doubt < 0.5)
        rate = float(self._doubt.max(where=in_key, initial=0))
        bits = (self._code.matrix @ in_key.T.astype(np.int32)).T
        coins = (self._code.matrix @ (self._doubt == 0.5).T.astype(np.int32)).T
        known = (coins == 0) & (bits > 0)
        seen, of_size = differ[known].sum(), np.bincount(bits[known])
        size, disclosed = (
            int(in_key.sum() / len(self.words)),
            self._code.checks - (self._doubt[0] == 0.5).sum(),
        )
        enough = max(rate, qber_of_share(disclosed / size, size)) if size else 0.0
        rates = np.minimum(np.linspace(rate, MOST_ERRORS * enough, 129), 0.5)
        expected = of_size @ (1 - (1 - 2 * rates) ** np.arange(of_size.size)[:, None]) / 2
        deviation = sqrt(known.sum()) / 2
        if seen > expected[-1] + _BELIEVED * deviation:
            raise ChannelError(
                STEP,
                f"the syndromes make no sense: {seen} parities of {known.sum()} differ, and if {rates[-1]:.1%} of "
                f"the bits did, a third more than they are meant for, it would be {expected[-1]:.0f}: they were "
                "altered, or the estimate is wrong",
            )
        now = float(np.interp(seen - _DOUBTED * deviation, expected, rates))
        missing = syndrome_share(now, size) - syndrome_share(enough, size) if now > enough else 0
        self._short = ceil(_WORTH * size * missing)
        self._doubt[in_key] = now

    def decode(self, most: int) -> NDArray[np.uint32]:
        """Try the frames that are open, and return the places of bits that would help, about `most` a frame.

        A frame is closed when the errors that belief propagation finds have the parities they must have.
        Elsewhere he wants the bits about which it is most undecided: `most`, or as many as Alice has told too few
        where there are more errors than she knew. Places count through all words, one after the other.

        When he has worked on it for long enough, the frames that are open are given up: he wants nothing.
        """
        each = _GLANCE if self._short > _MANY * self._code.variables else _AT_ONCE
        left = self._decoder.settle(self._open, min(each * self._open.size, self._patience - self.sweeps))
        self.sweeps = self._decoder.sweeps
        settled = np.setdiff1d(self._open, left)
        self.words[settled] ^= self._decoder.wrong(settled)
        self._open = left
        if self.sweeps + left.size > self._patience:
            self._open = left[:0]
        most, self._short = max(most, self._short), 0
        wanted = [np.zeros(0, dtype=np.uint32)]
        for frame in map(int, self._open):
            unknown = np.flatnonzero(self._doubt[frame])
            if not unknown.size:
                continue
            odds = self._decoder.odds(frame)[unknown]
            undecided = np.maximum(odds, 1 / odds)
            least_sure = np.argpartition(undecided, min(most, unknown.size) - 1)[:most]
            wanted.append((frame * self._code.variables + unknown[least_sure]).astype(np.uint32))
        return np.concatenate(wanted)

    def learn(self, places: NDArray[np.uint32], answer: Bits) -> None:
        """Take over Alice's bits at some places; what of them was wrong no longer differs in the parities."""
        if answer.size != ceil(places.size / 8):
            raise ChannelError(STEP, f"{places.size} bits were asked for, and {answer.size} bytes came")
        wrong = np.zeros_like(self.words)
        wrong.ravel()[places] = np.unpackbits(answer, count=places.size) ^ self.words.ravel()[places]
        self.words ^= wrong
        self._doubt.ravel()[places] = 0
        self._decoder.know(places, self._code.syndrome(wrong))
