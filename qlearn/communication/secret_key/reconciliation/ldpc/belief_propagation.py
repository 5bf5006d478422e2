"""Belief propagation: bits and parities tell each other how sure they are, until everything fits."""

import numpy as np
from numpy.typing import NDArray

from qlearn._types import Bits
from qlearn.communication.secret_key.reconciliation._interface import Engine, engine_of
from qlearn.communication.secret_key.reconciliation.ldpc._compiled import sweep
from qlearn.communication.secret_key.reconciliation.ldpc.codes import GREATEST, LEAST, SUREST, Code


class Decoder:
    r"""Belief propagation on some words at once: it finds which bits are wrong from the parities of what is wrong.

    Two things are said along every edge of the code. A bit tells a parity the **odds** that it is right, from all
    that it knows but from this parity; a parity c tells a bit v how sure it is of it, the chance that it is right
    less the chance that it is wrong, from all that the *other* bits u told:

    .. math::
        r_{v \to c} = \frac{1 - q_v}{q_v} \prod_{d \ne c} \frac{1 + \delta_{d \to v}}{1 - \delta_{d \to v}},
        \qquad
        \delta_{c \to v} = (-1)^{s_c} \prod_{u \ne v} \frac{r_{u \to c} - 1}{r_{u \to c} + 1}

    :math:`q_v` is how likely the bit is wrong before anything is said, and :math:`s_c = 1` where the parity is
    odd. (With logarithms of the odds the right one is known as the *tanh rule*.) Where the graph has no cycle,
    the odds become the exact ones; on others they are close as long as cycles are long.

    The parities speak one layer after the other, and each hears what the earlier ones have just said: that takes
    about half as many sweeps as if all spoke at once.

    Parameters
    ----------
    code : Code
        What the parities are taken of.
    doubt : ndarray of float, shape (frames, variables)
        :math:`q_v`: 1/2 for a bit about which nothing is known, 0 for one that is certain.
    parities : ndarray of uint8, shape (frames, checks)
        s.
    engine : {"auto", "numba", "numpy"}
        Who computes. Both do the same operations in the same order and have the same results, bit for bit; numba is
        faster and must be installed. "auto" takes it if it is.

    Examples
    --------
    >>> from qlearn.communication.secret_key.reconciliation.ldpc.codes import load
    >>> code = load(2280, 0.8)
    >>> wrong = (np.arange(2280) % 100 == 0).astype(np.uint8)[None]
    >>> decoder = Decoder(code, np.full((1, 2280), 0.01), code.syndrome(wrong))
    >>> decoder.settle(np.array([0]), most=20)
    array([], dtype=int64)
    >>> bool((decoder.wrong(np.array([0])) == wrong).all())
    True

    References
    ----------
    Gallager, "Low-density parity-check codes", 1962, doi:10.1109/TIT.1962.1057683. Mansour and Shanbhag,
    "High-throughput LDPC decoders", 2003, doi:10.1109/TVLSI.2003.817545 (layers). Kschischang, Frey and
    Loeliger, "Factor graphs and the sum-product algorithm", 2001, doi:10.1109/18.910572.
    """

    def __init__(
        self, code: Code, doubt: NDArray[np.floating], parities: Bits, engine: Engine = "auto"
    ) -> None:
        self.engine = engine_of(engine)
        """Who computes."""
        self.sweeps = 0
        """How often all parities of a frame have spoken, summed over the frames: the work that was done."""
        self._code = code
        self._parities = parities
        doubt = np.maximum(doubt, LEAST, dtype=np.float32)
        self._odds = np.minimum((1 - doubt) / doubt, GREATEST)
        self._first = self._odds.copy()
        # What each parity said last, along each edge, as the factor by which it changed the odds of the bit.
        self._factors = np.ones((len(doubt), *code.places.shape), dtype=np.float32)

    def know(self, places: NDArray[np.uint32], flipped: Bits) -> None:
        """Hear that some bits are right now, and which parities were odd for their errors, shape (frames, checks).

        Places count through all frames, one after the other. Frames of which something is heard start afresh:
        what they were wrongly sure of is forgotten.
        """
        self._first.ravel()[places] = GREATEST
        frames = np.unique(places // self._code.variables)
        self._odds[frames], self._factors[frames] = self._first[frames], 1
        self._parities = self._parities ^ flipped

    def odds(self, frames: NDArray[np.int64] | int) -> NDArray[np.float32]:
        """Return the odds that the bits of some frames are right, shape (frames, variables)."""
        return self._odds[frames]

    def wrong(self, frames: NDArray[np.int64]) -> Bits:
        """Return 1 for the bits that are likelier wrong than right, shape (frames, variables)."""
        return (self._odds[frames] < 1).astype(np.uint8)

    def sweep(self, frames: NDArray[np.int64]) -> NDArray[np.int64]:
        """Let all parities of some frames speak once, and return how many of each frame do not fit the odds yet."""
        self.sweeps += frames.size
        if self.engine == "numba":
            return sweep(self._code, self._odds, self._factors, self._parities, frames)
        odds, factors = self._odds[frames], self._factors[frames]
        signs = (1 - 2.0 * self._parities[frames]).astype(np.float32)
        for layer, (start, end) in enumerate(zip(self._code.ends[:-1], self._code.ends[1:], strict=True)):
            places, copies = (
                self._code.places[start:end],
                slice(layer * self._code.size, (layer + 1) * self._code.size),
            )
            others = odds[:, places] / factors[:, start:end]  # axes: frame, edge of the layer, copy
            sure = (others - 1) / (others + 1)
            before = np.cumprod(np.insert(sure[:, :-1], 0, signs[:, copies], axis=1), axis=1)
            after = np.cumprod(np.insert(sure[:, :0:-1], 0, 1, axis=1), axis=1)[:, ::-1]
            beliefs = np.clip(before * after, -SUREST, SUREST)
            factors[:, start:end] = (1 + beliefs) / (1 - beliefs)
            odds[:, places] = np.clip(others * factors[:, start:end], LEAST, GREATEST)
        self._odds[frames], self._factors[frames] = odds, factors
        return (self._code.syndrome(self.wrong(frames)) != self._parities[frames]).sum(axis=1)

    def settle(self, frames: NDArray[np.int64], most: int, patience: int = 5) -> NDArray[np.int64]:
        """Sweep some frames until their parities fit, and return those that do not settle, shape (open frames,).

        At most `most` sweeps are made, summed over the frames; a frame is left alone when `patience` of them in turn have not
        made the parities that do not fit fewer.
        """
        going, left_alone, most = frames, [frames[:0]], most + self.sweeps
        fewest, since = np.full(going.size, self._code.checks + 1), np.zeros(going.size, dtype=np.int64)
        while going.size and self.sweeps + going.size <= most:
            misfits = self.sweep(going)
            since = np.where(misfits < fewest, 0, since + 1)
            fewest = np.minimum(fewest, misfits)
            further = (misfits > 0) & (since < patience)
            left_alone.append(going[(misfits > 0) & ~further])
            going, fewest, since = going[further], fewest[further], since[further]
        return np.sort(np.concatenate([*left_alone, going]))
