"""How many links a line should be cut into."""

from math import comb, log2

from qlearn.communication import repeaters
from qlearn.exercises import exercise


@exercise(
    level="project",
    right="More stations make short links quick and the key poor: in between there is a best number.",
    because=r"""
        A link of the n-th part of the line succeeds with $p = 10^{-L/10n}$, and all n are there after the mean of
        the slowest. The pair that the swaps leave has $F_n = \tfrac14+\tfrac34\left(\tfrac{4F-1}3\right)^n$ and errors in
        $e = \tfrac23(1-F_n)$ of the measured bits, so it is worth $1-2h(e)$ bits. The quotient has its maximum where
        the next station would cost more in errors than it gains in time.
    """,
)
def cut_line(loss_db, f, most):
    """A line loses `loss_db` in all. Cut into n equal links, a link succeeds with p = the share of photons that
    passes it, once a slot, and then waits in perfect memories; each link has the Werner fidelity `f`; when all
    are there they are swapped, and the pair is measured for BB84 without purification. Try n = 1, ..., `most`,
    and return the number of links with the most secret bits a slot, and these bits: `(n, bits)`. Given: `comb`,
    `log2`, `repeaters`.
    """

    def bits(n):
        p = 10 ** (-loss_db / 10 / n)
        slots = sum((-1) ** (k + 1) * comb(n, k) / (1 - (1 - p) ** k) for k in range(1, n + 1))
        e = 2 / 3 * (1 - repeaters.chain_fidelity(f, n))
        h = -e * log2(e) - (1 - e) * log2(1 - e)
        return max(0, 1 - 2 * h) / slots

    best = max(range(1, most + 1), key=bits)
    return best, bits(best)


@cut_line.cases
def lines(rng):
    """Short and long lines, good links and poor ones; best at one link, in between, at as many as there may be."""
    yield 0.5 + float(rng.uniform(0, 0.2)), 0.95, 6
    yield 20.0, 0.99, 12
    yield 10.0, 0.99, 8
    yield 60.0 + float(rng.uniform(0, 9)), 0.999, 5
    for _ in range(3):
        yield float(rng.uniform(15, 45)), float(rng.uniform(0.96, 0.995)), int(rng.integers(6, 12))


def _best(
    loss_db, f, most, slots=None, error=lambda f: 2 / 3 * (1 - f), worth=lambda h: 1 - 2 * h, chain=None
):
    def exact(n, p):
        return sum((-1) ** (k + 1) * comb(n, k) / (1 - (1 - p) ** k) for k in range(1, n + 1))

    def bits(n):
        e = error((chain or repeaters.chain_fidelity)(f, n))
        h = -e * log2(e) - (1 - e) * log2(1 - e) if e < 0.5 else 1
        return max(0, worth(h)) / (slots or exact)(n, 10 ** (-loss_db / 10 / n))

    best = max(range(1, most + 1), key=bits)
    return best, bits(best)


@cut_line.mistake("you wait 1/p slots: that is one link. The slowest of n takes longer.")
def one_link_waits(loss_db, f, most):
    return _best(loss_db, f, most, slots=lambda n, p: 1 / p)


@cut_line.mistake("you want all links in the same slot. With memories those that are there wait.")
def without_memories(loss_db, f, most):
    return _best(loss_db, f, most, slots=lambda n, p: 1 / p**n)


@cut_line.mistake("the mean of the slowest is taken by the rule of 3/2; take the exact sum.")
def by_the_rule(loss_db, f, most):
    return _best(loss_db, f, most, slots=lambda n, p: 1.5 ** log2(n) / p)


@cut_line.mistake(
    "this chain multiplies fidelities; chain_fidelity has the term of errors that undo each other."
)
def product(loss_db, f, most):
    return _best(loss_db, f, most, chain=lambda f, n: f**n)


@cut_line.mistake(
    "not every error of a pair is an error of the bit: one of three leaves it alone, e = 2 (1 - F) / 3."
)
def every_error_counts(loss_db, f, most):
    return _best(loss_db, f, most, error=lambda f: 1 - f)


@cut_line.mistake("1 - h corrects the errors and forgets Eve: she is charged with as much again.")
def eve_forgotten(loss_db, f, most):
    return _best(loss_db, f, most, worth=lambda h: 1 - h)


@cut_line.mistake("this is the rate of pairs, in the second place; secret bits are asked for.")
def pairs(loss_db, f, most):
    return _best(loss_db, f, most, worth=lambda h: 1)
