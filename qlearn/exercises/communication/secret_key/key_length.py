"""Key length."""

from qlearn.exercises import exercise

# TODO given name 'h' = <function h at 0x7fcb19b6d760>


@exercise(
    level="warm-up",
    right="Errors are charged twice: once to Eve, once to what had to be said to correct them.",
    because="""
        Eve may know `h(qber)` bits of each bit from the line, and all that was said in public. What is left is
        secret; below zero nothing is.
    """,
)
def key_length(n, qber, leak):
    """Write `key_length(n, qber, leak)`: how many of `n` corrected bits may be kept in a very long
    session, when `leak` bits for each bit were said in public? The function `h` is given.
    """
    return max(0, int(n * (1 - h(qber) - leak)))


@key_length.cases
def cases(rng):
    """TODO what they vary."""
    # TODO: see _grade_key_length of the old module
    yield ()


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


@key_length.mistake("at QBER 0.11 you return -49: a key has no negative length. No key is an answer too: 0.")
def negative(n, qber, leak):
    return int(n * (1 - h(qber) - leak))


@key_length.mistake("1000.0 bits: a key has a whole number of them, an int. Round down, never up.")
def fractions_of_a_bit(n, qber, leak):
    return max(0, n * (1 - h(qber) - leak))


@key_length.mistake("1001 bits: a key has a whole number of them, an int. Round down, never up.")
def rounds_up(n, qber, leak):
    return max(0, 1 + int(n * (1 - h(qber) - leak)))


@key_length.mistake("return a whole number of bits, not '1000'.")
def as_text(n, qber, leak):
    return str(max(0, int(n * (1 - h(qber) - leak))))


@key_length.mistake("for 473215 bits, QBER 0.0955 and a leak of 0.158 a bit you keep 387; 183434 are safe.")
def a_thousand_bits_only(n, qber, leak):
    return max(0, int(1000 * (1 - h(qber) - leak)))


@key_length.mistake("for 1000 bits, QBER 0.05 and a leak of 0.33 a bit you keep 619; 383 are safe.")
def takes_the_errors_away(n, qber, leak):
    return max(0, int(n * (1 - qber - leak)))
