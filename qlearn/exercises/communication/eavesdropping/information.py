"""Mutual information from a table of chances."""

import numpy as np

from qlearn.communication.eavesdropping import entangling_probe
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
    """Return Eve's mutual information with Alice's bit, in bits. `table[a, k]`, an array, is the probability
    that Alice's bit is `a` and Eve's outcome is `k`; it sums to 1, may hold zeros, and the bit may be
    biased. Given: `np`.
    """
    independent = table.sum(axis=1, keepdims=True) * table.sum(axis=0)
    some = table > 0
    return np.sum(table[some] * np.log2(table[some] / independent[some]))


@information.cases
def tables(rng):
    """Two outcomes to seven; fair bits and biased ones; empty entries, an outcome that never occurs, one that is sure."""
    yield (entangling_probe(rng.uniform(0.05, 0.3)).joint[0].sum(axis=1) / 2,)
    f = rng.uniform(0.2, 0.8)  # not touched, wrong basis, right basis
    yield (np.array([[1 - f, f / 2, f / 2, 0], [1 - f, f / 2, 0, f / 2]]) / 2,)
    for outcomes in (2, *rng.integers(3, 8, 4)):
        table = rng.dirichlet(np.ones(2 * outcomes)).reshape(2, outcomes)
        yield (table,)
        holes = table * (rng.random(table.shape) < 0.7)
        holes[:, 0] += 0.05 * rng.random(2) + 0.01
        yield (holes / holes.sum(),)
    q = rng.uniform(0.1, 0.9)
    yield (np.array([[q, 0, 0], [0, 0, 1 - q]]),)  # she knows all
    yield (np.outer([q, 1 - q], rng.dirichlet(np.ones(3))),)  # and nothing


@information.mistake("those are nats. Take the logarithm to base 2.")
def nats(table):
    independent = table.sum(axis=1, keepdims=True) * table.sum(axis=0)
    some = table > 0
    return np.sum(table[some] * np.log(table[some] / independent[some]))


@information.mistake(
    "where the table holds a 0 you find `nan`, and 0 log 0 is 0: leave the empty entries out."
)
def counts_empty_entries(table):
    independent = table.sum(axis=1, keepdims=True) * table.sum(axis=0)
    with np.errstate(all="ignore"):
        return np.sum(table * np.log2(table / independent))


@information.mistake("you use her guess only. Her outcome also says how sure she is.")
def her_guess_only(table):
    p = table.max(axis=0).sum()
    return 1 + p * np.log2(p) + (1 - p) * np.log2(1 - p)


@information.mistake("that is how often her best guess is right, and no number of bits.")
def the_guess_rate(table):
    return table.max(axis=0).sum()


@information.mistake(
    "that is the entropy of the table. The bit's entropy and the outcome's, less it, is theirs in common."
)
def the_entropy_of_the_table(table):
    p = table[table > 0]
    return -np.sum(p * np.log2(p))


@information.mistake("that is what she does not know, H(bit | outcome).")
def what_she_lacks(table):
    some = table > 0
    given = np.broadcast_to(table.sum(axis=0), table.shape)[some]
    return -np.sum(table[some] * np.log2(table[some] / given))


@information.mistake("a biased bit holds less than 1 bit to begin with.")
def a_fair_bit(table):
    some = table > 0
    given = np.broadcast_to(table.sum(axis=0), table.shape)[some]
    return 1 + np.sum(table[some] * np.log2(table[some] / given))


@information.mistake("the sign: knowing something is never less than knowing nothing.")
def the_sign(table):
    independent = table.sum(axis=1, keepdims=True) * table.sum(axis=0)
    some = table > 0
    return -np.sum(table[some] * np.log2(table[some] / independent[some]))


@information.mistake("that is the entropy of the bit, all there is to know. How much of it does she know?")
def the_entropy_of_the_bit(table):
    p = table.sum(axis=1)
    return -np.sum(p * np.log2(p))


@information.mistake(
    "each logarithm counts as often as its entry of the table occurs: weigh it with table[a, k]."
)
def weighs_as_if_independent(table):
    independent = table.sum(axis=1, keepdims=True) * table.sum(axis=0)
    some = table > 0
    return np.sum(independent[some] * np.log2(table[some] / independent[some]))


@information.mistake(
    "you take the size of each term. Some are negative, and rightly: those outcomes mislead her."
)
def takes_sizes(table):
    independent = table.sum(axis=1, keepdims=True) * table.sum(axis=0)
    some = table > 0
    return np.sum(np.abs(table[some] * np.log2(table[some] / independent[some])))
