"""How many bits of a corrected key may be kept."""

from math import ceil, floor

from qlearn.communication import binary_entropy as h
from qlearn.exercises import exercise
from qlearn.exercises.comparisons import equal


@exercise(
    level="warm-up",
    same=equal,
    right="Errors are charged twice: once to Eve, once to what had to be said to correct them.",
    because="""
        Eve may know `h(qber)` bits of each bit from the line, and all that was said in public. What is left is
        secret; below zero nothing is.
    """,
)
def key_length(n, qber, leak):
    """Return how many of `n` corrected bits may be kept in a very long session, a whole number, at an error
    rate `qber` of at most 1/2 and when `leak` bits for each bit were said in public. The function `h` is
    given.
    """
    return max(0, int(n * (1 - h(qber) - leak)))


@key_length.cases
def sessions(rng):
    """Short and long, quiet and noisy, talkative and brief; some leave nothing, and one loses nothing."""
    yield from ((1000, 0.0, 0.0), (1000, 0.08, 0.97), (5000, 0.5, 0.2))
    yield (
        int(rng.integers(1000, 10**6)),
        float(rng.uniform(0.15, 0.4)),
        float(rng.uniform(0.5, 0.9)),
    )  # nothing
    kept = 0
    while kept < 9:
        n = int(rng.integers(50, 10**6))
        qber, leak = float(rng.uniform(*((0.01, 0.1), (0.12, 0.2))[kept % 2])), float(rng.uniform(0.02, 0.3))
        left = n * (1 - h(qber) - leak)
        if (
            left > 5 and 0.01 < left % 1 < 0.99
        ):  # so that every way to write the sum rounds to the same number
            yield n, qber, leak
            kept += 1


@key_length.mistake(
    "your length does not fall with the error rate: every error is charged to Eve, h(qber) a bit."
)
def forgets_eve(n, qber, leak):
    return max(0, int(n * (1 - leak)))


@key_length.mistake(
    "your length does not fall with the leak: what was said in public, Eve has heard. Subtract it."
)
def forgets_the_leak(n, qber, leak):
    return max(0, int(n * (1 - h(qber))))


@key_length.mistake(
    "you charge h(qber) for what was said in public. `leak` says how much that really was, a bit."
)
def guesses_the_leak(n, qber, leak):
    return max(0, int(n * (1 - 2 * h(qber))))


@key_length.mistake("no key is an answer too: 0. A key has no negative length.")
def negative_and_rounded_down(n, qber, leak):
    return floor(n * (1 - h(qber) - leak))


@key_length.mistake(
    "`leak` is not in units of Shannon's limit: so many bits were said for each bit, with nothing to multiply."
)
def a_leak_in_units_of_the_limit(n, qber, leak):
    return max(0, int(n * (1 - h(qber) - leak * h(qber))))


@key_length.mistake("a key has no negative length. No key is an answer too: 0.")
def negative(n, qber, leak):
    return int(n * (1 - h(qber) - leak))


@key_length.mistake(
    "you give no key from 11 % of errors on. That is where it ends if h(qber) was said a bit; here `leak` was, and it "
    "is the sum that decides."
)
def ends_at_eleven_per_cent(n, qber, leak):
    return max(0, int(n * (1 - h(qber) - leak))) if qber < 0.11 else 0


@key_length.mistake(
    "11 % of errors end it only if h(qber) was said a bit. Here `leak` was: it is the sum that decides, on both sides of "
    "11 %, and no key has a negative length."
)
def looks_at_the_error_rate_alone(n, qber, leak):
    return int(n * (1 - h(qber) - leak)) if qber < 0.11 else 0


@key_length.mistake("a key has a whole number of bits, an int. Round down, never up.")
def fractions_of_a_bit(n, qber, leak):
    return max(0, n * (1 - h(qber) - leak))


@key_length.mistake("you round up: the last bit is not all secret. Round down.")
def rounds_up(n, qber, leak):
    return max(0, ceil(n * (1 - h(qber) - leak)))


@key_length.mistake("you round to the nearest number, which is up half of the time: round down.")
def rounds_to_the_nearest(n, qber, leak):
    return max(0, round(n * (1 - h(qber) - leak)))


@key_length.mistake("you take the share of a thousand bits. Of how many there are, says `n`.")
def a_thousand_bits_only(n, qber, leak):
    return max(0, int(1000 * (1 - h(qber) - leak)))


@key_length.mistake(
    "an error rate is no number of bits: a bit with an error rate qber tells Eve up to h(qber) of it."
)
def takes_the_errors_away(n, qber, leak):
    return max(0, int(n * (1 - qber - leak)))


@key_length.mistake("`leak` is in bits for *each* bit. You subtract it once.")
def a_leak_in_all(n, qber, leak):
    return max(0, int(n * (1 - h(qber)) - leak))
