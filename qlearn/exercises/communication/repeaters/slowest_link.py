"""How long the slowest of n links takes."""

from math import comb

from qlearn.exercises import exercise


@exercise(
    level="core",
    right="the formula is exact for every n and p; the rule of 3/2 was made for two links and small p.",
    because=r"""
        All n are there by slot t with chance $(1-q^t)^n$, $q = 1-p$, and the mean of a time is the sum of the chances
        that it is not over yet: $E = \sum_{t\ge0} \bigl[1-(1-q^t)^n\bigr]$. Expand the bracket by the binomial
        theorem and sum each geometric series: $\sum_{k=1}^{n} (-1)^{k+1}\binom nk \frac1{1-q^k}$. Its terms alternate
        and cancel: at 40 links floating point keeps about five digits of it, and from about 55 on it is wrong by per
        cents or more; the sum over t is the better one.
    """,
)
def slowest_link(n, p):
    """Each of `n` links tries once a slot and succeeds with chance `p`; what has succeeded waits. Return the mean
    number of slots until all are there, exactly. Slots are counted from 1. Given: `comb`.
    """
    return sum((-1) ** (k + 1) * comb(n, k) / (1 - (1 - p) ** k) for k in range(1, n + 1))


@slowest_link.cases
def chains(rng):
    """One link and several; rare success and frequent."""
    for n in (1, 2, 3, 5, 8):
        yield n, float(rng.uniform(0.02, 0.3))
    yield 4, float(rng.uniform(0.5, 0.95))
    yield 3, 1.0


@slowest_link.mistake("this is the rule of 3/2 for each doubling. It is too big; the sum is asked for.")
def three_halves(n, p):
    from math import log2

    return 1.5 ** log2(n) / p


@slowest_link.mistake("H_n / p is the limit for small p, where slots become a clock without ticks.")
def harmonic(n, p):
    return sum(1 / k for k in range(1, n + 1)) / p


@slowest_link.mistake("you wait for one link after the other. They try at the same time.")
def one_after_the_other(n, p):
    return n / p


@slowest_link.mistake("you want all in the same slot. A link that has succeeded waits.")
def all_in_one_slot(n, p):
    return 1 / p**n


@slowest_link.mistake("this is the first to succeed, not the last.")
def the_fastest(n, p):
    return 1 / (1 - (1 - p) ** n)


@slowest_link.mistake("one slot is missing: slots are counted from 1, so the sum over t begins at 0.")
def counts_from_zero(n, p):
    return sum((-1) ** (k + 1) * comb(n, k) / (1 - (1 - p) ** k) for k in range(1, n + 1)) - 1
