"""Into how few qubits a block of a source fits."""

import numpy as np

from qlearn.exercises import exercise
from qlearn.learning.components import block_fidelity


@exercise(
    level="project",
    right="the excess over n times the entropy grows as the root of n: long blocks are cheaper for each qubit.",
    because=r"""
        The fidelity rises with the number of kept qubits, so the first that is large enough is the answer. It
        exceeds $n\,S$ by a term of the order of $\sqrt n$: the width of the binomial distribution of how many
        unlikely letters a block holds.
    """,
)
def qubits_for(p, n, target):
    """A source emits qubits whose mixture has the eigenvalues p and 1-p. Into how few qubits does a block of n fit with
    a trash fidelity of at least `target`? Given: `block_fidelity(p, n, rate)`. Then plot the qubits for each of the
    source against n, beside the entropy.
    """
    kept = np.arange(n + 1)
    return int(kept[block_fidelity(p, n, kept / n) >= target][0])


@qubits_for.cases
def sources(rng):
    """Short blocks and long ones, either eigenvalue named; a pure source, of which nothing need be kept, and a coin."""
    yield 1.0, int(rng.integers(5, 20)), 1.0
    yield float(rng.integers(2)), int(rng.integers(5, 20)), 0.999
    yield 0.5, int(rng.integers(3, 30)), 0.9  # all of it
    for n in (20, 200, *rng.integers(10, 120, 5)):
        p = rng.uniform(0.7, 0.95)
        yield float(rng.choice((p, 1 - p))), int(n), float(rng.choice((rng.uniform(0.8, 0.95), 0.99)))


@qubits_for.mistake(
    "that is the entropy times n, which is enough for endless blocks only. Finite ones need more."
)
def entropy(p, n, target):
    h = -sum(q * np.log2(q) for q in (p, 1 - p) if q)
    return int(np.ceil(n * h))


@qubits_for.mistake("you stop one short, where the fidelity is still too small.")
def one_short(p, n, target):
    return max(qubits_for(p, n, target) - 1, 0)


@qubits_for.mistake("all numbers that are enough came back; asked for is the smallest of them.")
def all_that_do(p, n, target):
    kept = np.arange(n + 1)
    return kept[block_fidelity(p, n, kept / n) >= target]


@qubits_for.mistake("that is a rate. Asked for is a number of qubits for the whole block.")
def a_rate(p, n, target):
    kept = np.arange(n + 1)
    return kept[block_fidelity(p, n, kept / n) >= target][0] / n


@qubits_for.mistake(
    "where the target is just met you keep more qubits than the block has. *At least* the target: to just meet it is "
    "enough."
)
def more_than_the_target(p, n, target):
    kept = np.arange(n + 1)
    return int((block_fidelity(p, n, kept / n) <= target).sum())


@qubits_for.mistake("you keep all qubits of the block: that compresses nothing, and fewer are enough.")
def keeps_all(p, n, target):
    return n


@qubits_for.mistake("that is enough, but so is one less.")
def one_more(p, n, target):
    return qubits_for(p, n, target) + 1
