"""Which clicks to keep when detectors rest."""

from math import inf

import numpy as np

from qlearn.exercises import exercise
from qlearn.exercises.comparisons import equal


@exercise(
    level="core",
    same=equal,
    right=(
        "both detectors must be awake before a click says anything new. Bright light keeps one of them asleep nearly "
        "always."
    ),
    because="""
        Two clocks, one for each detector. A click that is thrown away still puts its detector to rest; a photon
        that is ignored does not.
    """,
)
def keep(times, detectors, dead):
    """Photons come at the sorted `times` to detector 0 or 1 (`detectors`). A detector that has clicked ignores
    photons until `dead` later (from that very moment on it is awake again); at the start both are awake. Return
    an array of truth values: which photons make a click that is *kept*, because the other detector was awake,
    too? (The others only say that their bit differs from the one before, which the public times say as well.)
    Given: `np`, `inf`.
    """
    awake, kept = [-inf, -inf], []
    for time, which in zip(times, detectors, strict=True):
        clicks = time >= awake[which]
        kept.append(clicks and time >= awake[1 - which])
        if clicks:
            awake[which] = time + dead
    return np.array(kept, dtype=bool)


@keep.cases
def trains(rng):
    """Sparse and dense light, uneven detectors, no rest; photons on the beat, awake again to the moment."""
    for dead, share in ((1.0, 0.5), (0.3, 0.2), (4.0, 0.8), (0.0, 0.5), (30.0, 0.5)):
        n = int(rng.integers(40, 90))
        yield np.cumsum(rng.exponential(1.0, n)), (rng.random(n) < share).astype(int), dead
    for dead in (1.0, 2.0, 5.0):
        times = np.cumsum(rng.integers(1, 3, 40)) - 1.0
        yield times, rng.integers(0, 2, 40), dead
    yield np.zeros(1), np.ones(1, dtype=int), 2.0


def _rule(times, detectors, dead, *, clicks, keeps, up=lambda time, rest: time >= rest):
    """Go through the photons with other rules: which of the two are awake is all they are told."""
    awake, kept = [-inf, -inf], []
    for time, which in zip(times, detectors, strict=True):
        mine, other = up(time, awake[which]), up(time, awake[1 - which])
        kept.append(keeps(mine, other))
        if clicks(mine, other):
            awake[which] = time + dead
    return np.array(kept, dtype=bool)


@keep.mistake("a photon that meets a resting detector does not click, so it starts no new rest.")
def ignored_photons_restart_the_rest(times, detectors, dead):
    return _rule(times, detectors, dead, clicks=lambda a, b: True, keeps=lambda a, b: a and b)


@keep.mistake(
    "each detector alone: but a click while the other one rests differs from the click before, and Eve knows that"
    " from the times: one bit of the pair."
)
def each_alone(times, detectors, dead):
    return _rule(times, detectors, dead, clicks=lambda a, b: a, keeps=lambda a, b: a)


@keep.mistake(
    "a click that you throw away *was* a click: its detector rests. You treat it as if nothing had happened."
)
def thrown_away_forgotten(times, detectors, dead):
    return _rule(times, detectors, dead, clicks=lambda a, b: a and b, keeps=lambda a, b: a and b)


@keep.mistake("a photon that its own detector ignores makes no click, awake as the other may be.")
def the_other_alone(times, detectors, dead):
    return _rule(times, detectors, dead, clicks=lambda a, b: a, keeps=lambda a, b: b)


@keep.mistake("from the moment at which the rest ends the detector is awake: a photon at that moment clicks.")
def asleep_at_the_moment(times, detectors, dead):
    rules = {"clicks": lambda a, b: a, "keeps": lambda a, b: a and b}
    return _rule(times, detectors, dead, **rules, up=lambda time, rest: time > rest)


@keep.mistake("these are the others: True for a click that is kept.")
def the_others(times, detectors, dead):
    return ~keep(times, detectors, dead)


@keep.mistake()
def the_kept_times(times, detectors, dead):
    return times[keep(times, detectors, dead)]


@keep.mistake("you keep them all: after a click a detector rests.")
def everything(times, detectors, dead):
    return np.ones(len(times), dtype=bool)
