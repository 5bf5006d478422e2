"""One error of a block, found by parities."""

from math import ceil, log2

import numpy as np

from qlearn.exercises import Verdict, exercise
from qlearn.exercises.comparisons import NOTHING, a, as_numbers


@exercise(
    level="core",
    right="One parity a halving, log2(n) in all. This is the step that Cascade repeats.",
    because="""
        An odd number splits into an odd and an even one. If the parities of the first half differ, the odd part is
        there; if they agree, it is in the second half, and nobody need ask. After log2(n) halvings one bit is left.
    """,
)
def find_error(block, ask):
    """The parities of a block differ: its number of errors is odd. Return the position of one error in
    Bob's `block`, an array of bits. `ask(start, stop)` tells the parity of Alice's bits `start` to
    `stop - 1`, and costs a bit of key: for n bits ask at most log2(n) times, rounded up.
    """
    start, stop = 0, len(block)
    while stop - start > 1:
        middle = (start + stop) // 2
        odd = block[start:middle].sum() % 2 != ask(start, middle)
        # an odd number of errors is in the first half, or else in the second
        start, stop = (start, middle) if odd else (middle, stop)
    return start


def _asking(bits):
    """Return Alice, who answers for the parity of a stretch of her bits, and how long those were for which she was asked."""
    stretches = []

    def ask(start, stop):
        stretches.append(stop - start)
        asked = len(stretches)
        if asked > 2 * len(bits) + 20:
            raise RuntimeError(
                f"{asked} parities were asked for a block of {len(bits)} bits: does the loop end?"
            )
        return int(bits[start:stop].sum()) % 2

    return ask, stretches


@find_error.grader
def asks(answer, rng):
    """Look whether the bit is wrong, and count the questions: blocks of 1 to 400 bits, with 1, 3 or 5 errors."""
    sizes = [16, 1, 2, 3, 64, 37, *rng.integers(4, 300, 20).tolist(), int(rng.integers(260, 400))]
    total, least = 0, 0.0
    for turn, n in enumerate(sizes):
        alice = rng.integers(0, 2, n, dtype=np.uint8)
        errors = rng.choice(n, min((1, 3, 1, 5)[turn % 4], n - 1 + n % 2), replace=False)
        if turn in (4, 5):
            errors = [(0, n - 1)[turn - 4]]  # at either end
        bob = alice.copy()
        bob[errors] ^= 1
        ask, stretches = _asking(alice)
        got = answer(bob.copy(), ask)
        if got is None:
            return Verdict.wrong(f"for a block of {n}: {NOTHING}.")
        number = as_numbers(got)
        if (
            isinstance(number, str)
            or number.size != 1
            or number.dtype.kind not in "iuf"
            or number.item() % 1 != 0
        ):
            return Verdict.wrong(
                f"return one position, a whole number, and not {a(got)}: one error is asked for."
            )
        at = int(number.item())
        if not 0 <= at < n:
            return Verdict.wrong(f"in a block of {n} bits there is no position {at}: the first is 0.")
        if at not in errors:
            return Verdict.wrong(
                f"in a block of {n} with {len(errors)} error{'s' * (len(errors) > 1)} the bit that you return is right. "
                "Keep the half whose parities differ: there the number of errors is odd, so at least one is in it."
            )
        most, asked = ceil(log2(n)), len(stretches)
        total, least = total + asked, least + log2(n)
        if n > 1 and n in stretches and asked == most + 1:
            return Verdict.wrong(
                "you ask for the parity of the whole block. It is known to differ from Bob's; each one you ask for is a bit "
                "of key lost."
            )
        if most < asked and n > 2 and set(stretches) == {1}:
            return Verdict.wrong(
                f"{asked} parities for a block of {n}, each of one bit: these are Alice's bits, and each is one of key lost. "
                "The parity of many bits costs no more than that of one."
            )
        if most < asked <= 2 * most:
            return Verdict.wrong(
                f"{asked} parities for a block of {n}: do you ask for both halves? The second parity follows: the block's "
                "is known to differ. Each one you ask for is a bit of key lost."
            )
        if asked > most:
            return Verdict.wrong(
                f"{asked} parities for a block of {n}; {most} are enough. Each is a bit of key lost: halve."
            )
    if total < least / 2:  # several errors are found sooner, now and then, but not by so much
        return Verdict.wrong(
            "the right bits, and from fewer parities than tell where they are: Bob knows of Alice's bits only what `ask` says."
        )
    return None


@find_error.mistake()
def one_by_one(block, ask):
    for i in range(len(block)):
        if block[i] != ask(i, i + 1):
            return i


@find_error.mistake()
def all_of_them(block, ask):
    return [i for i in range(len(block)) if block[i] != ask(i, i + 1)]


@find_error.mistake()
def asks_for_both_halves(block, ask):
    start, stop = 0, len(block)
    while stop - start > 1:
        middle = (start + stop) // 2
        first = block[start:middle].sum() % 2 != ask(start, middle)
        second = block[middle:stop].sum() % 2 != ask(middle, stop)
        start, stop = (start, middle) if first and not second else (middle, stop)
    return start


@find_error.mistake()
def the_wrong_half(block, ask):
    start, stop = 0, len(block)
    while stop - start > 1:
        middle = (start + stop) // 2
        if block[start:middle].sum() % 2 == ask(start, middle):
            stop = middle
        else:
            start = middle
    return start
