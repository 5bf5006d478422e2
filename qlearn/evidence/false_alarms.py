"""False alarms: which counts chance leaves open, and how often a page that is right fails one of its own checks.

Taught in :doc:`/qubits/measurement`.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_count, as_failure, as_probabilities, as_probability, as_real, as_trials


def _binomial_band(
    p: ArrayLike, n: ArrayLike, failure: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    r"""Return the band in which frequencies counted in `n` trials lie, all of them, but for the chance `failure`.

    .. math:: \Bigl(\frac{k_{\text{low}} - 1/2}{n},\ \frac{k_{\text{high}} + 1/2}{n}\Bigr), \qquad
              \Pr(k < k_{\text{low}}),\ \Pr(k > k_{\text{high}}) \le \frac{\varepsilon}{2m}

    for m points. The edges lie half a count outside, so that rounding decides nothing.

    Examples
    --------
    >>> low, high = _binomial_band(0.5, 100, failure=0.05)
    >>> float(low), float(high)  # 40 to 60 heads
    (0.395, 0.605)
    >>> low, high = _binomial_band(np.full(30, 0.5), 100, failure=0.05)
    >>> float(low[0]), float(high[0])  # thirty such experiments, and all of them shall lie inside
    (0.335, 0.665)
    """
    from scipy.stats import binom  # half a second of imports, for one function

    p, n = as_probabilities(p, "p", "chances"), as_trials(n)
    if not np.broadcast(p, n).size:
        raise ValueError("p and n must hold at least one point: nothing was counted")
    tail = as_failure(failure) / 2 / np.broadcast(p, n).size
    # The upper tail is the lower one of the failures: 1 - 1e-16 would be 1.
    lowest, highest = binom.ppf(tail, n, p), n - binom.ppf(tail, n, 1 - p)
    return (lowest - 0.5) / n, (highest + 0.5) / n


def counts_agree(*rows: tuple[ArrayLike, ArrayLike, ArrayLike], failure: float = 1e-6) -> bool:
    r"""Tell whether all frequencies of a page lie where theory allows, with one false alarm for all together.

    .. math:: \Pr(\text{False, although the theory is right}) \le \varepsilon

    The counts are binomial and their tails exact: no normal curve is put in their place, which far out would be
    wrong for rare events. The failure :math:`\varepsilon` is that of all points of all rows *together*, each tail of
    each point gets its share; so a page of checks that is one call keeps its promise, where "five standard errors"
    each does not. The points may depend on each other.

    Parameters
    ----------
    *rows : tuple of (measured, theory, n)
        Frequencies that were counted, the chances that theory gives, and the trials behind each; the three
        broadcast.
    failure : float
        The chance that a right program is told False; above 0 and below 1.

    Returns
    -------
    bool
        Whether every frequency lies in its band.

    Raises
    ------
    TypeError, ValueError
        If there is no row, a chance or a number of trials is not valid, or a frequency times its trials is no
        whole number: then it was not counted, and its spread is not binomial.

    Examples
    --------
    >>> counts_agree((0.531, 1 / 2, 1000), ([0.24, 0.26], 1 / 4, 1000))
    True
    >>> counts_agree((0.6, 1 / 2, 1000), ([0.24, 0.26], 1 / 4, 1000))
    False

    References
    ----------
    Bonferroni's inequality: the chance that one of several things happens is at most the sum of their chances.
    Clopper and Pearson, "The use of confidence or fiducial limits illustrated in the case of the binomial", 1934,
    doi:10.1093/biomet/26.4.404: the same tails, read for p instead of for the count.
    """
    if not rows:
        raise ValueError("rows must hold at least one (measured, theory, n): nothing was compared")
    curves = [
        [np.asarray(part) for part in np.broadcast_arrays(*(np.asarray(part, float) for part in row))]
        for row in rows
    ]
    points = sum(measured.size for measured, _, _ in curves)
    agree = True
    for measured, theory, n in curves:
        off = np.abs(measured * n - np.rint(measured * n))
        if not (off < 1e-3).all():
            raise ValueError(
                "measured must be counts divided by n, so that their spread is binomial; "
                f"{measured.flat[off.argmax()]:.6g} of {n.flat[off.argmax()]:.0f} trials is no whole number of them"
            )
        low, high = _binomial_band(theory, n, as_failure(failure) * measured.size / points)
        agree &= bool(((low <= measured) & (measured <= high)).all())
    return agree


def beyond(sigmas: float, points: int = 1, *, n: int | None = None) -> float:
    r"""Return the chance that one of several points lies more than so many standard errors from its mean.

    .. math:: m \cdot \Pr(|X| > k)

    with X normal if the standard error is known, and Student's t with n - 1 degrees of freedom if it was estimated from
    n repetitions: then few repetitions make far outliers common.

    Parameters
    ----------
    sigmas : float
        Standard errors that are allowed, above 0.
    points : int
        Points that are compared; they may depend on each other.
    n : int, optional
        Repetitions from which each standard error was estimated. None: it is known.

    Returns
    -------
    float
        A bound, at most 1.

    Examples
    --------
    >>> f"{beyond(5):.1e}", f"{beyond(5, 40):.1e}", f"{beyond(5, n=5):.1e}"
    ('5.7e-07', '2.3e-05', '7.5e-03')
    """
    from scipy.stats import norm, t as student

    if as_real(sigmas, "sigmas") <= 0:
        raise ValueError(f"sigmas must be above 0, not {sigmas:g}")
    tail = norm.sf(sigmas) if n is None else student.sf(sigmas, as_count(n, "n", least=2) - 1)
    return min(1.0, 2 * float(tail) * as_count(points, "points"))


def false_alarm(*chances: float) -> float:
    r"""Return the chance that at least one of several checks fails although nothing is wrong.

    .. math:: \Pr(\text{any}) \le \sum_i \varepsilon_i

    whether they depend on each other or not (Bonferroni).

    Parameters
    ----------
    *chances : float
        The chance of a false alarm of each check: what :func:`beyond` returns, or the `failure` given to
        :func:`counts_agree`.

    Returns
    -------
    float
        A bound, at most 1.

    Examples
    --------
    >>> f"{false_alarm(5e-7, beyond(6, points=12)):.1e}"
    '5.2e-07'
    """
    if not chances:
        raise ValueError("chances must hold at least one check: nothing was checked")
    return min(1.0, sum(as_probability(each, "chances") for each in chances))
