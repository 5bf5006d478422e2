"""How many right guesses are an alarm."""

from math import comb

from qlearn.exercises import exercise
from qlearn.exercises.comparisons import equal


@exercise(
    level="core",
    same=equal,
    right="exact, and no normal curve was needed: the border moves towards one half as the rows grow, by their root.",
    because=r"""
        Without a leak the number of right guesses is that of heads among n fair coins, whatever the model. Add the chances
        $\binom nj 2^{-n}$ from above, as long as the sum stays at or below the level: the last j that fits is the border. Its
        distance from n/2 grows like $\sqrt n$, so the accuracy that is needed comes down to 1/2 like $1/\sqrt n$: a
        hundred times the rows for a tenth of the leak.
    """,
)
def accuracy_needed(n, level):
    """A model guesses `n` fair secret bits. Return the smallest share of right guesses, k/n, that coins reach or
    exceed with a chance of at most `level`. If not even all n are so rare, return None. Given: `comb`.
    """
    total, k = 0, n + 1
    while total + comb(n, k - 1) <= level * 2**n:
        total, k = total + comb(n, k - 1), k - 1
    return k / n if k <= n else None


@accuracy_needed.cases
def tests(rng):
    """Few rows and many, loose levels and strict ones; some of so few rows that nothing is an alarm."""
    yield from ((4, 0.01), (3, 0.125), (6, 0.01), (7, 0.01))
    for high in (30, 90, 300, 900):
        for level in (0.05, 0.01, 1e-4):
            yield int(rng.integers(high // 2, high)), level


def _least(n, level, strict=False, sides=1):
    total, k = 0, n + 1
    while k and sides * (total + comb(n, k - 1)) <= level * 2**n:
        if strict and sides * (total + comb(n, k - 1)) == level * 2**n:
            break
        total, k = total + comb(n, k - 1), k - 1
    return k


@accuracy_needed.mistake("if all n right are not rare enough, no share is an alarm: return None.")
def above_one(n, level):
    return _least(n, level) / n


@accuracy_needed.mistake("this is the number of right guesses; the share is asked for, k/n.")
def the_number(n, level):
    k = _least(n, level)
    return k if k <= n else None


@accuracy_needed.mistake("this share is still reached by coins too often: it is the one below the border.")
def one_below(n, level):
    k = _least(n, level)
    return (k - 1) / n if k <= n else None


@accuracy_needed.mistake("you leave out the border itself: `k` right or *more* must be rare enough.")
def one_above(n, level):
    k = _least(n, level)
    return (k + 1) / n if k <= n else None


@accuracy_needed.mistake(
    "you share the level between both sides. A leak makes more right guesses: one side counts."
)
def two_sides(n, level):
    k = _least(n, level, sides=2)
    return k / n if k <= n else None


@accuracy_needed.mistake(
    "you compare the chance of exactly `k` right ones: add those of all numbers from k to n."
)
def one_number(n, level):
    k = n + 1
    while k > n // 2 and comb(n, k - 1) <= level * 2**n:
        k -= 1
    return k / n if k <= n else None


@accuracy_needed.mistake("a chance of exactly `level` is still allowed: at most, not less than.")
def strictly_less(n, level):
    k = _least(n, level, strict=True)
    return k / n if k <= n else None
