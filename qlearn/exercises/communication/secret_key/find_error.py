"""Find error."""

from qlearn.exercises import exercise


@exercise(
    level="core",
    right="One parity a halving, log2(n) in all. This is the step that Cascade repeats.",
    because="""
        An odd number splits into an odd and an even one. If the parities of the first half differ, the odd part is
        there; if they agree, it is in the second half, and nobody need ask. After log2(n) halvings one bit is left.
    """,
)
def find_error(block, ask):
    """The parities of a block differ: its number of errors is odd. Write `find_error(block, ask)`: the
    position of one error in Bob's `block`. `ask(start, stop)` tells the parity of Alice's bits `start`
    to `stop - 1`, and costs a bit of key: for n bits ask at most log2(n) times, rounded up.
    """
    start, stop = 0, len(block)
    while stop - start > 1:
        middle = (start + stop) // 2
        if block[start:middle].sum() % 2 != ask(start, middle):
            stop = middle  # the odd number of errors is in the first half
        else:
            start = middle  # so it is in the second
    return start


@find_error.cases
def cases(rng):
    """TODO what they vary."""
    # TODO: see _grade_find_error of the old module
    yield ()


@find_error.mistake("12 parities for a block of 16; 4 are enough. Each is a bit of key lost: halve.")
def one_by_one(block, ask):
    for i in range(len(block)):
        if block[i] != ask(i, i + 1):
            return i


@find_error.mistake("return one position, a whole number, not [11]: one error is asked for.")
def all_of_them(block, ask):
    return [i for i in range(len(block)) if block[i] != ask(i, i + 1)]


@find_error.mistake(
    "8 parities for a block of 16: you ask for both halves. The second parity follows: the block's is known to "
    "differ. Each one you ask for is a bit of key lost."
)
def asks_for_both_halves(block, ask):
    start, stop = 0, len(block)
    while stop - start > 1:
        middle = (start + stop) // 2
        first = block[start:middle].sum() % 2 != ask(start, middle)
        second = block[middle:stop].sum() % 2 != ask(middle, stop)
        start, stop = (start, middle) if first else (middle, stop)
    return start


@find_error.mistake(
    "in a block of 16 with errors at [11] you return bit 0. Keep the half whose parities differ: there the number"
    " of errors is odd, so at least one is in it."
)
def the_wrong_half(block, ask):
    start, stop = 0, len(block)
    while stop - start > 1:
        middle = (start + stop) // 2
        if block[start:middle].sum() % 2 == ask(start, middle):
            stop = middle
        else:
            start = middle
    return start
