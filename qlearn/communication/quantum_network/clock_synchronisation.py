r"""Clock synchronisation: photon pairs are born together, so their time tags tell how two clocks differ."""

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from qlearn._checks import as_count, as_probability, as_real, as_reals, as_rng, same_length
from qlearn._types import Array

_MOST_DIFFERENCES = 50_000_000
# A peak is believed if chance alone makes one as high in no more than this part of the searches.
_FAILURE = 1e-6
# Bins to search at most: finer ones than floats can tell apart mean nothing.
_FINEST = 1e15
# Fewer coincidences than this say nothing about four unknown numbers.
_FEWEST = 20
# Twice the log-likelihood that a peak has to gain over an even floor. Four numbers are fitted, at some hundred places
# of the window: chance gains this in less than 1e-6 of the windows (chi-squared of four: 4e-10 each).
_LEAST_EVIDENCE = 50.0


@dataclass(frozen=True, eq=False)
class TimeTags:
    """Times at which detectors clicked, each read on the clock beside it."""

    near_s: Array
    """Seconds on the clock beside the source, in order."""
    far_s: Array
    """Seconds on the clock at the other end, in order."""

    def __repr__(self) -> str:
        return f"TimeTags({len(self.near_s)} near, {len(self.far_s)} far)"


@dataclass(frozen=True, eq=False)
class Coincidences:
    """Pairs of tags, one of each end, whose difference lies in a window: partners, and chance meetings."""

    times_s: Array
    """When, on the near clock."""
    differences_s: Array
    """Far tag minus near tag."""
    centre_s: float
    """The middle of the window."""
    window_s: float
    """Its whole width."""

    def __repr__(self) -> str:
        return f"Coincidences({len(self.times_s)} in {self.window_s:g} s about {self.centre_s:g} s)"


class OffsetEstimate(NamedTuple):
    """What :func:`estimate_offset` finds out from coincidences."""

    offset_s: float
    """Far clock minus near clock, plus the time that the light takes, at the time `at_s`."""
    error_s: float
    """Its standard error, by the Cramér-Rao bound at the fitted jitter and share; too small with few partners."""
    drift: float
    """Seconds that the far clock gains in a second; 0 if it was not asked for."""
    drift_error: float
    """Its standard error."""
    jitter_s: float
    """Standard deviation of the differences of partners."""
    signal: float
    """Share of partners among the coincidences."""
    at_s: float
    """The mean of the times of the coincidences, on the near clock: where the offset and the drift do not mix."""


def pair_tags(
    pair_rate: float,
    duration_s: float,
    *,
    offset_s: float = 0.0,
    delay_s: float = 0.0,
    drift: float = 0.0,
    jitter_s: float = 300e-12,
    efficiency: float = 1.0,
    background_rate: float = 0.0,
    rng: Any = None,
) -> TimeTags:
    r"""Simulate the time tags of a source of photon pairs beside one clock, with the other clock far away.

    .. math:: \tau_{\text{far}} - \tau_{\text{near}} = \text{offset} + \text{delay} + \text{drift}\cdot t + \text{jitter}

    for two partners, t being the moment of arrival at the far end. One photon is tagged at once, the other after its way.
    Pairs come as a Poisson process. Tags are floats: a record of a day resolves some 10 ps, one of 100 s some 10 fs.

    Parameters
    ----------
    pair_rate : float
        Pairs a second at the source, at least 0.
    duration_s : float
        Length of the record, above 0.
    offset_s : float
        Far clock minus near clock, at time 0 of the near one.
    delay_s : float
        Time of flight to the far end, at least 0. What an attacker adds belongs here.
    drift : float
        Seconds that the far clock gains in a second.
    jitter_s : float
        Standard deviation of the *difference* of two partners' tags, both detectors together.
    efficiency : float
        Chance that a photon is detected, at each end on its own: both partners are with its square.
    background_rate : float
        Clicks a second without a pair, in each of the two detectors.
    rng : optional
        Anything that :func:`numpy.random.default_rng` takes.

    Returns
    -------
    TimeTags

    Examples
    --------
    >>> tags = pair_tags(1000, 1.0, offset_s=1e-6, delay_s=5e-5, jitter_s=0, rng=1)
    >>> (tags.far_s - tags.near_s)[:3].round(9)
    array([5.1e-05, 5.1e-05, 5.1e-05])
    """
    rate, background = (
        as_real(pair_rate, "pair_rate", least=0),
        as_real(background_rate, "background_rate", least=0),
    )
    duration, delay = as_real(duration_s, "duration_s", above=0), as_real(delay_s, "delay_s", least=0)
    offset, gained = as_real(offset_s, "offset_s"), as_real(drift, "drift", above=-1)
    sigma, seen = as_real(jitter_s, "jitter_s", least=0), as_probability(efficiency, "efficiency")
    if (rate + background) * duration > _MOST_DIFFERENCES:
        raise ValueError(
            f"duration_s = {duration:g} at {rate + background:g} clicks a second are more than {_MOST_DIFFERENCES:,} "
            "tags: simulate a shorter record"
        )
    generator = as_rng(rng)
    born = duration * generator.random(generator.poisson(rate * duration))
    ends = []
    for way in (0.0, delay):
        arrived = born[generator.random(born.size) < seen] + way
        arrived = arrived + sigma / np.sqrt(2) * generator.standard_normal(arrived.size)
        stray = way + duration * generator.random(generator.poisson(background * duration))
        ends.append(np.sort(np.concatenate([arrived, stray])))
    return TimeTags(ends[0], (1 + gained) * ends[1] + offset)


