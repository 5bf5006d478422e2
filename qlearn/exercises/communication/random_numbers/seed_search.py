"""The seed of a small generator, found by trying all."""

from functools import cache

import numpy as np

from qlearn.exercises import exercise
from qlearn.exercises.comparisons import equal


@exercise(
    level="stretch",
    same=equal,
    right="so many bits, and 16 of entropy in all of them: whoever has read the program needs the seed alone.",
    because="""
        Run the generator from all 65536 seeds at once, and after each bit keep those that agree: about half. After 16
        bits one or a few are left, after 32 one. The state that is left with it is where the generator stands, so it
        goes on from there. No test of the bits was needed, and passing all of them would not have helped. A seed of 32
        bits takes 65536 times as long, which is still minutes; one of 128 bits is out of reach for a search of this kind.
    """,
)
def seed_search(seen, n):
    """A generator keeps a number x of 16 bits. It starts with its seed, 0 to 65535. For each bit it first steps,
    x = (25173 x + 13849) mod 65536, and then puts out the highest bit of the new x, `x >> 15`. You have `seen` its first
    bits, 32 or more, as an array; no other seed gives the same. Return the seed and the next `n` bits, as a tuple
    `(seed, bits)`. Given: `np`.
    """
    seeds = x = np.arange(65536)
    for bit in seen:
        x = (25173 * x + 13849) % 65536
        same = x >> 15 == bit
        seeds, x = seeds[same], x[same]
    following = []
    for _ in range(n):
        x = (25173 * x + 13849) % 65536
        following.append(x[0] >> 15)
    return int(seeds[0]), np.array(following)


def _stream(seed, n, shift=15):
    """Return n bits of a seed."""
    x, bits = int(seed), []
    for _ in range(n):
        x = (25173 * x + 13849) % 65536
        bits.append(x >> shift & 1)
    return np.array(bits, np.uint8)


@cache
def _words():
    """Return the first 32 bits of each seed, as a number."""
    x, words = np.arange(65536), np.zeros(65536, np.int64)
    for _ in range(32):
        x = (25173 * x + 13849) % 65536
        words = 2 * words + (x >> 15)
    return words


def _agree(seen):
    """Return the seeds whose streams begin with these bits, of which the first 32 count."""
    known = min(len(seen), 32)
    return np.flatnonzero(_words() >> 32 - known == int("".join(map(str, seen[:known])), 2))


@cache
def _twins(known):
    """Return the pairs of seeds whose first `known` bits are the same, the smaller first: shape (pairs, 2)."""
    words = _words() >> 32 - known
    order = np.argsort(words, kind="stable")
    same = np.flatnonzero(words[order[1:]] == words[order[:-1]])
    return np.stack([order[same], order[same + 1]], axis=1)


@seed_search.cases
def streams(rng):
    """The first seed and the last, one of the others, two that part late; few known bits and more; one bit to foretell."""
    seeds = [0, 65535, int(rng.integers(1, 65535)), *rng.choice(_twins(28)).tolist()]
    for seed, known, n in zip(
        seeds, (32, 33, 40, 32, *rng.integers(48, 90, 1).tolist()), (40, 1, 64, 33, 50), strict=True
    ):
        yield _stream(seed, known), n


@seed_search.mistake(
    "the bits are right, and your seed is one step too late: the generator steps first, and then puts out its bit."
)
def puts_out_before_it_steps(seen, n):
    seed = int(_agree(seen)[0])
    return (25173 * seed + 13849) % 65536, _stream(seed, len(seen) + n)[len(seen) :]


@seed_search.mistake(
    "the bits are right, and your number is where the generator stands *now*: return the seed that it started with."
)
def the_state_now(seen, n):
    seed = x = int(_agree(seen)[0])
    for _ in seen:
        x = (25173 * x + 13849) % 65536
    return x, _stream(seed, len(seen) + n)[len(seen) :]


@seed_search.mistake("the seed is right, and these are the bits that you had been given: go on after `seen`.")
def begins_again(seen, n):
    seed = int(_agree(seen)[0])
    return seed, _stream(seed, n)


@seed_search.mistake(
    "the seed is right, and you return the bits from the beginning on: only the `n` bits after `seen` are asked for."
)
def all_of_them(seen, n):
    seed = int(_agree(seen)[0])
    return seed, _stream(seed, len(seen) + n)


@seed_search.mistake(
    "the seed is right, and one bit is left out: the first to foretell follows `seen` at once."
)
def one_bit_too_late(seen, n):
    seed = int(_agree(seen)[0])
    return seed, _stream(seed, len(seen) + n + 1)[len(seen) + 1 :]


@seed_search.mistake(
    "the seed is right, and you begin with the last bit of `seen`: the bits after it are asked for."
)
def one_bit_too_early(seen, n):
    seed = int(_agree(seen)[0])
    return seed, _stream(seed, len(seen) + n)[len(seen) - 1 : -1]


@seed_search.mistake("the seed is right, and the bits are in the reverse order: the next one comes first.")
def reversed_bits(seen, n):
    seed = int(_agree(seen)[0])
    return seed, _stream(seed, len(seen) + n)[: len(seen) - 1 : -1]


@seed_search.mistake(
    "the seed is right, and you foretell the *lowest* bits, which alternate. `x >> 15` is the highest."
)
def foretells_the_lowest_bit(seen, n):
    seed = int(_agree(seen)[0])
    return seed, _stream(seed, len(seen) + n, 0)[len(seen) :]


@seed_search.mistake(
    "the seed is right, and you give the states, of 16 bits: the generator puts out the highest bit of each."
)
def whole_states(seen, n):
    seed = x = int(_agree(seen)[0])
    states = []
    for _ in range(len(seen) + n):
        x = (25173 * x + 13849) % 65536
        states.append(x)
    return seed, np.array(states[len(seen) :])


@seed_search.mistake(
    "you stop at the first seed that agrees with a few bits. 16 bits leave more than one of 65536 seeds: compare all of `seen`."
)
def looks_at_sixteen_bits(seen, n):
    seed = int(_agree(seen[:16])[0])
    return seed, _stream(seed, len(seen) + n)[len(seen) :]


@seed_search.mistake("this is the seed. Now let the generator go on: return the next `n` bits with it.")
def the_seed_alone(seen, n):
    return int(_agree(seen)[0])


@seed_search.mistake("these are the next bits. Return the seed with them, as a tuple: `(seed, bits)`.")
def the_bits_alone(seen, n):
    return _stream(_agree(seen)[0], len(seen) + n)[len(seen) :]


@seed_search.mistake("the right two things, exchanged: the seed comes first, the bits second.")
def exchanged(seen, n):
    seed = int(_agree(seen)[0])
    return _stream(seed, len(seen) + n)[len(seen) :], seed
