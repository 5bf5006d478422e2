"""False alarm: the chance that a page that is right fails one of its own checks."""

from qlearn._checks import as_count, as_probability, as_real


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

    Taught in :doc:`/qubits/measurement`.
    """
    from scipy.stats import norm
    from scipy.stats import t as student

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

    Taught in :doc:`/qubits/measurement`.
    """
    if not chances:
        raise ValueError("chances must hold at least one check: nothing was checked")
    return min(1.0, sum(as_probability(each, "chances") for each in chances))
