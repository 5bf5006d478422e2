"""The bits that fill a capacity up."""

from qlearn.exercises import exercise


@exercise(
    level="core",
    right="each amount from nothing to all can be filled up, and none above it: a plan that fits pays no fine.",
    because=r"""
        "At most c" becomes "exactly c, with something that fills it up": $\sum u x + \sum_k w_k s_k = c$. Powers of two
        reach $0$ to $2^m-1$ with m bits, but if c is not of that form they reach beyond it, and then a *load* of more than c
        cannot be told from one that fits: no, worse, a negative rest would be asked for that no bit has, and with weights that
        are too small some plans that fit would be fined. Cutting the last weight to $c-2^{m-1}+1$ reaches each of 0 to c.
    """,
)
def slack_weights(capacity):
    """A capacity is a whole number of 1 or more. Return the weights of its slack bits, as a list in this order: 1, 2, 4, ...,
    each twice the one before, but the last is as large as it must be for all of them together to make `capacity`. Take as
    few bits as reach every whole number from 0 to `capacity`.
    """
    bits = capacity.bit_length()
    return [2**k for k in range(bits - 1)] + [capacity - 2 ** (bits - 1) + 1]


@slack_weights.cases
def capacities(rng):
    """One, powers of two, one less and one more than these, and others."""
    for capacity in (1, 2, 3, 4, 5, 7, 8, 9, 31, 32, 33):
        yield (capacity,)
    for _ in range(5):
        yield (int(rng.integers(10, 500)),)


@slack_weights.mistake(
    "powers of two to the end: together they are more than the capacity, unless it is one less than a power of two."
)
def powers(capacity):
    return [2**k for k in range(capacity.bit_length())]


@slack_weights.mistake("a bit is missing: not every number up to the capacity can be made.")
def one_short(capacity):
    return [2**k for k in range(capacity.bit_length() - 1)] or [1]


@slack_weights.mistake("a bit for each unit reaches every number too, but takes many more bits than needed.")
def ones(capacity):
    return [1] * capacity


@slack_weights.mistake("the last weight is one too small: all together must make the capacity itself.")
def last_too_small(capacity):
    bits = capacity.bit_length()
    return [2**k for k in range(bits - 1)] + [capacity - 2 ** (bits - 1)]


@slack_weights.mistake(
    "these are the binary digits of the capacity: with them only some of the numbers below it can be made."
)
def digits(capacity):
    return [2**k for k in range(capacity.bit_length()) if capacity >> k & 1]


@slack_weights.mistake("right weights in the other order: the small ones come first.")
def turned_round(capacity):
    return slack_weights.solution(capacity)[::-1]
