"""Clicks, one by one: two detectors that need a rest, and that remember what they saw."""

from dataclasses import dataclass
from heapq import heappop, heappush
from typing import Any, Literal, cast, get_args

import numpy as np
from numpy.typing import NDArray

from qlearn._checks import as_count, as_probability, as_real, as_rng

Rule = Literal["separate", "discard", "shared"]


@dataclass(frozen=True, eq=False)
class Clicks:
    """What two detectors report, in order of time.

    Parameters
    ----------
    time_s : ndarray of float, shape (n,)
        When.
    bits : ndarray of uint8, shape (n,)
        Which detector.
    spurious : ndarray of bool, shape (n,)
        True for an afterpulse. Nobody but a simulation knows.
    kept : ndarray of bool, shape (n,)
        False for a click that the rule throws away.

    Taught in :doc:`/communication/fibre`.
    """

    time_s: NDArray[np.float64]
    bits: NDArray[np.uint8]
    spurious: NDArray[np.bool_]
    kept: NDArray[np.bool_]


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
    share: float = 0.5,
    rng: Any = None,
) -> Clicks:
    r"""Follow photons into two detectors, event by event.

    Photons arrive at random (Poisson), each on detector 1 with chance `share`. A click puts its detector, or both,
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
    share : float
        Chance of detector 1; 0 leaves one detector alone.
    rng : None, int or numpy.random.Generator
        Source of randomness.

    Returns
    -------
    Clicks

    Raises
    ------
    ValueError, TypeError
        If an argument is out of its range.

    Examples
    --------
    >>> seen = simulate_clicks(1e6, 100_000, dead_time_s=1e-6, share=0.0, rng=1)
    >>> round(float(seen.time_s.size / seen.time_s[-1]) / 1e6, 2)  # r / (1 + r tau) with r tau = 1
    0.5

    Taught in :doc:`/communication/fibre`.
    """
    rate, dead, decay = (
        as_real(rate_hz, "rate_hz"),
        as_real(dead_time_s, "dead_time_s", least=0),
        as_real(decay_s, "decay_s"),
    )
    if rate <= 0 or decay <= 0:
        raise ValueError(f"rate_hz and decay_s must be above 0, not {rate:g} and {decay:g}")
    n, rule, split = as_count(n_events, "n_events"), as_rule(rule), as_probability(share, "share")
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
    following = next(photons, None)
    while following is not None or traps:
        spurious = bool(traps) and (following is None or traps[0][0] < following[0])
        if spurious:
            time, bit = heappop(traps)
        else:
            assert following is not None
            time, bit = following
            following = next(photons, None)
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
