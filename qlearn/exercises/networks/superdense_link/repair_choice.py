"""Which bits of a word to send three times, which once, and which not at all."""

from qlearn.exercises import exercise


@exercise(
    level="core",
    right="copies go to the leading bits, and the last ones stay at home: a finer step is worth less than a right sign.",
    because=r"""
        The errors of the bits add, each with its weight: $4^b$ times $3e^2-2e^3$ for a bit in three copies, e for one copy,
        1/4 for none. There are few pairs (j, k), so try them all. Two things can be seen: a third copy helps for every
        $e<1/2$ and costs two bits, which may be two last bits that are not sent; and from $e=1/4$ on a single copy is no better
        than none, so that only bits in three copies are sent; from $3e^2-2e^3=1/4$ on, e = 0.326, nothing at all.
    """,
)
def repair_choice(e, w, budget):
    r"""A word of w bits, each 0 or 1 with equal chance, is to cross a link on which a bit comes out wrong with the chance e,
    below 1/2. The j leading bits are sent three times (the majority counts), the next k once, the rest not at all; a bit that
    is not sent is read as one half. At most `budget` bits may be sent: $3j+k\le$ budget and $j+k\le w$. The last bit of the
    word counts 1. Return the tuple `(j, k, error)` with the least mean squared error of the number, and that error.
    """
    chances = {3: 3 * e**2 - 2 * e**3, 1: e, 0: 0.25}

    def error(j, k):
        copies = [3] * j + [1] * k + [0] * (w - j - k)
        return sum(4.0 ** (w - 1 - i) * chances[c] for i, c in enumerate(copies))

    choices = [(j, k) for j in range(w + 1) for k in range(w - j + 1) if 3 * j + k <= budget]
    j, k = min(choices, key=lambda choice: error(*choice))
    return j, k, error(j, k)


@repair_choice.cases
def links(rng):
    """Clean links and bad ones, beyond 1/4 too; budgets from one bit to more than three for each."""
    yield 0.001, 8, 8
    yield 0.3, 6, 11
    yield 0.26, 5, 2
    for e in (0.004, 0.02, 0.05, 0.1, 0.2, 0.35):
        w = int(rng.integers(4, 11))
        yield float(e * rng.uniform(0.9, 1.1)), w, int(rng.integers(w // 2 + 1, 2 * w + 2))
    w = int(rng.integers(3, 7))
    yield float(rng.uniform(0.05, 0.2)), w, 3 * w + int(rng.integers(0, 4))
    yield float(rng.uniform(0.02, 0.1)), 8, 12


def _best(e, w, budget, three, one=None, none=0.25, base=4.0, only=lambda j, k: True):
    chances = {3: three, 1: e if one is None else one, 0: none}
    choices = [(j, k) for j in range(w + 1) for k in range(w - j + 1) if 3 * j + k <= budget and only(j, k)]

    def error(choice):
        j, k = choice
        copies = [3] * j + [1] * k + [0] * (w - j - k)
        return sum(base ** (w - 1 - i) * chances[c] for i, c in enumerate(copies))

    best = min(choices, key=error)
    return *best, error(best)


def _told(e, w, j, k):
    """Return a choice with its error."""
    return _best(e, w, 3 * w, 3 * e**2 - 2 * e**3, only=lambda *choice: choice == (j, k))


@repair_choice.mistake(
    "a bit that is not sent is read as one half and is off by half its weight: 1/4 of 4**b, not all."
)
def unsent_bits_all_wrong(e, w, budget):
    return _best(e, w, budget, 3 * e**2 - 2 * e**3, none=1.0)


@repair_choice.mistake(
    "a bit that is not sent is not free: read as one half it is always off by half its weight."
)
def unsent_bits_free(e, w, budget):
    return _best(e, w, budget, 3 * e**2 - 2 * e**3, none=0.0)


@repair_choice.mistake(
    "a bit read as one half is off by half its weight for sure: that squared is 1/4, and not 1/2."
)
def unsent_bits_by_a_coin(e, w, budget):
    return _best(e, w, budget, 3 * e**2 - 2 * e**3, none=0.5)


@repair_choice.mistake("three copies are wrong if two of them or three are, not only if all three are.")
def all_three_wrong(e, w, budget):
    return _best(e, w, budget, e**3)


@repair_choice.mistake("you weigh bits by 2**b: the square of the error counts, so 4**b.")
def weights_not_squared(e, w, budget):
    return _best(e, w, budget, 3 * e**2 - 2 * e**3, base=2.0)


@repair_choice.mistake(
    "you send as many single copies as the budget allows and make none safer. Weigh it up."
)
def no_copies(e, w, budget):
    return _best(e, w, budget, 3 * e**2 - 2 * e**3, only=lambda j, k: j == 0)


@repair_choice.mistake(
    "you send three copies of as many bits as the budget allows. A single copy of the next may be worth more."
)
def threes_alone(e, w, budget):
    return _told(e, w, min(budget // 3, w), 0)


@repair_choice.mistake(
    "you fill the budget with threes first and single copies after. Fewer threes may leave room for more bits."
)
def threes_first(e, w, budget):
    j = min(budget // 3, w)
    return _told(e, w, j, min(budget - 3 * j, w - j))


@repair_choice.mistake(
    "you send every bit at least once, and copies from what is left. The last bits may not be worth it."
)
def every_bit(e, w, budget):
    if budget < w:
        return _told(e, w, 0, budget)
    j = min((budget - w) // 2, w)
    return _told(e, w, j, w - j)


@repair_choice.mistake("the numbers are exchanged: first the bits in three copies, then those in one.")
def exchanged(e, w, budget):
    j, k, error = repair_choice.solution(e, w, budget)
    return k, j, error


@repair_choice.mistake("j and k are right. The error is that in units of the last bit, squared: no root.")
def root_of_the_error(e, w, budget):
    j, k, error = repair_choice.solution(e, w, budget)
    return j, k, error**0.5
