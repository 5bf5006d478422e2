"""Qubits for."""

import numpy as np

from qlearn.exercises import exercise
from qlearn.learning.components import block_fidelity


@exercise(
    level="project",
    right="The excess over n times the entropy grows as the root of n: long blocks are cheaper for each qubit.",
    because=r"""
        The fidelity rises with the number of kept qubits, so the first that is large enough is the answer. It
        exceeds $n\,S$ by a term of the order of $\sqrt n$: the width of the binomial distribution of how many
        unlikely letters a block holds.
    """,
)
def qubits_for(p, n, target):
    """A source emits qubits whose mixture has the eigenvalues p and 1-p. Write `qubits_for(p, n, target)`:
    into how few qubits a block of n fits with a trash fidelity of at least `target`. `block_fidelity(p,
    n, rate)` is at hand. Then plot the qubits for each of the source against n, beside the entropy.
    """
    kept = np.arange(n + 1)
    return int(kept[block_fidelity(p, n, kept / n) >= target][0])


@qubits_for.cases
def cases(rng):
    """TODO what they vary."""
    # TODO: see _grade_qubits_for of the old module
    yield ()


@qubits_for.mistake(
    "for p = 0.9, blocks of 20 and a fidelity of 0.95: 10 is the entropy times n, which is enough for endless "
    "blocks only. Finite ones need 13."
)
def entropy(p, n, target):
    h = -sum(q * np.log2(q) for q in (p, 1 - p) if q)
    return int(np.ceil(n * h))


@qubits_for.mistake(
    "for p = 0.9, blocks of 20 and a fidelity of 0.95 you stop at 12, where the fidelity is still too small."
)
def one_short(p, n, target):
    kept = np.arange(n + 1)
    return int(kept[block_fidelity(p, n, kept / n) < target][-1])


@qubits_for.mistake("8 numbers came back; asked for is the smallest that is enough.")
def all_that_do(p, n, target):
    kept = np.arange(n + 1)
    return kept[block_fidelity(p, n, kept / n) >= target]


@qubits_for.mistake(
    "for p = 0.9, blocks of 20 and a fidelity of 0.95 you give 0.65, a rate. Asked for is a number of qubits for "
    "the whole block."
)
def a_rate(p, n, target):
    kept = np.arange(n + 1)
    return kept[block_fidelity(p, n, kept / n) >= target][0] / n


@qubits_for.mistake(
    "for p = 1.0, blocks of 10 and a fidelity of 1.0 you say 11, more than the 10 qubits that the block has. *At "
    "least* the target: to just meet it is enough."
)
def more_than_the_target(p, n, target):
    kept = np.arange(n + 1)
    return int((block_fidelity(p, n, kept / n) <= target).sum())


@qubits_for.mistake(
    "for p = 0.9, blocks of 20 and a fidelity of 0.95 you keep all 20 qubits: that compresses nothing, and 13 are"
    " enough."
)
def all(p, n, target):
    return n
