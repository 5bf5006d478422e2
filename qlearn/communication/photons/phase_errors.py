"""Phase error: a bound for the single photons of the key, by those that were tested, from the hypergeometric law."""

from math import ceil, floor, inf, lgamma, log, log1p, log2, pi, sqrt
from typing import Any

import numpy as np

from qlearn._checks import as_failure, as_real


def phase_error(errors: float, tested: float, single: float, failure: float | None) -> float:
    r"""Bound the error rate of the key's single photons by the errors of those that were tested.

    Of :math:`c + d` single photons :math:`K` would err in the basis of the test. Chance has picked the
    :math:`c` that are tested, so the number of errors among them follows the hypergeometric law, whatever Eve
    does. The bound is the largest :math:`K` at which so few errors are still likelier than :math:`\varepsilon`:

    .. math:: \phi = \frac{K^* - v}{d}, \qquad K^* = \max \Bigl\{ K : \sum_{j \le v}
              \frac{\binom cj \binom d{K-j}}{\binom{c+d}K} > \varepsilon \Bigr\}

    This is the exact one-sided confidence bound, for one error as for a million. The estimates that come in are
    real numbers; they are rounded to the careful side, `errors` up, the photons down. That is allowed: the true
    number of errors is whole and not above the estimate, and one more error seen raises :math:`K^*` by at least
    one, so that :math:`\phi` never falls; of true photons that are more than their bound the proof may put some
    aside at random, and the rest are still a random sample.

    Parameters
    ----------
    errors, tested : float
        :math:`v` errors, at most, among :math:`c` single photons of the test basis, at least.
    single : float
        :math:`d`, single photons of the key, at least.
    failure : float or None
        :math:`\varepsilon`, the chance that the bound is wrong; None for no allowance, where :math:`\phi = v/c`.

    Returns
    -------
    float
        At most 1/2, where nothing is known.

    Examples
    --------
    >>> phase_error(0, 50, 500, 1e-3)  # no error in 50 does not mean none in 500
    0.134
    >>> round(phase_error(100, 10_000, 10_000, 1e-20), 3)
    0.028

    References
    ----------
    The law: Lim et al., 2014, arXiv:1311.7129, appendix B, which uses an approximation
    (:func:`phase_error_lim2014`). Its exact tail in place of tail bounds: Mannalath, Zapatero and Curty, 2024,
    arXiv:2410.04095. Evaluation of the masses: Loader, "Fast and accurate computation of binomial probabilities",
    2000.
    """
    values = _checked(errors, tested, single, failure)
    if values is None:
        return 0.5
    if failure is None:
        return min(0.5, errors / tested)
    v, c, d = float(ceil(values[0])), float(floor(values[1])), float(floor(values[2]))
    if c < 1 or d < 1 or v >= c / 2:
        return 0.5
    bound = _most_wrong(v, c, d, log(failure))
    return 0.5 if bound is None else min(0.5, (bound - v) / d)


def phase_error_lim2014(errors: float, tested: float, single: float, failure: float | None) -> float:
    r"""Return the published closed form of the same bound, which is an approximation.

    .. math:: \phi = b + \sqrt{\frac{(c + d)(1 - b)\,b}{c\,d\,\ln 2}\,
              \log_2\Bigl(\frac{c + d}{c\,d\,(1 - b)\,b}\,\frac{1}{\varepsilon}\Bigr)}, \qquad b = v / c

    Only to compare with published curves. It puts the error rate *seen* in the place of the true one, and for few
    errors it is no bound: 1 error in 10,000 gives 0.0016, although so few are then seen once in 7,000 sessions.

    Parameters
    ----------
    errors, tested, single, failure
        As for :func:`phase_error`; the article writes :math:`\varepsilon = (\varepsilon_\text{sec}/21)^2`.

    Returns
    -------
    float
        At most 1/2, where nothing is known; with errors seen of which none remains for single photons also 1/2.

    Examples
    --------
    >>> failure = (1e-10 / 21) ** 2
    >>> [round(rule(1, 10_000, 10_000, failure), 4) for rule in (phase_error_lim2014, phase_error)]
    [0.0016, 0.008]

    References
    ----------
    Lim et al., 2014, arXiv:1311.7129, equation 5.
    """
    values = _checked(errors, tested, single, failure)
    if values is None:
        return 0.5
    v, c, d = values
    seen = v / c
    if failure is None or seen == 0:
        return min(seen, 0.5) if failure is None else 0.5
    width, size = seen * (1 - seen), (c + d) / (c * d)
    return min(0.5, seen + sqrt(size * width / log(2) * log2(max(2.0, size / width / failure))))


def smooth_phase_error(errors: float, tested: float, single: float, failure: float) -> float:
    """Return nearly :func:`phase_error`, never less, without its steps of one photon: for a search.

    Nothing is rounded, and the tail is bounded by a geometric series, within some per cent of the exact sum.
    """
    if not 0 <= errors < tested / 2 or single <= 0:
        return 0.5
    v, c, d, goal = errors, tested, single, log(failure)
    low, high = v, v + d / 2
    if log_tail(v, c, d, high, 0) > goal:
        return 0.5
    guess = min(v + (v + 1) * d / c - goal * (1 + d / c), high)
    for _ in range(60):
        excess = log_tail(v, c, d, guess, 0) - goal
        low, high = (guess, high) if excess > 0 else (low, guess)
        slope = log((d - guess + v) / (guess - v + 1) * (guess + 1) / (c + d - guess))
        proposal = guess - excess / slope if slope < 0 else high
        proposal = proposal if low < proposal < high else (low + high) / 2
        if abs(proposal - guess) < 1e-7 * guess:
            break
        guess = proposal
    return min(0.5, (high - v) / d)


