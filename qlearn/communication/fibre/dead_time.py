"""Dead time and afterpulses: what detectors miss while they rest, and what they report that nobody sent."""

from dataclasses import dataclass, replace
from heapq import heappop, heappush
from typing import Any, Literal, cast, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_count, as_probability, as_real, as_reals, as_rng, broadcast
from qlearn._types import Array
from qlearn.communication.photons import Link

Rule = Literal["separate", "discard", "shared"]


@dataclass(frozen=True, eq=False)
class Clicks:
    """The clicks of two detectors in order of time.

    Parameters
    ----------
    time_s, bits : ndarray of shape (n,)
        When, and in which detector.
    spurious, kept : ndarray of bool, shape (n,)
        Whether it is an afterpulse, which nobody but a simulation knows, and whether the rule keeps it.
    """

    time_s: NDArray[np.float64]
    bits: NDArray[np.uint8]
    spurious: NDArray[np.bool_]
    kept: NDArray[np.bool_]

    def __repr__(self) -> str:
        kept, spurious = np.count_nonzero(self.kept), np.count_nonzero(self.spurious)
        return f"Clicks({self.bits.size} clicks, {kept} kept, {spurious} spurious)"


def as_rule(rule: object) -> Rule:
    """Return `rule` if it is one."""
    if isinstance(rule, str) and rule in get_args(Rule):
        return cast(Rule, rule)
    raise ValueError(f'rule must be "separate", "discard" or "shared", not {rule!r}')


def simulate_clicks(
    rate_hz: float,
    n_events: int,
    *,
    dead_time_s: float = 0.0,
    rule: Rule = "separate",
    afterpulse: float = 0.0,
    decay_s: float = 1e-6,
    p_one: float = 0.5,
    rng: Any = None,
) -> Clicks:
    r"""Simulate the clicks of two detectors with dead time and afterpulses, photon by photon.

    Photons arrive at random (Poisson), each on detector 1 with chance `p_one`. A click puts its detector, or both,
    to rest, and leaves carriers in traps: each click starts on average `afterpulse` more, at exponentially
    distributed delays, which are lost where they fall into a rest and start others where they do not.

    Parameters
    ----------
    rate_hz : float
        Photons a second that would click in a detector without rest, both detectors together; above 0.
    n_events : int
        Photons to follow.
    dead_time_s : float
        Rest after a click, in seconds.
    rule : {"separate", "discard", "shared"}
        "separate": each detector rests alone. "discard": the same, and a click counts only if the other detector
        was awake. "shared": a click puts both to rest.
    afterpulse : float
        Mean number of afterpulses of a click if nothing hid them, below 1.
    decay_s : float
        Mean delay of an afterpulse, above 0.
    p_one : float
        Chance of detector 1; 0 leaves one detector alone.
    rng : None, int or numpy.random.Generator
        Source of randomness.

    Returns
    -------
    Clicks

    Examples
    --------
    >>> seen = simulate_clicks(1e6, 100_000, dead_time_s=1e-6, p_one=0.0, rng=1)
    >>> round(float(seen.time_s.size / seen.time_s[-1]) / 1e6, 2)  # r / (1 + r tau) with r tau = 1
    0.5
    """
    rate, dead, decay = (
        as_real(rate_hz, "rate_hz", above=0),
        as_real(dead_time_s, "dead_time_s", least=0),
        as_real(decay_s, "decay_s", above=0),
    )
    n, rule, split = as_count(n_events, "n_events"), as_rule(rule), as_probability(p_one, "p_one")
    if as_real(afterpulse, "afterpulse", least=0) >= 1:
        raise ValueError(
            f"afterpulse must be below 1, not {afterpulse:g}: each click would start another, for ever"
        )
    rng = as_rng(rng)
    arrivals = np.cumsum(rng.exponential(1 / rate, n))
    on = (rng.random(n) < split).astype(np.uint8)
    end = float(arrivals[-1])
    photons = zip(arrivals.tolist(), on.tolist(), strict=True)
    traps: list[tuple[float, int]] = []
    awake_at = [0.0, 0.0]
    seen: list[tuple[float, int, bool, bool]] = []
    upcoming = next(photons, None)
    while upcoming is not None or traps:
        spurious = bool(traps) and (upcoming is None or traps[0][0] < upcoming[0])
        if spurious:
            time, bit = heappop(traps)
        else:
            assert upcoming is not None
            time, bit = upcoming
            upcoming = next(photons, None)
        if time > end:
            break
        if time < awake_at[bit]:
            continue
        seen.append((time, bit, spurious, rule != "discard" or time >= awake_at[1 - bit]))
        awake_at[bit] = time + dead
        if rule == "shared":
            awake_at[1 - bit] = time + dead
        for _ in range(rng.poisson(afterpulse) if afterpulse else 0):
            heappush(traps, (time + rng.exponential(decay), bit))
    columns = list(zip(*seen, strict=True))
    return Clicks(
        np.array(columns[0]),
        np.array(columns[1], np.uint8),
        np.array(columns[2], bool),
        np.array(columns[3], bool),
    )


