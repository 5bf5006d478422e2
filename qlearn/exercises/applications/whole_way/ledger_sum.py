"""What all stages of a ledger have spent."""

import itertools

from qlearn.exercises import exercise
from qlearn.exercises.comparisons import exact


@exercise(
    level="warm-up",
    same=exact,
    right="and where each stage takes in what the one before put out, it is the first number less the last.",
    because="""
        What goes in and does not come out is spent: compared in public, hashed away, used as a pad. A stage that handles no
        bits, such as starting processes, spends none, and a source that takes nothing in has spent nothing yet. The sum
        telescopes where all arrows fit, and then it checks them: a ledger whose spent bits are not the first number less the
        last has lost some, or has made some up.
    """,
)
def ledger_sum(stages):
    """`stages` is a list of pairs (bits_in, bits_out), in order. Either may be None: the source takes in no bits, and some stages
    handle none. Return how many bits all stages together have spent; a stage with a None has spent nothing,
    and one that gives more than it took has spent less than nothing.
    """
    return sum(taken - given for taken, given in stages if taken is not None and given is not None)


@ledger_sum.cases
def ledgers(rng):
    """Chains with a source and with stages that handle no bits; one that ends at 0; arrows that do not fit; an empty one."""
    yield ([],)
    yield ([(None, 400), (400, 200), (200, 0), (0, 0)],)
    yield ([(None, None)],)
    for _ in range(6):
        levels = sorted((int(x) for x in rng.integers(1, 10**6, rng.integers(3, 8))), reverse=True)
        chain = [(None, levels[0]), *itertools.pairwise(levels)]
        chain.insert(int(rng.integers(1, len(chain) + 1)), (None, None))
        yield (chain,)
    for _ in range(2):  # what a ledger of two ways may look like
        yield ([(int(a) + int(b), int(b)) for a, b in rng.integers(0, 1000, (4, 2))],)
    yield ([(300, None), (None, 20), (17, 5)],)
    yield ([(100, 250), (250, 40), (40, 41)],)


@ledger_sum.mistake("you add up what comes *out*: spent is what goes in and does not come out.")
def what_comes_out(stages):
    return sum(given or 0 for _, given in stages)


@ledger_sum.mistake("you add up what goes *in*: a bit that is handed on would count at each stage.")
def what_goes_in(stages):
    return sum(taken or 0 for taken, _ in stages)


@ledger_sum.mistake("a None is no 0: the source has put bits out, and has not spent less than nothing.")
def none_as_zero(stages):
    return sum((taken or 0) - (given or 0) for taken, given in stages)


@ledger_sum.mistake("the sign is the other way round: spent is in less out.")
def other_sign(stages):
    return sum(given - taken for taken, given in stages if taken is not None and given is not None)


@ledger_sum.mistake("a stage may hand on 0 bits, or take 0 in: ask for None, and not whether it is true.")
def zero_as_none(stages):
    return sum(taken - given for taken, given in stages if taken and given)


@ledger_sum.mistake(
    "a stage that gives more than it took has spent less than nothing: keep its sign, or the sum checks nothing."
)
def without_signs(stages):
    return sum(abs(taken - given) for taken, given in stages if taken is not None and given is not None)


@ledger_sum.mistake(
    "a stage that gives more than it took is left out: its bits were made up, and the sum must show it."
)
def losses_alone(stages):
    return sum(max(taken - given, 0) for taken, given in stages if taken is not None and given is not None)
