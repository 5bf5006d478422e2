"""Bob alone."""

from qlearn.exercises import exercise


@exercise(
    level="stretch",
    right=(
        "For the pair the two halves of your table, x = 0 and x = 1, are equal; for the telephone they are not."
    ),
    because=r"""
        $p(b|x,y) = \sum_a p(a,b|x,y)$: whoever does not know a sums over it. For a quantum pair the sum over
        Alice's outcomes is the sum of her projectors, and that is the identity, whichever basis x stands for: x is
        gone. In the table of a telephone it is still there.
    """,
)
def bob_alone(p):
    """Write `bob_alone(p)`: from a table `p[x, y, a, b]` of chances, what Bob sees without a word from
    Alice, as an array `[x, y, b]`. Then compare the halves for x = 0 and x = 1: for
    `behaviour(bell_state("phi+"), ALICE, BOB)`, and for a table of your own in which b = x.
    """
    return p.sum(axis=2)


@bob_alone.cases
def cases(rng):
    """TODO what they vary."""
    # TODO: see _grade_bob_alone of the old module
    yield ()


@bob_alone.mistake("this is what *Alice* sees. Bob does not know her answer a: sum over it.")
def alice_s_view(p):
    return p.sum(axis=3)


@bob_alone.mistake(
    "your table has no x left. Averaged over her choice, Bob could not see it anyhow: keep x, so that it can be "
    "looked for."
)
def averaged_over_x(p):
    return p.sum(axis=2).mean(axis=0)


@bob_alone.mistake("that is for her answer 0 only, and nobody has told Bob her answer: sum over both.")
def given_her_answer_0(p):
    return p[:, :, 0] / p[:, :, 0].sum(axis=-1, keepdims=True)


@bob_alone.mistake("return an array [x, y, b] of shape (2, 2, 2), not (2, 2, 2, 2).")
def nothing_summed(p):
    return p


@bob_alone.mistake("for one table you give [0.183 0.317] at x = y = 0; it is [0.366 0.634].")
def not_a_share(p):
    return p.sum(axis=2) / 2
