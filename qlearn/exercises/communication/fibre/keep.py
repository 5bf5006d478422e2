"""Keep."""

import numpy as np

from qlearn.exercises import exercise


@exercise(
    level="core",
    right=(
        "Both detectors must be awake before a click says anything new. Bright light keeps one of them asleep nearly "
        "always."
    ),
    because="""
        Two clocks, one for each detector. A click that is thrown away still puts its detector to rest; a photon
        that is ignored does not.
    """,
)
def keep(times, detectors, dead):
    """Write `keep(times, detectors, dead)`: photons come at the sorted `times` to detector 0 or 1. A
    detector that has clicked ignores photons until `dead` later (from that very moment on it is awake
    again). Return an array of truth values: which photons make a click that is *kept*, because the
    other detector was awake, too? (The others only say that their bit differs from the one before,
    which the public times say as well.)
    """
    awake, kept = [0.0, 0.0], []
    for time, which in zip(times, detectors):
        clicks = time >= awake[which]
        kept.append(clicks and time >= awake[1 - which])
        if clicks:
            awake[which] = time + dead
    return np.array(kept, dtype=bool)


@keep.cases
def cases(rng):
    """TODO what they vary."""
    # TODO: see _grade_keep of the old module
    yield ()


@keep.mistake("a photon that meets a resting detector does not click, so it starts no new rest.")
def ignored_photons_restart_the_rest(times, detectors, dead):
    awake, kept = [0.0, 0.0], []
    for time, which in zip(times, detectors):
        kept.append(time >= max(awake))
        awake[which] = time + dead
    return np.array(kept, dtype=bool)


@keep.mistake(
    "each detector alone: but a click while the other one rests differs from the click before, and Eve knows that"
    " from the times: one bit of the pair."
)
def each_alone(times, detectors, dead):
    awake, kept = [0.0, 0.0], []
    for time, which in zip(times, detectors):
        kept.append(time >= awake[which])
        if kept[-1]:
            awake[which] = time + dead
    return np.array(kept, dtype=bool)


@keep.mistake(
    "a click that you throw away *was* a click: its detector rests. You treat it as if nothing had happened."
)
def thrown_away_forgotten(times, detectors, dead):
    awake, kept = 0.0, []
    for time in times:
        kept.append(time >= awake)
        if kept[-1]:
            awake = time + dead
    return np.array(kept, dtype=bool)


@keep.mistake("return one truth value for each of the 200 photons, not shape (3,).")
def the_kept_times(times, detectors, dead):
    return times[:3]


@keep.mistake("with a rest of 1, photon 1 (the first you get wrong) is not to be kept.")
def everything(times, detectors, dead):
    return np.ones(len(times), dtype=bool)
