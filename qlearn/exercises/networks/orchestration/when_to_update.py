"""How often a unit can send its update on the key that its link makes."""

from qlearn.exercises import exercise
from qlearn.exercises.comparisons import equal


@exercise(
    level="warm-up",
    same=equal,
    right="on a fast link it is 1, and the key is no longer what limits the round.",
    because=r"""
        An update costs $dw+2\cdot\text{tag}$ bits of key, and k epochs bring $k\cdot\text{rate}\cdot\text{seconds}$. The least
        k with $k\cdot\text{rate}\cdot\text{seconds}\ge dw+2\cdot\text{tag}$ is the quotient, rounded up; as something is always
        to be paid it is 1 at least. In whole numbers `-(-a // b)` rounds up without a float. A smaller model, or shorter words,
        buys more frequent updates.
    """,
)
def when_to_update(d, w, tag, rate, seconds):
    """A unit trains for k local epochs of so many `seconds`, sends its update, and so on for ever. An update has d words of w
    bits, each bit under a bit of a one-time pad. Two messages are authenticated with `tag` bits of key each: the update, and the
    model that comes back in the open. The unit's link makes `rate` bits of key in a second, all the time; sending takes no time.
    Return the least whole number k of epochs between two updates for which the key never runs out, however long it goes on.
    All five are whole numbers above 0.
    """
    return -(-(d * w + 2 * tag) // (rate * seconds))


@when_to_update.cases
def units(rng):
    """Fast links and slow, small models and large; what comes out even, one bit more and one bit less."""
    yield 17, 64, 128, 300, 2
    yield 10**6, 12, 128, 300_000, 30
    for _ in range(6):
        d, w, tag = (int(rng.integers(*ends)) for ends in ((1, 3000), (4, 65), (32, 257)))
        yield d, w, tag, int(10 ** rng.uniform(1, 4)), int(rng.integers(2, 60))
    yield 3, 16, 64, int(rng.integers(10**5, 10**6)), 60  # more than enough
    for more in (-1, 0, 1):  # an even number of epochs, give or take a bit of each tag's half
        rate, seconds, epochs = (2 * int(rng.integers(*ends)) for ends in ((50, 200), (2, 20), (2, 9)))
        tag = 64 + int(rng.integers(1, 64))
        yield rate * seconds * epochs - 2 * tag + more, 1, tag, rate, seconds


def _up(a, b):
    return -(-a // b)


@when_to_update.mistake("rounded down the link makes too little, and one day the pad is empty: round up.")
def rounded_down(d, w, tag, rate, seconds):
    return (d * w + 2 * tag) // (rate * seconds)


@when_to_update.mistake("rounded down and one more is one too many where the quotient is a whole number.")
def one_too_many(d, w, tag, rate, seconds):
    return (d * w + 2 * tag) // (rate * seconds) + 1


@when_to_update.mistake("epochs are whole: round up.")
def not_rounded(d, w, tag, rate, seconds):
    return (d * w + 2 * tag) / (rate * seconds)


@when_to_update.mistake("to the nearest whole number is too few wherever that lies below: round up.")
def nearest(d, w, tag, rate, seconds):
    return max(1, round((d * w + 2 * tag) / (rate * seconds)))


@when_to_update.mistake("the tags are forgotten: they cost key too.")
def without_tags(d, w, tag, rate, seconds):
    return _up(d * w, rate * seconds)


@when_to_update.mistake("one tag is missing: an update goes, and a model comes.")
def one_tag(d, w, tag, rate, seconds):
    return _up(d * w + tag, rate * seconds)


@when_to_update.mistake("the model that comes is in the open: it takes a tag and no pad.")
def pads_both_ways(d, w, tag, rate, seconds):
    return _up(2 * (d * w + tag), rate * seconds)


@when_to_update.mistake("a tag is paid by the message, and not by the word.")
def tags_for_each_word(d, w, tag, rate, seconds):
    return _up(d * (w + 2 * tag), rate * seconds)


@when_to_update.mistake("a word has w bits, and not one.")
def words_for_bits(d, w, tag, rate, seconds):
    return _up(d + 2 * tag, rate * seconds)


@when_to_update.mistake("those are seconds: an epoch has several.")
def in_seconds(d, w, tag, rate, seconds):
    return _up(d * w + 2 * tag, rate)


@when_to_update.mistake(
    "that is how many updates an epoch pays for; asked is how many epochs pay for an update."
)
def updates_an_epoch(d, w, tag, rate, seconds):
    return _up(rate * seconds, d * w + 2 * tag)
