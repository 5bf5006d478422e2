"""Online detectors: one number a block, constant memory, and a record of the blocks that could not be used."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from math import isfinite
from numbers import Real
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.signal import lfilter

from qlearn._checks import as_real
from qlearn._types import Array
from qlearn.control.eavesdropper_detection.sequential_test import wald_bounds

# Blocks of a stream taken at once: running sums stay small, and so does the memory.
_CHUNK = 1 << 16
# Beyond so many standard deviations a number is none: sums of such would overflow, and come to nan.
_FARTHEST = 1e150
# A running sum above it has lost digits that the small steps after it need.
_LARGE = 1e6
# Places of a record's counts.
_USED, _MISSING, _IMPOSSIBLE, _CLOCK, _GAPS = range(5)


@dataclass(frozen=True)
class Record:
    """How many blocks a detector used, and how many it passed over and why. It does not grow with the stream.

    Parameters
    ----------
    used : int
        Blocks that entered the statistic.
    missing : int
        Blocks without a value (nan).
    impossible : int
        Values that are infinite, outside of `valid`, or more than 1e150 standard deviations from the mean.
    clock : int
        Blocks whose time was not after that of the block before, or was nan. The next one is measured against them, so
        that a clock that jumps costs one block and never silences the detector.
    gaps : int
        Jumps of the time by more than 1.5 blocks; the block after a jump is used.

    Examples
    --------
    >>> Record(used=3, missing=1).skipped
    1
    """

    used: int = 0
    missing: int = 0
    impossible: int = 0
    clock: int = 0
    gaps: int = 0

    @property
    def skipped(self) -> int:
        """Blocks that were not used."""
        return self.missing + self.impossible + self.clock


class Detector(ABC):
    r"""A detector that reads one number a block, and raises an alarm when its statistic exceeds its threshold.

    .. math:: x = \frac{\text{value} - m}{s}

    A block that cannot be used leaves the statistic as it is and enters :attr:`record`; with ``strict=True`` it is refused.
    Who can make blocks fail can keep a detector blind: the record is to be watched, too. An alarm stands until
    :meth:`reset`, and so does what the statistic has gathered. It is no statement about a key, and neither is its absence.

    Parameters
    ----------
    threshold : float
        Above 0.
    mean, sd : float
        m and s of the values on a quiet line.
    valid : tuple of (float, float), optional
        What a value may physically be, for example ``(0, 1)`` of an error rate. None: any finite number. An infinite
        log-likelihood ratio is passed over as well, the plainest sign of Eve: clip it first, to more than the threshold.
    strict : bool
        Whether a block that cannot be used is an error.

    Attributes
    ----------
    statistic : float
        The last one.
    alarmed : bool
        Whether it has exceeded the threshold since the last reset.

    Examples
    --------
    >>> chart = Cusum(5.0, mean=0.03, sd=0.005, valid=(0, 1))
    >>> [round(chart.update(qber), 1) for qber in (0.031, float("nan"), 0.04, 0.05)], chart.record.missing
    ([0.0, 0.0, 1.5, 5.0], 1)
    """

    def __init__(
        self,
        threshold: float,
        *,
        mean: float = 0.0,
        sd: float = 1.0,
        valid: tuple[float, float] | None = None,
        strict: bool = False,
    ) -> None:
        self.threshold = as_real(threshold, "threshold", above=0)
        self.mean, self.sd = as_real(mean, "mean"), as_real(sd, "sd", above=0)
        low, high = (-np.inf, np.inf) if valid is None else valid
        if not low < high:
            raise ValueError(f"valid must be a pair (low, high) with low < high, not {valid}")
        self.valid, self.strict = (float(low), float(high)), bool(strict)
        self._counts = [0] * 5
        self._last_time = -np.inf
        self.reset()

    @property
    def record(self) -> Record:
        """Blocks used and passed over since the detector was made."""
        return Record(*self._counts)

    def reset(self) -> None:
        """Begin anew after an alarm was looked into; the clock and the record go on."""
        self.statistic = 0.0
        self.alarmed = False
        self._start()

    def update(self, value: float, time: float | None = None) -> float:
        """Read one block and return the statistic.

        Parameters
        ----------
        value : float
            Of the block; nan, or masked, if it is missing.
        time : float, optional
            When it was, counted in blocks; times that do not rise are noted. None: the clock is not looked at, and stays.

        Returns
        -------
        float
        """
        x, clock = _as_number(value, "value"), None if time is None else _as_number(time, "time")
        possible = self.valid[0] <= x <= self.valid[1] and abs(x - self.mean) < _FARTHEST * self.sd
        known = clock is not None and isfinite(clock)
        late = clock is not None and not (known and clock > self._last_time)
        if self.strict and (late or not possible):
            self._refuse(np.array([x]), None if clock is None else np.array([clock]))
        if clock is not None and known:
            gap = possible and not late and 1.5 < clock - self._last_time < np.inf
            self._counts[_GAPS] += gap
            self._last_time = clock
        if possible and not late:
            self._counts[_USED] += 1
            self.statistic = self._step((x - self.mean) / self.sd)
            if self.statistic > self.threshold:
                self.alarmed = True
        else:
            self._counts[_MISSING if x != x else _CLOCK if possible else _IMPOSSIBLE] += 1
        return self.statistic

    def run(self, values: ArrayLike, times: ArrayLike | None = None) -> Array:
        """Read many blocks, as :meth:`update` would one by one, and return the statistic after each, shape (n,).

        The two agree up to rounding: of a sum that comes to its threshold to the last digit one may say that it exceeds it,
        and the other not. Whole numbers have no such digits.

        Parameters
        ----------
        values : array_like of float, shape (n,)
            nan, or masked, where a block is missing.
        times : array_like of float, shape (n,), optional
            In blocks. None: the clock is not looked at.

        Returns
        -------
        ndarray of float, shape (n,)
        """
        x, clock = _as_stream(values, "values"), None if times is None else _as_stream(times, "times")
        if clock is not None and len(clock) != len(x):
            raise ValueError(f"values and times must have the same length, not {len(x)} and {len(clock)}")
        parts = [slice(first, first + _CHUNK) for first in range(0, len(x), _CHUNK)]
        if self.strict:  # all of it, before anything has changed
            before = self._last_time
            for part in parts:
                self._refuse(x[part], None if clock is None else clock[part], part.start, before)
                before = before if clock is None else float(clock[part][-1])
        out = np.empty(len(x))
        for part in parts:
            chunk = (
                np.asarray(x[part], dtype=float),
                None if clock is None else np.asarray(clock[part], float),
            )
            self._run_chunk(*chunk, out[part])
        return out

    def _run_chunk(self, x: Array, clock: Array | None, out: Array) -> None:
        usable = self._sort(x, clock)
        good = x if usable.all() else x[usable]
        if len(good):
            statistics = self._advance((good - self.mean) / self.sd)
            before, self.statistic = self.statistic, float(statistics[-1])
            self.alarmed = self.alarmed or bool((statistics > self.threshold).any())
            if len(good) == len(x):
                out[:] = statistics
            else:  # a block that was passed over leaves the statistic as it was
                out[:] = np.concatenate([[before], statistics])[np.cumsum(usable)]
        else:
            out[:] = self.statistic

    def _sort(self, x: Array, clock: Array | None) -> NDArray[np.bool_]:
        """Return which blocks can be used; the clock and the record go on."""
        missing = np.isnan(x)
        possible = self._possible(x)
        usable = possible
        gaps = 0
        if clock is not None:
            # Against the block before, and not the latest of all: one wild time stamp must not silence a detector.
            known = np.isfinite(clock)
            held = np.concatenate([[self._last_time], clock])
            place = np.maximum.accumulate(np.where(np.concatenate([[True], known]), np.arange(len(held)), 0))
            before = held[place[:-1]]
            self._last_time = float(held[place[-1]])
            usable = possible & known & (clock > before)
            with np.errstate(over="ignore"):  # to infinity is no gap of some blocks
                steps = clock[usable] - before[usable]
            gaps = int((steps[np.isfinite(steps)] > 1.5).sum())
        kinds = usable, missing, ~missing & ~possible, possible & ~usable
        for at, kind in enumerate(kinds):
            self._counts[at] += int(np.count_nonzero(kind))
        self._counts[_GAPS] += gaps
        return usable

    def _possible(self, x: Array) -> NDArray[np.bool_]:
        """Return which values a block may have."""
        with np.errstate(over="ignore", invalid="ignore"):
            near = np.abs(x - self.mean) < _FARTHEST * self.sd
        return np.asarray(near & (x >= self.valid[0]) & (x <= self.valid[1]))

    def _refuse(self, x: Array, clock: Array | None, first: int = 0, before: float | None = None) -> None:
        """Refuse a part of a stream, from block `first`, with a block that cannot be used."""
        wrong = ~self._possible(x)
        if wrong.any():
            at = int(np.argmax(wrong))
            raise ValueError(
                f"values must be finite and from {self.valid[0]:g} to {self.valid[1]:g}, not {x[at]:g} in block {first + at}; "
                "strict=False passes over it and notes it"
            )
        if clock is not None:
            with np.errstate(over="ignore", invalid="ignore"):  # inf - inf: refused as not finite
                steps = np.diff(np.concatenate([[self._last_time if before is None else before], clock]))
            if len(clock) and not (np.isfinite(clock).all() and (steps > 0).all()):
                at = int(np.argmin(np.isfinite(clock) & (steps > 0)))
                raise ValueError(
                    f"times must rise from block to block, not come to {clock[at]:g} in block {first + at}; "
                    "strict=False passes over it and notes it"
                )

    @abstractmethod
    def _start(self) -> None:
        """Set the state to where a run begins."""

    @abstractmethod
    def _step(self, x: float) -> float:
        """Return the statistic after one more standardised value, and keep the state."""

    @abstractmethod
    def _advance(self, x: Array) -> Array:
        """Return the statistics after standardised values, all of them usable, and keep the state."""


class Shewhart(Detector):
    r"""Shewhart's chart: each block by itself, on both sides.

    .. math:: T_t = |x_t|

    Parameters
    ----------
    threshold : float
        The limit c in standard deviations; :func:`shewhart_limit_for` sets it.
    **options
        `mean`, `sd`, `valid`, `strict` of :class:`Detector`.

    Examples
    --------
    >>> from qlearn.control.eavesdropper_detection import shewhart_limit_for
    >>> chart = Shewhart(shewhart_limit_for(400), mean=0.03, sd=0.005, valid=(0, 1))
    >>> chart.run([0.031, float("nan"), 1.7, 0.05]).round(2), chart.alarmed
    (array([0.2, 0.2, 0.2, 4. ]), True)
    >>> chart.record
    Record(used=2, missing=1, impossible=1, clock=0, gaps=0)

    References
    ----------
    Shewhart, *Economic Control of Quality of Manufactured Product* (1931).
    """

    def __init__(self, threshold: float = 3.0, **options: Any) -> None:
        super().__init__(threshold, **options)

    def _start(self) -> None:
        pass

    def _step(self, x: float) -> float:
        return abs(x)

    def _advance(self, x: Array) -> Array:
        return np.abs(x)


class Ewma(Detector):
    r"""A chart of an exponentially weighted mean, in its settled standard deviations, on both sides.

    .. math:: z_t = (1-\lambda) z_{t-1} + \lambda x_t, \qquad T_t = |z_t| \Big/ \sqrt{\frac{\lambda}{2-\lambda}}

    Parameters
    ----------
    threshold : float
        The limit c; :func:`ewma_limit_for` sets it.
    weight : float
        :math:`\lambda`, above 0, at most 1.
    **options
        `mean`, `sd`, `valid`, `strict` of :class:`Detector`.

    Examples
    --------
    >>> from qlearn.control.eavesdropper_detection import ewma_limit_for
    >>> chart = Ewma(ewma_limit_for(1000, weight=0.1), weight=0.1)
    >>> chart.run([1.0, 1.0, 1.0]).round(3), chart.alarmed
    (array([0.436, 0.828, 1.181]), False)

    References
    ----------
    Roberts, Technometrics 1, 239 (1959), doi:10.1080/00401706.1959.10489860.
    """

    def __init__(self, threshold: float, weight: float = 0.1, **options: Any) -> None:
        self.weight = as_real(weight, "weight", above=0, most=1.0)
        self._settled = (self.weight / (2 - self.weight)) ** 0.5
        super().__init__(threshold, **options)

    def _start(self) -> None:
        self._mean = 0.0

    def _step(self, x: float) -> float:
        self._mean += self.weight * (x - self._mean)
        return abs(self._mean) / self._settled

    def _advance(self, x: Array) -> Array:
        keep = 1 - self.weight
        means, _ = lfilter([self.weight], [1.0, -keep], x, zi=[keep * self._mean])
        self._mean = float(means[-1])
        return np.asarray(np.abs(means) / self._settled)


class Cusum(Detector):
    r"""Page's CUSUM: a sum of what exceeds the reference, which never falls below 0.

    .. math:: S_t = \max(0,\; S_{t-1} + x_t - k)

    Two-sided, the larger of this one and that of :math:`-x`. Of log-likelihood ratios
    (:func:`error_log_likelihood`, :func:`log_likelihood_ratio`) with k = 0 it is the rule with the shortest worst delay for
    this one attack at this mean time between false alarms, if blocks are independent (Moustakides).

    Parameters
    ----------
    threshold : float
        h; :func:`threshold_for` sets it.
    reference : float
        k, at least 0.
    two_sided : bool
        Whether values that fall raise an alarm, too.
    **options
        `mean`, `sd`, `valid`, `strict` of :class:`Detector`.

    Examples
    --------
    >>> chart = Cusum(4.0, reference=0.5)
    >>> chart.run([1.0, -2.0, 2.5, 3.0, 0.0]).tolist(), chart.alarmed
    ([0.5, 0.0, 2.0, 4.5, 4.0], True)

    Of the errors in blocks of unequal size, one of which is missing:

    >>> from qlearn.control.eavesdropper_detection import error_log_likelihood
    >>> ratios = error_log_likelihood([30, 35, float("nan"), 40], [1000, 1100, 1000, 900], 0.02, 0.03)
    >>> Cusum(5.0, reference=0.0).run(ratios).round(2)
    array([ 2.22,  5.48,  5.48, 12.88])

    References
    ----------
    Page, Biometrika 41, 100 (1954), doi:10.1093/biomet/41.1-2.100; Moustakides, Ann. Stat. 14, 1379 (1986),
    doi:10.1214/aos/1176350164.
    """

    def __init__(
        self, threshold: float, reference: float = 0.5, *, two_sided: bool = False, **options: Any
    ) -> None:
        self.reference = as_real(reference, "reference", least=0)
        self.two_sided = bool(two_sided)
        super().__init__(threshold, **options)

    def _start(self) -> None:
        self._up = self._down = 0.0

    def _step(self, x: float) -> float:
        self._up = max(0.0, self._up + x - self.reference)
        if not self.two_sided:
            return self._up
        self._down = max(0.0, self._down - x - self.reference)
        return max(self._up, self._down)

    def _advance(self, x: Array) -> Array:
        sums = _sums_above_zero(self._up, x - self.reference)
        self._up = float(sums[-1])
        if not self.two_sided:
            return sums
        falls = _sums_above_zero(self._down, -x - self.reference)
        self._down = float(falls[-1])
        return np.maximum(sums, falls)


def _sums_above_zero(start: float, steps: Array) -> Array:
    """Return S_t = max(0, S_{t-1} + step_t): the running sum, less its lowest point so far if that is below 0."""
    sums = np.cumsum(steps)
    sums += start
    if (
        max(sums.max(), -sums.min()) > _LARGE
    ):  # one wild value far below 0 would swallow whatever comes after it
        for at, step in enumerate(steps.tolist()):
            sums[at] = start = max(0.0, start + step)
        return sums
    return np.asarray(sums - np.minimum(np.minimum.accumulate(sums), 0.0))


class Sprt(Detector):
    r"""Wald's sequential test, begun again whenever it has said "nobody".

    .. math:: \Lambda_t = \Lambda_{t-1} + \lambda_t, \qquad
              \Lambda_t \ge b:\ \text{alarm}, \qquad \Lambda_t \le a:\ \Lambda_t \to 0

    It reads log-likelihood ratios (:func:`error_log_likelihood`), and its statistic is :math:`\Lambda_t`, 0 where a test
    has just ended with "nobody". After an alarm it holds that statistic until :meth:`reset`. Each test errs with about
    `alpha`, so a stream that is watched long enough has false alarms. With a lower bound of 0 it would be a CUSUM.

    Parameters
    ----------
    alpha, beta : float
        As in :func:`wald_bounds`.
    **options
        `mean`, `sd`, `valid`, `strict` of :class:`Detector`.

    Attributes
    ----------
    cleared : int
        How often it has said "nobody".

    Examples
    --------
    >>> test = Sprt(0.01, 0.01)
    >>> test.run([-3.0, -3.0, 2.0, 4.0]).tolist(), test.cleared, test.alarmed
    ([-3.0, 0.0, 2.0, 6.0], 1, True)

    References
    ----------
    Wald, Ann. Math. Stat. 16, 117 (1945), doi:10.1214/aoms/1177731118.
    """

    def __init__(self, alpha: float, beta: float, **options: Any) -> None:
        self._low, high = wald_bounds(alpha, beta)
        self.cleared = 0
        # An alarm is at the bound or above; a statistic exceeds its threshold.
        super().__init__(float(np.nextafter(high, 0.0)), **options)

    def _start(self) -> None:
        self._sum = 0.0

    def _step(self, x: float) -> float:
        if self._sum <= self.threshold:  # after an alarm it holds
            self._sum += x
            if self._sum <= self._low:
                self.cleared += 1
                self._sum = 0.0
        return self._sum

    def _advance(self, x: Array) -> Array:
        # Every sum hangs on where the last test ended, so there is nothing to gain from arrays.
        return np.array([self._step(step) for step in x.tolist()])


def _as_number(x: Any, name: str) -> float:
    """Return one number, which may be nan or infinite."""
    if type(x) is not float:  # the usual case is through at once
        if x is np.ma.masked:
            return float("nan")
        if isinstance(x, bool) or not isinstance(x, Real):
            raise TypeError(
                f"{name} must be one number, nan where the block is missing, not {x!r}: run reads arrays"
            )
        try:
            x = float(x)
        except OverflowError:  # a whole number that no float holds
            x = float("inf") if x > 0 else -float("inf")
    return x


def _as_stream(x: ArrayLike, name: str) -> NDArray[Any]:
    array = np.asarray(x)
    if isinstance(x, np.ma.MaskedArray) and array.dtype.kind in "uif":  # what is under a mask is not there
        array = np.asarray(np.ma.asarray(x, dtype=float).filled(np.nan), dtype=float)
    if array.dtype.kind not in "uif" or array.ndim != 1:
        raise TypeError(
            f"{name} must be numbers along one axis, nan where a block is missing, "
            f"not {array.dtype} of shape {array.shape}"
        )
    return array  # of any width: parts of it are taken to 64 bits