def coincidences(
    tags: TimeTags, *, window_s: float, centre_s: float | None = None, search_s: float = 1e-4
) -> Coincidences:
    r"""Return the pairs of tags, near and far, whose difference lies in a window.

    Without a `centre_s` the peak of the cross-correlation is looked for first: the differences up to `search_s` are
    counted in bins as wide as half the window, and the fullest bin becomes the middle.

    Parameters
    ----------
    tags : TimeTags
    window_s : float
        Whole width of the window, above 0. It must hold the jitter several times, and what the clocks drift apart
        during the record.
    centre_s : float, optional
        Middle of the window, if it is known. None: search.
    search_s : float
        Largest difference that the search considers, in either direction.

    Returns
    -------
    Coincidences

    Examples
    --------
    >>> tags = pair_tags(5000, 1.0, offset_s=3e-6, delay_s=5e-5, background_rate=5000, rng=1)
    >>> coincidences(tags, window_s=1e-8)
    Coincidences(5006 in 1e-08 s about 5.30025e-05 s)

    References
    ----------
    C. Ho, A. Lamas-Linares and C. Kurtsiefer, New J. Phys. 11, 045011 (2009), doi:10.1088/1367-2630/11/4/045011.
    """
    window = as_real(window_s, "window_s", above=0)
    if not isinstance(tags, TimeTags):
        raise TypeError(f"tags must be TimeTags, not {type(tags).__name__}")
    if centre_s is None:
        search = as_real(search_s, "search_s", above=window)
        if search / window > _FINEST:
            raise ValueError(
                f"window_s = {window:g} is finer than tags within search_s = {search:g} s can be told apart: widen it"
            )
        centre = _peak(tags, search, window / 2)
    else:
        centre = as_real(centre_s, "centre_s")
    near, differences = _differences(tags, centre - window / 2, centre + window / 2)
    return Coincidences(near, differences, centre, window)


def _differences(tags: TimeTags, low: float, high: float) -> tuple[Array, Array]:
    """Return the near tag and the difference of all pairs of tags that differ by something in between."""
    near, far = _times(tags.near_s, "near_s"), np.sort(_times(tags.far_s, "far_s"))
    first, last = np.searchsorted(far, near + low), np.searchsorted(far, near + high, side="right")
    counts = last - first
    total = int(counts.sum())
    if total > _MOST_DIFFERENCES:
        raise ValueError(
            f"there are {total:,} pairs of tags to compare, at most {_MOST_DIFFERENCES:,}: search a smaller span, or "
            "give a shorter record"
        )
    of = np.repeat(np.arange(near.size), counts)
    partner = np.arange(total) - np.repeat(np.cumsum(counts) - counts, counts) + first[of]
    return near[of], far[partner] - near[of]


def _times(x: Any, name: str) -> Array:
    """Return a list of finite times as floats."""
    times = as_reals(x, name)
    if times.ndim != 1:
        raise ValueError(f"{name} must have one axis, of times in seconds, not shape {times.shape}")
    return times


def _peak(tags: TimeTags, search: float, width: float) -> float:
    """Return the middle of the fullest bin, or refuse if chance alone fills one as much."""
    from scipy.special import pdtrc

    _, differences = _differences(tags, -search, search)
    bins = int(np.ceil(2 * search / width))
    if not differences.size:
        raise ValueError(f"no two tags are within search_s = {search:g} s: search further")
    index = np.minimum(((differences + search) / width).astype(np.int64), bins - 1)
    if bins <= _MOST_DIFFERENCES:  # counted in place; else sorted, as most bins are empty
        counts = np.bincount(index)
        fullest, held = int(counts.argmax()), int(counts.max())
    else:
        where, counts = np.unique(index, return_counts=True)
        fullest, held = int(where[counts.argmax()]), int(counts.max())
    expected = (differences.size - held) / max(bins - 1, 1)
    if bins * pdtrc(held - 1, max(expected, 1e-300)) > _FAILURE:
        raise ValueError(
            f"no peak within search_s = {search:g} s: the fullest bin holds {held} pairs of tags and chance makes "
            "such a one. Search further, take a longer record, or widen the window if the clocks drift apart in it"
        )
    return float((fullest + 0.5) * width - search)


