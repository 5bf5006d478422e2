"""What a link makes in a day, and what its applications spend."""

from qlearn.exercises import exercise


@exercise(
    level="warm-up",
    right="what the pads leave feeds sessions, and each of those takes little: it spends by the clock, not by the message.",
    because="""
        A day has 86,400 seconds, so the link makes 86,400 times its rate. A pad spends a bit of key for each bit of message,
        and a byte has eight. A session spends 256 bits for each new key, however much it sends: 1440/`minutes` keys a day. Both
        ends hold the *same* key: it is made once and spent once. What is left over is divided, rounded down, since a session
        that is fed half is not fed; and where nothing is left, there is none.
    """,
)
def key_budget(rate, pads, minutes):
    """A link makes `rate` bits of key in a second, all day. Some pairs of applications encrypt by one-time pad: `pads`
    lists how many *bytes* a day each of them encrypts. Return the tuple `(left, sessions)`: the bits of key that are left
    a day, negative if there are too few, and how many other pairs can have an AES session of what is left, if each session
    takes a new key of 256 bits every `minutes`, averaged over many days.
    """
    left = 86400 * rate - 8 * sum(pads)
    sessions = max(0, left * minutes // (256 * 1440))
    return left, sessions


@key_budget.cases
def links(rng):
    """No pads, some, too many; keys by the minute and every other day; what comes out even, and a bit less."""
    for minutes in (1, 45, 60, 1440, 2880):
        rate = int(rng.integers(6, 400))
        yield rate, [], minutes
        yield rate, [int(n) for n in rng.integers(1, 1400 * rate, int(rng.integers(2, 7)))], minutes
    for minutes in (5, 90, 4000):
        rate = int(rng.integers(50, 90))
        yield rate, [int(n) for n in rng.integers(5500 * rate, 9000 * rate, 3)], minutes  # too many
    for short in (0, 1):
        minutes, fed = int(rng.choice([1, 30, 60])), int(rng.integers(3, 15))
        rate = int(rng.integers(fed * 5, 160))
        spare = fed * 256 * 1440 // minutes
        yield rate, [(86400 * rate - spare) // 8 - 7, 7 + short], minutes
    yield rate, [10800 * rate], 30  # nothing left


def _left(rate, pads):
    return 86400 * rate - 8 * sum(pads)


@key_budget.mistake("a byte has eight bits, and a pad spends a bit of key for each of them.")
def bytes_for_bits(rate, pads, minutes):
    left = 86400 * rate - sum(pads)
    return left, max(0, left * minutes // (256 * 1440))


@key_budget.mistake(
    "you have half the sessions: the two ends of a session hold the *same* 256 bits, which the link made once."
)
def a_key_for_each_end(rate, pads, minutes):
    left = _left(rate, pads)
    return left, max(0, left * minutes // (512 * 1440))


@key_budget.mistake("`left` is right. Where it is negative, no session can be fed: not fewer than none.")
def sessions_below_zero(rate, pads, minutes):
    left = _left(rate, pads)
    return left, left * minutes // (256 * 1440)


@key_budget.mistake("`left` is right. Round the sessions down: half a session cannot be fed.")
def not_rounded(rate, pads, minutes):
    left = _left(rate, pads)
    return left, max(0, left * minutes / (256 * 1440))


@key_budget.mistake("`left` is right. You rounded the sessions up: the last one would run dry.")
def rounded_up(rate, pads, minutes):
    left = _left(rate, pads)
    return left, max(0, -(-left * minutes // (256 * 1440)))


@key_budget.mistake(
    "`left` is right. You counted *whole* keys in a day; on average a key every two days is half a key a day."
)
def whole_keys_in_a_day(rate, pads, minutes):
    left = _left(rate, pads)
    return left, max(0, left // (256 * max(1, 1440 // minutes)))


@key_budget.mistake("`left` is right. A day has 1440 minutes, not 24: `minutes` are no hours.")
def minutes_for_hours(rate, pads, minutes):
    left = _left(rate, pads)
    return left, max(0, left * minutes // (256 * 24))


@key_budget.mistake(
    "`left` is what the sessions may spend. You gave them all that the link makes, and the pads too."
)
def spends_twice(rate, pads, minutes):
    left = _left(rate, pads)
    return left, 86400 * rate * minutes // (256 * 1440)


@key_budget.mistake("you report no debt: `left` is negative where the pads spend more than the link makes.")
def hides_the_debt(rate, pads, minutes):
    left = max(0, 86400 * rate - 8 * sum(pads))
    return left, left * minutes // (256 * 1440)


@key_budget.mistake("one pad is counted: `pads` has one entry for each pair, and all of them spend.")
def one_pad(rate, pads, minutes):
    left = 86400 * rate - 8 * (pads[0] if pads else 0)
    return left, max(0, left * minutes // (256 * 1440))


@key_budget.mistake("a key has 256 *bits*, and not as many bytes.")
def keys_in_bytes(rate, pads, minutes):
    left = _left(rate, pads)
    return left, max(0, left * minutes // (8 * 256 * 1440))


@key_budget.mistake("you count one hour of the link: a day has 86,400 seconds.")
def an_hour_of_key(rate, pads, minutes):
    left = 3600 * rate - 8 * sum(pads)
    return left, max(0, left * minutes // (256 * 1440))
