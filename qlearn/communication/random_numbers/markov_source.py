"""Bias and correlation: a source whose next bit depends on the last one, with the entropies that this leaves."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from qlearn._checks import as_count, as_probability, as_rng
from qlearn._types import Array, Bits
from qlearn.qubits.entropies import binary_entropy


@dataclass(frozen=True)
class MarkovSource:
    r"""A source of bits that looks one bit back; with two equal chances it is a biased coin without memory.

    .. math:: P(x_{i+1} = 1 \mid x_i) = p_{x_i}, \qquad P(x_i = 1) = \frac{p_0}{p_0 + 1 - p_1}, \qquad
              \operatorname{corr}(x_i, x_{i+k}) = (p_1 - p_0)^k

    Detectors do this: one that has just clicked is blind for a while (:math:`p_1 < p_0`) or clicks again by itself
    (:math:`p_1 > p_0`). With :math:`p_0 = 1 - p_1` as many zeros as ones come, and each bit alone looks fair.

    Parameters
    ----------
    after_zero, after_one : float
        :math:`p_0` and :math:`p_1`, the chances of a 1. With 0 and 1 the source repeats its first bit, a fair one.

    Examples
    --------
    >>> sticky = MarkovSource(0.25, 0.75)
    >>> sticky.ones, sticky.correlation, round(sticky.shannon_rate, 3), round(sticky.min_entropy_rate, 3)
    (0.5, 0.5, 0.811, 0.415)
    >>> sticky.sample(16, rng=3)
    array([1, 1, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0], dtype=uint8)

    Von Neumann's pairs cure a bias, and not a memory: of what is left here six in ten are followed by the other bit.

    >>> from qlearn.communication.random_numbers import von_neumann
    >>> left = von_neumann(sticky.sample(400_000, rng=1))
    >>> round(float(left.mean()), 2), round(float((left[1:] != left[:-1]).mean()), 2)
    (0.5, 0.6)

    References
    ----------
    NIST SP 800-90B (2018), section 6.3.3, estimates the second rate, doi:10.6028/NIST.SP.800-90B.
    """

    after_zero: float
    after_one: float

    def __post_init__(self) -> None:
        for name in ("after_zero", "after_one"):
            object.__setattr__(self, name, as_probability(getattr(self, name), name))

    @property
    def ones(self) -> float:
        """The share of ones in a long sample."""
        changes = self.after_zero + 1 - self.after_one
        return self.after_zero / changes if changes else 0.5

    @property
    def correlation(self) -> float:
        """Of a bit and the next one, -1 to 1; k bits apart it is the k-th power."""
        return self.after_one - self.after_zero

    @property
    def shannon_rate(self) -> float:
        r"""Shannon's entropy of a bit given all before it, :math:`\sum_x P(x)\,h(p_x)`: how far long samples compress."""
        return float(self._last() @ binary_entropy([self.after_zero, self.after_one]))

    @property
    def guess_probability(self) -> float:
        r"""How often the best guess of the next bit from all before it is right, :math:`\sum_x P(x)\max(p_x, 1 - p_x)`.

        The bit before decides alone, so a longer look back gains nothing.
        """
        return float(self._last() @ np.max(self._steps(), axis=1))

    @property
    def min_entropy_rate(self) -> float:
        r"""Min-entropy a bit of a long string, :math:`-\log_2\max\bigl(1-p_0,\; p_1,\; \sqrt{p_0(1-p_1)}\bigr)`.

        The likeliest string repeats one bit or alternates. This counts one guess of the whole string; a guess of a single bit is
        right with :attr:`MarkovSource.guess_probability`.
        """
        step = self._steps()
        likeliest = max(step[0, 0], step[1, 1], np.sqrt(step[0, 1] * step[1, 0]))
        return abs(float(np.log2(likeliest)))

    def sample(self, n: int, rng: Any = None) -> Bits:
        """Return `n` bits in a row, the first one drawn as any bit of a long sample, shape (n,)."""
        n, rng = as_count(n, "n"), as_rng(rng)
        u = rng.random(n)
        low, high = sorted((self.after_zero, self.after_one))
        # Below both chances the bit is 1, above both 0, whatever came before; between them it copies or flips the last.
        fixed = (u < low) | (u >= high)
        value = u < low
        fixed[0], value[0] = True, u[0] < self.ones
        since = np.maximum.accumulate(np.where(fixed, np.arange(n), 0))
        flips = np.arange(n) - since if self.correlation < 0 else 0
        return (value[since] ^ (flips & 1)).astype(np.uint8)

    def _last(self) -> Array:
        return np.array([1 - self.ones, self.ones])

    def _steps(self) -> Array:
        ones = np.array([self.after_zero, self.after_one])
        return np.stack([1 - ones, ones], axis=1)
