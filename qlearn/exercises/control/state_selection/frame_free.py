"""A quantity that no turn of the frame changes."""

import numpy as np

from qlearn.exercises import exercise


@exercise(
    level="core",
    right="a turn mixes the rows of the table, and the sum of the squares does not see it.",
    because=r"""
        With $E_{ij}$ the mean product of signs, a turn about Z by $\varphi$ replaces the rows by
        $\cos\varphi\,E_X + \sin\varphi\,E_Y$ and $-\sin\varphi\,E_X + \cos\varphi\,E_Y$: the squares of a column sum to the
        same. So C is known though nobody knows $\varphi$, and C with the errors of Z bounds Eve.
    """,
)
def frame_free(counts):
    """`counts[i, j, a, b]`: how often Alice sent the bit a in basis i (0 = X, 1 = Y) and Bob, asking basis j, found the
    bit b; an array of shape (2, 2, 2, 2). Each pair of bases gives a mean product of signs, in which bit 0 counts +1
    and bit 1 counts -1. Return C, the sum of the squares of the four means. Given: `np`.
    """
    signs = np.array([[1, -1], [-1, 1]])
    means = (counts * signs).sum(axis=(2, 3)) / counts.sum(axis=(2, 3))
    return np.sum(means**2)


@frame_free.cases
def frames(rng):
    """Frames turned by any angle, noise, unequal numbers of rounds, and a table without correlations."""
    for noise in (0.0, 0.05, 0.2, 0.4):
        angle = rng.uniform(-np.pi, np.pi)
        means = (1 - noise) * np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
        chance = (1 + means[:, :, None, None] * np.array([[1, -1], [-1, 1]])) / 4
        rounds = rng.integers(300, 3000, size=(2, 2))
        drawn = [rng.multinomial(rounds[i, j], chance[i, j].ravel()) for i in (0, 1) for j in (0, 1)]
        yield (np.reshape(drawn, (2, 2, 2, 2)),)
    yield (rng.integers(50, 60, size=(2, 2, 2, 2)),)


@frame_free.mistake("you keep the rounds of equal bases alone: in a turned frame the others agree as well.")
def equal_bases_alone(counts):
    signs = np.array([[1, -1], [-1, 1]])
    means = (counts * signs).sum(axis=(2, 3)) / counts.sum(axis=(2, 3))
    return means[0, 0] ** 2 + means[1, 1] ** 2


@frame_free.mistake("the square of the sum is not the sum of the squares, and a turn changes it.")
def square_of_the_sum(counts):
    signs = np.array([[1, -1], [-1, 1]])
    means = (counts * signs).sum(axis=(2, 3)) / counts.sum(axis=(2, 3))
    return means.sum() ** 2


@frame_free.mistake("moduli instead of squares: their sum depends on the angle.")
def moduli(counts):
    signs = np.array([[1, -1], [-1, 1]])
    means = (counts * signs).sum(axis=(2, 3)) / counts.sum(axis=(2, 3))
    return np.abs(means).sum()


@frame_free.mistake(
    "shares of equal bits run from 0 to 1. Means of signs run from -1 to 1: 2 times the share, less 1."
)
def shares_of_equal_bits(counts):
    equal = (counts[:, :, 0, 0] + counts[:, :, 1, 1]) / counts.sum(axis=(2, 3))
    return np.sum(equal**2)


@frame_free.mistake("divide each pair of bases by its own rounds, not by all.")
def divided_by_all(counts):
    signs = np.array([[1, -1], [-1, 1]])
    return np.sum(((counts * signs).sum(axis=(2, 3)) / counts.sum()) ** 2)


@frame_free.mistake("the mean of four squares: C is their sum.")
def mean_of_squares(counts):
    signs = np.array([[1, -1], [-1, 1]])
    means = (counts * signs).sum(axis=(2, 3)) / counts.sum(axis=(2, 3))
    return np.mean(means**2)


@frame_free.mistake("the root of C: leave the squares as they are.")
def length_of_the_table(counts):
    signs = np.array([[1, -1], [-1, 1]])
    means = (counts * signs).sum(axis=(2, 3)) / counts.sum(axis=(2, 3))
    return np.sqrt(np.sum(means**2))