def estimate_offset(found: Coincidences, *, drift: bool = False) -> OffsetEstimate:
    r"""Estimate the offset of two clocks from coincidences, by maximum likelihood: chance meetings do no harm.

    .. math:: p(\tau) = \frac{w}{\sqrt{2\pi}\,\sigma}\, e^{-(\tau - \theta - b\,(t-\bar t))^2/2\sigma^2} + \frac{1-w}{W}

    A share w of the coincidences are partners, with a Gaussian spread; the others are spread evenly over the window of
    width W. Offset :math:`\theta`, spread, share and, if asked for, drift b are fitted together. The plain mean of the
    window has another mean, :math:`w\theta + (1-w)\,\text{centre}`, and a larger spread. The stated errors are those of
    many coincidences: with fewer than a hundred partners the estimate spreads more, by a tenth or two.

    Parameters
    ----------
    found : Coincidences
        In a window that holds the whole peak.
    drift : bool
        Whether the clocks may run at different rates. Default False.

    Returns
    -------
    OffsetEstimate

    Examples
    --------
    >>> tags = pair_tags(5000, 1.0, offset_s=3e-6, delay_s=5e-5, background_rate=5000, rng=1)
    >>> found = estimate_offset(coincidences(tags, window_s=1e-8))
    >>> print(f"{found.offset_s * 1e6:.6f} us, {found.error_s * 1e12:.1f} ps")
    53.000003 us, 4.1 ps

    References
    ----------
    Harald Cramér, Mathematical Methods of Statistics (Princeton University Press, 1946), chapters 32 and 33.
    """
    if not isinstance(found, Coincidences):
        raise TypeError(f"found must be Coincidences, not {type(found).__name__}")
    if not isinstance(drift, bool):
        raise TypeError(f"drift must be True or False, not {drift!r}")
    times, differences = _times(found.times_s, "times_s"), _times(found.differences_s, "differences_s")
    same_length(times, differences, "times_s and differences_s")
    n, width = len(differences), as_real(found.window_s, "window_s", above=0)
    if n < _FEWEST:
        raise ValueError(
            f"found holds {n} coincidences, too few for an estimate: at least {_FEWEST} are needed"
        )
    tau = (differences - found.centre_s) / width  # in units of the window: -1/2 to 1/2
    rounding = 2 * float(
        np.spacing(np.abs(times).max() + abs(found.centre_s))
    )  # of the tags, in a long record
    if np.abs(tau).max() > 0.5 + 1e-6 + rounding / width:
        raise ValueError(
            f"differences_s must lie in the window of {width:g} s about centre_s = {found.centre_s:g}, as `coincidences` "
            "returns them"
        )
    age = times - times.mean()
    spread = float(age.std()) or 1.0
    if drift and not age.any():
        raise ValueError("drift cannot be seen in coincidences that all have the same time")
    theta, slope, sigma, share, evidence = _fit(tau, age / spread, drift)
    if evidence < _LEAST_EVIDENCE:
        raise ValueError(
            f"found has no peak in its window of {width:g} s: an even floor explains the {n} coincidences nearly as well. "
            "Is the window at the right place? If so, take a longer record"
        )
    if abs(theta) + abs(slope) * float(np.abs(age).max()) / spread + 3 * sigma > 1 / 2:
        raise ValueError(
            f"found.window_s = {width:g} s does not hold the peak: it lies {theta * width:.3g} s beside the middle and has "
            f"the spread {sigma * width:.2g} s. Move the window there, or make it wider"
        )
    error = offset_bound(n, sigma * width, window_s=width, signal=share)
    return OffsetEstimate(
        offset_s=found.centre_s + theta * width,
        error_s=error,
        drift=slope * width / spread,
        drift_error=error / spread if drift else 0.0,
        jitter_s=sigma * width,
        signal=share,
        at_s=float(times.mean()),
    )