def _checked(
    errors: float, tested: float, single: float, failure: float | None
) -> tuple[float, float, float] | None:
    """Return the three numbers, or None where they say nothing."""
    v, c, d = (
        as_real(x, name, least=0) for name, x in (("errors", errors), ("tested", tested), ("single", single))
    )
    if failure is not None:
        as_failure(failure)
    return None if c == 0 or d == 0 or v >= c / 2 else (v, c, d)


def _most_wrong(v: float, c: float, d: float, log_failure: float) -> float | None:
    """Return the largest whole number of errors in all whose tail is above the failure; None beyond v + d / 2."""
    low, high = v, v + min(d, ceil(d / 2) + 1)  # the tail is 1 at v, and falls
    if log_tail(v, c, d, high) > log_failure:
        return None
    # The logarithm of the tail is concave and nearly straight: a secant finds its way in a few steps. The bracket
    # keeps what is known, and is halved where a step would leave it.
    guess, before, slope, reach = v + (v + 1) * d / c - log_failure * (1 + d / c), None, 0.0, 1.0
    while high - low > 1 and low + (high - low) / 2 not in (low, high):
        guess = floor(guess)
        if not low < guess < high:
            guess = low + max(1.0, floor((high - low) / 2))
        excess = log_tail(v, c, d, guess) - log_failure
        low, high = (guess, high) if excess > 0 else (low, guess)
        if before is None:
            slope = log((d - guess + v) / (guess - v + 1) * (guess + 1) / (c + d - guess))
        elif abs(guess - before[0]) > reach:
            slope = (excess - before[1]) / (guess - before[0])
        before = guess, excess
        step = -excess / slope if slope < 0 else 0.0
        if abs(step) < reach:  # the neighbourhood is found: close the bracket around it, in growing steps
            step, reach = (reach if excess > 0 else -reach), 4 * reach
        guess += step
    return low


# Terms of the tail that are summed one by one; what is left is bounded by a geometric series.
_MOST_TERMS = 4096


def log_tail(
    seen: float, tested: float, untested: float, wrong: float, most_terms: int = _MOST_TERMS
) -> float:
    """Return the log of P(at most `seen` of `wrong` items are among the `tested`); never below the truth.

    With up to `most_terms` terms the sum is complete. Beyond, the ratio of neighbouring terms falls from term to
    term, so that a geometric series with the last ratio bounds the rest from above.
    """
    if seen >= min(tested, wrong):
        return 0.0
    if wrong - seen > untested:
        return -inf
    first = _ratio(seen, tested, untested, wrong)
    total, last, rest = 1.0, first, 1.0
    # e**-40 of the first term is below the resolution of a float64.
    terms = int(min(seen, most_terms, ceil(40 / (1 - first)) if first < 1 else most_terms))
    if terms > 0:
        products = np.cumprod(_ratio(seen - np.arange(terms), tested, untested, wrong))
        total, rest = total + float(products.sum()), float(products[-1])
        last = _ratio(seen - terms, tested, untested, wrong)
    if terms < seen:
        if last >= 1:
            return 0.0
        total += rest * last / (1 - last)
    return min(0.0, _log_mass(seen, tested, untested, wrong) + log(total))


def _ratio(j: Any, tested: float, untested: float, wrong: float) -> Any:
    """Return P(j - 1) / P(j), for a number or an array."""
    return j * (untested - wrong + j) / ((tested - j + 1) * (wrong - j + 1))


def _log_mass(seen: float, tested: float, untested: float, wrong: float) -> float:
    """Return log P(seen), as three binomial masses: their large parts cancel before they are computed."""
    fraction = wrong / (tested + untested)
    parts = _log_binomial(seen, tested, fraction), _log_binomial(wrong - seen, untested, fraction)
    return sum(parts) - _log_binomial(wrong, tested + untested, fraction)


def _log_binomial(k: float, n: float, p: float) -> float:
    if k <= 0:
        return n * log1p(-p)
    if k >= n:
        return n * log(p)
    away = _deviance(k, n * p) + _deviance(n - k, n * (1 - p))
    return _stirling(n) - _stirling(k) - _stirling(n - k) - away - 0.5 * log(2 * pi * k * (1 - k / n))


def _stirling(n: float) -> float:
    """Return log n! minus Stirling's formula."""
    if n < 16:
        return lgamma(n + 1) - (n + 0.5) * log(n) + n - 0.5 * log(2 * pi)
    square = n * n
    return (1 / 12 - (1 / 360 - (1 / 1260 - 1 / (1680 * square)) / square) / square) / n


def _deviance(k: float, mean: float) -> float:
    """Return k log(k / mean) + mean - k without cancellation."""
    w = (k - mean) / (k + mean)
    if abs(w) > 0.1:
        return k * log(k / mean) + mean - k
    # log(k / mean) = 2 artanh w
    series, power, j = 0.0, w, 1
    while True:
        power, j = power * w * w, j + 2
        term = power / j
        if series + term == series:
            return w * (k - mean) + 2 * k * series
        series += term
