"""Drift: a quantity of the line that wanders, and forgets where it was."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.signal import lfilter

from qlearn._checks import as_count, as_real, as_rng


def gauss_markov(
    n: int, a: float, process_noise: float, *, start: float | None = None, rng: Any = None
) -> NDArray[np.float64]:
    r"""Return a drift of `n` steps, a Gauss-Markov process of mean zero, shape (n,).

    .. math:: x_{t+1} = a x_t + w_t, \qquad w_t \sim N(0, q)

    With :math:`|a| < 1` its variance settles at :math:`q/(1-a^2)`, and its memory falls as :math:`a^t`; with
    :math:`a = 1` it is a random walk, whose variance grows by q a step.

    Parameters
    ----------
    n : int
        Number of steps.
    a : float
        What is left of the state after a step, from -1 to 1.
    process_noise : float
        Variance q of a step, in squares of the quantity's unit.
    start : float, optional
        The first value. None: drawn from the settled distribution, or 0 where there is none.
    rng : None, int or numpy.random.Generator
        Source of the steps.

    Returns
    -------
    ndarray of float, shape (n,)

    Examples
    --------
    >>> x = gauss_markov(100_000, a=0.9, process_noise=0.19, rng=1)
    >>> x.var().round(1), np.corrcoef(x[1:], x[:-1])[0, 1].round(2)
    (np.float64(1.0), np.float64(0.9))
    """
    n = as_count(n, "n")
    a = as_real(a, "a", least=-1.0, most=1.0)
    process_noise = as_real(process_noise, "process_noise", least=0.0)
    rng = as_rng(rng)
    if start is None:
        settled = process_noise / (1 - a**2) if abs(a) < 1 else 0.0
        start = rng.normal(scale=np.sqrt(settled))
    first = as_real(start, "start")
    steps = np.concatenate([[first], rng.normal(scale=np.sqrt(process_noise), size=n - 1)])
    return lfilter([1.0], [1.0, -a], steps)
