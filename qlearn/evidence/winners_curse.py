"""The winner's curse: how far, and how often, the best of several equal methods looks ahead through luck alone.

Taught in :doc:`/learning/comparison`.
"""

import numpy as np

from qlearn._checks import as_count, as_probability, as_real
from qlearn._types import Array

# As many methods as a float can count with room to spare.
_MOST = 10**300
# Steps of .01, of an even sum over normal noise: so many and so far that up to _MOST methods the sum is the integral.
_NOISE = np.linspace(-40, 40, 8001)


def lead_of_best(methods: int, error: float = 1.0) -> float:
    r"""Return by how much the best of several equal methods is ahead in the mean, though none is better.

    .. math:: \sigma\,\mathbb E \max_{k \le m} Z_k = \sigma\, m \int z\,\varphi(z)\,\Phi(z)^{m-1}\,dz

    Whoever tries m methods on the rows that judge, and reports the best, reports this as well. It grows slowly, at most
    as :math:`\sigma\sqrt{2\ln m}`, and falls with the error: more seeds make it small, not zero. (The noise of a rival
    that all are compared with moves all differences alike, and adds nothing in the mean.)

    Parameters
    ----------
    methods : int
        How many were tried, each with noise of its own; at most 1e300.
    error : float
        Standard error of the score of one, at least 0: what is its own, without what all share.

    Returns
    -------
    float
        In the unit of the error.

    Examples
    --------
    >>> round(lead_of_best(10), 3)
    1.539
    >>> round(lead_of_best(2, 0.01), 4)  # 0.01 / sqrt(pi)
    0.0056

    References
    ----------
    Cawley and Talbot, "On over-fitting in model selection and subsequent selection bias in performance evaluation",
    JMLR 11, 2079 (2010).
    """
    tried, scatter = _as_tried(methods), as_real(error, "error")
    if scatter < 0:
        raise ValueError(f"error must be 0 or more, not {scatter:g}: it is a standard error")
    best = tried * np.exp((tried - 1) * _log_below(_NOISE))
    return scatter * _mean(_NOISE * best)


def false_lead(methods: int, level: float = 0.05) -> float:
    r"""Return the chance that the best of several methods is called ahead of a rival, though all are equal.

    Of many seeds each method's mean has normal noise of its own, and so has the rival's, who is in all comparisons. The best
    is called ahead where its lead is beyond the border :math:`z_{\alpha/2}` of one comparison:

    .. math:: 1 - \int \varphi(u)\,\Phi\bigl(u + \sqrt 2\,z_{\alpha/2}\bigr)^m\,du .

    From two methods on that is less than the sum :math:`m\alpha/2`, for one unlucky rival makes all ahead at once.

    Parameters
    ----------
    methods : int
        How many were tried; at most 1e300.
    level : float
        :math:`\alpha` of one comparison, both ways: above 0 and below 1.

    Returns
    -------
    float

    Examples
    --------
    Of one method 2.5 %, as often as it is called behind; of the best of ten, at 5 % each and with the level shared:

    >>> round(false_lead(1), 3), round(false_lead(10), 3), round(false_lead(10, 0.05 / 10), 3)
    (0.025, 0.144, 0.019)

    References
    ----------
    Dunnett, "A multiple comparison procedure for comparing several treatments with a control", Journal of the American
    Statistical Association 50, 1096 (1955): the same integral.
    """
    from scipy.special import ndtri

    tried, alpha = _as_tried(methods), as_probability(level, "level")
    if not 0 < alpha < 1:
        raise ValueError(f"level must be above 0 and below 1, not {level:g}")
    return min(1.0, _mean(-np.expm1(tried * _log_below(_NOISE - np.sqrt(2) * ndtri(alpha / 2)))))


def _as_tried(methods: int) -> float:
    tried = as_count(methods, "methods")
    if tried > _MOST:
        raise ValueError(f"methods must be at most 1e300, not a number of {len(str(tried))} digits")
    return float(tried)


def _log_below(z: Array) -> Array:
    """Return the logarithm of the chance of normal noise below z."""
    from scipy.special import log_ndtr

    return np.asarray(log_ndtr(z))


def _mean(values: Array) -> float:
    """Return the mean over normal noise of what is given at each of its steps."""
    return float(values @ np.exp(-_NOISE * _NOISE / 2) * 0.01 / np.sqrt(2 * np.pi))
