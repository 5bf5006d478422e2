"""What a chain of unequal links delivers."""

from math import prod

from qlearn.exercises import exercise


@exercise(
    level="warm-up",
    right="Werner parameters multiply. The fidelity is read off at the end, once.",
    because=r"""
        With $V = (4F-1)/3$ a swap is $V' = V_1V_2$, so a chain is the product of all of them, in any order, and
        $F = (1+3V)/4$. The product of the *fidelities* is less: it takes two errors for a failure that undo each
        other in one case of three.
    """,
)
def end_to_end(fidelities):
    """Return the fidelity with which the ends of a chain share a pair, when all of its Werner links, whose
    `fidelities` are a list of any length, have been swapped by perfect stations.
    """
    visibility = prod((4 * f - 1) / 3 for f in fidelities)
    return (1 + 3 * visibility) / 4


@end_to_end.cases
def chains(rng):
    """One link, two, several; good ones and poor ones, equal and unequal."""
    yield ([float(rng.uniform(0.3, 0.99))],)
    yield ([float(rng.uniform(0.9, 0.99))] * 5,)
    for links in (2, 3, 6):
        yield (rng.uniform(0.6, 0.99, links).tolist(),)
    yield (rng.uniform(0.3, 0.7, 2).tolist(),)


@end_to_end.mistake(
    "this is the product of the fidelities. Two errors can undo each other: there is a second term."
)
def product(fidelities):
    return prod(fidelities)


@end_to_end.mistake(
    "this is the product with 0.95 for each swap, as a published simulator has it. The stations are perfect here."
)
def product_with_a_factor(fidelities):
    return prod(fidelities) * 0.95 ** (len(fidelities) - 1)


@end_to_end.mistake(
    "two errors undo each other only if they are the same of three: the second term carries 1/3. (Or V = 2F - 1, which "
    "is for pairs with one kind of error.)"
)
def errors_as_bits(fidelities):
    total = fidelities[0]
    for f in fidelities[1:]:
        total = total * f + (1 - total) * (1 - f)
    return total


@end_to_end.mistake("a chain is worse than its worst link: every link adds its errors.")
def the_worst_link(fidelities):
    return min(fidelities)


@end_to_end.mistake("this is the Werner parameter of the chain. The fidelity is (1 + 3V) / 4.")
def the_visibility(fidelities):
    return prod((4 * f - 1) / 3 for f in fidelities)
