"""How often a word has more than one error."""

from qlearn.exercises import exercise


@exercise(
    level="warm-up",
    right="two of n bits is the first thing that goes wrong: for small p about n(n-1)/2 times p squared.",
    because=r"""
        None is wrong with the chance $(1-p)^n$, and exactly one with $n\,p\,(1-p)^{n-1}$: any of n places, that bit
        wrong and all others right. What is left is a word with two errors or more.
    """,
)
def hamming_block(n, p):
    """A word of `n` bits crosses a line that flips each bit with chance `p`, independently. Its decoder mends any one error
    and no two. Return the chance that the word is decoded wrongly.
    """
    return 1 - (1 - p) ** n - n * p * (1 - p) ** (n - 1)


@hamming_block.cases
def lines(rng):
    """Three bits to thirty-one; a line that never errs, a good one, a coin, and one that turns every bit over."""
    for n in (3, 7, 15, 31):
        yield n, float(rng.uniform(0.005, 0.3))
    yield 7, 0.0
    yield 7, 1.0
    yield int(rng.integers(4, 12)), 0.5
    yield int(rng.integers(8, 31)), float(rng.uniform(0.001, 0.05))


@hamming_block.mistake("one error is mended: only words with two or more are lost.")
def nothing_mended(n, p):
    return 1 - (1 - p) ** n


@hamming_block.mistake("that is the chance of exactly one error, which is mended.")
def exactly_one(n, p):
    return n * p * (1 - p) ** (n - 1)


@hamming_block.mistake("the one error may stand at any of the n places: n such words, not one.")
def one_place(n, p):
    return 1 - (1 - p) ** n - p * (1 - p) ** (n - 1)


@hamming_block.mistake(
    "with one error the other n - 1 bits are right, and each of them counts: (1 - p)**(n - 1)."
)
def others_left_out(n, p):
    return 1 - (1 - p) ** n - n * p * (1 - p)


@hamming_block.mistake("exactly two is not all: three and more are lost as well.")
def exactly_two(n, p):
    return n * (n - 1) / 2 * p**2 * (1 - p) ** (n - 2) if n > 1 else 0.0


@hamming_block.mistake("that is what is decoded rightly: asked is the rest.")
def the_right_ones(n, p):
    return (1 - p) ** n + n * p * (1 - p) ** (n - 1)


@hamming_block.mistake(
    "n(n-1)/2 times p squared is the first term: right for small p, and above 1 for large ones."
)
def first_term(n, p):
    return n * (n - 1) / 2 * p**2