def observed_rate(
    rate_hz: ArrayLike,
    *,
    dead_time_s: float,
    kind: Literal["non-paralysable", "paralysable"] = "non-paralysable",
) -> Array:
    r"""Return how many clicks a second one detector reports that is blind for a time after each.

    .. math:: s = \frac{r}{1 + r\tau} \quad\text{(non-paralysable)}, \qquad s = r\,e^{-r\tau} \quad\text{(paralysable)}

    A non-paralysable detector ignores what arrives while it rests: it saturates at :math:`1/\tau`. A paralysable one
    is put to rest anew by each arrival: more light, fewer clicks. Both hold for arrivals at random times
    (Poisson), and for pulses where a pulse rarely clicks.

    Parameters
    ----------
    rate_hz : array_like of float, shape (...)
        :math:`r`, clicks a second without dead time.
    dead_time_s : float
        :math:`\tau` in seconds.
    kind : {"non-paralysable", "paralysable"}
        Whether an arrival during the rest is ignored or starts it again.

    Returns
    -------
    ndarray of float, shape (...)
        Clicks a second.

    Examples
    --------
    >>> observed_rate([1e4, 1e6, 1e9], dead_time_s=1e-6).round()
    array([  9901., 500000., 999001.])

    References
    ----------
    G. F. Knoll, Radiation Detection and Measurement, Wiley (chapter 4, "Dead time").
    """
    rate, dead = as_reals(rate_hz, "rate_hz", least=0), as_real(dead_time_s, "dead_time_s", least=0)
    if kind == "non-paralysable":
        return np.asarray(rate * live_fraction(rate, dead_time_s=dead))
    if kind == "paralysable":
        return np.asarray(rate * np.exp(-rate * dead))
    raise ValueError(f'kind must be "non-paralysable" or "paralysable", not {kind!r}')


def live_fraction(rate_hz: ArrayLike, *, dead_time_s: float) -> Array:
    r"""Return the fraction of the time in which a detector, or a pair that rests together, is awake: :math:`1/(1 + r\tau)`.

    >>> live_fraction([0, 1e6, 9e6], dead_time_s=1e-6)
    array([1. , 0.5, 0.1])
    """
    rate, dead = as_reals(rate_hz, "rate_hz", least=0), as_real(dead_time_s, "dead_time_s", least=0)
    return np.asarray(1 / (1 + rate * dead))


def true_rate(observed_hz: ArrayLike, *, dead_time_s: float) -> Array:
    r"""Return the rate that a non-paralysable detector would report without dead time: :func:`observed_rate`, turned round.

    .. math:: r = \frac{s}{1 - s\tau}

    Parameters
    ----------
    observed_hz : array_like of float, shape (...)
        :math:`s`, below :math:`1/\tau`.
    dead_time_s : float
        :math:`\tau` in seconds.

    Returns
    -------
    ndarray of float, shape (...)

    Examples
    --------
    >>> round(float(true_rate(5e5, dead_time_s=1e-6)))
    1000000
    """
    seen, dead = as_reals(observed_hz, "observed_hz", least=0), as_real(dead_time_s, "dead_time_s", least=0)
    if (seen * dead >= 1).any():
        raise ValueError(
            f"observed_hz must be below 1/dead_time_s = {1 / dead:g}, not {seen.max():g}: a detector that rests that long "
            "cannot report so much"
        )
    return np.asarray(seen / (1 - seen * dead))


def two_detector_rate(rate_hz: ArrayLike, *, dead_time_s: float, rule: Rule = "shared") -> Array:
    r"""Return how many clicks a second two detectors report, one for each bit.

    .. math::

        s &= \frac{r}{1 + r\tau/2} && \text{"separate": each rests alone} \\
        s &= \frac{r}{(1 + r\tau/2)^2} && \text{"discard": only clicks while the other is awake} \\
        s &= \frac{r}{1 + r\tau} && \text{"shared": a click puts both to rest}

    "Separate" is not for keys: while one detector rests the other is the only one that can click, so everybody who knows
    the times of the clicks knows that this bit *differs from the one before*. Neither bit alone is known, of the pair one
    bit is. Of the two safe rules "shared" yields more, as
    :math:`1 + r\tau \le (1 + r\tau/2)^2`; and under "discard" more light means fewer bits, beyond
    :math:`r\tau = 2`, as for one paralysable detector.

    Parameters
    ----------
    rate_hz, dead_time_s
        As for :func:`observed_rate`; the rate is that of both detectors together, half of it in each.
    rule : {"separate", "discard", "shared"}
        As above.

    Returns
    -------
    ndarray of float, shape (...)
        Clicks a second that are kept.

    Examples
    --------
    >>> [float(two_detector_rate(2e6, dead_time_s=1e-6, rule=rule).round()) for rule in ("separate", "discard", "shared")]
    [1000000.0, 500000.0, 666667.0]

    References
    ----------
    Rogers, Bienfang, Nakassis, Xu and Clark, "Detector dead-time effects and paralyzability in high-speed quantum key
    distribution", New J. Phys. 9, 319 (2007), arXiv:0706.1449 (pairs of detectors, for pulses).
    """
    rate, dead = as_reals(rate_hz, "rate_hz", least=0), as_real(dead_time_s, "dead_time_s", least=0)
    if as_rule(rule) == "shared":
        return np.asarray(rate * live_fraction(rate, dead_time_s=dead))
    one = live_fraction(rate / 2, dead_time_s=dead)
    return np.asarray(rate * (one if rule == "separate" else one**2))


