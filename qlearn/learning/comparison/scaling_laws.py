"""How cost grows: the exponent of a power law or of an exponential, with its error."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike
from scipy.stats import linregress

from qlearn._checks import as_reals, same_length

Law = Literal["power", "exponential"]


@dataclass(frozen=True)
class GrowthLaw:
    r"""A fitted law of growth.

    Parameters
    ----------
    exponent : float
        b of :math:`y = a x^b`, or of :math:`y = a\,2^{b x}`.
    error : float
        Its standard error.
    prefactor : float
        a, in the unit of y.
    law : {"power", "exponential"}
        Which of the two.
    """

    exponent: float
    error: float
    prefactor: float
    law: Law

    def at(self, x: ArrayLike) -> np.ndarray:
        """Return the law's value at x."""
        base = np.log2(np.asarray(x, float)) if self.law == "power" else np.asarray(x, float)
        return self.prefactor * 2 ** (self.exponent * base)


def fit_growth(x: ArrayLike, y: ArrayLike, *, law: Law = "power") -> GrowthLaw:
    r"""Fit a law of growth by least squares on logarithms.

    .. math:: \log_2 y = \log_2 a + b \log_2 x \quad\text{(power)}, \qquad
              \log_2 y = \log_2 a + b\,x \quad\text{(exponential)}

    An exponent of 2 in the power law: twice the size, four times the cost. An exponent of 1 in the
    exponential: one more qubit, twice the cost.

    Parameters
    ----------
    x : array_like, shape (n,)
        Sizes: samples, shots, qubits; above 0 for the power law. At least three different ones.
    y : array_like, shape (n,)
        Costs or errors, above 0.
    law : {"power", "exponential"}
        Which law.

    Returns
    -------
    GrowthLaw

    Examples
    --------
    >>> found = fit_growth([1, 2, 4, 8], [3, 12, 48, 192])
    >>> round(found.exponent, 6), round(found.prefactor, 6)
    (2.0, 3.0)
    >>> round(fit_growth([4, 6, 8], [16, 64, 256], law="exponential").exponent, 6)
    1.0

    References
    ----------
    Clauset, Shalizi and Newman, "Power-law distributions in empirical data", 2009, arXiv:0706.1062 (why a
    straight line on logarithms is a description, not a proof).
    """
    sizes, costs = as_reals(x, "x"), as_reals(y, "y")
    if law not in ("power", "exponential"):
        raise ValueError(f'law must be "power" or "exponential", not {law!r}')
    same_length(sizes, costs, "x and y")
    if len(np.unique(sizes)) < 3:
        raise ValueError(
            f"x must hold at least three different sizes, not {len(np.unique(sizes))}: two fit every law"
        )
    for values, name in ((costs, "y"), *([(sizes, "x")] if law == "power" else [])):
        if (values <= 0).any():
            raise ValueError(f"{name} must be above 0, to have a logarithm; it holds {values.min():g}")
    line = linregress(np.log2(sizes) if law == "power" else sizes, np.log2(costs))
    return GrowthLaw(float(line.slope), float(line.stderr), float(2**line.intercept), law)