def _fit(tau: Array, age: Array, drift: bool) -> tuple[float, float, float, float, float]:
    """Return offset, slope, spread and share of the most likely mixture, in units of the window, and the evidence for it."""
    from scipy.optimize import minimize

    counts, edges = np.histogram(tau, bins=min(100, max(10, tau.size // 20)), range=(-0.5, 0.5))
    start = np.array([(edges[counts.argmax()] + edges[counts.argmax() + 1]) / 2, 0.0, np.log(0.1), 0.0])

    def cost(x: Array) -> tuple[float, Array]:
        """Return minus the mean log-likelihood and its gradient, in offset, slope, log spread, logit of the share."""
        sigma, share = np.exp(x[2]), 1 / (1 + np.exp(-x[3]))
        z = (tau - x[0] - x[1] * age) / sigma
        peak = share * np.exp(-(z**2) / 2) / (np.sqrt(2 * np.pi) * sigma)
        density = peak + (1 - share)
        partner = peak / density
        pull = partner * z / sigma
        gradient = [
            pull.mean(),
            (pull * age).mean() * drift,
            (partner * (z**2 - 1)).mean(),
            (partner - share).mean(),
        ]
        return -float(np.log(density).mean()), -np.array(gradient)

    bounds = [(-0.5, 0.5), (-0.5, 0.5), (np.log(1e-6), 0.0), (-12.0, 12.0)]
    tight = {"ftol": 1e-15, "gtol": 1e-9, "maxiter": 500}
    best = minimize(cost, start, jac=True, method="L-BFGS-B", bounds=bounds, options=tight)
    theta, slope, log_sigma, logit = (float(number) for number in best.x)
    return (
        theta,
        slope,
        float(np.exp(log_sigma)),
        float(1 / (1 + np.exp(-logit))),
        -2 * tau.size * float(best.fun),
    )


def offset_bound(n: int, jitter_s: float, *, window_s: float | None = None, signal: float = 1.0) -> float:
    r"""Return the Cramér-Rao bound on the standard error of an unbiased estimate of the offset, in seconds.

    .. math:: \Delta\theta \ge \frac{1}{\sqrt{n I}}, \qquad
              I = \int \frac{w^2\, g'(\tau)^2}{w\,g(\tau) + (1-w)/W}\; d\tau

    g is the Gaussian of the partners. Without chance meetings, w = 1, it is :math:`\sigma/\sqrt n`. It assumes
    independent coincidences, a peak well inside the window, and no drift. That spread and share are unknown costs
    nothing to first order, because the peak is symmetric.

    Parameters
    ----------
    n : int
        Coincidences in the window, chance meetings included.
    jitter_s : float
        :math:`\sigma`, above 0.
    window_s : float, optional
        W. Needed where `signal` is below 1.
    signal : float
        w, the share of partners, above 0. Default 1.

    Returns
    -------
    float

    Examples
    --------
    >>> offset_bound(10_000, 300e-12)
    3e-12
    >>> print(f"{offset_bound(1, 0.3, window_s=10, signal=0.9):.6f}")
    0.327825

    References
    ----------
    Harald Cramér, Mathematical Methods of Statistics (Princeton University Press, 1946), chapter 32.
    """
    n, sigma = as_count(n, "n"), as_real(jitter_s, "jitter_s", above=0)
    w = as_probability(signal, "signal")
    if w == 0:
        raise ValueError("signal must be above 0: chance meetings know nothing of the clocks")
    if w == 1:
        return float(sigma / np.sqrt(n))
    if window_s is None:
        raise ValueError(f"window_s must be given where signal = {w:g} is below 1: the bound depends on it")
    width = as_real(window_s, "window_s", above=0) / sigma
    if width < 6:
        raise ValueError(
            f"window_s must hold the peak, 6 times jitter_s = {sigma:g} or more, not {window_s:g}"
        )
    z = np.linspace(-1, 1, 4001) * min(width / 2, 12.0)  # beyond 12 the bell is nothing
    g = np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)
    integrand = (w * z * g) ** 2 / (w * g + (1 - w) / width)
    information = float(np.sum((integrand[1:] + integrand[:-1]) / 2) * (z[1] - z[0]))
    return float(sigma / np.sqrt(n * information))


def drift_bound(
    n: int, jitter_s: float, duration_s: float, *, window_s: float | None = None, signal: float = 1.0
) -> float:
    r"""Return the standard error of the drift from n coincidences spread evenly over a record.

    .. math:: \Delta b = \frac{\sqrt{12}}{T}\,\Delta\theta \;\to\; \frac{\sqrt{12}\,\sigma}{T\sqrt n}

    :math:`T/\sqrt{12}` is the standard deviation of times that are even over T; the offset is then the one at mid-span.

    Parameters
    ----------
    n : int
        Coincidences.
    jitter_s : float
        :math:`\sigma`, above 0.
    duration_s : float
        T, above 0.
    window_s, signal
        As for :func:`offset_bound`.

    Returns
    -------
    float
        Seconds a second.

    Examples
    --------
    >>> print(f"{drift_bound(10_000, 300e-12, 100):.3e}")
    1.039e-13
    """
    duration = as_real(duration_s, "duration_s", above=0)
    return np.sqrt(12) / duration * offset_bound(n, jitter_s, window_s=window_s, signal=signal)
