"""Average: a mean, and how far it may be from what it would be over endlessly many repetitions."""

from dataclasses import dataclass
from math import floor, log10
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from qlearn._checks import as_real, as_reals

SAME = 1e-9
"""Numbers that differ by less than this share are taken for equal: the same numbers, added in another order."""


@dataclass(frozen=True)
class Average:
    """A mean and its standard error; ``print`` writes it as the book does, 0.941 ± 0.012.

    Parameters
    ----------
    mean : float
        Of the repetitions.
    error : float
        One standard error of that mean. (Not the standard deviation of the repetitions, which says how far a single
        one lies from it.)
    n : int
        Repetitions.

    Taught in :doc:`/learning/comparison`.
    """

    mean: float
    error: float
    n: int

    def __format__(self, spec: str) -> str:
        """Write both numbers in one format; if none is given with three decimals, or as many as the error asks for."""
        spec = spec or f".{places(self.error)}f"
        return f"{self.mean:{spec}} ± {self.error:{spec}}"

    def __str__(self) -> str:
        return f"{self}"


def average(values: ArrayLike, *, overlap: float | None = None) -> Average:
    r"""Return the mean of some repetitions and its standard error, also where the repetitions share rows.

    .. math:: \sigma = s \sqrt{\frac1n + \rho}, \qquad s^2 = \frac{1}{n-1} \sum_j (x_j - \bar x)^2

    with :math:`\rho = 0` for independent repetitions. Splits of one data set are not independent: any two of them
    share most of their training rows, so their scores agree more than those of two fresh data sets would, and
    :math:`s/\sqrt n` promises too much. Nadeau and Bengio put :math:`\rho =` test rows / training rows.

    Parameters
    ----------
    values : array_like, shape (n,) or (runs, folds)
        Scores, one a repetition, at least two.
    overlap : float, optional
        Test rows over training rows of one split: 1/(k-1) for k folds. None: the repetitions share nothing.

    Returns
    -------
    Average

    Raises
    ------
    ValueError
        If there are fewer than two values, or the overlap is not above 0.

    Examples
    --------
    >>> scores = [0.94, 0.91, 0.95, 0.93, 0.92]
    >>> print(average(scores))
    0.930 ± 0.007
    >>> print(average(scores, overlap=1 / 4))  # five folds of one data set
    0.930 ± 0.011

    References
    ----------
    Nadeau and Bengio, "Inference for the generalization error", Mach. Learn. 52, 239 (2003),
    doi:10.1023/A:1024068626366. Bouckaert and Frank, 2004, doi:10.1007/978-3-540-24775-3_3, for repeated
    cross-validation.

    Taught in :doc:`/learning/comparison`.
    """
    repeated = as_reals(values, "values").ravel()
    if repeated.size < 2:
        raise ValueError(f"values must hold at least two repetitions, not {repeated.size}: one has no spread")
    mean, error = float(repeated.mean()), error_of_mean(repeated, overlap)
    return Average(mean, 0.0 if error <= SAME * abs(mean) else error, repeated.size)


def places(error: float) -> int:
    """Return with how many decimals a number of this error is written: three, or as many as show one digit of the error."""
    return 3 if not 0 < error < 5e-4 else -floor(log10(error))


def error_of_mean(values: np.ndarray[Any, np.dtype[np.float64]], overlap: float | None) -> float:
    """Return the standard error of the mean of these values, whose splits share rows if there is an overlap."""
    shared = 0.0
    if overlap is not None:
        shared = as_real(overlap, "overlap")
        if shared <= 0:
            raise ValueError(
                f"overlap must be above 0, test rows over training rows of one split, not {overlap:g}; leave it out "
                "where the repetitions share no rows"
            )
    return float(np.sqrt((1 / values.size + shared) * values.var(ddof=1)))
