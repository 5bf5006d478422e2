"""One block of a CUSUM, as a link would do it for ever, with nothing kept but two sums."""

import math

from qlearn.exercises import exercise
from qlearn.exercises.comparisons import equal


def _same(answered, due):
    """Sums up to rounding, and the word of the alarm."""
    from qlearn.exercises.comparisons import close

    if isinstance(answered, tuple | list) and len(answered) == 3:
        return close(tuple(answered[:2]), tuple(due[:2])) or equal(answered[2], due[2])
    return close(answered, due)


@exercise(
    level="core",
    same=_same,
    right="two numbers are all that it has to remember, after ten blocks or ten million.",
    because=r"""
        The upper sum takes what is above the reference, the lower one what is below it, and neither falls below 0: else a long
        quiet time would be saved up, and Eve would live on it. The alarm asks the *new* sums. Each sum has the reference
        taken off, the lower one from $-x$; a common slip puts it on there. A block that is missing says nothing: it is
        neither a zero nor an alarm.
    """,
)
def cusum_step(up, down, x, k, h):
    """A CUSUM of both directions keeps two sums: `up` for values that rise, `down` for values that fall. For a block of value
    `x`, standardised, the first grows by x - k and the second by -x - k, and each is put to 0 where it would fall below. There
    is an alarm if one of the new sums is above `h`. Where the block is missing `x` is nan: the sums stay, and there is no
    alarm. Return the tuple (up, down, alarm), the last True or False.
    """
    if math.isnan(x):
        return up, down, False
    up, down = max(0.0, up + x - k), max(0.0, down - x - k)
    return up, down, max(up, down) > h


@cusum_step.cases
def blocks(rng):
    """Sums at rest and near an alarm, on either side; values that rise, fall, and are missing; a missing one above the limit;
    sums that come to the limit exactly, and two that are above it only together."""
    yield 0.0, 0.0, 1.0, 0.5, 4.0
    yield 3.75, 0.0, 0.75, 0.5, 4.0  # at the limit is not above it
    yield 0.0, 3.75, -0.75, 0.5, 4.0
    yield 3.0, float(rng.uniform(2.5, 3.0)), float(rng.uniform(-0.2, 0.2)), 0.25, 4.0
    yield 3.5, 3.375, 0.0, 0.25, 4.0  # nor is the length of both
    for sign in (1, -1):  # old sums above the limit, new ones below; just above it
        high, low = (5.0, 0.25) if sign > 0 else (0.25, 5.0)
        yield high, low, -2.0 * sign, 0.5, 4.0
        high, low = (3.752, 0.0) if sign > 0 else (0.0, 3.752)
        yield high, low, 0.75 * sign, 0.5, 4.0
    for h, top in ((2.5, 3.2), (5.5, 4.9)):  # an alarm or none, by the limit that was given
        rest = float(rng.uniform(0.5, 1.5))
        yield top, rest, 0.4, 0.3, h
        yield rest, top, -0.4, 0.3, h
    for _ in range(4):
        up, down = (float(s) for s in rng.uniform(0, 5, 2))
        yield up, down, float(rng.normal(0, 1.5)), float(rng.uniform(0.1, 1.2)), float(rng.uniform(2, 5))
    for sign in (1, -1):
        h = float(rng.uniform(3, 5))
        k = float(rng.uniform(0.1, 0.9))
        high, low = h - float(rng.uniform(0, 0.5)), float(rng.uniform(0.1, 1))
        sums = (high, low) if sign > 0 else (low, high)
        yield *sums, sign * (k + float(rng.uniform(0.6, 2))), k, h  # an alarm
        yield *sums, sign * (k - float(rng.uniform(0.01, 0.09))), k, h + 0.6  # none
        yield h + 1.0, h + 0.5, sign * 9.0, k, h  # one falls to 0 from far above
        yield h + 1.0, 0.2, -float(rng.uniform(2, 6)) * sign, k, h
    yield float(rng.uniform(0, 3)), float(rng.uniform(0, 3)), float("nan"), 0.5, 4.0
    yield 6.0, 0.5, float("nan"), 0.5, 4.0
    yield 0.5, 7.0, float("nan"), 0.25, 4.0


