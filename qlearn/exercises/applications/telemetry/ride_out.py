"""How often keys may change if the link is dark for a part of each day."""

from qlearn.exercises import exercise
from qlearn.exercises.comparisons import equal


@exercise(
    level="core",
    same=equal,
    right="the link works in the light for the dark hours, too: the mean rate decides how often, the store only bridges.",
    because=r"""
        In a day the link makes its rate times the seconds in which it works. All sensors together spend 256 bits each
        $1440/m$ times. So $m \ge 1440 \cdot 256\, n / S$, rounded *up* to whole minutes: rounded down, a little more would be
        spent than is made, and any store runs empty in the end. In the dark $60h/m$ keys are due for each sensor, and as
        many have to be there before: no store, however large, makes keys change faster for good.
    """,
)
def ride_out(rate, sensors, hours):
    """A link makes `rate` secret bits a *second*, except that it is dark for `hours` hours in a row of every day, fewer than
    24. Each of `sensors` sensors takes a fresh key of 256 bits every m minutes, day and night. Return the tuple `(minutes,
    keys)`: the smallest whole m, at least 1, that the link can pay for in the long run, and how many whole keys have to be in
    the store when the dark begins so that it lasts through it at this m: averaged over the sensors, rounded up. All three are
    whole numbers.
    """
    made = rate * 3600 * (24 - hours)
    minutes = max(1, -(-1440 * 256 * sensors // made))
    keys = -(-sensors * 60 * hours // minutes)
    return minutes, keys


@ride_out.cases
def links(rng):
    """Slow links and fast ones, a night and none; what comes out even, and a bit more."""
    for hours in (0, 1, 8, 23):
        for _ in range(3):
            sensors = int(rng.integers(20, 400))
            yield int(rng.integers(1, 60)), sensors, hours
    yield int(rng.integers(10**5, 10**6)), int(rng.integers(20, 90)), 6  # faster than a minute
    for more in (0, 1):
        minutes = int(rng.integers(3, 9))
        # 1440 * 256 * n = minutes * rate * 3600 * 12, exactly
        yield 20 * 1024, 20 * 120 * minutes + more, 12


def _answer(rate, sensors, hours, **changed):
    made = changed.get("made", rate * 3600 * (24 - hours))
    spent = changed.get("spent", 1440 * 256 * sensors)
    minutes = -(-spent // made) if changed.get("up", True) else spent // made
    minutes = max(changed.get("least", 1), minutes)
    need = changed.get("need", sensors * 60 * hours)
    return minutes, -(-need // minutes) if changed.get("keys_up", True) else need // minutes


@ride_out.mistake("in the dark the link makes nothing: count the hours in which it works.")
def as_if_never_dark(rate, sensors, hours):
    return _answer(rate, sensors, hours, made=rate * 86400)


@ride_out.mistake(
    "round the minutes *up*: rounded down, more is spent than is made, and the store runs empty in the end."
)
def rounded_down(rate, sensors, hours):
    return _answer(rate, sensors, hours, up=False)


@ride_out.mistake("`minutes` is right. Round the keys up: a store that is one short leaves a sensor without.")
def keys_rounded_down(rate, sensors, hours):
    return _answer(rate, sensors, hours, keys_up=False)


@ride_out.mistake(
    "keys are of 256 *bits*, and the rate is in bits, too: nothing has to be turned into bytes."
)
def bytes_for_bits(rate, sensors, hours):
    return _answer(rate, sensors, hours, spent=1440 * 32 * sensors)


@ride_out.mistake("`minutes` is right. `keys` is the store for *all* sensors, not for one.")
def the_store_of_one(rate, sensors, hours):
    return _answer(rate, sensors, hours, need=60 * hours)


@ride_out.mistake("`minutes` is right. In an hour 60/m keys are due: turn the hours into minutes.")
def hours_for_minutes(rate, sensors, hours):
    return _answer(rate, sensors, hours, need=sensors * hours)


@ride_out.mistake(
    "the store does not make keys: it bridges the dark, and the minutes follow from the mean rate alone."
)
def fractions(rate, sensors, hours):
    minutes = max(1.0, 1440 * 256 * sensors / (rate * 3600 * (24 - hours)))
    return minutes, sensors * 60 * hours / minutes


@ride_out.mistake("you count the rate by the minute: it is in bits a second, and an hour has 3600 of them.")
def a_rate_a_minute(rate, sensors, hours):
    return _answer(rate, sensors, hours, made=rate * 60 * (24 - hours))
