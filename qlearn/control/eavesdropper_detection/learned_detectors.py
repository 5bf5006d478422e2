"""Learned detectors: any model's suspicion of a block, on a scale that one chart reads for all of them."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.signal import lfilter
from scipy.special import ndtri
from sklearn.base import is_classifier, is_outlier_detector
from sklearn.utils.validation import check_is_fitted

from qlearn._checks import as_failure, as_reals

_CERTAIN = 1e-12


def suspicion(model: Any, X: ArrayLike) -> NDArray[np.float64]:
    r"""Return how suspicious a fitted model finds each block, shape (n,): more is worse, nan where a block has a hole.

    A model of outliers (:class:`sklearn.svm.OneClassSVM`, :class:`~qlearn.learning.qsvm.OneClassQSVM`) is asked for its
    decision value, which falls outside, with the sign turned. A classifier of class 0 (quiet) and one or more others
    (attacks) is asked for the log odds that it is not class 0,

    .. math:: \ln \frac{1 - p_0}{p_0}

    which estimate the logarithm of the likelihood ratio, quiet against a mixture of the attacks that it was shown, up to a
    constant. A classifier of two classes that offers no chances is asked for its decision value.

    Parameters
    ----------
    model : fitted estimator
        Of outliers, or of classes; a pipeline that ends in one is one.
    X : array_like, shape (n, n_features)
        Features of n blocks. A row that holds nan or infinity is not asked.

    Returns
    -------
    ndarray of float, shape (n,)

    Raises
    ------
    TypeError
        If the model is neither.
    ValueError
        If a classifier knows no class 0, or nothing else; if it has more than two classes and offers no chances; if X is
        no table of rows.

    Examples
    --------
    >>> from sklearn.linear_model import LogisticRegression
    >>> model = LogisticRegression().fit([[0.0], [0.2], [1.0], [1.2]], [0, 0, 1, 1])
    >>> suspicion(model, [[0.1], [np.nan], [1.1]]).round(2)
    array([-0.4,  nan,  0.4])
    """
    outliers = is_outlier_detector(model)
    if not outliers:
        _refuse_other_classes(model)
    rows = np.asarray(X, dtype=np.float64)
    if rows.ndim != 2:
        raise ValueError(f"X must hold one row of features a block, (n, n_features), not shape {rows.shape}")
    whole = np.isfinite(rows).all(axis=1)
    scores = np.full(len(rows), np.nan)
    if not whole.any():
        return scores
    if outliers:
        scores[whole] = -model.decision_function(rows[whole])
    elif hasattr(model, "predict_proba"):
        # A forest or a tree is certain at times; its log odds stay finite.
        quiet = np.clip(model.predict_proba(rows[whole])[:, 0], _CERTAIN, 1 - _CERTAIN)
        scores[whole] = np.log1p(-quiet) - np.log(quiet)
    else:
        scores[whole] = model.decision_function(rows[whole])
    return scores


def _refuse_other_classes(model: Any) -> None:
    """Refuse what is no classifier of quiet and attacked blocks."""
    if not is_classifier(model):
        raise TypeError(
            f"model must be a fitted classifier or a model of outliers, not {type(model).__name__}"
        )
    check_is_fitted(model)
    classes = list(model.classes_)
    # Sorted, so class 0 is the first where no label is negative.
    if len(classes) < 2 or classes[0] != 0:
        raise ValueError(
            f"model must know class 0, quiet, and at least one attack by a higher number, not the classes {classes}"
        )
    if len(classes) > 2 and not hasattr(model, "predict_proba"):
        raise ValueError(
            f"model must offer predict_proba to tell {len(classes)} classes, as the odds against class 0 are asked; "
            f"{type(model).__name__} does not: give all attacks the class 1"
        )


def normal_scores(quiet: ArrayLike, scores: ArrayLike) -> NDArray[np.float64]:
    r"""Return scores as normal scores among those of quiet blocks, of the shape of `scores`; nan stays nan.

    .. math:: z = \Phi^{-1}\Bigl(\frac{r + 1/2}{N + 1}\Bigr)

    with r the number of the N quiet scores that lie below (a tie counts half). A further quiet block of the same law has
    a z that is standard normal up to the steps of a rank, whatever the model, *on average over the N*; so one chart, with one
    threshold in closed form, serves all models, roughly: all blocks are placed among the same N, whose chance stays in the
    whole run (its mean is off by some :math:`1/\sqrt N`). What lies beyond all quiet scores has
    :math:`z = \Phi^{-1}(1 - \tfrac{1}{2(N+1)})`, and no block alone counts for more.

    Parameters
    ----------
    quiet : array_like, shape (N,)
        Scores of quiet blocks that trained nothing, at least 20.
    scores : array_like, shape (...)
        To be placed among them.

    Returns
    -------
    ndarray of float, shape (...)

    Examples
    --------
    >>> normal_scores(np.arange(99), [49, 1000, np.nan]).round(2)
    array([0.  , 2.58,  nan])

    References
    ----------
    van der Waerden, "Order tests for the two-sample problem and their power", Indag. Math. 14, 453 (1952).
    """
    reference = np.sort(_quiet(quiet, least=20))
    asked = np.asarray(scores, dtype=np.float64)
    below = np.searchsorted(reference, asked, side="left") + np.searchsorted(reference, asked, side="right")
    z = ndtri((below / 2 + 0.5) / (reference.size + 1))
    return np.where(np.isnan(asked), np.nan, z)


def follow(X: ArrayLike, forgetting: float, *, start: ArrayLike | None = None) -> NDArray[np.float64]:
    r"""Return rows without their slow part, shape (n, ...): what is left after a reference that follows the line.

    .. math:: d_t = x_t - m_{t-1}, \qquad m_t = m_{t-1} + \lambda\, d_t

    Drift that is slow against :math:`1/\lambda` blocks is gone from d, and so is an attack that is as slow: a ramp of s
    a block leaves :math:`d \to s/\lambda`, a step is forgotten after some :math:`1/\lambda` blocks. A row with nan leaves
    the reference where it was.

    Parameters
    ----------
    X : array_like, shape (n,) or (n, n_features)
        Features of blocks in their order.
    forgetting : float
        :math:`\lambda`, above 0 and below 1.
    start : array_like, optional
        :math:`m` before the first block. None: the first row without a hole, whose d is 0.

    Returns
    -------
    ndarray of float, of the shape of X

    Examples
    --------
    >>> follow(np.arange(200.0), 0.1)[-1].round(3)  # a ramp of 1 a block
    np.float64(10.0)
    """
    rows = np.asarray(X, dtype=np.float64)
    forgetting = as_failure(forgetting, "forgetting")
    if rows.ndim not in (1, 2) or not len(rows):
        raise ValueError(
            f"X must hold the rows of at least one block, (n,) or (n, n_features), not shape {rows.shape}"
        )
    flat = rows.reshape(len(rows), -1)
    whole = np.isfinite(flat).all(axis=1)
    seen = flat[whole]
    left = np.full(flat.shape, np.nan)
    if len(seen):
        first = seen[0] if start is None else np.broadcast_to(as_reals(start, "start"), flat.shape[1:])
        keep = 1 - forgetting
        after, _ = lfilter([forgetting], [1.0, -keep], seen, axis=0, zi=keep * first[None, :])
        left[whole] = seen - np.vstack([first, after[:-1]])
    return left.reshape(rows.shape)


@dataclass(frozen=True)
class DetectorPower:
    """How often a detector alarms at a threshold that quiet blocks have set.

    Parameters
    ----------
    threshold : float
        Scores above it are alarms.
    false_alarm, power : float
        Share of alarms among the quiet and among the attacked blocks that judge.
    low, high : float
        Interval of the power at 95 % (Clopper and Pearson).
    """

    threshold: float
    false_alarm: float
    power: float
    low: float
    high: float


def power_at(
    settle: ArrayLike, quiet: ArrayLike, attacked: ArrayLike, *, false_alarm: float = 0.01
) -> DetectorPower:
    r"""Return the power of scores at the threshold that leaves a share of quiet blocks above it.

    The threshold is the :math:`\lceil (1 - \alpha)(N + 1) \rceil`-th of the N scores that settle, in rising order. A
    further quiet block of the same law exceeds it with a chance of at most :math:`\alpha` (:math:`\alpha` itself, but for
    steps of :math:`1/(N + 1)`, where no scores are tied): no model of the scores is needed for that. What is then counted,
    on blocks that settled nothing, tells whether the law has stayed.

    Parameters
    ----------
    settle : array_like, shape (N,)
        Scores of quiet blocks that set the threshold, at least :math:`1/\alpha - 1`.
    quiet, attacked : array_like, shape (n,), (m,)
        Scores of the blocks that judge. Blocks without a score (nan) are no alarms.
    false_alarm : float
        :math:`\alpha`, a block.

    Returns
    -------
    DetectorPower

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> settle, quiet, attacked = rng.normal(size=1000), rng.normal(size=5000), rng.normal(2, size=5000)
    >>> seen = power_at(settle, quiet, attacked)
    >>> round(seen.false_alarm, 3), round(seen.power, 2)  # in theory 0.01 and 0.37
    (0.014, 0.42)

    References
    ----------
    Order statistics as thresholds: Wilks, "Determination of sample sizes for setting tolerance limits",
    Ann. Math. Statist. 12, 91 (1941). The interval: Clopper and Pearson, 1934, doi:10.1093/biomet/26.4.404.
    """
    from scipy.stats import beta

    alpha = as_failure(false_alarm, "false_alarm")
    reference = np.sort(_quiet(settle, "settle", least=int(np.ceil(1 / alpha - 1 - 1e-9))))
    k = int(np.ceil((1 - alpha) * (reference.size + 1) - 1e-9))
    threshold = float(reference[k - 1])
    alarms = [np.asarray(part, dtype=np.float64).ravel() > threshold for part in (quiet, attacked)]
    if not min(part.size for part in alarms):
        raise ValueError("quiet and attacked must each hold at least one block: there is nothing to count")
    found, n = int(alarms[1].sum()), alarms[1].size
    low = float(beta.ppf(0.025, found, n - found + 1)) if found else 0.0
    high = float(beta.ppf(0.975, found + 1, n - found)) if found < n else 1.0
    return DetectorPower(threshold, float(alarms[0].mean()), found / n, low, high)


def delays(alarms: ArrayLike, onset: int) -> NDArray[np.float64]:
    """Return after how many attacked blocks each stream alarms, shape (n_streams,); infinite where it never does.

    The first attacked block counts as 1. A stream that alarmed before is judged by its first alarm from the onset on, as
    if nobody had believed the false ones. (A sum that is still above its threshold at the onset, or crosses it by chance a
    little later, counts as having found her: begin charts at the onset, and look at the delays of quiet streams, too.)

    Parameters
    ----------
    alarms : array_like of bool, shape (n_streams, n_blocks)
        Whether the detector alarms after each block.
    onset : int
        Index of the first attacked block.

    Returns
    -------
    ndarray of float, shape (n_streams,)

    Raises
    ------
    TypeError
        If `alarms` are no truth values: a score, or nan, would count as an alarm.
    ValueError
        If `onset` is none of the blocks.

    Examples
    --------
    >>> delays([[False, False, True, True], [False, False, False, False]], onset=1)
    array([ 2., inf])
    """
    on = np.atleast_2d(np.asarray(alarms))
    if on.dtype != np.bool_ or on.ndim != 2:
        raise TypeError(
            f"alarms must say True or False of each block, (n_streams, n_blocks), not {on.dtype} of shape {on.shape}: "
            "compare scores with their threshold first"
        )
    if not 0 <= onset < on.shape[1]:
        raise ValueError(
            f"onset must be one of the {on.shape[1]} blocks, 0 to {on.shape[1] - 1}, not {onset}"
        )
    late = on[:, onset:]
    return np.where(late.any(axis=1), late.argmax(axis=1) + 1.0, np.inf)


def _quiet(scores: ArrayLike, name: str = "quiet", *, least: int) -> NDArray[np.float64]:
    """Return scores of quiet blocks, enough of them; an infinite one is a score, such as the log of a chance of 0."""
    reference = np.asarray(scores, dtype=np.float64).ravel()
    if np.isnan(reference).any():
        raise ValueError(
            f"{name} must be numbers, and {int(np.isnan(reference).sum())} of {reference.size} are nan: leave blocks out "
            "that have no score"
        )
    if reference.size < least:
        raise ValueError(
            f"{name} must hold at least {least} scores of quiet blocks, not {reference.size}: what is rarer than all of "
            "them cannot be told"
        )
    return reference
