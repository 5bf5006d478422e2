"""The most probable word, on a line that treats zeros and ones differently."""

import numpy as np

from qlearn.exercises import exercise
from qlearn.exercises.comparisons import equal


@exercise(
    level="core",
    same=equal,
    right="what was read, how the line errs, how often each word is sent: the three together decide.",
    because=r"""
        Bayes: $P(c|y)\propto P(c)\prod_i P(y_i|c_i)$, and the decoder that takes the largest errs least. If all words are
        sent equally often it is maximum likelihood; if besides both kinds of bits flip alike, below one half, it is the
        nearest word.
    """,
)
def map_decoder(received, codewords, up, down, prior):
    """A code has the words `codewords`, an array of shape (M, n), of which number c is sent with probability `prior[c]`. The
    line turns a 0 into a 1 with chance `up` and a 1 into a 0 with chance `down`, each bit independently. `received`, of shape
    (m, n), holds m words that were read. Return for each of them the number c of the word that is most probable, an array of
    shape (m,). Given: `np`.
    """
    flip = np.where(codewords == 1, down, up)
    chance = np.where(codewords == received[:, None], 1 - flip, flip)
    return np.argmax(prior * chance.prod(axis=-1), axis=1)


def _posterior(received, codewords, up, down, prior):
    flip = np.where(codewords == 1, down, up)
    return prior * np.where(codewords == received[:, None], 1 - flip, flip).prod(axis=-1)


@map_decoder.cases
def readings(rng):
    """Codes of two words to eight; lines even and uneven, one that leaves zeros alone; priors even and uneven; no ties."""
    # three ones that were lost against one that came up: here the places that agree decide
    order, ones = rng.permutation(7), np.arange(7) < np.array([0, 1, 3, 4])[:, None]
    yield ones[:, order].astype(int), ones[[0, 3]][:, order].astype(int), 0.085, 0.45, np.full(2, 0.5)
    # a line that leaves zeros alone: one 1 excludes the word of zeros, however many ones the other has lost
    silent = np.zeros((2, 7), int)
    silent[int(rng.integers(2))] = 1
    yield np.eye(7, dtype=int)[rng.permutation(7)[:3]], silent, 0.0, 0.1, np.array([0.4, 0.6])
    made = 0
    while made < 12:
        n, m = int(rng.integers(4, 8)), int(rng.integers(3, 9))
        words = np.unique(rng.integers(0, 2, (m, n)), axis=0)
        rng.shuffle(words)
        up, down = rng.uniform(0.02, 0.45, 2)
        up, down = [(up, down), (up, up), (0.0, down), (up, down / 10)][made % 4]
        prior = rng.dirichlet(np.ones(len(words))) if made % 3 else np.full(len(words), 1 / len(words))
        sent = words[rng.integers(len(words), size=90)]
        read = sent ^ (rng.random(sent.shape) < np.where(sent == 1, down, up))
        if len(words) < 2:
            continue
        for weights in (prior, 1.0):  # with the prior and without it
            best = np.sort(_posterior(read, words, up, down, weights))[:, -2:]
            read = read[best[:, 0] < 0.98 * best[:, 1]]
        if len(read) > 20:
            made += 1
            yield read, words, float(up), float(down), prior


@map_decoder.mistake(
    "you take the nearest word. On an uneven line two likely errors may be likelier than one that is rare."
)
def nearest(received, codewords, up, down, prior):
    return np.argmin((codewords != received[:, None]).sum(axis=-1), axis=1)


@map_decoder.mistake("you leave `prior` out: a word that is hardly ever sent needs more evidence.")
def likelihood_only(received, codewords, up, down, prior):
    return np.argmax(_posterior(received, codewords, up, down, 1.0), axis=1)


@map_decoder.mistake(
    "`up` belongs to the zeros of the *sent* word, and `down` to its ones: you have exchanged them."
)
def exchanged(received, codewords, up, down, prior):
    return np.argmax(_posterior(received, codewords, down, up, prior), axis=1)


@map_decoder.mistake(
    "whether a bit flips with `up` or `down` depends on what was *sent*, not on what was read."
)
def by_the_reading(received, codewords, up, down, prior):
    flip = np.where(received == 1, down, up)[:, None]
    return np.argmax(prior * np.where(codewords == received[:, None], 1 - flip, flip).prod(axis=-1), axis=1)


@map_decoder.mistake("the places that agree count too: a bit that may flip easily and did not is evidence.")
def only_what_differs(received, codewords, up, down, prior):
    flip = np.where(codewords == 1, down, up)
    return np.argmax(prior * np.where(codewords == received[:, None], 1.0, flip).prod(axis=-1), axis=1)


@map_decoder.mistake("a chance of 0 is 0 and excludes a word: you have put a small number in its place.")
def a_floor(received, codewords, up, down, prior):
    return np.argmax(_posterior(received, codewords, max(up, 1e-3), max(down, 1e-3), prior), axis=1)


@map_decoder.mistake("you weigh by `prior` alone, and do not look at what was read.")
def prior_only(received, codewords, up, down, prior):
    return np.full(len(received), np.argmax(prior))


@map_decoder.mistake("the bits are independent: their chances multiply, they do not add.")
def added(received, codewords, up, down, prior):
    flip = np.where(codewords == 1, down, up)
    return np.argmax(prior * np.where(codewords == received[:, None], 1 - flip, flip).sum(axis=-1), axis=1)


@map_decoder.mistake("asked is the number of the most probable word: you give the least probable one.")
def least(received, codewords, up, down, prior):
    return np.argmin(_posterior(received, codewords, up, down, prior), axis=1)
