"""What the plainest code costs."""

from math import comb

from qlearn.exercises import exercise


@exercise(
    level="project",
    right="seventeen times: the rate is 2/17 bit a qubit, of the 1.37 that the capacity of this pair allows.",
    because=r"""
        A bit is wrong with $e = 2(1-F)/3 = 1/15$. The majority of n is wrong if more than half are: $\sum_{k > n/2}
        \binom nk e^k(1-e)^{n-k}$. The capacity is a statement on good, long codes. Repetition is a bad one: the rarer
        its errors, the lower its rate; a code near the capacity would make errors as rare as one likes at a rate
        that stays.
    """,
)
def repetitions():
    """Pairs with the Werner fidelity F = 0.9. Each bit is sent n times, n odd, every time by another pair (so the
    n errors are independent), and Bob takes the majority. Which is the smallest n that leaves less than one bit
    in a million wrong?
    """
    e = 2 * (1 - 0.9) / 3
    misled = {
        n: sum(comb(n, k) * e**k * (1 - e) ** (n - k) for k in range(n // 2 + 1, n + 1))
        for n in range(1, 60, 2)
    }
    return min(n for n, chance in misled.items() if chance < 1e-6)


def _needed(e, wrong):
    n = 1
    while wrong(n, e) >= 1e-6:
        n += 2
    return n


def _majority(n, e):
    return sum(comb(n, k) * e**k * (1 - e) ** (n - k) for k in range(n // 2 + 1, n + 1))


@repetitions.mistake(
    "you took 1 - F = 0.1 for the chance that a bit is wrong; one of the three errors leaves the bit right."
)
def a_pair_for_a_bit():
    return _needed(0.1, _majority)


@repetitions.mistake(
    "you took (1 - F)/3 for the chance that a bit is wrong; two of the three errors make it wrong."
)
def one_error_for_a_bit():
    return _needed(0.1 / 3, _majority)


@repetitions.mistake("you asked for all n to be wrong; more than half are enough to mislead Bob.")
def all_wrong():
    return _needed(1 / 15, lambda n, e: e**n)


@repetitions.mistake("an even number ties; the next odd one is asked for.")
def one_too_few():
    return _needed(1 / 15, _majority) - 1
