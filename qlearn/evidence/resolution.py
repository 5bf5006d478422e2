"""Resolution: the difference that could have been seen."""

from math import floor, inf, log2

from qlearn._checks import as_failure
from qlearn.evidence.difference import _LEVEL, Difference


def resolution(difference: Difference, *, power: float = 0.8, level: float = _LEVEL) -> float:
    r"""Return the size of a true difference that such a comparison would have found, but for a stated chance.

    .. math:: \Pr\!\left(T > t_{1-\alpha/2,\,n-1}\right) = \text{power},
              \qquad T \sim t'_{n-1}\!\left(\frac{\delta}{\sigma}\right)

    with the noncentral t distribution; solved for :math:`\delta`. Of rows that are right or wrong it takes, besides, a few
    that differ, and it is at least the share at which so many come. "Not told apart" with a resolution of 0.1 says nothing
    about a difference of 0.05.

    Parameters
    ----------
    difference : Difference
        The comparison as it was made: its error and its replicates count, not what it found.
    power : float
        How likely it should have been found.
    level : float
        Chance of a false finding.

    Returns
    -------
    float
        In the unit of the scores; 0 if nothing varied at all, and infinite if so few replicates could not have
        decided at this level whatever they had said.

    Examples
    --------
    >>> from qlearn.evidence import paired
    >>> a = [0.91, 0.94, 0.90, 0.93, 0.95, 0.92, 0.94, 0.90]
    >>> b = [0.93, 0.92, 0.91, 0.93, 0.92, 0.93, 0.93, 0.93]
    >>> gap = paired(a, b)
    >>> print(gap, gap.verdict(), round(resolution(gap), 3))
    -0.001 ± 0.007 not told apart 0.023

    References
    ----------
    Cohen, "Statistical Power Analysis for the Behavioral Sciences", 1988, chapter 2.

    Taught in :doc:`/learning/comparison`.
    """
    from scipy.optimize import brentq
    from scipy.stats import binom, nct
    from scipy.stats import t as student

    power, level = as_failure(power, "power"), as_failure(level, "level")
    if power <= level:
        raise ValueError(f"power must be above level={level:g}, which chance alone reaches, not {power:g}")
    if difference.least >= level:
        return inf
    freedom = difference.n - 1
    border = float(student.isf(level / 2, freedom))

    def missing(shift: float) -> float:
        return float(nct.sf(border, freedom, shift)) - power

    seen = difference.error * float(brentq(missing, 0.0, 4 * border + 20))
    if not difference.rows:
        return seen
    apart = floor(1 - log2(level)) + 1  # so many rows on one side decide

    def too_few(share: float) -> float:
        return float(binom.sf(apart - 1, difference.n, share)) - power

    return max(seen, float(brentq(too_few, 0.0, 1.0))) if apart <= difference.n else inf
