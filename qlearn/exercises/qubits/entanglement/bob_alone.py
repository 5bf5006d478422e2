"""What Bob sees of a table of chances without a word from Alice."""

import numpy as np

from qlearn.exercises import exercise
from qlearn.qubits import random_state
from qlearn.qubits.entanglement import behaviour, direction


@exercise(
    level="stretch",
    right="for the pair the two halves of your table, x = 0 and x = 1, are equal; for the telephone they are not.",
    because=r"""
        $p(b|x,y) = \sum_a p(a,b|x,y)$: whoever does not know a sums over it. For a quantum pair the sum over
        Alice's outcomes is the sum of her projectors, and that is the identity, whichever basis x stands for: x is
        gone. In the table of a telephone it is still there.
    """,
)
def bob_alone(p):
    """Return, from a table `p[x, y, a, b]` of chances, what Bob sees without a word from Alice, as an
    array `[x, y, b]` (there may be more than two questions and answers). Then compare the halves for x = 0 and x = 1:
    for `behaviour(bell_state("phi+"), ALICE, BOB)`, and for a table of your own in which b = x.
    """
    return p.sum(axis=2)


@bob_alone.cases
def tables(rng):
    """A pair; a telephone, in which b tells x; any chances at all, for other numbers of questions and answers."""
    yield (behaviour(random_state(2, rng=rng), direction([0, 1]), direction(rng.uniform(0, 3, 2))),)
    x, y, a, b = np.indices((2, 2, 2, 2))
    noise = rng.uniform(0.05, 0.2)
    yield (((b == x) & (a == 0)) * (1 - noise) + ((b != x) & (a == y)) * noise,)
    for shape in ((2, 2, 2, 2), tuple(rng.permutation([3, 4, 5, 6]).tolist())):
        chances = rng.exponential(size=shape)
        yield (chances / chances.sum((2, 3), keepdims=True),)


@bob_alone.mistake("this is what *Alice* sees. Bob does not know her answer a: sum over it.")
def the_view_of_alice(p):
    return p.sum(axis=3)


@bob_alone.mistake(
    "your table has no x left. Averaged over her choice, Bob could not see it anyhow: keep x, so that it can be looked "
    "for."
)
def averaged_over_x(p):
    return p.sum(axis=2).mean(axis=0)


@bob_alone.mistake(
    "your table has no x left: you took x = 0. That nothing depends on x is what is to be seen; keep x."
)
def takes_x_for_granted(p):
    return p[0].sum(axis=1)


@bob_alone.mistake("that is for her answer 0 only, and nobody has told Bob her answer: sum over both.")
def given_her_answer_0(p):
    return p[:, :, 0] / p[:, :, 0].sum(axis=-1, keepdims=True)


@bob_alone.mistake(
    "these are the chances that she says 0 *and* he says b. Nobody has told Bob her answer: sum over all of hers."
)
def together_with_her_answer_0(p):
    return p[:, :, 0]


@bob_alone.mistake("nothing is summed: Bob does not see a.")
def nothing_summed(p):
    return p


@bob_alone.mistake(
    "you averaged over a. Her answers come with the chances in the table already: sum them, so that Bob's add to 1."
)
def averaged_over_a(p):
    return p.mean(axis=2)


@bob_alone.mistake("you add her answers 0 and 1; there may be more of them: sum over the whole axis.")
def two_answers_only(p):
    return p[:, :, 0] + p[:, :, 1]


@bob_alone.mistake("x and y are exchanged: her question comes first.")
def questions_exchanged(p):
    return p.sum(axis=2).swapaxes(0, 1)
