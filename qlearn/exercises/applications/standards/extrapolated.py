"""How far an extrapolated rival can be trusted."""

import numpy as np

from qlearn.exercises import exercise


@exercise(
    level="stretch",
    right="the interval is for the *fit*: that a better program has another law altogether is not in it.",
    because="""
        On a logarithmic axis an exponential law is a straight line. Least squares give slope and intercept, and what is left
        over, divided by k - 2, is the variance of one measurement. The error of the line grows with the distance from the middle
        of the sizes that were measured: the second term under the root. And the factor of the next idea is in no interval:
        10,000 years became hours by another method, not by noise.
    """,
)
def extrapolated(sizes, seconds, target):
    r"""A rival was timed at some `sizes`, and took `seconds` (two arrays, at least four sizes). Fit
    $\log_2 t = a + b\,n$ by least squares. Return the tuple `(low, fit, high)` of times in seconds at the size `target`: the
    fit, and the fit $\pm 2$ standard errors of the line there, taken on the logarithm,
    $$\sigma = s \sqrt{\frac1k + \frac{(n - \bar n)^2}{\sum_i (n_i - \bar n)^2}},$$
    for k sizes, with $s^2$ the sum of the squared residuals over k - 2.
    """
    n, y = np.asarray(sizes, float), np.log2(seconds)
    middle = n.mean()
    spread = ((n - middle) ** 2).sum()
    slope = ((n - middle) * y).sum() / spread
    residuals = y - y.mean() - slope * (n - middle)
    fit = y.mean() + slope * (target - middle)
    error = np.sqrt((residuals**2).sum() / (len(n) - 2) * (1 / len(n) + (target - middle) ** 2 / spread))
    return 2 ** (fit - 2 * error), 2**fit, 2 ** (fit + 2 * error)


@extrapolated.cases
def timings(rng):
    """Four sizes and many, evenly spaced and not, within and far beyond what was measured."""
    for k, target in ((4, 40), (5, 60), (8, 53), (12, 30), (6, 12)):
        sizes = np.sort(rng.choice(np.arange(8, 34), k, replace=False))
        noise = rng.normal(0, 0.4, k)
        yield sizes, 2 ** (rng.uniform(-16, -8) + rng.uniform(0.5, 1.0) * sizes + noise), target


def _line(sizes, seconds, target, *, dof=2, far=True, times=2.0, mean=True):
    n, y = np.asarray(sizes, float), np.log2(seconds)
    slope, level = np.polyfit(n, y, 1)
    left = ((y - level - slope * n) ** 2).sum() / (len(n) - dof)
    away = (target - n.mean()) ** 2 / ((n - n.mean()) ** 2).sum() if far else 0.0
    error = np.sqrt(left * ((1 / len(n) if mean else 0.0) + away))
    fit = level + slope * target
    return 2 ** (fit - times * error), 2**fit, 2 ** (fit + times * error)


@extrapolated.mistake("two numbers were fitted: divide the squares by k - 2.")
def too_many_degrees(sizes, seconds, target):
    return _line(sizes, seconds, target, dof=0)


@extrapolated.mistake("divide by k - 2, not k - 1: the line has two numbers.")
def one_degree(sizes, seconds, target):
    return _line(sizes, seconds, target, dof=1)


@extrapolated.mistake(
    "the fit is right. The error grows with the distance from the sizes that were measured: the second term is missing."
)
def same_everywhere(sizes, seconds, target):
    return _line(sizes, seconds, target, far=False)


@extrapolated.mistake("the fit is right, and the interval is that of one standard error: two are asked for.")
def one_error(sizes, seconds, target):
    return _line(sizes, seconds, target, times=1.0)


@extrapolated.mistake("the fit is right. The first term, 1/k, is missing under the root.")
def without_the_mean(sizes, seconds, target):
    return _line(sizes, seconds, target, mean=False)


@extrapolated.mistake("you return logarithms: asked for are seconds.")
def logarithms(sizes, seconds, target):
    return tuple(np.log2(_line(sizes, seconds, target)))


@extrapolated.mistake("you fitted the seconds themselves by a line: fit their logarithms.")
def straight_times(sizes, seconds, target):
    return _plain(sizes, seconds, target)


def _plain(sizes, seconds, target):
    n, y = np.asarray(sizes, float), np.asarray(seconds)
    slope, level = np.polyfit(n, y, 1)
    left = ((y - level - slope * n) ** 2).sum() / (len(n) - 2)
    error = np.sqrt(left * (1 / len(n) + (target - n.mean()) ** 2 / ((n - n.mean()) ** 2).sum()))
    fit = level + slope * target
    return fit - 2 * error, fit, fit + 2 * error


@extrapolated.mistake("the three numbers are in the reverse order: low, fit, high.")
def reversed_order(sizes, seconds, target):
    return _line(sizes, seconds, target)[::-1]
