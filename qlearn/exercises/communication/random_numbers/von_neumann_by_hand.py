"""Von Neumann's pairs."""

import numpy as np

from qlearn.exercises import exercise


@exercise(
    level="core",
    right="as many as there are, and not a fixed share: how many come out is itself random.",
    because="""
        The pairs stand side by side and do not overlap: the first bit of each is at an even place, the second at an odd
        one; an odd last bit has no partner. 01 and 10 are equally likely if the bits are independent and of one bias, so
        the first bit of such a pair is fair. Of n bits n p (1 - p) come out on average, a quarter at most. Bits that are
        all equal leave nothing.
    """,
)
def von_neumann_by_hand(bits):
    """Return von Neumann's bits of the array `bits`, which holds 0 and 1: cut it into pairs from the beginning, drop 00
    and 11, and keep the *first* bit of each other pair. A last bit without a partner is dropped. How many bits are left
    varies, and there may be none: then the result is empty.
    """
    first, second = bits[:-1:2], bits[1::2]
    return first[first != second]


@von_neumann_by_hand.cases
def sequences(rng):
    """Fair and biased, of even and odd length, all equal, alternating, and one bit alone."""
    yield (np.array([0, 1, 1, 1, 1, 0, 0, 0], np.uint8),)
    yield (rng.integers(0, 2, 1, dtype=np.uint8),)
    yield (np.full(int(rng.integers(4, 9)), rng.integers(0, 2), np.uint8),)
    yield ((np.arange(rng.integers(5, 12)) % 2).astype(np.uint8),)
    for p in (0.5, 0.2, 0.8):
        n = 2 * int(rng.integers(6, 20))
        for length in (n, n + 1, 10 * n):
            yield ((rng.random(length) < p).astype(np.uint8),)


def _pairs(bits):
    return bits[: len(bits) // 2 * 2].reshape(-1, 2)


@von_neumann_by_hand.mistake(
    "you keep the second bit of each pair, which is the first one turned over: as fair, but 01 shall give 0."
)
def keeps_the_second(bits):
    first, second = _pairs(bits).T
    return second[first != second]


@von_neumann_by_hand.mistake(
    "you keep the pairs 00 and 11 and drop the others: with a bias 00 and 11 are not equally likely, 01 and 10 are."
)
def keeps_equal_pairs(bits):
    first, second = _pairs(bits).T
    return first[first == second]


@von_neumann_by_hand.mistake(
    "your pairs overlap: each bit belongs to one pair. A bit that is used twice ties one output to the next: they alternate."
)
def overlapping_pairs(bits):
    return bits[:-1][bits[:-1] != bits[1:]]


@von_neumann_by_hand.mistake(
    "after an equal pair you go on by one bit only: a pair is two bits, whatever they are. Else what was seen decides where the "
    "next pair begins, and a bias comes back."
)
def steps_by_one(bits):
    kept, i = [], 0
    while i + 1 < len(bits):
        if bits[i] != bits[i + 1]:
            kept.append(bits[i])
            i += 1
        i += 1
    return np.array(kept, np.uint8)


@von_neumann_by_hand.mistake(
    "you keep both bits of a pair: the second follows from the first, and adds no randomness."
)
def keeps_both(bits):
    pairs = _pairs(bits)
    return pairs[pairs[:, 0] != pairs[:, 1]].ravel()


@von_neumann_by_hand.mistake(
    "this is the parity of each pair: less biased, not fair, and no pair is dropped. Keep a bit of the unequal pairs."
)
def parities(bits):
    first, second = _pairs(bits).T
    return first ^ second


@von_neumann_by_hand.mistake(
    "you give a bit for each pair, and 0 for the equal ones: those are dropped, so that fewer bits come out."
)
def zero_for_equal_pairs(bits):
    first, second = _pairs(bits).T
    return np.where(first != second, first, 0)


@von_neumann_by_hand.mistake("the last bit of an odd number has no partner: drop it.")
def keeps_the_last(bits):
    first, second = _pairs(bits).T
    return np.append(first[first != second], bits[len(bits) // 2 * 2 :])


@von_neumann_by_hand.mistake(
    "you pair the first half with the second half. A pair is two bits that came one after the other."
)
def halves(bits):
    half = len(bits) // 2
    first, second = bits[:half], bits[half : 2 * half]
    return first[first != second]


@von_neumann_by_hand.mistake(
    "you keep the first bit of every pair. 00 and 11 have to go: they carry the bias."
)
def drops_nothing(bits):
    return _pairs(bits)[:, 0]


@von_neumann_by_hand.mistake(
    "your first pair begins at the second bit: the pairs are bits 0 and 1, 2 and 3, and so on."
)
def begins_at_the_second(bits):
    first, second = _pairs(bits[1:]).T
    return first[first != second]


@von_neumann_by_hand.mistake("you say how many bits are left: return the bits.")
def how_many(bits):
    first, second = _pairs(bits).T
    return np.count_nonzero(first != second)


@von_neumann_by_hand.mistake("this is where the pairs are that stay: return the first bit of each of them.")
def where_they_are(bits):
    first, second = _pairs(bits).T
    return np.flatnonzero(first != second)
