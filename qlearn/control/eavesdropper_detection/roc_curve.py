"""ROC: how often a detector cries wolf, how often it is right, and what no detector on counts can exceed."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.stats import binom, norm, rankdata

from qlearn._checks import as_count, as_probability, as_real, as_reals
from qlearn._types import Array


@dataclass(frozen=True, eq=False)
class Roc:
    r"""A receiver operating characteristic: alarms with and without Eve, by threshold.

    Parameters
    ----------
    thresholds : ndarray, shape (m,)
        Rising; an alarm is a score of at least the threshold. The last is infinite, or beyond any count: no alarm.
    false_alarm, power : ndarray, shape (m,)
        Chances of an alarm in a quiet and in an attacked block.
    auc : float
        Area under the curve: the chance that an attacked block scores higher than a quiet one, ties half.

    Examples
    --------
    >>> curve = roc(1000, 0.03, 0.05)
    >>> round(curve.auc, 6), curve.threshold_at(0.01), round(curve.power_at(0.01), 6)
    (0.921483, 44.0, 0.38251)
    >>> rng = np.random.default_rng(1)
    >>> measured = empirical_roc(rng.binomial(1000, 0.03, 2000), rng.binomial(1000, 0.04175, 2000))
    >>> round(measured.auc, 2)
    0.92
    """

    thresholds: Array
    false_alarm: Array
    power: Array
    auc: float

    def _first(self, false_alarm: float) -> int:
        """Return the place of the lowest threshold whose false alarms are no more than `false_alarm`."""
        return int(np.argmax(self.false_alarm <= as_probability(false_alarm, "false_alarm")))

    def threshold_at(self, false_alarm: float) -> float:
        """Return the lowest threshold with at most this chance of a false alarm."""
        return float(self.thresholds[self._first(false_alarm)])

    def power_at(self, false_alarm: float, *, randomised: bool = False) -> float:
        """Return the power at this chance of a false alarm, at most; randomised: exactly, by a coin at the threshold below."""
        at = self._first(false_alarm)
        if not randomised or at == 0:
            return float(self.power[at])
        steps = self.false_alarm[at - 1] - self.false_alarm[at]
        coin = (false_alarm - self.false_alarm[at]) / steps
        return float(self.power[at] + coin * (self.power[at - 1] - self.power[at]))


def roc(n: int, qber: float, intercepted: float) -> Roc:
    r"""Return the exact ROC of the number of errors among `n` sifted bits, with Eve on a fraction of the pulses.

    .. math:: X \sim \text{Bin}(n, e), \qquad e_1 = e_0 + r\,\bigl(\tfrac14 - \tfrac{e_0}{2}\bigr)

    The likelihood ratio of two binomials rises with X, so a threshold on X is the best test (Neyman and Pearson), and
    nothing that looks at this count lies above the curve.

    Parameters
    ----------
    n : int
        Sifted bits a block.
    qber : float
        :math:`e_0`, error rate without Eve, 0 to 1/2.
    intercepted : float
        r, fraction of the pulses that she intercepts and resends.

    Returns
    -------
    Roc
        At the thresholds 0 to n + 1.

    Examples
    --------
    >>> round(roc(10_000, 0.03, 0.02).auc, 6)
    0.969897

    References
    ----------
    Neyman and Pearson, Phil. Trans. R. Soc. A 231, 289 (1933), doi:10.1098/rsta.1933.0009.
    """
    n = as_count(n, "n")
    qber = as_real(qber, "qber", least=0, most=0.5)
    attacked = qber + as_probability(intercepted, "intercepted") * (0.25 - qber / 2)
    counts = np.arange(n + 2)
    false_alarm, power = (binom.sf(counts - 1, n, p) for p in (qber, attacked))
    # P(X1 > X0) + P(X1 = X0) / 2, summed over X0
    quiet = binom.pmf(counts, n, qber)
    above = np.append(power[1:], 0.0)
    auc = float(quiet @ (above + (power - above) / 2))
    return Roc(counts.astype(float), false_alarm, power, auc)


def empirical_roc(quiet: ArrayLike, attacked: ArrayLike) -> Roc:
    """Return the ROC of scores that were measured: high means Eve.

    Parameters
    ----------
    quiet, attacked : array_like of float, shapes (a,) and (b,)
        Scores of blocks without and with her. Infinite ones count; NaN does not.

    Returns
    -------
    Roc
        At each score that occurs, and at infinity.

    Examples
    --------
    >>> curve = empirical_roc([0.1, 0.2, 0.3, 0.4], [0.3, 0.5])
    >>> curve.auc, curve.power_at(0.25)
    (0.8125, 0.5)
    """
    low, high = _as_scores(quiet, "quiet"), _as_scores(attacked, "attacked")
    thresholds = np.append(np.unique(np.concatenate([low, high])), np.inf)

    def alarms(scores: Array) -> Array:
        rates = 1 - np.searchsorted(np.sort(scores), thresholds, side="left") / len(scores)
        rates[-1] = 0.0  # by definition, also if a score is infinite
        return rates

    return Roc(thresholds, alarms(low), alarms(high), float(_placements(low, high)[1].mean()))


def auc_interval(
    quiet: ArrayLike, attacked: ArrayLike, confidence: float = 0.95
) -> tuple[float, float, float]:
    r"""Return the area under the ROC of measured scores, and the ends of its confidence interval.

    .. math:: \hat\sigma^2 = \frac{s_{10}^2}{b} + \frac{s_{01}^2}{a}

    DeLong's variance: each attacked score's share of quiet scores below it, and each quiet score's share of attacked ones
    above it, have the sample variances :math:`s_{10}^2, s_{01}^2`. The interval is taken on the logit of the area, so
    that it stays between 0 and 1. Where every score has the same placement (an area of 0 or 1, or only ties) the variance is 0
    and says nothing, and the rule of three is used for the smaller sample: no other placement was seen in m tries.

    Parameters
    ----------
    quiet, attacked : array_like of float, shapes (a,) and (b,)
        Scores without and with Eve, two at least of each, independent of each other.
    confidence : float
        Coverage, above 0 and below 1; for large samples. Of 0.95 there is less where few scores of one kind decide: 0.88 of
        500 and 10 normal ones at an area of 0.86, 0.78 of 200 and 30 that are 1 in a twentieth or fiftieth of cases, else 0.

    Returns
    -------
    tuple of (float, float, float)
        Area, lower and upper end.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> [round(x, 3) for x in auc_interval(rng.normal(size=200), rng.normal(1, size=200))]
    [0.782, 0.734, 0.823]

    References
    ----------
    DeLong, DeLong and Clarke-Pearson, Biometrics 44, 837 (1988), doi:10.2307/2531595.
    """
    low, high = _as_scores(quiet, "quiet", 2), _as_scores(attacked, "attacked", 2)
    level = as_real(confidence, "confidence")
    if not 0 < level < 1:
        raise ValueError(f"confidence must lie between 0 and 1, not {level:g}")
    above, below = _placements(low, high)
    auc = float(below.mean())
    # By range, since a variance of equal numbers need not be 0 to rounding.
    if np.ptp(below) == 0 and np.ptp(above) == 0:
        # What differs in a share of the pairs moves the area by up to that share; from a half it is either way.
        missed = float(-np.log(1 - level) / min(len(low), len(high)))
        return auc, max(0.0, auc - missed), min(1.0, auc + missed)
    error = np.sqrt(below.var(ddof=1) / len(high) + above.var(ddof=1) / len(low))
    half = norm.ppf((1 + level) / 2) * error / (auc * (1 - auc))
    centre = np.log(auc / (1 - auc))
    lower, upper = 1 / (1 + np.exp(-(centre + np.array([-half, half]))))
    return auc, float(lower), float(upper)


def _placements(low: Array, high: Array) -> tuple[Array, Array]:
    """Return for each quiet score the share of attacked ones above it, for each attacked one that of quiet ones below."""
    joint = rankdata(np.concatenate([low, high]))
    above = 1 - (joint[: len(low)] - rankdata(low)) / len(high)
    below = (joint[len(low) :] - rankdata(high)) / len(low)
    return above, below


def _as_scores(x: ArrayLike, name: str, least: int = 1) -> Array:
    scores = np.asarray(x)
    if scores.dtype.kind not in "uif":
        return as_reals(scores, name)  # refuses
    scores = scores.astype(np.float64)
    if scores.ndim != 1 or len(scores) < least or np.isnan(scores).any():
        raise ValueError(
            f"{name} must be {least} scores or more along one axis, without NaN, not of shape {scores.shape}"
        )
    return scores
