"""Majority."""

from math import comb

from qlearn.exercises import exercise


@exercise(
    level="core",
    right=(
        "Below p = 1/2 each further pair of qubits helps; above it, each makes things worse: 0.6 becomes 0.73."
    ),
    because="""
        The correction goes wrong exactly when more than half of the wires are flipped. For n = 3: $3p^2(1-p) +
        p^3$.
    """,
)
def majority(n, p):
    """Repeat the qubit on an odd number `n` of wires instead of three, and correct by the majority. Each
    wire is flipped with chance `p`. Write `majority(n, p)`: the chance that the encoded qubit ends
    flipped. (`math.comb(n, k)` is at hand as `comb`.)
    """
    return sum(comb(n, k) * p**k * (1 - p) ** (n - k) for k in range(n // 2 + 1, n + 1))


@majority.cases
def cases(rng):
    """TODO what they vary."""
    # TODO: see _grade_majority of the old module
    yield ()


@majority.mistake(
    "for n = 5 and p = 0.1 you say 0.028; it is 0.00856. 3p^2 - 2p^3 is three qubits. Sum over all numbers of "
    "flips above n/2."
)
def always_three(n, p):
    return 3 * p**2 - 2 * p**3


@majority.mistake(
    "for n = 3 and p = 0.1 you say 0.271; it is 0.028. That is the chance of any flip at all; the majority "
    "survives a few."
)
def any_flip(n, p):
    return 1 - (1 - p) ** n


@majority.mistake(
    "for n = 3 and p = 0.1 you say 0.001; it is 0.028. Not all n have to flip: more than half do the damage."
)
def all_flip(n, p):
    return p**n


@majority.mistake(
    "for n = 3 and p = 0.1 you say 0.972; it is 0.028. That is the chance that the majority is right."
)
def the_majority_is_right(n, p):
    return sum(comb(n, k) * p**k * (1 - p) ** (n - k) for k in range(n // 2 + 1))


@majority.mistake(
    "for n = 3 and p = 0.1 you say 0.01; it is 0.028. k flips can fall on the n qubits in comb(n, k) ways."
)
def one_way_each(n, p):
    return sum(p**k * (1 - p) ** (n - k) for k in range(n // 2 + 1, n + 1))
