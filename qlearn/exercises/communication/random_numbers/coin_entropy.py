"""Two entropies of one distribution."""

from functools import partial

import numpy as np

from qlearn.exercises import exercise
from qlearn.exercises.comparisons import close


@exercise(
    level="warm-up",
    same=partial(close, abs=1e-7),  # what is added so that no logarithm is of 0 may be 1e-9
    right="They agree only if all that can happen is equally likely; else the min-entropy is the smaller one.",
    because=r"""
        Shannon's entropy averages $-\log_2 p_x$ over the outcomes, the min-entropy takes the smallest of these
        numbers: an average is never below the smallest. An outcome that cannot happen adds nothing, because
        $p\log_2 p \to 0$ for $p \to 0$, and has to be left out before the logarithm. With three zeros to a one a guess
        of 0 is right in three of four cases: 0.415 bits, and not 0.811.
    """,
)
def coin_entropy(p):
    """Return two entropies of the distribution `p`, in bits, as a tuple: Shannon's, and the min-entropy. `p` is an
    array of chances that sum to 1, one for each outcome: two for a coin, six for a die. Some may be 0. Given: `np`.
    """
    seen = p[p > 0]
    return -np.sum(seen * np.log2(seen)), -np.log2(np.max(seen))


@coin_entropy.cases
def sources(rng):
    """A fair coin and biased ones, one that always shows the same side, dice, and outcomes that never come."""
    yield (np.array([0.5, 0.5]),)
    yield (np.array([0.0, 1.0]),)
    yield (np.ones(1),)
    low = rng.uniform(0.05, 0.3)
    yield (np.array([low, 1 - low]),)
    yield (np.array([1 - low / 2, low / 2]),)
    sides = int(rng.integers(3, 9))
    yield (np.full(sides, 1 / sides),)
    yield (rng.permutation(np.repeat([1 / sides, 0.0], [sides, 2])),)
    for n in rng.integers(3, 9, 3).tolist():
        yield (rng.dirichlet(np.ones(n)),)
        yield (rng.permutation(np.append(rng.dirichlet(np.ones(n)), 0.0)),)


def _shannon(p):
    seen = p[p > 0]
    return -np.sum(seen * np.log2(seen))


def _least(p):
    return -np.log2(p.max())


@coin_entropy.mistake("the right numbers, exchanged: Shannon's comes first, the min-entropy second.")
def exchanged(p):
    return _least(p), _shannon(p)


@coin_entropy.mistake(
    "where an outcome has the chance 0 you get 0 times minus infinity, which is `nan`: leave it out."
)
def takes_the_logarithm_of_zero(p):
    with np.errstate(all="ignore"):
        return -np.sum(p * np.log2(p)), _least(p)


@coin_entropy.mistake("these are nats: bits take the logarithm to base 2, `np.log2`.")
def nats(p):
    return _shannon(p) * np.log(2), _least(p) * np.log(2)


@coin_entropy.mistake("the signs: the logarithm of a chance is negative, an entropy is not.")
def negative(p):
    return -_shannon(p), -_least(p)


@coin_entropy.mistake(
    "this is Shannon's entropy twice. The min-entropy looks at the likeliest outcome alone."
)
def shannon_twice(p):
    return _shannon(p), _shannon(p)


@coin_entropy.mistake("this is the min-entropy twice. Shannon's averages -log2(p) over all outcomes.")
def least_twice(p):
    return _least(p), _least(p)


@coin_entropy.mistake(
    "your second number belongs to the *rarest* outcome. Whoever guesses names the likeliest: the *smallest* -log2(p)."
)
def rarest_outcome(p):
    return _shannon(p), -np.log2(p[p > 0].min())


@coin_entropy.mistake(
    "your second number only counts what can happen, as if all of it were equally likely. The likeliest decides."
)
def counts_the_outcomes(p):
    return _shannon(p), np.log2(np.count_nonzero(p))


@coin_entropy.mistake(
    "your second number only counts the entries, even those that never come. The likeliest outcome decides."
)
def counts_the_entries(p):
    return _shannon(p), np.log2(len(p))


@coin_entropy.mistake(
    "your second number is the collision entropy: the chance that two draws agree. One guess is right with the largest p."
)
def collision_entropy(p):
    return _shannon(p), -np.log2(np.sum(p**2))


@coin_entropy.mistake("your second number is the chance of a right guess; the min-entropy is -log2 of it.")
def guess_probability(p):
    return _shannon(p), p.max()


@coin_entropy.mistake(
    "Shannon's entropy is a sum over the outcomes, each weighed with its chance already: do not divide by how many there are."
)
def divides_by_the_number(p):
    return _shannon(p) / len(p), _least(p)


@coin_entropy.mistake("you add -log2(p) as it is: for Shannon's entropy weigh each with its chance, p.")
def forgets_the_weights(p):
    return -np.sum(np.log2(p[p > 0])), _least(p)


@coin_entropy.mistake(
    "you take `p` for a coin, and look at its first number alone: it may have more outcomes."
)
def only_a_coin(p):
    return _shannon(np.array([p[0], 1 - p[0]])), _least(np.array([p[0], 1 - p[0]]))


@coin_entropy.mistake("this is Shannon's alone. Return two numbers, and the min-entropy second.")
def shannon_alone(p):
    return _shannon(p)


@coin_entropy.mistake("this is the min-entropy alone. Return two numbers, and Shannon's first.")
def min_entropy_alone(p):
    return _least(p)
