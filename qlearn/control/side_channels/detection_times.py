"""Detection times: two detectors whose clicks do not come at the same moment, so that a public time stamp names the bit."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtr, xlogy

from qlearn._checks import as_bits, as_count, as_real, as_reals, as_rng
from qlearn._types import Array, Bits
from qlearn.communication.randomness import random_bits

_REACH = 12.0  # standard deviations; what lies beyond weighs 1e-32
_POINTS = 40  # of Gauss and Legendre for each piece: none is longer than a standard deviation of a law that weighs there


@dataclass(frozen=True)
class DetectionTimes:
    r"""Time stamps of Bob's clicks; detector 1 answers later than detector 0, or with another jitter.

    .. math:: t\,|\,0 \sim N(0, 1), \qquad t\,|\,1 \sim N(d, r^2)

    in units of the jitter of detector 0. Alice and Bob publish the stamps to find out which clicks belong to which pulse, and
    Eve reads along. She touches nothing, so no error rate shows her.

    Parameters
    ----------
    offset : float
        d, how much later detector 1 answers.
    jitter_ratio : float
        r, its jitter over that of detector 0; above 0.

    Examples
    --------
    >>> leak = DetectionTimes(offset=0.5)
    >>> round(leak.guess, 6), round(leak.information, 6)
    (0.598706, 0.04373)

    The best guess alone would account for less, :math:`1 - h(0.5987)` = 0.0283 bits: it forgets how sure each reading is.

    >>> round(DetectionTimes(offset=0, jitter_ratio=2).guess, 4)  # the same mean, and still a leak
    0.6613

    References
    ----------
    Lamas-Linares and Kurtsiefer, Optics Express 15, 9388 (2007), arXiv:0704.3297: found in a running system.
    """

    offset: float
    jitter_ratio: float = 1.0

    def __post_init__(self) -> None:
        as_real(self.offset, "offset")
        as_real(self.jitter_ratio, "jitter_ratio", above=0)

    @property
    def guess(self) -> float:
        """Chance that the best reader names the bit from one stamp: the half-line or interval where its density is larger."""
        edges = self._edges()
        chance = np.abs(np.diff(self._below(edges), axis=1))  # of each region, by bit
        return float(0.5 * chance.max(axis=0).sum())

    @property
    def information(self) -> float:
        r"""Bits of a bit that one stamp holds, :math:`1 - E[h(P(1|t))]`, by quadrature."""
        d, r = self.offset, self.jitter_ratio
        steps, (nodes, weights) = np.arange(-_REACH, _REACH + 1), np.polynomial.legendre.leggauss(_POINTS)
        edges = np.unique(np.concatenate([steps, d + r * steps]))
        half = np.diff(edges)[:, None] / 2
        t = edges[:-1, None] + half * (1 + nodes)
        p0 = np.exp(-(t**2) / 2) / np.sqrt(2 * np.pi)
        p1 = np.exp(-(((t - d) / r) ** 2) / 2) / np.sqrt(2 * np.pi) / r
        return float(_information(np.stack([p0, p1]), half * weights))

    def information_in_bins(self, width: float, *, edge: float = 0.0) -> float:
        """Return the bits of a bit that a stamp holds once it is rounded to ticks of this width, one of them at `edge`.

        A wide tick hides the offset only where no edge falls among the clicks; one between the two detectors leaves
        nearly all of it.

        >>> leak = DetectionTimes(offset=0.5)
        >>> [round(leak.information_in_bins(20, edge=edge), 4) for edge in (-10, 0.25)]
        [0.0, 0.0283]
        """
        w, at = as_real(width, "width", above=0), as_real(edge, "edge")
        d, r = self.offset, self.jitter_ratio
        low, high = min(-_REACH, d - _REACH * r), max(_REACH, d + _REACH * r)
        if (high - low) / w > 10_000_000:
            raise ValueError(f"width must leave fewer than 10 million ticks, not {w:g}: take `information`")
        first = np.floor((low - at) / w)
        edges = at + w * (first + np.arange(np.ceil((high - low) / w) + 2))
        chance = np.diff(self._below(np.concatenate([[-np.inf], edges, [np.inf]])), axis=1)
        return float(_information(chance.clip(0)))

    def read(self, times: ArrayLike) -> Bits:
        """Return the likelier bit for each stamp, shape (...): no reader of single stamps is right more often."""
        t = as_reals(times, "times")
        return (self._lead(t) > 0).astype(np.uint8)

    def sample(self, bits: ArrayLike, rng: Any = None) -> Array:
        """Return a stamp for each bit, shape (n,)."""
        secrets, rng = as_bits(bits, "bits"), as_rng(rng)
        spread = np.where(secrets, self.jitter_ratio, 1.0)
        return self.offset * secrets + spread * rng.standard_normal(secrets.size)

    def record(self, n: int, rng: Any = None) -> tuple[Bits, Array]:
        """Return n fair bits and what a model may see of them, a column of stamps, shape (n, 1)."""
        n, rng = as_count(n, "n"), as_rng(rng)
        secrets = random_bits(n, rng=rng)
        return secrets, self.sample(secrets, rng)[:, None]

    def _lead(self, t: Array) -> Array:
        """Return ln p(t|1) - ln p(t|0)."""
        return t**2 / 2 - ((t - self.offset) / self.jitter_ratio) ** 2 / 2 - np.log(self.jitter_ratio)

    def _below(self, t: Array) -> Array:
        """Return the chance of an earlier stamp for each bit, shape (2, n)."""
        return np.stack([ndtr(t), ndtr((t - self.offset) / self.jitter_ratio)])

    def _edges(self) -> Array:
        """Return where the likelier bit changes, between minus and plus infinity."""
        d, r = self.offset, self.jitter_ratio
        square, linear = (1 - r**-2) / 2, d / r**2
        roots = np.roots([square, linear, -(d**2) / (2 * r**2) - np.log(r)])
        return np.array([-np.inf, *np.sort(roots[np.isreal(roots)].real), np.inf])


def _information(chance: Array, weight: ArrayLike = 1.0) -> Array:
    """Return the mutual information of a fair bit and an outcome, from P(outcome | bit), shape (2, ...), in bits."""
    mean = chance.mean(axis=0)
    held = xlogy(chance, chance).sum(axis=0) / 2 - xlogy(mean, mean)
    return np.asarray((held * weight).sum() / np.log(2))
