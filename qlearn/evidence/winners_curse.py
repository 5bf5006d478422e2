"""The winner's curse: by how much the best of several equal methods looks ahead, through luck alone.

Taught in :doc:`/learning/comparison`.
"""

import numpy as np

from qlearn._checks import as_count, as_real


def lead_of_best(methods: int, error: float = 1.0) -> float:
    r"""Return by how much the best of several equal methods is ahead in the mean, though none is better.

    .. math:: \sigma\,\mathbb E \max_{k \le m} Z_k = \sigma\, m \int z\,\varphi(z)\,\Phi(z)^{m-1}\,dz

    Whoever tries m methods on the rows that judge, and reports the best, reports this as well. It grows slowly, at most
    as :math:`\sigma\sqrt{2\ln m}`, and falls with the error: more seeds make it small, not zero. (The noise of a rival
    that all are compared with moves all differences alike, and adds nothing in the mean.)

    Parameters
    ----------
    methods : int
        How many were tried, each with noise of its own.
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
    from scipy.special import ndtr

    tried, scatter = as_count(methods, "methods"), as_real(error, "error")
    if scatter < 0:
        raise ValueError(f"error must be 0 or more, not {scatter:g}: it is a standard error")
    z = np.linspace(-12, 12, 481)  # of a smooth function that falls so fast an even sum is exact
    heights = z * np.exp(-z * z / 2) * ndtr(z) ** (tried - 1)
    return float(scatter * tried * heights.sum() * (z[1] - z[0]) / np.sqrt(2 * np.pi))
