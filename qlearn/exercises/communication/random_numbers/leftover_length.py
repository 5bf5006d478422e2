"""How many almost perfect bits a raw string leaves."""

from math import ceil, floor, log, log2, log10

from qlearn.exercises import exercise
from qlearn.exercises.comparisons import equal


@exercise(
    level="core",
    same=equal,
    right="what the distance costs depends on the distance alone: 64.4 bits at 1e-10, for a thousand rounds or a billion.",
    because=r"""
        Solve $\delta = \tfrac12\sqrt{2^{m-k}}$ for m. Twice delta, squared, is $2^{m-k}$, so
        $m = k + 2\log_2(2\delta) = k + 2 - 2\log_2(1/\delta)$: the root doubles the logarithm, and the factor 1/2 gives
        two bits back. The bound is smaller for a shorter output, so the number is rounded down. Below zero nothing is
        left, and the answer is 0.
    """,
)
def leftover_length(n, per_round, distance):
    r"""A raw string of `n` rounds has `per_round` bits of min-entropy a round, given all that Eve has: k is their
    product. A universal hash of m bits, together with its seed, is at most $\delta = \tfrac12\sqrt{2^{m-k}}$ from
    uniform bits. Return the largest whole m for which this bound is no more than `distance`, which is below 1/2; 0 if
    no m above 0 will do. Given: `floor`, `log2`.
    """
    return max(0, floor(n * per_round + 2 - 2 * log2(1 / distance)))


@leftover_length.cases
def strings(rng):
    """Short strings and long ones, near to uniform and less near; some leave nothing, and one has no entropy at all."""
    yield from ((1000, 0.0, 1e-6), (100, 0.25, 1e-10), (1, 1.0, 0.4))
    # Nothing is left, by less than a bit and by many.
    yield 20, (2 * log2(1e6) - 2 - rng.uniform(0.1, 0.4)) / 20, 1e-6
    yield int(rng.integers(10, 40)), float(rng.uniform(0.1, 0.9)), float(10 ** rng.uniform(-15, -14))
    # One bit, or two.
    for many in (1, 2):
        yield 50, (2 * log2(1e5) - 2 + many + rng.uniform(0.1, 0.9)) / 50, 1e-5
    # A loose distance that leaves some, a strict one, a long string; then whatever comes.
    kinds = (
        [((2.5, 4), (log10(0.32), log10(0.48)))] * 2
        + [((2.5, 4), (-15, -13))] * 2
        + [((5.3, 6), (-12, -1))] * 2
    )
    kinds += [((2.5, 5), (-2.5, -0.5))] * 2 + [((2.5, 6), (-15, -1))] * 3
    kept = 0
    while kept < len(kinds):
        (low, high), strict = kinds[kept]
        n = int(10 ** rng.uniform(low, high))
        per_round, distance = float(rng.uniform(0.3, 0.95)), float(10 ** rng.uniform(*strict))
        left = n * per_round + 2 - 2 * log2(1 / distance)
        low, high = ((0.02, 0.48), (0.52, 0.98))[kept % 2]
        if left > 20 and low < left % 1 < high:  # every way to write the sum rounds to the same number
            yield n, per_round, distance
            kept += 1


def _left(n, per_round, distance):
    return n * per_round + 2 + 2 * log2(distance)


@leftover_length.mistake("none is left there, and a string has no negative length: return 0.")
def negative(n, per_round, distance):
    return floor(_left(n, per_round, distance))


@leftover_length.mistake("a string has no negative length: where nothing is left, return 0.")
def negative_and_cut(n, per_round, distance):
    return int(_left(n, per_round, distance))


@leftover_length.mistake("a string has a whole number of bits. Round down, so that the promise holds.")
def fractions_of_a_bit(n, per_round, distance):
    return max(0, _left(n, per_round, distance))


@leftover_length.mistake(
    "you round up: the last bit is one too many, and the distance is larger than promised. Round down."
)
def rounds_up(n, per_round, distance):
    return max(0, ceil(_left(n, per_round, distance)))


@leftover_length.mistake("you round to the nearest number, which is up half of the time: round down.")
def rounds_to_the_nearest(n, per_round, distance):
    return max(0, round(_left(n, per_round, distance)))


@leftover_length.mistake(
    "you pay log2(1/distance) once. The distance is a *root* of 2^(m - k), so it counts twice."
)
def one_logarithm(n, per_round, distance):
    return max(0, floor(n * per_round + 2 - log2(1 / distance)))


@leftover_length.mistake(
    "the last logarithm is halved, and has to be doubled: solve distance = sqrt(2^(m - k)) / 2 for m, and square both sides."
)
def half_a_logarithm(n, per_round, distance):
    return max(0, floor(n * per_round + 2 - log2(1 / distance) / 2))


@leftover_length.mistake(
    "two bits are missing: the factor 1/2 before the root, once squared, gives them back."
)
def forgets_the_half(n, per_round, distance):
    return max(0, floor(n * per_round - 2 * log2(1 / distance)))


@leftover_length.mistake(
    "one bit is missing: the factor 1/2 before the root is squared with it, and gives two bits back."
)
def does_not_square_the_half(n, per_round, distance):
    return max(0, floor(n * per_round + 1 - 2 * log2(1 / distance)))


@leftover_length.mistake(
    "the factor 1/2 before the root makes the distance smaller: it gives two bits, and takes none."
)
def half_the_wrong_way(n, per_round, distance):
    return max(0, floor(n * per_round - 2 - 2 * log2(1 / distance)))


@leftover_length.mistake("bits are counted by logarithms to base 2: `log2`, and not the natural one.")
def natural_logarithm(n, per_round, distance):
    return max(0, floor(n * per_round + 2 - 2 * log(1 / distance)))


@leftover_length.mistake("bits are counted by logarithms to base 2: `log2`, and not `log10`.")
def decimal_logarithm(n, per_round, distance):
    return max(0, floor(n * per_round + 2 - 2 * log10(1 / distance)))


@leftover_length.mistake(
    "you keep all of the min-entropy. Then the bound is 1/2, and `distance` is less: it has to be paid for."
)
def keeps_all(n, per_round, distance):
    return floor(n * per_round)


@leftover_length.mistake(
    "you count the rounds as whole bits. Each is worth `per_round` bits to one who has all that Eve has."
)
def perfect_rounds(n, per_round, distance):
    return max(0, floor(n + 2 - 2 * log2(1 / distance)))


@leftover_length.mistake(
    "the sign: log2(1/distance) is positive, and it is paid. A smaller distance leaves *fewer* bits."
)
def gains_by_it(n, per_round, distance):
    return max(0, floor(n * per_round + 2 + 2 * log2(1 / distance)))


@leftover_length.mistake("this is k of one round. There are `n` of them.")
def one_round(n, per_round, distance):
    return max(0, floor(per_round + 2 - 2 * log2(1 / distance)))
