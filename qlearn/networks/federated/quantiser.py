r"""Quantisation: an update in a few bits a number, right on average."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_count, as_reals, as_rng
from qlearn._types import Arrays

_MOST_BITS = 32
# Each array brings its lowest and its highest number along, as they are.
_BITS_OF_A_RANGE = 2 * 64


@dataclass(frozen=True)
class QuantisedArray:
    """One array in levels: the number of a level is ``low + level * step``.

    Parameters
    ----------
    levels : ndarray of uint32
        From 0 to ``2**bits - 1``, in the array's shape.
    low, high : float
        The lowest number and the highest.
    bits : int
        Bits a level.
    """

    levels: NDArray[np.uint32]
    low: float
    high: float
    bits: int

    @property
    def values(self) -> NDArray[np.float64]:
        """The numbers that the levels stand for."""
        share = self.levels / (2**self.bits - 1)
        # Of both ends, so that each of them comes out as it went in, and no difference of two large numbers is taken.
        return (1 - share) * self.low + share * self.high


@dataclass(frozen=True)
class Quantiser:
    r"""Uniform quantisation with stochastic rounding: an array between its own lowest and highest number, in levels.

    .. math:: q(x) = \ell + \Delta \Bigl\lfloor \tfrac{x - \ell}{\Delta} + u \Bigr\rfloor, \qquad
              \Delta = \frac{h - \ell}{2^b - 1}, \qquad u \sim \mathrm{Uniform}[0, 1)

    The mean of q(x) is x, so that errors average out over many clients and rounds. Each is less than one step
    :math:`\Delta`, but for floating-point rounding, with a variance of at most :math:`\Delta^2/4`: one by one they are larger
    than those of rounding to the nearest level, and with few clients that can count for more.

    Parameters
    ----------
    bits : int
        Bits a number b, 1 to 32.

    Examples
    --------
    >>> sent = Quantiser(bits=2).encode([np.array([0.0, 1.0, 3.0])], rng=0)
    >>> sent[0].levels, sent[0].values
    (array([0, 1, 3], dtype=uint32), array([0., 1., 3.]))
    >>> Quantiser(bits=2).bits_of(sent)  # three numbers, and the two ends of the range
    134

    References
    ----------
    Alistarh, Grubic, Li, Tomioka, Vojnovic, "QSGD: communication-efficient SGD via gradient quantization and
    encoding", 2017, arXiv:1610.02132 (stochastic levels; theirs are scaled by the norm).
    """

    bits: int

    def __post_init__(self) -> None:
        if as_count(self.bits, "bits") > _MOST_BITS:
            raise ValueError(
                f"bits must be at most {_MOST_BITS}, not {self.bits}: send the numbers as they are"
            )

    def encode(self, arrays: Sequence[ArrayLike], rng: Any = None) -> list[QuantisedArray]:
        """Return the arrays in levels.

        Parameters
        ----------
        arrays : sequence of array_like
            Finite real numbers.
        rng : optional
            Anything that :func:`numpy.random.default_rng` takes; draws the roundings.
        """
        generator, most = as_rng(rng), 2**self.bits - 1
        sent = []
        for given in arrays:
            x = as_reals(given, "arrays")
            low, high = (float(x.min()), float(x.max())) if x.size else (0.0, 0.0)
            # Halves, so that the difference of the two largest numbers is a number.
            span = high / 2 - low / 2
            exact = (x / 2 - low / 2) / span * most if span > 0 else np.zeros(x.shape)
            levels = np.floor(exact + generator.random(x.shape)).clip(0, most)
            sent.append(QuantisedArray(levels.astype(np.uint32), low, high, self.bits))
        return sent

    def decode(self, sent: Sequence[QuantisedArray]) -> Arrays:
        """Return the arrays that were sent, as the receiver has them."""
        return [one.values for one in sent]

    def bits_of(self, arrays: Sequence[QuantisedArray] | Sequence[ArrayLike]) -> int:
        """Return what arrays take to send: b bits a number, and the two ends of each array's range at 64."""
        sizes = [one.levels.size if isinstance(one, QuantisedArray) else np.size(one) for one in arrays]
        return sum(self.bits * size + _BITS_OF_A_RANGE for size in sizes)
