"""Information."""

import numpy as np

from qlearn.exercises import exercise


@exercise(
    level="core",
    right="Mutual information: what two entropies count twice. It needs the table, not only the guess.",
    because=r"""
        $I = \sum p_{ak} \log_2 \frac{p_{ak}}{p_a p_k}$, over the entries that are not zero. It is the entropy of
        the bit minus what is left of it when the outcome is known. A single guess rate forgets which outcomes are
        sure.
    """,
)
def information(table):
    """Write `information(table)`: Eve's mutual information with Alice's bit, in bits. `table[a, k]` is the
    probability that Alice's bit is `a` and Eve's outcome is `k`; it sums to 1, may hold zeros, and the
    bit may be biased. Given: `np`.
    """
    independent = table.sum(axis=1, keepdims=True) * table.sum(axis=0)
    some = table > 0
    return np.sum(table[some] * np.log2(table[some] / independent[some]))


@information.cases
def cases(rng):
    """TODO what they vary."""
    # TODO: see _grade_information of the old module
    yield ()


@information.mistake(
    "for a probe you find 0.1927 bits, 0.2781 are right: those are nats. Take the logarithm to base 2."
)
def nats(table):
    independent = table.sum(axis=1, keepdims=True) * table.sum(axis=0)
    some = table > 0
    return np.sum(table[some] * np.log(table[some] / independent[some]))


@information.mistake("for a reader you find nan: 0 log 0 is 0. Leave the empty entries out.")
def nan(table):
    independent = table.sum(axis=1, keepdims=True) * table.sum(axis=0)
    with np.errstate(all="ignore"):
        return np.sum(table * np.log2(table / independent))


@information.mistake(
    "for a reader you find 0.0456 bits, 0.2500 are right: you use her guess only. Her outcome also says how sure "
    "she is."
)
def her_guess_only(table):
    p = table.max(axis=0).sum()
    return 1 + p * np.log2(p) + (1 - p) * np.log2(1 - p)


@information.mistake(
    "for a probe you find 0.8000 bits, 0.2781 are right: that is how often her best guess is right, and no number"
    " of bits."
)
def the_guess_rate(table):
    return table.max(axis=0).sum()


@information.mistake(
    "for a probe you find 2.1909 bits, 0.2781 are right: that is the entropy of the table. The bit's entropy and "
    "the outcome's, less it, is theirs in common."
)
def the_entropy_of_the_table(table):
    p = table[table > 0]
    return -np.sum(p * np.log2(p))


@information.mistake(
    "for a probe you find 0.7219 bits, 0.2781 are right: that is what she does not know, H(bit | outcome)."
)
def what_she_lacks(table):
    some = table > 0
    given = np.broadcast_to(table.sum(axis=0), table.shape)[some]
    return -np.sum(table[some] * np.log2(table[some] / given))


@information.mistake(
    "for a bit that is 0 four times in five you find 0.4922 bits, 0.2142 are right: a biased bit holds less than "
    "1 bit to begin with."
)
def a_fair_bit(table):
    some = table > 0
    given = np.broadcast_to(table.sum(axis=0), table.shape)[some]
    return 1 + np.sum(table[some] * np.log2(table[some] / given))
