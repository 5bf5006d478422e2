"""The chance that a sensor runs out of key because orders get lost, when losses come in bursts."""

import numpy as np

from qlearn.exercises import exercise


@exercise(
    level="stretch",
    right="with the same mean loss, bursts leave far more sensors stuck: tries that fail together are no second tries.",
    because=r"""
        A try fails if the frame or its answer is lost: $f = 1-(1-p)^2$ in a state with loss $p$. Were tries independent, all
        $k$ of them would fail with chance $f^k$. In bursts they are not: the state stays. So carry a vector of the two chances
        "all failed so far, and the air is in this state": multiply by $f$ of each state, then step the state, $k$ times. The
        sum at the end is the answer. It begins with the long-run shares of the states, $(d, a)/(a+d)$. The last step
        of the state changes nothing, as the sum of a row of the chain is 1.
    """,
)
def rotation_loss(clear, burst, begins, ends, tries):
    """The air is clear or in a burst. A frame, and its answer, are each lost with chance `clear` or `burst`, independently given
    the state, which is the same for both. Between two tries a clear air becomes a burst with chance `begins`, a burst clear
    with chance `ends`; at the first try each state has its long-run share. A sensor gets its next key with the first try in
    which neither the frame nor its answer is lost. Return the chance that all of `tries` tries fail. Given: `np`.
    """
    fails = 1 - (1 - np.array([clear, burst])) ** 2
    step = np.array([[1 - begins, begins], [ends, 1 - ends]])
    chance = np.array([ends, begins]) / (begins + ends)
    for _ in range(tries):
        chance = (chance * fails) @ step
    return chance.sum()


@rotation_loss.cases
def airs(rng):
    """One try, many; rare long bursts, frequent short ones; no memory at all; no burst worse than clear air."""
    for tries in (1, 2, 3, 5, 8, 12):
        clear, burst = float(rng.uniform(0.01, 0.2)), float(rng.uniform(0.4, 0.95))
        yield clear, burst, float(rng.uniform(0.02, 0.3)), float(rng.uniform(0.1, 0.6)), tries
    begins = float(rng.uniform(0.1, 0.5))
    yield 0.05, 0.6, begins, 1 - begins, 4
    yield 0.3, 0.3, 0.1, 0.2, 3


def _chance(clear, burst, begins, ends, tries, **changed):
    p = np.array([clear, burst])
    fails = changed.get("fails", 1 - (1 - p) ** 2)
    step = np.array([[1 - begins, begins], [ends, 1 - ends]])
    chance = changed.get("start", np.array([ends, begins]) / (begins + ends))
    for _ in range(tries):
        chance = chance @ (changed.get("step", step)) if changed.get("steps_first") else chance * fails
        chance = chance * fails if changed.get("steps_first") else chance @ changed.get("step", step)
    return chance.sum()


@rotation_loss.mistake(
    "the mean loss, to the power of the tries: that holds for independent tries, and bursts are not."
)
def independent(clear, burst, begins, ends, tries):
    fails = 1 - (1 - np.array([clear, burst])) ** 2
    return float(np.array([ends, begins]) / (begins + ends) @ fails) ** tries


@rotation_loss.mistake("the answer may be lost, too: a try needs the frame *and* its answer.")
def frames_alone(clear, burst, begins, ends, tries):
    return _chance(clear, burst, begins, ends, tries, fails=np.array([clear, burst]))


@rotation_loss.mistake("a try fails if *either* is lost; you count only those in which both are.")
def both_lost(clear, burst, begins, ends, tries):
    return _chance(clear, burst, begins, ends, tries, fails=np.array([clear, burst]) ** 2)


@rotation_loss.mistake("the first try begins in clear air with you; each state has its long-run share there.")
def begins_clear(clear, burst, begins, ends, tries):
    return _chance(clear, burst, begins, ends, tries, start=np.array([1.0, 0.0]))


@rotation_loss.mistake(
    "the long-run shares are the wrong way round: the easier bursts *end*, the larger is the share of clear air."
)
def shares_turned(clear, burst, begins, ends, tries):
    return _chance(clear, burst, begins, ends, tries, start=np.array([begins, ends]) / (begins + ends))


@rotation_loss.mistake("the state never changes with you: step it between two tries.")
def frozen(clear, burst, begins, ends, tries):
    return _chance(clear, burst, begins, ends, tries, step=np.eye(2))


@rotation_loss.mistake("that is the chance that some try works; asked is the chance that all of them fail.")
def the_other_way(clear, burst, begins, ends, tries):
    return 1 - _chance(clear, burst, begins, ends, tries)