def afterpulse_probability(
    hold_off_s: ArrayLike, *, total: float, decay_s: float, rate_hz: ArrayLike = 0.0
) -> Array:
    r"""Return how many afterpulses a click has that are seen, if both detectors rest after every click.

    .. math:: P(h, r) = P_0\,e^{-h/T}\,\frac{1 - a}{1 - a\,e^{-h/T}}, \qquad a = \frac{rT}{1 + rT}

    for traps that empty with one time constant. Real diodes have several, or a power law; fit :math:`T` near the
    hold-off in use. A trap that is full after the first rest, :math:`e^{-h/T}`, is sooner than the next click with chance
    :math:`1 - a`; otherwise, :math:`a`, there is another rest to outlast, and so on. Where clicks are rare,
    :math:`P = P_0 e^{-h/T}`; where they are not, most afterpulses fall into later rests. To first order: that *another*
    afterpulse comes first is left out, which makes :math:`P` too large, by a tenth where it is a quarter (simulated).

    Parameters
    ----------
    hold_off_s : array_like of float, shape (...)
        :math:`h`, dead time imposed after each click, in seconds.
    total : float
        :math:`P_0`, mean number of afterpulses of a click without hold-off, below 1.
    decay_s : float
        :math:`T`, mean time in a trap, above 0.
    rate_hz : array_like of float, shape (...)
        :math:`r`, clicks of light and background a second while the detectors are awake; broadcasts.

    Returns
    -------
    ndarray of float, shape (...)

    Examples
    --------
    >>> afterpulse_probability([0, 1e-6, 1e-5], total=0.4, decay_s=2e-6).round(4)
    array([0.4   , 0.2426, 0.0027])
    >>> afterpulse_probability(5e-6, total=0.4, decay_s=2e-6, rate_hz=[0, 1e4, 1e6]).round(4)
    array([0.0328, 0.0322, 0.0116])

    References
    ----------
    Ziarkash, Joshi, Stipcevic and Ursin, Sci. Rep. 8, 5076 (2018), who compare such models with what diodes do; Lunghi
    et al., "Free running single photon detection based on a negative feedback InGaAs APD", 2012, arXiv:1204.4594, for a
    hold-off in use.
    """
    hold, rate = broadcast(
        hold_off_s=as_reals(hold_off_s, "hold_off_s", least=0), rate_hz=as_reals(rate_hz, "rate_hz", least=0)
    )
    chance, decay = _below_one(total), as_real(decay_s, "decay_s", above=0)
    kept = np.exp(-hold / decay)
    # (1 - a)/(1 - a e^(-h/T)) with a written out.
    return np.asarray(chance * kept / (1 - rate * decay * np.expm1(-hold / decay)))


def with_afterpulses(link: Link, probability: float) -> Link:
    r"""Return a link whose clicks start `probability` more each, and those others, and so on.

    .. math:: p_\text{ap} = P + P^2 + P^3 + \dots = \frac{P}{1 - P}

    :class:`~qlearn.communication.photons.Link` counts the afterpulses *per click of light or background*,
    :math:`Q(1 + p_\text{ap})`, each with a coin for its bit; a detector is specified by how many follow *any* click.
    To first order the two are one number. Exact while clicks are so rare that they do not hide each other.

    Parameters
    ----------
    link : Link
        Its own afterpulses are replaced.
    probability : float
        :math:`P`, at most 1/2: beyond it most clicks are afterpulses.

    Returns
    -------
    Link

    Examples
    --------
    >>> from qlearn.communication.photons import LINKS
    >>> round(with_afterpulses(LINKS["gys"], 0.04).afterpulse, 5)
    0.04167
    """
    chance = as_probability(probability, "probability")
    if chance > 0.5:
        raise ValueError(f"probability must be at most 1/2, not {chance:g}: most clicks would be afterpulses")
    return replace(link, afterpulse=chance / (1 - chance))


def _below_one(total: float) -> float:
    value = as_real(total, "total", least=0)
    if value >= 1:
        raise ValueError(f"total must be below 1, not {value:g}: each click would start another, for ever")
    return value