def _slip(up, down, x, k, h, rise=None, fall=None, floor=True, ask=None):
    if math.isnan(x):
        return up, down, False
    new = [up + (x - k if rise is None else rise), down + (-x - k if fall is None else fall)]
    if floor:
        new = [max(0.0, s) for s in new]
    return (*new, (max(new) if ask is None else ask(new)) > h)


@cusum_step.mistake("the sums must not fall below 0: what a quiet time saves up Eve could spend.")
def without_the_floor(up, down, x, k, h):
    return _slip(up, down, x, k, h, floor=False)


@cusum_step.mistake("the reference comes off both sums: the lower one grows by -x - k.")
def reference_put_on(up, down, x, k, h):
    return _slip(up, down, x, k, h, fall=-x + k)


@cusum_step.mistake("the lower sum falls where x falls: it grows by *minus* x, less the reference.")
def both_upwards(up, down, x, k, h):
    return _slip(up, down, x, k, h, fall=x - k)


@cusum_step.mistake("the two sums are exchanged: the first is for values that rise.")
def exchanged(up, down, x, k, h):
    return _slip(up, down, x, k, h, rise=-x - k, fall=x - k)


@cusum_step.mistake("you ask the old sums for the alarm: this block is to be in it.")
def old_sums(up, down, x, k, h):
    return _slip(up, down, x, k, h, ask=lambda new: max(up, down))


@cusum_step.mistake("a sum at the limit is not above it.")
def at_the_limit(up, down, x, k, h):
    new = _slip(up, down, x, k, h)
    return (*new[:2], max(new[:2]) >= h and not math.isnan(x))


@cusum_step.mistake(
    "the lower sum raises the alarm too: an error rate that *falls* is as odd as one that rises."
)
def the_upper_alone(up, down, x, k, h):
    return _slip(up, down, x, k, h, ask=lambda new: new[0])


@cusum_step.mistake("the upper sum raises the alarm too.")
def the_lower_alone(up, down, x, k, h):
    return _slip(up, down, x, k, h, ask=lambda new: new[1])


@cusum_step.mistake("one of the sums above `h` is enough; they are not added.")
def added(up, down, x, k, h):
    return _slip(up, down, x, k, h, ask=sum)


@cusum_step.mistake("both need not be above `h`: one is enough.")
def both_needed(up, down, x, k, h):
    return _slip(up, down, x, k, h, ask=min)


@cusum_step.mistake(
    "there is no reference with you: without it the sums grow by themselves, in a quiet line too."
)
def without_the_reference(up, down, x, k, h):
    return _slip(up, down, x, 0.0, h)


@cusum_step.mistake(
    "a missing block is no value of 0: the sums would sink by `k`, and blocks that do not come would calm the detector."
)
def missing_is_zero(up, down, x, k, h):
    return _slip(up, down, 0.0 if math.isnan(x) else x, k, h)


@cusum_step.mistake(
    "nan has got into the sums, or out of them: they stay as they are where a block is missing."
)
def nan_goes_on(up, down, x, k, h):
    new = up + x - k, down - x - k
    new = tuple(s if s > 0 or math.isnan(s) else 0.0 for s in new)
    return (*new, max(new) > h)


@cusum_step.mistake(
    "a missing block starts the sums again with you: they stay. Whoever can drop a block could reset it."
)
def missing_resets(up, down, x, k, h):
    return (0.0, 0.0, False) if math.isnan(x) else _slip(up, down, x, k, h)


@cusum_step.mistake("a missing block raises no alarm, wherever the sums stand.")
def missing_asks_the_sums(up, down, x, k, h):
    return (up, down, max(up, down) > h) if math.isnan(x) else _slip(up, down, x, k, h)


@cusum_step.mistake("the sums start again after an alarm with you: return them as they are.")
def reset_after_an_alarm(up, down, x, k, h):
    new = _slip(up, down, x, k, h)
    return (0.0, 0.0, True) if new[2] else new
