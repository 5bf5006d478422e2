"""What is left of a bit that likes to be the last one again."""

import numpy as np

from qlearn.exercises import exercise


@exercise(
    level="core",
    right="for a small e the first hardly moves and the second does: half a per cent in one is several in the other.",
    because=r"""
        Given the last bit, the next is a coin with the chance $\tfrac12 + e$ of the same face. Its Shannon entropy is $h$ of
        that chance, and its min-entropy $-\log_2$ of the *larger* of the two chances: whoever guesses names the likelier
        face, which for negative e is the other one. A hash that makes nearly perfect bits may take the second, since a key
        is guessed once.
    """,
)
def memory_entropy(e):
    """A generator repeats its last bit with the chance 1/2 + `e`; `e` lies between -1/2 and 1/2. Return what is left of a bit
    for who knows all bits before it, in bits, as a tuple: Shannon's entropy and the min-entropy. Given: `np`.
    """
    p = np.array([0.5 + e, 0.5 - e])
    seen = p[p > 0]
    return -np.sum(seen * np.log2(seen)), -np.log2(np.max(p))


@memory_entropy.cases
def generators(rng):
    """Sticky ones, ones that flip, a fair coin, and ones that always do the same."""
    for e in (0.0, 0.05, -0.05, 0.5, -0.5, *rng.uniform(-0.45, 0.45, 4)):
        yield (float(e),)


def _h(p):
    seen = np.array([x for x in (p, 1 - p) if x > 0])
    return -np.sum(seen * np.log2(seen))


@memory_entropy.mistake(
    "a bit that repeats too seldom can be guessed as well: take the *larger* of the two chances."
)
def sticky_only(e):
    with np.errstate(all="ignore"):
        return _h(0.5 + e), -np.log2(0.5 + e)


@memory_entropy.mistake(
    "where one chance is 0 you take its logarithm, and 0 times minus infinity is `nan`: leave it out."
)
def logarithm_of_zero(e):
    p = np.array([0.5 + e, 0.5 - e])
    with np.errstate(all="ignore"):
        return -np.sum(p * np.log2(p)), -np.log2(p.max())


@memory_entropy.mistake("each bit alone looks fair, and you stop there. Who knows the last one knows more.")
def each_bit_alone(e):
    return 1.0, 1.0


@memory_entropy.mistake("the right numbers, exchanged: Shannon's comes first.")
def exchanged(e):
    return -np.log2(0.5 + abs(e)), _h(0.5 + e)


@memory_entropy.mistake("these are nats: bits take the logarithm to base 2.")
def nats(e):
    return _h(0.5 + e) * np.log(2), -np.log(0.5 + abs(e))


@memory_entropy.mistake("this is Shannon's entropy twice. The min-entropy looks at the likelier bit alone.")
def shannon_twice(e):
    return _h(0.5 + e), _h(0.5 + e)


@memory_entropy.mistake("this is the min-entropy twice. Shannon's averages over both bits.")
def least_twice(e):
    return -np.log2(0.5 + abs(e)), -np.log2(0.5 + abs(e))


@memory_entropy.mistake("your second number is the chance of a right guess: the min-entropy is -log2 of it.")
def the_guess(e):
    return _h(0.5 + e), 0.5 + abs(e)


@memory_entropy.mistake(
    "your second number belongs to the *rarer* bit. Whoever guesses names the likelier one."
)
def the_rarer(e):
    with np.errstate(all="ignore"):
        return _h(0.5 + e), -np.log2(0.5 - abs(e))


@memory_entropy.mistake("the signs: the logarithm of a chance is negative, an entropy is not.")
def negative(e):
    return -_h(0.5 + e), np.log2(0.5 + abs(e))
