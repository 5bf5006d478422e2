"""A repetition code of any size, corrected by the majority."""

from math import comb

from qlearn.exercises import exercise


@exercise(
    level="core",
    right=(
        "Below p = 1/2 each further pair of qubits helps; above it, each makes things worse: on nine wires 0.6 becomes 0.73."
    ),
    because="""
        The correction goes wrong exactly when more than half of the wires are flipped. For n = 3: $3p^2(1-p) +
        p^3$.
    """,
)
def majority(n, p):
    """Repeat the qubit on an odd number `n` of wires instead of three, and correct by the majority. Each
    wire is flipped with chance `p`, each by itself. Return the chance that the encoded qubit ends flipped.
    (`math.comb(n, k)` is at hand as `comb`.)
    """
    return sum(comb(n, k) * p**k * (1 - p) ** (n - k) for k in range(n // 2 + 1, n + 1))


@majority.cases
def wires(rng):
    """One wire to eleven; chances below, at and above one half, and the two that are certain."""
    for n in (1, 3, 3, 5, 7, 9, 11):
        yield n, float(rng.uniform(0.05, 0.45))
    yield int(rng.choice([3, 5, 7, 9])), float(rng.uniform(0.55, 0.95))
    yield from ((5, 0.5), (3, 0.0), (5, 1.0))


@majority.mistake("3p^2 - 2p^3 is three qubits. Sum over all numbers of flips above n/2.")
def always_three(n, p):
    return 3 * p**2 - 2 * p**3


@majority.mistake("that is the chance of any flip at all; the majority survives a few.")
def any_flip(n, p):
    return 1 - (1 - p) ** n


@majority.mistake("not all n have to flip: more than half do the damage.")
def all_flip(n, p):
    return p**n


@majority.mistake("that is the chance that the majority is right.")
def the_majority_is_right(n, p):
    return sum(comb(n, k) * p**k * (1 - p) ** (n - k) for k in range(n // 2 + 1))


@majority.mistake("k flips can fall on the n qubits in comb(n, k) ways.")
def one_way_each(n, p):
    return sum(p**k * (1 - p) ** (n - k) for k in range(n // 2 + 1, n + 1))


@majority.mistake(
    "you count the least number of flips that does the damage. More flips do it too: sum up to all n."
)
def the_least_number_only(n, p):
    k = n // 2 + 1
    return comb(n, k) * p**k * (1 - p) ** (n - k)


@majority.mistake("the other wires must *not* be flipped: each of them adds a factor 1 - p.")
def forgets_those_that_are_not_flipped(n, p):
    return sum(comb(n, k) * p**k for k in range(n // 2 + 1, n + 1))


@majority.mistake("start one higher: the majority is *more* than half of the wires, n // 2 + 1 or more.")
def begins_too_early(n, p):
    return sum(comb(n, k) * p**k * (1 - p) ** (n - k) for k in range(n // 2, n + 1))


@majority.mistake("`range(a, b)` ends before b: all n wires may be flipped, too.")
def ends_too_early(n, p):
    return sum(comb(n, k) * p**k * (1 - p) ** (n - k) for k in range(n // 2 + 1, n))
