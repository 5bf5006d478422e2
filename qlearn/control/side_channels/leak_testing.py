"""Leak testing: a learner is set on what a device gives away, and what it found is said in bits, with its uncertainty."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_bits, as_count, as_failure, as_real, as_rng, same_length
from qlearn._types import Array, Bits
from qlearn.evidence import Holdout
from qlearn.qubits.entropies import binary_entropy

_FEWEST = 20  # rows in either part
_UNFAIR = 1e-6


@dataclass(frozen=True)
class LeakTest:
    """What a learner knew of secret bits that it had not seen; made by :func:`leak_test`.

    Parameters
    ----------
    right, trials : int
        Right guesses, and all.
    scored : float or None
        Mean of 1 + log2 of the chance that the model gave to the bit that it was: bits a bit, if positive. None for a model
        without `predict_proba`.
    spread : float
        Standard deviation of those numbers.
    clip : float
        Chances below it, and above one minus it, were taken for it.
    """

    right: int
    trials: int
    scored: float | None = None
    spread: float = 0.0
    clip: float = 0.05

    def __post_init__(self) -> None:
        as_count(self.trials, "trials")
        if as_count(self.right, "right", least=0) > self.trials:
            raise ValueError(f"right must be at most the {self.trials} trials, not {self.right}")

    @property
    def rate(self) -> float:
        """The share of right guesses."""
        return self.right / self.trials

    @property
    def error(self) -> float:
        """One standard error of `rate`."""
        p = (self.right + 1) / (self.trials + 2)
        return float(np.sqrt(p * (1 - p) / self.trials))

    @property
    def p_value(self) -> float:
        """Chance that coins are right as often or more: exact, whatever the model, as the secret bits were fair."""
        from scipy.stats import binom

        return float(binom.sf(self.right - 1, self.trials, 0.5))

    def interval(self, *, failure: float = 0.05) -> tuple[float, float]:
        """Return the accuracies of this trained model that the count does not exclude (Clopper and Pearson)."""
        from scipy.special import betaincinv

        tail, k, n = as_failure(failure) / 2, self.right, self.trials
        low = float(betaincinv(k, n - k + 1, tail)) if k else 0.0
        high = float(betaincinv(k + 1, n - k, 1 - tail)) if k < n else 1.0
        return low, high

    def information_at_least(self, *, failure: float = 0.05) -> float:
        r"""Return bits of a secret bit that what was observed holds at least; too much with at most the chance `failure`.

        .. math:: I \ge 1 - h(a), \qquad I \ge 1 + E\,\log_2 q(s|y)

        Fano's inequality with the lower end of the accuracy a, and the mean score of the model's chances q by the empirical
        bound of Bernstein's kind, each with half of the failure; the larger counts. The second sees how sure each guess
        was, and comes to the whole of I if q is the true posterior; the first never does where readings differ in what they
        tell. There is no upper bound of this kind: what this model did not see another may.
        """
        from scipy.special import betaincinv

        delta = as_failure(failure) / (1 if self.scored is None else 2)
        low = float(betaincinv(self.right, self.trials - self.right + 1, delta)) if self.right else 0.0
        fano = 1 - float(binary_entropy(low)) if low > 0.5 else 0.0
        if self.scored is None:
            return fano
        n, log = self.trials, np.log(2 / delta)
        span = np.log2(1 / self.clip - 1)
        surely = self.scored - self.spread * np.sqrt(2 * log / n) - 7 * span * log / (3 * (n - 1))
        return max(fano, float(surely), 0.0)


def leak_test(
    model: Any,
    observations: ArrayLike,
    secrets: ArrayLike,
    *,
    fraction: float = 0.5,
    clip: float = 0.05,
    rng: Any = None,
) -> LeakTest:
    r"""Train a classifier to name secret bits from what a device gave away, and judge it on rows that it has not seen.

    The secret bits are drawn by the tester, fair and each on its own: then no reader is right in more than half of the cases
    unless there is a leak, and the p-value is exact for every model, also for one that has learned its rows by heart. The
    judged rows must be independent of each other given what was learned.

    Parameters
    ----------
    model : estimator
        Any classifier of scikit-learn's form; it is cloned, and stays as it was.
    observations : array_like, shape (n, n_features)
        What can be seen, a row for each secret bit. Complex rows are states, for a model that takes them: only its guesses
        count, and they are worth what they say if each came from one copy, as those of
        :class:`~qlearn.control.side_channels.SingleShotClassifier` do. A model that reads expectation values was given
        endless copies, and its rate is not that of a pulse.
    secrets : array_like of 0/1, shape (n,)
        The bits.
    fraction : float
        Of the rows, those that train.
    clip : float
        The least chance that the model is held to, above 0 and below 1/2: no single row can then cost more than
        log2(1/clip) bits of score.
    rng : None, int or numpy.random.Generator
        Deals the rows.

    Returns
    -------
    LeakTest

    Raises
    ------
    ValueError
        If rows are missing, not finite, of one class alone, or the secret bits are not balanced: then half right is no
        measure, and :func:`permutation_test` is the test. If the model's chances for a row do not add up to 1: they would
        prove bits that are not there.

    Examples
    --------
    >>> from sklearn.linear_model import LogisticRegression
    >>> from qlearn.control.side_channels import DetectionTimes
    >>> leak = DetectionTimes(offset=0.5)
    >>> secrets, times = leak.record(40_000, rng=2)
    >>> found = leak_test(LogisticRegression(), times, secrets, rng=2)
    >>> round(found.rate, 2), round(found.information_at_least(), 2), round(leak.information, 2)
    (0.6, 0.03, 0.04)

    References
    ----------
    Clopper and Pearson, 1934, doi:10.1093/biomet/26.4.404. Maurer and Pontil, "Empirical Bernstein bounds and sample variance
    penalization", 2009, arXiv:0907.3740, theorem 4.
    """
    rows, bits = _as_rows(observations, secrets)
    if not 0 < as_real(clip, "clip") < 0.5:
        raise ValueError(f"clip must lie between 0 and 1/2, not {clip:g}")
    _refuse_unfair(bits)
    parts = _deal(bits, fraction, as_rng(rng))
    trained = _fitted(model, rows[parts.settle], bits[parts.settle])
    fresh, truth = rows[parts.judge], bits[parts.judge]
    right = int((_guesses(trained, fresh) == truth).sum())
    # Chances from a state are the law of its outcomes, not what one copy tells: they are no q(s|y).
    if not hasattr(trained, "predict_proba") or rows.dtype.kind == "c":
        return LeakTest(right, truth.size, clip=float(clip))
    chances = _chances(trained, fresh)[np.arange(truth.size), truth]
    gains = 1 + np.log2(chances.clip(clip, 1 - clip))
    return LeakTest(right, truth.size, float(gains.mean()), float(gains.std(ddof=1)), float(clip))


@dataclass(frozen=True, eq=False)
class PermutationTest:
    """An accuracy beside those of exchanged labels; made by :func:`permutation_test`.

    Parameters
    ----------
    accuracy : float
        On the judged rows.
    exchanged : ndarray of float, shape (permutations,)
        The same with the labels dealt out anew.
    """

    accuracy: float
    exchanged: Array

    @property
    def p_value(self) -> float:
        r"""Chance of such an accuracy or a higher one without a leak, :math:`(1 + \#\{\ge\}) / (1 + m)`: never 0."""
        as_high = int(np.count_nonzero(self.exchanged >= self.accuracy - 1e-12))
        return (1 + as_high) / (1 + self.exchanged.size)


def permutation_test(
    model: Any,
    observations: ArrayLike,
    secrets: ArrayLike,
    *,
    permutations: int = 999,
    fraction: float = 0.5,
    rng: Any = None,
) -> PermutationTest:
    r"""Test for a leak where the secret bits are not fair: against the same guesses with the labels exchanged.

    The model is trained once. Were there no leak, every order of the judged labels would be as likely as the one that
    came, so the rank of the true order's accuracy is uniform: that holds for any share of ones and any model. It needs rows
    that may be exchanged. Where bits remember the last one, they may not.

    Parameters
    ----------
    model, observations, secrets
        As for :func:`leak_test`; the bits may be unbalanced, but not all alike.
    permutations : int
        m. The p-value is at least 1/(m + 1): a level of 1e-6 takes a million.
    fraction, rng
        As for :func:`leak_test`.

    Returns
    -------
    PermutationTest

    Examples
    --------
    >>> from sklearn.dummy import DummyClassifier
    >>> rng = np.random.default_rng(1)
    >>> biased = (rng.random(2000) < 0.7).astype(np.uint8)
    >>> nothing = rng.standard_normal((2000, 1))
    >>> seen = permutation_test(DummyClassifier(), nothing, biased, rng=1)
    >>> round(seen.accuracy, 1), seen.p_value  # right in 70 %, and no leak at all
    (0.7, 1.0)

    References
    ----------
    Phipson and Smyth, "Permutation p-values should never be zero", 2010, arXiv:1603.05766. Ojala and Garriga, "Permutation
    tests for studying classifier performance", JMLR 11, 1833 (2010).
    """
    rows, bits = _as_rows(observations, secrets)
    m, generator = as_count(permutations, "permutations"), as_rng(rng)
    parts = _deal(bits, fraction, generator)
    trained = _fitted(model, rows[parts.settle], bits[parts.settle])
    said, truth = _guesses(trained, rows[parts.judge]), bits[parts.judge]
    ones, ones_said = int(truth.sum()), int((said == 1).sum())
    # Only how many said ones meet ones counts, and under exchange that number is hypergeometric.
    met = generator.hypergeometric(ones, truth.size - ones, ones_said, size=m)
    exchanged = (truth.size - ones - ones_said + 2 * met) / truth.size
    return PermutationTest(float((said == truth).mean()), exchanged)


def _as_rows(observations: ArrayLike, secrets: ArrayLike) -> tuple[NDArray[Any], Bits]:
    rows, bits = np.asarray(observations), as_bits(secrets, "secrets")
    if rows.dtype.kind not in "buifc":
        raise TypeError(f"observations must be numbers, not of {rows.dtype}")
    if rows.ndim != 2 or not rows.shape[1]:
        raise ValueError(f"observations must have the shape (n, n_features), a row a bit, not {rows.shape}")
    same_length(rows, bits, "observations and secrets")
    if not np.isfinite(rows).all():
        raise ValueError(
            "observations must be finite; they hold NaN or infinity: leave out the pulses that were not recorded, "
            "together with their secret bits, and say how many"
        )
    if bits.min() == bits.max():
        raise ValueError(
            f"secrets must hold both 0 and 1, not {bits[0]} alone: there is nothing to tell apart"
        )
    return rows, bits


def _refuse_unfair(bits: Bits) -> None:
    from scipy.stats import binomtest

    if binomtest(int(bits.sum()), bits.size).pvalue < _UNFAIR:
        raise ValueError(
            f"secrets must be fair bits, drawn by the tester; of {bits.size} bits {bits.mean():.3f} are 1. Whoever always names "
            "the more frequent one is right in more than half without any leak: use permutation_test"
        )


def _deal(bits: Bits, fraction: float, rng: np.random.Generator) -> Holdout:
    if not 0 < as_real(fraction, "fraction") < 1:
        raise ValueError(f"fraction must lie between 0 and 1, not {fraction:g}")
    order, cut = rng.permutation(bits.size), round(fraction * bits.size)
    if min(cut, bits.size - cut) < _FEWEST:
        raise ValueError(
            f"observations must have at least {_FEWEST} rows in either part, not {cut} and {bits.size - cut}"
        )
    # Not in proportion to the classes: dealing by the labels would tell of a judged label through the others.
    parts = Holdout(order[:cut], order[cut:])
    if bits[parts.settle].min() == bits[parts.settle].max():
        raise ValueError("secrets must hold both 0 and 1 among the rows that train: one of them is too rare")
    return parts


def _guesses(trained: Any, rows: NDArray[Any]) -> NDArray[Any]:
    said = np.asarray(trained.predict(rows))
    if said.shape != (len(rows),):
        raise ValueError(
            f"model must name one bit for each of the {len(rows)} rows; what {type(trained).__name__} predicts has the shape "
            f"{said.shape}"
        )
    return said


def _chances(trained: Any, rows: NDArray[Any]) -> Array:
    said = np.asarray(trained.predict_proba(rows), float)
    if said.shape != (len(rows), 2) or not (
        (said >= 0).all() and np.allclose(said.sum(axis=1), 1, atol=1e-4)
    ):
        raise ValueError(
            f"model must give two chances for each row that add up to 1; those of {type(trained).__name__} have the shape "
            f"{said.shape} and sums up to {said.sum(axis=-1).max():g}: others would prove bits that are not there"
        )
    # What rounding leaves above 1 would be scored as a leak, and with many rows proved.
    return np.asarray(said / said.sum(axis=1, keepdims=True))


def _fitted(model: Any, rows: NDArray[Any], bits: Bits) -> Any:
    from sklearn.base import clone

    if not hasattr(model, "fit") or not hasattr(model, "predict"):
        raise TypeError(f"model must be a classifier with fit and predict, not {type(model).__name__}")
    return clone(model).fit(rows, bits)
