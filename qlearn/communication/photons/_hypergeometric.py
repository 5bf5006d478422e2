"""The lower tail of the hypergeometric law, accurate for ten items and for 10**18."""

from math import ceil, inf, lgamma, log, log1p, pi
from typing import Any

import numpy as np

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
    share = wrong / (tested + untested)
    parts = _log_binomial(seen, tested, share), _log_binomial(wrong - seen, untested, share)
    return sum(parts) - _log_binomial(wrong, tested + untested, share)


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
