"""What a sensor under a one-time pad spends."""

from qlearn.exercises import exercise
from qlearn.exercises.comparisons import equal


@exercise(
    level="warm-up",
    same=equal,
    right="a short reading spends more on its tag than on itself: the tag takes the same, however short the text.",
    because="""
        A pad takes one secret bit for each bit of text, and a byte has eight. A tag of Poly1305 takes a point of 128 bits and
        a pad of 128 bits that hides it. The pad is used once. The point may be kept, because a pad that is used once hides all
        that a tag would tell of it; then it is paid for once, and each tag takes 128 bits.
    """,
)
def pad_bits(lengths, kept):
    """A sensor seals readings by one-time pad: `lengths` lists their sizes in *bytes*, and may be empty. The tag of each
    frame takes a pad of 128 bits of its own and a point of 128 bits: a new one for each frame if `kept` is False; if it is
    True, one for all of them, loaded beforehand in any case, and counted. Return how many secret bits are spent, a whole number.
    """
    tags = 128 * len(lengths)
    points = 128 if kept else 128 * len(lengths)
    return 8 * sum(lengths) + tags + points


@pad_bits.cases
def readings(rng):
    """No reading, one, many; a kept point and new ones."""
    for kept in (False, True):
        yield [], kept
        yield [int(rng.integers(2, 60))], kept
        for _ in range(3):
            yield [int(n) for n in rng.integers(1, 80, int(rng.integers(3, 30)))], kept


@pad_bits.mistake("a byte has eight bits, and the pad takes one for each of them.")
def bytes_for_bits(lengths, kept):
    return sum(lengths) + 128 * len(lengths) + (128 if kept else 128 * len(lengths))


@pad_bits.mistake("the tags are missing: each takes a pad of 128 bits and a point, its own or the kept one.")
def no_tags(lengths, kept):
    return 8 * sum(lengths)


@pad_bits.mistake("a point that is kept is paid for once, and not with every frame.")
def new_points_always(lengths, kept):
    return 8 * sum(lengths) + 256 * len(lengths)


@pad_bits.mistake("the kept point has to be loaded, too: 128 bits, once.")
def a_point_for_nothing(lengths, kept):
    return 8 * sum(lengths) + 128 * len(lengths) + (0 if kept else 128 * len(lengths))


@pad_bits.mistake("`kept` True means *one* point for all frames; you have it the other way round.")
def turned_round(lengths, kept):
    return 8 * sum(lengths) + 128 * len(lengths) + (128 * len(lengths) if kept else 128)
